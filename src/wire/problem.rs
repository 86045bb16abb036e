//! Problems (RFC 9457) with stable codes, and the reasons that a receipt can give.
//!
//! FROZEN: codes are written into receipts and read by programs that we do not know; one may be
//! added, none may change its meaning.

use serde::{Deserialize, Serialize};

use crate::lang::Msg;

/// An RFC 9457 problem. Holds no personal data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "portal", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "portal", schema(as = Problem))]
pub struct ProblemDetails {
    /// `urn:ogoh:problem:<code>`.
    #[serde(rename = "type", default)]
    #[cfg_attr(feature = "portal", schema(required = true, pattern = "^urn:ogoh:problem:"))]
    pub kind: String,
    /// What happened, in English, for developers.
    #[serde(default)]
    #[cfg_attr(feature = "portal", schema(required = true))]
    pub title: String,
    /// HTTP status; of its own for a line of a delivery.
    #[serde(default)]
    #[cfg_attr(feature = "portal", schema(required = true, minimum = 400, maximum = 599))]
    pub status: u16,
    /// Stable code.
    #[serde(default)]
    #[cfg_attr(feature = "portal", schema(required = true, value_type = ProblemCode))]
    pub code: String,
    /// Field that is concerned, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "portal", schema(nullable = false))]
    pub field: Option<String>,
    /// Line of the delivery, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "portal", schema(minimum = 1, nullable = false))]
    pub line: Option<u32>,
    /// Seconds after which trying again makes sense, where it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "portal", schema(minimum = 1, nullable = false))]
    pub retry_after: Option<u32>,
}

impl ProblemDetails {
    /// A problem with the status and title of its code.
    pub fn new(code: ProblemCode) -> ProblemDetails {
        ProblemDetails {
            kind: format!("urn:ogoh:problem:{}", code.code()),
            title: code.title().to_owned(),
            status: code.status(),
            code: code.code().to_owned(),
            field: None,
            line: None,
            retry_after: code.retry_after(),
        }
    }

    /// Names the line of the delivery, from 1.
    #[must_use]
    pub fn at_line(mut self, line: usize) -> ProblemDetails {
        self.line = u32::try_from(line).ok();
        self
    }

    /// Names the field.
    #[must_use]
    pub fn at_field(mut self, field: &str) -> ProblemDetails {
        self.field = Some(field.to_owned());
        self
    }

    /// The code, where this version knows it.
    pub fn known(&self) -> Option<ProblemCode> {
        ProblemCode::from_code(&self.code)
    }

    /// JSON text on one line.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident, $prefix:literal; $($(#[$vdoc:meta])* $variant:ident = $code:literal;)*) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "portal", derive(utoipa::ToSchema))]
        pub enum $name {
            $($(#[$vdoc])* #[cfg_attr(feature = "portal", schema(rename = $code))] $variant,)*
        }
        impl $name {
            /// All of them.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];
            /// The stable code.
            pub fn code(self) -> &'static str {
                match self { $($name::$variant => $code,)* }
            }
            /// The one with this code.
            pub fn from_code(code: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|c| c.code() == code)
            }
            /// Text for people.
            pub fn msg(self) -> Msg {
                match self { $($name::$variant => Msg::new(concat!($prefix, $code)),)* }
            }
        }
    };
}

codes! {
    /// Why a request or a line of a delivery got no receipt.
    ProblemCode, "problem-";
    /// The line is no entry: no JWS, or no entry inside.
    NotAnEntry = "not-an-entry";
    /// The signature is wrong under a key that the trust list names.
    BadSignature = "bad-signature";
    /// The journal belongs to another device.
    ForeignJournal = "foreign-journal";
    /// A receipt that this portal never gave.
    ForeignReceipt = "foreign-receipt";
    /// The body is not what the call wants.
    Malformed = "malformed";
    /// More than 100 lines.
    TooManyLines = "too-many-lines";
    /// More than 1 MiB, or a line of more than 64 KiB.
    TooLarge = "too-large";
    /// A content encoding other than gzip.
    Encoding = "encoding";
    /// No bearer token, or one that no enrolled device signed.
    Unauthorized = "unauthorized";
    /// The token is right but for its time: the device's clock differs from the portal's.
    Clock = "clock";
    /// The device may not see this.
    Forbidden = "forbidden";
    /// The one-time code for enrolling is wrong, used, too old or another facility's.
    EnrolCode = "enrol-code";
    /// There is no such thing.
    NotFound = "not-found";
    /// The address does not know this method.
    Method = "method";
    /// Try again later.
    Busy = "busy";
    /// The book lacks the receipt that the call claims: it was set back, and the device gives back what it holds.
    Behind = "behind";
    /// So much of this device or source waits already that more has to be brought later.
    Quota = "quota";
    /// A defect or a full disk at the portal.
    Internal = "internal";
}

impl ProblemCode {
    /// HTTP status.
    pub fn status(self) -> u16 {
        self.parts().0
    }

