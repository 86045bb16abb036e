//! Stories of a ward, by keys alone, on the real binary in a pseudo-terminal. Invented people.

use crate::pty_support::key::{DOWN, ENTER, ESC, F, TAB};
use crate::pty_support::{App, at_work, focus, type_birth};
use crate::support::ward::{WardDevice, birth};
use serde_json::Value;

const DOCTOR: &str = "firuz 11";
const MIDWIFE: &str = "mehri 11";

/// The app with the doctor at work.
fn doctor(ward: &WardDevice) -> App {
    let mut app = App::start(&ward.dir(), &[]);
    app.shows("Абдуллозода");
    app.send(DOCTOR);
    app.sees(ENTER, "Unfinished");
    app
}

/// The label of the question in focus.
fn asked(screen: &str) -> Option<String> {
    let line = screen.lines().find(|l| l.contains('→') && !l.contains("F8"))?;
    let label = line.split('→').next()?;
    Some(label.trim_matches(['■', '?', '•', ' ']).to_owned())
}

/// Goes to each question and types its answer.
fn fill(app: &mut App, answers: &[(&str, &str)]) {
    for (label, text) in answers {
        focus(app, label);
        assert_eq!(asked(&app.screen()).as_deref(), Some(*label));
        app.send(text);
        app.send(ENTER);
        app.shows_when("the next question", |s| asked(s).is_some_and(|l| l != *label));
    }
}

/// Reads back, answers what asks, and signs.
fn sign(app: &mut App, passphrase: &str) {
    review(app);
    app.sees(F[2], "Passphrase or PIN");
    app.send(passphrase);
    app.sees(F[2], "Signed and saved here");
}

/// To the read-back, with every warning answered.
fn review(app: &mut App) {
    app.sees(F[2], "Before signing");
    app.send(&"v".repeat(9));
    app.shows_when("no open question", |s| {
        !s.lines().any(|l| l.trim_start().starts_with("? "))
    });
}

fn shown(ward: &WardDevice, nid: &Value) -> Value {
    ward.must(&["show", nid.as_str().unwrap()]).pop().unwrap()
}

/// The only notification of a kind.
fn only(ward: &WardDevice, kind: &str) -> Value {
    let mut all = ward.must(&["list"]);
    all.retain(|n| n["kind"] == kind);
    assert_eq!(all.len(), 1, "{all:?}");
    shown(ward, &all[0]["nid"])
}

/// What a notification states.
fn event(notification: &Value) -> &Value {
    &notification["body"]
}

#[test]
fn the_next_shift_takes_over_and_both_names_stay_in_the_record() {
    let ward = WardDevice::new();
    let mut app = at_work(&ward, &[]);
    type_birth(&mut app, "Раҳимова");
    app.shows("saved");
    app.sees(ESC, "No unfinished drafts.");
    app.sees("h", "Handover");
    app.shows("To sign: 1");
    app.shows("Раҳимова Ҷамила");
    app.shows("Қосимова Меҳринисо, ");
    app.sees(ESC, "No unfinished drafts.");
    app.sees("k", "Who is working now?");
    app.send("\x1b[A");
    app.shows_when("the doctor chosen", |s| {
        s.lines().any(|l| l.contains('→') && l.contains("Абдуллозода"))
    });
    app.send(DOCTOR);
    app.sees(ENTER, "Unfinished");
    app.sees("h", "To sign: 1");
    app.sees(ENTER, "Birth: Раҳимова");
    sign(&mut app, DOCTOR);
    let birth = only(&ward, "birth");
    assert_eq!(event(&birth)["prepared_by"], "Қосимова Меҳринисо");
    assert!(ward.must(&["draft"]).is_empty());
}

#[test]
fn a_child_without_a_name_is_named_by_a_supplement_and_not_born_twice() {
    let ward = WardDevice::new();
    let signed = ward.sign(&["record", "birth"], &birth("Раҳимзода", "А 01410027"), "mehri");
    let mut app = at_work(&ward, &[]);
    app.sees("\x1b[C\x1b[C\x1b[C\x1b[C", "Раҳимзода");
    app.sees(ENTER, "History");
    app.sees("c", "Reason");
    app.send("номгузорӣ");
    app.sees(F[2], "(correction)");
    fill(&mut app, &[("Child's given name", "Фаридун")]);
    app.sees(F[2], "Before signing");
    app.shows("Changes");
    app.shows("→ Фаридун");
    app.send(&"v".repeat(6));
    app.sees(F[2], "Passphrase or PIN");
    app.send(MIDWIFE);
    app.sees(F[2], "Signed and saved here");
    let named = only(&ward, "birth");
    assert_eq!(named["nid"], signed["nid"]);
    assert_eq!(event(&named)["child"]["given"], "Фаридун");
    assert!(ward.must(&["list", "--worklist", "unnamed"]).is_empty());
}

