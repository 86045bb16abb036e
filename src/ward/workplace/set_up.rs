//! A new device: settings, keys, database, its first people.

use super::device::Workplace;
use super::error::WorkplaceError;
use super::people::{NewPerson, PersonError, check_login};
use crate::codes;
use crate::env::{
    DatabaseKey, EnvError, Facility, Paths, Settings, SystemClock, create_private_dir, write_private,
};
use crate::lang::{Explain, Msg};
use crate::seal::{PublicKey, SecretKey};
use crate::vital::{NAME_MOST, is_code, name};
use crate::ward::deliver;
use crate::ward::store::{CAN_ENCRYPT, Store, StoreError, remove_with_companions};

/// What keeps a device from being set up.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// There is one here already.
    #[error("already set up")]
    AlreadySetUp(std::path::PathBuf),
    /// A code that its list does not have.
    #[error("unknown code {found} in {field}")]
    UnknownCode {
        /// Where it stands.
        field: &'static str,
        /// The code.
        found: String,
    },
    /// The facility's name is no line that a reader sees whole, or none.
    #[error("no name of a facility")]
    FacilityName,
    /// The facility's code cannot be one.
    #[error("no code of a facility")]
    FacilityCode(String),
    /// One of its people cannot be added.
    #[error(transparent)]
    Person(#[from] PersonError),
    /// Files, keys, database.
    #[error(transparent)]
    Failed(#[from] WorkplaceError),
}

impl Explain for SetUpError {
    fn msg(&self) -> Msg {
        match self {
            SetUpError::AlreadySetUp(dir) => {
                Msg::new("cli-already-set-up").with("path", dir.display().to_string())
            }
            SetUpError::UnknownCode { field, found } => Msg::new("cli-code-unknown")
                .with("field", *field)
                .with("found", found.as_str()),
            SetUpError::FacilityName => Msg::new("name-wrong")
                .with("field", "facility.name")
                .with("most", NAME_MOST),
            SetUpError::FacilityCode(found) => Msg::new("facility-code-wrong").with("found", found.as_str()),
            SetUpError::Person(e) => e.msg(),
            SetUpError::Failed(e) => e.msg(),
        }
    }

    fn hint(&self) -> Option<Msg> {
        match self {
            SetUpError::AlreadySetUp(_)
            | SetUpError::UnknownCode { .. }
            | SetUpError::FacilityName
            | SetUpError::FacilityCode(_) => None,
            SetUpError::Person(e) => e.hint(),
            SetUpError::Failed(e) => e.hint(),
        }
    }
}

/// Checks that no device is set up here.
///
/// # Errors
/// [`SetUpError::AlreadySetUp`].
pub fn check_vacant(paths: &Paths) -> Result<(), SetUpError> {
    match paths.settings().exists() {
        true => Err(SetUpError::AlreadySetUp(paths.dir().to_owned())),
        false => Ok(()),
    }
}

/// Checks what a new device is to be, before anything of it is made: its codes, the registry's key and
/// address, its people.
///
/// # Errors
/// What is wrong first.
pub fn check_plan<'p>(
    settings: &Settings,
    people: impl IntoIterator<Item = &'p NewPerson>,
) -> Result<(), SetUpError> {
    check_facility(&settings.facility)?;
    PublicKey::from_x(&settings.portal.root_key).map_err(WorkplaceError::from)?;
    deliver::check_address(&settings.portal.url).map_err(WorkplaceError::from)?;
    let mut taken = Vec::new();
    for person in people {
        check_login(&person.login, &taken)?;
        person.known_role()?;
        person.clean_name()?;
        taken.push(person.login.clone());
    }
    Ok(())
}

/// Checks what a device says of its facility.
///
/// # Errors
/// [`SetUpError::FacilityCode`], [`SetUpError::FacilityName`], [`SetUpError::UnknownCode`].
pub fn check_facility(facility: &Facility) -> Result<(), SetUpError> {
    if !is_code(&facility.code) {
        return Err(SetUpError::FacilityCode(facility.code.clone()));
    }
    name(&facility.name).ok_or(SetUpError::FacilityName)?;
    known_code("district", &facility.district, "facility.district")?;
    known_code("office", &facility.office, "facility.office")
}

fn known_code(list: &'static str, code: &str, field: &'static str) -> Result<(), SetUpError> {
    match codes::list(list).and_then(|l| l.get(code)) {
        Some(_) => Ok(()),
        None => Err(SetUpError::UnknownCode {
            field,
            found: code.to_owned(),
        }),
    }
}

impl Workplace {
    /// Begins a new device: folder, keys, database. It is set up once its people are added and
    /// [`Workplace::finish`] has been called; until then it can be begun again.
    ///
    /// # Errors
    /// [`SetUpError::AlreadySetUp`]; and what keeps the files from being written.
    pub fn begin(paths: Paths, settings: Settings, encrypt: bool) -> Result<Workplace, SetUpError> {
        if encrypt && !CAN_ENCRYPT {
            return Err(WorkplaceError::from(StoreError::NoEncryption(paths.database())).into());
        }
        create_private_dir(paths.dir()).map_err(WorkplaceError::from)?;
        clear_unfinished(&paths)?;
        Ok(Workplace::make(paths, settings, encrypt)?)
    }

    fn make(paths: Paths, settings: Settings, encrypt: bool) -> Result<Workplace, WorkplaceError> {
        if encrypt {
            DatabaseKey::find_or_make(&paths)?;
        }
        let device = SecretKey::generate()?;
        write_private(&paths.device_key(), device.to_text().as_bytes())?;
        let store = Store::open_at(&paths)?;
        let clock = SystemClock {
            utc_offset_minutes: settings.utc_offset_minutes,
        };
        let clock = std::sync::Arc::new(clock);
        Ok(Workplace::of(paths, settings, store, device, clock))
    }

    /// Writes the settings, last of all: a device that has them is one that is set up.
    pub fn finish(&self) -> Result<(), EnvError> {
        self.settings.save(&self.paths.settings())
    }
}

/// Clears what a set-up that was cut off left, before the settings were written: nobody worked with it. A
/// device with anything signed or begun on it is never touched.
fn clear_unfinished(paths: &Paths) -> Result<(), SetUpError> {
    if !paths.device_key().exists() && !paths.database().exists() {
        return Ok(());
    }
    let unused = Store::open_at(paths)
        .and_then(|store| Ok(store.entries_after(i64::MIN, 1)?.is_empty() && store.drafts()?.is_empty()));
    if !unused.is_ok_and(|unused| unused) {
        return Err(SetUpError::AlreadySetUp(paths.dir().to_owned()));
    }
    remove_with_companions(&paths.database());
    match std::fs::remove_file(paths.device_key()) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            Err(WorkplaceError::from(EnvError::Unwritable(paths.device_key(), e)).into())
        }
        _ => Ok(()),
    }
}
