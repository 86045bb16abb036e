//! The whole program but its terminal and threads: keys in, screens out, a real store between.

use std::sync::Arc;

use super::*;
use crate::env::{FixedClock, Kdf, Paths};
use crate::seal::{KeyFile, KeyUse, SecretKey, TrustKey, TrustList};
use crate::ward::store::{self, Store};
use crate::ward::ui::run::Worker;
use crate::ward::workplace::Workplace;

/// Puts a person with a key of their own into a store.
fn add(store: &mut Store, settings: &Settings, login: &str, name: &str, role: Role) {
    let key = SecretKey::generate().unwrap();
    let (facility, phrase) = (&settings.facility.code, format!("{login} як"));
    let file = KeyFile::lock(&key, login, facility, &phrase, &settings.kdf).unwrap();
    store
        .add_person(&store::Person {
            login: login.into(),
            name: name.into(),
            role,
            kid: key.public().kid().to_owned(),
            x: key.public().x(),
            key_blob: file.to_text().unwrap(),
            since: now(),
            suspended: None,
        })
        .unwrap();
}

/// The device, opened by a program that begins.
fn opened(paths: &Paths, settings: &Settings) -> Workplace {
    let store = Store::open_at(paths).unwrap();
    let device = SecretKey::generate().unwrap();
    let clock = Arc::new(FixedClock(now()));
    Workplace::of(paths.clone(), settings.clone(), store, device, clock)
}

pub(super) struct Program {
    pub(super) model: Model,
    worker: Worker,
    dir: tempfile::TempDir,
    quit: bool,
}

impl Program {
    /// A device with a doctor (`rahim`) and a midwife (`gulnora`); passphrases are cheap.
    pub(super) fn new() -> Program {
        let dir = tempfile::tempdir().unwrap();
        let paths = Paths::new(dir.path());
        let mut settings = settings();
        settings.lang = Lang::En;
        let mut store = Store::open(&paths.database()).unwrap();
        let kdf = Kdf {
            m_kib: 19_456,
            t: 2,
            p: 1,
        };
        settings.kdf = kdf;
        for (login, name, role) in [
            ("gulnora", "Ҷумъаева Гулнора", Role::Midwife),
            ("rahim", "Қурбонов Раҳим", Role::Doctor),
        ] {
            add(&mut store, &settings, login, name, role);
        }
        drop(store);
        let workplace = opened(&paths, &settings);
        let worker = Worker::new(workplace, None);
        let model = Model::new(settings, Theme::colour(), now(), ClockTrust::Unsynced);
        let mut program = Program {
            model,
            worker,
            dir,
            quit: false,
        };
        program.perform(vec![Effect::People, Effect::Time]);
        program
    }

    pub(super) fn add(&mut self, login: &str, name: &str, role: Role) {
        add(&mut self.store(), &self.model.settings, login, name, role);
    }

    /// A first trust list of this root arrives, which names the key of one person.
    pub(super) fn believe(&mut self, root: &SecretKey, login: &str) {
        self.list(root, login, None);
    }

    /// A first trust list of this root arrives by another way than delivery, which would suspend the
    /// person, and says since when one person's key is revoked.
    pub(super) fn list(&mut self, root: &SecretKey, login: &str, revoked: Option<Moment>) {
        let mut store = self.store();
        let person = store.person(login).unwrap().unwrap();
        let key = TrustKey {
            kid: person.kid,
            alg: "EdDSA".into(),
            x: person.x,
            what: KeyUse::Person,
            fac: Some(self.model.settings.facility.code.clone()),
            usr: Some(login.into()),
            name: None,
            role: Some(person.role),
            from: now(),
            revoked,
            retired: None,
        };
        let list = TrustList {
            number: 1,
            prev: None,
            at: now(),
            keys: vec![key],
        };
        store.add_trust_list(1, &list.seal(root).unwrap()).unwrap();
    }

    /// Ends the program and begins it anew on the same data.
    pub(super) fn restart(&mut self) {
        let settings = self.model.settings.clone();
        let paths = Paths::new(self.dir.path());
        let workplace = opened(&paths, &settings);
        self.worker = Worker::new(workplace, None);
        self.model = Model::new(settings, Theme::colour(), now(), ClockTrust::Unsynced);
        self.perform(vec![Effect::People, Effect::Time]);
    }

