//! A portal at work, without HTTP: what each call does with the book.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

use chrono::{DateTime, FixedOffset, TimeDelta};

use crate::env::{Clock, FileLock};
use crate::portal::book::database::Database;
use crate::portal::book::{Book, BookError, BookResult, ReadTransaction, WriteTransaction};
use crate::portal::files::{self, Files};
use crate::portal::record::HeartbeatRow;
use crate::portal::unit::keyring::Keyring;
use crate::portal::unit::unit_of_work::UnitOfWork;
use crate::portal::witness::{Stand, Witness};
use crate::portal::{Admit, PortalError, PortalSettings, secrets};
use crate::seal::{
    self, FacilityPeople, Heartbeat, Jws, NamedKey, ReceiptNumber, RestKey, SealError, SecretKey, Trust, Typ,
};
use crate::wire::{self, Claim, FeedLine, JournalHead, ProblemCode};

/// A device that proved itself.
#[derive(Clone, Debug)]
pub(in crate::portal) struct Device {
    pub kid: String,
    pub fac: String,
}

/// A portal's state while it runs.
pub(in crate::portal) struct Registry {
    writer: Mutex<Book>,
    readers: Mutex<Vec<Book>>,
    database: Database,
    keyring: Mutex<Arc<Keyring>>,
    pub settings: PortalSettings,
    /// What is noted outside the book.
    pub witness: Witness,
    _goes_by_it: Option<FileLock>,
    /// What evidence names the settings by.
    fingerprint: String,
    pub clock: Arc<dyn Clock>,
    pub receipt_key: SecretKey,
    /// Only where the portal itself lets in whom somebody vouches for.
    pub trust_key: Option<SecretKey>,
    /// Seals second factors and one-time codes.
    pub secrets: RestKey,
    audience: String,
}

