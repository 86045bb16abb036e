//! A small portal with a book that can be set back: what the contract says of receipts, claims, epochs and
//! trust lists, and nothing of what a registry decides.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use ogoh::seal::{Entry, Jws, Receipt, ReceiptNumber, Status, Trust, Typ, hash};
use ogoh::wire::{self, Claim, FeedLine, JournalHead, ProblemCode, ProblemDetails};

use super::fake::{Fake, Request, Say};
use super::registry::Registry;

/// What the portal holds.
#[derive(Clone, Default)]
pub struct Book {
    /// Receipts in the order in which they were given or given back.
    pub receipts: Vec<(Receipt, String)>,
    pub entries: Vec<String>,
    /// How many of the registry's trust lists it holds.
    pub lists: usize,
    pub epoch: u32,
    /// Whether it began an epoch since it was set back.
    opened: bool,
    /// Hashes of lines that it refuses, and with which code.
    pub refuses: Vec<(String, ProblemCode)>,
    /// Whether a delivery with a line that it refuses fails as a whole.
    pub fails: bool,
}

pub struct Portal {
    pub book: Arc<Mutex<Book>>,
    pub fake: Fake,
}

impl Portal {
    pub fn new(registry: Arc<Mutex<Registry>>) -> Portal {
        let lists = registry.lock().unwrap().lists.len();
        let book = Book {
            lists,
            epoch: 1,
            ..Book::default()
        };
        let book = Arc::new(Mutex::new(book));
        let here = book.clone();
        let fake = Fake::start(move |request| {
            let (mut book, mut registry) = (here.lock().unwrap(), registry.lock().unwrap());
            let say = book.answer(request, &mut registry);
            let headers = [
                ("ogoh-epoch", book.epoch.to_string()),
                ("ogoh-trust", book.lists.to_string()),
            ];
            with_headers(say, &headers)
        });
        Portal { book, fake }
    }

    /// A copy of the book as it is.
    pub fn copy(&self) -> Book {
        self.book.lock().unwrap().clone()
    }

    /// Puts a copy in the place of the book.
    pub fn set_back(&self, copy: Book) {
        *self.book.lock().unwrap() = Book {
            opened: false,
            ..copy
        };
    }

    /// What it holds of receipts and entries, as sets.
    pub fn holds(&self) -> (BTreeSet<String>, BTreeSet<String>) {
        let book = self.book.lock().unwrap();
        let receipts = book.receipts.iter().map(|(_, text)| hash(text)).collect();
        (receipts, book.entries.iter().map(|text| hash(text)).collect())
    }

    /// The deliveries so far: whether each claimed something, and its signed objects.
    pub fn deliveries(&self) -> Vec<(bool, Vec<String>)> {
        let asked = self.fake.asked().into_iter();
        let of_entries = asked.filter(|r| r.method == "POST" && r.path == "/v1/entries");
        of_entries
            .map(|r| (r.header("ogoh-claim").is_some(), r.jws()))
            .collect()
    }
}

fn with_headers(say: Say, headers: &[(&str, String)]) -> Say {
    let Say::Raw(bytes) = say else { return say };
    let at = bytes.windows(2).position(|w| w == b"\r\n").unwrap() + 2;
    let mut out = bytes[..at].to_vec();
    for (name, value) in headers {
        out.extend_from_slice(format!("{name}: {value}\r\n").as_bytes());
    }
    out.extend_from_slice(&bytes[at..]);
    Say::Raw(out)
}

fn problem(code: ProblemCode) -> Say {
    let problem = ProblemDetails::new(code);
    Say::answer(
        problem.status,
        &[("content-type", "application/problem+json")],
        problem.to_json(),
    )
}

fn entry(text: &str) -> Option<Entry> {
    Entry::from_jws(&Jws::parse(text, Typ::Entry).ok()?).ok()
}

impl Book {
    fn answer(&mut self, request: &Request, registry: &mut Registry) -> Say {
        if let Some(claim) = request
            .header("ogoh-claim")
            .map(|text| Claim::read(text).unwrap())
        {
            let here = |(r, text): &(Receipt, String)| r.number() == claim.number && hash(text) == claim.h;
            if !self.receipts.iter().any(here) {
                return problem(ProblemCode::Behind);
            }
        }
        let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
        let asked = |name: &str| -> u64 {
            let pair = query
                .split('&')
                .find_map(|p| p.strip_prefix(name)?.strip_prefix('='));
            pair.and_then(|v| v.parse().ok()).unwrap_or(0)
        };
        match (request.method.as_str(), path) {
            ("GET", "/v1/trust") => {
                let lists = registry
                    .lists
                    .iter()
                    .take(self.lists)
                    .skip(asked("after") as usize);
                Say::lines(&lists.map(|l| wire::jws_line(l)).collect::<Vec<_>>())
            }
            ("POST", "/v1/trust") => {
                self.lists += request.jws().len();
                Say::answer(200, &[], self.lists.to_string())
            }
            ("POST", "/v1/entries") => self.deliver(&request.jws(), registry),
            (_, path) if path.ends_with("/feed") => {
                let epoch = u32::try_from(asked("epoch")).unwrap();
                self.feed(ReceiptNumber {
                    epoch,
                    n: asked("after"),
                })
            }
            (_, path) if path.ends_with("/head") => self.head(path.split('/').nth(3).unwrap()),
            (_, path) if path.ends_with("/entries") => {
                let mut of = self.journal(path.split('/').nth(3).unwrap());
                of.retain(|(seq, _)| *seq >= asked("from"));
                Say::lines(
                    &of.iter()
                        .map(|(_, text)| wire::jws_line(text))
                        .collect::<Vec<_>>(),
                )
            }
            _ => Say::answer(200, &[], ""),
        }
    }

