//! Signing in at the portal's pages, and who is signed in.
//!
//! A try is counted before it is checked, so that neither speed nor a crash buys a free one; how fast tries
//! may follow each other stands in `throttle`. A login that nobody has is answered as one that somebody has.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::portal::book::{Account, ActRow, BookError, BookResult, ReadTransaction, StaffRole, WebSession};
use crate::portal::staff::accounts::{second_factor, token};
use crate::portal::staff::throttle::Attempt;
use crate::portal::unit::registry::Registry;
use crate::seal::{PhraseMark, hash};

/// A visit without a request for this long is over, milliseconds.
const IDLE_MS: i64 = 20 * 60 * 1000;
/// A visit is over after this time in any case, milliseconds.
const LONGEST_MS: i64 = 12 * 3600 * 1000;
/// How exactly the last request is kept, milliseconds.
const SEEN_MS: i64 = 60 * 1000;
/// Passphrases that may be stretched at once: each takes 64 MiB.
pub(in crate::portal) const AT_ONCE: usize = 4;

static STRETCHING: AtomicUsize = AtomicUsize::new(0);

/// Who is signed in.
#[derive(Clone, Debug)]
pub(in crate::portal) struct Principal {
    pub login: String,
    pub name: String,
    pub role: StaffRole,
    /// Office or facility.
    pub place: String,
    /// What a form has to bring, so that no other site sends one.
    pub csrf: String,
}

impl Principal {
    /// A line of the log.
    pub fn act(&self, at_ms: i64, act: &str, nid: &str) -> ActRow {
        ActRow {
            at_ms,
            login: self.login.clone(),
            place: self.place.clone(),
            act: act.to_owned(),
            nid: nid.to_owned(),
        }
    }

    /// Whether they see exact figures of the whole country.
    pub fn sees_country(&self) -> bool {
        matches!(self.role, StaffRole::Analyst | StaffRole::Officer)
    }
}

/// Why somebody is not signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::portal) enum Refused {
    /// Login, passphrase or code is wrong; which one is not said.
    Wrong,
    /// Too many wrong tries: wait so many seconds.
    Wait(i64),
    /// The book was set back, and nobody has confirmed the account since.
    Unconfirmed,
    /// Too many people sign in at once, or the book is busy.
    Busy,
}

impl From<BookError> for Refused {
    fn from(_: BookError) -> Refused {
        Refused::Busy
    }
}

/// Compares hashes, so that the time taken tells nothing of the secret.
pub(in crate::portal) fn same(a: &str, b: &str) -> bool {
    hash(a) == hash(b)
}

/// Takes one of few places while a passphrase is stretched.
struct Turn;

