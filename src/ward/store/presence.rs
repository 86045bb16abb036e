//! Which process holds a draft, and whether it still lives.
//!
//! Programs on one database run on one machine (a write-ahead log asks for that), so a process is
//! known by the machine's start and its number. One of an earlier start is certainly gone.

use std::path::Path;

/// This process, as `<start of the machine>/<process number>`.
pub(super) fn this_process() -> String {
    format!("{}/{}", boot(), std::process::id())
}

/// Whether a process may still be there. Where nothing is known the answer is yes: a person
/// decides.
pub(super) fn may_live(process: &str) -> bool {
    let Some((start, number)) = process.rsplit_once('/') else {
        return true;
    };
    let known = boot();
    if known.is_empty() || start.is_empty() {
        return true;
    }
    if start != known {
        return false;
    }
    let Ok(number) = number.parse::<u32>() else {
        return true;
    };
    let processes = Path::new("/proc");
    !processes.join("self").exists() || processes.join(number.to_string()).exists()
}

fn boot() -> String {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id")
        .map(|t| t.trim().to_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_there_until_it_or_the_machine_has_ended() {
        assert!(may_live(&this_process()));
        assert!(may_live("anything"));
        if !boot().is_empty() {
            assert!(!may_live(&format!("{}/4294967295", boot())));
            assert!(!may_live("00000000-0000-0000-0000-000000000000/1"));
        }
    }
}
