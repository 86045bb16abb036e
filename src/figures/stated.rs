//! As what an event counts, by what is stated of it.
//!
//! A foetal death is never a live birth and never a death. Words that are surely a code count like that code,
//! and apart as *matched*; words that are not count as *uncoded*.

use crate::questions::applying;
use crate::rules::icd;
use crate::vital::{Age, Event, Kind, Not, field as f};

/// Bands of age at death, youngest first.
pub const BANDS: [&str; 9] = [
    EARLY,
    "late_neonatal_7_27d",
    "post_neonatal_28_364d",
    "age_1_4",
    "age_5_14",
    "age_15_49",
    "age_50_69",
    "age_70_plus",
    UNKNOWN_AGE,
];
const EARLY: &str = "early_neonatal_0_6d";
const UNKNOWN_AGE: &str = "age_unknown";

/// What an event counts as.
pub(super) fn stated(event: &Event) -> Vec<String> {
    // What older versions let pass is not counted.
    let event = &applying(event).0;
    let mut out = Counts(Vec::new());
    match event.kind {
        Kind::Birth => birth(event, &mut out),
        Kind::FoetalDeath => out.count("stillbirths"),
        Kind::Death => death(event, &mut out),
    }
    // A delivery counts once, with the first of its children, however they were born.
    let first = event.int(f::BIRTH_ORDER).is_none_or(|order| order == 1);
    let caesarean = event.text(f::BIRTH_DELIVERY) == Some("caesarean");
    out.count_if(event.kind != Kind::Death && first && caesarean, "caesareans");
    out.count_if(!event.checked.is_empty(), "answered");
    let mut out = out.0;
    out.extend(unknown_core(event).map(|field| format!("unknown_{field}")));
    out
}

struct Counts(Vec<String>);

impl Counts {
    fn count(&mut self, what: &str) {
        self.0.push(what.to_owned());
    }

    fn count_if(&mut self, holds: bool, what: &str) {
        if holds {
            self.count(what);
        }
    }
}

fn birth(event: &Event, out: &mut Counts) {
    out.count("live_births");
    out.count(match event.text(f::CHILD_SEX) {
        Some("male") => "male_births",
        Some("female") => "female_births",
        _ => "sex_unknown_births",
    });
    let weight = event.int(f::BIRTH_WEIGHT);
    out.count_if(weight.is_some_and(|g| g < 2500), "low_birth_weight");
    out.count_if(weight.is_some(), "weighed");
    out.count_if(weight.is_some_and(|g| g % 100 == 0), "round_weights");
    out.count_if(weight == Some(2500), "weights_2500");
    out.count_if(event.text(f::BIRTH_PLACE) == Some("home"), "home_births");
    let on_the_way = event.text(f::BIRTH_BEFORE_ARRIVAL) == Some("yes");
    out.count_if(on_the_way, "born_before_arrival");
    out.count_if(nameless(event, "mother"), "foundlings");
    let young = event
        .date(f::MOTHER_BORN)
        .zip(event.event_date())
        .is_some_and(|(born, at)| born.years_until(at).1 < 20);
    out.count_if(young, "adolescent_mothers");
}

fn death(event: &Event, out: &mut Counts) {
    out.count("deaths");
    out.count(&format!("deaths_{}", band(event)));
    out.count_if(nameless(event, "deceased"), "unidentified");
    let manner = event.text(f::DEATH_MANNER);
    out.count_if(manner == Some("self-harm"), "suicides");
    out.count_if(manner == Some("assault"), "homicides");
    out.count_if(icd::find(event, &icd::TRANSPORT).is_some(), "road_deaths");
    out.count_if(icd::find(event, &icd::NOTIFIABLE).is_some(), "notifiable_causes");
    if let Some(lowest) = icd::underlying(event) {
        let ill_defined = lowest.code.is_some_and(|c| c.is_in(&icd::ILL_DEFINED));
        out.count_if(ill_defined, "ill_defined");
        out.count_if(lowest.code.is_some(), "coded_causes");
        out.count_if(lowest.matched, "matched_causes");
        out.count_if(lowest.code.is_none(), "uncoded_causes");
    }
    let preliminary = event.text(f::DEATH_CERTIFICATE) == Some("preliminary");
    out.count_if(preliminary || event.text(f::CAUSE_A).is_none(), "causes_awaited");
    // By ICD-10 a maternal death is one of the pregnancy, not of an accident beside it; a death in pregnancy
    // or within 42 days after it is related to pregnancy whatever its cause.
    let contributed =
        event.text(f::PREGNANCY_CONTRIBUTED) != Some("no") && icd::find(event, &icd::EXTERNAL).is_none();
    match event.text(f::PREGNANCY_WHEN) {
        Some("at-death" | "within-42-days") => {
            out.count("pregnancy_related_deaths");
            out.count_if(contributed, "maternal_deaths");
        }
        Some("43-days-to-1-year") => out.count_if(contributed, "late_maternal_deaths"),
        _ => {}
    }
}

