//! How the portal listens: under TLS of its own, on a socket in the file system, against clients that
//! are slow or many.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::portal_support::*;
use crate::support;
use ogoh::portal::{self, Listen, PortalError, PortalSettings, Serving};

#[test]
fn tls_of_its_own_speaks_1_3_and_nothing_older() {
    if !support::has_tool("openssl", Command::new("openssl").arg("version")) {
        return;
    }
    let mut world = World::new();
    let made = Command::new("openssl")
        .current_dir(world.dir())
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
        ])
        .args([
            "-keyout",
            "tls.key",
            "-out",
            "tls.pem",
            "-subj",
            "/CN=portal",
            "-days",
            "30",
        ])
        .args(["-addext", "subjectAltName=IP:127.0.0.1"])
        .output()
        .unwrap();
    assert!(made.status.success());
    let path = world.dir().join("portal.toml");
    let settings = PortalSettings {
        tls_certificate: "tls.pem".into(),
        tls_key: "tls.key".into(),
        ..PortalSettings::load(&path).unwrap()
    };
    settings.save(&path).unwrap();
    world.restart();
    let portal = world.portal.as_ref().unwrap();
    assert!(portal.url.starts_with("https://"), "{}", portal.url);
    let ask = |version: &str| {
        let mut child = Command::new("openssl")
            .args([
                "s_client",
                "-quiet",
                "-verify_return_error",
                "-verify_ip",
                "127.0.0.1",
                version,
            ])
            .arg("-CAfile")
            .arg(world.dir().join("tls.pem"))
            .args(["-connect", &portal.addr.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let request = b"GET /healthz HTTP/1.1\r\nhost: portal\r\nconnection: close\r\n\r\n";
        let _ = child.stdin.take().unwrap().write_all(request);
        let mut said = String::new();
        let _ = child.stdout.take().unwrap().read_to_string(&mut said);
        let _ = child.wait();
        said
    };
    assert!(ask("-tls1_3").contains("200 OK"));
    assert!(!ask("-tls1_2").contains("200 OK"));

    let broken = PortalSettings {
        tls_key: "nowhere.key".into(),
        ..settings
    };
    broken.save(&path).unwrap();
    world.portal = None;
    let any = "127.0.0.1:0".parse::<std::net::SocketAddr>().unwrap();
    let started = portal::start(world.dir(), any, None, world.clock.clone());
    assert!(matches!(started.err(), Some(PortalError::Certificate(p)) if p.ends_with("nowhere.key")));
}

#[cfg(unix)]
#[test]
fn a_socket_in_the_file_system_serves_and_a_left_over_one_is_replaced() {
    use std::os::unix::net::{UnixListener, UnixStream};
    let mut world = World::new();
    world.portal = None;
    let path = world.dir().join("portal.sock");
    // What a killed portal leaves behind.
    drop(UnixListener::bind(&path).unwrap());
    let listen = Listen::parse(&format!("unix:{}", path.display())).unwrap();
    let portal = portal::start(world.dir(), listen.clone(), None, world.clock.clone()).unwrap();
    let mut stream = UnixStream::connect(&path).unwrap();
    stream
        .write_all(b"GET /healthz HTTP/1.1\r\nhost: portal\r\nconnection: close\r\n\r\n")
        .unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).unwrap();
    assert!(said.contains("200 OK") && said.ends_with("ok\n"), "{said}");
    // A socket that somebody listens on is not taken away.
    let second = portal::start(world.dir(), listen, None, world.clock.clone());
    assert!(matches!(second.err(), Some(PortalError::PortInUse(_))));
    portal.stop();
    assert_eq!(Listen::parse("unix:"), None);
    assert_eq!(Listen::parse("somewhere"), None);
}

