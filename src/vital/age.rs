//! Age at death, as far as dates or a guess tell it.

use super::{Event, field};

/// Minutes of a day and of a year.
const DAY: u64 = 1_440;
const YEAR: u64 = 525_960;

/// Age at death: the least and the most that it can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Age {
    /// Completed years.
    pub years: (i64, i64),
    /// Completed days.
    pub days: (i64, i64),
}

impl Age {
    /// The field that the age is taken from: the birth, the estimate, or the range.
    pub fn field(event: &Event) -> &'static str {
        let estimates = [
            field::DECEASED_AGE,
            field::DECEASED_AGE_FROM,
            field::DECEASED_AGE_TO,
        ];
        let dated = event.date(field::DECEASED_BORN).is_some() && event.date(field::DEATH_DATE).is_some();
        let estimated = estimates.into_iter().find(|f| event.known(f).is_some());
        estimated.filter(|_| !dated).unwrap_or(field::DECEASED_BORN)
    }

    /// From the dates, else from the estimated age or range of ages; `None` where nothing is known, where the
    /// birth surely lies after the death, or where a range ends before it begins. Never below zero: nobody dies before being born.
    pub fn at_death(event: &Event) -> Option<Age> {
        if let (Some(born), Some(died)) = (event.date(field::DECEASED_BORN), event.date(field::DEATH_DATE)) {
            let most = (died.latest() - born.earliest()).num_days();
            let (least_years, most_years) = born.years_until(died);
            let least = (died.earliest() - born.latest()).num_days();
            return (most >= 0).then_some(Age {
                years: (least_years.max(0), most_years.max(0)),
                days: (least.max(0), most),
            });
        }
        if let Some(age) = event.interval(field::DECEASED_AGE) {
            let (least, most) = age.span_minutes();
            let whole = |minutes: u64, unit: u64| i64::try_from(minutes / unit).unwrap_or(i64::MAX);
            // `55 years` are 55 completed ones, and any day of the year after. A day more or less
            // takes up what the mean year leaves over.
            let most = most.saturating_sub(1);
            return Some(Age {
                years: (whole(least + DAY, YEAR), whole(most.saturating_sub(DAY), YEAR)),
                days: (whole(least, DAY), whole(most, DAY)),
            });
        }
        // A range that somebody guessed, such as 50 to 60.
        let (from, to) = (
            event.int(field::DECEASED_AGE_FROM),
            event.int(field::DECEASED_AGE_TO),
        );
        let (from, to) = (from.or(to)?, to.or(from)?);
        (from <= to).then_some(Age {
            years: (from, to),
            days: (from.saturating_mul(365), to.saturating_add(1).saturating_mul(366)),
        })
    }

    /// Surely younger than so many years.
    pub fn surely_under(self, years: i64) -> bool {
        self.years.1 < years
    }

    /// Surely of so many years or older.
    pub fn surely_from(self, years: i64) -> bool {
        self.years.0 >= years
    }

    /// Longest that a condition can have lasted, in minutes.
    pub fn most_minutes(self) -> u64 {
        let days = u64::try_from(self.days.1).unwrap_or(0).saturating_add(1);
        days.saturating_mul(DAY)
    }

    /// Whether days tell more than years: the first birthday has not come.
    pub fn is_infant(self) -> bool {
        self.years.1 < 1
    }
}