fn nameless(event: &Event, who: &str) -> bool {
    ["surname", "given"]
        .iter()
        .all(|part| event.not(&format!("{who}.{part}")) == Some(Not::Knowable))
}

/// Band of age at death; an age that lies in two bands is unknown.
fn band(event: &Event) -> &'static str {
    let of = |years: i64, days: i64| match (years, days) {
        (..=0, ..=6) => EARLY,
        (..=0, 7..=27) => "late_neonatal_7_27d",
        (..=0, _) => "post_neonatal_28_364d",
        (1..=4, _) => "age_1_4",
        (5..=14, _) => "age_5_14",
        (15..=49, _) => "age_15_49",
        (50..=69, _) => "age_50_69",
        _ => "age_70_plus",
    };
    let Some(age) = Age::at_death(event).filter(|a| a.days.0 >= 0) else {
        return UNKNOWN_AGE;
    };
    let (low, high) = (of(age.years.0, age.days.0), of(age.years.1, age.days.1));
    if low == high { low } else { UNKNOWN_AGE }
}

/// Fields that nearly every notification should know, by kind.
pub(super) const CORE: &[(Kind, &str)] = &[
    (Kind::Birth, f::BIRTH_WEIGHT),
    (Kind::Birth, f::BIRTH_WEEKS),
    (Kind::Birth, f::BIRTH_TIME),
    (Kind::Birth, f::MOTHER_BORN),
    (Kind::Birth, f::MOTHER_DOCUMENT),
    (Kind::FoetalDeath, f::FOETUS_WHEN),
    (Kind::Death, f::CAUSE_A),
    (Kind::Death, f::DECEASED_BORN),
    (Kind::Death, f::DECEASED_DOCUMENT),
];

/// The core fields that an event does not know.
fn unknown_core(event: &Event) -> impl Iterator<Item = &'static str> {
    let own = CORE.iter().filter(|(kind, _)| *kind == event.kind);
    own.map(|(_, field)| *field).filter(|field| {
        matches!(event.not(field), Some(Not::Yet | Not::Knowable)) || event.get(field).is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vital::{Interval, PartialDate, Stated, Value};

    fn death(born: &str, died: &str) -> Event {
        let mut event = Event::new(Kind::Death);
        event.set(f::DECEASED_BORN, Value::Date(PartialDate::parse(born).unwrap()));
        event.set(f::DEATH_DATE, Value::Date(PartialDate::parse(died).unwrap()));
        event
    }

    #[test]
    fn an_age_falls_into_its_band_and_one_of_two_bands_is_unknown() {
        for (born, died, expected) in [
            ("2026-11-01", "2026-11-07", "early_neonatal_0_6d"),
            ("2026-11-01", "2026-11-08", "late_neonatal_7_27d"),
            ("2026-11-01", "2026-11-29", "post_neonatal_28_364d"),
            ("2025-11-02", "2026-11-01", "post_neonatal_28_364d"),
            ("2024-02-29", "2025-02-28", "post_neonatal_28_364d"),
            ("2025-11-01", "2026-11-01", "age_1_4"),
            ("2022", "2026-11-01", "age_1_4"),
            ("2021", "2026-11-01", "age_unknown"),
            ("1961", "2026-11-11", "age_50_69"),
            ("1956", "2026-11-11", "age_unknown"),
            ("1920", "2026", "age_70_plus"),
            ("2027", "2026-11-01", "age_unknown"),
        ] {
            assert_eq!(band(&death(born, died)), expected, "{born} {died}");
        }
        let mut estimated = Event::new(Kind::Death);
        estimated.set(f::DEATH_DATE, Value::Date(PartialDate::parse("2026-11").unwrap()));
        assert_eq!(band(&estimated), "age_unknown");
        let age = Value::Interval(Interval::parse_iso("P55Y").unwrap());
        estimated.set(f::DECEASED_AGE, age);
        assert_eq!(band(&estimated), "age_50_69");
    }

    proptest::proptest! {
        #[test]
        fn a_foetal_death_is_never_a_live_birth_or_a_death(
            fields in proptest::collection::vec((0usize..f::ALL.len(), 0i64..7000), 0..60),
        ) {
            let mut event = Event::new(Kind::FoetalDeath);
            for (at, n) in fields {
                let value = match n % 4 {
                    0 => Stated::Not(Not::Knowable),
                    1 => Stated::Known(Value::Code("assault".into())),
                    _ => Stated::Known(Value::Int(n)),
                };
                event.set(f::ALL[at], value);
            }
            event.set(f::BIRTH_DATE, Value::Date(PartialDate::parse("2026-11-09").unwrap()));
            let found = stated(&event);
            proptest::prop_assert!(found.iter().any(|c| c == "stillbirths"));
            proptest::prop_assert!(!found.iter().any(|c| c.starts_with("deaths") || c == "live_births"));
        }
    }
}
