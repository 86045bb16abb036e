//! One history: random steps, then everybody speaks until nothing changes.

use std::collections::BTreeSet;
use std::sync::Arc;

use ogoh::portal;
use ogoh::seal::{Jws, SecretKey, Typ};
use ogoh::ward::deliver::DeliverError;

use super::model::{Model, NAMES};
use super::parties::{OFFICE, Party, Template};
use super::registry::{self, BookCopy, CopyBy, WitnessIs};
use crate::country::Country;
use crate::whole::dice::Dice;

/// Rounds in which everybody speaks, at the most.
const ROUNDS: usize = 12;

/// Devices at the beginning of a history.
const DEVICES: usize = 3;
/// Seed of a clone's births: what it signs is no other's.
const CLONE: u8 = 100;

pub struct History {
    seed: u64,
    dice: Dice,
    country: Country,
    parties: Vec<Party>,
    copies: Vec<BookCopy>,
    /// Notifications that somebody annuls.
    annulled: BTreeSet<String>,
    /// Devices whose last call was refused because nobody knows their key.
    strangers: BTreeSet<usize>,
    model: Model,
    told: Vec<String>,
}

impl History {
    pub fn of(template: &Template, seed: u64) -> History {
        let country = template.country();
        History {
            seed,
            dice: Dice::of(seed),
            parties: template.parties(&country),
            country,
            copies: Vec::new(),
            annulled: BTreeSet::new(),
            strangers: BTreeSet::new(),
            model: Model::default(),
            told: Vec::new(),
        }
    }

    /// What happened, for a failure.
    fn story(&self) -> String {
        format!("seed {}:\n  {}", self.seed, self.told.join("\n  "))
    }

    pub fn run(mut self) {
        let steps = 10 + self.dice.roll(12);
        for _ in 0..steps {
            let seconds = 1 + self.dice.roll(300);
            self.country.clock.forward(i64::try_from(seconds).unwrap());
            self.step();
        }
        self.end();
    }

    fn step(&mut self) {
        let who = self.dice.roll(self.parties.len());
        match self.dice.roll(32) {
            0..=4 => self.sign(who),
            5..=8 => self.push(who),
            9 => {
                let party = &self.parties[who];
                let fed = party
                    .ward
                    .carrier()
                    .feed(&mut party.store(), std::time::Duration::ZERO);
                self.told.push(format!("{who} asks for news: {:?}", fed.is_ok()));
            }
            10..=12 => self.copy_registry(),
            13..=15 => self.set_registry_back(),
            16 => {
                self.told
                    .push(format!("{who} is copied: {}", self.parties[who].copies()));
                self.parties[who].copy();
            }
            17 | 18 => self.set_ward_back(who),
            19 => self.rotate(who),
            20 | 21 => self.accept(who),
            22 => self.certify(),
            23 => self.end_recovery(),
            24 | 25 => self.name(who),
            26 | 27 => self.annul(who),
            28 | 29 => self.attest(who),
            30 => self.clone_machine(who),
            _ => {
                // A delivery of whoever is next, so that receipts are known in several places.
                for who in 0..self.parties.len() {
                    self.push(who);
                }
            }
        }
    }

    fn sign(&mut self, who: usize) {
        let named = self.dice.roll(2) == 0;
        let signed = self.parties[who].sign(named);
        self.told
            .push(format!("{who} signs {} at {}", signed.nid, signed.seq));
        self.model
            .signed
            .insert(signed.h.to_string(), signed.nid.to_string());
    }

    /// One of them.
    fn any(&mut self, of: Vec<String>) -> Option<String> {
        let which = self.dice.roll(of.len().max(1));
        of.into_iter().nth(which)
    }

    /// Notifications that a device knows of and that nobody annuls, or that somebody does.
    fn known(&self, who: usize, annulled: bool) -> Vec<String> {
        let all = self.parties[who].known().into_iter();
        all.filter(|nid| self.annulled.contains(nid) == annulled)
            .collect()
    }

    fn name(&mut self, who: usize) {
        let Some(nid) = self.any(self.known(who, false)) else {
            return;
        };
        let name = NAMES[self.dice.roll(NAMES.len())];
        if let Some(signed) = self.parties[who].name(&nid, name) {
            self.told
                .push(format!("{who} names {nid} {name} at {}", signed.seq));
        }
    }

    fn annul(&mut self, who: usize) {
        let Some(nid) = self.any(self.known(who, false)) else {
            return;
        };
        let signed = self.parties[who].annul(&nid);
        self.annulled.insert(nid.clone());
        self.told.push(format!("{who} annuls {nid} at {}", signed.seq));
    }

    fn attest(&mut self, who: usize) {
        let Some(nid) = self.any(self.known(who, true)) else {
            return;
        };
        let signed = self.parties[who].attest(&nid);
        self.told.push(format!(
            "{who} confirms that of {nid}: {:?}",
            signed.map(|s| s.seq)
        ));
    }

