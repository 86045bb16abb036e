//! Durations: the interval between onset and death, as ISO 8601 and as people write it.

use std::fmt;

/// A duration of one unit or more, at least one minute, such as `P3D`, `P2W` or `P1Y6M`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interval {
    years: u32,
    months: u32,
    weeks: u32,
    days: u32,
    hours: u32,
    minutes: u32,
}

/// Longest number that a unit may carry.
const MOST: u32 = 9999;

impl Interval {
    /// Reads an ISO 8601 duration of whole numbers: `P10Y`, `P1Y6M`, `P2W`, `PT6H30M`.
    pub fn parse_iso(text: &str) -> Option<Interval> {
        let rest = text.strip_prefix('P')?;
        let (date, time) = match rest.split_once('T') {
            Some((_, "")) => return None,
            Some((d, t)) => (d, t),
            None => (rest, ""),
        };
        let mut out = Interval::default();
        read_units(date, "YMWD", |unit, n| match unit {
            'Y' => out.years = n,
            'M' => out.months = n,
            'W' => out.weeks = n,
            _ => out.days = n,
        })?;
        read_units(time, "HM", |unit, n| match unit {
            'H' => out.hours = n,
            _ => out.minutes = n,
        })?;
        (out != Interval::default()).then_some(out)
    }

    /// Reads what people write: `3 рӯз`, `2 нед`, `5 h`, `1 сол 6 моҳ`, or an ISO duration.
    pub fn parse_human(text: &str) -> Option<Interval> {
        let text = text.trim().to_lowercase();
        if let Some(iso) = Interval::parse_iso(&text.to_uppercase()) {
            return Some(iso);
        }
        let mut out = Interval::default();
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let digits = rest.find(|c: char| !c.is_ascii_digit())?;
            let n: u32 = rest
                .get(..digits)?
                .parse()
                .ok()
                .filter(|n| (1..=MOST).contains(n))?;
            rest = rest.get(digits..)?.trim_start_matches([' ', '.']);
            let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
            let slot = match unit(rest.get(..end)?)? {
                'Y' => &mut out.years,
                'M' => &mut out.months,
                'W' => &mut out.weeks,
                'D' => &mut out.days,
                'H' => &mut out.hours,
                _ => &mut out.minutes,
            };
            if *slot != 0 {
                return None;
            }
            *slot = n;
            rest = rest.get(end..)?.trim_start_matches([' ', '.', ',']);
        }
        (out != Interval::default()).then_some(out)
    }

    /// Length in minutes, a year as 365.25 days and a month as 30.4, for comparing two intervals.
    pub fn approx_minutes(&self) -> u64 {
        let days10 = u64::from(self.years) * 36525 / 10
            + u64::from(self.months) * 304
            + (u64::from(self.weeks) * 7 + u64::from(self.days)) * 10;
        days10 * 144 + u64::from(self.hours) * 60 + u64::from(self.minutes)
    }

    /// The least and the most minutes that it can mean, people counting whole units: three weeks
    /// are at least three and less than four.
    pub fn span_minutes(&self) -> (u64, u64) {
        let least = self.approx_minutes();
        let one = |unit: &str| -> u64 {
            match unit {
                "y" => 525_888,
                "mo" => 43_776,
                "w" => 10_080,
                "d" => 1_440,
                "h" => 60,
                _ => 1,
            }
        };
        let smallest = self.units().last().map_or(0, |(unit, _)| one(unit));
        (least, least + smallest)
    }

    /// Counts by unit, longest first, without the empty ones: (`y`, `mo`, `w`, `d`, `h`, `min`).
    pub fn units(&self) -> Vec<(&'static str, u32)> {
        [
            ("y", self.years),
            ("mo", self.months),
            ("w", self.weeks),
            ("d", self.days),
            ("h", self.hours),
            ("min", self.minutes),
        ]
        .into_iter()
        .filter(|(_, n)| *n > 0)
        .collect()
    }
}

