//! Search over names, documents, phones and paper certificates, in any spelling.
//!
//! Words are folded as they go in and as they are asked for; what is stored elsewhere never is.
//! The newest come first. Ranking would have to read every hit.

use super::convert::signed;
use super::{NotificationRow, Store, StoreError};
use crate::matching::{document, fold};
use crate::ward::store::worklist::{COLUMNS, row};

/// Digits that the end of a phone number needs to be told from another one's.
const PHONE_END: usize = 9;

/// A phone number as people look for it: all its digits, and the last nine without the country.
pub(super) fn phone_words(text: &str) -> Vec<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let extra = digits.len().saturating_sub(PHONE_END);
    let end: String = digits.chars().skip(extra).collect();
    match (digits.is_empty(), extra) {
        (true, _) => Vec::new(),
        (false, 0) => vec![digits],
        (false, _) => vec![digits, end],
    }
}

/// Words as the index keeps them: folded, letters and digits alone.
fn words(text: &str) -> Vec<String> {
    fold(text)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The query in the language of FTS5: every word the beginning of one in the index. A number or
/// document typed with blanks is also looked for as one word.
fn expression(query: &str) -> Option<String> {
    let prefix = |w: &String| format!("\"{w}\"*");
    let apart: Vec<String> = words(query).iter().map(prefix).collect();
    if apart.is_empty() {
        return None;
    }
    let mut out = format!("({})", apart.join(" AND "));
    let number = query.chars().any(|c| c.is_ascii_digit());
    let joined = fold(&document(query));
    if number && !joined.is_empty() {
        out.push_str(" OR ");
        out.push_str(&prefix(&joined));
    }
    Some(out)
}

impl Store {
    /// Notifications whose words begin with all words of the query, newest first.
    pub fn search(&self, query: &str, limit: usize) -> Result<Vec<NotificationRow>, StoreError> {
        let Some(expression) = expression(query) else {
            return Ok(Vec::new());
        };
        // The hits come from the index alone, newest first, before any row is read.
        let mut find = self.db.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM notifications WHERE first IN
               (SELECT rowid FROM search WHERE search MATCH ?1 ORDER BY rowid DESC LIMIT ?2)
             ORDER BY first DESC"
        ))?;
        let hits: Result<Vec<NotificationRow>, StoreError> =
            find.query_and_then((expression, signed(limit)), row)?.collect();
        match hits {
            // Letters that SQLite's tables do not know yet split a word for it, and then it refuses
            // the query. Nothing is found by such letters.
            Err(StoreError::Sql(e)) if e.sqlite_error_code() == Some(rusqlite::ErrorCode::Unknown) => {
                Ok(Vec::new())
            }
            hits => hits,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_folded_and_cannot_speak_the_language_of_the_index() {
        assert_eq!(
            expression("Ҷамшед қурб").as_deref(),
            Some("(\"чамшед\"* AND \"курб\"*)")
        );
        assert_eq!(
            expression("\" OR * NEAR("),
            Some("(\"or\"* AND \"near\"*)".to_owned())
        );
        assert_eq!(expression("  \"* "), None);
    }

    #[test]
    fn a_number_is_found_with_and_without_blanks() {
        assert_eq!(
            expression("90 123").as_deref(),
            Some("(\"90\"* AND \"123\"*) OR \"90123\"*")
        );
        assert_eq!(phone_words("+992 90 123-45-67"), ["992901234567", "901234567"]);
        assert_eq!(phone_words("90 123-45-67"), ["901234567"]);
        assert!(phone_words("нест").is_empty());
    }
}
