//! TLS with the registry's own certificate authority: who is believed and who is not. The servers
//! are OpenSSL's.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::deliver_support;
use crate::deliver_support::{registry, root_key};
use crate::support;
use crate::support::delivering::Ward;
use ogoh::ward::deliver::DeliverError;

fn openssl(dir: &Path, args: &str) {
    let done = Command::new("openssl")
        .current_dir(dir)
        .args(args.split_whitespace())
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "openssl {args}: {}",
        String::from_utf8_lossy(&done.stderr)
    );
}

/// An authority `NAME.pem` with its key.
fn authority(dir: &Path, name: &str) {
    openssl(
        dir,
        &format!(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout {name}.key -out {name}.pem \
             -subj /CN={name} -days 30 -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign"
        ),
    );
}

/// A certificate for an address, valid between two times (`YYYYMMDDHHMMSSZ`).
fn certificate(dir: &Path, name: &str, ca: &str, san: &str, from: &str, until: &str) {
    openssl(
        dir,
        &format!(
            "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout {name}.key -out {name}.csr -subj /CN={name}"
        ),
    );
    let new = dir.join(format!("{name}-ca"));
    std::fs::create_dir(&new).unwrap();
    std::fs::write(new.join("index"), "").unwrap();
    std::fs::write(new.join("serial"), "01\n").unwrap();
    std::fs::write(
        new.join("cnf"),
        format!(
            "[ca]\ndefault_ca=d\n[d]\ndatabase={0}/index\nserial={0}/serial\nnew_certs_dir={0}\ndefault_md=sha256\n\
             policy=p\nx509_extensions=x\n[p]\ncommonName=supplied\n[x]\nsubjectAltName={san}\n\
             extendedKeyUsage=serverAuth\nbasicConstraints=CA:FALSE\n",
            new.display()
        ),
    )
    .unwrap();
    openssl(
        dir,
        &format!(
            "ca -batch -config {}/cnf -cert {ca}.pem -keyfile {ca}.key -in {name}.csr -out {name}.pem -startdate {from} \
             -enddate {until} -notext",
            new.display()
        ),
    );
}

/// A server that answers everything with a page, like a network's login.
fn server(dir: &Path, name: &str, more: &[&str]) -> (support::Running, u16) {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let child = Command::new("openssl")
        .current_dir(dir)
        .args([
            "s_server",
            "-www",
            "-quiet",
            "-accept",
            &format!("127.0.0.1:{port}"),
        ])
        .args(["-cert", &format!("{name}.pem"), "-key", &format!("{name}.key")])
        .args(more)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let running = support::Running(child);
    support::until("the server listens", || {
        TcpStream::connect(("127.0.0.1", port)).ok()
    });
    (running, port)
}

#[test]
fn only_the_registrys_own_authority_is_believed_and_only_in_its_time() {
    if !support::has_tool("openssl", Command::new("openssl").arg("version")) {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    authority(dir, "registry");
    authority(dir, "stranger");
    let (past, soon, far) = ("20200101000000Z", "20200201000000Z", "20490101000000Z");
    let local = "IP:127.0.0.1";
    certificate(dir, "good", "registry", local, past, far);
    certificate(dir, "foreign", "stranger", local, past, far);
    certificate(dir, "elsewhere", "registry", "DNS:portal.example", past, far);
    certificate(dir, "expired", "registry", local, past, soon);
    certificate(dir, "early", "registry", local, "20480101000000Z", far);

    let registry = registry();
    let mut ward = Ward::new("http://127.0.0.1:9", &root_key(&registry));
    let mut store = ward.store();
    ward.record(&mut store, 1);
    ward.settings.portal.ca_file = Some(dir.join("registry.pem"));
    type Expected = fn(&DeliverError) -> bool;
    let cases: [(&str, &[&str], Expected); 7] = [
        // The handshake holds; the page that follows is not the portal's, and is not believed.
        ("good", &[], |e| {
            matches!(e, DeliverError::NotPortal { status: 200 })
        }),
        ("good", &["-tls1_3"], |e| {
            matches!(e, DeliverError::NotPortal { status: 200 })
        }),
        // Nothing older than TLS 1.3.
        ("good", &["-tls1_2"], |e| {
            !matches!(e, DeliverError::NotPortal { status: 200 })
        }),
        ("foreign", &[], |e| matches!(e, DeliverError::Certificate { .. })),
        ("elsewhere", &[], |e| {
            matches!(e, DeliverError::Certificate { .. })
        }),
        ("expired", &[], |e| matches!(e, DeliverError::CertificateTime)),
        ("early", &[], |e| matches!(e, DeliverError::CertificateTime)),
    ];
    for (name, more, expected) in cases {
        let (_server, port) = server(dir, name, more);
        ward.settings.portal.url = format!("https://127.0.0.1:{port}");
        let report = ward.carrier().push_now(&mut store).unwrap();
        let error = report.error.unwrap();
        assert!(expected(&error), "{name}: {error:?}");
        assert_eq!(report.left, 2, "{name}");
    }
    // And nothing of ours is believed by a server that speaks no TLS at all.
    let plain = deliver_support::fake::Fake::start(|_| deliver_support::fake::Say::answer(200, &[], ""));
    ward.settings.portal.url = format!("https://{}", plain.at);
    let error = ward.carrier().push_now(&mut store).unwrap().error.unwrap();
    assert!(
        !matches!(error, DeliverError::NotPortal { status: 200 }),
        "{error:?}"
    );
    assert!(
        plain.asked().iter().all(|r| !r.path.contains("/v1/")),
        "a request went out in the clear"
    );
}

#[test]
fn a_device_shows_its_certificate_where_the_registrys_network_asks_for_one() {
    if !support::has_tool("openssl", Command::new("openssl").arg("version")) {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    authority(dir, "registry");
    let (past, far) = ("20200101000000Z", "20490101000000Z");
    certificate(dir, "good", "registry", "IP:127.0.0.1", past, far);
    certificate(dir, "device", "registry", "DNS:device", past, far);
    let registry = registry();
    let mut ward = Ward::new("http://127.0.0.1:9", &root_key(&registry));
    let mut store = ward.store();
    ward.record(&mut store, 1);
    ward.settings.portal.ca_file = Some(dir.join("registry.pem"));
    // Only the name of the authority is checked: the chain of a client is the server's to judge.
    let asks = ["-Verify", "1", "-CAfile", "registry.pem", "-purpose", "any"];
    let (_server, port) = server(dir, "good", &asks);
    ward.settings.portal.url = format!("https://127.0.0.1:{port}");
    let push = |ward: &Ward, store: &mut ogoh::ward::store::Store| {
        let report = ward.carrier().push_now(store).unwrap();
        assert_eq!(report.left, 2, "nothing is lost");
        report.error.unwrap()
    };
    let without = push(&ward, &mut store);
    assert!(
        !matches!(without, DeliverError::NotPortal { status: 200 }),
        "{without:?}"
    );
    ward.settings.portal.client_certificate = Some(dir.join("device.pem"));
    ward.settings.portal.client_key = Some(dir.join("device.key"));
    let with = push(&ward, &mut store);
    assert!(
        matches!(with, DeliverError::NotPortal { status: 200 }),
        "{with:?}"
    );
    // A file that cannot be read is named, and recording goes on.
    ward.settings.portal.client_key = Some(dir.join("nothing.key"));
    let made = ogoh::ward::deliver::Carrier::new(&ward.settings, &ward.device, &ward.clock);
    assert!(
        matches!(made.err(), Some(DeliverError::DeviceCertificate { path }) if path.ends_with("nothing.key"))
    );
    ward.record(&mut store, 1);
}
