//! What wards say, for the model and for whoever tells it.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signer {
    Doctor,
    Head,
    /// A forensic expert: signs deaths, annuls, confirms.
    Expert,
    /// May supplement, not certify.
    Clerk,
    /// Somebody whose key is not enrolled until it is approved.
    Newcomer,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nothing, but for what stands beside the record.
    FillsIn,
    Other,
    /// Something that no rule lets pass.
    Fault,
}

/// A report of an event, or a correction of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    pub event: usize,
    pub signer: Signer,
    /// Against what is in force.
    pub change: Change,
    /// Whether it names the number of the police.
    pub police: bool,
    /// Its place in the journal has another entry too.
    pub forked: bool,
}

#[derive(Clone, Copy, Debug)]
pub struct Event {
    pub death: bool,
    pub violent: bool,
}
