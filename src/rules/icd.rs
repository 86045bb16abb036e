//! Lists of ICD-10 codes that rules compare with, and the lines of a certificate. Bare codes are
//! facts; the classification's titles are WHO's text and are not here.

use std::sync::LazyLock;

pub use crate::icd::{Icd, MATCHER_VERSION, Ranges};
use crate::icd::{read_text, structure};
use crate::lang::Arg;
use crate::vital::{Event, field};

macro_rules! lists {
    ($($(#[doc = $doc:literal])+ $name:ident;)*) => {
        $($(#[doc = $doc])+ pub static $name: LazyLock<Ranges> =
            LazyLock::new(|| Ranges::read(structure::codes(stringify!($name))));)*
        #[cfg(test)]
        const LISTS: &[&LazyLock<Ranges>] = &[$(&$name),*];
    };
}

lists! {
    /// Ill-defined conditions (WHO list).
    ILL_DEFINED;
    /// Further codes that say little (ICD-10 Volume 2).
    VAGUE;
    /// Modes of dying (WHO handbook).
    MODE_OF_DYING;
    /// Intermediate causes that are no underlying cause (GBD and ANACONDA groups).
    INTERMEDIATE;
    /// Manifestation (asterisk) categories.
    MANIFESTATION;
    /// Chapters and blocks that only add to a cause: factors of health, agents, circumstances.
    NO_CAUSE;
    /// Not used as an underlying cause where another is known (ICD-10 Volume 2).
    REPLACED;
    /// Codes of special purposes that WHO has issued.
    ISSUED_U;
    /// All of the codes of special purposes.
    SPECIAL;
    /// Injuries, poisonings and other consequences of external causes.
    INJURY;
    /// External causes.
    EXTERNAL;
    /// Transport accidents on land.
    TRANSPORT;
    /// Accidents, with their sequelae.
    ACCIDENT;
    /// Intentional self-harm, with sequelae.
    SELF_HARM;
    /// Assault, with sequelae.
    ASSAULT;
    /// Event of undetermined intent, with sequelae.
    UNDETERMINED;
    /// Legal intervention, with sequelae.
    LEGAL;
    /// Operations of war, with sequelae.
    WAR;
    /// Of women only (ICD-10 Volume 2).
    WOMEN;
    /// Of men only (ICD-10 Volume 2).
    MEN;
    /// Of pregnancy, childbirth and the weeks after.
    MATERNAL;
    /// Codes of obstetrics, which are a mother's and never a foetus's.
    OBSTETRIC;
    /// Foetal death of an unspecified cause.
    FOETAL_UNSPECIFIED;
    /// Congenital anomalies.
    ANOMALY;
    /// Obstetric death 43 days to one year after delivery.
    LATE_MATERNAL;
    /// Sequelae of obstetric causes, a year or more after.
    MATERNAL_SEQUELAE;
    /// Conditions of the perinatal period.
    PERINATAL;
    /// Tetanus of newborns.
    NEONATAL_TETANUS;
    /// Sudden infant death.
    SUDDEN_INFANT;
    /// Diseases of adults: of the heart's vessels, of the prostate, of the lungs.
    NOT_UNDER_15;
    /// Diseases of adults: dementia, cancer of the prostate.
    NOT_UNDER_35;
    /// Old age.
    NOT_UNDER_60;
    /// Unlikely to cause death (after the annex of ICD-10 Volume 2; ranges from general knowledge,
    /// to be compared with WHO's own list when the ministry supplies it).
    UNLIKELY;
    /// Eradicated: smallpox.
    ERADICATED;
    /// To be reported at once: cholera, plague, yellow fever, smallpox; diphtheria, poliomyelitis,
    /// rabies, measles.
    NOTIFIABLE;
}

/// Whether something is stated on a line: a text or a code.
fn is_used(event: &Event, text: &str, code: &str) -> bool {
    let filled = |f: &str| event.text(f).is_some_and(|t| !t.trim().is_empty());
    filled(text) || filled(code)
}

/// A line of Part I that says something.
#[derive(Clone, Copy, Debug)]
pub struct CauseLine {
    /// Place from the top, 0 for the immediate cause.
    pub index: usize,
    /// Field of its text.
    pub text: &'static str,
    /// Field of its code.
    pub code_field: &'static str,
    /// Its code, where it has a readable one or its words are surely one.
    pub code: Option<Icd>,
    /// Whether the code was read from the words ([`MATCHER_VERSION`] says how), because none is stated.
    pub matched: bool,
}

impl CauseLine {
    /// The line's letter, as the catalogue writes it in each language.
    pub fn letter(&self) -> Arg {
        letter(self.index)
    }
}

/// The letter of a line by its place from the top.
pub fn letter(index: usize) -> Arg {
    let letter = ["a", "b", "c", "d"].get(index).copied().unwrap_or("d");
    Arg::Ref(format!("rule-line-{letter}"))
}

/// Lines of Part I that say something, from the immediate cause down.
pub fn lines(event: &Event) -> impl DoubleEndedIterator<Item = CauseLine> {
    field::CAUSE_LINES
        .iter()
        .enumerate()
        .filter(|(_, (text, code, _))| is_used(event, text, code))
        .map(|(index, (text, code, _))| CauseLine {
            index,
            text,
            code_field: code,
            code: code_of(event, text, code),
            matched: is_read(event, code),
        })
}

/// The code of a line: the stated one, or what its words are surely read as.
fn code_of(event: &Event, text: &str, code: &str) -> Option<Icd> {
    match event.text(code).filter(|c| !c.trim().is_empty()) {
        Some(stated) => Icd::parse(stated),
        None => read_text(event.text(text)?).code().and_then(Icd::parse),
    }
}

/// How a line of a certificate came by its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// Whoever certified stated it.
    Stated,
    /// It was read from the words ([`MATCHER_VERSION`] says how).
    Matched,
    /// It has none, or none that can be read.
    Uncoded,
}

impl Coding {
    /// The word in exports.
    pub fn code(self) -> &'static str {
        match self {
            Coding::Stated => "stated",
            Coding::Matched => "matched",
            Coding::Uncoded => "uncoded",
        }
    }
}

/// The code of a line as rules and figures take it, and how it came by it; none where the line says nothing. A
/// stated code that cannot be read is given as it stands, and is *uncoded*.
pub fn coding(event: &Event, text: &str, code: &str) -> Option<(Coding, String)> {
    if !is_used(event, text, code) {
        return None;
    }
    let stated = event.text(code).map(str::trim).filter(|c| !c.is_empty());
    Some(match (stated, code_of(event, text, code)) {
        (Some(stated), Some(_)) => (Coding::Stated, stated.to_owned()),
        (Some(stated), None) => (Coding::Uncoded, stated.to_owned()),
        (None, Some(_)) => {
            let read = read_text(event.text(text).unwrap_or_default());
            (Coding::Matched, read.code().unwrap_or_default().to_owned())
        }
        (None, None) => (Coding::Uncoded, String::new()),
    })
}

/// Field of the words that belong to the code in this field.
fn words_of(code: &str) -> Option<&'static str> {
    let mut all = field::CAUSE_LINES.iter().chain(&field::CAUSE_OTHERS);
    all.find(|(_, c, _)| *c == code).map(|(text, _, _)| *text)
}