    /// Once in a history: a machine and its clone go on at once, with one key and one journal.
    fn clone_machine(&mut self, who: usize) {
        if self.parties.len() > DEVICES {
            return;
        }
        let clone = self.parties[who].cloned(&self.country, CLONE);
        self.parties.push(clone);
        self.model.ward_unnoticed = true;
        self.told.push(format!("{who} is cloned, as {DEVICES}"));
    }

    fn copy_registry(&mut self) {
        let n = self.copies.len();
        let by = [CopyBy::Hand, CopyBy::Backup, CopyBy::Archive][self.dice.roll(3)];
        self.told.push(format!("the registry is copied: {n}, by {by:?}"));
        let copy = registry::copy_book(&mut self.country, by, n);
        if by == CopyBy::Archive {
            self.copies.retain(|copy| copy.by != CopyBy::Archive);
        }
        self.copies.push(copy);
        self.moved();
    }

    fn push(&mut self, who: usize) {
        let report = self.parties[who].push();
        match report.error {
            Some(DeliverError::NotEnrolled { .. }) => self.strangers.insert(who),
            _ => self.strangers.remove(&who),
        };
        let error = report.error.map(|e| format!("{e:?}")).unwrap_or_default();
        self.told.push(format!(
            "{who} pushes: {} sent, {} given back, {} left {error}",
            report.sent, report.given_back, report.left
        ));
    }

    /// The portal listens elsewhere now.
    fn moved(&mut self) {
        let url = self.country.url();
        for party in &mut self.parties {
            party.ward.settings.portal.url.clone_from(&url);
        }
    }

    fn set_registry_back(&mut self) {
        if self.copies.is_empty() {
            return;
        }
        let which = self.dice.roll(self.copies.len());
        let (by, of) = (self.copies[which].by, self.copies[which].stand.epoch);
        let mut witness = [
            WitnessIs::Kept,
            WitnessIs::Kept,
            WitnessIs::PutBackToo,
            WitnessIs::Gone,
        ][self.dice.roll(4)];
        if by != CopyBy::Hand && witness == WitnessIs::PutBackToo {
            // A sealed copy has no witness in it.
            witness = WitnessIs::Kept;
        }
        let emptied = self.dice.roll(2) == 0;
        self.hear_all();
        self.model.set_back = true;
        let dir = self.country.portal_dir();
        // Without its witness a book does not know of epochs that were opened since; `restore` has them from the
        // book that is there.
        self.model.unnoticed |= match witness {
            WitnessIs::Kept => false,
            WitnessIs::PutBackToo => true,
            WitnessIs::Gone => (by == CopyBy::Hand || emptied) && registry::epoch(&dir) > of,
        };
        self.model.receipts_unnoticed |= by == CopyBy::Hand
            && witness == WitnessIs::Kept
            && self.copies[which].stand == registry::stand(&dir);
        registry::put_book_back(&mut self.country, &self.copies[which], witness, emptied);
        self.moved();
        self.told.push(format!(
            "the registry is put back to {which} by {by:?}, emptied: {emptied}, the witness {witness:?}: epoch {}",
            registry::epoch(&dir)
        ));
    }

    fn set_ward_back(&mut self, who: usize) {
        if self.parties[who].copies() == 0 {
            return;
        }
        let which = self.dice.roll(self.parties[who].copies());
        let how = self.dice.roll(3);
        self.hear_all();
        let party = &self.parties[who];
        let what = match how {
            0 => {
                party.put_back(which, false);
                "by hand".to_owned()
            }
            1 => {
                party.put_back(which, true);
                self.model.ward_unnoticed = true;
                "by hand, with its witness".to_owned()
            }
            _ => format!("by restore: {}", party.restore(which)),
        };
        self.told.push(format!("{who} is put back to {which} {what}"));
    }

    fn rotate(&mut self, who: usize) {
        // A key that is approved while a ward has a list of that number makes two lists of one number: a limit.
        let lists = self
            .parties
            .iter()
            .map(|party| party.store().trust_lists().unwrap().len());
        if lists.max().unwrap_or(0) > registry::trust_lists(&self.country.portal_dir()) {
            return;
        }
        let mut seed = [0; 32];
        seed.fill_with(|| u8::try_from(self.dice.roll(256)).unwrap());
        let done = self.parties[who].rotate(&self.country, SecretKey::from_seed(&seed));
        self.told.push(format!("{who} rotates its key: {done:?}"));
    }

    /// A registrar registers what waits, with the family there: they come when a birth was just delivered.
    fn accept(&mut self, who: usize) {
        self.sign(who);
        self.push(who);
        let waiting = self.births(&["received", "held"]);
        if waiting.is_empty() {
            return;
        }
        let (nid, h) = &waiting[self.dice.roll(waiting.len())];
        let registrar = self.country.registrar(OFFICE);
        let (_, to) = registrar.send("/desk/entry", &[("act", "accept"), ("h", h)]);
        self.model.accepted.insert(nid.clone());
        self.told.push(format!("the registrar accepts {nid}: {to}"));
    }

