//! Identifiers of fields that rules, worklists and the portal name.
//!
//! An identifier is the path of the value in the signed body: `mother.surname` is the member
//! `surname` of the member `mother`. FROZEN: they are signed and sent; one may be added, none may
//! change its meaning.

macro_rules! fields {
    ($($name:ident = $id:literal;)*) => {
        $(#[doc = concat!("`", $id, "`")] pub const $name: &str = $id;)*
        /// Every identifier named here, for the test that each one is declared in `questions`.
        pub const ALL: &[&str] = &[$($id),*];
    };
}

fields! {
    CHILD_SEX = "child.sex";
    CHILD_SURNAME = "child.surname";
    CHILD_GIVEN = "child.given";
    CHILD_PATRONYMIC = "child.patronymic";
    CHILD_ANOMALY = "child.anomaly";
    CHILD_MINORITY = "child.minority";
    CHILD_LIVING = "child.living";
    BIRTH_DATE = "birth.date";
    BIRTH_TIME = "birth.time";
    BIRTH_PLACE = "birth.place";
    BIRTH_DISTRICT = "birth.district";
    BIRTH_BEFORE_ARRIVAL = "birth.before_arrival";
    BIRTH_ATTENDANT = "birth.attendant";
    BIRTH_WEIGHT = "birth.weight";
    BIRTH_LENGTH = "birth.length";
    BIRTH_HEAD = "birth.head_circumference";
    BIRTH_WEEKS = "birth.weeks";
    BIRTH_DELIVERY = "birth.delivery";
    BIRTH_PLURALITY = "birth.plurality";
    BIRTH_ORDER = "birth.order";
    BIRTH_APGAR_1 = "birth.apgar_1";
    BIRTH_APGAR_5 = "birth.apgar_5";
    BIRTH_APGAR_10 = "birth.apgar_10";
    FOETUS_SIGNS = "foetus.signs_of_life";
    FOETUS_WHEN = "foetus.died_when";
    MOTHER_SURNAME = "mother.surname";
    MOTHER_GIVEN = "mother.given";
    MOTHER_PATRONYMIC = "mother.patronymic";
    MOTHER_BORN = "mother.born";
    MOTHER_DOCUMENT = "mother.document";
    MOTHER_DOCUMENT_KIND = "mother.document_kind";
    MOTHER_DOCUMENT_REASON = "mother.document_reason";
    MOTHER_IDENTITY = "mother.identity";
    MOTHER_WITNESS = "mother.witness";
    MOTHER_CITIZENSHIP = "mother.citizenship";
    MOTHER_DISTRICT = "mother.district";
    MOTHER_ADDRESS = "mother.address";
    MOTHER_AREA = "mother.area";
    MOTHER_PHONE = "mother.phone";
    MOTHER_MARRIAGE = "mother.marriage";
    MOTHER_MARRIAGE_ACT = "mother.marriage_act";
    MOTHER_MARRIAGE_DATE = "mother.marriage_date";
    MOTHER_EDUCATION = "mother.education";
    MOTHER_EMPLOYMENT = "mother.employment";
    MOTHER_LIVE_BIRTHS = "mother.live_births_before";
    MOTHER_CHILDREN_LIVING = "mother.children_living";
    MOTHER_CHILDREN_DEAD = "mother.children_dead";
    MOTHER_LAST_BIRTH = "mother.last_live_birth_date";
    MOTHER_FOETAL_DEATHS = "mother.foetal_deaths_before";
    MOTHER_PREGNANCIES = "mother.pregnancies_before";
    MOTHER_DELIVERIES = "mother.deliveries_before";
    MOTHER_CAESAREANS = "mother.caesareans_before";
    MOTHER_ANTENATAL_FIRST = "mother.antenatal_first_week";
    MOTHER_ANTENATAL_VISITS = "mother.antenatal_visits";
    MOTHER_LMP = "mother.last_period_date";
    MOTHER_HEIGHT = "mother.height";
    MOTHER_WEIGHT_BEFORE = "mother.weight_before";
    MOTHER_WEIGHT_DELIVERY = "mother.weight_at_delivery";
    FATHER_SURNAME = "father.surname";
    FATHER_GIVEN = "father.given";
    FATHER_PATRONYMIC = "father.patronymic";
    FATHER_BORN = "father.born";
    FATHER_DOCUMENT = "father.document";
    FATHER_CITIZENSHIP = "father.citizenship";
    FATHER_EDUCATION = "father.education";
    FOETAL_CAUSE = "foetal_cause.main.text";
    FOETAL_CAUSE_CODE = "foetal_cause.main.code";
    FOETAL_OTHER = "foetal_cause.other.text";
    FOETAL_OTHER_CODE = "foetal_cause.other.code";
    FOETAL_MATERNAL = "foetal_cause.maternal.text";
    FOETAL_MATERNAL_CODE = "foetal_cause.maternal.code";
    FOETAL_MATERNAL_OTHER = "foetal_cause.maternal_other.text";
    FOETAL_MATERNAL_OTHER_CODE = "foetal_cause.maternal_other.code";
    FOETAL_CIRCUMSTANCES = "foetal_cause.circumstances";
    DECEASED_SURNAME = "deceased.surname";
    DECEASED_GIVEN = "deceased.given";
    DECEASED_PATRONYMIC = "deceased.patronymic";
    DECEASED_LABEL = "deceased.label";
    DECEASED_SEX = "deceased.sex";
    DECEASED_BORN = "deceased.born";
    DECEASED_AGE = "deceased.estimated_age";
    DECEASED_AGE_FROM = "deceased.age_from";
    DECEASED_AGE_TO = "deceased.age_to";
    DECEASED_DOCUMENT = "deceased.document";
    DECEASED_DOCUMENT_KIND = "deceased.document_kind";
    DECEASED_DISTRICT = "deceased.district";
    DECEASED_ADDRESS = "deceased.address";
    DECEASED_AREA = "deceased.area";
    DECEASED_CITIZENSHIP = "deceased.citizenship";
    DECEASED_MARITAL = "deceased.marital";
    DECEASED_EDUCATION = "deceased.education";
    DECEASED_EMPLOYMENT = "deceased.employment";
    INFANT_MOTHER_SURNAME = "infant.mother_surname";
    INFANT_MOTHER_GIVEN = "infant.mother_given";
    INFANT_MOTHER_DOCUMENT = "infant.mother_document";
    INFANT_BIRTH_PLACE = "infant.birth_place";
    INFANT_MULTIPLE = "infant.multiple";
    INFANT_BIRTH_TIME = "infant.birth_time";
    INFANT_HOURS = "infant.hours_survived";
    INFANT_WEIGHT = "infant.birth_weight";
    INFANT_WEEKS = "infant.weeks";
    INFANT_MOTHER_AGE = "infant.mother_age";
    INFANT_MATERNAL = "infant.maternal.text";
    INFANT_MATERNAL_CODE = "infant.maternal.code";
    DEATH_CERTIFICATE = "death.certificate";
    DEATH_DATE = "death.date";
    DEATH_TIME = "death.time";
    DEATH_PLACE = "death.place";
    DEATH_DISTRICT = "death.district";
    DEATH_AREA = "death.area";
    DEATH_MANNER = "death.manner";
    DEATH_POLICE = "death.police_number";
    CAUSE_LANG = "cause.lang";
    CAUSE_A = "cause.a.text";
    CAUSE_A_CODE = "cause.a.code";
    CAUSE_A_INTERVAL = "cause.a.interval";
    CAUSE_B = "cause.b.text";
    CAUSE_B_CODE = "cause.b.code";
    CAUSE_B_INTERVAL = "cause.b.interval";
    CAUSE_C = "cause.c.text";
    CAUSE_C_CODE = "cause.c.code";
    CAUSE_C_INTERVAL = "cause.c.interval";
    CAUSE_D = "cause.d.text";
    CAUSE_D_CODE = "cause.d.code";
    CAUSE_D_INTERVAL = "cause.d.interval";
    CAUSE_OTHER = "cause.other.text";
    CAUSE_OTHER_CODE = "cause.other.code";
    CAUSE_OTHER_INTERVAL = "cause.other.interval";
    CAUSE_OTHER_2 = "cause.other_2.text";
    CAUSE_OTHER_2_CODE = "cause.other_2.code";
    CAUSE_OTHER_2_INTERVAL = "cause.other_2.interval";
    CAUSE_ESTABLISHED_BY = "cause.established_by";
    CAUSE_BASIS = "cause.basis";
    SURGERY = "surgery.performed";
    SURGERY_DATE = "surgery.date";
    SURGERY_REASON = "surgery.reason";
    AUTOPSY = "autopsy.requested";
    AUTOPSY_USED = "autopsy.findings_used";
    EXTERNAL_DATE = "external.date";
    EXTERNAL_TIME = "external.time";
    EXTERNAL_HOW = "external.description";
    EXTERNAL_PLACE = "external.place";
    EXTERNAL_WORK = "external.at_work";
    EXTERNAL_ROAD = "external.road_death";
    PREGNANT = "pregnancy.pregnant";
    PREGNANCY_WHEN = "pregnancy.when";
    PREGNANCY_CONTRIBUTED = "pregnancy.contributed";
    FOUND_PLACE = "found.place";
    FOUND_DATE = "found.date";
    FOUND_TIME = "found.time";
    FOUND_BY = "found.by";
    FOUND_POLICE = "found.police_number";
    INFORMANT = "informant";
    OFFICE = "office";
    PAPER = "paper_certificate";
    PAPER_DATE = "paper_certificate_date";
    RECIPIENT = "recipient.name";
    RECIPIENT_DOCUMENT = "recipient.document";
    LATE_REASON = "late_reason";
    NOTE = "note";
    PREPARED_BY = "prepared_by";
}

/// The lines of Part I from the immediate cause down: text, code, interval.
pub const CAUSE_LINES: [(&str, &str, &str); 4] = [
    (CAUSE_A, CAUSE_A_CODE, CAUSE_A_INTERVAL),
    (CAUSE_B, CAUSE_B_CODE, CAUSE_B_INTERVAL),
    (CAUSE_C, CAUSE_C_CODE, CAUSE_C_INTERVAL),
    (CAUSE_D, CAUSE_D_CODE, CAUSE_D_INTERVAL),
];

/// Part II: text, code, interval of each condition that contributed.
pub const CAUSE_OTHERS: [(&str, &str, &str); 2] = [
    (CAUSE_OTHER, CAUSE_OTHER_CODE, CAUSE_OTHER_INTERVAL),
    (CAUSE_OTHER_2, CAUSE_OTHER_2_CODE, CAUSE_OTHER_2_INTERVAL),
];

/// Every code of a certificate: Part I from the immediate cause down, then Part II.
pub const CAUSE_CODES: [&str; 6] = [
    CAUSE_A_CODE,
    CAUSE_B_CODE,
    CAUSE_C_CODE,
    CAUSE_D_CODE,
    CAUSE_OTHER_CODE,
    CAUSE_OTHER_2_CODE,
];

/// Every interval of a certificate: Part I from the immediate cause down, then Part II.
pub const CAUSE_INTERVALS: [&str; 6] = [
    CAUSE_A_INTERVAL,
    CAUSE_B_INTERVAL,
    CAUSE_C_INTERVAL,
    CAUSE_D_INTERVAL,
    CAUSE_OTHER_INTERVAL,
    CAUSE_OTHER_2_INTERVAL,
];

/// Every text of a certificate: Part I from the immediate cause down, then Part II.
pub const CAUSE_TEXTS: [&str; 6] = [CAUSE_A, CAUSE_B, CAUSE_C, CAUSE_D, CAUSE_OTHER, CAUSE_OTHER_2];
