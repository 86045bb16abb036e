//! What comes in ([`Msg`]) and what goes out ([`Effect`]).

use crossterm::event::KeyEvent;

use super::data::{
    Delivery, EventContext, Handover, Home, Moment, NotificationView, Queue, Shown, User, Worklist,
    WorklistRow,
};
use crate::env::ClockTrust;
use crate::form::Draft;
use crate::lang::Lang;
use crate::vital::{Event, Kind};

/// A passphrase or PIN on its way to the one thread that needs it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(zeroize::Zeroizing<String>);

impl Secret {
    /// Takes the text.
    pub fn new(text: &str) -> Secret {
        Secret(zeroize::Zeroizing::new(text.to_owned()))
    }

    /// The text itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// Something that happened outside.
#[derive(Clone, Debug)]
pub enum Msg {
    /// A key was pressed.
    Key(KeyEvent),
    /// Text was pasted.
    Paste(String),
    /// The terminal has another size; nothing to keep, only to draw.
    Resize,
    /// The time now, and how far it may be believed.
    Tick(Moment, ClockTrust),
    /// The system asks the program to end.
    Terminate,
    /// Nobody touched a key for as long as the settings allow.
    Idle,
    /// The people of this device.
    People(Vec<User>),
    /// A person's key was opened.
    Unlocked(User),
    /// It was not.
    NotUnlocked(Shown),
    /// The home screen's contents.
    Home(Box<Home>),
    /// A draft to work on, as it lies in the store or newly made.
    Draft(Box<Draft>),
    /// The draft that lies open was changed by what was asked for, and is on disk.
    Revised(Box<Draft>),
    /// The draft is on disk as of this moment.
    DraftSaved(String, Moment),
    /// The draft could not be written.
    DraftUnsaved(String, Shown),
    /// What lies around the draft's event.
    EventContext(String, Box<EventContext>),
    /// Signed and on disk: the notification.
    Signed {
        /// Notification.
        nid: String,
        /// What the person is told.
        notice: Shown,
    },
    /// A colleague has a new key.
    KeyIssued {
        /// Whose it is.
        name: String,
        /// Its passphrase, to be shown once.
        phrase: Secret,
    },
    /// Not signed.
    NotSigned(Shown),
    /// What was found for the search of this number.
    Found(u64, Vec<WorklistRow>),
    /// A notification to show.
    Notification(Box<NotificationView>),
    /// The delivery screen's contents.
    Delivery(Box<Delivery>),
    /// What the next shift has to know.
    Handover(Handover),
    /// A delivery in the background changed something: the truth about sending.
    Queue(Queue),
    /// A delivery asked for by hand is over.
    Sent(Shown),
    /// Something to tell.
    Notice(Shown),
    /// Something failed.
    Failed(Shown),
}

/// Something to be done outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Leave the program.
    Quit,
    /// Ask for the people of this device.
    People,
    /// Ask for the time and how far it may be believed.
    Time,
    /// Ask for the truth about sending.
    Queue,
    /// Open a person's key.
    Unlock {
        /// Login.
        login: String,
        /// Passphrase.
        secret: Secret,
    },
    /// Forget the open key.
    Lock,
    /// Ask for counts and the rows of a worklist.
    Home(Worklist),
    /// Make a new draft; causes are written in this language until somebody says otherwise.
    NewDraft(Kind, Lang),
    /// Make the draft of a death from a birth.
    DeathOf(String),
    /// Make the draft of a death from the draft of a birth; the two name each other.
    DeathOfDraft(Box<Draft>),
    /// Leave a child's naming to the registry office, or take that back.
    LeaveNaming(String),
    /// Ask for what the next shift has to know.
    Handover,
    /// Make the draft of the next child of this draft's delivery: live birth or foetal death.
    NextChild(Box<Draft>, Kind),
    /// Open a draft.
    OpenDraft {
        /// Which.
        id: String,
        /// Whether to take it from whoever holds it.
        over: bool,
    },
    /// Make the draft of a correction, with its reason.
    Correct {
        /// Notification.
        nid: String,
        /// Why.
        reason: String,
    },
    /// Write the draft.
    SaveDraft(Box<Draft>),
    /// The draft is no longer open here.
    ReleaseDraft(String),
    /// Throw a draft away.
    DropDraft(String),
    /// Ask what lies around the draft's event.
    EventContext(String, Box<Event>),
    /// Sign the draft.
    Sign {
        /// The draft.
        draft: Box<Draft>,
        /// Passphrase or PIN, typed for this signature.
        secret: Secret,
    },
    /// Annul a notification.
    Annul {
        /// Notification.
        nid: String,
        /// Why.
        reason: String,
        /// Passphrase or PIN.
        secret: Secret,
    },
    /// Confirm a colleague's annulment.
    Attest {
        /// Notification.
        nid: String,
        /// Passphrase or PIN.
        secret: Secret,
    },
    /// Give a colleague who has forgotten the passphrase a new key.
    IssueKey {
        /// Whose.
        login: String,
        /// Login of whoever gives it.
        helper: String,
        /// Passphrase of whoever gives it.
        secret: Secret,
        /// Login and passphrase of a second person, where it takes two.
        second: Option<(String, Secret)>,
    },
    /// From now on this PIN, too, signs for this person, until the program ends or locks them out.
    Pin {
        /// Passphrase.
        secret: Secret,
        /// The PIN, digits.
        pin: Secret,
    },
    /// Search; the number comes back with the answer.
    Search(u64, String),
    /// Ask for a notification.
    Notification(String),
    /// Ask what waits.
    Delivery,
    /// Send now.
    SendNow,
}
