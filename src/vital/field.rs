//! Identifiers of fields that rules, worklists and the portal name.
//!
//! An identifier is the path of the value in the signed body: `mother.surname` is the member
//! `surname` of the member `mother`. FROZEN: they are signed and sent; one may be added, none may
//! change its meaning.

macro_rules! fields {
    ($($name:ident = $id:literal;)*) => {
        $(#[doc = concat!("`", $id, "`")] pub const $name: &str = $id;)*
        /// Every identifier named here, for the test that each one is declared in `form`.
        pub const ALL: &[&str] = &[$($id),*];
    };
}

fields! {
    CHILD_SEX = "child.sex";
    CHILD_SURNAME = "child.surname";
    CHILD_GIVEN = "child.given";
    CHILD_PATRONYMIC = "child.patronymic";
    CHILD_ANOMALY = "child.anomaly";
    BIRTH_DATE = "birth.date";
    BIRTH_TIME = "birth.time";
    BIRTH_PLACE = "birth.place";
    BIRTH_DISTRICT = "birth.district";
    BIRTH_ATTENDANT = "birth.attendant";
    BIRTH_WEIGHT = "birth.weight";
    BIRTH_LENGTH = "birth.length";
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
    MOTHER_DISTRICT = "mother.district";
    MOTHER_ADDRESS = "mother.address";
    MOTHER_PHONE = "mother.phone";
    MOTHER_MARRIAGE = "mother.marriage";
    MOTHER_MARRIAGE_ACT = "mother.marriage_act";
    MOTHER_EDUCATION = "mother.education";
    MOTHER_LIVE_BIRTHS = "mother.live_births_before";
    MOTHER_CHILDREN_LIVING = "mother.children_living";
    MOTHER_CHILDREN_DEAD = "mother.children_dead";
    MOTHER_LAST_BIRTH = "mother.last_live_birth_date";
    MOTHER_DELIVERIES = "mother.deliveries_before";
    MOTHER_CAESAREANS = "mother.caesareans_before";
    MOTHER_ANTENATAL_FIRST = "mother.antenatal_first_week";
    MOTHER_ANTENATAL_VISITS = "mother.antenatal_visits";
    FATHER_SURNAME = "father.surname";
    FATHER_GIVEN = "father.given";
    FATHER_PATRONYMIC = "father.patronymic";
    FATHER_BORN = "father.born";
    FATHER_DOCUMENT = "father.document";
    FOETAL_CAUSE = "foetal_cause.main.text";
    FOETAL_CAUSE_CODE = "foetal_cause.main.code";
    FOETAL_OTHER = "foetal_cause.other.text";
    FOETAL_OTHER_CODE = "foetal_cause.other.code";
    FOETAL_MATERNAL = "foetal_cause.maternal.text";
    FOETAL_MATERNAL_CODE = "foetal_cause.maternal.code";
    DECEASED_SURNAME = "deceased.surname";
    DECEASED_GIVEN = "deceased.given";
    DECEASED_PATRONYMIC = "deceased.patronymic";
    DECEASED_SEX = "deceased.sex";
    DECEASED_BORN = "deceased.born";
    DECEASED_AGE = "deceased.estimated_age";
    DECEASED_DOCUMENT = "deceased.document";
    DECEASED_DISTRICT = "deceased.district";
    DECEASED_ADDRESS = "deceased.address";
    DECEASED_EDUCATION = "deceased.education";
    DEATH_CERTIFICATE = "death.certificate";
    DEATH_DATE = "death.date";
    DEATH_TIME = "death.time";
    DEATH_PLACE = "death.place";
    DEATH_DISTRICT = "death.district";
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
    SURGERY = "surgery.performed";
    SURGERY_DATE = "surgery.date";
    SURGERY_REASON = "surgery.reason";
    AUTOPSY = "autopsy.requested";
    AUTOPSY_USED = "autopsy.findings_used";
    EXTERNAL_DATE = "external.date";
    EXTERNAL_HOW = "external.description";
    EXTERNAL_PLACE = "external.place";
    PREGNANT = "pregnancy.pregnant";
    PREGNANCY_WHEN = "pregnancy.when";
    PREGNANCY_CONTRIBUTED = "pregnancy.contributed";
    INFORMANT = "informant";
    OFFICE = "office";
    PAPER = "paper_certificate";
    LATE_REASON = "late_reason";
    NOTE = "note";
}

/// The lines of Part I from the immediate cause down: text, code, interval.
pub const CAUSE_LINES: [(&str, &str, &str); 4] = [
    (CAUSE_A, CAUSE_A_CODE, CAUSE_A_INTERVAL),
    (CAUSE_B, CAUSE_B_CODE, CAUSE_B_INTERVAL),
    (CAUSE_C, CAUSE_C_CODE, CAUSE_C_INTERVAL),
    (CAUSE_D, CAUSE_D_CODE, CAUSE_D_INTERVAL),
];
