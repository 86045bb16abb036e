//! Lists of what waits for somebody, and which of them the next shift has to know.

use super::device::Workplace;
use crate::ward::store::{DraftRow, Filter, NotificationList, NotificationRow, StoreError};

/// A list of what waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitingList {
    /// Drafts with something missing.
    Unfinished,
    /// Drafts that could be signed.
    ToSign,
    /// Notifications in a list of the database.
    Of(NotificationList),
}

/// Rows of a list.
#[derive(Clone, Debug)]
pub enum WaitingRows {
    /// Drafts, the last changed first.
    Drafts(Vec<DraftRow>),
    /// Notifications, newest first.
    Notifications(Vec<NotificationRow>),
}

impl WaitingList {
    /// What is handed over at the end of a shift, in this order.
    pub const HANDED_OVER: [WaitingList; 7] = [
        WaitingList::Unfinished,
        WaitingList::ToSign,
        WaitingList::Of(NotificationList::ToAttest),
        WaitingList::Of(NotificationList::Returned),
        WaitingList::Of(NotificationList::CauseAwaited),
        WaitingList::Of(NotificationList::Unnamed),
        WaitingList::Of(NotificationList::Unsent),
    ];

    const ALSO: [WaitingList; 2] = [
        WaitingList::Of(NotificationList::LeftToRegistry),
        WaitingList::Of(NotificationList::Today),
    ];

    /// The word of a command, and in message identifiers.
    pub fn code(self) -> &'static str {
        match self {
            WaitingList::Unfinished => "unfinished",
            WaitingList::ToSign => "to-sign",
            WaitingList::Of(NotificationList::ToAttest) => "to-attest",
            WaitingList::Of(NotificationList::Returned) => "returned",
            WaitingList::Of(NotificationList::CauseAwaited) => "cause-awaited",
            WaitingList::Of(NotificationList::Unnamed) => "unnamed",
            WaitingList::Of(NotificationList::LeftToRegistry) => "left-to-registry",
            WaitingList::Of(NotificationList::Unsent) => "unsent",
            WaitingList::Of(NotificationList::Today) => "today",
        }
    }

    /// The list with this word.
    pub fn from_code(code: &str) -> Option<WaitingList> {
        let all = WaitingList::HANDED_OVER.into_iter().chain(WaitingList::ALSO);
        all.into_iter().find(|list| list.code() == code)
    }

    /// Whether the next shift has to know it.
    pub fn is_handed_over(self) -> bool {
        WaitingList::HANDED_OVER.contains(&self)
    }
}

impl Workplace {
    /// Gives the rows of a list: every draft, or at most so many notifications.
    pub fn waiting(&self, list: WaitingList, most: usize) -> Result<WaitingRows, StoreError> {
        let of = match list {
            WaitingList::Unfinished | WaitingList::ToSign => {
                let mut drafts = self.store.drafts()?;
                drafts.retain(|d| d.ready == (list == WaitingList::ToSign));
                return Ok(WaitingRows::Drafts(drafts));
            }
            WaitingList::Of(of) => of,
        };
        let filter = Filter {
            worklist: Some(of),
            today: Some(self.clock.now().date_naive()),
            ..Filter::default()
        };
        Ok(WaitingRows::Notifications(self.store.list(&filter, most)?))
    }
}