/// A panic while holding the lock leaves a rolled-back transaction, never half a one.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl Registry {
    /// Opens the portal in a folder; `database` says where its book is, if not where the settings
    /// say.
    pub fn open(dir: &Path, database: Option<&str>, clock: Arc<dyn Clock>) -> Result<Registry, PortalError> {
        let files = Files(dir.to_owned());
        let settings = files.load()?;
        let database = Database::of(files.database(), &settings, database);
        let root = files.root()?;
        let mut writer = database.open()?;
        let keyring = writer.read(|tx| Keyring::load(tx, &root))?;
        let witness = Witness::open(dir, &settings, root.kid())?;
        let beside_others = writer.is_shared()?;
        let registry = Registry {
            _goes_by_it: witness.share(),
            witness,
            database,
            receipt_key: files::read_secret(&files.receipt_key())?,
            trust_key: match settings.admission {
                Admit::Vouched => Some(files::read_secret(&files.trust_key())?),
                Admit::ByHand => None,
            },
            audience: wire::audience(&root.x()),
            secrets: secrets::unlock(&files, &mut writer)?,
            writer: Mutex::new(writer),
            readers: Mutex::new(Vec::new()),
            keyring: Mutex::new(Arc::new(keyring)),
            clock,
            fingerprint: settings.fingerprint(),
            settings,
        };
        registry.compare_with_witness(beside_others)?;
        Ok(registry)
    }

    /// The keys believed now; follows what other processes approve.
    pub fn keyring(&self) -> BookResult<Arc<Keyring>> {
        let keyring = Arc::clone(&lock(&self.keyring));
        let Some(newer) = self.read(|tx| keyring.newer(tx))? else {
            return Ok(keyring);
        };
        let newer = Arc::new(newer);
        *lock(&self.keyring) = Arc::clone(&newer);
        Ok(newer)
    }

    /// Runs `work` on one consistent state, beside writers, and gives what it gives.
    pub fn read<T>(&self, work: impl FnOnce(&ReadTransaction<'_>) -> BookResult<T>) -> BookResult<T> {
        let idle = lock(&self.readers).pop();
        let mut book = match idle {
            Some(book) => book,
            None => self.database.open()?,
        };
        let result = book.read(work);
        // A connection that failed is not kept.
        if result.is_ok() {
            lock(&self.readers).push(book);
        }
        result
    }

    /// Runs `work` on the book without deciding anything and gives what it gives; an error undoes
    /// all of it.
    pub fn write<T, E: From<BookError>>(
        &self,
        work: impl FnOnce(&WriteTransaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        lock(&self.writer).write(work)
    }

    /// Runs `work` as a unit of work and gives what it gives: decisions are numbered and signed when
    /// it ends. An error undoes all of it.
    pub fn unit_of_work<T, E: From<BookError>>(
        &self,
        keyring: &Keyring,
        work: impl FnOnce(&mut UnitOfWork<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let known = (self.witness.noted(), self.clock.now());
        let done = self.write(|tx| {
            let mut unit = UnitOfWork::new(tx, (&self.settings, &self.fingerprint), keyring, known)?;
            let value = work(&mut unit)?;
            let stand = unit.finish(&self.receipt_key)?;
            Ok::<_, E>((value, stand))
        });
        match done {
            Ok((value, stand)) => {
                self.witness.note(&stand).map_err(not_noted)?;
                Ok(value)
            }
            Err(e) => {
                // Perhaps because somebody put a copy of the book back meanwhile.
                self.compare_with_witness(false).map_err(not_noted)?;
                Err(e)
            }
        }
    }

    /// Notes in the witness how far the book has come.
    pub fn note_stand(&self) -> BookResult<()> {
        let stand = self.read(Stand::of)?;
        self.witness.note(&stand).map_err(not_noted)
    }

    /// Checks a bearer token.
    pub fn device(&self, token: &str) -> Result<Device, ProblemCode> {
        self.device_by(token, self.keyring()?.trust())
    }

    /// Checks a bearer token by these lists.
    pub(super) fn device_by(&self, token: &str, trust: &Trust) -> Result<Device, ProblemCode> {
        let now = self.clock.now();
        match seal::check_auth(token, trust, &self.audience, now) {
            Ok((kid, fac)) if !fac.is_empty() => Ok(Device { kid, fac }),
            Err(SealError::Clock) => Err(ProblemCode::Clock),
            _ => Err(ProblemCode::Unauthorized),
        }
    }

    /// Receipts of the device's facility after a place in their order, with entries that others wrote.
    pub fn feed(&self, device: &Device, after: ReceiptNumber) -> BookResult<Vec<FeedLine>> {
        let rows = self.read(|tx| tx.feed(&device.fac, after, wire::MAX_FEED))?;
        let mut bytes = 0;
        let mut lines = Vec::with_capacity(rows.len());
        for row in rows {
            let others = row.dev.as_deref() != Some(&device.kid);
            let line = FeedLine {
                receipt: row.receipt,
                entry: row.entry.filter(|_| others),
            };
            bytes += line.receipt.len() + line.entry.as_ref().map_or(0, String::len);
            if bytes > wire::MAX_ANSWER_BYTES && !lines.is_empty() {
                break;
            }
            lines.push(line);
        }
        Ok(lines)
    }

    /// The names of the device's facility, signed. What stood in trust lists of before counts where nothing
    /// newer is known.
    pub fn people(&self, device: &Device) -> Result<String, ProblemCode> {
        let keyring = self.keyring()?;
        let mut names = self.read(|tx| tx.names(&device.fac))?;
        let listed = keyring.trust().list().keys.iter();
        for key in listed.filter(|k| k.fac.as_deref() == Some(&device.fac)) {
            if let Some(name) = &key.name {
                names.entry(key.kid.clone()).or_insert_with(|| name.clone());
            }
        }
        let people = names.into_iter().map(|(kid, name)| NamedKey { kid, name });
        let people = FacilityPeople {
            v: FacilityPeople::VERSION,
            fac: device.fac.clone().into(),
            number: keyring.trust().number(),
            at: self.now(),
            people: people.collect(),
        };
        people.seal(&self.receipt_key).map_err(|_| ProblemCode::Internal)
    }

    /// What the portal holds of a journal. Only devices of its facility may ask.
    pub fn head(&self, device: &Device, jid: &str) -> Result<JournalHead, ProblemCode> {
        match self.read(|tx| tx.journal(jid))? {
            Some(j) if j.fac != device.fac => Err(ProblemCode::Forbidden),
            Some(j) => Ok(JournalHead {
                jid: j.jid,
                seq: j.head,
                h: j.head_h,
                highest: j.highest,
                forked: j.forked,
            }),
            None => Ok(JournalHead {
                jid: jid.into(),
                seq: 0,
                h: seal::NO_PREV.into(),
                highest: 0,
                forked: false,
            }),
        }
    }

    /// Entries of a journal from a place on, as many as fit into one answer.
    pub fn entries(&self, device: &Device, jid: &str, from: u64) -> Result<Vec<String>, ProblemCode> {
        self.head(device, jid)?;
        let mut out = self.read(|tx| tx.journal_entries(jid, from, wire::MAX_LINES))?;
        let mut bytes = 0;
        let fits = out.iter().take_while(|e| {
            bytes += e.len();
            bytes <= wire::MAX_ANSWER_BYTES
        });
        let count = fits.count().max(1);
        out.truncate(count);
        Ok(out)
    }

    /// Trust lists with a higher number.
    pub fn trust_lists(&self, after: u64) -> BookResult<Vec<String>> {
        self.read(|tx| tx.trust_lists(after))
    }

    /// Keeps a device's sign of life, if it is of about now by the portal's clock. One that is no newer than
    /// the last one of that device changes nothing: somebody sent it again.
    pub fn heartbeat(&self, text: &str, claim: Option<&Claim>) -> Result<(), ProblemCode> {
        let jws = wire::jws_of_line(text).ok_or(ProblemCode::Malformed)?;
        let parsed = Jws::parse(&jws, Typ::Heartbeat).map_err(|_| ProblemCode::Malformed)?;
        let keyring = self.keyring()?;
        let now = self.clock.now();
        let (key, public) = keyring
            .device(parsed.kid(), now)
            .ok_or(ProblemCode::Unauthorized)?;
        let beat = Heartbeat::open(&jws, public).map_err(|e| match e {
            SealError::BadSignature => ProblemCode::BadSignature,
            _ => ProblemCode::Malformed,
        })?;
        if key.fac.as_deref() != Some(&beat.fac) {
            return Err(ProblemCode::Forbidden);
        }
        let tolerance = TimeDelta::minutes(self.settings.limits.clock_minutes.into());
        if (beat.at - now).abs() > tolerance {
            return Err(ProblemCode::Clock);
        }
        if let Some(claim) = claim {
            self.claim(&beat.dev, &beat.fac, claim)?;
        }
        let sent = beat.at;
        let sign = HeartbeatRow {
            dev: beat.dev,
            fac: beat.fac,
            at_ms: now.timestamp_millis(),
            backlog: beat.unsent,
            oldest_ms: beat.oldest.map(|at| at.timestamp_millis()),
            app: beat.app.chars().take(40).collect(),
            jws,
        };
        Ok(self.write(|tx| {
            let last = tx.heartbeat_of(&sign.dev)?;
            let last = last.and_then(|jws| Heartbeat::open(&jws, public).ok());
            // One from ahead of now was taken by a clock that has been set right since, or before this was looked
            // at: it must not keep the device silent.
            let newest = last.filter(|last| last.at <= now + tolerance);
            match newest.is_some_and(|last| last.at >= sent) {
                true => Ok(()),
                false => tx.put_heartbeat(&sign),
            }
        })?)
    }

    /// The portal's time.
    pub fn now(&self) -> DateTime<FixedOffset> {
        self.clock.now()
    }
}

/// Without its witness no receipt leaves: the call is answered as busy and comes again.
fn not_noted(e: PortalError) -> BookError {
    tracing::error!(event = "witness", why = %e);
    BookError::Busy("witness".to_owned())
}

/// What a failing book means to a caller. The details go to the operator's log.
pub(in crate::portal) fn problem_of(e: &BookError) -> ProblemCode {
    match e {
        BookError::Busy(_) | BookError::SetBack => ProblemCode::Busy,
        BookError::Failed(_) | BookError::Newer(_) | BookError::Older(_) => {
            tracing::error!(event = "book", why = %e);
            ProblemCode::Internal
        }
    }
}

impl From<BookError> for ProblemCode {
    fn from(e: BookError) -> ProblemCode {
        problem_of(&e)
    }
}
