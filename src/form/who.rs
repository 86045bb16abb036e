//! A death in the shape of WHO's Death Certificate Exchange Format (DORIS), current code lists.
//!
//! It is the electronic form of the certificate of 2016: fixed numbers for answers, ISO 8601
//! durations, an empty text for an interval that is not known. Names are not in it. What nobody
//! answered is left out; *not yet known* and *cannot be known* are 9 where the list has one.
//!
//! What WHO's shape has no place for stands in a member of our own, `Ogoh`: where the notification stands, the
//! range of an estimated age, and of each condition whether its code was stated, was matched from its words (and
//! by which version of the matching), or is missing.
//!
//! Deliberately absent: an underlying cause (choosing one is coding, which DORIS does), and
//! anything that the certificate does not ask.

use serde_json::{Map, Value as Json, json};

use crate::rules::icd::{self, MATCHER_VERSION};
use crate::vital::{Event, Kind, PartialDate, TimeOfDay, field as f};

/// Version of ICD-10 whose codes are written.
const ICD_MINOR: &str = "2019";

/// Letters of the lines of Part I; conditions of Part II have none of their own.
const LETTERS: [&str; 4] = ["a", "b", "c", "d"];

/// The certificate of a death; none for other events. `key` and `issuer` name the certificate, `standing` is
/// the status of its notification, and that of a later revision that has not taken effect.
pub fn who_certificate(
    event: &Event,
    key: &str,
    issuer: &str,
    standing: (&str, Option<&str>),
) -> Option<Json> {
    if event.kind != Kind::Death {
        return None;
    }
    let mut root = Map::new();
    root.insert("CertificateKey".into(), json!(key));
    root.insert("Issuer".into(), json!(issuer));
    root.insert("ICDVersion".into(), json!("ICD10"));
    root.insert("ICDMinorVersion".into(), json!(ICD_MINOR));
    root.insert("AdministrativeData".into(), administrative(event));
    let part_one: Vec<Json> = last_used(event)
        .map(|last| {
            let lines = f::CAUSE_LINES.iter().take(last + 1);
            lines
                .map(|line| json!({ "Conditions": condition(event, *line).into_iter().collect::<Vec<_>>() }))
                .collect()
        })
        .unwrap_or_default();
    root.insert("Part1".into(), Json::Array(part_one));
    let part_two: Vec<Json> = f::CAUSE_OTHERS
        .iter()
        .filter_map(|other| condition(event, *other))
        .collect();
    root.insert("Part2".into(), json!({ "Conditions": part_two }));
    for (name, block) in [
        ("Surgery", surgery(event)),
        ("Autopsy", autopsy(event)),
        ("MannerOfDeath", manner(event)),
        ("FetalOrInfantDeath", infant(event)),
        ("MaternalDeath", maternal(event)),
    ] {
        if !block.is_empty() {
            root.insert(name.into(), Json::Object(block));
        }
    }
    root.insert("Ogoh".into(), ours(event, standing));
    Some(Json::Object(root))
}

/// What WHO's shape has no place for.
fn ours(event: &Event, (standing, beside): (&str, Option<&str>)) -> Json {
    let mut map = Map::new();
    map.insert("Standing".into(), json!(standing));
    map.extend(beside.map(|beside| ("Beside".to_owned(), json!(beside))));
    for (name, field) in [("AgeFrom", f::DECEASED_AGE_FROM), ("AgeTo", f::DECEASED_AGE_TO)] {
        map.extend(int(event, field).map(|years| (name.to_owned(), years)));
    }
    map.insert("Matcher".into(), json!(MATCHER_VERSION));
    map.insert("Codes".into(), Json::Array(causes(event)));
    Json::Object(map)
}

