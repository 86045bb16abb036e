//! What version 0.1 wrote still opens, is believed, and goes on at a ward; and what its portal answered is
//! still understood.
//!
//! `data/v0.1` is as that version left it. It is never written again.

mod answers;
mod folders;
