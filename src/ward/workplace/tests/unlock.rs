//! The order of the checks before a key is opened.

use chrono::Duration;

use super::*;
use crate::ward::workplace::{KeyStanding, UnlockError};

#[test]
fn what_is_asked_first_is_told_first_and_costs_no_try() {
    let mut ward = Ward::new();
    ward.wrong(5);
    ward.listed(Some(now()));
    ward.suspend(true);
    let mut locked = |login: &str, secret: &str| ward.at.unlock(login, secret).unwrap_err();
    // All at once: suspended, revoked, waiting, wrong.
    assert!(matches!(locked("nobody", "не то"), UnlockError::NoPerson));
    assert!(matches!(locked("mehri", "не то"), UnlockError::Suspended));
    ward.suspend(false);
    let mut locked = |login: &str, secret: &str| ward.at.unlock(login, secret).unwrap_err();
    assert!(matches!(locked("mehri", "не то"), UnlockError::RevokedKey));
    assert!(matches!(locked("mehri", RIGHT), UnlockError::RevokedKey));
    assert_eq!(ward.tries(), 5);
}

#[test]
fn a_wait_is_told_before_the_passphrase_is_looked_at() {
    let mut ward = Ward::new();
    ward.wrong(5);
    for secret in ["не то", RIGHT] {
        match ward.at.unlock("mehri", secret) {
            Err(UnlockError::Wait(seconds)) => assert!((3..=4).contains(&seconds), "{seconds}"),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(ward.tries(), 5, "nothing was tried");
}

#[test]
fn a_wrong_passphrase_is_counted_and_the_right_one_forgives() {
    let mut ward = Ward::new();
    assert!(matches!(
        ward.at.unlock("mehri", "не то"),
        Err(UnlockError::WrongPassphrase)
    ));
    assert_eq!(ward.tries(), 1);
    let by = ward.at.unlock("mehri", RIGHT).unwrap();
    assert_eq!(by.key.public().kid(), by.person.kid);
    assert_eq!(ward.tries(), 0);
}

#[test]
fn a_key_is_believed_until_the_moment_of_its_revocation() {
    for (revoked, opens) in [
        (None, true),
        (Some(now() + Duration::seconds(1)), true),
        (Some(now()), false),
    ] {
        let mut ward = Ward::new();
        ward.listed(revoked);
        assert_eq!(ward.at.unlock("mehri", RIGHT).is_ok(), opens, "{revoked:?}");
    }
}

#[test]
fn lists_of_another_registry_say_nothing_and_recording_goes_on() {
    let mut ward = Ward::new();
    ward.root = SecretKey::generate().unwrap();
    ward.listed(Some(now()));
    assert!(ward.at.trust().is_err());
    let kid = ward.person().kid;
    assert_eq!(ward.at.standing_of(&kid).unwrap(), KeyStanding::Unconfirmed);
    assert!(ward.at.unlock("mehri", RIGHT).is_ok());
}

#[test]
fn a_pin_opens_the_key_after_the_same_checks_and_not_for_ever() {
    let mut ward = Ward::new();
    let by = ward.at.unlock("mehri", RIGHT).unwrap();
    ward.at.set_pin(&by, "2580").unwrap();
    assert!(ward.at.unlock("mehri", "2580").is_ok());
    ward.suspend(true);
    assert!(matches!(
        ward.at.unlock("mehri", "2580"),
        Err(UnlockError::Suspended)
    ));
    ward.suspend(false);
    for _ in 0..4 {
        assert!(matches!(
            ward.at.unlock("mehri", "1111"),
            Err(UnlockError::WrongPin)
        ));
    }
    assert!(matches!(
        ward.at.unlock("mehri", "1111"),
        Err(UnlockError::PinSpent)
    ));
    // What is no PIN any longer is a passphrase, and a wrong one.
    assert_eq!(ward.tries(), 0);
    assert!(matches!(
        ward.at.unlock("mehri", "2580"),
        Err(UnlockError::WrongPassphrase)
    ));
    assert_eq!(ward.tries(), 1);
}
