//! What questions mean to the law and the registry, from their declaration.

use super::condition::EXTERNAL;
use super::{Need, Question, Use, question_of, questions};
use crate::env::{Policy, Role};
use crate::vital::{Event, Kind};

/// The questions of a kind whose answers serve for something.
pub fn used_for(kind: Kind, what: Use) -> impl Iterator<Item = &'static Question> {
    questions(kind).filter(move |q| q.uses.contains(&what))
}

/// Whether the answer to a field serves for something, as a kind of event asks it.
pub fn serves_for(kind: Kind, field: &str, what: Use) -> bool {
    question_of(kind, field).is_some_and(|q| q.uses.contains(&what))
}

/// Whether a death was violent: manner 1 to 7 of the WHO certificate, or an external cause (V01–Y98) on
/// any line.
pub fn is_violent(event: &Event) -> bool {
    (EXTERNAL.holds)(event)
}

/// Whether a correction touches what only a certifier may state: anything but people's
/// particulars, names, papers and the notification itself.
pub fn changes_medical(old: &Event, new: &Event) -> bool {
    const ADMINISTRATIVE: &[&str] = &["mother", "father", "child", "deceased", "found", "notice"];
    let mut fields = old.values.keys().chain(new.values.keys());
    fields.any(|field| {
        let section = question_of(new.kind, field).map_or("", |q| q.section);
        old.get(field) != new.get(field) && !ADMINISTRATIVE.contains(&section)
    })
}

/// Whether a role may sign a statement: what the policy says of the kind of event, and a clerk the
/// administrative supplement of what a certifier has signed (`before`).
pub fn may_sign(policy: &Policy, role: Role, before: Option<&Event>, event: &Event) -> bool {
    policy.may_sign(role, event.kind.code())
        || role == Role::Clerk && before.is_some_and(|before| !changes_medical(before, event))
}

/// An event without the answers to questions that do not apply, and the fields of those. What is left out
/// can be what a later question applies by: one by one, until all apply.
pub fn applying(event: &Event) -> (Event, Vec<&'static str>) {
    let (mut event, mut out) = (event.clone(), Vec::new());
    while let Some(q) = questions(event.kind).find(|q| q.misapplied(&event).is_some()) {
        event.values.remove(q.id);
        event.approximate.remove(q.id);
        out.push(q.id);
    }
    (event, out)
}

/// Mandatory fields that apply to an event (rule C04 asks for each a value or a stated unknown).
///
/// Somebody of whom a given name is known may have no surname: then its field stays empty, and a
/// note (C13) says so.
pub fn required(event: &Event) -> Vec<&'static str> {
    let only_name = |q: &Question| {
        q.id.ends_with(".surname") && event.text(&q.id.replace(".surname", ".given")).is_some()
    };
    questions(event.kind)
        .filter(|q| q.need == Need::Required && q.shows(event) && !only_name(q))
        .map(|q| q.id)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::questions::is_unidentified;
    use crate::vital::{Interval, Not, PartialDate, Stated, Value, field as f};

    /// An age beside a date of birth is not asked, and says nothing of whether she could be pregnant.
    #[test]
    fn what_is_left_out_takes_nothing_with_it_that_applies() {
        let mut event = Event::new(Kind::Death);
        event.set(f::DECEASED_SEX, Value::Code("female".into()));
        event.set(f::DECEASED_BORN, Value::Date(PartialDate::parse("1985").unwrap()));
        event.set(
            f::DECEASED_AGE,
            Value::Interval(Interval::parse_iso("P3D").unwrap()),
        );
        event.set(f::PREGNANT, Value::Code("yes".into()));
        assert_eq!(applying(&event).1, [f::DECEASED_AGE]);
    }

    #[test]
    fn who_cannot_be_known_is_said_by_the_identifying_answers_alone() {
        for kind in Kind::ALL {
            let fields: Vec<&str> = used_for(kind, Use::Identity).map(|q| q.id).collect();
            assert_eq!(fields.len(), 2, "{kind:?}");
            let mut event = Event::new(kind);
            for field in &fields {
                assert!(!is_unidentified(&event));
                event.set(field, Stated::Not(Not::Knowable));
            }
            assert!(is_unidentified(&event));
            event.set(fields[0], Value::Text("Раҳимова".into()));
            assert!(!is_unidentified(&event));
        }
    }
}
