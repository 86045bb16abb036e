//! The devices of a history: how they are set up, copied and put back.

use std::path::PathBuf;

use ogoh::env::Clock as _;
use ogoh::portal::{self, PortalSettings};
use ogoh::seal::{EnrolRequest, SecretKey};
use ogoh::vital::{Stated, Value};
use ogoh::ward::deliver::{self, PushReport};
use ogoh::ward::store::{self, Filter, Recorded, Statement, Store};
use ogoh::ward::workplace::{self, RestoreBy};

use crate::country::Country;
use crate::support::copied;
use crate::support::delivering::Ward;

const BEGIN: &str = "2026-11-23T14:00:00+05:00";
/// Seeds of the devices' keys, and their facilities.
const DEVICES: [(u8, &str); 3] = [(10, "TJ-DU-02-H01"), (40, "TJ-DU-02-H01"), (70, "TJ-DU-02-H02")];
pub const OFFICE: &str = "TJ-DU-02";
/// Rows that are listed.
const MOST: usize = 1000;

/// What every history begins with.
pub struct Template {
    dir: tempfile::TempDir,
    root_key: String,
}

impl Template {
    pub fn new() -> Template {
        let mut country = Country::at(BEGIN, PortalSettings::default());
        let dir = tempfile::tempdir().unwrap();
        for (i, (seed, fac)) in DEVICES.into_iter().enumerate() {
            let mut ward = country.unknown_ward(seed);
            ward.settings.facility.code = fac.to_owned();
            country.enrol_device(&ward);
            for who in [&ward.doctor, &ward.second] {
                country.enrol_person(&ward, who);
            }
            let party = Party::of(ward);
            party.keep_key();
            party.ward.settings.save(&party.ward.paths.settings()).unwrap();
            assert!(party.push().error.is_none());
            copied(party.ward.dir.path(), &dir.path().join(i.to_string()));
        }
        drop(country.registrar(OFFICE));
        country.stop();
        for name in ["portal", "portal-witness"] {
            copied(&country.dir.path().join(name), &dir.path().join(name));
        }
        Template {
            dir,
            root_key: country.root_key.clone(),
        }
    }

    pub fn country(&self) -> Country {
        Country::again(self.dir.path(), &self.root_key, BEGIN)
    }

    pub fn parties(&self, country: &Country) -> Vec<Party> {
        let party = |(i, (seed, fac)): (usize, (u8, &str))| {
            let mut ward = country.unknown_ward(seed);
            fac.clone_into(&mut ward.settings.facility.code);
            copied(&self.dir.path().join(i.to_string()), ward.dir.path());
            Party::of(ward)
        };
        DEVICES.into_iter().enumerate().map(party).collect()
    }
}

/// A device, and copies of it.
pub struct Party {
    pub ward: Ward,
    copies: Vec<PathBuf>,
}

impl Party {
    fn of(ward: Ward) -> Party {
        Party {
            ward,
            copies: Vec::new(),
        }
    }

    fn keep_key(&self) {
        std::fs::write(
            self.ward.paths.device_key(),
            self.ward.device.to_text().as_bytes(),
        )
        .unwrap();
    }

    pub fn store(&self) -> Store {
        Store::open_at(&self.ward.paths).unwrap()
    }

    pub fn facility(&self) -> &str {
        &self.ward.settings.facility.code
    }

    /// What `ogoh push` does.
    pub fn push(&self) -> PushReport {
        let ward = &self.ward;
        let mut store = self.store();
        deliver::push(&mut store, &ward.paths, &ward.settings, &ward.device, &ward.clock).unwrap()
    }

    /// A birth of a child, who has a name by then or not.
    pub fn sign(&mut self, named: bool) -> Recorded {
        let mut store = self.store();
        let mut event = self.ward.birth(&store);
        if named {
            let name = Stated::Known(Value::Text("Меҳрубон".to_owned()));
            event.values.insert("child.given".to_owned(), name);
        }
        let event = self.ward.answered(&store, event, None);
        self.ward.sign(&mut store, event)
    }