    pub(super) fn perform(&mut self, effects: Vec<Effect>) {
        let mut orders = std::collections::VecDeque::from(effects);
        while let Some(effect) = orders.pop_front() {
            self.quit |= effect == Effect::Quit;
            for msg in self.worker.perform(effect) {
                orders.extend(update(&mut self.model, msg));
            }
        }
    }

    /// Something happens outside.
    pub(super) fn hears(&mut self, msg: Msg) {
        let effects = update(&mut self.model, msg);
        self.perform(effects);
    }

    pub(super) fn keys(&mut self, keys: &str) -> &mut Program {
        for key in strokes(keys) {
            let effects = update(&mut self.model, Msg::Key(key));
            self.perform(effects);
        }
        self
    }

    /// Walks to a question and types there.
    fn answer(&mut self, id: &str, keys: &str) -> &mut Program {
        focus(&mut self.model, id);
        self.keys(keys)
    }

    pub(super) fn screen(&self) -> String {
        picture(&self.model, 80, 24)
    }

    #[track_caller]
    pub(super) fn shows(&mut self, wanted: &str) -> &mut Program {
        let screen = self.screen();
        assert!(screen.contains(wanted), "no “{wanted}” on\n{screen}");
        self
    }

    /// The person whose login this is comes to work.
    pub(super) fn unlock(&mut self, login: &str) -> &mut Program {
        self.unlock_with(login, &format!("{login} як"))
    }

    pub(super) fn unlock_with(&mut self, login: &str, phrase: &str) -> &mut Program {
        let at = self.model.people.iter().position(|p| p.login == login).unwrap();
        self.keys(&"<up>".repeat(3)).keys(&"<down>".repeat(at));
        self.keys(&format!("{phrase}<enter>"))
    }

    pub(super) fn store(&self) -> Store {
        Store::open(&Paths::new(self.dir.path()).database()).unwrap()
    }

    pub(super) fn birth(&mut self, surname: &str) -> &mut Program {
        self.keys("b");
        let district = self.model.settings.facility.district.clone();
        self.answer(f::BIRTH_DATE, "<f4>")
            .answer(f::BIRTH_TIME, "0312")
            .answer(f::CHILD_SEX, "2")
            .answer(f::BIRTH_WEIGHT, "3350")
            .answer(f::BIRTH_LENGTH, "51")
            .answer(f::BIRTH_WEEKS, "39")
            .answer(f::MOTHER_SURNAME, surname)
            .answer(f::MOTHER_GIVEN, "Ҷамила")
            .answer(f::MOTHER_BORN, "17041998")
            .answer(f::MOTHER_DISTRICT, &format!("{}<enter>", district.to_lowercase()))
    }

    /// From the form to the signature.
    fn sign(&mut self, login: &str) -> &mut Program {
        self.keys("<f2>").shows("Before signing");
        for _ in 0..12 {
            self.keys("v");
        }
        self.keys("<f2>").keys(&format!("{login} як<f2>"))
    }

    fn only(&self) -> store::NotificationRow {
        let mut rows = self.store().list(&store::Filter::default(), 9).unwrap();
        assert_eq!(rows.len(), 1);
        rows.remove(0)
    }
}

#[test]
fn a_birth_goes_from_keys_to_a_signed_entry_that_verifies() {
    let mut p = Program::new();
    p.unlock("gulnora").shows("No unfinished drafts.");
    p.birth("Раҳимова").shows("saved 14:05");
    assert_eq!(p.store().drafts().unwrap().len(), 1);
    p.sign("gulnora").shows("Signed and saved here");
    let row = p.only();
    assert_eq!(
        (row.name.as_str(), row.status.code()),
        ("Раҳимова Ҷамила", "signed")
    );
    assert!(p.store().drafts().unwrap().is_empty());
    p.shows("2 unsent");
    p.keys("<f3>l")
        .shows("Birth: Раҳимова Ҷамила, signed 23.11.2026 14:05");
    p.shows("Journal opened, signed 23.11.2026 14:05");
    p.keys("<esc>q");
    assert!(p.quit);
}

#[test]
fn a_wrong_passphrase_signs_nothing_and_the_draft_stays() {
    let mut p = Program::new();
    p.unlock("gulnora").birth("Раҳимова").sign("rahim");
    p.shows("Wrong passphrase or PIN. Nothing was signed.");
    assert!(p.store().list(&store::Filter::default(), 9).unwrap().is_empty());
    assert_eq!(p.store().drafts().unwrap().len(), 1);
}

