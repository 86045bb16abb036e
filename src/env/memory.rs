//! Keys and names live in memory while somebody works; nothing of that should reach a disk.
//!
//! Deliberately absent: locking pages into memory. It does not survive hibernation, and who can read
//! the swap of a machine can read its disk: that is the encrypted disk's affair.

/// Asks the system to write no image of this process when it crashes, and to let no other program of
/// the same account look into its memory. Where the system knows no such thing, nothing changes.
pub fn keep_memory_private() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let none = Rlimit {
            current: Some(0),
            maximum: Some(0),
        };
        let _ = setrlimit(Resource::Core, none);
    }
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{DumpableBehavior, set_dumpable_behavior};
        let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    }
}
