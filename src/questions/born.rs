//! Births and foetal deaths: 103/у, 106-2/у, and what the ministry asks beside them.

use super::condition::*;
use super::question::Input::{Cause, Code, Date, Icd, Int, Length, Name, Text, Time};
use super::question::*;
use super::timeline;
use crate::vital::{Kind, Not, field as f};

const B: &[Kind] = &[Kind::Birth];
const F: &[Kind] = &[Kind::FoetalDeath];

pub(super) static QUESTIONS: &[Question] = &[
    // Stage one: what a midwife knows at three in the morning.
    q(f::BIRTH_DATE, BF, "birth", Date(&timeline::BIRTH), F103)
        .required()
        .nots(NEVER)
        .uses(&[Use::Printed]),
    q(f::BIRTH_TIME, BF, "birth", Time(f::BIRTH_DATE), F103)
        .required()
        .nots(UNKNOWN)
        .uses(&[Use::OfEachChild]),
    q(f::CHILD_SEX, BF, "birth", Code("sex"), F103)
        .required()
        .nots(NONE)
        .uses(&[Use::Printed, Use::OfEachChild]),
    q(f::BIRTH_WEIGHT, BF, "birth", Int("g"), F103)
        .required()
        .nots(UNKNOWN)
        .uses(&[Use::OfEachChild]),
    q(f::BIRTH_LENGTH, BF, "birth", Length, F103)
        .required()
        .nots(UNKNOWN)
        .uses(&[Use::OfEachChild]),
    q(f::BIRTH_WEEKS, BF, "birth", Int("weeks"), F103)
        .required()
        .nots(UNKNOWN),
    q(f::FOETUS_SIGNS, F, "birth", Code("signs-of-life"), F1062)
        .required()
        .nots(NONE)
        .uses(&[Use::OfEachChild]),
    q(f::FOETUS_SIGNS, B, "birth", Code("signs-of-life"), F1062)
        .nots(NONE)
        .when(&SIGNS_DECIDE)
        .taken_unasked()
        .uses(&[Use::OfEachChild]),
    q(f::FOETUS_WHEN, F, "birth", Code("died-when"), F1062)
        .required()
        .nots(UNKNOWN)
        .uses(&[Use::OfEachChild]),
    q(f::BIRTH_PLURALITY, BF, "birth", Int("children"), F103)
        .required()
        .nots(UNKNOWN),
    q(f::BIRTH_ORDER, BF, "birth", Int("order"), F103)
        .required()
        .nots(NEVER)
        .when(&MULTIPLE)
        .taken_unasked()
        .uses(&[Use::OfEachChild]),
    q(f::BIRTH_PLACE, BF, "birth", Code("place-birth"), F103)
        .required()
        .nots(UNKNOWN)
        .uses(&[Use::Printed]),
    q(f::BIRTH_BEFORE_ARRIVAL, BF, "birth", Code("yes-no-unknown"), OURS)
        .nots(UNKNOWN)
        .when(&OUTSIDE_FACILITY),
    q(f::BIRTH_DISTRICT, BF, "birth", Code("district"), F103)
        .required()
        .nots(UNKNOWN)
        .uses(&[Use::Printed]),
    q(f::BIRTH_ATTENDANT, BF, "birth", Code("attendant"), F103)
        .required()
        .nots(UNKNOWN),
    q(f::BIRTH_DELIVERY, BF, "birth", Code("delivery"), "LOINC 73762-7").nots(UNKNOWN),
    q(f::BIRTH_APGAR_1, BF, "birth", Int("points"), "LOINC 9272-6")
        .nots(UNKNOWN)
        .uses(&[Use::OfEachChild]),
    q(f::BIRTH_APGAR_5, BF, "birth", Int("points"), "LOINC 9274-2")
        .nots(UNKNOWN)
        .uses(&[Use::OfEachChild]),
    q(f::BIRTH_APGAR_10, B, "birth", Int("points"), "LOINC 9271-8")
        .nots(UNKNOWN)
        .when(&FELL_LOW)
        .taken_unasked()
        .uses(&[Use::OfEachChild]),
    q(f::MOTHER_SURNAME, BF, "mother", Name, F103).required().uses(&[
        Use::Identity,
        Use::SearchedName,
        Use::Printed,
    ]),
    q(f::MOTHER_GIVEN, BF, "mother", Name, F103).required().uses(&[
        Use::Identity,
        Use::SearchedName,
        Use::Printed,
    ]),
    q(f::MOTHER_PATRONYMIC, BF, "mother", Name, F103).uses(&[Use::SearchedName, Use::Printed]),
    q(f::MOTHER_BORN, BF, "mother", Date(&timeline::MOTHER_BORN), F103)
        .required()
        .uses(&[Use::Printed]),
    q(f::MOTHER_PHONE, BF, "mother", Text(20), OURS)
        .nots(ANY)
        .uses(&[Use::SearchedPhone, Use::BesideRecord]),
    q(f::MOTHER_DISTRICT, BF, "mother", Code("district"), F103)
        .required()
        .uses(&[Use::Printed]),
    q(f::MOTHER_ADDRESS, BF, "mother", Text(200), F103).uses(&[Use::Printed]),
    q(f::MOTHER_AREA, BF, "mother", Code("area"), F103),
    q(f::MOTHER_DOCUMENT, BF, "mother", Text(40), F103).uses(&[Use::SearchedDocument, Use::Printed]),
    q(f::MOTHER_DOCUMENT_KIND, BF, "mother", Code("document-kind"), F103)
        .nots(NONE)
        .when(&MOTHER_DOCUMENT),
    q(f::MOTHER_DOCUMENT_REASON, BF, "mother", Code("no-document"), OURS)
        .nots(NONE)
        .when(&WITHOUT_PAPERS),
    q(f::MOTHER_IDENTITY, BF, "mother", Code("identity"), OURS)
        .nots(NONE)
        .when(&WITHOUT_PAPERS)
        .taken_unasked(),
    q(f::MOTHER_WITNESS, BF, "mother", Text(120), OURS)
        .nots(NONE)
        .when(&WITNESSED),
    q(f::MOTHER_CITIZENSHIP, BF, "mother", Code("country"), UN),
    q(f::MOTHER_MARRIAGE, BF, "mother", Code("marriage"), F103).nots(&[Not::Yet, Not::Refused]),
    q(f::MOTHER_MARRIAGE_ACT, BF, "mother", Text(60), F103).when(&MARRIED),
    q(
        f::MOTHER_MARRIAGE_DATE,
        BF,
        "mother",
        Date(&timeline::MARRIAGE),
        UN,
    )
    .when(&MARRIED),
    q(f::MOTHER_EDUCATION, BF, "mother", Code("education"), F103),
    q(f::MOTHER_EMPLOYMENT, BF, "mother", Code("employment"), F103),
    q(f::MOTHER_LIVE_BIRTHS, BF, "history", Int("children"), F103).nots(ANY),
    q(
        f::MOTHER_CHILDREN_LIVING,
        BF,
        "history",
        Int("children"),
        "LOINC 11638-4",
    )
    .when(&HAD_BIRTHS)
    .taken_unasked(),
    q(
        f::MOTHER_CHILDREN_DEAD,
        BF,
        "history",
        Int("children"),
        "LOINC 68496-9",
    )
    .when(&HAD_BIRTHS)
    .taken_unasked(),
    q(
        f::MOTHER_LAST_BIRTH,
        BF,
        "history",
        Date(&timeline::LAST_BIRTH),
        UN,
    )
    .when(&HAD_BIRTHS),
    q(f::MOTHER_FOETAL_DEATHS, BF, "history", Int("children"), UN),
    q(f::MOTHER_PREGNANCIES, F, "history", Int("children"), F1062),
    q(f::MOTHER_DELIVERIES, BF, "history", Int("children"), F1062),
    q(f::MOTHER_CAESAREANS, BF, "history", Int("children"), "NCHS"),
    q(f::MOTHER_ANTENATAL_FIRST, BF, "history", Int("weeks"), F103),
    q(f::MOTHER_ANTENATAL_VISITS, BF, "history", Int("visits"), "NCHS"),
    // No form asks these; imports of other systems bring them, and the rules look.
    q(
        f::MOTHER_LMP,
        BF,
        "history",
        Date(&timeline::LAST_PERIOD),
        "LOINC 8665-2",
    )
    .nots(UNKNOWN)
    .written(),
    q(f::MOTHER_HEIGHT, BF, "history", Int("height"), "NCHS")
        .nots(UNKNOWN)
        .written(),
    q(f::MOTHER_WEIGHT_BEFORE, BF, "history", Int("kg"), "NCHS")
        .nots(UNKNOWN)
        .written(),
    q(f::MOTHER_WEIGHT_DELIVERY, BF, "history", Int("kg"), "NCHS")
        .nots(UNKNOWN)
        .written(),
    q(f::BIRTH_HEAD, BF, "newborn", Length, "LOINC 9843-4").nots(UNKNOWN),
    q(f::CHILD_ANOMALY, B, "newborn", Icd, "NCHS").nots(NONE),
    q(
        f::CHILD_LIVING,
        B,
        "newborn",
        Code("yes-no-unknown"),
        "LOINC 73757-7",
    )
    .nots(UNKNOWN),
    q(f::CHILD_SURNAME, B, "child", Name, F103).uses(&[Use::SearchedName, Use::Printed]),
    q(f::CHILD_GIVEN, B, "child", Name, F103).uses(&[Use::SearchedName, Use::Printed, Use::OfEachChild]),
    q(f::CHILD_PATRONYMIC, B, "child", Name, F103).uses(&[Use::SearchedName, Use::Printed]),
    q(f::CHILD_MINORITY, B, "child", Code("yes-no-unknown"), OURS)
        .nots(NONE)
        .when(&RUSSIAN_FORM)
        .taken_unasked(),
    q(f::FATHER_SURNAME, BF, "father", Name, UN).uses(&[Use::SearchedName]),
    q(f::FATHER_GIVEN, BF, "father", Name, UN).uses(&[Use::SearchedName]),
    q(f::FATHER_PATRONYMIC, BF, "father", Name, UN).uses(&[Use::SearchedName]),
    q(f::FATHER_BORN, BF, "father", Date(&timeline::FATHER_BORN), UN),
    q(f::FATHER_DOCUMENT, BF, "father", Text(40), UN).uses(&[Use::SearchedDocument]),
    q(f::FATHER_CITIZENSHIP, BF, "father", Code("country"), UN),
    q(f::FATHER_EDUCATION, BF, "father", Code("education"), UN),
    q(f::FOETAL_CAUSE, F, "cause", Cause(200), F1062).nots(UNKNOWN),
    q(f::FOETAL_CAUSE_CODE, F, "cause", Icd, F1062).nots(NONE),
    q(f::FOETAL_OTHER, F, "cause", Cause(200), F1062).nots(NONE),
    q(f::FOETAL_OTHER_CODE, F, "cause", Icd, F1062).nots(NONE),
    q(f::FOETAL_MATERNAL, F, "cause", Cause(200), F1062).nots(UNKNOWN),
    q(f::FOETAL_MATERNAL_CODE, F, "cause", Icd, F1062).nots(NONE),
    q(f::FOETAL_MATERNAL_OTHER, F, "cause", Cause(200), F1062).nots(NONE),
    q(f::FOETAL_MATERNAL_OTHER_CODE, F, "cause", Icd, F1062).nots(NONE),
    q(f::FOETAL_CIRCUMSTANCES, F, "cause", Text(200), F1062).nots(NONE),
];