/// Every condition of a certificate that says something: its line (`a` to `d`, or `other`), its code as rules and
/// figures take it, and whether that was `stated`, was `matched` from the words or is missing (`uncoded`).
pub fn causes(event: &Event) -> Vec<Json> {
    let lines = LETTERS.into_iter().zip(f::CAUSE_LINES.iter());
    let others = f::CAUSE_OTHERS.iter().map(|other| ("other", other));
    let condition = |(line, (text, code, _)): (&str, &(&str, &str, &str))| {
        let (coding, code) = icd::coding(event, text, code)?;
        Some(json!({ "Line": line, "Code": code, "Coding": coding.code() }))
    };
    lines.chain(others).filter_map(condition).collect()
}

/// A date, with the time where both are known; civil time of Tajikistan.
fn moment(date: Option<PartialDate>, time: Option<TimeOfDay>) -> Option<String> {
    match (date?, time) {
        (date @ PartialDate::Day(_), Some(time)) => Some(format!("{date}T{time}:00+05:00")),
        (date, _) => Some(date.to_string()),
    }
}

fn administrative(event: &Event) -> Json {
    let mut map = Map::new();
    let mut put = |name: &str, value: Option<Json>| {
        if let Some(value) = value {
            map.insert(name.into(), value);
        }
    };
    let born = moment(event.date(f::DECEASED_BORN), event.time(f::INFANT_BIRTH_TIME));
    put("DateBirth", born.map(Json::from));
    put(
        "DateDeath",
        moment(event.event_date(), event.event_time()).map(Json::from),
    );
    let sex = match event.text(f::DECEASED_SEX) {
        Some("male") => 1,
        Some("female") => 2,
        _ => 9,
    };
    put("Sex", Some(json!(sex)));
    put("EstimatedAge", estimated_age(event).map(Json::from));
    Json::Object(map)
}

/// The estimated age as a duration. WHO's shape takes one value: of a range it is the middle, in whole years.
fn estimated_age(event: &Event) -> Option<String> {
    if let Some(age) = event.interval(f::DECEASED_AGE) {
        return Some(age.to_string());
    }
    let (from, to) = (event.int(f::DECEASED_AGE_FROM), event.int(f::DECEASED_AGE_TO));
    let (from, to) = (from.or(to)?, to.or(from)?);
    Some(format!("P{}Y", i64::midpoint(from, to)))
}

fn condition(event: &Event, (text, code, interval): (&str, &str, &str)) -> Option<Json> {
    let (_, code) = icd::coding(event, text, code)?;
    let text = event.text(text);
    let interval = event
        .interval(interval)
        .map(ToString::to_string)
        .unwrap_or_default();
    Some(json!({
        "Text": text.unwrap_or_default(), "Code": code,
        "LinearizationURI": "", "FoundationURI": "", "Interval": interval,
    }))
}

/// Place of the lowest line of Part I that says something.
fn last_used(event: &Event) -> Option<usize> {
    f::CAUSE_LINES
        .iter()
        .rposition(|line| condition(event, *line).is_some())
}

/// The number of an answer; what was asked and is not known is `unknown`.
fn number(event: &Event, field: &str, answers: &[(&str, u32)], unknown: u32) -> Option<Json> {
    event.get(field)?;
    let said = event.text(field).unwrap_or_default();
    let found = answers.iter().find(|(code, _)| *code == said);
    Some(json!(found.map_or(unknown, |(_, n)| *n)))
}

fn yes_no(event: &Event, field: &str) -> Option<Json> {
    number(event, field, &[("no", 0), ("yes", 1)], 9)
}

fn block(fields: Vec<(&str, Option<Json>)>) -> Map<String, Json> {
    fields
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}

fn text(event: &Event, field: &str) -> Option<Json> {
    event.text(field).map(Json::from)
}

fn int(event: &Event, field: &str) -> Option<Json> {
    event.int(field).map(Json::from)
}

fn surgery(event: &Event) -> Map<String, Json> {
    block(vec![
        ("WasPerformed", yes_no(event, f::SURGERY)),
        ("Date", event.date(f::SURGERY_DATE).map(|d| json!(d.to_string()))),
        ("Reason", text(event, f::SURGERY_REASON)),
    ])
}

