//! The portal's contract as types: addresses, media types, limits, problems, lines.
//!
//! The ward (`deliver`) and the registry (`portal`) both speak from here, so that they cannot
//! disagree about a word. The types say of themselves what they look like; the portal's OpenAPI document
//! is made of that and of its calls, and a test holds it true against a running portal.
//!
//! Lines are JSON (NDJSON): a signed object is a JSON string that holds its compact JWS, a problem
//! is an object. A reader also takes a bare JWS, which is what a person with `curl` would send.
//!
//! Deliberately absent: HTTP itself, signatures, and any knowledge of what an entry says.

mod claim;
mod line;
pub mod path;
mod problem;

pub use claim::{CLAIM, Claim, EPOCH, TRUST_NUMBER};
pub use line::{
    DeliveryAnswer, EnrolmentAnswer, EnrolmentState, FeedLine, JournalHead, answers, jws_line, jws_of_line,
    lines,
};
pub use problem::{ProblemCode, ProblemDetails, Reason};

/// Media types of requests and answers.
pub mod media {
    /// Newline-delimited JSON.
    pub const NDJSON: &str = "application/x-ndjson";
    /// RFC 9457.
    pub const PROBLEM: &str = "application/problem+json";
    /// JSON.
    pub const JSON: &str = "application/json";
    /// Web pages for people.
    pub const HTML: &str = "text/html; charset=utf-8";
    /// Prometheus exposition format.
    pub const METRICS: &str = "text/plain; version=0.0.4; charset=utf-8";
    /// Plain text.
    pub const TEXT: &str = "text/plain; charset=utf-8";
}

/// Most lines of one delivery.
pub const MAX_LINES: usize = 100;
/// Most bytes of one delivery, after decompression.
pub const MAX_BYTES: usize = 1 << 20;
/// Most bytes of one signed object.
pub const MAX_JWS: usize = 64 * 1024;
/// Longest wait of the feed, in seconds. Shorter than what proxies commonly allow.
pub const MAX_WAIT_SECONDS: u64 = 25;
/// Most receipts in one answer of the feed; the rest comes with the next request.
pub const MAX_FEED: usize = 500;
/// Most bytes of entries in one answer of the feed or of a journal, except for a single longer one.
pub const MAX_ANSWER_BYTES: usize = 1 << 20;
/// How long a bearer token is good for, in seconds.
pub const AUTH_SECONDS: i64 = 300;

/// Audience (`aud`) of bearer tokens: the registry with this root key (base64url `x` of its JWK).
/// Not an address, so that a proxy or a second name of the portal changes nothing.
pub fn audience(root_key: &str) -> String {
    format!("urn:ogoh:registry:{root_key}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::{Lang, Msg};

    #[test]
    fn every_problem_and_reason_has_texts_and_a_code_that_reads_back() {
        for code in ProblemCode::ALL {
            assert_eq!(ProblemCode::from_code(code.code()), Some(*code));
            assert!(crate::lang::has(&code.msg().id), "{}", code.msg().id);
        }
        for reason in Reason::ALL {
            assert_eq!(Reason::from_code(reason.code()), Some(*reason));
            assert!(crate::lang::has(&reason.msg().id), "{}", reason.msg().id);
            assert!(!Msg::render(&reason.msg(), Lang::Tg).is_empty());
        }
    }
}
