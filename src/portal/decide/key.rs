//! What a facility says of its own people's keys: it suspends one of them, or resumes them.

use crate::seal::Suspension;
use crate::wire::Reason;

/// What surrounds such a statement.
#[derive(Clone, Debug)]
pub(in crate::portal) struct AroundKeys {
    /// The key that it names.
    pub named: String,
    /// Every key of that person here, but for the one that signs.
    pub of_person: Vec<String>,
    /// Whether one of them was suspended by somebody of whom whoever signs could not know.
    pub suspended_since: bool,
}

/// What is done with keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::portal) enum KeyChange {
    /// What arrives under them from now on is held; said again it does not begin later, and has to be ended
    /// all the same.
    Suspend(Vec<String>),
    /// They are believed again, where the registry has not revoked them.
    Resume(Vec<String>),
}

/// Decides it, or says why not: the key is none of that person here, or was suspended by somebody else since.
pub(in crate::portal) fn suspension(around: &AroundKeys, says: Suspension) -> Result<KeyChange, Reason> {
    if !around.of_person.contains(&around.named) {
        return Err(Reason::BadField);
    }
    match says {
        Suspension::Begins => Ok(KeyChange::Suspend(around.of_person.clone())),
        Suspension::Ends { .. } if around.suspended_since => Err(Reason::SuspendedSince),
        Suspension::Ends { .. } => Ok(KeyChange::Resume(around.of_person.clone())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seal::ReceiptNumber;

    #[test]
    fn a_person_is_suspended_whole_and_resumed_by_whoever_knew() {
        let around = |suspended_since| AroundKeys {
            named: "a".to_owned(),
            of_person: vec!["a".to_owned(), "b".to_owned()],
            suspended_since,
        };
        let ends = Suspension::Ends {
            heard: ReceiptNumber::NONE,
        };
        let both = around(false).of_person;
        assert_eq!(
            suspension(&around(true), Suspension::Begins),
            Ok(KeyChange::Suspend(both.clone()))
        );
        assert_eq!(suspension(&around(false), ends), Ok(KeyChange::Resume(both)));
        assert_eq!(suspension(&around(true), ends), Err(Reason::SuspendedSince));
        let stranger = AroundKeys {
            named: "c".to_owned(),
            ..around(false)
        };
        assert_eq!(suspension(&stranger, Suspension::Begins), Err(Reason::BadField));
    }
}
