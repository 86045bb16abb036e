//! The time line of an event: where each date stands, declared with its question.
//!
//! No date lies after now. What else it must not lie before or after is listed here, so that a new date
//! cannot be asked without a place: `Input::Date` demands one.

use crate::vital::{Kind, field as f};

/// The place of a date among the others.
#[derive(Debug, PartialEq, Eq)]
pub struct Moment {
    /// Field of the time of day, where one is asked.
    pub time: Option<&'static str>,
    /// What it lies not before.
    pub not_before: &'static [Bound],
    /// What it lies not after.
    pub not_after: &'static [Bound],
}

/// One bound of a date.
#[derive(Debug, PartialEq, Eq)]
pub struct Bound {
    /// The other date.
    pub than: Than,
    /// Years that lie between at least.
    pub years: u32,
    /// The rule that speaks of it in words of its own; none for the general one.
    pub rule: Option<&'static str>,
    /// Whether it may be so and wants an answer only.
    pub may_be: bool,
}

/// What a date is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Than {
    /// The day of the event itself.
    Event,
    /// The date in this field.
    Field(&'static str),
}

impl Than {
    /// The field of the other date.
    pub fn field(self, kind: Kind) -> &'static str {
        match self {
            Than::Event => kind.date_field(),
            Than::Field(field) => field,
        }
    }
}

const fn bound(than: Than) -> Bound {
    Bound {
        than,
        years: 0,
        rule: None,
        may_be: false,
    }
}

/// A bound of which another rule speaks.
const fn told_by(than: Than, rule: &'static str) -> Bound {
    Bound {
        rule: Some(rule),
        ..bound(than)
    }
}

/// Years after her birth before which a woman neither marries nor gives birth.
const CHILDHOOD: u32 = 10;

const fn after_childhood(than: Than) -> Bound {
    Bound {
        years: CHILDHOOD,
        ..bound(than)
    }
}

const ANY_TIME: Moment = Moment {
    time: None,
    not_before: &[],
    not_after: &[],
};

pub(super) static BIRTH: Moment = Moment {
    time: Some(f::BIRTH_TIME),
    ..ANY_TIME
};
pub(super) static DEATH: Moment = Moment {
    time: Some(f::DEATH_TIME),
    ..ANY_TIME
};
pub(super) static MOTHER_BORN: Moment = Moment {
    not_after: &[told_by(Than::Event, "B19")],
    ..ANY_TIME
};
pub(super) static FATHER_BORN: Moment = Moment {
    not_after: &[told_by(Than::Event, "B20")],
    ..ANY_TIME
};
/// A marriage after the birth is possible where it is notified late (assumption): it wants an answer.
pub(super) static MARRIAGE: Moment = Moment {
    not_before: &[
        after_childhood(Than::Field(f::MOTHER_BORN)),
        after_childhood(Than::Field(f::FATHER_BORN)),
    ],
    not_after: &[Bound {
        may_be: true,
        ..bound(Than::Event)
    }],
    ..ANY_TIME
};
/// Paternity may be acknowledged before the birth.
pub(super) static PATERNITY: Moment = Moment {
    not_before: &[
        after_childhood(Than::Field(f::MOTHER_BORN)),
        after_childhood(Than::Field(f::FATHER_BORN)),
    ],
    ..ANY_TIME
};
pub(super) static LAST_BIRTH: Moment = Moment {
    not_before: &[after_childhood(Than::Field(f::MOTHER_BORN))],
    not_after: &[told_by(Than::Event, "B25")],
    ..ANY_TIME
};
pub(super) static LAST_PERIOD: Moment = Moment {
    not_before: &[after_childhood(Than::Field(f::MOTHER_BORN))],
    not_after: &[told_by(Than::Event, "B26")],
    ..ANY_TIME
};
pub(super) static FOUND_CHILD: Moment = Moment {
    time: Some(f::FOUND_TIME),
    not_before: &[bound(Than::Event)],
    ..ANY_TIME
};
/// Who dies unknown may have been found alive.
pub(super) static FOUND_PERSON: Moment = Moment {
    time: Some(f::FOUND_TIME),
    not_before: &[bound(Than::Field(f::DECEASED_BORN))],
    ..ANY_TIME
};
pub(super) static PAPER_ISSUED: Moment = Moment {
    not_before: &[bound(Than::Event)],
    ..ANY_TIME
};
pub(super) static DECEASED_BORN: Moment = Moment {
    time: Some(f::INFANT_BIRTH_TIME),
    not_after: &[told_by(Than::Event, "D05")],
    ..ANY_TIME
};
pub(super) static SURGERY: Moment = Moment {
    not_before: &[bound(Than::Field(f::DECEASED_BORN))],
    not_after: &[told_by(Than::Event, "D42")],
    ..ANY_TIME
};
pub(super) static INJURY: Moment = Moment {
    time: Some(f::EXTERNAL_TIME),
    not_before: &[bound(Than::Field(f::DECEASED_BORN))],
    not_after: &[told_by(Than::Event, "D25")],
};
