//! Registration numbers: one row of numbers for each office, year and kind of record.
//!
//! Their form is a setting until the ministry of justice says how act records are numbered.

use crate::portal::settings::Registration;

/// Letter of a kind's book of records.
fn letter(kind: &str) -> &'static str {
    match kind {
        "birth" => "B",
        "death" => "D",
        _ => "F",
    }
}

/// The number as people read it.
pub(in crate::portal) fn format(
    policy: &Registration,
    office: &str,
    year: i32,
    kind: &str,
    number: u64,
) -> String {
    let digits = usize::try_from(policy.number_digits.min(12)).unwrap_or(0);
    policy
        .number_of(office)
        .replace("{office}", office)
        .replace("{year}", &year.to_string())
        .replace("{book}", letter(kind))
        .replace("{number}", &format!("{number:0digits$}"))
}

/// Year and running number of a number of this office that [`format`] wrote.
pub(in crate::portal) fn parse(
    policy: &Registration,
    office: &str,
    reg_no: &str,
    kind: &str,
) -> Option<(i32, u64)> {
    let form = policy
        .number_of(office)
        .replace("{office}", office)
        .replace("{book}", letter(kind));
    let (mut rest, mut form) = (reg_no, form.as_str());
    let (mut year, mut number) = (None, None);
    while !form.is_empty() {
        let part = [("{year}", 4), ("{number}", 12)]
            .into_iter()
            .find(|(name, _)| form.starts_with(name));
        let Some((name, most)) = part else {
            let c = form.chars().next()?;
            form = form.strip_prefix(c)?;
            rest = rest.strip_prefix(c)?;
            continue;
        };
        let digits = rest.bytes().take(most).take_while(u8::is_ascii_digit).count();
        let (value, after) = rest.split_at_checked(digits)?;
        match name {
            "{year}" => year = value.parse().ok(),
            _ => number = value.parse().ok(),
        }
        form = form.strip_prefix(name)?;
        rest = after;
    }
    rest.is_empty().then_some((year?, number?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_reads_back_in_every_form() {
        let plain = Registration::default();
        let text = format(&plain, "TJ-DU-01", 2026, "birth", 42);
        assert_eq!(text, "TJ-DU-01-2026-B-000042");
        for form in [
            "{office}-{year}-{book}-{number}",
            "{book}{number}/{year} {office}",
            "№{number}.{book}.{office}.{year}",
        ] {
            let policy = Registration {
                number: form.to_owned(),
                ..Registration::default()
            };
            let text = format(&policy, "TJ-DU-01", 2026, "death", 1_234_567);
            assert_eq!(
                parse(&policy, "TJ-DU-01", &text, "death"),
                Some((2026, 1_234_567)),
                "{text}"
            );
            assert_eq!(parse(&policy, "TJ-DU-01", &text, "birth"), None);
            assert_eq!(parse(&policy, "TJ-DU-02", &text, "death"), None);
        }
        assert_eq!(parse(&plain, "TJ-DU-01", "", "birth"), None);
    }
}
