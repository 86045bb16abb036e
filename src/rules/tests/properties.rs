//! What holds of the findings of any event: they neither deny nor repeat each other, they read as sentences,
//! and going to the field that a finding names mends it.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::generator::{answers, any_event, config, looked};
use super::*;
use crate::codes;
use crate::questions::{question_of, questions};
use crate::vital::field;

/// Findings for a reader of a failure.
fn told<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> String {
    let one = |f: &Finding| {
        let (severity, text) = (f.severity.code(), f.msg.render(Lang::En));
        format!("\n  {severity} {} {}: {text}", f.rule, f.field)
    };
    findings.into_iter().map(one).collect()
}

/// Rules that may speak at one field side by side, and why neither says what the other does.
const BESIDE: &[(&str, &str, &str)] = &[
    ("B03", "B06", "rare of itself; rare for the weeks"),
    ("B03", "B32", "rare; below what is registered"),
    ("B05", "B07", "rare of themselves; against the weight"),
    ("B06", "S08", "rare for the weeks; counted abroad"),
    ("B12", "B14", "many; more than are entered"),
    ("B17", "B19", "beyond a score; beyond what can be measured"),
    ("B08", "S03", "a life is stated; signs of it are"),
    ("B25", "C15", "too near this birth; too near the mother's own"),
    ("B26", "C15", "too far from this birth; too near the mother's own"),
    ("B29", "S01", "rare; below what is registered"),
    ("C02", "C12", "a reason is asked; a registrar will look"),
    ("C15", "D25", "before the birth; after the death"),
    ("C15", "D42", "before the birth; after the death"),
    ("D07", "D08", "longer than the life; the line above it longer"),
    ("D10", "D45", "the same as another line; too short"),
    ("D12", "D15", "not exact; ill-defined"),
    ("D12", "D18", "not exact; intermediate"),
    ("D12", "D35", "not exact; not of this age"),
    ("D12", "D37", "not exact; rare at this age"),
    ("D12", "D44", "not exact; to be reported"),
    ("D13", "D37", "no underlying cause; rare at this age"),
    (
        "D15",
        "D17",
        "two lists of two sources, and the ministry counts each",
    ),
    ("D16", "D17", "two lists of two sources"),
    ("D15", "D37", "ill-defined; rare at this age"),
    (
        "D20",
        "D21",
        "no external cause anywhere; none at the lowest line",
    ),
    ("D26", "D28", "of the other sex; not of this age"),
    ("D26", "D29", "of the other sex; of another time"),
    ("D27", "D37", "of the other sex; rare at this age"),
    ("D28", "D29", "not of this age; of another time"),
    ("D37", "D45", "rare at this age; abbreviated"),
];

fn may_stand_beside(a: &Finding, b: &Finding) -> bool {
    let named = |x: &str, y: &str| BESIDE.iter().any(|(p, q, _)| (*p, *q) == (x, y));
    a.rule != b.rule && (named(a.rule, b.rule) || named(b.rule, a.rule))
}

/// A sentence without what the event says in it.
fn own_words(finding: &Finding, l: Lang) -> String {
    let mut msg = finding.msg.clone();
    for (_, arg) in &mut msg.args {
        if let lang::Arg::Text(text) = arg
            && text.chars().any(char::is_alphabetic)
        {
            *text = "Я".to_owned();
        }
    }
    msg.render(l)
}

/// The words of a text with the marks that codes are written with.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    text.split(move |c: char| !inside(c))
        .map(|w| w.trim_matches(['.', '-']))
}

/// Names that are ours: of fields, of messages, of codes that are no words of a language.
fn raw() -> BTreeSet<String> {
    let joined = |code: &str| code.contains(['-', '_', '.']) && code != "self-harm";
    let of_lists = Kind::ALL
        .into_iter()
        .flat_map(questions)
        .filter_map(|q| match q.input {
            Input::Code(list) if !matches!(list, "district" | "office") => codes::list(list),
            _ => None,
        });
    let of_lists = of_lists.flat_map(|l| l.codes.iter().map(|c| c.code.clone()));
    let labels = field::ALL
        .iter()
        .map(|f| format!("field-{}", f.replace(['.', '_'], "-")));
    let fields = field::ALL.iter().map(|f| (*f).to_owned());
    fields
        .chain(labels)
        .chain(of_lists)
        .filter(|code| joined(code))
        .collect()
}

