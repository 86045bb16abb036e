//! What is registered automatically, prepared for the family or held for a registrar: the table
//! `[registration]` of `portal.toml`. Every default is an assumption until the country says.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::vital::Kind;
use crate::wire::Reason;

/// Whether a number may be given before the family applies: for the country to say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Auto {
    /// A faultless notification gets its number at once.
    #[default]
    Number,
    /// It stops at a complete file that waits for the family.
    Prepared,
    /// A registrar decides.
    Held,
}

/// Categories that a registrar decides unless the policy says otherwise.
const CATEGORIES: &[Reason] = &[
    Reason::Foundling,
    Reason::UnknownDeceased,
    Reason::ViolentDeath,
    Reason::MannerOpen,
    Reason::Late,
    Reason::Parentage,
    Reason::MotherRefused,
    Reason::LookAlike,
    Reason::BirthInterval,
    Reason::NoIdentity,
    Reason::TimeUnproven,
];

/// What becomes of a category, and why, in the country's own words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Category {
    /// `held`, `prepared` or `number`.
    pub action: Auto,
    /// The reason by language (`tg`, `ru`, `en`); a language that is missing keeps our words.
    pub text: BTreeMap<String, String>,
}

/// The policy of registration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Registration {
    /// Form of a number: `{office}`, `{year}`, `{book}` (B, D, F) and `{number}` with text between.
    pub number: String,
    /// Fewest digits of the running number.
    pub number_digits: u32,
    /// What becomes of a faultless notification, by kind; without an entry as `auto` says.
    pub kinds: BTreeMap<String, Auto>,
    /// Days after the event from which a registrar looks at it, by kind; without an entry
    /// `limits.late_hold_days`.
    pub late_hold_days: BTreeMap<String, u32>,
    /// Offices whose notifications another office serves.
    pub offices: BTreeMap<String, String>,
    /// Offices with one registrar, each with the office that confirms there what takes two: its region's.
    pub confirmed_by: BTreeMap<String, String>,
    /// Form of a number, by office; without an entry `number`.
    pub numbers: BTreeMap<String, String>,
    /// Whether a child's death waits on the desk while its birth is not registered.
    pub hold_linked: bool,
    /// Hours that a notification waits for another one that it names, or for the death of a child that is
    /// stated not to live, before a registrar looks.
    pub link_hours: u32,
    /// Registration numbers that are passed over in each series once the book was set back: so many may have been
    /// given since the copy.
    pub gap: u32,
    /// Days in which a device has to have delivered, before the book was set back, for its office to wait until
    /// it is heard again.
    pub recovery_days: u32,
    /// What becomes of a category; without an entry it is held.
    pub categories: BTreeMap<String, Category>,
}

impl Default for Registration {
    fn default() -> Self {
        Registration {
            number: "{office}-{year}-{book}-{number}".to_owned(),
            number_digits: 6,
            kinds: BTreeMap::new(),
            late_hold_days: BTreeMap::new(),
            offices: BTreeMap::new(),
            confirmed_by: BTreeMap::new(),
            numbers: BTreeMap::new(),
            hold_linked: true,
            link_hours: 72,
            gap: 1_000,
            recovery_days: 7,
            categories: BTreeMap::new(),
        }
    }
}

impl Registration {
    /// What is wrong with it: the setting, and what was found there.
    pub fn fault(&self) -> Option<(String, String)> {
        let kind = |name: &&String| Kind::from_code(name).is_none();
        if let Some(name) = self.kinds.keys().chain(self.late_hold_days.keys()).find(kind) {
            return Some(("registration.kinds".to_owned(), name.clone()));
        }
        let category = |name: &&String| !CATEGORIES.iter().any(|c| c.code() == name.as_str());
        if let Some(name) = self.categories.keys().find(category) {
            return Some(("registration.categories".to_owned(), name.clone()));
        }
        let offices = crate::codes::list("office");
        let unknown = |office: &&String| offices.is_none_or(|l| l.get(office).is_none());
        if let Some(office) = self.offices.values().find(unknown) {
            return Some(("registration.offices".to_owned(), office.clone()));
        }
        let confirming = self.confirmed_by.iter().flat_map(|(office, by)| [office, by]);
        if let Some(office) = confirming.into_iter().find(unknown) {
            return Some(("registration.confirmed_by".to_owned(), office.clone()));
        }
        // A number that does not say its office, year and book would be given twice.
        let whole = |form: &&String| {
            ["{office}", "{year}", "{book}", "{number}"]
                .iter()
                .any(|part| form.matches(part).count() != 1)
        };
        let mut forms = std::iter::once(&self.number).chain(self.numbers.values());
        forms
            .find(whole)
            .map(|form| ("registration.number".to_owned(), form.clone()))
    }

    /// The office that serves what is addressed to one.
    pub fn office(&self, addressed: &str) -> String {
        let serving = self.offices.get(addressed);
        serving.map_or_else(|| addressed.to_owned(), String::clone)
    }

    /// Whether the registrars of an office confirm for another one what takes two.
    pub fn confirms(&self, by: &str, office: &str) -> bool {
        self.confirmed_by.get(office).is_some_and(|named| named == by)
    }

    /// Form of the numbers of an office.
    pub fn number_of(&self, office: &str) -> &str {
        self.numbers.get(office).unwrap_or(&self.number)
    }
}

#[cfg(test)]
mod tests {
    use crate::portal::PortalSettings;

    fn settings(text: &str) -> PortalSettings {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn a_policy_that_makes_no_sense_is_refused_by_name() {
        for (text, setting) in [
            ("[registration.kinds]\nwedding = \"number\"", "registration.kinds"),
            (
                "[registration.categories.tuesday]\naction = \"held\"",
                "registration.categories",
            ),
            (
                "[registration.offices]\n\"TJ-DU-01\" = \"nowhere\"",
                "registration.offices",
            ),
            (
                "[registration]\nnumber = \"{year}/{number}\"",
                "registration.number",
            ),
        ] {
            let fault = settings(text).registration.fault();
            assert_eq!(fault.map(|(at, _)| at).as_deref(), Some(setting), "{text}");
        }
        assert_eq!(PortalSettings::default().registration.fault(), None);
    }
}
