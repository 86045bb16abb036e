//! Holds the words of the catalogue: terms that were corrected stay away, and what the app shows fits into a
//! terminal of 80 columns by 24 rows.

use std::collections::BTreeMap;

use crate::catalogue::{Message, none, read, visible};
use ogoh::lang::{self, Lang, Msg};
use ogoh::ward::ui::canvas::{width, wrap};
use ogoh::ward::ui::keys::{self, Act, KeyContext, Stroke};

/// A term that was corrected: what must not stand any more, what stands instead, where the same words are right,
/// and a sentence in which it stood.
struct Term {
    lang: Lang,
    wrong: String,
    instead: String,
    unless: Vec<String>,
    example: String,
}

/// The rows of a table of the program or of these tests.
fn rows(table: &str) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(table.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .unwrap()
}

fn terms() -> Vec<Term> {
    rows(include_str!("../data/terms-not-to-come-back.csv"))
        .into_iter()
        .map(|mut row| {
            let mut cell = |name: &str| row.remove(name).unwrap();
            let unless = cell("unless");
            Term {
                lang: Lang::from_code(&cell("lang")).unwrap(),
                wrong: cell("wrong"),
                instead: cell("instead"),
                unless: unless
                    .split('|')
                    .filter(|u| !u.is_empty())
                    .map(str::to_owned)
                    .collect(),
                example: cell("example"),
            }
        })
        .collect()
}

/// Words in small letters; the end of a sentence is a word of its own, which no term has.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for c in text.to_lowercase().chars() {
        match c {
            c if c.is_alphanumeric() || c == '-' => words.last_mut().unwrap().push(c),
            '.' | ';' | ':' | '?' | '!' => words.extend([c.to_string(), String::new()]),
            _ => words.push(String::new()),
        }
    }
    words.retain(|w| w.chars().any(|c| c != '-'));
    words
}

/// Whether the words of a term stand there side by side; a star stands for any ending.
fn stands(term: &str, words: &[String]) -> bool {
    let term: Vec<String> = term
        .to_lowercase()
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    words.windows(term.len()).any(|run| {
        run.iter()
            .zip(&term)
            .all(|(word, wanted)| match wanted.strip_suffix('*') {
                Some(beginning) => word.starts_with(beginning),
                None => word == wanted,
            })
    })
}

/// Whether a text has the wrong term, and not as part of one that is right.
fn wrong_in(term: &Term, text: &str) -> bool {
    let words = words(text);
    stands(&term.wrong, &words) && !term.unless.iter().any(|right| stands(right, &words))
}

/// Everything that a person reads in a language: where it stands, and the text.
fn texts(lang: Lang) -> Vec<(String, String)> {
    let (messages, _) = read(lang);
    let mut texts: Vec<_> = messages
        .iter()
        .map(|(id, m)| (id.clone(), visible(&m.text)))
        .collect();
    for (file, table) in [
        ("causes.csv", include_str!("../../src/icd/causes.csv")),
        ("lists.csv", include_str!("../../src/codes/lists.csv")),
    ] {
        for row in rows(table) {
            let list = row.get("list").map_or(file, String::as_str);
            texts.push((format!("{list} {}", row["code"]), row[lang.code()].clone()));
        }
    }
    texts
}

#[test]
fn terms_that_were_corrected_do_not_come_back() {
    let terms = terms();
    let mut faults = Vec::new();
    for lang in Lang::ALL {
        for (place, text) in texts(lang) {
            for term in terms.iter().filter(|t| t.lang == lang && wrong_in(t, &text)) {
                let (code, wrong, instead) = (lang.code(), &term.wrong, &term.instead);
                faults.push(format!(
                    "{code} {place}: “{wrong}”, write “{instead}”: {}",
                    text.trim()
                ));
            }
        }
    }
    none(faults, "one term for one thing");
}

#[test]
fn every_term_is_recognised_in_the_sentence_in_which_it_stood() {
    let blind = terms().into_iter().filter(|t| !wrong_in(t, &visible(&t.example)));
    none(
        blind.map(|t| format!("{}: {}", t.wrong, t.example)).collect(),
        "a term that is looked for can be found",
    );
}

