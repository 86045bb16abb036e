//! Settings of a portal: `portal.toml` in its folder.
//!
//! Deliberately absent: what follows from them.

mod copies;
mod quotas;
mod registration;
mod serving;

pub use copies::Copies;
pub use quotas::Quotas;
pub use registration::{Auto, Category, Registration};
pub use serving::Serving;

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::env::{EnvError, Limits, Policy, write_private};

/// Who lets a new key in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Admit {
    /// An operator approves every request; the running portal does not open `trust.key`.
    #[default]
    ByHand,
    /// The running portal believes at once what two vouch for, a one-time code counting as one of them.
    Vouched,
}

/// Settings of a portal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PortalSettings {
    /// What automatic registration gives.
    pub auto: Auto,
    /// Who lets a new key in: `by-hand` or `vouched`.
    pub admission: Admit,
    /// Address of the PostgreSQL database that holds the book, `postgres://user@host/name`; empty
    /// for a file beside the keys. Several portals may share one.
    pub database: String,
    /// File outside the portal's folder in which epoch and highest registration numbers are noted, so that a book
    /// put back from a copy is noticed; empty for `witness.json` in a folder beside the portal's own,
    /// `<folder>-witness`; `none` to do without.
    pub witness: String,
    /// PEM file of the certificate chain for TLS 1.3; empty where a proxy carries TLS.
    pub tls_certificate: String,
    /// PEM file of its key.
    pub tls_key: String,
    /// Rules of data quality whose warning holds a notification even if it was answered.
    pub hold_rules: Vec<String>,
    /// Days after the end of a month from which everybody may see its counts.
    pub publish_after_days: u32,
    /// Program and arguments that are given the news of a maternal death on standard input, without
    /// names; empty for none.
    pub alert_program: Vec<String>,
    /// How much strangers may have waiting, and how fast they may guess.
    pub quotas: Quotas,
    /// Limits of rules and timeliness.
    pub limits: Limits,
    /// Who may sign what.
    pub policy: Policy,
    /// What is registered automatically, and how numbers look.
    pub registration: Registration,
    /// Copies of the registry.
    pub copies: Copies,
    /// How many clients are served at once, and how slow they may be.
    pub serving: Serving,
    /// Births that are expected in a year, by district code.
    pub expected_births: BTreeMap<String, u32>,
}

impl Default for PortalSettings {
    fn default() -> Self {
        PortalSettings {
            auto: Auto::default(),
            admission: Admit::default(),
            database: String::new(),
            witness: String::new(),
            tls_certificate: String::new(),
            tls_key: String::new(),
            hold_rules: Vec::new(),
            quotas: Quotas::default(),
            limits: Limits::default(),
            policy: Policy::default(),
            registration: Registration::default(),
            copies: Copies::default(),
            serving: Serving::default(),
            expected_births: BTreeMap::new(),
            publish_after_days: 30,
            alert_program: Vec::new(),
        }
    }
}

impl PortalSettings {
    /// Reads `portal.toml`; an unknown name is refused.
    pub fn load(path: &Path) -> Result<PortalSettings, EnvError> {
        let text =
            std::fs::read_to_string(path).map_err(|e| EnvError::SettingsUnreadable(path.to_owned(), e))?;
        let settings: PortalSettings =
            toml::from_str(&text).map_err(|e| EnvError::SettingsWrong(path.to_owned(), e.to_string()))?;
        match settings.registration.fault().or_else(|| settings.copies.fault()) {
            Some((setting, found)) => Err(EnvError::SettingsWrong(
                path.to_owned(),
                format!("{setting}: {found}"),
            )),
            None => Ok(settings),
        }
    }

    /// The first letters of a hash of the settings: by it a decision says under which it was taken.
    pub fn fingerprint(&self) -> String {
        let text = toml::to_string(self).unwrap_or_default();
        crate::seal::hash(&text).chars().take(8).collect()
    }

    /// Writes `portal.toml`.
    pub fn save(&self, path: &Path) -> Result<(), EnvError> {
        let text =
            toml::to_string(self).map_err(|e| EnvError::SettingsWrong(path.to_owned(), e.to_string()))?;
        let note = "# Settings of the portal. auto: number | prepared | held.\n";
        write_private(path, format!("{note}{text}").as_bytes())?;
        Ok(())
    }
}
