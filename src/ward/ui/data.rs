//! What the screens show, as plain values: the shell fills them from store and portal.
//!
//! Deliberately absent: types of the store. A screen depends on what it shows, not on where it
//! lies.

use chrono::{DateTime, FixedOffset};

use crate::env::Role;
use crate::lang::{Explain, Lang, Msg};
use crate::rules::{Candidate, Sibling};
use crate::vital::{Event, Kind, PartialDate};

/// A moment, with the ward's offset.
pub type Moment = DateTime<FixedOffset>;

/// Something to tell a person: what happened and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// What happened.
    pub msg: Msg,
    /// What to do about it.
    pub hint: Option<Msg>,
}

impl Shown {
    /// From a message of the catalogue.
    pub fn new(msg: Msg) -> Shown {
        Shown { msg, hint: None }
    }

    /// From an error of any room.
    pub fn of(error: &dyn Explain) -> Shown {
        Shown {
            msg: error.msg(),
            hint: error.hint(),
        }
    }

    /// Both sentences in a language.
    pub fn render(&self, lang: Lang) -> String {
        match &self.hint {
            Some(hint) => format!("{} {}", self.msg.render(lang), hint.render(lang)),
            None => self.msg.render(lang),
        }
    }
}

/// A person who works on this device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Login, signed in entries.
    pub login: String,
    /// Name as shown.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whether the registry believes the key; until then what it signs waits there.
    pub confirmed: bool,
}

/// The truth about sending, for the header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    /// Entries without a verified receipt.
    pub unsent: usize,
    /// When the oldest of them was signed.
    pub oldest: Option<Moment>,
    /// When the newest receipt was made.
    pub last_receipt: Option<Moment>,
    /// Annulments that have not yet taken effect.
    pub annulling: usize,
}

/// A worklist of the home screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Worklist {
    /// Drafts with something missing.
    Unfinished,
    /// Drafts that could be signed.
    ToSign,
    /// Sent back by the registry for correction.
    Returned,
    /// Deaths whose cause is awaited.
    CauseAwaited,
    /// Children without a name.
    Unnamed,
    /// Children whose naming was left to the registry office.
    LeftToRegistry,
    /// Signed, without a receipt.
    Unsent,
    /// Recorded today.
    Today,
}

impl Worklist {
    /// All, in the order of the home screen.
    pub const ALL: [Worklist; 8] = [
        Worklist::Unfinished,
        Worklist::ToSign,
        Worklist::Returned,
        Worklist::CauseAwaited,
        Worklist::Unnamed,
        Worklist::LeftToRegistry,
        Worklist::Unsent,
        Worklist::Today,
    ];

    /// The word in message identifiers (`ui-list-<code>`).
    pub fn code(self) -> &'static str {
        match self {
            Worklist::Unfinished => "unfinished",
            Worklist::ToSign => "to-sign",
            Worklist::Returned => "returned",
            Worklist::CauseAwaited => "cause-awaited",
            Worklist::Unnamed => "unnamed",
            Worklist::LeftToRegistry => "left-to-registry",
            Worklist::Unsent => "unsent",
            Worklist::Today => "today",
        }
    }

    /// Place in [`Worklist::ALL`].
    pub fn index(self) -> usize {
        Worklist::ALL.iter().position(|l| *l == self).unwrap_or(0)
    }

    /// The one `by` places further, round and round.
    #[must_use]
    pub fn step(self, by: isize) -> Worklist {
        let n = Worklist::ALL.len();
        let at = self.index().checked_add_signed(by).unwrap_or(n - 1) % n;
        Worklist::ALL.get(at).copied().unwrap_or(self)
    }
}

/// What a row of a list opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opens {
    /// A draft, by its identifier.
    Draft(String),
    /// A notification, by its `nid`.
    Notification(String),
}

/// A row of a worklist or of the search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorklistRow {
    /// What it opens.
    pub opens: Opens,
    /// What happened.
    pub kind: Kind,
    /// Mother's or deceased's name, empty while unknown.
    pub name: String,
    /// Day of the event.
    pub date: Option<PartialDate>,
    /// Code of the status word: `draft`, `signed`, `received`, ….
    pub status: String,
    /// Who wrote it last.
    pub author: String,
    /// Since when it is in this state.
    pub since: Moment,
    /// Who holds the draft open elsewhere, and since when.
    pub held: Option<(String, Moment)>,
}

