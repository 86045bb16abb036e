//! A real portal in this process, wards enrolled at it, and the registrar's browser.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;

use ogoh::portal::{self, PortalSettings, Running};
use ogoh::seal::{AmendReason, EnrolRequest, SecretKey};
use ogoh::vital::{Event, Stated, Value};
use ogoh::ward::store::{Recorded, Statement, Store};

use crate::portal_support::Browser;
use crate::support::delivering::{HandClock, Signatory, Ward, at};

/// The registry's side, and the clock that everybody goes by.
pub struct Country {
    pub dir: tempfile::TempDir,
    pub root_key: String,
    pub clock: HandClock,
    pub portal: Option<Running>,
    /// Offices that facilities address.
    offices: std::cell::RefCell<std::collections::BTreeSet<String>>,
}

impl Country {
    pub fn new() -> Country {
        Country::with(PortalSettings::default())
    }

    pub fn with(settings: PortalSettings) -> Country {
        Country::at("2026-11-23T14:00:00+05:00", settings)
    }

    /// A country at a moment of its own.
    pub fn at(now: &str, settings: PortalSettings) -> Country {
        let dir = tempfile::tempdir().unwrap();
        let clock = HandClock::new(now);
        let root_key = portal::init(&dir.path().join("portal"), &settings, &clock)
            .unwrap()
            .root_key;
        let mut country = Country {
            dir,
            root_key,
            clock,
            portal: None,
            offices: std::cell::RefCell::default(),
        };
        country.start();
        country
    }

    /// The same country once more, from a copy of its folders made while its portal stood still.
    pub fn again(folders: &std::path::Path, root_key: &str, now: &str) -> Country {
        let dir = crate::support::scratch_dir();
        for name in ["portal", "portal-witness"] {
            crate::support::copied(&folders.join(name), &dir.path().join(name));
        }
        let mut country = Country {
            dir,
            root_key: root_key.to_owned(),
            clock: HandClock::new(now),
            portal: None,
            offices: std::cell::RefCell::default(),
        };
        country.start();
        country
    }

    /// It is now this moment, for everybody.
    pub fn set_clock(&self, text: &str) {
        let by = at(text) - ogoh::env::Clock::now(&self.clock);
        self.clock.forward(by.num_seconds());
    }

    pub fn portal_dir(&self) -> std::path::PathBuf {
        self.dir.path().join("portal")
    }

    pub fn start(&mut self) {
        let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
        self.portal =
            Some(portal::start(&self.portal_dir(), any, None, Arc::new(self.clock.clone())).unwrap());
    }

    pub fn stop(&mut self) {
        if let Some(portal) = self.portal.take() {
            portal.stop();
        }
    }

    pub fn addr(&self) -> SocketAddr {
        self.portal.as_ref().unwrap().addr
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.addr())
    }

    /// A ward whose device and people are enrolled.
    pub fn ward(&self, seed: u8) -> Ward {
        let ward = self.unknown_ward(seed);
        self.enrol_device(&ward);
        for who in [&ward.doctor, &ward.second] {
            self.enrol_person(&ward, who);
        }
        ward
    }

    /// A ward that nobody at the registry has heard of.
    pub fn unknown_ward(&self, seed: u8) -> Ward {
        let mut ward = Ward::numbered(&self.url(), &self.root_key, seed);
        ward.clock = self.clock.clone();
        ward
    }

    pub fn enrol_device(&self, ward: &Ward) {
        let facility = &ward.settings.facility;
        self.offices.borrow_mut().insert(facility.office.clone());
        let now = ogoh::env::Clock::now(&self.clock);
        let request = EnrolRequest::of_device(&ward.device.public(), facility, now);
        self.enrol(ward, &ward.device, &request);
    }

    pub fn enrol_person(&self, ward: &Ward, who: &Signatory) {
        let now = ogoh::env::Clock::now(&self.clock);
        let person = (who.login, "Аз санҷиш", who.role);
        let fac = &ward.settings.facility.code;
        let request = EnrolRequest::of_person(&who.key.public(), fac, person, now);
        self.enrol(ward, &who.key, &request);
    }

    fn enrol(&self, ward: &Ward, key: &SecretKey, request: &EnrolRequest) {
        let asked = ogoh::ward::deliver::enrol(&ward.settings, &request.seal(key).unwrap()).unwrap();
        assert_eq!(asked.state, ogoh::wire::EnrolmentState::Waiting);
        portal::approve(&self.portal_dir(), &asked.id, &self.clock).unwrap();
        let now = ogoh::ward::deliver::enrolment(&ward.settings, &asked.id).unwrap();
        assert_eq!(now.state, ogoh::wire::EnrolmentState::Approved);
    }

    /// A country whose portal goes by the real time, and whose wards' clocks agree with it.
    pub fn real_time() -> Country {
        let mut country = Country::new();
        let now = ogoh::env::Clock::now(&ogoh::env::SystemClock {
            utc_offset_minutes: 300,
        });
        country.clock = HandClock::new(&now.to_rfc3339());
        country.stop();
        country.start();
        country
    }

    /// How many entries stand at a status, by the portal's own count.
    pub fn status(&self, status: &str) -> usize {
        let host = self.addr();
        let page = http(
            host,
            &format!("GET /metrics HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"),
        );
        let start = format!("ogoh_portal_entries{{status=\"{status}\"}} ");
        page.lines()
            .find_map(|l| l.strip_prefix(&start))
            .map_or(0, |n| n.trim().parse().unwrap())
    }

    /// Brings entries to the portal as a device of the ward would; gives the body of the answer.
    pub fn deliver(&self, ward: &Ward, entries: &[String]) -> String {
        let body: String = entries
            .iter()
            .map(|e| format!("{}\n", ogoh::wire::jws_line(e)))
            .collect();
        self.ask(ward, "POST", ogoh::wire::path::ENTRIES, &body)
    }

    /// What the portal has of a journal.
    pub fn head(&self, ward: &Ward, jid: &str) -> ogoh::wire::JournalHead {
        serde_json::from_str(&self.ask(ward, "GET", &ogoh::wire::path::journal_head(jid), "")).unwrap()
    }

    fn ask(&self, ward: &Ward, method: &str, path: &str, body: &str) -> String {
        let now = ogoh::env::Clock::now(&self.clock);
        let token = ogoh::seal::auth_token(&ward.device, &ogoh::wire::audience(&self.root_key), now).unwrap();
        let host = self.addr();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\nauthorization: Bearer {token}\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        let answer = http(host, &request);
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        answer.split_once("\r\n\r\n").unwrap().1.to_owned()
    }

    /// The registrar registers what lies on the desk with this hash.
    pub fn register_at_the_desk(&self, h: &str) {
        self.rule_at_the_desk(h, &[("act", "accept")]);
    }

    /// The registrar's ruling on what lies on the desk with this hash, as the form sends it.
    pub fn rule_at_the_desk(&self, h: &str, fields: &[(&str, &str)]) {
        let here = format!("/desk/entry/{h}");
        let offices = self.offices.borrow().clone();
        let mut at_desks = offices.iter().map(|office| self.registrar(office));
        let registrar = at_desks.find(|r| r.get(&here).0 == 200);
        let registrar = registrar.unwrap_or_else(|| panic!("{h} lies on no desk of {offices:?}"));
        let form: Vec<(&str, &str)> = fields.iter().copied().chain([("h", h)]).collect();
        let done = registrar.send("/desk/entry", &form);
        assert_eq!(done, (303, "/desk?said=desk-done".to_owned()));
    }

    /// A registrar of an office, newly signed in.
    pub fn registrar(&self, office: &str) -> Browser {
        self.registrar_as(&format!("r-{}", office.to_lowercase()), office)
    }

    /// Somebody of an office under a login of his own.
    pub fn registrar_as(&self, login: &str, office: &str) -> Browser {
        let new = portal::NewAccount {
            login: login.to_owned(),
            name: "Корманд".into(),
            role: "registrar".into(),
            place: office.into(),
        };
        Browser::signed_in(&self.url(), &self.portal_dir(), &new, &self.clock)
    }
}