/// What stands in a sentence in place of what is filled in: as long as it usually is.
fn sample(msg: Msg, name: &str) -> Msg {
    match name {
        "at" => msg.with("at", "12.11.2026 03:12"),
        "now" => msg.with("now", "12.11.2026 14:05"),
        "other_at" => msg.with("other_at", "12.11.2026 03:40"),
        "born" => msg.with("born", "12.11.2026"),
        "date" => msg.with("date", "12.11.2026"),
        "last" => msg.with("last", "12.11.2026"),
        "lmp" => msg.with("lmp", "12.11.2026"),
        "injured" => msg.with("injured", "12.11.2026"),
        "name" => msg.with("name", "Ғафурова Заррина Раҳимзода"),
        "who" => msg.with("who", "Ғафурова Заррина Раҳимзода"),
        "by" => msg.with("by", "Ғафурова Заррина Раҳимзода"),
        "other" => msg.with("other", "Қурбонова Гулнора"),
        "value" => msg.with("value", "А 1234567890"),
        "better" => msg.with("better", "Ҷумъаева"),
        "found" => msg.with("found", "12.13.2026"),
        "field" => msg.with("field", "Предыдущие кесаревы сечения"),
        "code" => msg.with("code", "C95.9"),
        "manner" => msg.with("manner", "худкушӣ"),
        "facility" => msg.with("facility", "TJ-KT-BOX-01"),
        "rules" => msg.with("rules", "B06, D15, D16"),
        "unit" => msg.with("unit", "mo"),
        "used" => msg.with("used", "b"),
        "empty" => msg.with("empty", "a"),
        "line" => msg.with("line", "a"),
        "below" => msg.with("below", "b"),
        "least" => msg.with("least", 500_u32),
        "most" => msg.with("most", 5500_u32),
        "path" => msg.with("path", "/var/lib/ogoh/ogoh.db"),
        "what" => msg.with("what", "Input/output error (os error 5)"),
        "allowed" => msg.with("allowed", "male, female, undetermined"),
        "passphrase" => msg.with("passphrase", "баҳор дарё кабк анор шамол санг"),
        "kind" => msg.with("kind", "Мурда таваллуд шудан"),
        "text" => msg.with("text", "Насаби модарро санҷед."),
        "status" => msg.with("status", "бекоркунӣ интизори тасдиқ аст"),
        "entry" => msg.with("entry", "Мурда таваллуд шудан"),
        "why" => msg.with("why", "Насаби модар"),
        "since" => msg.with("since", "03:12"),
        "when" => msg.with("when", "12.11.2026 03:12"),
        // Everything else is a number of two digits at most.
        _ => msg.with(Box::leak(name.to_owned().into_boxed_str()), 35_u32),
    }
}

/// The text of a message as a person sees it.
fn shown(lang: Lang, id: &str, message: &Message) -> String {
    let filled = message.variables.iter();
    let msg = filled.fold(Msg::new(id.to_owned()), |msg, name| sample(msg, name));
    msg.render(lang)
}

/// Faults of messages that need more lines of so many columns than the screen has for them.
fn too_long(
    lines: usize,
    columns: u16,
    text: impl Fn(Lang, &str, &Message) -> Option<String>,
) -> Vec<String> {
    let mut faults = Vec::new();
    for lang in Lang::ALL {
        for (id, message) in read(lang).0 {
            let Some(text) = text(lang, &id, &message) else {
                continue;
            };
            let needed = wrap(&text, columns).len();
            if needed > lines {
                faults.push(format!(
                    "{} {id}: {needed} lines of {columns}, {} columns in all: {text}",
                    lang.code(),
                    width(&text)
                ));
            }
        }
    }
    faults
}

#[test]
fn a_label_of_a_form_fits_beside_its_answer() {
    // At 80 columns a label has 31 in the form, and 30 beside the answer in the review and in the notification.
    let label = |lang, id: &str, m: &Message| {
        (id.starts_with("field-") && !id.ends_with("-help")).then(|| shown(lang, id, m))
    };
    none(too_long(1, 30, label), "a label is shown whole");
}

#[test]
fn the_help_of_a_field_fits_below_the_form() {
    let help = |lang, id: &str, m: &Message| {
        (id.starts_with("field-") && id.ends_with("-help")).then(|| shown(lang, id, m))
    };
    none(too_long(2, 78, help), "a help text is shown whole");
}

/// Rules about one event; the others are about a month, or name a line or a manner.
fn of_an_event(id: &str) -> Option<&str> {
    let rule = id.strip_prefix("rule-")?.split('-').next()?;
    let number = rule.get(1..)?;
    (rule.len() == 3 && number.parse::<u8>().is_ok() && !rule.starts_with('m')).then_some(rule)
}

#[test]
fn a_finding_fits_into_its_two_lines_of_the_review() {
    let finding = |lang, id: &str, m: &Message| {
        let rule = of_an_event(id)?.to_uppercase();
        Some(format!("? {rule}: {}", shown(lang, id, m)))
    };
    none(too_long(2, 77, finding), "a finding is shown whole");
    // What cannot be read stands there too, without the path that only files need.
    let unreadable = |lang, id: &str, m: &Message| {
        let of_a_field = id.starts_with("form-") && m.variables.contains("field");
        let path = "/var/lib/ogoh/ogoh.db";
        of_a_field.then(|| format!("■ {}", shown(lang, id, m).replace(&format!(" ({path})"), "")))
    };
    none(too_long(2, 77, unreadable), "what cannot be read is shown whole");
}