/// What is wrong with a sentence, if anything is.
fn unreadable(finding: &Finding, l: Lang, raw: &BTreeSet<String>) -> Option<String> {
    let text = finding.msg.render(l);
    let wrong = |what: &str| Some(format!("{what}: {} {l:?}: {text}", finding.msg.id));
    if text == finding.msg.id || text.contains(['{', '}']) || !text.ends_with('.') {
        return wrong("no sentence");
    }
    if text.contains("  ") || text.contains("()") || text.contains("“”") || text.contains("«»") {
        return wrong("a hole");
    }
    let own = own_words(finding, l);
    let chars: Vec<char> = own.chars().collect();
    let negative = |w: &[char]| !w[0].is_alphanumeric() && matches!(w[1], '-' | '−') && w[2].is_ascii_digit();
    let padded: Vec<char> = std::iter::once(' ').chain(chars).collect();
    if padded.windows(3).any(negative) {
        return wrong("a negative number");
    }
    let number = |t: &str| t.parse::<f64>().ok();
    let spans = own.split_whitespace().filter_map(|w| {
        let (from, to) = w.trim_matches(|c: char| !c.is_ascii_digit()).split_once('–')?;
        number(from).zip(number(to))
    });
    if spans.into_iter().any(|(from, to)| from > to) {
        return wrong("a span that ends before it begins");
    }
    let ours = |w: &str| raw.contains(w) || lang::has(w) && w.contains('-');
    let latin = |w: &str| w.len() > 2 && w.chars().all(|c| c.is_ascii_lowercase());
    if words(&own).any(|w| ours(w) || l != Lang::En && latin(w)) {
        return wrong("a raw code");
    }
    None
}

proptest! {
    #![proptest_config(config(2000))]

    /// At one field a rule speaks once, and no other of its weight says the same or the contrary there. A warning
    /// may stand beside an error: whoever corrects one has seen the other.
    #[test]
    fn no_finding_repeats_or_denies_another(event in any_event()) {
        let found = looked(&event);
        for (at, a) in found.iter().enumerate() {
            let here = |b: &&Finding| b.field == a.field && b.severity == a.severity;
            for b in found.iter().skip(at + 1).filter(here) {
                prop_assert!(may_stand_beside(a, b), "{}", told([a, b]));
            }
        }
    }

    /// Each finding is a sentence in each language: no hole, no code of ours, no negative or inverted span.
    #[test]
    fn every_finding_reads_as_a_sentence(event in any_event()) {
        static RAW: std::sync::LazyLock<BTreeSet<String>> = std::sync::LazyLock::new(raw);
        for finding in looked(&event) {
            for l in Lang::ALL {
                prop_assert_eq!(unreadable(&finding, l, &RAW), None);
            }
        }
    }

    /// What a rule says where nothing stands is in the table of unknowns.
    #[test]
    fn the_table_of_unknowns_holds_for_any_event(event in any_event()) {
        for finding in looked(&event) {
            let takes = unknowns(finding.rule);
            let listed = match event.get(finding.field) {
                None => takes.absent,
                Some(Stated::Not(Not::Yet)) => takes.yet,
                Some(Stated::Not(Not::Knowable)) => takes.knowable,
                Some(Stated::Not(Not::Refused)) => takes.refused,
                Some(Stated::Known(_)) => true,
            };
            prop_assert!(listed, "{:?}{}", event.get(finding.field), told([&finding]));
        }
    }
}

/// An event with another answer to a question.
fn with(event: &Event, field: &'static str, answer: &Option<Stated<Value>>) -> Event {
    let mut event = event.clone();
    match answer {
        Some(stated) => event.set(field, stated.clone()),
        None => drop(event.values.remove(field)),
    }
    event
}

proptest! {
    #![proptest_config(config(1000))]

    /// Some answer at the field that a finding names takes the finding away: its cause is there.
    #[test]
    fn removing_the_cause_of_a_finding_removes_it(event in any_event()) {
        let found = looked(&event);
        for finding in &found {
            let q = question_of(event.kind, finding.field).unwrap();
            let gone = |answer: &Option<Stated<Value>>| {
                let again = looked(&with(&event, q.id, answer));
                !again.iter().any(|f| (f.rule, f.field) == (finding.rule, finding.field))
            };
            prop_assert!(answers(q).iter().any(gone), "{}", told([finding]));
        }
    }
}
