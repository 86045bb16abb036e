//! A ward's device, opened: settings, database, device key, clock, and what the registry believes.

use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::error::WorkplaceError;
use super::session::Session;
use crate::env::{Clock, ClockTrust, Paths, Settings, SystemClock};
use crate::seal::{PublicKey, SecretKey, Trust};
use crate::ward::deliver;
use crate::ward::store::{Site, Store};

/// A device at which people work.
pub struct Workplace {
    /// Where its data lies.
    pub paths: Paths,
    /// Its settings.
    pub settings: Settings,
    /// Its database.
    pub store: Store,
    /// Its own key.
    pub device: SecretKey,
    /// Its clock.
    pub clock: Arc<dyn Clock>,
    /// The registry's lists as they were verified last.
    believed: RefCell<Option<Arc<Trust>>>,
    /// Who tried to open a key since the program began.
    pub(super) session: Session,
}

/// Names nothing: it holds keys and people.
impl std::fmt::Debug for Workplace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Workplace")
    }
}

impl Workplace {
    /// Opens the device whose data lies here.
    ///
    /// # Errors
    /// Settings, database or device key cannot be read.
    pub fn open(paths: Paths) -> Result<Workplace, WorkplaceError> {
        let settings = Settings::load(&paths.settings())?;
        paths.keep_private();
        // With the database open nobody puts another key in the place of the device's.
        let store = Store::open_at(&paths)?;
        let device = device_key(&paths)?;
        let clock = Arc::new(SystemClock {
            utc_offset_minutes: settings.utc_offset_minutes,
        });
        Ok(Workplace::of(paths, settings, store, device, clock))
    }

    /// Makes a workplace of parts that are open already.
    pub fn of(
        paths: Paths,
        settings: Settings,
        store: Store,
        device: SecretKey,
        clock: Arc<dyn Clock>,
    ) -> Workplace {
        Workplace {
            paths,
            settings,
            store,
            device,
            clock,
            believed: RefCell::new(None),
            session: Session::new(),
        }
    }

    /// How far the clock may be believed.
    pub fn trust_in_clock(&self) -> Result<ClockTrust, WorkplaceError> {
        Ok(deliver::clock_trust(
            &self.store,
            self.clock.now(),
            &self.settings.limits,
        )?)
    }

    /// Where and when it is signed.
    pub fn site(&self) -> Result<Site<'_>, WorkplaceError> {
        Ok(Site {
            clk: self.trust_in_clock()?,
            settings: &self.settings,
            device: &self.device,
            now: self.clock.now(),
        })
    }

    /// Its database to sign in, and where and when that is.
    pub fn at_hand(&mut self) -> Result<(&mut Store, Site<'_>), WorkplaceError> {
        let site = Site {
            clk: self.trust_in_clock()?,
            settings: &self.settings,
            device: &self.device,
            now: self.clock.now(),
        };
        Ok((&mut self.store, site))
    }

    /// The verified trust list, if one has arrived. It is verified once, and anew where there is more.
    ///
    /// # Errors
    /// Lists that do not follow from the registry's root key.
    pub fn trust(&self) -> Result<Option<Arc<Trust>>, WorkplaceError> {
        let lists = self.store.trust_lists()?;
        if lists.is_empty() {
            return Ok(None);
        }
        let known = self.believed.borrow().clone();
        if let Some(known) = known.filter(|t| usize::try_from(t.number()) == Ok(lists.len())) {
            return Ok(Some(known));
        }
        let root = PublicKey::from_x(&self.settings.portal.root_key)?;
        let trust = Arc::new(Trust::open_chain(lists.iter().map(String::as_str), &root)?);
        *self.believed.borrow_mut() = Some(Arc::clone(&trust));
        Ok(Some(trust))
    }

    /// What the registry says of a key. Lists that do not follow from the registry's root key say nothing,
    /// so that recording goes on; commands that read the list, and `doctor`, tell what is wrong with them.
    pub fn standing_of(&self, kid: &str) -> Result<KeyStanding, WorkplaceError> {
        let trust = match self.trust() {
            Err(WorkplaceError::Seal(_)) => None,
            found => found?,
        };
        Ok(match trust.as_ref().and_then(|t| t.find(kid)) {
            Some(key) if key.believed_at(self.clock.now()) => KeyStanding::Confirmed,
            Some(_) => KeyStanding::Revoked,
            None => KeyStanding::Unconfirmed,
        })
    }
}

/// What the registry says of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyStanding {
    /// It believes what the key signs.
    Confirmed,
    /// No longer.
    Revoked,
    /// It has not said yet.
    Unconfirmed,
}

impl KeyStanding {
    /// The word of a command.
    pub fn code(self) -> &'static str {
        match self {
            KeyStanding::Confirmed => "confirmed",
            KeyStanding::Revoked => "revoked",
            KeyStanding::Unconfirmed => "unconfirmed",
        }
    }
}

/// Reads the device's key.
pub fn device_key(paths: &Paths) -> Result<SecretKey, WorkplaceError> {
    read_key(&paths.device_key())
}

/// Reads a secret key of the device.
pub fn read_key(path: &Path) -> Result<SecretKey, WorkplaceError> {
    let text = std::fs::read_to_string(path).map(Zeroizing::new);
    let text = text.map_err(|e| WorkplaceError::DeviceKey(path.to_owned(), e))?;
    Ok(SecretKey::from_text(&text)?)
}
