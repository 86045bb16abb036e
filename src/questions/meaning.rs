//! What questions mean to the law and the registry, from their declaration.

use super::{Need, Question, question_of, questions};
use crate::env::{Policy, Role};
use crate::vital::Event;

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

/// Mandatory fields that apply to an event (rule C04 asks for each a value or a stated unknown).
///
/// Somebody of whom a given name is known may have no surname: then its field stays empty, and a
/// note (C13) says so.
pub fn required(event: &Event) -> Vec<&'static str> {
    let only_name = |q: &Question| {
        q.id.ends_with(".surname") && event.text(&q.id.replace(".surname", ".given")).is_some()
    };
    questions(event.kind)
        .filter(|q| q.need == Need::Required && (q.shows)(event) && !only_name(q))
        .map(|q| q.id)
        .collect()
}
