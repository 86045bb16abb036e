//! What must hold at the end of a history, told from nothing but what was signed and what receipts said.

use std::collections::{BTreeMap, BTreeSet};

use ogoh::seal::{Entry, EntryType, Jws, Receipt, ReceiptNumber, Status, Typ};
use ogoh::ward::store::Store;

/// Rows that are read at a time.
const PAGE: usize = 10_000;

/// A birth as the registry has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub status: String,
    pub reg_no: Option<String>,
    /// Why a person has to look at it.
    pub hold: Option<String>,
    /// Its last revision.
    pub h: String,
    /// The revision that the register goes by.
    pub effective: String,
}

/// Names that are given later than the birth is signed.
pub const NAMES: [&str; 3] = ["Озода", "Фируза", "Лола"];

/// What is known of a history from outside.
#[derive(Default)]
pub struct Model {
    /// Signed births: hash and notification.
    pub signed: BTreeMap<String, String>,
    /// Notifications for which a certificate was issued: from then on a registrar decides on an annulment.
    pub certified: BTreeSet<String>,
    /// Receipts that were read.
    heard: BTreeSet<String>,
    /// Entries of each number of a facility's receipts, by whoever ever held one.
    receipts: BTreeMap<(String, ReceiptNumber), BTreeSet<String>>,
    /// Notifications of each registration number, likewise.
    numbers: BTreeMap<String, BTreeSet<String>>,
    /// Notifications that a registrar accepted.
    pub accepted: BTreeSet<String>,
    /// Whether the registry was put back at all.
    pub set_back: bool,
    /// Whether the registry was put back where nobody could know, or the highest epoch was forgotten.
    pub unnoticed: bool,
    /// Whether the registry was put back after nothing but corrections and annulments, of which its witness knows
    /// nothing: numbers of receipts are given twice until the first of them comes back.
    pub receipts_unnoticed: bool,
    /// Whether a ward was put back where nobody could know, so that it signed at a place that was taken.
    pub ward_unnoticed: bool,
    /// Entries that a party still has at the end, with their places.
    living: BTreeMap<String, (String, u64, String)>,
    /// How many parties have an entry at the end: more than one where a device was cloned.
    shared: BTreeMap<String, usize>,
    /// Registration numbers in receipts that a party still has at the end, by notification.
    held: BTreeMap<String, BTreeSet<String>>,
}

/// Entries of the registry, by their hashes.
type Book = BTreeMap<String, Entry>;

/// How a birth has to stand.
#[derive(Debug)]
enum Due {
    /// It has a number, by this revision.
    Registered(String),
    /// One person annuls it, which is not enough.
    Pending,
    /// Two did.
    Voided,
    /// There is a certificate, so that it stands until a registrar decides.
    ForARegistrar,
}

impl Due {
    fn is_met(&self, row: &Row) -> bool {
        let registered = matches!(row.status.as_str(), "registered" | "certificate-issued");
        match self {
            // A correction of what is registered may wait for a registrar.
            Due::Registered(last) => {
                registered && row.reg_no.is_some() && (row.effective == *last || row.hold.is_some())
            }
            Due::Pending => row.status == "annulment-pending",
            Due::Voided => row.status == "voided",
            Due::ForARegistrar => registered || row.status == "annulment-pending",
        }
    }
}

/// Texts of receipts that a party has.
fn receipts(store: &Store) -> impl Iterator<Item = String> {
    let all = store.receipts_after(ReceiptNumber::NONE, PAGE).unwrap();
    all.into_iter().map(|(_, text)| text)
}

fn read(text: &str) -> Option<Receipt> {
    let jws = Jws::parse(text, Typ::Receipt).ok()?;
    serde_json::from_value(jws.payload().clone()).ok()
}

fn number_of(receipt: &Receipt) -> Option<String> {
    let in_register = matches!(receipt.status, Status::Registered | Status::CertificateIssued);
    receipt.reg_no.clone().filter(|_| in_register)
}

