//! From when until when the certificate for TLS is valid, and whether its key belongs to it.

use std::path::Path;

use chrono::{DateTime, Duration, FixedOffset, SecondsFormat, Utc};
use x509_cert::Certificate;
use x509_cert::der::Decode;
use x509_cert::time::Time;

use super::finding::{Finding, Level};
use crate::lang::{Explain, Msg};
use crate::portal::web::http::listen::{chain, tls};
use crate::portal::{PortalError, PortalSettings};

/// Days before the end from which an operator should renew it.
const RENEW_DAYS: i64 = 30;
/// Its stable word among the findings.
const WHAT: &str = "certificate";

/// Looks at the certificate of the settings; nothing where a proxy carries TLS.
pub(super) fn certificate(
    settings: &PortalSettings,
    dir: &Path,
    now: DateTime<FixedOffset>,
) -> Option<Finding> {
    if settings.tls_certificate.is_empty() {
        return None;
    }
    Some(valid(settings, dir).map_or_else(
        |e| Finding::new(WHAT, Level::Bad, e.msg()),
        |valid| said(&settings.tls_certificate, valid, now),
    ))
}

/// From when until when every certificate of the chain is valid.
fn valid(settings: &PortalSettings, dir: &Path) -> Result<(DateTime<Utc>, DateTime<Utc>), PortalError> {
    tls(settings, dir)?;
    let path = dir.join(&settings.tls_certificate);
    let wrong = || PortalError::Certificate(path.clone());
    let (mut from, mut until) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
    for der in chain(&path)? {
        let read = Certificate::from_der(&der).map_err(|_| wrong())?;
        let validity = read.tbs_certificate().validity();
        from = from.max(moment(&validity.not_before).ok_or_else(wrong)?);
        until = until.min(moment(&validity.not_after).ok_or_else(wrong)?);
    }
    Ok((from, until))
}

fn moment(time: &Time) -> Option<DateTime<Utc>> {
    let seconds = i64::try_from(time.to_unix_duration().as_secs()).ok()?;
    DateTime::from_timestamp(seconds, 0)
}

fn said(file: &str, (from, until): (DateTime<Utc>, DateTime<Utc>), now: DateTime<FixedOffset>) -> Finding {
    let (level, id) = match () {
        () if now < from => (Level::Bad, "doctor-certificate-early"),
        () if now > until => (Level::Bad, "doctor-certificate-ended"),
        () if now + Duration::days(RENEW_DAYS) > until => (Level::Soon, "doctor-certificate-ends"),
        () => (Level::Good, "doctor-certificate"),
    };
    let day = |at: DateTime<Utc>| at.with_timezone(now.offset()).format("%Y-%m-%d").to_string();
    let msg = Msg::new(id)
        .with("file", file)
        .with("from", day(from))
        .with("until", day(until))
        .with("days", (until - now.to_utc()).num_days());
    Finding {
        until: Some(until.to_rfc3339_opts(SecondsFormat::Secs, true)),
        ..Finding::new(WHAT, level, msg)
    }
}
