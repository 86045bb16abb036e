//! Lines of deliveries and answers, and the small JSON objects of the other calls.

use super::ProblemDetails;
use crate::vital::{EntryHash, Jid};
use serde::{Deserialize, Serialize};

/// The lines of a body without the empty ones.
pub fn lines(body: &str) -> impl Iterator<Item = &str> {
    body.lines().map(str::trim).filter(|l| !l.is_empty())
}

/// A signed object as a line, without the line break.
pub fn jws_line(jws: &str) -> String {
    serde_json::Value::from(jws).to_string()
}

/// The signed object that a line holds: a JSON string or a bare JWS. None where it is neither.
pub fn jws_of_line(line: &str) -> Option<String> {
    let line = line.trim();
    if line.starts_with('"') {
        return serde_json::from_str(line).ok();
    }
    let bare = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    (!line.is_empty() && line.bytes().all(bare)).then(|| line.to_owned())
}

/// What the portal answers to one line of a delivery.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[cfg_attr(feature = "portal", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "portal", schema(as = Answer))]
pub enum DeliveryAnswer {
    /// A receipt, not yet verified.
    #[cfg_attr(feature = "portal", schema(value_type = crate::seal::Jws))]
    Receipt(String),
    /// The line was no entry, or failed.
    Problem(ProblemDetails),
}

impl DeliveryAnswer {
    /// Reads a line of an answer. None where it is neither (a proxy's page, a cut line).
    pub fn read(line: &str) -> Option<DeliveryAnswer> {
        if line.trim_start().starts_with('{') {
            return serde_json::from_str(line).ok().map(DeliveryAnswer::Problem);
        }
        jws_of_line(line).map(DeliveryAnswer::Receipt)
    }

    /// The line, without the line break.
    pub fn line(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// The answers of a delivery in the order of its lines; None for a line that is no answer.
pub fn answers(body: &str) -> Vec<Option<DeliveryAnswer>> {
    lines(body).map(DeliveryAnswer::read).collect()
}

/// A line of the feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "portal", derive(utoipa::ToSchema))]
pub struct FeedLine {
    /// The receipt's JWS.
    #[cfg_attr(feature = "portal", schema(value_type = crate::seal::Jws))]
    pub receipt: String,
    /// The entry's JWS, where another device wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "portal", schema(value_type = crate::seal::Jws))]
    pub entry: Option<String>,
}

/// What the portal holds of a journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "portal", derive(utoipa::ToSchema))]
pub struct JournalHead {
    /// The journal.
    #[cfg_attr(feature = "portal", schema(value_type = String))]
    pub jid: Jid,
    /// Highest sequence number up to which nothing is missing; 0 for an unknown journal.
    pub seq: u64,
    /// Hash of that entry; 32 zero bytes in base64url for an unknown journal.
    #[cfg_attr(feature = "portal", schema(value_type = crate::seal::Hash))]
    pub h: EntryHash,
    /// Highest sequence number of all, gaps or not.
    pub highest: u64,
    /// Whether two different entries stand at one sequence number.
    pub forked: bool,
}

/// How far a request to enrol has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "portal", derive(utoipa::ToSchema))]
pub enum EnrolmentState {
    /// Somebody at the registry still has to look at it.
    Waiting,
    /// The keys stand in the trust list.
    Approved,
    /// Declined.
    Refused,
}

/// Answer to a request to enrol.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "portal", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "portal", schema(as = Enrolment))]
pub struct EnrolmentAnswer {
    /// Identifier of the request, to ask for its state.
    #[cfg_attr(feature = "portal", schema(value_type = crate::seal::Hash))]
    pub id: String,
    /// The key that asks.
    #[cfg_attr(feature = "portal", schema(value_type = crate::seal::Hash))]
    pub kid: String,
    /// How far it has come.
    pub state: EnrolmentState,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::ProblemCode;

    #[test]
    fn a_line_is_a_json_string_or_a_bare_jws() {
        assert_eq!(jws_of_line("\"a.b.c\"").as_deref(), Some("a.b.c"));
        assert_eq!(jws_of_line(" a.b-_.c\r").as_deref(), Some("a.b-_.c"));
        for bad in ["", "<html>", "{\"a\":1}", "\"a", "a b"] {
            assert_eq!(jws_of_line(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_answer_reads_back_and_a_captive_portal_is_no_answer() {
        let receipt = DeliveryAnswer::Receipt("a.b.c".into());
        let problem = DeliveryAnswer::Problem(ProblemDetails::new(ProblemCode::NotAnEntry).at_line(3));
        let body = format!("{}\n\n{}\n<html>login</html>\n", receipt.line(), problem.line());
        assert_eq!(answers(&body), vec![Some(receipt), Some(problem), None]);
    }
}
