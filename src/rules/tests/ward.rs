//! Whole cases of a ward, step by step: exactly these rules speak, all others keep still. The
//! people are invented.

use super::*;

pub(super) type Changes = &'static [(&'static str, &'static str)];

/// One step of a case: what is being written, what is around, which rules speak.
pub(super) struct Step {
    what: &'static str,
    kind: Kind,
    changes: Changes,
    around: fn(&mut Around),
    speak: &'static [&'static str],
}

pub(super) const fn step(
    what: &'static str,
    kind: Kind,
    changes: Changes,
    speak: &'static [&'static str],
) -> Step {
    Step {
        what,
        kind,
        changes,
        around: |_| {},
        speak,
    }
}

pub(super) const fn with(mut step: Step, around: fn(&mut Around)) -> Step {
    step.around = around;
    step
}

#[test]
fn exactly_these_rules_speak_in_the_cases_of_a_ward() {
    for step in ward_births::STEPS.iter().chain(ward_deaths::STEPS) {
        let mut around = Around::default();
        (step.around)(&mut around);
        let event = event(step.kind, step.changes);
        let mut speak: Vec<_> = around.check(&event).iter().map(|f| f.rule).collect();
        speak.dedup();
        assert_eq!(speak, step.speak, "{}", step.what);
    }
}
