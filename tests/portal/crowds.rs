//! Clients that are many, slow, or never done: whoever is honest is served meanwhile.
//!
//! They come from different loopback addresses, which stand for different networks.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Command, Stdio};
use std::time::Duration;

use ogoh::portal::{PortalSettings, Serving};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

use crate::portal_support::*;

/// After this a test has failed.
const LONG: Duration = Duration::from_secs(60);

/// A portal in a process of its own, as a process may hold some thousand sockets.
struct Crowded {
    portal: Process,
    _world: World,
}

impl Crowded {
    fn with(serving: Serving) -> Crowded {
        Crowded::under(serving, &[])
    }

    /// Started by another program with these arguments.
    fn under(serving: Serving, launcher: &[&str]) -> Crowded {
        let settings = PortalSettings {
            serving,
            ..PortalSettings::default()
        };
        let mut world = World::with(Database::Sqlite, settings);
        world.portal = None;
        let portal = Process::under(launcher, world.dir(), "127.0.0.1:0", Stdio::null(), &[]);
        Crowded {
            portal,
            _world: world,
        }
    }

    fn addr(&self) -> SocketAddr {
        self.portal.url.strip_prefix("http://").unwrap().parse().unwrap()
    }

    /// A client at `127.0.0.{host}` that takes little at once.
    async fn client(&self, host: u8) -> TcpStream {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4096).unwrap();
        socket.bind((Ipv4Addr::new(127, 0, 0, host), 0).into()).unwrap();
        timeout(LONG, socket.connect(self.addr())).await.unwrap().unwrap()
    }

    /// Begins a request and sends no more.
    async fn slow_body(&self, host: u8) -> TcpStream {
        let mut stream = self.client(host).await;
        let head = b"POST /sign-in HTTP/1.1\r\nhost: portal\r\ncontent-length: 1000\r\n\r\nlogin=";
        let _ = stream.write_all(head).await;
        stream
    }

    /// What an honest client at `127.0.0.{host}` is answered.
    async fn ask(&self, host: u8, request: &str) -> String {
        let mut stream = self.client(host).await;
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut said = Vec::new();
        timeout(LONG, stream.read_to_end(&mut said))
            .await
            .expect("an answer in time")
            .unwrap();
        String::from_utf8_lossy(&said).into_owned()
    }

    async fn healthy(&self, host: u8) -> bool {
        let request = "GET /healthz HTTP/1.1\r\nhost: portal\r\nconnection: close\r\n\r\n";
        self.ask(host, request).await.contains("200 OK")
    }
}

/// Whether the portal ends the connection, after whatever answer.
async fn ended(stream: &mut TcpStream) -> bool {
    let mut rest = Vec::new();
    timeout(LONG, stream.read_to_end(&mut rest)).await.is_ok()
}

fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(test);
}