    fn certify(&mut self) {
        let registered = self.births(&["registered"]);
        if registered.is_empty() {
            return;
        }
        let (nid, _) = &registered[self.dice.roll(registered.len())];
        let registrar = self.country.registrar(OFFICE);
        let form = [
            ("act", "issue"),
            ("number", &*format!("I-ТҶ {}", self.told.len())),
            ("date", "2026-11-23"),
        ];
        let (_, to) = registrar.send(&format!("/desk/record/{nid}"), &form);
        if to.ends_with("said=desk-done") {
            self.model.certified.insert(nid.clone());
        }
        self.told.push(format!("a certificate for {nid}: {to}"));
    }

    /// The operator's word, where it waits for nobody who will speak again.
    fn end_recovery(&mut self) {
        let clock = Arc::new(self.country.clock.clone());
        let waits = portal::recovery(&self.country.portal_dir(), clock.clone()).unwrap();
        if waits.iter().any(|office| self.speaks(office)) {
            return;
        }
        let ended = portal::end_recovery(&self.country.portal_dir(), None, "дастгоҳ гум шуд", clock);
        self.told.push(format!(
            "the operator ends it: {}",
            ended.map_or(0, |all| all.len())
        ));
    }

    /// Whether an office waits for a device that is there.
    fn speaks(&self, office: &portal::OfficeRecovery) -> bool {
        let used: BTreeSet<String> = self.parties.iter().map(Party::kid).collect();
        office.waits.devices.iter().any(|(_, dev)| used.contains(dev))
    }

    /// Births of the book that stand at one of these, and their last revisions.
    fn births(&self, at: &[&str]) -> Vec<(String, String)> {
        let rows = registry::rows(&self.country.portal_dir()).into_iter();
        let there = rows.filter(|(_, row)| at.contains(&row.status.as_str()));
        there.map(|(nid, row)| (nid, row.h)).collect()
    }

    fn hear_all(&mut self) {
        for party in &self.parties {
            self.model.hear(&party.store());
        }
        self.model.hear_book(&registry::book(&self.country.portal_dir()));
    }

    /// Everybody speaks until nothing changes.
    fn settle(&mut self) {
        let mut before = None;
        for _ in 0..ROUNDS {
            for who in 0..self.parties.len() {
                self.country.clock.forward(60);
                self.push(who);
            }
            let heard: Vec<_> = self
                .parties
                .iter()
                .map(|party| {
                    let store = party.store();
                    (store.receipt_count().unwrap(), store.pending().unwrap().len())
                })
                .collect();
            let dir = self.country.portal_dir();
            let now = Some((heard, registry::count(&dir), registry::rows(&dir)));
            if now == before {
                return;
            }
            before = now;
        }
        panic!("no end after {ROUNDS} rounds, {}", self.story());
    }

    /// A device whose key the registry forgot is told so, and is enrolled again; where somebody had the list that
    /// names its key, nobody would have to.
    fn enrol_again(&mut self, who: usize) {
        let kid = self.parties[who].kid();
        let names = |list: &String| {
            let list = Jws::parse(list, Typ::Trust).unwrap();
            list.payload().to_string().contains(&kid)
        };
        let lists = self
            .parties
            .iter()
            .flat_map(|party| party.store().trust_lists().unwrap());
        let named = lists.collect::<Vec<_>>().iter().any(names);
        assert!(!named, "{who} is a stranger for no reason, {}", self.story());
        self.country.enrol_device(&self.parties[who].ward);
        self.told.push(format!("{who} is enrolled again"));
    }

    fn end(mut self) {
        // What waits under an older key goes out once the device has signed again.
        for who in 0..self.parties.len() {
            self.sign(who);
        }
        for party in &self.parties {
            self.model.lives(&party.store());
        }
        self.model.hear_book(&registry::book(&self.country.portal_dir()));
        self.told.push("everybody speaks".to_owned());
        self.settle();
        let dir = self.country.portal_dir();
        let clock = Arc::new(self.country.clock.clone());
        let waits = portal::recovery(&dir, clock.clone()).unwrap();
        for office in &waits {
            assert!(
                !self.speaks(office),
                "waits for {:?}, {}",
                office.waits,
                self.story()
            );
        }
        if !waits.is_empty() {
            self.end_recovery();
            self.settle();
        }
        for who in std::mem::take(&mut self.strangers) {
            self.enrol_again(who);
            self.settle();
        }
        self.hear_all();
        let mut faults = self.model.faults(&registry::entries(&dir), &registry::rows(&dir));
        for (who, party) in self.parties.iter().enumerate() {
            let left = party.store().pending().unwrap().len();
            if left > 0 {
                faults.push(format!("{left} left at {who} of {}", party.facility()));
            }
        }
        let verified = portal::verify(&dir).unwrap();
        if !verified.holds() {
            faults.push(format!("verify: {:?}", verified.faults));
        }
        let rebuilt = portal::rebuild(&dir, clock, &mut |_| {}).unwrap();
        if !rebuilt.is_identical() {
            faults.push(format!("rebuild: {rebuilt:?}"));
        }
        assert!(faults.is_empty(), "{faults:#?}, {}", self.story());
    }
}
