//! Limits of rules and of timeliness. Every one is a setting.
//!
//! Where a limit rests on an assumption about Tajik law or practice its documentation says
//! *assumption*; the ministries' answer replaces the default.

use serde::{Deserialize, Serialize};

macro_rules! limits {
    ($($(#[doc = $doc:literal])+ $name:ident: $ty:ty = $default:expr;)*) => {
        /// Limits of rules and of timeliness; see each field.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct Limits {
            $($(#[doc = $doc])+ pub $name: $ty,)*
        }

        impl Default for Limits {
            fn default() -> Self {
                Limits { $($name: $default,)* }
            }
        }

        impl Limits {
            /// Each limit with its documentation and default, for the commented settings file.
            pub fn documented() -> Vec<(&'static str, String, String)> {
                let mut out = Vec::new();
                $(
                    let doc: &[&str] = &[$($doc),*];
                    let default: $ty = $default;
                    out.push((stringify!($name), doc.iter().map(|l| l.trim()).collect::<Vec<_>>().join(" "), default.to_string()));
                )*
                out
            }
        }
    };
}

limits! {
    /// Hours from the event within which signing counts as timely (assumption).
    timely_sign_hours: u32 = 24;
    /// Hours from the event within which arrival at the portal counts as timely (assumption).
    timely_receive_hours: u32 = 72;
    /// Days after the event from which a reason for lateness is asked (assumption).
    late_reason_days: u32 = 30;
    /// Days after the event from which a registrar looks at it (assumption: 1 year).
    late_hold_days: u32 = 365;
    /// Days for which the portal's agreement with the clock counts.
    clock_days: u32 = 30;
    /// Minutes by which the clock may differ from the portal's.
    clock_minutes: u32 = 5;
    /// Minutes by which an event may lie in the future.
    future_minutes: u32 = 10;
    /// Registrable birth: completed weeks of gestation (WHO; assumption for Tajikistan).
    birth_weeks: u32 = 22;
    /// Registrable birth: weight in grams (WHO; assumption for Tajikistan).
    birth_weight_g: u32 = 500;
    /// Registrable birth: length in millimetres (WHO; assumption for Tajikistan).
    birth_length_mm: u32 = 250;
    /// Whether every criterion of a registrable birth must hold, or any one (WHO).
    birth_all_criteria: bool = false;
    /// Days after the last receipt of a settled notification (certificate issued, annulled, duplicate)
    /// after which its names leave this device; 0 is never (assumption about keeping records).
    minimise_days: u32 = 0;
    /// Whether a new key for a colleague needs the signatures of two others (assumption: one suffices).
    keys_by_two: bool = false;
    /// Hours after which an incomplete multiple birth is held for a registrar.
    set_hours: u32 = 24;
    /// Days within which a ward asks whether two events of one person are the same event; the registry
    /// weighs days with all else.
    alike_days: u32 = 2;
    /// Age of a mother in years below which it is an error.
    mother_age_least: u32 = 10;
    /// Age of a mother in years above which it is an error.
    mother_age_most: u32 = 64;
    /// Age of a mother in years below which a warning asks.
    mother_age_young: u32 = 15;
    /// Age of a mother in years above which a warning asks.
    mother_age_old: u32 = 49;
    /// Age of a father in years below which a warning asks.
    father_age_young: u32 = 15;
    /// Age of a father in years above which a warning asks.
    father_age_old: u32 = 74;
    /// Birth weight in grams below which it is an error (NCHS).
    weight_least_g: u32 = 227;
    /// Birth weight in grams above which it is an error (NCHS).
    weight_most_g: u32 = 8165;
    /// Birth weight in grams below which a warning asks.
    weight_low_g: u32 = 500;
    /// Birth weight in grams above which a warning asks.
    weight_high_g: u32 = 6000;
    /// Completed weeks of gestation below which it is an error (NCHS).
    weeks_least: u32 = 17;
    /// Completed weeks of gestation above which it is an error (NCHS).
    weeks_most: u32 = 47;
    /// Completed weeks of gestation below which a warning asks (WHO perinatal period).
    weeks_low: u32 = 22;
    /// Completed weeks of gestation above which a warning asks.
    weeks_high: u32 = 44;
    /// Length at birth in millimetres below which a warning asks.
    length_low_mm: u32 = 250;
    /// Length at birth in millimetres above which a warning asks.
    length_high_mm: u32 = 620;
    /// Previous live births above which a warning asks.
    live_births_most: u32 = 15;
    /// Months since the last live birth below which a warning asks (NCHS).
    birth_interval_low_months: u32 = 9;
    /// Months since the last live birth below which it is an error (NCHS).
    birth_interval_least_months: u32 = 5;
    /// Antenatal visits above which it is an error (NCHS).
    antenatal_visits_most: u32 = 49;
    /// Weeks by which last period and gestation may differ (NCHS).
    lmp_weeks_differ: u32 = 2;
    /// Weeks before the birth beyond which a last period is an error (NCHS).
    lmp_weeks_most: u32 = 47;
    /// Mother's height in centimetres below which a warning asks (NCHS).
    mother_height_least_cm: u32 = 120;
    /// Mother's height in centimetres above which a warning asks (NCHS).
    mother_height_most_cm: u32 = 200;
    /// Mother's weight at delivery in kilograms below which a warning asks (NCHS).
    mother_weight_least_kg: u32 = 35;
    /// Mother's weight at delivery in kilograms above which a warning asks (NCHS).
    mother_weight_most_kg: u32 = 160;
    /// Kilograms that a mother may lose in pregnancy before a warning asks (NCHS).
    mother_loss_most_kg: u32 = 10;
    /// Kilograms that a mother may gain in pregnancy before a warning asks (NCHS).
    mother_gain_most_kg: u32 = 40;
    /// Head circumference in millimetres below which a warning asks.
    head_low_mm: u32 = 180;
    /// Head circumference in millimetres above which a warning asks.
    head_high_mm: u32 = 420;
    /// Days before the death within which surgery is asked for (WHO: four weeks).
    surgery_days: u32 = 28;
    /// Events below which shares of a whole country's or facility's data are not judged.
    quality_events_least: u32 = 20;
    /// Births below which the sex ratio is not judged.
    sex_ratio_births: u32 = 1000;
    /// Boys per 100 girls below which the ministry is told.
    sex_ratio_least: u32 = 100;
    /// Boys per 100 girls above which the ministry is told.
    sex_ratio_most: u32 = 110;
    /// Per cent of ill-defined causes above which the ministry is told (ANACoD).
    ill_defined_percent: u32 = 10;
    /// Per cent of ill-defined causes above which it is serious (ANACoD).
    ill_defined_serious_percent: u32 = 20;
    /// Per cent of birth weights that end in 00 above which the ministry is told.
    round_weights_percent: u32 = 30;
    /// Per cent of birth weights of exactly 2500 g above which the ministry is told.
    weight_2500_percent: u32 = 5;
    /// Foetal and early neonatal deaths below which their ratio is not judged.
    perinatal_deaths_least: u32 = 50;
    /// Foetal deaths per 100 early neonatal deaths below which the ministry is told.
    perinatal_ratio_least_percent: u32 = 50;
    /// Foetal deaths per 100 early neonatal deaths above which the ministry is told.
    perinatal_ratio_most_percent: u32 = 200;
    /// Events a month from which on a facility's silence is told.
    silent_usual: u32 = 5;
    /// Per cent of unknown answers to a core question above which the ministry is told (NCHS).
    unknown_percent: u32 = 5;
    /// Age at death in years above which a warning asks.
    age_high: u32 = 105;
    /// Age at death in years above which it is an error (NCHS).
    age_most: u32 = 125;
    /// Age of a woman in years from which the pregnancy questions are missed (WHO asks from 15).
    pregnancy_age_least: u32 = 10;
    /// Age of a woman in years up to which the pregnancy questions are missed (WHO asks to 49).
    pregnancy_age_most: u32 = 54;
    /// Letters that a document number may begin with (assumption).
    document_letters: u32 = 3;
    /// Fewest digits of a document number (assumption).
    document_digits_least: u32 = 6;
    /// Most digits of a document number (assumption).
    document_digits_most: u32 = 10;
    /// Per cent of the rows of a list of ICD-10 above which it is not loaded when they cannot be taken.
    icd_left_out_percent: u32 = 1;
}
