//! Settings: one TOML file, every entry in a commented default.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{EnvError, Limits, write_private};
use crate::lang::Lang;

/// What a person may do. Signed in every entry; the portal's trust list decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "portal", derive(utoipa::ToSchema))]
pub enum Role {
    /// Certifies births, deaths and foetal deaths.
    Doctor,
    /// Certifies births and foetal deaths.
    Midwife,
    /// Certifies where there is no doctor.
    Feldsher,
    /// Forensic expert, certifies deaths also for other facilities.
    Forensic,
    /// Administrative supplements, never medical fields.
    Clerk,
    /// Head of the shift.
    ShiftHead,
    /// Enrols people; signs no notifications.
    Administrator,
    /// Reads and verifies.
    Auditor,
    /// Prepares drafts.
    Recorder,
    /// A machine: opens journals and signs deliveries.
    Device,
    /// The registry's own: enters at an office what was told there. No facility has one.
    Registrar,
}

impl Role {
    /// All roles of people and devices of facilities.
    pub const ALL: [Role; 10] = [
        Role::Doctor,
        Role::Midwife,
        Role::Feldsher,
        Role::Forensic,
        Role::Clerk,
        Role::ShiftHead,
        Role::Administrator,
        Role::Auditor,
        Role::Recorder,
        Role::Device,
    ];

    /// The word in entries and settings. FROZEN.
    pub fn code(self) -> &'static str {
        match self {
            Role::Doctor => "doctor",
            Role::Midwife => "midwife",
            Role::Feldsher => "feldsher",
            Role::Forensic => "forensic",
            Role::Clerk => "clerk",
            Role::ShiftHead => "shift-head",
            Role::Administrator => "administrator",
            Role::Auditor => "auditor",
            Role::Recorder => "recorder",
            Role::Device => "device",
            Role::Registrar => "registrar",
        }
    }

    /// The role with this code.
    pub fn from_code(code: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|r| r.code() == code)
    }
}

/// Who may sign what: by kind of entry, the roles. The default is an assumption about Tajik law.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Policy {
    may_sign: BTreeMap<String, Vec<Role>>,
}

impl Default for Policy {
    fn default() -> Self {
        use Role::{Administrator, Doctor, Feldsher, Forensic, Midwife, ShiftHead};
        let births = vec![Doctor, Midwife, Feldsher, ShiftHead];
        let deaths = vec![Doctor, Feldsher, Forensic, ShiftHead];
        let any = vec![Doctor, Midwife, Feldsher, Forensic, ShiftHead];
        let table = [
            ("birth", births.clone()),
            ("foetal-death", births),
            ("death", deaths),
            ("void", any.clone()),
            ("attest", any.clone()),
            ("tally", any),
            // A colleague who has forgotten the passphrase gets a new key.
            ("key", vec![ShiftHead, Administrator]),
        ];
        Policy {
            may_sign: table.into_iter().map(|(t, r)| (t.to_owned(), r)).collect(),
        }
    }
}

impl Policy {
    /// Whether a role may sign an entry of this type. An amendment asks with the kind of the
    /// notification that it replaces.
    pub fn may_sign(&self, role: Role, t: &str) -> bool {
        self.may_sign.get(t).is_some_and(|roles| roles.contains(&role))
    }
}

/// The facility that records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facility {
    /// Code by which the registry knows it.
    pub code: String,
    /// Name, in the language of record.
    pub name: String,
    /// District code (`codes`, list `district`).
    pub district: String,
    /// Registry office that its notifications are addressed to (list `office`).
    pub office: String,
}

/// Where the portal is and whom to believe.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortalAt {
    /// Base address, `https://…`, or `http://` with a literal loopback address.
    pub url: String,
    /// The registry's offline root key, base64url of its 32 bytes (`x` of its JWK).
    pub root_key: String,
    /// PEM file of the registry's certificate authority; no other is believed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<PathBuf>,
    /// PEM file with a certificate of this device, where the registry's network asks for one. What is
    /// believed is the signature, so a certificate that ended never stops recording.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_certificate: Option<PathBuf>,
    /// PEM file with the key of that certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_key: Option<PathBuf>,
    /// Proxy of the hospital's network, `http://host:port`; without it what the environment says
    /// (`HTTPS_PROXY`). It sees TLS only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proxy: Option<String>,
}

