//! The terminal's cursor.

use ratatui::layout::Position;

/// Where the terminal's cursor stands, in columns and rows of the screen.
pub(super) type Cursor = Option<Position>;