#[test]
fn a_complete_draft_waits_to_be_signed_and_an_incomplete_one_does_not() {
    let mut p = Program::new();
    p.unlock("gulnora")
        .birth("Раҳимова")
        .keys("<esc>")
        .shows("The draft is saved");
    p.keys("b").answer(f::BIRTH_WEIGHT, "2900").keys("<esc>");
    let Some(Screen::Home(home)) = p.model.screen() else {
        panic!()
    };
    assert_eq!(home.home.as_ref().unwrap().counts[..2], [1, 1]);
    p.keys("<right>").shows("Раҳимова Ҷамила");
    p.keys("<enter>").shows("Before signing");
}

#[test]
fn a_draft_that_nobody_touched_leaves_nothing_behind() {
    let mut p = Program::new();
    p.unlock("gulnora").keys("b<esc>d<esc>f<esc>");
    // Not a certifier of deaths, but a recorder may prepare what another signs.
    assert!(p.store().drafts().unwrap().is_empty());
}

#[test]
fn a_pin_signs_within_the_session_and_five_wrong_ones_end_it() {
    let mut p = Program::new();
    p.unlock("gulnora").keys("pgulnora як<tab>2580<tab>2580<f2>");
    p.shows("The PIN works from now on");
    p.birth("Раҳимова").keys("<f2>");
    for _ in 0..12 {
        p.keys("v");
    }
    p.keys("<f2>");
    for _ in 0..4 {
        p.keys("1111<f2>").shows("Wrong passphrase or PIN");
    }
    p.keys("1111<f2>").shows("Too many wrong PINs");
    p.keys("2580<f2>").shows("Wrong passphrase or PIN");
    p.keys("gulnora як<f2>").shows("Signed and saved here");
}

#[test]
fn an_annulment_takes_a_reason_and_a_second_person() {
    let mut p = Program::new();
    p.unlock("gulnora").birth("Раҳимова").sign("gulnora");
    let nid = p.only().nid;
    p.keys("<f3><f7>рахимова<enter>").shows("History");
    p.keys("aшахси дигар<tab>gulnora як<f2>")
        .shows("annulment is signed");
    p.shows("annulling: 1");
    p.keys("sgulnora як<f2>");
    assert!(
        matches!(p.model.over.last(), Some(Over::Dialog(_))),
        "another person has to"
    );
    p.keys("<esc><f3>k").unlock("rahim");
    p.keys("<right>").shows("Раҳимова Ҷамила");
    p.keys("<enter>srahim як<f2>").shows("confirmation is signed");
    assert!(!p.screen().contains("annulling:"));
    let steps = p.store().notification(&nid).unwrap().revisions.len();
    assert_eq!(steps, 3);
}

#[test]
fn a_correction_makes_a_second_version_with_its_reason() {
    let mut p = Program::new();
    p.unlock("gulnora").birth("Раҳимова").sign("gulnora");
    p.keys("<f3><f7>рахимова<enter>cномгузорӣ<f2>");
    p.shows("Birth (correction): Раҳимова Ҷамила");
    p.answer(f::CHILD_GIVEN, "Исо")
        .sign("gulnora")
        .shows("Signed and saved here");
    let row = p.only();
    assert_eq!(row.rev, 2);
    let known = p.store().notification(&row.nid).unwrap();
    assert_eq!(known.event.unwrap().text(f::CHILD_GIVEN), Some("Исо"));
    let reason = known.revisions[1].entry.as_ref().unwrap().reason.clone().unwrap();
    assert_eq!(reason.text, "номгузорӣ");
}

#[test]
fn a_midwife_cannot_sign_a_death_but_the_doctor_can_go_on_with_her_draft() {
    let mut p = Program::new();
    p.unlock("gulnora").keys("d");
    let district = p.model.settings.facility.district.clone();
    p.answer(f::DEATH_DATE, "<f4>")
        .answer(f::DEATH_TIME, "0430")
        .answer(f::DECEASED_SURNAME, "Ҳоҷиматов")
        .answer(f::DECEASED_GIVEN, "Қосим")
        .answer(f::DECEASED_SEX, "1")
        .answer(f::DECEASED_BORN, "1950")
        .answer(
            f::DECEASED_DISTRICT,
            &format!("{}<enter>", district.to_lowercase()),
        )
        .answer(f::CAUSE_A, "Варами шуш")
        .answer(f::DEATH_MANNER, "1<enter>");
    p.keys("<f2>").shows("C06");
    p.keys("<esc><esc>k").unlock("rahim");
    p.keys("<right>").shows("Ҳоҷиматов Қосим");
    p.keys("<enter>").shows("Before signing");
    for _ in 0..12 {
        p.keys("v");
    }
    p.keys("<f2>хочиматов<tab>rahim як<f2>")
        .shows("Signed and saved here");
    assert_eq!(p.only().last_by, "rahim");
}