impl Model {
    /// Notes what receipts say, whatever becomes of whoever holds them.
    pub fn hear(&mut self, store: &Store) {
        receipts(store).for_each(|text| self.note(text));
    }

    /// The same of the registry's own receipts.
    pub fn hear_book(&mut self, book: &rusqlite::Connection) {
        let mut find = book.prepare("SELECT jws FROM receipt").unwrap();
        let rows = find.query_map([], |row| row.get::<_, String>(0)).unwrap();
        rows.for_each(|text| self.note(text.unwrap()));
    }

    fn note(&mut self, text: String) {
        if self.heard.contains(&text) {
            return;
        }
        let Some(receipt) = read(&text) else { return };
        self.heard.insert(text);
        let place = (receipt.fac.to_string(), receipt.number());
        let (h, nid) = (receipt.nh.to_string(), receipt.nid.to_string());
        self.receipts.entry(place).or_default().insert(h);
        if let Some(number) = number_of(&receipt) {
            self.numbers.entry(number).or_default().insert(nid);
        }
    }

    /// Notes what a party has left, before everybody speaks.
    pub fn lives(&mut self, store: &Store) {
        self.hear(store);
        for (_, entry, text) in store.entries_after(0, PAGE).unwrap() {
            let h = ogoh::seal::hash(&text);
            let place = (entry.jid.to_string(), entry.seq, entry.nid.to_string());
            *self.shared.entry(h.to_string()).or_default() += 1;
            self.living.insert(h.to_string(), place);
        }
        for receipt in receipts(store).filter_map(|text| read(&text)) {
            if let Some(number) = number_of(&receipt) {
                self.held
                    .entry(receipt.nid.to_string())
                    .or_default()
                    .insert(number);
            }
        }
    }

    /// Whether an entry of a notification shares its place in a journal with another, or comes after such a place:
    /// its ward was put back or cloned, and nobody could know.
    fn is_forked(&self, book: &Book, of: &str) -> bool {
        let forks = |jid: &str, seq: u64| {
            let mut at: BTreeMap<u64, usize> = BTreeMap::new();
            for entry in book
                .values()
                .filter(|entry| *entry.jid == *jid && entry.seq <= seq)
            {
                *at.entry(entry.seq).or_default() += 1;
            }
            at.values().any(|n| *n > 1)
        };
        self.ward_unnoticed
            && book
                .values()
                .filter(|entry| *entry.nid == *of)
                .any(|entry| forks(&entry.jid, entry.seq))
    }

    /// How a birth has to stand, told from its entries; none where two of them are of one revision, so that one of
    /// them is sent back.
    fn due(&self, book: &Book, of: &str) -> Option<Due> {
        let of_it: Vec<(&String, &Entry)> = book.iter().filter(|(_, entry)| *entry.nid == *of).collect();
        let states = |entry: &&Entry| entry.t != EntryType::Attest;
        let revisions: Vec<u32> = of_it
            .iter()
            .map(|(_, e)| *e)
            .filter(states)
            .map(|e| e.rev)
            .collect();
        let once: BTreeSet<u32> = revisions.iter().copied().collect();
        let last = revisions.iter().copied().max().unwrap_or(0);
        if once.len() < revisions.len() || usize::try_from(last) != Ok(once.len()) {
            return None;
        }
        let void = of_it.iter().find(|(_, entry)| entry.t == EntryType::Void);
        let Some((void, _)) = void else {
            let stated = of_it.iter().filter(|(_, entry)| states(entry));
            let newest = stated.max_by_key(|(_, entry)| entry.rev);
            return newest.map(|(h, _)| Due::Registered((*h).clone()));
        };
        let about = |entry: &&Entry| {
            entry.t == EntryType::Attest && entry.reference.as_ref().is_some_and(|r| *r.h == **void)
        };
        let attested = book.values().any(|entry| about(&entry));
        Some(match (self.certified.contains(of), attested) {
            (true, _) => Due::ForARegistrar,
            (false, true) => Due::Voided,
            (false, false) => Due::Pending,
        })
    }

