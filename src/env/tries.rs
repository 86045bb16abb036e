//! How long a person waits after wrong passphrases. Time is counted from the last try or, after a
//! restart, from the start of the program: no clock of the wall is asked, so none can be set back.

use std::time::Duration;

/// Wrong tries that cost nothing: fingers slip.
const FREE: u32 = 3;
/// Longest wait.
const LONGEST: Duration = Duration::from_secs(300);

/// The wait before the next try after so many wrong ones: none after three, then 2 s, doubled each
/// time, at most five minutes.
pub fn wait_after(wrong: u32) -> Duration {
    match wrong.checked_sub(FREE) {
        None | Some(0) => Duration::ZERO,
        Some(n @ 1..=8) => Duration::from_secs(1 << n).min(LONGEST),
        Some(_) => LONGEST,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_slips_are_free_and_then_it_doubles_up_to_five_minutes() {
        let waits: Vec<u64> = (0..=13).map(|n| wait_after(n).as_secs()).collect();
        assert_eq!(waits, [0, 0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
        assert_eq!(wait_after(u32::MAX), LONGEST);
    }
}