#[test]
fn a_locked_screen_comes_back_for_the_same_person_with_the_draft_as_it_was() {
    let mut p = Program::new();
    p.unlock("gulnora").birth("Раҳимова");
    let effects = update(&mut p.model, Msg::Idle);
    p.perform(effects);
    p.shows("Open work is kept for the same user");
    assert!(!p.screen().contains("Раҳимова"));
    p.unlock("gulnora").shows("Birth: Раҳимова Ҷамила");
}

#[test]
fn the_death_of_a_child_is_filled_from_its_birth() {
    let mut p = Program::new();
    p.unlock("rahim").birth("Раҳимова").sign("rahim");
    p.keys("<f3><f7>рахимова<enter>d");
    let form = p.model.form().unwrap();
    assert_eq!(form.draft.kind, Kind::Death);
    assert_eq!(form.draft.text(f::DECEASED_SURNAME), "Раҳимова");
    assert_eq!(form.draft.text(f::DECEASED_BORN), "23.11.2026");
    assert_eq!(form.draft.text(f::DECEASED_SEX), "female");
    assert_eq!(form.draft.links[0].kind, "death-of-this-birth");
}

#[test]
fn twins_share_what_is_typed_once_and_are_signed_together_or_not_at_all() {
    let mut p = Program::new();
    p.unlock("gulnora").birth("Раҳимова");
    p.keys("<f10>").shows("first write the number of children");
    p.answer(f::BIRTH_PLURALITY, "<bs>2");
    p.keys("<f2>").shows("Before signing");
    for _ in 0..9 {
        p.keys("v");
    }
    p.keys("<esc><f10>");
    let form = p.model.form().unwrap();
    assert_eq!(form.draft.text(f::MOTHER_SURNAME), "Раҳимова");
    assert_eq!(form.draft.text(f::BIRTH_ORDER), "2");
    assert_eq!(form.draft.text(f::BIRTH_WEIGHT), "");
    // One alone is not signed.
    p.keys("<esc>");
    p.keys("<f2>").shows("Signed together with it: child 2");
    p.sign("gulnora");
    assert!(p.store().list(&store::Filter::default(), 9).unwrap().is_empty());
    p.keys("<esc><esc><esc><f3>");
    let second = p
        .store()
        .drafts()
        .unwrap()
        .into_iter()
        .find(|d| d.draft.text(f::BIRTH_ORDER) == "2")
        .unwrap();
    p.perform(vec![Effect::OpenDraft {
        id: second.draft.id,
        over: false,
    }]);
    p.answer(f::BIRTH_TIME, "0320")
        .answer(f::CHILD_SEX, "1")
        .answer(f::BIRTH_WEIGHT, "2950")
        .answer(f::BIRTH_LENGTH, "49");
    p.sign("gulnora").shows("Signed and saved here");
    let rows = p.store().list(&store::Filter::default(), 9).unwrap();
    assert_eq!(rows.len(), 2);
    assert!(p.store().drafts().unwrap().is_empty());
    assert!(p.model.form().is_none());
}

#[test]
fn what_waits_for_a_signature_is_worked_through_one_after_the_other() {
    let mut p = Program::new();
    p.unlock("gulnora");
    p.birth("Раҳимова")
        .answer(f::MOTHER_DOCUMENT, "А 01410111")
        .keys("<esc>");
    p.birth("Шарифова")
        .answer(f::MOTHER_DOCUMENT, "А 01410222")
        .keys("<esc>");
    p.keys("<right><enter>").shows("Before signing");
    for _ in 0..12 {
        p.keys("v");
    }
    p.keys("<f2>gulnora як<f2>");
    // The next one is read back at once, without a way through the list.
    p.shows("Before signing").shows("Signed and saved here");
    for _ in 0..12 {
        p.keys("v");
    }
    p.keys("<f2>gulnora як<f2>")
        .shows("Nothing waits for a signature.");
    assert_eq!(p.store().list(&store::Filter::default(), 9).unwrap().len(), 2);
}