/// The field of the words from which the code that belongs in this field was read, because none is stated.
/// What rests on such a code stops no signing.
pub fn words_read(event: &Event, code: &str) -> Option<&'static str> {
    let stated = event.text(code).is_some_and(|c| !c.trim().is_empty());
    words_of(code).filter(|text| !stated && code_of(event, text, code).is_some())
}

/// Whether the code that belongs in this field was read from words.
pub fn is_read(event: &Event, code: &str) -> bool {
    words_read(event, code).is_some()
}

/// A line's code as a sentence names it: as it was stated, or as it was read and from which words.
pub fn stated(event: &Event, code: &str) -> String {
    if let Some(stated) = event.text(code).filter(|c| !c.trim().is_empty()) {
        return stated.trim().to_owned();
    }
    let words = words_of(code)
        .and_then(|text| event.text(text))
        .unwrap_or_default();
    let read = read_text(words);
    format!("{} ({})", read.code().unwrap_or_default(), words.trim())
}

/// The lowest used line of Part I: the tentative underlying cause.
pub fn underlying(event: &Event) -> Option<CauseLine> {
    lines(event).next_back()
}

/// Conditions of Part II that say something: fields of text and code.
pub fn part_two(event: &Event) -> impl Iterator<Item = (&'static str, &'static str)> {
    field::CAUSE_OTHERS
        .iter()
        .map(|(text, code, _)| (*text, *code))
        .filter(|(text, code)| is_used(event, text, code))
}

/// Whether Part II says something.
pub fn has_part_two(event: &Event) -> bool {
    part_two(event).next().is_some()
}

/// Every code of the certificate, stated or read from words, with its field: Part I, then Part II.
pub fn coded(event: &Event) -> impl Iterator<Item = (&'static str, Icd)> {
    let others = part_two(event).filter_map(|(text, code)| Some((code, code_of(event, text, code)?)));
    lines(event)
        .filter_map(|l| Some((l.code_field, l.code?)))
        .chain(others)
}

/// First code of the certificate in a list.
pub fn find(event: &Event, list: &Ranges) -> Option<&'static str> {
    coded(event).find(|(_, c)| c.is_in(list)).map(|(f, _)| f)
}

/// Whether every line that says something has a stated, readable code. No code is ever required, so
/// what a code proves is missing can only be missed where nothing stands uncoded.
pub fn all_coded(event: &Event) -> bool {
    part_two(event).all(|(_, code)| event.text(code).and_then(Icd::parse).is_some())
        && lines(event).all(|l| l.code.is_some() && !l.matched)
}

/// Whether every line that says something has a code, stated or read from its words.
pub fn all_read(event: &Event) -> bool {
    part_two(event).all(|(text, code)| code_of(event, text, code).is_some())
        && lines(event).all(|l| l.code.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_list_has_its_codes() {
        assert!(LISTS.iter().all(|l| l.len() > 0));
    }

    #[test]
    fn a_category_lies_in_a_list_only_as_a_whole() {
        let is = |t: &str, list: &Ranges| Icd::parse(t).unwrap().is_in(list);
        assert!(is("C56", &WOMEN) && is("D07.1", &WOMEN) && is("O85", &WOMEN) && is("N99.2", &WOMEN));
        assert!(!is("D07", &WOMEN) && !is("D07.4", &WOMEN) && !is("N99", &WOMEN));
        assert!(is("I46.9", &ILL_DEFINED) && !is("R95", &ILL_DEFINED) && !is("I51", &ILL_DEFINED));
        assert!(is("X68", &SELF_HARM) && is("S06.5", &INJURY) && is("V44.5", &EXTERNAL));
    }
}
