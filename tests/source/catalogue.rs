//! Holds the message catalogue: three languages alike, nothing broken, nothing missing, nothing
//! left over.

use std::collections::{BTreeMap, BTreeSet};

use crate::source;
use fluent_bundle::FluentResource;
use ogoh::lang::{self, Lang};

/// A message as it stands in a file: its part, its text, and what is filled in.
pub struct Message {
    pub part: &'static str,
    pub text: String,
    pub variables: BTreeSet<String>,
}

/// The messages of a language, and the identifiers that stand there more than once.
pub fn read(lang: Lang) -> (BTreeMap<String, Message>, Vec<String>) {
    let (mut messages, mut twice) = (BTreeMap::new(), Vec::new());
    for (part, text) in lang::sources(lang) {
        let mut current: Option<String> = None;
        for line in text.lines() {
            let id: String = line
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
                .collect();
            let rest = line[id.len()..].trim_start();
            if !id.is_empty() && rest.starts_with('=') {
                let text = rest[1..].trim().to_owned();
                let message = Message {
                    part,
                    text,
                    variables: BTreeSet::new(),
                };
                if messages.insert(id.clone(), message).is_some() {
                    twice.push(format!("{}/{part}: {id}", lang.code()));
                }
                current = Some(id);
            } else if line.starts_with(' ') {
                if let Some(message) = current.as_ref().and_then(|id| messages.get_mut(id)) {
                    message.text.push('\n');
                    message.text.push_str(line.trim());
                }
            } else if line.starts_with('#') {
                current = None;
            }
        }
    }
    for message in messages.values_mut() {
        message.variables = after_dollar(&message.text);
    }
    (messages, twice)
}

fn after_dollar(text: &str) -> BTreeSet<String> {
    let word = |t: &str| {
        t.chars()
            .take_while(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
            .collect()
    };
    text.split('$').skip(1).map(word).collect()
}

/// What a reader sees: without placeables and selectors' keys.
pub fn visible(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let mut line = line;
        // A variant: `[few] …` or `*[other] …`.
        if let Some(rest) = line.trim_start_matches('*').strip_prefix('[') {
            line = rest.split_once(']').map_or(rest, |(_, shown)| shown);
        }
        let mut depth = 0;
        for c in line.chars() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ if depth == 0 => out.push(c),
                _ => {}
            }
        }
        out.push('\n');
    }
    out
}

#[track_caller]
pub fn none(faults: Vec<String>, law: &str) {
    assert!(
        faults.is_empty(),
        "{law} ({})\n  {}",
        faults.len(),
        faults.join("\n  ")
    );
}

#[test]
fn no_line_of_the_catalogue_is_broken() {
    let mut faults = Vec::new();
    for lang in Lang::ALL {
        for (part, text) in lang::sources(lang) {
            if let Err((_, errors)) = FluentResource::try_new((*text).to_owned()) {
                faults.extend(errors.iter().map(|e| format!("{}/{part}: {e}", lang.code())));
            }
        }
    }
    none(faults, "every line is Fluent");
}

#[test]
fn no_identifier_stands_twice() {
    none(
        Lang::ALL.into_iter().flat_map(|l| read(l).1).collect(),
        "one text for an identifier",
    );
}

#[test]
fn the_three_languages_have_the_same_identifiers_in_the_same_parts() {
    let (en, _) = read(Lang::En);
    let mut faults = Vec::new();
    for lang in [Lang::Tg, Lang::Ru] {
        let (other, _) = read(lang);
        let code = lang.code();
        for (id, message) in &en {
            match other.get(id) {
                None => faults.push(format!("{id} is missing in {code}")),
                Some(o) if o.part != message.part => faults.push(format!("{id}: part {} in {code}", o.part)),
                Some(_) => {}
            }
        }
        faults.extend(
            other
                .keys()
                .filter(|id| !en.contains_key(*id))
                .map(|id| format!("{id} is only in {code}")),
        );
    }
    none(faults, "three languages alike");
}

#[test]
fn the_three_languages_fill_in_the_same_variables() {
    let (en, _) = read(Lang::En);
    let mut faults = Vec::new();
    for lang in [Lang::Tg, Lang::Ru] {
        for (id, message) in read(lang).0 {
            let Some(english) = en.get(&id) else { continue };
            if message.variables != english.variables {
                let code = lang.code();
                faults.push(format!(
                    "{id}: {code} {:?}, en {:?}",
                    message.variables, english.variables
                ));
            }
        }
    }
    none(faults, "the same variables");
}