/// Cost of deriving a key from a passphrase (Argon2id, RFC 9106).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kdf {
    /// Memory in KiB, 19456 to 262144.
    pub m_kib: u32,
    /// Passes, 2 to 10.
    pub t: u32,
    /// Lanes, 1 to 4.
    pub p: u32,
}

impl Default for Kdf {
    fn default() -> Self {
        Kdf {
            m_kib: 65_536,
            t: 3,
            p: 1,
        }
    }
}

/// Settings of a device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Language of the screen at start.
    #[serde(default)]
    pub lang: Lang,
    /// Minutes east of UTC.
    #[serde(default = "dushanbe")]
    pub utc_offset_minutes: i32,
    /// Minutes without a key press after which the screen locks, 1 to 15.
    #[serde(default = "lock_minutes")]
    pub lock_minutes: u32,
    /// The facility.
    pub facility: Facility,
    /// The portal.
    pub portal: PortalAt,
    /// Cost of new key files.
    #[serde(default)]
    pub kdf: Kdf,
    /// Limits of rules.
    #[serde(default)]
    pub limits: Limits,
    /// Who may sign what.
    #[serde(default)]
    pub policy: Policy,
}

fn dushanbe() -> i32 {
    300
}

fn lock_minutes() -> u32 {
    3
}

impl Settings {
    /// Settings of a new device.
    pub fn new(facility: Facility, portal: PortalAt) -> Settings {
        Settings {
            lang: Lang::default(),
            utc_offset_minutes: dushanbe(),
            lock_minutes: lock_minutes(),
            facility,
            portal,
            kdf: Kdf::default(),
            limits: Limits::default(),
            policy: Policy::default(),
        }
    }

