//! How an office finds a notification when the family stands there: words of names, documents,
//! telephones, dates, numbers, each with a letter before it that says what it is.

use crate::matching::{document, fold};
use crate::portal::book::{BookResult, ReadTransaction};
use crate::portal::record::supplement::Supplement;
use crate::portal::record::{Notification, Record};
use crate::questions::{Use, used_for};
use crate::vital::{Event, PartialDate};

/// Notifications looked at for one word; a word that finds more needs a second one.
const MOST_FOR_A_WORD: usize = 2000;
/// Most notifications that are shown.
pub(in crate::portal) const MOST_SHOWN: usize = 50;
/// Greater than every letter, for the end of a stretch of words.
const LAST: char = '\u{10FFFF}';

/// The words by which a notification is found.
pub(in crate::portal) fn words(n: &Record, event: &Event, supplement: &Supplement) -> Vec<String> {
    let mut out = Vec::new();
    let texts = |what| {
        let fields = used_for(event.kind, what);
        fields
            .filter_map(|q| event.text(q.id).map(str::to_owned))
            .collect::<Vec<_>>()
    };
    let added = ["child_given", "child_surname", "father_given", "father_surname"];
    let names = texts(Use::SearchedName);
    for name in names
        .iter()
        .map(String::as_str)
        .chain(added.iter().filter_map(|k| supplement.get(k)))
    {
        out.extend(pieces(name).map(|w| format!("n{w}")));
    }
    let papers = texts(Use::SearchedDocument);
    let shown = ["mother_document", "father_document", "deceased_document"];
    for paper in papers
        .iter()
        .map(String::as_str)
        .chain(shown.iter().filter_map(|k| supplement.get(k)))
    {
        let whole = document(paper);
        let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
        out.extend(
            [format!("d{whole}"), format!("d{digits}")]
                .into_iter()
                .filter(|w| w.len() > 1),
        );
    }
    let phones = texts(Use::SearchedPhone);
    out.extend(
        phones
            .iter()
            .map(|p| phone(p))
            .filter(|p| !p.is_empty())
            .map(|p| format!("p{p}")),
    );
    if let Some(date) = event.event_date() {
        out.push(format!("t{date}"));
    }
    if let Some(registration) = n.state.registration() {
        let number: String = registration.number.split_whitespace().collect();
        out.push(format!("r{}", number.to_lowercase()));
        let certificate = registration
            .certificate
            .as_ref()
            .map(|c| certificate_word(&c.number));
        out.extend(certificate.filter(|word| word.len() > 1));
    }
    out.sort_unstable();
    out.dedup();
    out
}

/// The word by which a certificate is found, however its number is spaced or in whichever alphabet its letters
/// were typed.
pub(in crate::portal) fn certificate_word(number: &str) -> String {
    format!("k{}", document(number))
}

fn pieces(name: &str) -> impl Iterator<Item = String> {
    let folded = fold(name);
    let words: Vec<String> = folded
        .split(|c: char| c == '-' || c.is_whitespace())
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect();
    words.into_iter()
}

/// The last nine digits of a telephone: with or without the code of the country it is the same.
fn phone(text: &str) -> String {
    let digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
    let from = digits.len().saturating_sub(9);
    digits.into_iter().skip(from).collect()
}

/// Whether the whole of what was typed is a telephone, however it is spaced.
fn is_phone(joined: &str) -> bool {
    let belongs = |c: char| c.is_ascii_digit() || "+-()".contains(c);
    joined.chars().all(belongs) && joined.chars().filter(char::is_ascii_digit).count() >= 9
}

/// What a word that was typed can mean: beginnings of words as kept.
fn meanings(typed: &str) -> Vec<String> {
    if let Some(date) = date(typed) {
        return vec![format!("t{date}")];
    }
    let digits = typed.chars().filter(char::is_ascii_digit).count();
    if digits == 0 {
        return pieces(typed).take(1).map(|w| format!("n{w}")).collect();
    }
    let mut out = vec![
        format!("d{}", document(typed)),
        format!("r{}", typed.to_lowercase()),
        certificate_word(typed),
    ];
    if digits >= 6 {
        out.push(format!("p{}", phone(typed)));
    }
    out
}

