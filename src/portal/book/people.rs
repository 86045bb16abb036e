//! Rows of the book about the registry's own people, and what the ministry counts.

/// What a person who signs in may see and do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StaffRole {
    /// Decides and serves families, for one office.
    Registrar,
    /// Sees the exact figures of the country.
    Analyst,
    /// Sees the exact figures of one facility.
    Facility,
    /// Is told of every maternal death, without names, and sees the exact figures.
    Officer,
}

impl StaffRole {
    /// All of them.
    pub const ALL: [StaffRole; 4] = [
        StaffRole::Registrar,
        StaffRole::Analyst,
        StaffRole::Facility,
        StaffRole::Officer,
    ];

    /// Its word; `staff-role-<code>` in the catalogue.
    pub fn code(self) -> &'static str {
        match self {
            StaffRole::Registrar => "registrar",
            StaffRole::Analyst => "analyst",
            StaffRole::Facility => "facility",
            StaffRole::Officer => "officer",
        }
    }

    /// The role with this word.
    pub fn from_code(code: &str) -> Option<StaffRole> {
        StaffRole::ALL.into_iter().find(|r| r.code() == code)
    }
}

/// A person of the registry or the ministry.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Login.
    pub login: String,
    /// Name, as colleagues know it.
    pub name: String,
    /// What they may do.
    pub role: StaffRole,
    /// Office of a registrar, facility of a facility's account; empty for the country.
    pub place: String,
    /// The stretched passphrase, as `staff` writes it.
    pub phrase: String,
    /// Secret of the second factor, base32, sealed (`portal::secrets`).
    pub second: String,
    /// Step of the second factor that was used last: none is taken twice.
    pub step: i64,
    /// Whether they may sign in.
    pub active: bool,
    /// False since the book was set back: the operator has to say that they still work here.
    pub confirmed: bool,
}

/// Secrets stay out of logs.
impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Account({}, {})", self.login, self.role.code())
    }
}

/// A link that signs in once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInLink {
    /// Hash of its token.
    pub h: String,
    /// Whom it signs in.
    pub login: String,
    /// Until when, Unix milliseconds.
    pub until_ms: i64,
}

/// Somebody signed in, at one browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebSession {
    /// Hash of the token in the cookie.
    pub h: String,
    /// Who.
    pub login: String,
    /// Since when, Unix milliseconds.
    pub since_ms: i64,
    /// Last request, Unix milliseconds.
    pub seen_ms: i64,
}

/// One line of the log of what people did. Holds no names of families.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ActRow {
    /// When, Unix milliseconds.
    pub at_ms: i64,
    /// Who.
    pub login: String,
    /// Their office or facility.
    pub place: String,
    /// What they did: a stable word.
    pub act: String,
    /// With which notification, where it was one.
    pub nid: String,
}

/// A maternal death that an officer has to know of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertRow {
    /// The notification.
    pub nid: String,
    /// Facility.
    pub fac: String,
    /// When it was first counted, Unix milliseconds.
    pub at_ms: i64,
    /// Whether the operator's program told it.
    pub told: bool,
    /// Login of the officer who knows; empty for nobody.
    pub seen_by: String,
}

/// The counts of a place in a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellRow {
    /// Month, counted from year 0.
    pub month: i32,
    /// Kind of place.
    pub by: String,
    /// Code of the place.
    pub place: String,
    /// Counts as JSON.
    pub body: String,
}

/// A facility's count of a month by its delivery book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TallyRow {
    /// Facility.
    pub fac: String,
    /// Month, counted from year 0.
    pub month: i32,
    /// Births, foetal deaths, deaths.
    pub counts: [u64; 3],
    /// When it arrived, Unix milliseconds.
    pub at_ms: i64,
}
