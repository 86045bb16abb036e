//! What must hold at the end of a history, told from nothing but what was signed and what receipts said.

use std::collections::{BTreeMap, BTreeSet};

use ogoh::seal::{Jws, Receipt, ReceiptNumber, Status, Typ};
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
}

/// What is known of a history from outside.
#[derive(Default)]
pub struct Model {
    /// Signed births: hash and notification.
    pub signed: BTreeMap<String, String>,
    /// Entries of each number of a facility's receipts, by whoever ever held one.
    receipts: BTreeMap<(String, ReceiptNumber), BTreeSet<String>>,
    /// Notifications of each registration number, likewise.
    numbers: BTreeMap<String, BTreeSet<String>>,
    /// Whether the registry was put back where nobody could know, or the highest epoch was forgotten.
    pub unnoticed: bool,
    /// Whether a ward was put back where nobody could know, so that it signed at a place that was taken.
    pub ward_unnoticed: bool,
    /// Entries that a party still has at the end, with their places.
    living: BTreeMap<String, (String, u64, String)>,
    /// Registration numbers in receipts that a party still has at the end, by notification.
    held: BTreeMap<String, BTreeSet<String>>,
}

fn receipts(store: &Store) -> Vec<Receipt> {
    let all = store.receipts_after(ReceiptNumber::NONE, PAGE).unwrap();
    let texts = all.into_iter().map(|(_, text)| text);
    texts.filter_map(|text| read(&text)).collect()
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
        for receipt in receipts(store) {
            let place = (receipt.fac.to_string(), receipt.number());
            self.receipts
                .entry(place)
                .or_default()
                .insert(receipt.nh.to_string());
            if let Some(number) = number_of(&receipt) {
                self.numbers
                    .entry(number)
                    .or_default()
                    .insert(receipt.nid.to_string());
            }
        }
    }

    /// The same of the registry's own receipts.
    pub fn hear_book(&mut self, book: &rusqlite::Connection) {
        let mut find = book.prepare("SELECT jws FROM receipt").unwrap();
        let rows = find.query_map([], |row| row.get::<_, String>(0)).unwrap();
        for receipt in rows.filter_map(|text| read(&text.unwrap())) {
            let place = (receipt.fac.to_string(), receipt.number());
            self.receipts
                .entry(place)
                .or_default()
                .insert(receipt.nh.to_string());
            if let Some(number) = number_of(&receipt) {
                self.numbers
                    .entry(number)
                    .or_default()
                    .insert(receipt.nid.to_string());
            }
        }
    }

    /// Notes what a party has left, before everybody speaks.
    pub fn lives(&mut self, store: &Store) {
        self.hear(store);
        for (_, entry, text) in store.entries_after(0, PAGE).unwrap() {
            let h = ogoh::seal::hash(&text);
            let place = (entry.jid.to_string(), entry.seq, entry.nid.to_string());
            self.living.insert(h.to_string(), place);
        }
        for receipt in receipts(store) {
            if let Some(number) = number_of(&receipt) {
                self.held
                    .entry(receipt.nid.to_string())
                    .or_default()
                    .insert(number);
            }
        }
    }

    /// Whether a notification shares its place in a journal with another, or comes after such a place: its ward
    /// was put back, and nobody could know.
    fn is_forked(&self, of: &str) -> bool {
        let mut journals = self.living.values().filter(|(_, _, nid)| nid == of);
        self.ward_unnoticed
            && journals.any(|(jid, seq, _)| {
                let here = self.living.values().filter(|(j, s, _)| j == jid && s == seq);
                here.count() > 1
            })
    }

    /// What does not hold, in words.
    pub fn faults(&self, entries: &BTreeSet<String>, rows: &BTreeMap<String, Row>) -> Vec<String> {
        let mut faults = Vec::new();
        for (h, (jid, seq, nid)) in &self.living {
            if !entries.contains(h) {
                faults.push(format!("lost: {nid}, {seq} of {jid}"));
            }
        }
        let births = self
            .signed
            .iter()
            .filter(|(h, _)| self.living.contains_key(*h) || entries.contains(*h));
        for nid in births.map(|(_, nid)| nid) {
            let Some(row) = rows.get(nid) else {
                faults.push(format!("no record: {nid}"));
                continue;
            };
            let registered = matches!(row.status.as_str(), "registered" | "certificate-issued");
            let excused = row.status == "held" && self.is_forked(nid);
            if (!registered || row.reg_no.is_none()) && !excused {
                faults.push(format!("not registered: {nid} {row:?}"));
            }
            let Some(held) = self.held.get(nid) else { continue };
            let honoured = row.reg_no.as_ref().is_some_and(|number| held.contains(number));
            if !honoured && row.hold.is_none() && !excused {
                faults.push(format!("not honoured: {nid} {held:?} {row:?}"));
            }
            if held.len() > 1 && !self.unnoticed {
                faults.push(format!("several numbers: {nid} {held:?}"));
            }
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
            for (place, hs) in self.receipts.iter().filter(|(_, hs)| hs.len() > 1) {
                faults.push(format!("receipt twice: {place:?} {hs:?}"));
            }
        }
        faults
    }
}