/// The home screen's contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// Counts in the order of [`Worklist::ALL`].
    pub counts: [usize; 8],
    /// Which list the rows belong to.
    pub list: Worklist,
    /// Its rows, newest first, as many as a screen can use.
    pub rows: Vec<WorklistRow>,
    /// The truth about sending.
    pub queue: Queue,
    /// When other machines of the facility were last seen, where there are any.
    pub others_seen: Option<Moment>,
}

/// What the store knows around an event, for rules and look-alikes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EventContext {
    /// Members of the same multiple birth.
    pub siblings: Vec<Sibling>,
    /// Notifications that may be of the same event.
    pub candidates: Vec<Candidate>,
    /// The loaded classification of causes, where there is one.
    pub causes: Option<Causes>,
    /// Drafts that are linked with this one and signed with it, where the same person may.
    pub linked: Vec<Candidate>,
    /// What the revision states that a correction replaces.
    pub before: Option<Event>,
    /// Why the registry sent that revision back.
    pub problem: Option<ProblemView>,
}

/// A loaded classification; two are the same where they are one in memory.
#[derive(Clone, Debug)]
pub struct Causes(pub std::sync::Arc<crate::icd::Catalogue>);

impl PartialEq for Causes {
    fn eq(&self, other: &Causes) -> bool {
        std::sync::Arc::ptr_eq(&self.0, &other.0)
    }
}

/// Everything that the next shift has to know: a list and its rows, for each list with any.
pub type Handover = Vec<(Worklist, Vec<WorklistRow>)>;

/// One step in a notification's life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// When.
    pub at: Moment,
    /// What, as a message with its arguments.
    pub what: Msg,
    /// Whether it needs a person.
    pub urgent: bool,
}

/// One notification with everything known about it.
#[derive(Clone, Debug, PartialEq)]
pub struct NotificationView {
    /// Identifier.
    pub nid: String,
    /// Newest revision written here.
    pub rev: u32,
    /// What it states.
    pub event: Event,
    /// Code of the status word.
    pub status: String,
    /// Number in the register.
    pub reg_no: Option<String>,
    /// Who signed the newest revision.
    pub signer: String,
    /// What the registry still misses: name, father, document, cause.
    pub open: Vec<String>,
    /// The registry's words about it, where it was returned or is held.
    pub problem: Option<ProblemView>,
    /// Entries, receipts and attempts, oldest first.
    pub steps: Vec<Step>,
    /// The entry that a second person can attest, where an annulment waits for one.
    pub attestable: bool,
    /// Whether it can be corrected and annulled from here.
    pub ours: bool,
}

/// Why the registry did not take it as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProblemView {
    /// Code of the problem.
    pub code: String,
    /// Field that it is about.
    pub field: Option<String>,
    /// The registry's text in the order tg, ru, en.
    pub text: [String; 3],
}

impl ProblemView {
    /// The text in a language.
    pub fn text(&self, lang: Lang) -> &str {
        let [tg, ru, en] = &self.text;
        match lang {
            Lang::Tg => tg,
            Lang::Ru => ru,
            Lang::En => en,
        }
    }
}

/// One entry that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Notification it belongs to; empty for what belongs to none.
    pub nid: String,
    /// Kind of entry, a word of the catalogue (`entry-<code>`).
    pub entry: String,
    /// Name, empty while unknown.
    pub name: String,
    /// When it was signed.
    pub signed: Moment,
    /// Attempts so far.
    pub attempts: u32,
    /// Why the last attempt failed.
    pub why: Option<Msg>,
    /// When it is tried next; none while it waits for a person.
    pub next: Option<Moment>,
}

/// The delivery screen's contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Entries without a receipt, in the order in which they go.
    pub waiting: Vec<Waiting>,
    /// The truth about sending.
    pub queue: Queue,
    /// The last thing that was tried and what came of it.
    pub last: Option<(Moment, Msg)>,
}
