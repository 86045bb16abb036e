//! What becomes of a notification without a fault, by the policy of registration.

use super::hold::Hold;
use super::reason::problem;
use crate::lang::Lang;
use crate::portal::settings::{Auto, PortalSettings};
use crate::seal::Problem;
use crate::vital::Kind;
use crate::wire::Reason;

/// What is done with a notification without a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::portal) enum PolicyOutcome {
    /// It gets a number.
    Register,
    /// It is complete and waits for the family.
    Prepare(Problem),
    /// A registrar decides, for these reasons.
    Hold(Vec<Hold>),
}

/// What is done with a notification for which these reasons speak against registering it.
pub(in crate::portal) fn outcome(settings: &PortalSettings, kind: Kind, reasons: Vec<Hold>) -> PolicyOutcome {
    let mut prepare = None;
    let mut held = Vec::new();
    for mut hold in reasons {
        let category = settings.registration.categories.get(&hold.problem.code);
        for (lang, text) in category.iter().flat_map(|c| &c.text) {
            if Lang::from_code(lang).is_some() {
                hold.problem.text.insert(lang.clone(), text.clone());
            }
        }
        match category.map(|c| c.action) {
            None | Some(Auto::Held) => held.push(hold),
            Some(Auto::Prepared) => prepare = prepare.or(Some(hold.problem)),
            Some(Auto::Number) => {}
        }
    }
    if !held.is_empty() {
        return PolicyOutcome::Hold(held);
    }
    let prepared = || problem(Reason::Prepared);
    if let Some(why) = prepare {
        // The code says that a family is waited for; the words say why.
        let text = why.text;
        return PolicyOutcome::Prepare(Problem { text, ..prepared() });
    }
    match settings
        .registration
        .kinds
        .get(kind.code())
        .unwrap_or(&settings.auto)
    {
        Auto::Number => PolicyOutcome::Register,
        Auto::Prepared => PolicyOutcome::Prepare(prepared()),
        Auto::Held => PolicyOutcome::Hold(vec![Hold::of(Reason::Policy)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(text: &str) -> PortalSettings {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn a_category_is_held_prepared_or_registered_as_the_policy_says() {
        let late = || Hold::of(Reason::Late);
        let alike = || Hold::beside(Reason::LookAlike, "n".into());
        let codes = |outcome: PolicyOutcome| match outcome {
            PolicyOutcome::Hold(holds) => holds.into_iter().map(|h| h.problem.code).collect::<Vec<_>>(),
            _ => Vec::new(),
        };
        let plain = PortalSettings::default();
        assert_eq!(outcome(&plain, Kind::Birth, vec![]), PolicyOutcome::Register);
        assert_eq!(
            codes(outcome(&plain, Kind::Birth, vec![late(), alike()])),
            ["late", "look-alike"]
        );

        let own = settings(
            "[registration.kinds]\ndeath = \"prepared\"\nfoetal-death = \"held\"\n\
             [registration.categories.late]\naction = \"number\"\n\
             [registration.categories.foundling]\naction = \"prepared\"\ntext = { tg = \"Кӯдаки ёфтшуда\" }\n",
        );
        assert_eq!(outcome(&own, Kind::Birth, vec![late()]), PolicyOutcome::Register);
        // What is let through does not hide what is not.
        assert_eq!(
            codes(outcome(&own, Kind::Birth, vec![late(), alike()])),
            ["look-alike"]
        );
        assert!(
            matches!(outcome(&own, Kind::Death, vec![]), PolicyOutcome::Prepare(p) if p.code == "prepared")
        );
        assert_eq!(codes(outcome(&own, Kind::FoetalDeath, vec![])), ["policy"]);
        let PolicyOutcome::Prepare(why) = outcome(&own, Kind::Birth, vec![Hold::of(Reason::Foundling)])
        else {
            panic!("prepared");
        };
        assert_eq!(why.code, "prepared");
        assert_eq!(why.text["tg"], "Кӯдаки ёфтшуда");
        assert_eq!(why.text["en"], problem(Reason::Foundling).text["en"]);
    }
}