#[test]
fn when_a_question_applies_fits_into_the_finding_that_says_it() {
    let finding = |lang: Lang, id: &str, m: &Message| {
        id.starts_with("applies-").then(|| {
            let msg = sample(Msg::new("rule-c14"), "field").with("when", shown(lang, id, m));
            format!("? C14: {}", msg.render(lang))
        })
    };
    none(too_long(2, 77, finding), "a finding is shown whole");
}

#[test]
fn a_notice_fits_into_its_three_lines_with_what_to_do() {
    // `ogoh verify` and `ogoh doctor` say this one; the app has `ui-missing`.
    let of_commands = ["store-missing"];
    let notice = |lang: Lang, id: &str, m: &Message| {
        let of_the_app = match m.part {
            "ui" => !id.starts_with("ui-ask-"),
            "store" | "deliver" | "seal" | "env" => true,
            _ => false,
        };
        if !of_the_app || id.ends_with("-hint") || of_commands.contains(&id) {
            return None;
        }
        let hint = format!("{id}-hint");
        // A hint is filled in with what its message is.
        let hint = lang::has(&hint).then(|| format!(" {}", shown(lang, &hint, m)));
        Some(shown(lang, id, m) + &hint.unwrap_or_default())
    };
    none(too_long(3, 78, notice), "a notice is shown whole");
}

#[test]
fn a_question_before_an_act_fits_into_its_frame() {
    // The frame has 70 columns; beside the question stand at most three fields and what F2 does.
    let intro = |lang, id: &str, m: &Message| id.starts_with("ui-ask-").then(|| shown(lang, id, m));
    none(too_long(6, 70, intro), "a question is shown whole");
}

#[test]
fn what_is_shown_in_one_line_fits_into_it() {
    let columns = |id: &str| match id {
        "ui-unlock-choose" | "ui-unlock-waiting" | "ui-unlock-resting" | "ui-nothing-in-list" => Some(77),
        "ui-unlock-nobody" | "ui-review-clean" | "ui-look-alikes" | "ui-handover-empty" => Some(78),
        id if id.starts_with("ui-list-") && !id.ends_with("-empty") => Some(19),
        "ui-kind-birth" | "ui-kind-death" | "ui-kind-foetal-death" => Some(10),
        _ => None,
    };
    for wide in [10, 19, 77, 78] {
        let line = |lang, id: &str, m: &Message| (columns(id) == Some(wide)).then(|| shown(lang, id, m));
        none(too_long(1, wide, line), "one line is shown whole");
    }
}

fn names(keys: &[Stroke]) -> String {
    keys.iter().map(|k| k.name()).collect::<Vec<_>>().join(", ")
}

#[test]
fn keys_and_their_names_fit_into_footer_worklists_and_command_bar() {
    let mut faults = Vec::new();
    for lang in Lang::ALL {
        let (messages, _) = read(lang);
        let text = |id: &str| messages.get(id).map(|m| shown(lang, id, m));
        let code = lang.code();
        for place in KeyContext::ALL {
            let key = |b: &keys::Binding| format!("{} {}", b.keys[0].name(), text(b.label).unwrap());
            let line = format!(" {}", keys::footer(place).map(key).collect::<Vec<_>>().join("  "));
            if width(&line) > 80 {
                faults.push(format!("{code} footer: {line}"));
            }
        }
        for act in [
            Act::NewBirth,
            Act::NewDeath,
            Act::NewFoetalDeath,
            Act::Search,
            Act::Delivery,
            Act::Handover,
            Act::Lock,
            Act::Quit,
        ] {
            let binding = keys::help(KeyContext::Home).find(|b| b.act == act).unwrap();
            let at = (1 + width(&binding.keys[0].name())).max(4) + 1;
            let label = text(binding.label).unwrap();
            // The column of the worklists has 27 columns, the last of them empty.
            if at + width(&label) > 26 {
                faults.push(format!("{code} worklists: {label}"));
            }
        }
        for binding in keys::commands() {
            let said = text(&format!("{}-help", binding.label)).or_else(|| text(binding.label));
            let said = said.unwrap();
            let edge = 68 - (width(&names(binding.keys)) + 1);
            if width(&said) > edge - 2 {
                faults.push(format!(
                    "{code} command bar: {} of {}: {said}",
                    width(&said),
                    edge - 2
                ));
            }
        }
    }
    none(faults, "keys and their names are shown whole");
}
