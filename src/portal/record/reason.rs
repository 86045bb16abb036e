//! Reasons as receipts carry them.

use crate::lang::{Lang, Msg};
use crate::seal::Problem;
use crate::wire::Reason;

/// A reason as receipts carry it, in three languages.
pub(in crate::portal) fn problem(reason: Reason) -> Problem {
    problem_of(reason.code(), None, &reason.msg())
}

/// A problem as receipts carry it.
pub(in crate::portal) fn problem_of(code: &str, field: Option<&str>, msg: &Msg) -> Problem {
    Problem {
        code: code.to_owned(),
        field: field.map(str::to_owned),
        text: Lang::ALL
            .into_iter()
            .map(|lang| (lang.code().to_owned(), msg.render(lang)))
            .collect(),
    }
}
