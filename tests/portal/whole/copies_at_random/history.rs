//! One history: random steps, then everybody speaks until nothing changes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ogoh::portal;
use ogoh::seal::SecretKey;

use super::model::{Model, Row};
use super::parties::{self, BookCopy, OFFICE, Party, Template, WitnessIs};
use crate::country::Country;
use crate::whole::dice::Dice;

/// Rounds in which everybody speaks, at the most.
const ROUNDS: usize = 12;

pub struct History {
    seed: u64,
    dice: Dice,
    country: Country,
    parties: Vec<Party>,
    copies: Vec<BookCopy>,
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
        match self.dice.roll(22) {
            0..=4 => {
                let signed = self.parties[who].sign();
                self.told
                    .push(format!("{who} signs {} at {}", signed.nid, signed.seq));
                self.model
                    .signed
                    .insert(signed.h.to_string(), signed.nid.to_string());
            }
            5..=8 => self.push(who),
            9 => {
                let party = &self.parties[who];
                let fed = party
                    .ward
                    .carrier()
                    .feed(&mut party.store(), std::time::Duration::ZERO);
                self.told.push(format!("{who} asks for news: {:?}", fed.is_ok()));
            }
            10 | 11 => {
                let n = self.copies.len();
                self.told.push(format!("the registry is copied: {n}"));
                let copy = parties::copy_book(&mut self.country, n);
                self.copies.push(copy);
                self.moved();
            }
            12 | 13 => self.set_registry_back(),
            14 => {
                self.told
                    .push(format!("{who} is copied: {}", self.parties[who].copies()));
                self.parties[who].copy();
            }
            15 | 16 => self.set_ward_back(who),
            17 => self.rotate(who),
            18 => self.accept(),
            19 => self.certify(),
            20 => self.end_recovery(),
            _ => {
                // A delivery of whoever is next, so that receipts are known in several places.
                for who in 0..self.parties.len() {
                    self.push(who);
                }
            }
        }
    }

    fn push(&mut self, who: usize) {
        let report = self.parties[who].push();
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
        let witness = [
            WitnessIs::Kept,
            WitnessIs::Kept,
            WitnessIs::PutBackToo,
            WitnessIs::Gone,
        ][self.dice.roll(4)];
        self.hear_all();
        let dir = self.country.portal_dir();
        // Without its witness a book does not know of epochs that were opened since.
        self.model.unnoticed |= match witness {
            WitnessIs::Kept => false,
            WitnessIs::PutBackToo => true,
            WitnessIs::Gone => parties::epoch(&dir) > self.copies[which].epoch,
        };
        parties::put_book_back(&mut self.country, &self.copies[which], witness);
        self.moved();
        self.told.push(format!(
            "the registry is put back to {which}, the witness {witness:?}: epoch {}",
            parties::epoch(&dir)
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
        if lists.max().unwrap_or(0) > parties::trust_lists(&self.country.portal_dir()) {
            return;
        }
        let mut seed = [0; 32];
        seed.fill_with(|| u8::try_from(self.dice.roll(256)).unwrap());
        let done = self.parties[who].rotate(&self.country, SecretKey::from_seed(&seed));
        self.told.push(format!("{who} rotates its key: {done:?}"));
    }

    /// A registrar registers what waits, with the family there.
    fn accept(&mut self) {
        let waiting = self.births(&["received", "held"]);
        if waiting.is_empty() {
            return;
        }
        let (nid, h) = &waiting[self.dice.roll(waiting.len())];
        let registrar = self.country.registrar(OFFICE);
        let (_, to) = registrar.send("/desk/entry", &[("act", "accept"), ("h", h)]);
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
        let gone: BTreeSet<&String> = self.parties.iter().flat_map(|party| &party.gone).collect();
        office.waits.devices.iter().any(|(_, dev)| !gone.contains(dev))
    }

    /// Births of the book that stand at one of these.
    fn births(&self, at: &[&str]) -> Vec<(String, String)> {
        let book = parties::book(&self.country.portal_dir());
        let mut find = book
            .prepare("SELECT nid, h, status FROM notification ORDER BY nid")
            .unwrap();
        let rows = find.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get::<_, String>(2)?)));
        let rows = rows.unwrap().map(Result::unwrap);
        let there = rows.filter(|(_, _, status)| at.contains(&status.as_str()));
        there.map(|(nid, h, _)| (nid, h)).collect()
    }

    fn rows(&self) -> BTreeMap<String, Row> {
        let book = parties::book(&self.country.portal_dir());
        let mut find = book
            .prepare("SELECT nid, status, reg_no, hold FROM notification")
            .unwrap();
        let rows = find.query_map([], |r| {
            let (status, reg_no, hold) = (r.get(1)?, r.get(2)?, r.get(3)?);
            Ok((r.get(0)?, Row { status, reg_no, hold }))
        });
        rows.unwrap().map(Result::unwrap).collect()
    }

    fn entries(&self) -> BTreeSet<String> {
        let book = parties::book(&self.country.portal_dir());
        let mut find = book.prepare("SELECT h FROM entry").unwrap();
        find.query_map([], |r| r.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect()
    }

    fn hear_all(&mut self) {
        for party in &self.parties {
            self.model.hear(&party.store());
        }
        self.model.hear_book(&parties::book(&self.country.portal_dir()));
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
            let now = Some((heard, self.entries().len(), self.rows()));
            if now == before {
                return;
            }
            before = now;
        }
        panic!("no end after {ROUNDS} rounds, {}", self.story());
    }

    fn end(mut self) {
        for party in &self.parties {
            self.model.lives(&party.store());
        }
        self.model.hear_book(&parties::book(&self.country.portal_dir()));
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
        self.hear_all();
        let mut faults = self.model.faults(&self.entries(), &self.rows());
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