    /// Births at the place where a journal forks of which more than one was registered without a registrar.
    fn both_registered(&self, book: &Book, rows: &BTreeMap<String, Row>) -> Vec<String> {
        let mut at: BTreeMap<(&str, u64), Vec<&str>> = BTreeMap::new();
        let births = book
            .values()
            .filter(|entry| matches!(entry.t, EntryType::Notice(_)));
        for entry in births {
            let by_itself = rows.get(&*entry.nid).is_some_and(|row| row.reg_no.is_some())
                && !self.accepted.contains(&*entry.nid);
            if by_itself {
                at.entry((&entry.jid, entry.seq)).or_default().push(&entry.nid);
            }
        }
        let both = at.iter().filter(|(_, nids)| nids.len() > 1);
        both.map(|(place, nids)| format!("both registered: {place:?} {nids:?}"))
            .collect()
    }

    /// What does not hold, in words.
    pub fn faults(&self, entries: &Book, rows: &BTreeMap<String, Row>) -> Vec<String> {
        let mut faults = Vec::new();
        for (h, (jid, seq, nid)) in &self.living {
            if !entries.contains_key(h) {
                faults.push(format!("lost: {nid}, {seq} of {jid}"));
            }
        }
        let births = self
            .signed
            .iter()
            .filter(|(h, _)| self.living.contains_key(*h) || entries.contains_key(*h));
        for nid in births.map(|(_, nid)| nid) {
            let Some(row) = rows.get(nid) else {
                faults.push(format!("no record: {nid}"));
                continue;
            };
            // What stands at a place that is taken is held, and so is what follows it: a registrar looks.
            let forked = row.status != "received" && self.is_forked(entries, nid);
            // So is what lost its number to another while it was corrected.
            let clashed = self.unnoticed && row.status == "held" && row.hold.is_some();
            let excused = forked || clashed;
            let due = self.due(entries, nid);
            if !excused && !due.as_ref().is_none_or(|due| due.is_met(row)) {
                faults.push(format!("not {due:?}: {nid} {row:?}"));
            }
            if !matches!(due, Some(Due::Registered(_))) {
                continue;
            }
            let Some(held) = self.held.get(nid) else { continue };
            // Where nobody could know, a number may be another's by now.
            let given_again = |number: &String| self.numbers.get(number).is_some_and(|of| of.len() > 1);
            let honoured = row.reg_no.as_ref().is_some_and(|number| held.contains(number))
                || (self.unnoticed && held.iter().all(given_again));
            if !honoured && row.hold.is_none() && !excused {
                faults.push(format!("not honoured: {nid} {held:?} {row:?}"));
            }
            // A clone has its device's key: once either has spoken, the registry has heard the device, and knows
            // of no receipt that the other alone holds.
            let cloned = self
                .shared
                .iter()
                .any(|(h, n)| *n > 1 && self.living[h].2 == **nid);
            if held.len() > 1 && !self.unnoticed && !cloned {
                faults.push(format!("several numbers: {nid} {held:?}"));
            }
        }
        if !self.set_back {
            faults.extend(self.both_registered(entries, rows));
        }
        let mut holders: BTreeMap<&String, Vec<&String>> = BTreeMap::new();
        for (nid, row) in rows {
            if let Some(number) = &row.reg_no {
                holders.entry(number).or_default().push(nid);
            }
        }
        for (number, nids) in holders.iter().filter(|(_, nids)| nids.len() > 1) {
            faults.push(format!("in the register twice: {number} {nids:?}"));
        }
        if !self.unnoticed {
            for (number, nids) in self.numbers.iter().filter(|(_, nids)| nids.len() > 1) {
                faults.push(format!("number twice: {number} {nids:?}"));
            }
        }
        if !self.unnoticed && !self.receipts_unnoticed {
            for (place, hs) in self.receipts.iter().filter(|(_, hs)| hs.len() > 1) {
                faults.push(format!("receipt twice: {place:?} {hs:?}"));
            }
        }
        faults
    }
}
