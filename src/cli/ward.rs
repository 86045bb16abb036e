//! A ward's device, opened: settings, database, device key, clock.

use std::path::Path;

use zeroize::Zeroizing;

use super::fail::Failure;
use super::parse::Call;
use super::secret;
use crate::env::{Clock, ClockTrust, Paths, Settings, SystemClock, wait_after};
use crate::lang::Msg;
use crate::seal::{KeyFile, PublicKey, SealError, SecretKey, Trust};
use crate::ward::deliver;
use crate::ward::store::{Person, Signer, Site, Store};

/// Everything a command on a ward's data needs.
pub struct WardDevice {
    /// Where its data lies.
    pub paths: Paths,
    /// Its settings.
    pub settings: Settings,
    /// Its database.
    pub store: Store,
    /// Its own key.
    pub device: SecretKey,
    /// Its clock.
    pub clock: SystemClock,
}

impl WardDevice {
    /// Opens the device named by `--data-dir`, `OGOH_DATA_DIR` or the user's data folder.
    pub fn open(call: &Call) -> Result<WardDevice, Failure> {
        WardDevice::opened(Paths::find(call.path("data-dir"))?)
    }

    /// Opens the device in a folder.
    #[cfg(feature = "portal")]
    pub fn at(dir: &Path) -> Result<WardDevice, Failure> {
        WardDevice::opened(Paths::new(dir))
    }

    fn opened(paths: Paths) -> Result<WardDevice, Failure> {
        let settings = Settings::load(&paths.settings())?;
        let store = Store::open_at(&paths)?;
        let device = device_key(&paths)?;
        let clock = SystemClock {
            utc_offset_minutes: settings.utc_offset_minutes,
        };
        Ok(WardDevice {
            paths,
            settings,
            store,
            device,
            clock,
        })
    }

    /// How far the clock may be believed.
    pub fn trust_in_clock(&self) -> Result<ClockTrust, Failure> {
        Ok(deliver::clock_trust(
            &self.store,
            self.clock.now(),
            &self.settings.limits,
        )?)
    }

    /// Its database to sign in, and where and when that is.
    pub fn at_hand(&mut self) -> Result<(&mut Store, Site<'_>), Failure> {
        let site = Site {
            clk: self.trust_in_clock()?,
            settings: &self.settings,
            device: &self.device,
            now: self.clock.now(),
        };
        Ok((&mut self.store, site))
    }

    /// The verified trust list, if one has arrived.
    pub fn trust(&self) -> Result<Option<Trust>, Failure> {
        let lists = self.store.trust_lists()?;
        if lists.is_empty() {
            return Ok(None);
        }
        let root = PublicKey::from_x(&self.settings.portal.root_key)?;
        Ok(Some(Trust::open_chain(lists.iter().map(String::as_str), &root)?))
    }

    /// The person named by `--sign-as`, with the key unlocked.
    pub fn unlock(&mut self, call: &Call) -> Result<(Person, SecretKey), Failure> {
        self.unlock_key_of(call.need("sign-as")?, call)
    }

    /// A person's key, unlocked with the passphrase of the call.
    pub fn unlock_key_of(&mut self, login: &str, call: &Call) -> Result<(Person, SecretKey), Failure> {
        self.unlock_with(login, call, "passphrase-file")
    }

    /// The same with the passphrase from another option, else asked for.
    pub fn unlock_with(
        &mut self,
        login: &str,
        call: &Call,
        option: &str,
    ) -> Result<(Person, SecretKey), Failure> {
        let person = self
            .store
            .person(login)?
            .ok_or_else(|| Failure::refused(Msg::new("cli-no-such-user").with("user", login)))?;
        if person.suspended.is_some() {
            return Err(Failure::refused(
                Msg::new("cli-user-suspended").with("user", login),
            ));
        }
        if let Some(key) = self.trust()?.as_ref().and_then(|t| t.find(&person.kid))
            && !key.believed_at(self.clock.now())
        {
            return Err(SealError::RevokedKey.into());
        }
        let file = KeyFile::from_text(&person.key_blob)?;
        let phrase: Zeroizing<String> = secret::passphrase_by(call, option, login)?;
        // Each command is a program of its own: the wait of a restart counts anew, in full.
        let wait = wait_after(self.store.wrong_tries(login)?);
        if !wait.is_zero() {
            let seconds = i64::try_from(wait.as_secs()).unwrap_or(i64::MAX);
            let lang = call.lang().unwrap_or(self.settings.lang);
            secret::tell(&Msg::new("cli-wait").with("seconds", seconds).render(lang));
            std::thread::sleep(wait);
        }
        self.store.count_try(login)?;
        let key = file.unlock(&phrase)?;
        self.store.forgive_tries(login)?;
        Ok((person, key))
    }
}

/// A person with an unlocked key, as one who signs.
pub fn signer<'a>(person: &'a Person, key: &'a SecretKey) -> Signer<'a> {
    Signer {
        login: &person.login,
        role: person.role,
        key,
    }
}

/// Reads the device's key.
pub fn device_key(paths: &Paths) -> Result<SecretKey, Failure> {
    read_key(&paths.device_key())
}

/// Reads a secret key of the device.
pub fn read_key(path: &Path) -> Result<SecretKey, Failure> {
    let text = std::fs::read_to_string(path).map(Zeroizing::new).map_err(|e| {
        let msg = Msg::new("cli-device-key-unreadable").with("path", path.display().to_string());
        Failure::refused(msg.with("what", e.to_string()))
    })?;
    Ok(SecretKey::from_text(&text)?)
}
