//! Deaths: 106/у with WHO's certificate of 2016, frames A and B. The fields of the frames have the
//! shape of WHO's exchange format: Part I lines a to d and Part II, each with text, code and
//! interval; surgery, autopsy, manner, external cause, infant, maternal death.

use super::question::Input::{Cause, Code, Date, Icd, Int, Interval, Name, Text, Time};
use super::question::*;
use super::shows::{
    accident, autopsied, could_be_pregnant, external, infant, is_unidentified, line_used, lived_hours,
    no_birth_date, on_the_road, operated, other_used, second_used, was_pregnant,
};
use crate::vital::{Kind, Not, field as f};

const DF: &[Kind] = &[Kind::Death, Kind::FoetalDeath];

pub(super) static QUESTIONS: &[Question] = &[
    q(f::DEATH_CERTIFICATE, D, "death", Code("death-certificate"), F106)
        .required()
        .nots(NONE),
    q(f::DEATH_DATE, D, "death", Date, F106)
        .required()
        .nots(NEVER)
        .uses(&[Use::Printed]),
    q(f::DEATH_TIME, D, "death", Time, F106).required().nots(UNKNOWN),
    q(f::DEATH_PLACE, D, "death", Code("place-death"), F106)
        .required()
        .nots(UNKNOWN)
        .uses(&[Use::Printed]),
    q(f::DEATH_DISTRICT, D, "death", Code("district"), F106)
        .required()
        .nots(UNKNOWN)
        .uses(&[Use::Printed]),
    q(f::DEATH_AREA, D, "death", Code("area"), F106).nots(UNKNOWN),
    q(f::DECEASED_SURNAME, D, "deceased", Name, F106)
        .required()
        .uses(&[Use::Identity, Use::SearchedName, Use::Printed]),
    q(f::DECEASED_GIVEN, D, "deceased", Name, F106).required().uses(&[
        Use::Identity,
        Use::SearchedName,
        Use::Printed,
    ]),
    q(f::DECEASED_PATRONYMIC, D, "deceased", Name, F106).uses(&[Use::SearchedName, Use::Printed]),
    q(f::DECEASED_LABEL, D, "deceased", Text(60), OURS)
        .nots(NONE)
        .shows(is_unidentified)
        .uses(&[Use::SearchedName]),
    q(f::DECEASED_SEX, D, "deceased", Code("sex"), F106)
        .required()
        .nots(NONE)
        .uses(&[Use::Printed]),
    q(f::DECEASED_BORN, D, "deceased", Date, F106)
        .required()
        .nots(UNKNOWN)
        .uses(&[Use::Printed]),
    q(f::DECEASED_AGE, D, "deceased", Interval, WHO)
        .nots(UNKNOWN)
        .shows(no_birth_date),
    q(f::DECEASED_AGE_FROM, D, "deceased", Int("years"), OURS)
        .nots(NONE)
        .shows(no_birth_date),
    q(f::DECEASED_AGE_TO, D, "deceased", Int("years"), OURS)
        .nots(NONE)
        .shows(no_birth_date),
    q(f::DECEASED_DOCUMENT, D, "deceased", Text(40), F106)
        .nots(UNKNOWN)
        .uses(&[Use::SearchedDocument, Use::Printed]),
    q(
        f::DECEASED_DOCUMENT_KIND,
        D,
        "deceased",
        Code("document-kind"),
        F106,
    )
    .nots(NONE)
    .shows(|e| e.known(f::DECEASED_DOCUMENT).is_some()),
    q(f::DECEASED_DISTRICT, D, "deceased", Code("district"), F106)
        .required()
        .nots(UNKNOWN)
        .uses(&[Use::Printed]),
    q(f::DECEASED_ADDRESS, D, "deceased", Text(200), F106).uses(&[Use::Printed]),
    q(f::DECEASED_AREA, D, "deceased", Code("area"), F106).nots(UNKNOWN),
    q(f::DECEASED_CITIZENSHIP, D, "deceased", Code("country"), UN),
    q(f::DECEASED_MARITAL, D, "deceased", Code("marital"), F106).shows(|e| !infant(e)),
    q(f::DECEASED_EDUCATION, D, "deceased", Code("education"), F106).shows(|e| !infant(e)),
    q(f::DECEASED_EMPLOYMENT, D, "deceased", Code("employment"), F106).shows(|e| !infant(e)),
    // Of a child under one year: its mother (106/у), and the infant block of frame B.
    q(f::INFANT_MOTHER_SURNAME, D, "infant", Name, F106)
        .shows(infant)
        .uses(&[Use::SearchedName]),
    q(f::INFANT_MOTHER_GIVEN, D, "infant", Name, F106)
        .shows(infant)
        .uses(&[Use::SearchedName]),
    q(f::INFANT_MOTHER_DOCUMENT, D, "infant", Text(40), F106)
        .shows(infant)
        .uses(&[Use::SearchedDocument]),
    q(f::INFANT_BIRTH_PLACE, D, "infant", Text(100), F106).shows(infant),
    q(f::INFANT_MULTIPLE, D, "infant", Code("yes-no-unknown"), WHO)
        .nots(UNKNOWN)
        .shows(infant),
    q(f::INFANT_BIRTH_TIME, D, "infant", Time, WHO)
        .nots(UNKNOWN)
        .shows(lived_hours),
    q(f::INFANT_HOURS, D, "infant", Int("hours"), WHO)
        .nots(UNKNOWN)
        .shows(lived_hours),
    q(f::INFANT_WEIGHT, D, "infant", Int("g"), WHO)
        .nots(UNKNOWN)
        .shows(infant),
    q(f::INFANT_WEEKS, D, "infant", Int("weeks"), WHO)
        .nots(UNKNOWN)
        .shows(infant),
    q(f::INFANT_MOTHER_AGE, D, "infant", Int("years"), WHO)
        .nots(UNKNOWN)
        .shows(infant),
    q(f::INFANT_MATERNAL, D, "infant", Cause(200), WHO)
        .nots(UNKNOWN)
        .shows(infant),
    q(f::INFANT_MATERNAL_CODE, D, "infant", Icd, WHO)
        .nots(NONE)
        .shows(infant),
    q(f::CAUSE_LANG, D, "cause", Code("lang"), OURS)
        .required()
        .nots(NONE),
    q(f::CAUSE_A, D, "cause", Cause(200), WHO)
        .required()
        .nots(UNKNOWN),
    q(f::CAUSE_A_INTERVAL, D, "cause", Interval, WHO).nots(UNKNOWN),
    q(f::CAUSE_A_CODE, D, "cause", Icd, WHO).nots(NONE),
    q(f::CAUSE_B, D, "cause", Cause(200), WHO).nots(NONE),
    q(f::CAUSE_B_INTERVAL, D, "cause", Interval, WHO)
        .nots(UNKNOWN)
        .shows(|e| line_used(e, 1)),
    q(f::CAUSE_B_CODE, D, "cause", Icd, WHO).nots(NONE),
    q(f::CAUSE_C, D, "cause", Cause(200), WHO).nots(NONE),
    q(f::CAUSE_C_INTERVAL, D, "cause", Interval, WHO)
        .nots(UNKNOWN)
        .shows(|e| line_used(e, 2)),
    q(f::CAUSE_C_CODE, D, "cause", Icd, WHO).nots(NONE),
    q(f::CAUSE_D, D, "cause", Cause(200), WHO).nots(NONE),
    q(f::CAUSE_D_INTERVAL, D, "cause", Interval, WHO)
        .nots(UNKNOWN)
        .shows(|e| line_used(e, 3)),
    q(f::CAUSE_D_CODE, D, "cause", Icd, WHO).nots(NONE),
    q(f::CAUSE_OTHER, D, "cause", Cause(300), WHO).nots(NONE),
    q(f::CAUSE_OTHER_INTERVAL, D, "cause", Interval, WHO)
        .nots(UNKNOWN)
        .shows(other_used),
    q(f::CAUSE_OTHER_CODE, D, "cause", Icd, WHO).nots(NONE),
    q(f::CAUSE_OTHER_2, D, "cause", Cause(300), WHO)
        .nots(NONE)
        .shows(other_used),
    q(f::CAUSE_OTHER_2_INTERVAL, D, "cause", Interval, WHO)
        .nots(UNKNOWN)
        .shows(second_used),
    q(f::CAUSE_OTHER_2_CODE, D, "cause", Icd, WHO)
        .nots(NONE)
        .shows(other_used),
    q(f::DEATH_MANNER, D, "cause", Code("manner"), WHO)
        .required()
        .nots(&[Not::Yet]),
    q(f::SURGERY, D, "cause", Code("yes-no-unknown"), WHO).nots(UNKNOWN),
    q(f::SURGERY_DATE, D, "cause", Date, WHO)
        .nots(UNKNOWN)
        .shows(operated),
    q(f::SURGERY_REASON, D, "cause", Text(200), WHO)
        .nots(UNKNOWN)
        .shows(operated),
    q(f::AUTOPSY, D, "cause", Code("yes-no-unknown"), WHO).nots(UNKNOWN),
    q(f::AUTOPSY_USED, D, "cause", Code("yes-no-unknown"), WHO)
        .nots(UNKNOWN)
        .shows(autopsied),
    q(f::CAUSE_ESTABLISHED_BY, DF, "cause", Code("established-by"), F106).nots(UNKNOWN),
    q(f::CAUSE_BASIS, DF, "cause", Code("cause-basis"), F106).nots(UNKNOWN),
    q(f::DEATH_POLICE, D, "external", Text(60), OURS)
        .nots(UNKNOWN)
        .shows(external),
    q(f::EXTERNAL_DATE, D, "external", Date, WHO)
        .nots(UNKNOWN)
        .shows(external),
    q(f::EXTERNAL_TIME, D, "external", Time, F106)
        .nots(UNKNOWN)
        .shows(external),
    q(f::EXTERNAL_HOW, D, "external", Text(200), WHO)
        .nots(UNKNOWN)
        .shows(external),
    q(f::EXTERNAL_PLACE, D, "external", Code("external-place"), WHO)
        .nots(UNKNOWN)
        .shows(external),
    q(f::EXTERNAL_WORK, D, "external", Code("yes-no-unknown"), F106)
        .nots(UNKNOWN)
        .shows(accident),
    q(f::EXTERNAL_ROAD, D, "external", Code("road-death"), F106)
        .nots(UNKNOWN)
        .shows(on_the_road),
    q(f::PREGNANT, D, "pregnancy", Code("yes-no-unknown"), WHO)
        .nots(UNKNOWN)
        .shows(could_be_pregnant),
    q(f::PREGNANCY_WHEN, D, "pregnancy", Code("pregnancy-when"), WHO)
        .nots(UNKNOWN)
        .shows(was_pregnant),
    q(
        f::PREGNANCY_CONTRIBUTED,
        D,
        "pregnancy",
        Code("yes-no-unknown"),
        WHO,
    )
    .nots(UNKNOWN)
    .shows(was_pregnant),
];