/// A date as people type it: `7.11.2026`, `07112026`, `2026-11-07`.
fn date(typed: &str) -> Option<PartialDate> {
    if typed.contains('-') {
        return PartialDate::parse(typed).ok().filter(|d| d.day().is_some());
    }
    let parts: Vec<&str> = match typed.split('.').collect::<Vec<_>>() {
        parts if parts.len() == 3 => parts,
        _ if typed.len() == 8 && typed.bytes().all(|b| b.is_ascii_digit()) => {
            vec![typed.get(..2)?, typed.get(2..4)?, typed.get(4..)?]
        }
        _ => return None,
    };
    let [day, month, year] = parts.as_slice() else {
        return None;
    };
    let day: u32 = day.parse().ok()?;
    let month: u32 = month.parse().ok()?;
    let year: i32 = year.parse().ok().filter(|y| *y > 1900)?;
    PartialDate::parse(&format!("{year:04}-{month:02}-{day:02}")).ok()
}

/// Notifications of an office by a number without its blanks.
fn with_number(tx: &ReadTransaction<'_>, office: &str, joined: &str) -> BookResult<Vec<String>> {
    let start = format!("r{}", joined.to_lowercase());
    tx.with_word(office, &start, &format!("{start}{LAST}"), MOST_FOR_A_WORD)
}

/// Finds an office's notifications by everything that was typed, newest first.
pub(in crate::portal) fn find(
    tx: &ReadTransaction<'_>,
    office: &str,
    typed: &str,
) -> BookResult<Vec<Notification>> {
    let joined: String = typed.split_whitespace().collect();
    let typed: Vec<&str> = match is_phone(&joined) {
        true => vec![&joined],
        false => typed.split_whitespace().collect(),
    };
    let one_letter = |w: &&str| w.chars().count() == 1;
    // The number of an act may have blanks.
    let number = match typed.len() > 1 && joined.chars().any(|c| c.is_ascii_digit()) {
        true => with_number(tx, office, &joined)?,
        false => Vec::new(),
    };
    let mut left = (!number.is_empty()).then_some(number);
    let words: &[&str] = if left.is_some() { &[] } else { &typed };
    for word in words {
        // The letter of a passport stands apart and says nothing beside the number.
        if one_letter(word) && typed.len() > 1 {
            continue;
        }
        let mut found: Vec<String> = Vec::new();
        for start in meanings(word) {
            let until = format!("{start}{LAST}");
            found.extend(tx.with_word(office, &start, &until, MOST_FOR_A_WORD)?);
        }
        left = Some(match left {
            None => found,
            Some(before) => before.into_iter().filter(|nid| found.contains(nid)).collect(),
        });
    }
    let mut nids = left.unwrap_or_default();
    nids.sort_unstable_by(|a, b| b.cmp(a));
    nids.dedup();
    let mut out = Vec::new();
    for nid in nids.into_iter().take(MOST_SHOWN) {
        out.extend(tx.notification(&nid)?);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_means_what_people_mean() {
        let cases: &[(&str, &[&str])] = &[
            ("Раҳимова", &["nрахимова"]),
            ("7.11.2026", &["t2026-11-07"]),
            ("07112026", &["t2026-11-07"]),
            ("2026-11-07", &["t2026-11-07"]),
            (
                "+992918123456",
                &["d992918123456", "r+992918123456", "p918123456"],
            ),
        ];
        for (typed, wanted) in cases {
            let found = meanings(typed);
            for w in *wanted {
                assert!(found.iter().any(|m| m == w), "{typed}: {found:?}");
            }
        }
        // No day of any month.
        assert!(date("32.11.2026").is_none() && date("91812345").is_none());
    }
}