#[test]
fn at_discharge_one_key_leaves_the_name_to_the_registry_office_and_takes_it_back() {
    let ward = WardDevice::new();
    ward.sign(&["record", "birth"], &birth("Раҳимзода", "А 01410027"), "mehri");
    let mut app = at_work(&ward, &[]);
    app.sees("\x1b[C\x1b[C\x1b[C\x1b[C", "Раҳимзода");
    // The Cyrillic letter of that key.
    app.sees("щ", "name at the registry office");
    let listed = |name: &str| ward.must(&["list", "--worklist", name]).len();
    assert_eq!((listed("unnamed"), listed("left-to-registry")), (0, 1));
    app.sees("\x1b[C", "Раҳимзода");
    app.sees("o", "waits for the name again");
    assert_eq!((listed("unnamed"), listed("left-to-registry")), (1, 0));
}

#[test]
fn a_mother_without_papers_and_one_who_refuses_are_no_obstacle() {
    let ward = WardDevice::new();
    let mut app = at_work(&ward, &[]);
    type_birth(&mut app, "Давлатова");
    focus(&mut app, "Mother's identity document");
    app.sees(F[9], "Why there is no document");
    fill(
        &mut app,
        &[
            ("Why there is no document", "1"),
            ("Identity established by", "2"),
            ("Witness", "Сӯҳроб, хешованд"),
        ],
    );
    // Not yet known, cannot be known, refused.
    focus(&mut app, "Mother's education");
    app.sees(F[9], "(not yet known)");
    app.sees(F[9], "(cannot be known)");
    app.sees(F[9], "(refused)");
    sign(&mut app, MIDWIFE);
    let said = only(&ward, "birth");
    let mother = &event(&said)["mother"];
    assert_eq!(mother["document"]["not"], "yet");
    assert_eq!(mother["identity"], "stated");
    assert_eq!(mother["witness"], "Сӯҳроб, хешованд");
    assert_eq!(mother["education"]["not"], "refused");
}

#[test]
fn twins_share_what_is_typed_once_and_are_signed_in_one_act() {
    let ward = WardDevice::new();
    let mut app = at_work(&ward, &[]);
    type_birth(&mut app, "Шоназарова");
    focus(&mut app, "Number of children born");
    app.send("\x15");
    fill(
        &mut app,
        &[("Number of children born", "2"), ("Birth order", "1")],
    );
    app.sees(F[12], "Stillbirth");
    focus(&mut app, "Time of birth");
    app.sees(F[4], "min ago");
    fill(
        &mut app,
        &[
            ("Sex", "1"),
            ("Weight", "2610"),
            ("Length", "47"),
            ("Signs of life", "1"),
            ("When the death occurred", "2"),
        ],
    );
    sign(&mut app, MIDWIFE);
    let (born, still) = (only(&ward, "birth"), only(&ward, "foetal-death"));
    assert_eq!(event(&still)["mother"]["surname"], "Шоназарова");
    assert_eq!(event(&born)["set"]["id"], event(&still)["set"]["id"]);
    assert_eq!(
        (&event(&born)["set"]["order"], &event(&still)["set"]["order"]),
        (&1.into(), &2.into())
    );
}

#[test]
fn from_the_birth_one_key_leads_to_the_death_and_one_act_signs_both() {
    let ward = WardDevice::new();
    let mut app = doctor(&ward);
    type_birth(&mut app, "Наимова");
    app.sees(F[2], "Before signing");
    app.sees("d", "Death: Наимова");
    focus(&mut app, "Date of death");
    app.sees(F[4], "today");
    focus(&mut app, "Time of death");
    app.sees(F[4], "ago");
    fill(
        &mut app,
        &[
            ("Given name", "Духтар"),
            ("a) Immediate cause", "хеле барвақт таваллуд шудан"),
            ("Hours lived", "0"),
            ("Manner of death", "1"),
        ],
    );
    review(&mut app);
    app.shows("Linked: birth");
    app.sees(F[2], "Surname or last 4 digits");
    app.send(&format!("наимова{TAB}{DOCTOR}"));
    app.sees(F[2], "Signed and saved here");
    let (born, died) = (only(&ward, "birth"), only(&ward, "death"));
    assert_eq!(event(&born)["child"]["living"], "no");
    assert_eq!(event(&died)["links"][0]["nid"], born["nid"]);
    assert_eq!(event(&born)["links"][0]["nid"], died["nid"]);
    assert_eq!(event(&died)["infant"]["birth_weight"], 3350);
    assert!(ward.must(&["draft"]).is_empty());
}

