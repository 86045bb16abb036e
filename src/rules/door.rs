//! What a door leaves out of what the rules find: the one table of where doors differ on purpose.
//!
//! Every door asks the same rules of the same fields. What surrounds an event may differ by door (the clock, a
//! loaded list of causes, other notifications); what is found in the event itself does not, but for this table.

use super::{Finding, id, unknowns};

/// A door by which an event comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// The form of the app.
    Form,
    /// A file.
    File,
    /// Two notifications that are signed in one act.
    Together,
    /// An entry that a ward has signed, at the registry.
    Intake,
    /// A paper notification that a registrar enters.
    Paper,
}

/// Rules that a door leaves out.
const LEFT_OUT: &[(Door, &str)] = &[
    // Each open warning stands at its own question there; counting them would say it twice.
    (Door::Form, id::C05),
    (Door::Paper, id::C05),
    // The other one of the two is signed in the same act.
    (Door::Together, id::B30),
    // The death of the child may travel behind its birth, which then waits for it.
    (Door::Intake, id::B30),
    (Door::Paper, id::B30),
];

impl Door {
    /// Leaves in what is said at this door. `unread` are fields with something in them that could not be
    /// read: that they are empty is not so, and the fault of form is said already.
    pub fn keep(self, findings: &mut Vec<Finding>, unread: &[&str]) {
        let left_out = |f: &Finding| LEFT_OUT.contains(&(self, f.rule));
        let unread = |f: &Finding| unread.contains(&f.field) && is_of_blank(f.rule);
        findings.retain(|f| !(left_out(f) || unread(f)));
    }
}

/// Whether a rule speaks of a field because nothing is stated there; one that speaks there whatever is stated
/// only names it.
fn is_of_blank(rule: &str) -> bool {
    let takes = unknowns(rule);
    takes.absent && !(takes.yet && takes.knowable && takes.refused)
}