/// Feeds `<number><unit>` pairs, units in the given order and at most once each.
fn read_units(mut text: &str, units: &str, mut put: impl FnMut(char, u32)) -> Option<()> {
    let mut allowed = units.chars();
    while !text.is_empty() {
        let digits = text.find(|c: char| !c.is_ascii_digit()).filter(|n| *n > 0)?;
        let n: u32 = text
            .get(..digits)?
            .parse()
            .ok()
            .filter(|n| (1..=MOST).contains(n))?;
        let unit = text.get(digits..)?.chars().next()?;
        allowed.find(|u| *u == unit)?;
        put(unit, n);
        text = text.get(digits + unit.len_utf8()..)?;
    }
    Some(())
}

/// The unit that a word or its beginning names in Tajik, Russian or English.
fn unit(word: &str) -> Option<char> {
    const WORDS: &[(char, &[&str])] = &[
        (
            'Y',
            &[
                "сол", "с", "г", "год", "года", "лет", "л", "y", "yr", "yrs", "year", "years",
            ],
        ),
        (
            'M',
            &[
                "моҳ",
                "мох",
                "м",
                "мес",
                "месяц",
                "месяца",
                "месяцев",
                "mo",
                "mon",
                "month",
                "months",
            ],
        ),
        (
            'W',
            &[
                "ҳафта",
                "хафта",
                "ҳ",
                "н",
                "нед",
                "неделя",
                "недели",
                "недель",
                "w",
                "wk",
                "week",
                "weeks",
            ],
        ),
        (
            'D',
            &[
                "рӯз",
                "руз",
                "р",
                "д",
                "дн",
                "день",
                "дня",
                "дней",
                "сут",
                "суток",
                "d",
                "day",
                "days",
            ],
        ),
        (
            'H',
            &[
                "соат",
                "ст",
                "ч",
                "час",
                "часа",
                "часов",
                "h",
                "hr",
                "hrs",
                "hour",
                "hours",
            ],
        ),
        (
            'm',
            &[
                "дақиқа",
                "дакика",
                "дақ",
                "дак",
                "мин",
                "минут",
                "минута",
                "минуты",
                "min",
                "mins",
                "minute",
                "minutes",
            ],
        ),
    ];
    WORDS
        .iter()
        .find(|(_, words)| words.contains(&word))
        .map(|(u, _)| *u)
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("P")?;
        for (n, u) in [
            (self.years, 'Y'),
            (self.months, 'M'),
            (self.weeks, 'W'),
            (self.days, 'D'),
        ] {
            if n > 0 {
                write!(f, "{n}{u}")?;
            }
        }
        if self.hours + self.minutes > 0 {
            f.write_str("T")?;
            for (n, u) in [(self.hours, 'H'), (self.minutes, 'M')] {
                if n > 0 {
                    write!(f, "{n}{u}")?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_typed_as_people_write_them_become_iso() {
        for (typed, iso) in [
            ("3 рӯз", "P3D"),
            ("3 руз", "P3D"),
            ("2 нед", "P2W"),
            ("5 h", "PT5H"),
            ("5ч", "PT5H"),
            ("10 лет", "P10Y"),
            ("1 сол 6 моҳ", "P1Y6M"),
            ("30 мин.", "PT30M"),
            ("P3D", "P3D"),
            ("pt6h", "PT6H"),
            ("2 ҳафта", "P2W"),
        ] {
            assert_eq!(
                Interval::parse_human(typed).map(|i| i.to_string()).as_deref(),
                Some(iso),
                "{typed}"
            );
        }
        for bad in [
            "", "рӯз", "3", "3 x", "0 d", "3 d 4 d", "P", "PT", "99999 d", "-3 d", "3.5 d",
        ] {
            assert_eq!(Interval::parse_human(bad), None, "{bad}");
        }
    }

    #[test]
    fn iso_durations_keep_their_form() {
        for iso in ["P10Y", "P1Y6M", "P2W", "PT6H", "P1DT2H30M"] {
            assert_eq!(Interval::parse_iso(iso).unwrap().to_string(), iso);
        }
        for bad in ["", "P", "PT", "P1", "1Y", "P1H", "PT1D", "P1.5Y", "P1M1Y", "P-1Y"] {
            assert_eq!(Interval::parse_iso(bad), None, "{bad}");
        }
    }

    #[test]
    fn longer_is_longer() {
        let m = |t| Interval::parse_iso(t).unwrap().approx_minutes();
        assert!(m("P1Y") > m("P11M") && m("P2W") > m("P13D") && m("PT25H") > m("P1D"));
    }
}