#[test]
fn the_signs_of_life_decide_what_it_was_and_nothing_is_typed_twice() {
    let ward = WardDevice::new();
    let mut app = at_work(&ward, &[]);
    type_birth(&mut app, "Усмонова");
    fill(&mut app, &[("Apgar at 1 minute", "0"), ("Signs of life", "1")]);
    app.sees(F[2], "B34");
    app.sees(ESC, "saved");
    app.sees(F[11], "Stillbirth: Усмонова");
    fill(&mut app, &[("When the death occurred", "1")]);
    sign(&mut app, MIDWIFE);
    let still = only(&ward, "foetal-death");
    assert_eq!(event(&still)["birth"]["weight"], 3350);
    assert_eq!(event(&still)["foetus"]["signs_of_life"], "none");
    let month = ward.must(&["monitor", "--month", &today("%Y-%m")]).pop().unwrap();
    assert_eq!(month["stillbirths"], 1);
    assert_eq!(
        (&month["live_births"], &month["deaths_total"]),
        (&0.into(), &0.into())
    );
    assert_eq!(month["received"]["stillbirths"], 0, "nothing was sent");
}

/// The ward's day.
fn today(format: &str) -> String {
    (chrono::Utc::now() + chrono::TimeDelta::hours(5))
        .format(format)
        .to_string()
}

/// Types a death of today, up to the cause.
fn type_death(app: &mut App, born: &str) {
    app.sees("d", "Time of death");
    focus(app, "Date of death");
    app.sees(F[4], "today");
    focus(app, "Time of death");
    app.sees(F[4], "ago");
    fill(
        app,
        &[
            ("Surname", "Назаров"),
            ("Given name", "Саидмурод"),
            ("Sex", "1"),
            ("Date of birth", born),
            ("Identity document", "А 16003415"),
            ("District of residence", "13"),
            ("Manner of death", "1"),
        ],
    );
}

#[test]
fn a_year_that_is_about_right_stays_a_year_and_an_estimate() {
    let ward = WardDevice::new();
    let mut app = doctor(&ward);
    type_death(&mut app, "~1950");
    fill(&mut app, &[("a) Immediate cause", "Заҷри шадиди дил")]);
    app.sees("\x1b[5~\x1b[5~\x1b[5~\x1b[5~", "~1950");
    review(&mut app);
    app.sees(F[2], "Surname or last 4 digits");
    app.send(&format!("3415{TAB}{DOCTOR}"));
    app.sees(F[2], "Signed and saved here");
    let died = only(&ward, "death");
    assert_eq!(event(&died)["deceased"]["born"], "1950");
    assert_eq!(event(&died)["approximate"][0], "deceased.born");
}

#[test]
fn an_unknown_deceased_is_a_full_record_with_honest_unknowns() {
    let ward = WardDevice::new();
    let mut app = doctor(&ward);
    app.sees("d", "Time of death");
    focus(&mut app, "Date of death");
    app.sees(F[4], "today");
    for label in [
        "Time of death",
        "Surname",
        "Given name",
        "Date of birth",
        "District of residence",
    ] {
        focus(&mut app, label);
        app.sees(F[9], "(not yet known)");
        app.sees(F[9], "(cannot be known)");
    }
    fill(
        &mut app,
        &[
            ("Temporary name", "шахси номаълум 1"),
            ("Sex", "1"),
            ("Estimated age", "55 сол"),
            ("a) Immediate cause", "сабаб номаълум, ташреҳ интизор"),
            ("Manner of death", "8"),
            ("Where found", "боғи шаҳр"),
        ],
    );
    review(&mut app);
    app.sees(F[2], "Passphrase or PIN");
    app.send(DOCTOR);
    app.sees(F[2], "Signed and saved here");
    let died = only(&ward, "death");
    assert_eq!(event(&died)["deceased"]["surname"]["not"], "knowable");
    assert_eq!(event(&died)["deceased"]["label"], "шахси номаълум 1");
    assert_eq!(event(&died)["deceased"]["estimated_age"], "P55Y");
    assert_eq!(event(&died)["found"]["place"], "боғи шаҳр");
    assert_eq!(event(&died)["death"]["manner"], "pending");
}