fn autopsy(event: &Event) -> Map<String, Json> {
    block(vec![
        ("WasRequested", yes_no(event, f::AUTOPSY)),
        ("Findings", yes_no(event, f::AUTOPSY_USED)),
    ])
}

fn manner(event: &Event) -> Map<String, Json> {
    const MANNERS: &[(&str, u32)] = &[
        ("disease", 0),
        ("accident", 1),
        ("self-harm", 2),
        ("assault", 3),
        ("legal", 4),
        ("war", 5),
        ("undetermined", 6),
        ("pending", 7),
    ];
    const PLACES: &[(&str, u32)] = &[
        ("home", 0),
        ("institution", 1),
        ("public", 2),
        ("sports", 3),
        ("street", 4),
        ("trade", 5),
        ("industry", 6),
        ("farm", 7),
        ("other", 8),
    ];
    block(vec![
        ("MannerOfDeath", number(event, f::DEATH_MANNER, MANNERS, 9)),
        (
            "DateOfExternalCauseOrPoisoning",
            moment(event.date(f::EXTERNAL_DATE), event.time(f::EXTERNAL_TIME)).map(Json::from),
        ),
        ("DescriptionExternalCause", text(event, f::EXTERNAL_HOW)),
        // WHO's spelling.
        (
            "PlaceOfOccuranceExternalCause",
            number(event, f::EXTERNAL_PLACE, PLACES, 9),
        ),
    ])
}

fn infant(event: &Event) -> Map<String, Json> {
    let mut map = block(vec![
        ("MultiplePregnancy", yes_no(event, f::INFANT_MULTIPLE)),
        ("DeathWithin24h", int(event, f::INFANT_HOURS)),
        ("BirthWeight", int(event, f::INFANT_WEIGHT)),
        ("PregnancyWeeks", int(event, f::INFANT_WEEKS)),
        ("AgeMother", int(event, f::INFANT_MOTHER_AGE)),
        ("PerinatalDescription", text(event, f::INFANT_MATERNAL)),
    ]);
    if !map.is_empty() {
        // A death has a birth before it; a foetal death is another kind of notification.
        map.insert("Stillborn".into(), json!(0));
    }
    map
}

