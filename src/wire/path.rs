//! Addresses at the portal, each relative to the portal's base address.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::seal::ReceiptNumber;

/// Deliveries of entries.
pub const ENTRIES: &str = "/v1/entries";
/// Requests to enrol a device or a person.
pub const ENROLMENTS: &str = "/v1/enrolments";
/// All trust lists, oldest first; `?after=N` those with a higher number.
pub const TRUST: &str = "/v1/trust";
/// Names of a facility's people and devices, for its own devices.
pub const PEOPLE: &str = "/v1/people";
/// Heartbeats of devices.
pub const HEARTBEATS: &str = "/v1/heartbeats";
/// The OpenAPI document.
pub const OPENAPI: &str = "/v1/openapi.json";
/// Whether the portal works.
pub const HEALTHZ: &str = "/healthz";
/// Measurements for operators.
pub const METRICS: &str = "/metrics";
/// The ministry's page.
pub const MONITOR: &str = "/monitor";
/// A table of it as CSV.
pub const MONITOR_CSV: &str = "/monitor.csv";
/// Where an officer notes that a maternal death is known.
pub const ALERT: &str = "/monitor/alert";
/// Where anybody checks a slip's QR text.
pub const VERIFY: &str = "/verify";
/// The same page as a file.
pub const VERIFY_OFFLINE: &str = "/verify/offline";
/// The registrar's pages.
pub const DESK: &str = "/desk";
/// Where people of the registry and the ministry sign in.
pub const SIGN_IN: &str = "/sign-in";
/// Where they sign out.
pub const SIGN_OUT: &str = "/sign-out";

/// A facility's receipts after a place in their order, waiting up to `wait` seconds for one. A portal that
/// knows no epochs passes over `epoch`; without it the first one is meant.
pub fn feed(facility: &str, after: ReceiptNumber, wait: u64) -> String {
    let ReceiptNumber { epoch, n } = after;
    format!(
        "/v1/facilities/{}/feed?after={n}&epoch={epoch}&wait={wait}",
        segment(facility)
    )
}

/// A slip's address, which a telephone's camera opens: what was signed stands in the fragment, so that
/// nothing of it reaches a server. FROZEN: papers carry it.
pub fn slip(base: &str, jws: &str) -> String {
    format!("{}#{jws}", join(base, VERIFY))
}

/// The newest entry of a journal that the portal holds without a gap.
pub fn journal_head(jid: &str) -> String {
    format!("/v1/journals/{}/head", segment(jid))
}

/// The entries of a journal from a sequence number on.
pub fn journal_entries(jid: &str, from: u64) -> String {
    format!("/v1/journals/{}/entries?from={from}", segment(jid))
}

/// State of a request to enrol.
pub fn enrolment(id: &str) -> String {
    format!("/v1/enrolments/{}", segment(id))
}

/// `base` (with or without a slash at the end) and a path of this module.
pub fn join(base: &str, path: &str) -> String {
    format!("{}{path}", base.trim_end_matches('/'))
}

/// Everything but RFC 3986 unreserved characters.
const ESCAPED: AsciiSet = NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Percent-encodes a segment of an address, so that no identifier can reach another address.
pub fn segment(text: &str) -> String {
    utf8_percent_encode(text, &ESCAPED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_cannot_reach_another_address() {
        assert_eq!(journal_head("../x?y#ҷ"), "/v1/journals/..%2Fx%3Fy%23%D2%B7/head");
        assert_eq!(
            join("http://127.0.0.1:1/", ENTRIES),
            "http://127.0.0.1:1/v1/entries"
        );
    }
}
