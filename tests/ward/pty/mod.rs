//! The real program in a real pseudo-terminal.

mod app;
#[cfg(feature = "portal")]
mod registry;
mod stories;
