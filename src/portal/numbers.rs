//! Registration numbers: one row of numbers for each office, year and kind of record.
//!
//! The form `<office>-<year>-<B|D|F>-<number>` is the project's own until the ministry of justice
//! says how act records are numbered.

/// Letter of a kind's book of records.
fn letter(kind: &str) -> &'static str {
    match kind {
        "birth" => "B",
        "death" => "D",
        _ => "F",
    }
}

/// The number as people read it.
pub(super) fn format(office: &str, year: i32, kind: &str, number: u64) -> String {
    format!("{office}-{year}-{}-{number:06}", letter(kind))
}

/// Office, year and running number of a number that [`format`] wrote.
pub(super) fn parse(reg_no: &str, kind: &str) -> Option<(String, i32, u64)> {
    let mut parts = reg_no.rsplitn(4, '-');
    let number = parts.next()?.parse().ok()?;
    if parts.next()? != letter(kind) {
        return None;
    }
    let year = parts.next()?.parse().ok()?;
    Some((parts.next()?.to_owned(), year, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_reads_back() {
        let text = format("TJ-DU-01", 2026, "birth", 42);
        assert_eq!(text, "TJ-DU-01-2026-B-000042");
        assert_eq!(parse(&text, "birth"), Some(("TJ-DU-01".to_owned(), 2026, 42)));
        assert_eq!(parse(&text, "death"), None);
        assert_eq!(parse("", "birth"), None);
    }
}
