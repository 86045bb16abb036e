//! Lists of ICD-10 codes that rules compare with, and the lines of a certificate. Bare codes are
//! facts; the classification's titles are WHO's text and are not here.

use std::sync::LazyLock;

pub use crate::icd::{Icd, Ranges};
use crate::lang::Arg;
use crate::vital::{Event, field};

macro_rules! lists {
    ($($(#[doc = $doc:literal])+ $name:ident = $codes:literal;)*) => {
        $($(#[doc = $doc])+ pub static $name: LazyLock<Ranges> = LazyLock::new(|| Ranges::read($codes));)*
        #[cfg(test)]
        const WRITTEN: &[(&str, &LazyLock<Ranges>)] = &[$(($codes, &$name)),*];
    };
}

lists! {
    /// Ill-defined conditions (WHO list).
    ILL_DEFINED = "R00-R94 R96-R99 Y10-Y34 Y87.2 C76 C80 C97 I46 I47.2 I49.0 I50 I51.4 I51.5 I51.6 I51.9 I70.9";
    /// Further codes that say little (ICD-10 Volume 2).
    VAGUE = "I95.9 I99 J96.0 J96.9 P28.5";
    /// Modes of dying (WHO handbook).
    MODE_OF_DYING = "I46.9 R09.2 J96 R57 R68.8 R99";
    /// Intermediate causes that are no underlying cause (GBD and ANACONDA groups).
    INTERMEDIATE = "A40-A41 I26 J18 J80-J81 K65-K66 N17-N19 D65 E86-E87";
    /// Manifestation (asterisk) categories.
    MANIFESTATION = "D63 D77 E35 E90 F00 F02 G01 G02 G05 G07 G13 G22 G26 G32 G46 G53 G55 G59 G63 G73 G94 G99 H03 H06 H13 H19 H22 H28 H32 H36 H42 H45 H48 H58 H62 H67 H75 H82 H94 I32 I39 I41 I43 I52 I68 I79 I98 J17 J91 J99 K23 K67 K77 K87 K93 L14 L45 L54 L62 L86 L99 M01 M03 M07 M09 M14 M36 M49 M63 M68 M73 M82 M90 N08 N16 N22 N29 N33 N37 N51 N74 N77 P75";
    /// Codes of special purposes that WHO has issued.
    ISSUED_U = "U04 U06-U12 U82-U85";
    /// All of the codes of special purposes.
    SPECIAL = "U00-U99";
    /// Injuries, poisonings and other consequences of external causes.
    INJURY = "S00-T98";
    /// External causes.
    EXTERNAL = "V01-Y98";
    /// Transport accidents on land.
    TRANSPORT = "V01-V89";
    /// Accidents, with their sequelae.
    ACCIDENT = "V01-X59 Y85-Y86";
    /// Intentional self-harm, with sequelae.
    SELF_HARM = "X60-X84 Y87.0";
    /// Assault, with sequelae.
    ASSAULT = "X85-Y09 Y87.1";
    /// Event of undetermined intent, with sequelae.
    UNDETERMINED = "Y10-Y34 Y87.2";
    /// Legal intervention, with sequelae.
    LEGAL = "Y35 Y89.0";
    /// Operations of war, with sequelae.
    WAR = "Y36 Y89.1";
    /// Of women only (ICD-10 Volume 2).
    WOMEN = "A34 B37.3 C51-C58 C79.6 D06 D07.0-D07.3 D25-D28 D39 E28 E89.4 F52.5 F53 I86.3 L29.2 M80.0-M80.1 M81.0-M81.1 M83.0 N70-N98 N99.2-N99.3 O00-O99 Q50-Q52 R87 S31.4 S37.4-S37.6 T19.2-T19.3 T83.3";
    /// Of men only (ICD-10 Volume 2).
    MEN = "B26.0 C60-C63 D07.4-D07.6 D17.6 D29 D40 E29 E89.5 F52.4 I86.1 L29.1 N40-N51 Q53-Q55 R86 S31.2-S31.3";
    /// Of pregnancy, childbirth and the weeks after.
    MATERNAL = "O00-O99 A34 F53";
    /// Codes of obstetrics, which are a mother's and never a foetus's.
    OBSTETRIC = "O00-O99";
    /// Foetal death of an unspecified cause.
    FOETAL_UNSPECIFIED = "P95 P96.9";
    /// Congenital anomalies.
    ANOMALY = "Q00-Q99";
    /// Obstetric death 43 days to one year after delivery.
    LATE_MATERNAL = "O96";
    /// Sequelae of obstetric causes, a year or more after.
    MATERNAL_SEQUELAE = "O97";
    /// Conditions of the perinatal period.
    PERINATAL = "P00-P96";
    /// Tetanus of newborns.
    NEONATAL_TETANUS = "A33";
    /// Sudden infant death.
    SUDDEN_INFANT = "R95";
    /// Diseases of adults: of the heart's vessels, of the prostate, of the lungs.
    NOT_UNDER_15 = "I20-I25 J44";
    /// Diseases of adults: dementia, cancer of the prostate.
    NOT_UNDER_35 = "F00-F03 G30 C61";
    /// Old age.
    NOT_UNDER_60 = "R54";
    /// Unlikely to cause death (after the annex of ICD-10 Volume 2; ranges from general knowledge,
    /// to be compared with WHO's own list when the ministry supplies it).
    UNLIKELY = "A31.1 A60 A63.0 A71 A74.0 B00.2 B00.5 B00.8 B07-B08 B30 B35-B36 B85-B89 D17 D22-D23 E01-E02 E04.9 E66.3 F40-F45 F48 F51-F52 F60-F66 F68-F69 F80-F98 G43-G44 G47.0 G47.8-G47.9 G50-G52 G54 G56-G58 H00-H04 H10-H11 H15-H21 H25-H27 H30-H31 H33-H36 H40 H42-H43 H46-H62 H65 H68-H69 H72-H74 H80-H83 H90-H95 I73.0 I78.1 I83.9 I84 I86 J00 J02.9 J03.9 J06.9 J30-J31 J33-J35 K00-K07 K09-K11 K13-K14 K60 L01 L03.0 L04-L05 L08.0 L20-L25 L28-L30 L40-L43 L50 L55-L60 L63-L68 L70-L75 L80-L87 L90-L92 L94 M15-M25 M40-M43 M47-M48 M50-M54 M60 M65-M67 M70-M71 M75-M79 M95 M99 N39.3-N39.4 N43 N46-N48 N60 N62-N64 N81 N84-N97 R05 R10 R11 R21 R25 R32 R42 R51 S00 S05 S10.0 S20.0-S20.3 S30.0 S40 S50 S60 S70.0 S80 S90";
    /// Eradicated: smallpox.
    ERADICATED = "B03";
    /// To be reported at once: cholera, plague, yellow fever, smallpox; diphtheria, poliomyelitis,
    /// rabies, measles.
    NOTIFIABLE = "A00 A20 A95 B03 A36 A80 A82 B05";
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
    /// Its code, where it has a readable one.
    pub code: Option<Icd>,
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
            code: event.text(code).and_then(Icd::parse),
        })
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

/// Every readable code of the certificate with its field: Part I, then Part II.
pub fn coded(event: &Event) -> impl Iterator<Item = (&'static str, Icd)> {
    let others = part_two(event).filter_map(|(_, code)| Some((code, Icd::parse(event.text(code)?)?)));
    lines(event)
        .filter_map(|l| Some((l.code_field, l.code?)))
        .chain(others)
}

/// First code of the certificate in a list.
pub fn find(event: &Event, list: &Ranges) -> Option<&'static str> {
    coded(event).find(|(_, c)| c.is_in(list)).map(|(f, _)| f)
}

/// Whether every line that says something has a readable code. No code is ever required, so what
/// a code proves is missing can only be missed where nothing stands uncoded.
pub fn all_coded(event: &Event) -> bool {
    part_two(event).all(|(_, code)| event.text(code).and_then(Icd::parse).is_some())
        && lines(event).all(|l| l.code.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_every_list_is_a_code_or_a_range() {
        for (written, read) in WRITTEN {
            assert_eq!(written.split_whitespace().count(), read.len(), "{written}");
            assert!(read.is_ordered(), "{written}");
        }
        assert_eq!(MANIFESTATION.len(), 83);
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
