//! Deaths: 106/у with WHO's certificate of 2016, frames A and B. The fields of the frames have the
//! shape of WHO's exchange format: Part I lines a to d and Part II, each with text, code and
//! interval; surgery, autopsy, manner, external cause, infant, maternal death.

use super::condition::*;
use super::question::Input::{Cause, Code, Date, Icd, Int, Interval, Name, Text, Time};
use super::question::*;
use super::timeline;
use crate::vital::{Kind, Not, field as f};

const DF: &[Kind] = &[Kind::Death, Kind::FoetalDeath];

pub(super) static QUESTIONS: &[Question] = &[
    q(f::DEATH_CERTIFICATE, D, "death", Code("death-certificate"), F106)
        .required()
        .nots(NONE),
    q(f::DEATH_DATE, D, "death", Date(&timeline::DEATH), F106)
        .required()
        .nots(NEVER)
        .uses(&[Use::Printed]),
    q(f::DEATH_TIME, D, "death", Time(f::DEATH_DATE), F106)
        .required()
        .nots(UNKNOWN),
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
        .when(&UNIDENTIFIED)
        .taken_unasked()
        .uses(&[Use::SearchedName]),
    q(f::DECEASED_SEX, D, "deceased", Code("sex"), F106)
        .required()
        .nots(NONE)
        .uses(&[Use::Printed]),
    q(
        f::DECEASED_BORN,
        D,
        "deceased",
        Date(&timeline::DECEASED_BORN),
        F106,
    )
    .required()
    .nots(UNKNOWN)
    .uses(&[Use::Printed]),
    q(f::DECEASED_AGE, D, "deceased", Interval, WHO)
        .nots(UNKNOWN)
        .when(&NO_BIRTH_DATE),
    q(f::DECEASED_AGE_FROM, D, "deceased", Int("years"), OURS)
        .nots(NONE)
        .when(&NO_BIRTH_DATE),
    q(f::DECEASED_AGE_TO, D, "deceased", Int("years"), OURS)
        .nots(NONE)
        .when(&NO_BIRTH_DATE),
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
    .when(&DECEASED_DOCUMENT),
    q(f::DECEASED_DISTRICT, D, "deceased", Code("district"), F106)
        .required()
        .nots(UNKNOWN)
        .uses(&[Use::Printed]),
    q(f::DECEASED_ADDRESS, D, "deceased", Text(200), F106).uses(&[Use::Printed]),
    q(f::DECEASED_AREA, D, "deceased", Code("area"), F106).nots(UNKNOWN),
    q(f::DECEASED_CITIZENSHIP, D, "deceased", Code("country"), UN),
    q(f::DECEASED_MARITAL, D, "deceased", Code("marital"), F106).when(&NO_INFANT),
    q(f::DECEASED_EDUCATION, D, "deceased", Code("education"), F106).when(&NO_INFANT),
    q(f::DECEASED_EMPLOYMENT, D, "deceased", Code("employment"), F106).when(&NO_INFANT),
    // Of a child under one year: its mother (106/у), and the infant block of frame B.
    q(f::INFANT_MOTHER_SURNAME, D, "infant", Name, F106)
        .when(&INFANT)
        .uses(&[Use::SearchedName]),
    q(f::INFANT_MOTHER_GIVEN, D, "infant", Name, F106)
        .when(&INFANT)
        .uses(&[Use::SearchedName]),
    q(f::INFANT_MOTHER_DOCUMENT, D, "infant", Text(40), F106)
        .when(&INFANT)
        .uses(&[Use::SearchedDocument]),
    q(f::INFANT_BIRTH_PLACE, D, "infant", Text(100), F106).when(&INFANT),
    q(f::INFANT_MULTIPLE, D, "infant", Code("yes-no-unknown"), WHO)
        .nots(UNKNOWN)
        .when(&INFANT),
    q(f::INFANT_BIRTH_TIME, D, "infant", Time(f::DECEASED_BORN), WHO)
        .nots(UNKNOWN)
        .when(&LIVED_HOURS),
    q(f::INFANT_HOURS, D, "infant", Int("hours"), WHO)
        .nots(UNKNOWN)
        .when(&LIVED_HOURS),
    q(f::INFANT_WEIGHT, D, "infant", Int("g"), WHO)
        .nots(UNKNOWN)
        .when(&INFANT),
    q(f::INFANT_WEEKS, D, "infant", Int("weeks"), WHO)
        .nots(UNKNOWN)
        .when(&INFANT),
    q(f::INFANT_MOTHER_AGE, D, "infant", Int("years"), WHO)
        .nots(UNKNOWN)
        .when(&INFANT),
    q(f::INFANT_MATERNAL, D, "infant", Cause(200), WHO)
        .nots(UNKNOWN)
        .when(&INFANT),
    q(f::INFANT_MATERNAL_CODE, D, "infant", Icd, WHO)
        .nots(NONE)
        .when(&INFANT),
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
        .when(&LINE_B),
    q(f::CAUSE_B_CODE, D, "cause", Icd, WHO).nots(NONE),
    q(f::CAUSE_C, D, "cause", Cause(200), WHO).nots(NONE),
    q(f::CAUSE_C_INTERVAL, D, "cause", Interval, WHO)
        .nots(UNKNOWN)
        .when(&LINE_C),
    q(f::CAUSE_C_CODE, D, "cause", Icd, WHO).nots(NONE),
    q(f::CAUSE_D, D, "cause", Cause(200), WHO).nots(NONE),
    q(f::CAUSE_D_INTERVAL, D, "cause", Interval, WHO)
        .nots(UNKNOWN)
        .when(&LINE_D),
    q(f::CAUSE_D_CODE, D, "cause", Icd, WHO).nots(NONE),
    q(f::CAUSE_OTHER, D, "cause", Cause(300), WHO).nots(NONE),
    q(f::CAUSE_OTHER_INTERVAL, D, "cause", Interval, WHO)
        .nots(UNKNOWN)
        .when(&OTHER),
    q(f::CAUSE_OTHER_CODE, D, "cause", Icd, WHO).nots(NONE),
    q(f::CAUSE_OTHER_2, D, "cause", Cause(300), WHO)
        .nots(NONE)
        .when(&OTHER),
    q(f::CAUSE_OTHER_2_INTERVAL, D, "cause", Interval, WHO)
        .nots(UNKNOWN)
        .when(&OTHER_2),
    q(f::CAUSE_OTHER_2_CODE, D, "cause", Icd, WHO)
        .nots(NONE)
        .when(&OTHER),
    q(f::DEATH_MANNER, D, "cause", Code("manner"), WHO)
        .required()
        .nots(&[Not::Yet]),
    q(f::SURGERY, D, "cause", Code("yes-no-unknown"), WHO).nots(UNKNOWN),
    q(f::SURGERY_DATE, D, "cause", Date(&timeline::SURGERY), WHO)
        .nots(UNKNOWN)
        .when(&OPERATED),
    q(f::SURGERY_REASON, D, "cause", Text(200), WHO)
        .nots(UNKNOWN)
        .when(&OPERATED),
    q(f::AUTOPSY, D, "cause", Code("yes-no-unknown"), WHO).nots(UNKNOWN),
    q(f::AUTOPSY_USED, D, "cause", Code("yes-no-unknown"), WHO)
        .nots(UNKNOWN)
        .when(&AUTOPSIED),
    q(f::CAUSE_ESTABLISHED_BY, DF, "cause", Code("established-by"), F106).nots(UNKNOWN),
    q(f::CAUSE_BASIS, DF, "cause", Code("cause-basis"), F106).nots(UNKNOWN),
    q(f::DEATH_POLICE, D, "external", Text(60), OURS)
        .nots(UNKNOWN)
        .when(&EXTERNAL)
        .taken_unasked(),
    q(f::EXTERNAL_DATE, D, "external", Date(&timeline::INJURY), WHO)
        .nots(UNKNOWN)
        .when(&EXTERNAL),
    q(f::EXTERNAL_TIME, D, "external", Time(f::EXTERNAL_DATE), F106)
        .nots(UNKNOWN)
        .when(&EXTERNAL),
    q(f::EXTERNAL_HOW, D, "external", Text(200), WHO)
        .nots(UNKNOWN)
        .when(&EXTERNAL),
    q(f::EXTERNAL_PLACE, D, "external", Code("external-place"), WHO)
        .nots(UNKNOWN)
        .when(&EXTERNAL),
    q(f::EXTERNAL_WORK, D, "external", Code("yes-no-unknown"), F106)
        .nots(UNKNOWN)
        .when(&ACCIDENT)
        .applies(&EXTERNAL),
    q(f::EXTERNAL_ROAD, D, "external", Code("road-death"), F106)
        .nots(UNKNOWN)
        .when(&ON_THE_ROAD)
        .applies(&EXTERNAL),
    q(f::PREGNANT, D, "pregnancy", Code("yes-no-unknown"), WHO)
        .nots(UNKNOWN)
        .when(&COULD_BE_PREGNANT),
    q(f::PREGNANCY_WHEN, D, "pregnancy", Code("pregnancy-when"), WHO)
        .nots(UNKNOWN)
        .when(&PREGNANT),
    q(
        f::PREGNANCY_CONTRIBUTED,
        D,
        "pregnancy",
        Code("yes-no-unknown"),
        WHO,
    )
    .nots(UNKNOWN)
    .when(&PREGNANT),
];