impl Turn {
    fn take() -> Option<Turn> {
        if STRETCHING.fetch_add(1, Ordering::SeqCst) < AT_ONCE {
            return Some(Turn);
        }
        STRETCHING.fetch_sub(1, Ordering::SeqCst);
        None
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        STRETCHING.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Signs in with everything, from a source: the token of the new visit.
pub(in crate::portal) fn sign_in(
    registry: &Registry,
    source: &str,
    login: &str,
    phrase: &str,
    code: &str,
) -> Result<String, Refused> {
    let _turn = Turn::take().ok_or(Refused::Busy)?;
    let now = registry.now().timestamp_millis();
    let attempt = Attempt::of(&registry.secrets, source, login);
    let wait = registry.write(|tx| attempt.count(tx, &registry.settings.quotas, now))?;
    if let Some(wait_ms) = wait {
        return Err(Refused::Wait((wait_ms + 999) / 1000));
    }
    let account = registry.read(|tx| tx.account(login))?.filter(|a| a.active);
    let fits = match &account {
        Some(account) => PhraseMark::from_text(&account.phrase).and_then(|mark| mark.fits(phrase)),
        // The same work for nothing.
        None => PhraseMark::make(phrase, &crate::env::Kdf::default()).map(|_| false),
    };
    let seconds = u64::try_from(now / 1000).unwrap_or(0);
    let code: String = code.chars().filter(char::is_ascii_digit).collect();
    let step = account
        .as_ref()
        .and_then(|account| second_factor(account, &registry.secrets))
        .and_then(|second| second.check(&code, seconds))
        .and_then(|step| i64::try_from(step).ok());
    match (&account, fits, step) {
        (Some(account), Ok(true), Some(step)) => {
            welcome(registry, &attempt, &account.login, now, |account| {
                // A code counts once, whoever looked over a shoulder.
                let fresh = step > account.step;
                account.step = account.step.max(step);
                fresh
            })
        }
        (account, _, _) => {
            registry.write(|tx| match account {
                Some(account) => tx.add_act(&line(account, now, "wrong-try")),
                None => attempt.note_nobody(tx, now),
            })?;
            Err(Refused::Wrong)
        }
    }
}

/// Signs in with a link, from a source: the token of the new visit.
pub(in crate::portal) fn sign_in_by_link(
    registry: &Registry,
    source: &str,
    brought: &str,
) -> Result<String, Refused> {
    let now = registry.now().timestamp_millis();
    // One that came too late is gone as well.
    let link = registry.write(|tx| tx.take_sign_in_link(&hash(brought)))?;
    let link = link.filter(|l| l.until_ms > now).ok_or(Refused::Wrong)?;
    let attempt = Attempt::of(&registry.secrets, source, &link.login);
    welcome(registry, &attempt, &link.login, now, |_| true)
}

fn welcome(
    registry: &Registry,
    attempt: &Attempt,
    login: &str,
    now: i64,
    may: impl FnOnce(&mut Account) -> bool,
) -> Result<String, Refused> {
    let token = token::<32>().map_err(|_| Refused::Busy)?;
    registry.write(|tx| -> BookResult<Result<String, Refused>> {
        let Some(mut account) = tx.account(login)?.filter(|a| a.active) else {
            return Ok(Err(Refused::Wrong));
        };
        let may = may(&mut account);
        tx.put_account(&account)?;
        if !may {
            return Ok(Err(Refused::Wrong));
        }
        attempt.welcome(tx, now)?;
        if !account.confirmed {
            tx.add_act(&line(&account, now, "unconfirmed-try"))?;
            return Ok(Err(Refused::Unconfirmed));
        }
        tx.put_web_session(&WebSession {
            h: hash(&token),
            login: account.login.clone(),
            since_ms: now,
            seen_ms: now,
        })?;
        tx.add_act(&line(&account, now, "sign-in"))?;
        Ok(Ok(token))
    })?
}

/// Who brings this cookie.
pub(in crate::portal) fn visitor(registry: &Registry, token: &str) -> BookResult<Option<Principal>> {
    let now = registry.now().timestamp_millis();
    let h = hash(token);
    let Some((account, mut web_session)) = registry.read(|tx| web_session_of(tx, &h, now))? else {
        return Ok(None);
    };
    if now - web_session.seen_ms > SEEN_MS {
        web_session.seen_ms = now;
        registry.write(|tx| tx.put_web_session(&web_session))?;
    }
    Ok(Some(Principal {
        csrf: hash(&format!("form {token}")),
        login: account.login,
        name: account.name,
        role: account.role,
        place: account.place,
    }))
}

/// Ends a visit.
pub(in crate::portal) fn sign_out(registry: &Registry, token: &str) -> BookResult<()> {
    registry.write(|tx| tx.end_web_session(&hash(token)))
}

/// Writes one line of the log.
pub(in crate::portal) fn log(
    registry: &Registry,
    person: &Principal,
    act: &str,
    nid: &str,
) -> BookResult<()> {
    let line = person.act(registry.now().timestamp_millis(), act, nid);
    registry.write(|tx| tx.add_act(&line))
}

fn web_session_of(tx: &ReadTransaction<'_>, h: &str, now: i64) -> BookResult<Option<(Account, WebSession)>> {
    let Some(web_session) = tx.web_session(h)? else {
        return Ok(None);
    };
    if now - web_session.seen_ms > IDLE_MS || now - web_session.since_ms > LONGEST_MS {
        return Ok(None);
    }
    let account = tx
        .account(&web_session.login)?
        .filter(|a| a.active && a.confirmed);
    Ok(account.map(|a| (a, web_session)))
}

fn line(account: &Account, at_ms: i64, act: &str) -> ActRow {
    ActRow {
        at_ms,
        login: account.login.clone(),
        place: account.place.clone(),
        act: act.to_owned(),
        nid: String::new(),
    }
}
