//! What version 0.1 wrote still opens and goes on at a portal, on both databases; and what its wards asked is
//! answered as it was.
//!
//! `data/v0.1` is as that version left it. It is never written again.

mod books;
mod requests;