/// Restarts under load, as an update does: whoever connects meanwhile waits and is served.
#[cfg(unix)]
#[test]
fn a_portal_gives_way_to_the_next_and_refuses_nobody() {
    use std::os::fd::OwnedFd;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    let mut world = World::new();
    world.portal = None;
    let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = socket.local_addr().unwrap();
    let start = || {
        let given = OwnedFd::from(socket.try_clone().unwrap());
        Process::start(world.dir(), "stdin", Stdio::from(given))
    };
    let (served, over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let last = std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !over.load(Ordering::SeqCst) {
                    let mut stream = TcpStream::connect(addr).unwrap();
                    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
                    stream
                        .write_all(b"GET /healthz HTTP/1.1\r\nhost: portal\r\nconnection: close\r\n\r\n")
                        .unwrap();
                    let mut said = String::new();
                    stream.read_to_string(&mut said).unwrap();
                    assert!(said.contains("200 OK"), "{said}");
                    served.fetch_add(1, Ordering::SeqCst);
                }
            });
        }
        let more = |n: usize| {
            let due = served.load(Ordering::SeqCst) + n;
            until("more are served", || served.load(Ordering::SeqCst) >= due);
        };
        let mut portal = start();
        for _ in 0..3 {
            more(50);
            let next = start();
            let mut last = std::mem::replace(&mut portal, next);
            let pid = last.child.id().to_string();
            assert!(Command::new("kill").arg(pid).status().unwrap().success());
            assert!(last.child.wait().unwrap().success(), "it ends in order");
        }
        more(50);
        over.store(true, Ordering::SeqCst);
        // The threads end while there is still somebody who answers.
        portal
    });
    drop(last);
    assert!(served.load(Ordering::SeqCst) >= 200);
}

#[test]
fn a_portal_that_somebody_started_for_a_while_ends_with_them() {
    let mut world = World::new();
    world.portal = None;
    let any = "127.0.0.1:0";
    let mut portal = Process::start_with(world.dir(), any, Stdio::piped(), &["--with-parent"]);
    assert_eq!(get(&format!("{}/healthz", portal.url), None).0, 200);
    // What the system does to the pipe of a program that is killed.
    drop(portal.child.stdin.take());
    until("the portal ends", || portal.child.try_wait().unwrap().is_some());
    assert!(portal.child.wait().unwrap().success());
}

#[test]
fn hundreds_of_clients_that_never_finish_keep_nobody_waiting_and_are_let_go() {
    // A process of its own: a process may hold some thousand sockets, and other tests need some too.
    let serving = Serving {
        connections_per_source: 500,
        ..Serving::default()
    };
    let settings = PortalSettings {
        serving,
        ..PortalSettings::default()
    };
    let mut world = World::with(Database::Sqlite, settings);
    world.portal = None;
    let portal = Process::start(world.dir(), "127.0.0.1:0", Stdio::null());
    let addr = portal.url.strip_prefix("http://").unwrap();
    let healthy = || get(&format!("{}/healthz", portal.url), None).0 == 200;
    let mut slow: Vec<TcpStream> = (0..400).map(|_| TcpStream::connect(addr).unwrap()).collect();
    for stream in &mut slow {
        stream.write_all(b"POST /v1/entries HTTP/1.1\r\nhost: ").unwrap();
    }
    assert!(healthy());
    // The portal ends them, each in its time.
    let until = Instant::now() + Duration::from_secs(60);
    for mut stream in slow {
        stream.set_read_timeout(Some(until - Instant::now())).unwrap();
        let mut rest = Vec::new();
        let ended = stream.read_to_end(&mut rest);
        assert!(ended.is_ok(), "{ended:?}");
    }
    // A head without an end is refused, too.
    let mut huge = TcpStream::connect(addr).unwrap();
    huge.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let _ = huge.write_all(b"GET /healthz HTTP/1.1\r\nx: ");
    let part = [b'a'; 8192];
    for _ in 0..64 {
        if huge.write_all(&part).is_err() {
            break;
        }
    }
    let mut said = String::new();
    let _ = huge.read_to_string(&mut said);
    assert!(!said.contains("200 OK"), "{said}");
    assert!(healthy());
}