    /// English text for developers.
    pub fn title(self) -> &'static str {
        self.parts().1
    }

    /// Seconds after which trying again makes sense; none where it makes none.
    pub fn retry_after(self) -> Option<u32> {
        match self {
            ProblemCode::Busy => Some(10),
            ProblemCode::Quota => Some(3600),
            _ => None,
        }
    }

    fn parts(self) -> (u16, &'static str) {
        match self {
            ProblemCode::NotAnEntry => (400, "the line is no entry"),
            ProblemCode::BadSignature => (422, "the signature does not verify under a known key"),
            ProblemCode::ForeignJournal => (403, "the journal belongs to another device"),
            ProblemCode::ForeignReceipt => (422, "the receipt is not one of this portal"),
            ProblemCode::Malformed => (400, "the request is malformed"),
            ProblemCode::TooManyLines => (413, "too many lines"),
            ProblemCode::TooLarge => (413, "too large"),
            ProblemCode::Encoding => (415, "only gzip is understood as content encoding"),
            ProblemCode::Unauthorized => (401, "a token signed by an enrolled device is required"),
            ProblemCode::Clock => (401, "the token is right but for its time"),
            ProblemCode::Forbidden => (403, "not for this device"),
            ProblemCode::EnrolCode => (422, "the one-time code does not hold"),
            ProblemCode::NotFound => (404, "not found"),
            ProblemCode::Method => (405, "method not allowed"),
            ProblemCode::Busy => (503, "busy, try again"),
            ProblemCode::Behind => (409, "the book lacks the receipt that is claimed"),
            ProblemCode::Quota => (429, "too much waits already, try again later"),
            ProblemCode::Internal => (500, "the portal failed"),
        }
    }
}

codes! {
    /// Why an entry is held or returned. Besides these a receipt names rules of data quality by
    /// their identifier.
    Reason, "reason-";
    /// Nobody enrolled this key here.
    UnknownKey = "unknown-key";
    /// A colleague gave this key, and the registry has not confirmed it with that person yet.
    KeyUnconfirmed = "key-unconfirmed";
    /// The facility suspended this person before the entry arrived.
    KeySuspended = "key-suspended";
    /// Another device suspended this person, of which the one that resumes them could not know.
    SuspendedSince = "suspended-since";
    /// The key was revoked before the entry arrived.
    RevokedKey = "revoked-key";
    /// The key belongs to another facility.
    ForeignKey = "foreign-key";
    /// The entry names another person than the one whose key signed it.
    ForeignName = "foreign-name";
    /// The signature is not by the key that the entry names, as came out when the key became known.
    WrongSignature = "wrong-signature";
    /// What this was a duplicate of was annulled.
    OriginalAnnulled = "original-annulled";
    /// Whoever signed may not certify this.
    Role = "role";
    /// A type of entry that this portal does not know.
    UnknownType = "unknown-type";
    /// A newer version of the format than this portal knows.
    NewerVersion = "newer-version";
    /// Two different entries at one place of the journal.
    Fork = "fork";
    /// The entry does not follow the one before it.
    BrokenChain = "broken-chain";
    /// A member of the body is of the wrong form.
    BadField = "bad-field";
    /// The revision does not follow the one the registry has.
    RevConflict = "rev-conflict";
    /// The notification that is named does not exist yet here.
    ParentMissing = "parent-missing";
    /// It may be the same event as another one.
    LookAlike = "look-alike";
    /// The mother has another birth too short a time before or after.
    BirthInterval = "birth-interval";
    /// A foundling.
    Foundling = "foundling";
    /// The deceased is not known.
    UnknownDeceased = "unknown-deceased";
    /// A violent death without police number or forensic certifier.
    ViolentDeath = "violent-death";
    /// The manner of death is not established.
    MannerOpen = "manner-open";
    /// Notified later than the law allows without a decision.
    Late = "late";
    /// Parentage is disputed.
    Parentage = "parentage";
    /// The mother's particulars were refused.
    MotherRefused = "mother-refused";
    /// Members of a multiple birth are missing after a day.
    SetIncomplete = "set-incomplete";
    /// A registered record would change.
    Correction = "correction";
    /// The family has not applied yet.
    Prepared = "prepared";
    /// The registry's book was set back and recovers: no number is given without the family.
    Recovering = "recovering";
    /// A registrar sent it back.
    Registrar = "registrar";
    /// The notification was annulled before.
    Annulled = "annulled";
    /// The second person is the first one.
    SecondPerson = "second-person";
    /// A second person has to confirm an annulment.
    Annulment = "annulment";
    /// The country's policy leaves this kind of event to a registrar.
    Policy = "policy";
    /// It names another notification in a way that nobody knows, or one of another kind.
    LinkWrong = "link-wrong";
    /// A notification that it names has not arrived.
    LinkMissing = "link-missing";
    /// The child is stated not to live, and no death that names this birth has arrived.
    DeathAwaited = "death-awaited";
    /// The birth of this death is not registered.
    LinkedHeld = "linked-held";
    /// What it names, or what names it, was annulled after it was registered.
    LinkedAnnulled = "linked-annulled";
    /// It came back with a certificate whose number the registry's book has lost.
    CertificateLost = "certificate-lost";
    /// It came back without what the family had added at the office.
    SupplementLost = "supplement-lost";
    /// Its number was given to another one while the book was set back: it got a new one.
    NumberClash = "number-clash";
    /// Nothing is known of whom it is about, or no date.
    NoIdentity = "no-identity";
    /// Nothing but its own word says that it was signed soon after the event.
    TimeUnproven = "time-unproven";
    /// A registrar decided on an annulment after the certificate; a second one confirms it.
    SecondRegistrar = "second-registrar";
    /// The registrar annulled it.
    AnnulledByRegistrar = "annulled-by-registrar";
}