#[test]
fn a_death_is_signed_only_for_whom_it_was_typed_again() {
    let ward = WardDevice::new();
    let mut app = doctor(&ward);
    type_death(&mut app, "03101957");
    // The cause is taken from what is offered, with its code.
    focus(&mut app, "a) Immediate cause");
    app.sees("инфракт миок", "I21.9");
    app.send(DOWN);
    app.sees(ENTER, "Heart attack (acute");
    review(&mut app);
    app.sees(F[2], "Surname or last 4 digits");
    app.send(&format!("Назарова{TAB}{DOCTOR}"));
    app.sees(F[2], "Is it the right person?");
    assert!(ward.must(&["list"]).is_empty(), "signed for another one");
    app.send("\x1b[Z\x15назаров");
    app.sees(F[2], "Signed and saved here");
    let died = only(&ward, "death");
    assert_eq!(event(&died)["cause"]["a"]["code"], "I21.9");
}

#[test]
fn at_night_the_cause_is_awaited_and_the_final_certificate_replaces_the_preliminary_one() {
    let ward = WardDevice::new();
    let mut app = doctor(&ward);
    type_death(&mut app, "03101957");
    focus(&mut app, "a) Immediate cause");
    app.sees(F[9], "certificate is preliminary now");
    review(&mut app);
    app.sees(F[2], "Surname or last 4 digits");
    app.send(&format!("назаров{TAB}{DOCTOR}"));
    app.sees(F[2], "Signed and saved here");
    assert_eq!(ward.must(&["list", "--worklist", "cause-awaited"]).len(), 1);
    app.shows("History");
    app.sees("c", "Reason");
    app.send("натиҷаи ташреҳ");
    app.sees(F[2], "(correction)");
    focus(&mut app, "a) Immediate cause");
    app.sees("сирроз", "K74.6");
    // What the word is read as comes first; the offers close when it is taken.
    app.send(&format!("{DOWN}{ENTER}"));
    app.shows_when("the code of the first offer alone", |s| {
        s.contains("K74.6") && !s.contains("K70.3")
    });
    review(&mut app);
    app.shows("Replaces preliminary");
    app.sees(F[2], "Surname or last 4 digits");
    app.send(&format!("назаров{TAB}{DOCTOR}"));
    app.sees(F[2], "Signed and saved here");
    let died = only(&ward, "death");
    assert_eq!(event(&died)["death"]["certificate"], "replaces-preliminary");
    assert_eq!(event(&died)["cause"]["a"]["code"], "K74.6");
    assert!(ward.must(&["list", "--worklist", "cause-awaited"]).is_empty());
}

#[test]
fn an_annulment_needs_a_reason_and_a_second_person() {
    let ward = WardDevice::new();
    let signed = ward.sign(&["record", "birth"], &birth("Раҳимзода", "А 01410027"), "mehri");
    let mut app = at_work(&ward, &[]);
    app.sees("\x1b[C\x1b[C\x1b[C\x1b[C", "Раҳимзода");
    app.sees(ENTER, "History");
    app.sees("a", "Reason");
    app.sees(F[2], "needed");
    app.send(&format!("ду бор навишта шуд{TAB}{MIDWIFE}"));
    app.sees(F[2], "sent ahead of everything");
    app.shows("An annulment waits for a second person");
    // Whoever annuls cannot confirm it.
    app.sees("s", "Passphrase or PIN");
    app.send(MIDWIFE);
    app.sees(F[2], "other than the one who");
    app.sees(ESC, "C/С Correct");
    app.sees(F[3], "L/Д Queue");
    app.sees("k", "Who is working now?");
    app.send("\x1b[A");
    app.shows_when("the doctor chosen", |s| {
        s.lines().any(|l| l.contains('→') && l.contains("Абдуллозода"))
    });
    app.send(DOCTOR);
    app.sees(ENTER, "Unfinished");
    app.sees("\x1b[C", "Раҳимзода");
    app.sees(ENTER, "History");
    app.sees("s", "Passphrase or PIN");
    app.send(DOCTOR);
    app.sees(F[2], "The confirmation is signed");
    let entries: Vec<Value> = ward.must(&["export", "--format", "json"]);
    let kinds: Vec<&str> = entries.iter().filter_map(|e| e["t"].as_str()).collect();
    assert_eq!(kinds, ["open", "birth", "void", "attest"]);
    assert_eq!(entries[2]["nid"], signed["nid"]);
}
