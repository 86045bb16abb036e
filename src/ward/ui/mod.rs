//! The terminal app.
//!
//! [`update()`] takes the model and a message and gives back effects; [`view()`] draws the model.
//! Both are pure: time, identifiers and results enter as messages, and what is to be done leaves
//! as values that tests compare. One key table ([`keys`]) feeds dispatch, footer and help. Only
//! [`run`] knows a terminal, a clock, threads, the store and the portal.
//!
//! Deliberately absent: animation, the mouse, colours that carry meaning by themselves, and any
//! way of signing by a single key.

pub mod canvas;
pub mod data;
pub mod dialog;
pub mod field;
pub mod keys;
pub mod model;
pub mod msg;
pub mod pick;
pub mod run;
#[cfg(test)]
mod tests;
pub mod theme;
mod update;
mod view;

pub use model::Model;
pub use msg::{Effect, Msg};
pub use update::update;
pub use view::view;
