//! The state of the screen.

use super::data::{
    Delivery, Handover, Home, Moment, NotificationView, Queue, Shown, User, Worklist, WorklistRow,
};
use super::field::Field;
use super::keys::KeyContext;
use super::pick::Pick;
use super::theme::Theme;
use crate::env::{ClockTrust, Settings};
use crate::form::{Draft, FieldError};
use crate::lang::Lang;
use crate::questions::{Input, Question, question_of, questions};
use crate::rules;
use crate::rules::Finding;
use crate::vital::{Event, field};
use crate::ward::ui::data::EventContext;
use crate::ward::ui::dialog::Dialog;

/// Everything that the screen shows follows from this.
#[derive(Clone, Debug)]
pub struct Model {
    /// Language of the screen.
    pub lang: Lang,
    /// Styles.
    pub theme: Theme,
    /// Settings of the device.
    pub settings: Settings,
    /// The time when the shell last said so.
    pub now: Moment,
    /// How far it may be believed.
    pub clock: ClockTrust,
    /// Who works here; none while locked.
    pub user: Option<User>,
    /// People of this device.
    pub people: Vec<User>,
    /// The truth about sending.
    pub queue: Queue,
    /// What is shown; the last one is in front.
    pub screens: Vec<Screen>,
    /// What lies over it; the last one has the keys.
    pub over: Vec<Over>,
    /// What was last told, until the next key.
    pub notice: Option<Notice>,
    /// Whose screens wait behind the lock.
    pub resting: Option<(String, Vec<Screen>)>,
    /// Number of the last search.
    pub searches: u64,
    /// Whether a delivery asked for by hand is under way.
    pub sending: bool,
    /// Lines that the help ends with: where this device keeps its data.
    pub notes: Vec<String>,
}

/// A line told to the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The words.
    pub shown: Shown,
    /// Whether something failed.
    pub failed: bool,
}

/// A screen.
#[derive(Clone, Debug)]
pub enum Screen {
    /// Choosing a person, typing the passphrase.
    Unlock(Unlock),
    /// The worklists.
    Home(HomeScreen),
    /// A form.
    Form(Box<Form>),
    /// Read-back before signing; the form lies beneath it.
    Review(Review),
    /// The search.
    Search(SearchScreen),
    /// One notification.
    Notification(NotificationScreen),
    /// What waits.
    Delivery(DeliveryScreen),
    /// What the next shift has to know.
    Handover(HandoverScreen),
}

/// Something over the screen.
#[derive(Clone, Debug)]
pub enum Over {
    /// The keys of the place beneath.
    Help {
        /// Place whose keys are listed.
        of: KeyContext,
        /// First line shown.
        from: usize,
    },
    /// The command bar.
    Bar {
        /// What was typed.
        typed: Field,
        /// Which offer is at hand.
        at: usize,
    },
    /// A question before something that counts.
    Dialog(Dialog),
}

/// The unlock screen.
#[derive(Clone, Debug, Default)]
pub struct Unlock {
    /// Which person is at hand.
    pub at: usize,
    /// The passphrase; there is one once a person was chosen.
    pub secret: Option<Field>,
    /// Whether the key is being opened.
    pub waiting: bool,
    /// Why it was not.
    pub failed: Option<Shown>,
}

/// The home screen.
#[derive(Clone, Debug, Default)]
pub struct HomeScreen {
    /// What the store said last.
    pub home: Option<Home>,
    /// List that is asked for.
    pub list: Option<Worklist>,
    /// Which row is at hand.
    pub at: usize,
    /// Draft held elsewhere whose opening was pressed once.
    pub warned: Option<String>,
    /// Whether the next draft to sign opens by itself once the list is there.
    pub go_on: bool,
}

impl HomeScreen {
    /// The list in front.
    pub fn list(&self) -> Worklist {
        self.list.unwrap_or(Worklist::Unfinished)
    }

    /// Rows of that list, none while they are being fetched.
    pub fn rows(&self) -> &[WorklistRow] {
        match &self.home {
            Some(home) if home.list == self.list() => &home.rows,
            _ => &[],
        }
    }
}

/// Whether the draft is on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Saved {
    /// Nothing was typed yet.
    Untouched,
    /// On its way.
    Saving,
    /// On disk as of this moment.
    At(Moment),
    /// Not written, and why.
    Failed(Shown),
}

/// Causes offered for what is being typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offered {
    /// Code and name of each, the nearest first.
    pub rows: Vec<(String, String)>,
    /// Which one Enter takes; none until an arrow pointed at it.
    pub at: Option<usize>,
}

/// A form that is being filled.
#[derive(Clone, Debug)]
pub struct Form {
    /// The draft.
    pub draft: Draft,
    /// What it says so far.
    pub event: Event,
    /// What could not be read.
    pub errors: Vec<FieldError>,
    /// What the rules find.
    pub findings: Vec<Finding>,
    /// What the store knows around it.
    pub context: EventContext,
    /// Question that has the focus.
    pub focus: &'static str,
    /// Its text.
    pub field: Field,
    /// Whether its text is as the focus found it: a digit typed now begins it anew.
    pub fresh: bool,
    /// Its offers, while they are open.
    pub pick: Option<Pick>,
    /// Causes offered for what is typed at it.
    pub offered: Offered,
    /// Whether the draft is on disk.
    pub saved: Saved,
    /// Whether it came from the worklist "to sign", to go on with the next one.
    pub queue: bool,
}

