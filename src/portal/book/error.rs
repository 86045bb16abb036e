//! How the book fails.

/// The book failed; nothing of the transaction remains.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// Somebody else writes for too long, or the disk is full: try again later.
    #[error("busy or full: {0}")]
    Busy(String),
    /// The database failed, or holds what it should not.
    #[error("{0}")]
    Failed(String),
    /// It lacks numbers that were given: somebody put a copy back.
    #[error("the book was set back")]
    SetBack,
    /// It was written by a newer version.
    #[error("database of version {0}")]
    Newer(i64),
    /// It was written by an older version and has to be brought up to date first.
    #[error("database of version {0}, to be brought up to date")]
    Older(i64),
}

/// Result of the book.
pub type BookResult<T> = Result<T, BookError>;

impl From<serde_json::Error> for BookError {
    fn from(e: serde_json::Error) -> BookError {
        // Its words quote what stands in the text, and that may be about a person; the place never does.
        let (kind, line, column) = (e.classify(), e.line(), e.column());
        BookError::Failed(format!("JSON: {kind:?} at {line}:{column}"))
    }
}
