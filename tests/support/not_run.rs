//! Where a run of the tests notes which of them did nothing for want of a foreign tool.

use std::path::PathBuf;

/// The note of one run of the tests: all test programs of a run have the same parent.
pub fn note() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
        .join(format!("not-run-{}", std::os::unix::process::parent_id()))
}