impl Form {
    /// The questions that apply, in order.
    pub fn questions(&self) -> impl Iterator<Item = &'static Question> {
        let event = &self.event;
        // Why it comes late is asked of what comes late.
        let late =
            self.findings.iter().any(|f| f.rule == rules::id::C02) || event.get(field::LATE_REASON).is_some();
        questions(self.draft.kind)
            .filter(move |q| q.shows(event))
            .filter(move |q| late || q.id != field::LATE_REASON)
    }

    /// The question that has the focus.
    pub fn question(&self) -> Option<&'static Question> {
        question_of(self.draft.kind, self.focus)
    }

    /// Whether the question in focus is answered from a list.
    pub fn list(&self) -> Option<&'static crate::codes::List> {
        match self.question()?.input {
            Input::Code(list) => crate::codes::list(list),
            _ => None,
        }
    }
}

/// Read-back before signing.
#[derive(Clone, Debug, Default)]
pub struct Review {
    /// Which finding is at hand.
    pub at: usize,
    /// First line of the read-back that is shown.
    pub from: usize,
    /// Whether the store has said what lies around the event.
    pub looked: bool,
    /// Whether going on was asked for before it had.
    pub wanted: bool,
}

/// The search.
#[derive(Clone, Debug, Default)]
pub struct SearchScreen {
    /// What is searched for.
    pub typed: Field,
    /// What was found.
    pub rows: Vec<WorklistRow>,
    /// Which row is at hand.
    pub at: usize,
    /// Number of the search that the rows answer.
    pub answered: u64,
}

/// One notification.
#[derive(Clone, Debug)]
pub struct NotificationScreen {
    /// Which one.
    pub nid: String,
    /// What is known of it.
    pub shown: Option<Box<NotificationView>>,
    /// First line shown.
    pub from: usize,
}

/// What waits.
#[derive(Clone, Debug, Default)]
pub struct DeliveryScreen {
    /// What the store said last.
    pub delivery: Option<Box<Delivery>>,
    /// Which row is at hand.
    pub at: usize,
}

/// What the next shift has to know.
#[derive(Clone, Debug, Default)]
pub struct HandoverScreen {
    /// What the store said.
    pub lists: Option<Handover>,
    /// Which row is at hand, through all lists.
    pub at: usize,
}

impl HandoverScreen {
    /// The rows of all lists, one after the other.
    pub fn rows(&self) -> impl Iterator<Item = &WorklistRow> {
        self.lists.iter().flatten().flat_map(|(_, rows)| rows)
    }
}

impl Model {
    /// A locked model.
    pub fn new(settings: Settings, theme: Theme, now: Moment, clock: ClockTrust) -> Model {
        Model {
            lang: settings.lang,
            theme,
            settings,
            now,
            clock,
            user: None,
            people: Vec::new(),
            queue: Queue::default(),
            screens: vec![Screen::Unlock(Unlock::default())],
            over: Vec::new(),
            notice: None,
            resting: None,
            searches: 0,
            sending: false,
            notes: Vec::new(),
        }
    }

    /// The screen in front.
    pub fn screen(&self) -> Option<&Screen> {
        self.screens.last()
    }

    /// The form that is open, in front or beneath the read-back.
    pub fn form(&self) -> Option<&Form> {
        self.screens.iter().rev().find_map(|s| match s {
            Screen::Form(form) => Some(form.as_ref()),
            _ => None,
        })
    }

    /// The same, to change it.
    pub fn form_mut(&mut self) -> Option<&mut Form> {
        self.screens.iter_mut().rev().find_map(|s| match s {
            Screen::Form(form) => Some(form.as_mut()),
            _ => None,
        })
    }

    /// Where keys go to.
    pub fn place(&self) -> KeyContext {
        match self.over.last() {
            Some(Over::Help { .. }) => KeyContext::Help,
            Some(Over::Bar { .. }) => KeyContext::Bar,
            Some(Over::Dialog(_)) => KeyContext::Dialog,
            None => self.place_beneath(),
        }
    }

    /// The same without what lies over the screen.
    pub fn place_beneath(&self) -> KeyContext {
        match self.screen() {
            None | Some(Screen::Unlock(_)) => KeyContext::Unlock,
            Some(Screen::Home(_)) => KeyContext::Home,
            Some(Screen::Form(_)) => KeyContext::Form,
            Some(Screen::Review(_)) => KeyContext::Review,
            Some(Screen::Search(_)) => KeyContext::Search,
            Some(Screen::Notification(_)) => KeyContext::Notification,
            Some(Screen::Delivery(_)) => KeyContext::Delivery,
            Some(Screen::Handover(_)) => KeyContext::Handover,
        }
    }

    /// Tells the person something.
    pub fn notify(&mut self, shown: Shown) {
        self.notice = Some(Notice { shown, failed: false });
    }

    /// Tells the person that something failed.
    pub fn fail(&mut self, shown: Shown) {
        self.notice = Some(Notice { shown, failed: true });
    }
}
