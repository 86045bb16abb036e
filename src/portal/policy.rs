//! What is registered automatically, prepared for the family or held for a registrar: the table
//! `[registration]` of `portal.toml`. Every default is an assumption until the country says.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::settings::{Auto, PortalSettings};
use crate::lang::Lang;
use crate::seal::Problem;
use crate::vital::Kind;
use crate::wire::Reason;

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
    /// Form of a number, by office; without an entry `number`.
    pub numbers: BTreeMap<String, String>,
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
            numbers: BTreeMap::new(),
            categories: BTreeMap::new(),
        }
    }
}

/// What is done with a notification without a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It gets a number.
    Register,
    /// It is complete and waits for the family.
    Prepare(Problem),
    /// A registrar decides; the notification that it may repeat.
    Hold(Problem, Option<String>),
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

    /// Form of the numbers of an office.
    pub fn number_of(&self, office: &str) -> &str {
        self.numbers.get(office).unwrap_or(&self.number)
    }
}

impl PortalSettings {
    /// What is done with a notification for which these reasons speak against registering it.
    pub(super) fn outcome(&self, kind: Kind, reasons: Vec<(Problem, Option<String>)>) -> Outcome {
        let mut prepare = None;
        for (mut why, dup_of) in reasons {
            let category = self.registration.categories.get(&why.code);
            for (lang, text) in category.iter().flat_map(|c| &c.text) {
                if Lang::from_code(lang).is_some() {
                    why.text.insert(lang.clone(), text.clone());
                }
            }
            match category.map(|c| c.action) {
                None | Some(Auto::Held) => return Outcome::Hold(why, dup_of),
                Some(Auto::Prepared) => prepare = prepare.or(Some(why)),
                Some(Auto::Number) => {}
            }
        }
        let prepared = || super::session::problem(Reason::Prepared);
        if let Some(why) = prepare {
            // The code says that a family is waited for; the words say why.
            let text = why.text;
            return Outcome::Prepare(Problem { text, ..prepared() });
        }
        match self.registration.kinds.get(kind.code()).unwrap_or(&self.auto) {
            Auto::Number => Outcome::Register,
            Auto::Prepared => Outcome::Prepare(prepared()),
            Auto::Held => Outcome::Hold(super::session::problem(Reason::Policy), None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::session::problem;

    fn settings(text: &str) -> PortalSettings {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn a_category_is_held_prepared_or_registered_as_the_policy_says() {
        let late = || (problem(Reason::Late), None);
        let alike = || (problem(Reason::LookAlike), Some("n".to_owned()));
        let plain = PortalSettings::default();
        assert_eq!(plain.outcome(Kind::Birth, vec![]), Outcome::Register);
        assert!(
            matches!(plain.outcome(Kind::Birth, vec![late()]), Outcome::Hold(p, None) if p.code == "late")
        );

        let own = settings(
            "[registration.kinds]\ndeath = \"prepared\"\nfoetal-death = \"held\"\n\
             [registration.categories.late]\naction = \"number\"\n\
             [registration.categories.foundling]\naction = \"prepared\"\ntext = { tg = \"Кӯдаки ёфтшуда\" }\n",
        );
        assert_eq!(own.outcome(Kind::Birth, vec![late()]), Outcome::Register);
        // What is let through does not hide what is not.
        assert!(matches!(
            own.outcome(Kind::Birth, vec![late(), alike()]),
            Outcome::Hold(p, Some(_)) if p.code == "look-alike"
        ));
        assert!(matches!(own.outcome(Kind::Death, vec![]), Outcome::Prepare(p) if p.code == "prepared"));
        assert!(
            matches!(own.outcome(Kind::FoetalDeath, vec![]), Outcome::Hold(p, None) if p.code == "policy")
        );
        let Outcome::Prepare(why) = own.outcome(Kind::Birth, vec![(problem(Reason::Foundling), None)]) else {
            panic!("prepared");
        };
        assert_eq!(why.code, "prepared");
        assert_eq!(why.text["tg"], "Кӯдаки ёфтшуда");
        assert_eq!(why.text["en"], problem(Reason::Foundling).text["en"]);
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
