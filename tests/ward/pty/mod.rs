//! The real program in a real pseudo-terminal.

mod app;
mod stories;