fn maternal(event: &Event) -> Map<String, Json> {
    const WHEN: &[(&str, u32)] = &[
        ("at-death", 0),
        ("within-42-days", 1),
        ("43-days-to-1-year", 2),
        ("1-year-or-more", 3),
    ];
    block(vec![
        ("WasPregnant", yes_no(event, f::PREGNANT)),
        ("TimeFromPregnancy", number(event, f::PREGNANCY_WHEN, WHEN, 9)),
        ("PregnancyContribute", yes_no(event, f::PREGNANCY_CONTRIBUTED)),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::body::{Unknown, from_json};

    fn certificate(body: Json) -> Json {
        let event = from_json(Kind::Death, &body, Unknown::Refuse).unwrap();
        who_certificate(&event, "n1", "TJ-KT-BOX-01", ("held", None)).unwrap()
    }

    #[test]
    fn a_certificate_has_who_s_names_and_numbers() {
        let found = certificate(json!({
            "death": {"date": "2026-11-07", "time": "20:15", "manner": "accident"},
            "deceased": {"surname": "Ҳалимзода", "sex": "female", "born": "1992-07"},
            "cause": {
                "a": {"text": "bleeding", "code": "S06.5", "interval": "PT5H"},
                "c": {"text": "driver hit by lorry", "code": "V44.5", "interval": {"not": "knowable"}},
                "other": {"text": "anaemia"}
            },
            "surgery": {"performed": {"not": "yet"}},
            "external": {"date": "2026-11-07", "place": "street", "description": "collision"},
            "pregnancy": {"pregnant": "yes", "when": "within-42-days", "contributed": "unknown"}
        }));
        assert_eq!(
            found["AdministrativeData"],
            json!({"DateBirth": "1992-07", "DateDeath": "2026-11-07T20:15:00+05:00", "Sex": 2})
        );
        let lines = found["Part1"].as_array().unwrap();
        assert_eq!(lines.len(), 3, "a gap stays a line");
        assert_eq!(lines[0]["Conditions"][0]["Interval"], "PT5H");
        assert_eq!(lines[1]["Conditions"], json!([]));
        assert_eq!(lines[2]["Conditions"][0]["Interval"], "");
        assert_eq!(found["Part2"]["Conditions"][0]["Text"], "anaemia");
        assert_eq!(found["Surgery"], json!({"WasPerformed": 9}));
        assert_eq!(found["MannerOfDeath"]["PlaceOfOccuranceExternalCause"], 4);
        assert_eq!(
            found["MaternalDeath"],
            json!({"WasPregnant": 1, "TimeFromPregnancy": 1, "PregnancyContribute": 9})
        );
        assert!(found.get("FetalOrInfantDeath").is_none() && found.get("Autopsy").is_none());
        assert!(!found.to_string().contains("Ҳалимзода"), "no names");
    }

    #[test]
    fn a_range_of_ages_is_an_estimated_age_and_stays_a_range_beside_it() {
        let aged =
            |deceased: Json| certificate(json!({ "death": {"date": "2026-11-07"}, "deceased": deceased }));
        let unknown = json!({"not": "knowable"});
        for (from, to, expected) in [
            (50, 60, "P55Y"),
            (50, 55, "P52Y"),
            (0, 0, "P0Y"),
            (0, 120, "P60Y"),
        ] {
            let found = aged(json!({"born": unknown, "age_from": from, "age_to": to}));
            assert_eq!(found["AdministrativeData"]["EstimatedAge"], expected);
            assert_eq!(
                (&found["Ogoh"]["AgeFrom"], &found["Ogoh"]["AgeTo"]),
                (&json!(from), &json!(to))
            );
        }
        let one = aged(json!({"born": unknown, "age_from": 60}));
        assert_eq!(one["AdministrativeData"]["EstimatedAge"], "P60Y");
        assert!(one["Ogoh"].get("AgeTo").is_none());
        let told = aged(json!({"born": unknown, "estimated_age": "P8M"}));
        assert_eq!(told["AdministrativeData"]["EstimatedAge"], "P8M");
        assert!(
            aged(json!({"born": "1960-02-03"}))["AdministrativeData"]
                .get("EstimatedAge")
                .is_none()
        );
    }

    #[test]
    fn it_says_where_it_stands_and_how_each_line_came_by_its_code() {
        let found = certificate(json!({
            "death": {"date": "2026-11-07"},
            "cause": {
                "lang": "ru",
                "a": {"text": "Инфаркт миокарда", "interval": "PT5H"},
                "b": {"text": "велосипед"},
                "c": {"text": "hypertension", "code": "I10"},
                "other": {"text": "x", "code": "велосипед"}
            }
        }));
        assert_eq!(found["Ogoh"]["Standing"], "held");
        assert_eq!(found["Ogoh"]["Matcher"], MATCHER_VERSION);
        let codes = found["Ogoh"]["Codes"].as_array().unwrap();
        let codings: Vec<&str> = codes.iter().map(|c| c["Coding"].as_str().unwrap()).collect();
        assert_eq!(codings, ["matched", "uncoded", "stated", "uncoded"]);
        let code = |line: usize| found["Part1"][line]["Conditions"][0]["Code"].as_str().unwrap();
        assert!(
            code(0).starts_with("I21") && code(1).is_empty() && code(2) == "I10",
            "{found}"
        );
        assert_eq!(codes[0]["Code"], code(0));
        assert_eq!(codes[3]["Line"], "other");
    }

    #[test]
    fn only_a_death_has_one() {
        for kind in [Kind::Birth, Kind::FoetalDeath] {
            assert_eq!(
                who_certificate(&Event::new(kind), "n", "f", ("signed", None)),
                None
            );
        }
    }
}