    fn journal(&self, jid: &str) -> Vec<(u64, String)> {
        let all = self.entries.iter().filter_map(|text| Some((entry(text)?, text)));
        let mut of: Vec<_> = all
            .filter(|(e, _)| *e.jid == *jid)
            .map(|(e, text)| (e.seq, text.clone()))
            .collect();
        of.sort();
        of
    }

    fn head(&self, jid: &str) -> Say {
        let of = self.journal(jid);
        let mut seq = 0;
        for (at, _) in &of {
            seq += u64::from(*at == seq + 1);
        }
        let head = JournalHead {
            jid: jid.into(),
            seq,
            h: ogoh::seal::NO_PREV.into(),
            highest: of.last().map_or(0, |(seq, _)| *seq),
            forked: false,
        };
        Say::answer(200, &[], serde_json::to_string(&head).unwrap())
    }

    fn feed(&self, after: ReceiptNumber) -> Say {
        let mut receipts: Vec<_> = self.receipts.iter().filter(|(r, _)| r.number() > after).collect();
        receipts.sort_by_key(|(r, _)| r.number());
        let line = |(_, text): &(Receipt, String)| FeedLine {
            receipt: text.clone(),
            entry: None,
        };
        Say::lines(
            &receipts
                .into_iter()
                .map(|r| serde_json::to_string(&line(r)).unwrap())
                .collect::<Vec<_>>(),
        )
    }

    fn deliver(&mut self, lines: &[String], registry: &mut Registry) -> Say {
        let refused = |book: &Book, text: &str| {
            let found = book.refuses.iter().find(|(h, _)| *h == hash(text));
            found.map(|(_, code)| *code)
        };
        if self.fails && lines.iter().any(|text| refused(self, text).is_some()) {
            return problem(ProblemCode::Internal);
        }
        let mut answers = Vec::new();
        for (i, text) in lines.iter().enumerate() {
            let answer = match refused(self, text) {
                Some(code) => Err(code),
                None if Jws::parse(text, Typ::Receipt).is_ok() => self.take_back(text, registry),
                None => Ok(self.take(text, registry)),
            };
            answers.push(match answer {
                Ok(text) => wire::jws_line(&text),
                Err(code) => ProblemDetails::new(code).at_line(i + 1).to_json(),
            });
        }
        Say::lines(&answers)
    }

    /// A receipt of its own; the first one that it lacks shows that it was set back.
    fn take_back(&mut self, text: &str, registry: &Registry) -> Result<String, ProblemCode> {
        let root = registry.root.public();
        let lists = registry.lists.iter().take(self.lists).map(String::as_str);
        let trust = Trust::open_chain(lists, &root).unwrap();
        let receipt = Receipt::open(text, &trust).map_err(|_| ProblemCode::ForeignReceipt)?;
        if !self.receipts.iter().any(|(_, here)| here == text) {
            if !self.opened {
                self.opened = true;
                self.epoch = self.epoch.max(receipt.epoch) + 1;
            }
            self.receipts.push((receipt, text.to_owned()));
        }
        Ok(text.to_owned())
    }

    fn take(&mut self, text: &str, registry: &mut Registry) -> String {
        if !self.entries.iter().any(|here| here == text) {
            self.entries.push(text.to_owned());
        }
        let newest = self
            .receipts
            .iter()
            .filter(|(r, _)| r.nh == hash(text))
            .max_by_key(|(r, _)| r.number());
        if let Some((_, text)) = newest {
            return text.clone();
        }
        let last = self
            .receipts
            .iter()
            .filter(|(r, _)| r.epoch == self.epoch)
            .map(|(r, _)| r.n)
            .max();
        (registry.epoch, registry.n) = (self.epoch, last.unwrap_or(0));
        let receipt = registry.receipt_of(text, Status::Registered);
        let sealed = receipt.seal(&registry.receipt).unwrap();
        self.receipts.push((receipt, sealed.clone()));
        sealed
    }
}