#[test]
fn no_text_is_empty() {
    let mut faults = Vec::new();
    for lang in Lang::ALL {
        for (id, message) in read(lang).0 {
            if message.text.trim().is_empty() {
                faults.push(format!("{}: {id}", lang.code()));
            }
        }
    }
    none(faults, "every message says something");
}

#[test]
fn tajik_is_written_with_tajik_letters() {
    // ц щ ы ь left the Tajik alphabet in 1998.
    let mut faults = Vec::new();
    for (id, message) in read(Lang::Tg).0 {
        let strange: String = visible(&message.text)
            .chars()
            .filter(|c| "цщыьЦЩЫЬ".contains(*c))
            .collect();
        if !strange.is_empty() {
            faults.push(format!("{id}: {strange}"));
        }
    }
    none(faults, "Tajik has no ц щ ы ь");
}

#[test]
fn a_word_is_written_in_one_script() {
    let cyrillic = |c: char| matches!(c, '\u{400}'..='\u{52F}');
    let mut faults = Vec::new();
    for lang in Lang::ALL {
        for (id, message) in read(lang).0 {
            let text = visible(&message.text);
            for word in text.split(|c: char| !c.is_alphabetic()) {
                if word.chars().any(cyrillic) && word.chars().any(|c| c.is_ascii_alphabetic()) {
                    faults.push(format!("{}: {id}: {word}", lang.code()));
                }
            }
        }
    }
    none(faults, "letters that look alike are not mixed");
}

#[test]
fn no_text_was_left_in_another_language() {
    let letters = |text: &str, cyrillic: bool| {
        let ours = |c: &char| matches!(c, '\u{400}'..='\u{52F}') == cyrillic;
        visible(text)
            .chars()
            .filter(|c| c.is_alphabetic())
            .filter(ours)
            .count()
    };
    let special = |text: &str| text.chars().filter(|c| "ғӣқӯҳҷҒӢҚӮҲҶ".contains(*c)).count();
    // Names of the key that turns a letter into its Tajik twin.
    let of_letters = |id: &str| id.contains("twin");
    let mut faults = Vec::new();
    for (id, en) in read(Lang::En).0 {
        if letters(&en.text, true) > letters(&en.text, false) && !of_letters(&id) {
            faults.push(format!("en: {id}"));
        }
    }
    for lang in [Lang::Tg, Lang::Ru] {
        for (id, message) in read(lang).0 {
            // Short texts may be a name or a unit that is the same everywhere.
            if letters(&message.text, false) > 12
                && letters(&message.text, true) == 0
                && visible(&message.text).trim().contains(' ')
            {
                faults.push(format!("{}: {id}: {}", lang.code(), message.text));
            }
            if lang == Lang::Ru && special(&message.text) > 3 && !of_letters(&id) {
                faults.push(format!("ru: {id}: Tajik letters"));
            }
        }
    }
    none(faults, "each language in its own words");
}

#[test]
fn plural_forms_follow_the_language() {
    let mut faults = Vec::new();
    let keys = |text: &str| -> BTreeMap<String, String> {
        text.lines()
            .filter_map(|l| l.trim_start_matches('*').strip_prefix('[')?.split_once(']'))
            .map(|(key, shown)| (key.trim().to_owned(), shown.trim().to_owned()))
            .collect()
    };
    for (id, message) in read(Lang::Tg).0 {
        let keys = keys(&message.text);
        if let (Some(one), Some(other)) = (keys.get("one"), keys.get("other"))
            && one != other
        {
            faults.push(format!("tg: {id}: the noun does not change after a numeral"));
        }
    }
    for (id, message) in read(Lang::Ru).0 {
        let keys = keys(&message.text);
        let plural = ["one", "few", "many", "other"].map(|k| keys.contains_key(k));
        if plural[0] && !(plural[1] && (plural[2] || plural[3])) {
            faults.push(format!("ru: {id}: one without few and many"));
        }
    }
    none(faults, "plural forms");
}