impl Ward {
    /// An amendment of a birth by hand of the same doctor: the child has a name now.
    pub fn name_child(&self, store: &mut Store, nid: &str, event: &Event, name: &str) -> Recorded {
        let mut event = event.clone();
        let named = Stated::Known(Value::Text(name.to_owned()));
        event.values.insert("child.given".to_owned(), named);
        let event = self.answered(store, event, Some(nid));
        let reason = AmendReason {
            code: "named".to_owned(),
            text: String::new(),
        };
        let what = Statement::Amend {
            nid: nid.into(),
            seen: None,
            event,
            reason,
        };
        store
            .record(what, &self.signer(&self.doctor), &self.site())
            .unwrap()
    }

    pub fn sign(&self, store: &mut Store, event: Event) -> Recorded {
        store
            .record(Statement::Event(event), &self.signer(&self.doctor), &self.site())
            .unwrap()
    }
}

/// One exchange in bytes.
pub fn http(at: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(at).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

/// A line that loses answers: passes requests on and lets through only the first `keep` bytes of
/// each answer to a delivery, of the first `times` deliveries.
pub struct LossyLine {
    pub at: SocketAddr,
}

impl LossyLine {
    pub fn to(portal: SocketAddr, keep: usize, times: usize) -> LossyLine {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let mut left = times;
            // Ends with the process; a test's line is a few kilobytes.
            for stream in listener.incoming() {
                let _ = pass(stream.unwrap(), portal, keep, &mut left);
            }
        });
        LossyLine { at }
    }
}

fn pass(mut ward: TcpStream, portal: SocketAddr, keep: usize, left: &mut usize) -> std::io::Result<()> {
    ward.set_read_timeout(Some(std::time::Duration::from_secs(10)))?;
    let mut request = Vec::new();
    let mut chunk = [0; 4096];
    // Headers, then as many bytes as they announce.
    let (head, length) = loop {
        let n = ward.read(&mut chunk)?;
        if n == 0 {
            return Ok(());
        }
        request.extend_from_slice(&chunk[..n]);
        if let Some(end) = request.windows(4).position(|w| w == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&request[..end]).to_lowercase();
            let length = head
                .lines()
                .find_map(|l| l.strip_prefix("content-length:"))
                .map_or(0, |v| v.trim().parse::<usize>().unwrap());
            break (end + 4, length);
        }
    };
    while request.len() < head + length {
        let n = ward.read(&mut chunk)?;
        if n == 0 {
            return Ok(());
        }
        request.extend_from_slice(&chunk[..n]);
    }
    // One request a connection: the portal is asked to close after its answer.
    let text = request.windows(2).position(|w| w == b"\r\n").unwrap();
    let mut asked = request[..text].to_vec();
    asked.extend_from_slice(b"\r\nconnection: close");
    asked.extend_from_slice(&request[text..]);
    let delivery = request.starts_with(b"POST /v1/entries");
    let mut to = TcpStream::connect(portal)?;
    to.write_all(&asked)?;
    let mut answer = Vec::new();
    to.read_to_end(&mut answer)?;
    if delivery && *left > 0 {
        *left -= 1;
        answer.truncate(keep);
    }
    ward.write_all(&answer)
}
