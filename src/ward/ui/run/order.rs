//! What the worker is told.

use super::super::Effect;

/// An order to the worker.
#[derive(Debug)]
pub enum Order {
    /// Do this.
    Do(Effect),
    /// Finish what was ordered before, and end.
    End,
}