/// A string of the source as an identifier or, with `*` for what is filled in, a pattern of one.
fn pattern(string: &str) -> String {
    let (mut out, mut depth) = (String::new(), 0);
    for c in string.chars() {
        match c {
            '{' => {
                depth += 1;
                out.push('*');
            }
            '}' => depth -= 1,
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

fn matches(pattern: &str, id: &str) -> bool {
    let parts: Vec<&str> = pattern.split('*').collect();
    let [first, middle @ .., last] = parts.as_slice() else {
        return pattern == id;
    };
    let Some(mut rest) = id.strip_prefix(first).and_then(|r| r.strip_suffix(last)) else {
        return false;
    };
    for part in middle {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    true
}

fn looks_like_an_id(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '*'))
        && text.contains('-')
        && text.chars().filter(|c| *c != '*').count() > 3
}

#[test]
fn every_identifier_that_the_program_names_is_in_the_catalogue() {
    let (en, _) = read(Lang::En);
    let mut faults = Vec::new();
    for file in source::program() {
        for (before, string) in &file.strings {
            let before = before.trim_end_matches(['"', '#', 'r', ' ', '\n', '&']);
            let format = before.trim_end().trim_end_matches("format!(").trim_end();
            let call = ["Msg::new(", "Arg::Ref(", "lang::has("]
                .iter()
                .any(|c| before.ends_with(c) || format.ends_with(c))
                || is_second_of_text(before);
            let id = pattern(string);
            if call && !id.starts_with('*') && !en.keys().any(|known| matches(&id, known)) {
                faults.push(format!("{}: {id}", file.path));
            }
        }
    }
    faults.sort();
    faults.dedup();
    none(faults, "an identifier that the program names is in the catalogue");
}

/// Whether a string follows `text(lang, `, as the second argument.
fn is_second_of_text(before: &str) -> bool {
    let Some(first) = before.trim_end().strip_suffix(',') else {
        return false;
    };
    let head = first.trim_end_matches(|c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | ':'));
    head.ends_with("text(") && first.len() > head.len()
}

#[test]
fn the_catalogue_has_nothing_that_nobody_names() {
    let (en, _) = read(Lang::En);
    let mut exact = BTreeSet::new();
    let mut patterns = BTreeSet::new();
    for file in source::program() {
        for (_, string) in &file.strings {
            let id = pattern(string);
            if id.contains('*') {
                if looks_like_an_id(&id) {
                    patterns.insert(id);
                }
            } else if id.ends_with('-') && looks_like_an_id(&id) {
                // A table in a macro puts its codes behind it.
                patterns.insert(format!("{id}*"));
            } else {
                exact.insert(id);
            }
        }
    }
    // Messages that stand inside others.
    for message in en.values() {
        for inside in message.text.split('{').skip(1) {
            exact.insert(inside.split('}').next().unwrap().trim().to_owned());
        }
    }
    let mut faults = Vec::new();
    for id in en.keys() {
        // A hint goes with its error (`lang::Explain`), a help text with its question.
        let base = ["-hint", "-help"]
            .iter()
            .find_map(|end| id.strip_suffix(end))
            .unwrap_or(id);
        let used = |id: &str| exact.contains(id) || patterns.iter().any(|p| matches(p, id));
        if !used(base) && !used(id) {
            faults.push(format!("{}: {id}", en[id].part));
        }
    }
    none(faults, "a text that nobody asks for");
}

#[test]
fn every_variable_of_the_catalogue_is_given_somewhere() {
    let given: BTreeSet<String> = source::program()
        .into_iter()
        .flat_map(|f| f.strings)
        .map(|(_, string)| string)
        .collect();
    let mut faults = Vec::new();
    for (id, message) in read(Lang::En).0 {
        for variable in message.variables.iter().filter(|v| !given.contains(*v)) {
            faults.push(format!("{id}: ${variable}"));
        }
    }
    none(faults, "a variable that nobody fills in");
}

#[test]
fn every_field_has_a_label() {
    let mut faults = Vec::new();
    for field in ogoh::vital::field::ALL {
        let id = format!("field-{}", field.replace(['.', '_'], "-"));
        if !lang::has(&id) {
            faults.push(id);
        }
    }
    none(faults, "a field has a label");
}

#[test]
fn patterns_match_what_is_filled_in() {
    assert!(
        matches("field-*", "field-child-sex") && matches("a-*-b-*", "a-1-b-2") && matches("same", "same")
    );
    assert!(!matches("field-*", "rule-b01") && !matches("a-*-c", "a-b-d") && !matches("same", "same-hint"));
    assert_eq!(pattern("rule-{}-hint"), "rule-*-hint");
    assert!(is_second_of_text("let x = text(self.lang, ") && !is_second_of_text("f(a, "));
}