fn sign_in(login: &str) -> String {
    let body = format!("login={login}&phrase=wrong-words&code=000000");
    format!(
        "POST /sign-in HTTP/1.1\r\nhost: portal\r\nconnection: close\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[test]
fn one_address_with_more_slow_bodies_than_places_shuts_nobody_out() {
    run(async {
        let crowded = Crowded::with(Serving {
            connections: 48,
            connections_per_source: 40,
            ..Serving::default()
        });
        let mut slow = Vec::new();
        for _ in 0..100 {
            slow.push(crowded.slow_body(2).await);
        }
        for host in 3..20 {
            assert!(crowded.healthy(host).await);
        }
        // Two that share all places give way to a third.
        for _ in 0..40 {
            slow.push(crowded.slow_body(20).await);
        }
        assert!(crowded.healthy(21).await);
    });
}

#[test]
fn slow_bodies_from_everywhere_are_let_go_in_their_time() {
    run(async {
        let serving = Serving {
            connections: 8,
            patience_seconds: 1,
            ..Serving::default()
        };
        let crowded = Crowded::with(serving);
        let mut slow = Vec::new();
        for host in 2..22 {
            slow.push(crowded.slow_body(host).await);
        }
        assert!(crowded.healthy(1).await);
        for stream in &mut slow {
            assert!(ended(stream).await);
        }
    });
}

#[test]
fn answers_that_nobody_takes_are_let_go_in_their_time() {
    run(async {
        let serving = Serving {
            connections: 8,
            patience_seconds: 1,
            ..Serving::default()
        };
        let crowded = Crowded::with(serving);
        let many = "GET /v1/openapi.json HTTP/1.1\r\nhost: portal\r\n\r\n".repeat(500);
        let mut greedy = Vec::new();
        for host in 2..22 {
            let mut stream = crowded.client(host).await;
            let asked = many.clone();
            greedy.push(tokio::spawn(async move {
                // Asks on and on, until the portal has had enough.
                let asking = async { while stream.write_all(asked.as_bytes()).await.is_ok() {} };
                timeout(LONG, asking).await.is_ok()
            }));
        }
        assert!(crowded.healthy(1).await);
        for one in greedy {
            assert!(one.await.unwrap(), "the portal ended it");
        }
    });
}

#[test]
fn whoever_tries_passphrases_all_the_time_waits_behind_nobody_else() {
    run(async {
        let crowded = std::rc::Rc::new(Crowded::with(Serving::default()));
        let local = tokio::task::LocalSet::new();
        for _ in 0..12 {
            let crowded = std::rc::Rc::clone(&crowded);
            local.spawn_local(async move {
                loop {
                    let _ = crowded.ask(2, &sign_in("nobody")).await;
                }
            });
        }
        local
            .run_until(async {
                for host in 3..11 {
                    let said = crowded.ask(host, &sign_in("somebody")).await;
                    assert!(
                        said.starts_with("HTTP/1.1 403"),
                        "{}",
                        said.lines().next().unwrap()
                    );
                }
            })
            .await;
    });
}

#[test]
fn a_proxy_stands_for_whoever_it_names() {
    run(async {
        let serving = Serving {
            connections_per_source: 8,
            sign_ins_per_source: 1,
            proxies: vec![Ipv4Addr::new(127, 0, 0, 9).into()],
            ..Serving::default()
        };
        let crowded = Crowded::with(serving);
        let mut open = Vec::new();
        for _ in 0..12 {
            open.push(crowded.slow_body(9).await);
        }
        let named = |by: &str| {
            sign_in("somebody").replace(
                "\r\nconnection",
                &format!("\r\nx-forwarded-for: {by}\r\nconnection"),
            )
        };
        let (a, b) = (named("10.0.0.1, 192.0.2.1"), named("10.0.0.1, 192.0.2.2"));
        let (a, b) = tokio::join!(crowded.ask(9, &a), crowded.ask(9, &b));
        assert!(
            a.starts_with("HTTP/1.1 403") && b.starts_with("HTTP/1.1 403"),
            "{a} {b}"
        );
        // Nobody else is believed to be a proxy: sooner or later one of two has to wait for the other.
        let (a, b) = (named("192.0.2.1"), named("192.0.2.2"));
        let mut refused = false;
        for _ in 0..20 {
            let (a, b) = tokio::join!(crowded.ask(3, &a), crowded.ask(3, &b));
            refused = refused || [a, b].iter().any(|said| said.starts_with("HTTP/1.1 503"));
        }
        assert!(refused);
    });
}

#[test]
fn files_are_opened_up_to_the_hard_limit_and_places_stay_below_it() {
    let limit = |crowded: &Crowded| {
        let path = format!("/proc/{}/limits", crowded.portal.child.id());
        let all = std::fs::read_to_string(path).unwrap();
        let line = all.lines().find(|l| l.starts_with("Max open files")).unwrap();
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        (words[3].clone(), words[4].clone())
    };
    if Command::new("sh")
        .arg("-c")
        .arg("ulimit -S -n 200")
        .status()
        .is_ok_and(|s| s.success())
    {
        let crowded = Crowded::under(
            Serving::default(),
            &["sh", "-c", "ulimit -S -n 200; exec \"$@\"", "sh"],
        );
        let (soft, hard) = limit(&crowded);
        assert_eq!(soft, hard);
    }
    run(async {
        let crowded = Crowded::under(
            Serving::default(),
            &["sh", "-c", "ulimit -n 200; exec \"$@\"", "sh"],
        );
        let mut slow = Vec::new();
        for host in 2..10 {
            for _ in 0..40 {
                slow.push(crowded.slow_body(host).await);
            }
        }
        assert!(crowded.healthy(1).await);
    });
}