    /// Reads a file; an unknown name, a wrong type or a value out of bounds is refused by name.
    pub fn load(path: &Path) -> Result<Settings, EnvError> {
        let text = match std::fs::read_to_string(path) {
            Ok(t) => t,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                return Err(EnvError::NotSetUp(path.to_owned()));
            }
            Err(e) => return Err(EnvError::SettingsUnreadable(path.to_owned(), e)),
        };
        let wrong = |what: String| EnvError::SettingsWrong(path.to_owned(), what);
        let settings: Settings = toml::from_str(&text).map_err(|e| wrong(e.to_string()))?;
        if !(1..=15).contains(&settings.lock_minutes) {
            return Err(wrong(format!(
                "lock_minutes = {}: 1 to 15",
                settings.lock_minutes
            )));
        }
        if settings.utc_offset_minutes.abs() > 14 * 60 {
            return Err(wrong(format!(
                "utc_offset_minutes = {}: -840 to 840",
                settings.utc_offset_minutes
            )));
        }
        Ok(settings)
    }

    /// Writes the settings with every default shown as a comment.
    pub fn save(&self, path: &Path) -> Result<(), EnvError> {
        write_private(path, self.to_commented().as_bytes())
    }

    /// The file: what was chosen, then every other setting as a comment with its default.
    pub fn to_commented(&self) -> String {
        let quoted = |t: &str| toml::Value::String(t.to_owned()).to_string();
        let mut out = String::new();
        let mut line = |t: &str| {
            out.push_str(t);
            out.push('\n');
        };
        line("# Settings of ogoh on this device. A line that starts with # shows a default.");
        line("");
        line("# Language of the screen at start: tg, ru, en.");
        line(&format!("lang = {}", quoted(self.lang.code())));
        line("# Minutes east of UTC.");
        line(&format!("utc_offset_minutes = {}", self.utc_offset_minutes));
        line("# Minutes without a key press after which the screen locks, 1 to 15.");
        line(&format!("lock_minutes = {}", self.lock_minutes));
        line("");
        line("[facility]");
        line(&format!("code = {}", quoted(&self.facility.code)));
        line(&format!("name = {}", quoted(&self.facility.name)));
        line("# District of the facility, and the registry office that is addressed.");
        line(&format!("district = {}", quoted(&self.facility.district)));
        line(&format!("office = {}", quoted(&self.facility.office)));
        line("");
        line("[portal]");
        line("# https:// address, or http:// with a literal loopback address.");
        line(&format!("url = {}", quoted(&self.portal.url)));
        line("# The registry's offline root key; the only key that is believed without proof.");
        line(&format!("root_key = {}", quoted(&self.portal.root_key)));
        line("# PEM file of the registry's certificate authority.");
        match &self.portal.ca_file {
            Some(file) => line(&format!("ca_file = {}", quoted(&file.display().to_string()))),
            None => line("# ca_file = \"/etc/ogoh/registry-ca.pem\""),
        }
        line("# Certificate and key of this device (PEM), where the registry's network asks for them.");
        for (name, file) in [
            ("client_certificate", &self.portal.client_certificate),
            ("client_key", &self.portal.client_key),
        ] {
            match file {
                Some(file) => line(&format!("{name} = {}", quoted(&file.display().to_string()))),
                None => line(&format!("# {name} = \"/etc/ogoh/{name}.pem\"")),
            }
        }
        line("# Proxy of the hospital's network; without it HTTPS_PROXY counts.");
        match &self.portal.proxy {
            Some(proxy) => line(&format!("proxy = {}", quoted(proxy))),
            None => line("# proxy = \"http://proxy:3128\""),
        }
        line("");
        line("# Cost of deriving a key from a passphrase: Argon2id memory in KiB, passes, lanes.");
        line("[kdf]");
        line(&format!(
            "m_kib = {}\nt = {}\np = {}",
            self.kdf.m_kib, self.kdf.t, self.kdf.p
        ));
        line("");
        line("[limits]");
        let chosen = toml::Value::try_from(&self.limits).ok();
        for (name, doc, default) in Limits::documented() {
            line(&format!("# {doc}"));
            let value = chosen
                .as_ref()
                .and_then(|c| c.get(name))
                .map(toml::Value::to_string);
            match value.filter(|v| *v != default) {
                Some(v) => line(&format!("{name} = {v}")),
                None => line(&format!("# {name} = {default}")),
            }
        }
        line("");
        line("# Who may sign what. The table is an assumption about Tajik law.");
        let changed = self.policy != Policy::default();
        line(if changed { "[policy]" } else { "# [policy]" });
        for (t, roles) in &self.policy.may_sign {
            let roles: Vec<String> = roles.iter().map(|r| quoted(r.code())).collect();
            let mark = if changed { "" } else { "# " };
            line(&format!("{mark}{t} = [{}]", roles.join(", ")));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Settings {
        let facility = Facility {
            code: "TJ-KT-BOX-01".into(),
            name: "Беморхонаи \"Сомониён\"".into(),
            district: "TJ-KT-01".into(),
            office: "TJ-KT-01".into(),
        };
        let portal = PortalAt {
            url: "http://127.0.0.1:1".into(),
            root_key: "AAAA".into(),
            ca_file: None,
            ..PortalAt::default()
        };
        Settings::new(facility, portal)
    }

    #[test]
    fn the_commented_file_reads_back_as_the_same_settings() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ogoh.toml");
        let mut settings = sample();
        settings.limits.late_reason_days = 14;
        settings.limits.birth_all_criteria = true;
        settings.lang = Lang::Ru;
        settings.save(&path).unwrap();
        assert_eq!(Settings::load(&path).unwrap(), settings);
        let text = std::fs::read_to_string(&path).unwrap();
        for (name, _, _) in Limits::documented() {
            assert!(text.contains(name), "{name}");
        }
        // Every commented default is a default: taking the marks away changes nothing.
        let bare = text.replace("# birth_weeks", "birth_weeks");
        std::fs::write(&path, bare).unwrap();
        assert_eq!(Settings::load(&path).unwrap(), settings);
    }

    #[test]
    fn an_unknown_or_wrong_setting_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ogoh.toml");
        assert!(matches!(Settings::load(&path), Err(EnvError::NotSetUp(_))));
        for (from, to, named) in [
            ("lock_minutes = 3", "lock_minutes = 90", "lock_minutes"),
            ("lock_minutes = 3", "lok_minutes = 3", "lok_minutes"),
            ("lang = \"tg\"", "lang = \"de\"", "de"),
        ] {
            std::fs::write(&path, sample().to_commented().replace(from, to)).unwrap();
            match Settings::load(&path) {
                Err(EnvError::SettingsWrong(_, what)) => assert!(what.contains(named), "{what}"),
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn by_default_an_administrator_signs_no_notification_and_a_midwife_no_death() {
        let policy = Policy::default();
        for t in ["birth", "death", "foetal-death", "void", "attest"] {
            assert!(!policy.may_sign(Role::Administrator, t), "{t}");
            assert!(policy.may_sign(Role::Doctor, t), "{t}");
        }
        assert!(policy.may_sign(Role::Midwife, "birth") && !policy.may_sign(Role::Midwife, "death"));
    }
}