    /// Notifications that are known here.
    pub fn known(&self) -> Vec<String> {
        let all = self.store().list(&Filter::default(), MOST).unwrap();
        all.iter().map(|row| row.nid.to_string()).collect()
    }

    /// The child has a name, or another one.
    pub fn name(&self, nid: &str, name: &str) -> Option<Recorded> {
        let mut store = self.store();
        let event = store.notification(nid).unwrap().event?;
        Some(self.ward.name_child(&mut store, nid, &event, name))
    }

    pub fn annul(&self, nid: &str) -> Recorded {
        self.ward.void(&mut self.store(), nid)
    }

    /// A second person's word on an annulment; none where there is none to confirm.
    pub fn attest(&self, nid: &str) -> Option<Recorded> {
        let what = Statement::Attest { nid: nid.into() };
        let signer = self.ward.signer(&self.ward.second);
        self.store().record(what, &signer, &self.ward.site()).ok()
    }

    /// A machine with a copy of this one's folder; both go on.
    pub fn cloned(&self, country: &Country, seed: u8) -> Party {
        let mut ward = country.unknown_ward(seed);
        ward.settings = self.ward.settings.clone();
        ward.device = self.ward.device.clone();
        ward.doctor.key = self.ward.doctor.key.clone();
        ward.second.key = self.ward.second.key.clone();
        store::remove_with_companions(&ward.paths.database());
        self.store().backup(&ward.paths.database()).unwrap();
        let witness = self.ward.paths.witness();
        if witness.exists() {
            std::fs::copy(witness, ward.paths.witness()).unwrap();
        }
        let clone = Party::of(ward);
        clone.keep_key();
        clone.ward.settings.save(&clone.ward.paths.settings()).unwrap();
        clone
    }

    /// Its key now.
    pub fn kid(&self) -> String {
        self.ward.device.public().kid().to_owned()
    }

    pub fn copy(&mut self) {
        let to = self.ward.dir.path().join(format!("copy-{}", self.copies.len()));
        std::fs::create_dir(&to).unwrap();
        self.store().backup(&to.join("ogoh.db")).unwrap();
        let witness = self.ward.paths.witness();
        if witness.exists() {
            std::fs::copy(witness, to.join("witness")).unwrap();
        }
        self.copies.push(to);
    }

    pub fn copies(&self) -> usize {
        self.copies.len()
    }

    /// A copy in the place of the database; with it the witness, where somebody took the folder.
    pub fn put_back(&self, which: usize, with_witness: bool) {
        let (paths, copy) = (&self.ward.paths, &self.copies[which]);
        store::remove_with_companions(&paths.database());
        std::fs::copy(copy.join("ogoh.db"), paths.database()).unwrap();
        if with_witness {
            let _ = std::fs::remove_file(paths.witness());
            let _ = std::fs::copy(copy.join("witness"), paths.witness());
        }
    }

    /// What `ogoh restore` does; whether it did.
    pub fn restore(&self, which: usize) -> bool {
        let file = self.copies[which].join("ogoh.db");
        workplace::restore(&self.ward.paths, &file, RestoreBy::default()).is_ok()
    }

    /// What `ogoh rotate` does, where the registry believes the new key at once.
    pub fn rotate(&mut self, country: &Country, new: SecretKey) -> Result<(), String> {
        let ward = &mut self.ward;
        let now = ward.clock.now();
        let request = EnrolRequest::of_device(&new.public(), &ward.settings.facility, now);
        let request = request.instead_of(&ward.device.public()).seal(&new).unwrap();
        let asked = deliver::enrol(&ward.settings, &request).map_err(|e| format!("{e:?}"))?;
        portal::approve(&country.portal_dir(), &asked.id, &ward.clock).map_err(|e| format!("{e:?}"))?;
        let mut store = Store::open_at(&ward.paths).unwrap();
        deliver::fetch_trust(&mut store, &ward.settings, &ward.device, &ward.clock)
            .map_err(|e| format!("{e:?}"))?;
        ward.device = new;
        store.open_journal(&ward.site()).unwrap();
        drop(store);
        self.keep_key();
        Ok(())
    }
}
