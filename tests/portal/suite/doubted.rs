//! Receipts that come back to a book that was set back under keys that sign no more: those of a retired key are
//! honoured, those of a revoked one wait for the operator.

use chrono::Duration;
use ogoh::portal::{self, Level, PortalError, PortalSettings};
use ogoh::seal::{KeyUse, Receipt, Status};

use super::set_back::without_witness;
use super::trials::{again, copied, line, receipt_line, set_back, sound};
use crate::portal_support::*;

const WHY: &str = "калид баъд аз бекор кардан дуздида шуд";

/// A portal that was set back and lacks one birth, whose receipt a key signed that is replaced since.
struct Lost {
    world: World,
    ward: Ward,
    lost: Signed,
    text: String,
    before: Receipt,
    /// The key.
    kid: String,
}

fn lost(settings: PortalSettings) -> Lost {
    let (mut world, mut ward, copy) = copied(settings);
    let lost = ward.birth(birth("Раҳимова"));
    let before = ward.deliver(&world, &[&lost])[0].clone();
    let text = ward.newest_text(&world, &lost);
    let trust = world.trust();
    let mut keys = trust.list().keys.iter();
    let kid = keys.find(|key| key.what == KeyUse::Receipt).unwrap().kid.clone();
    set_back(&mut world, copy, &mut [&mut ward]);
    world.clock.advance(Duration::minutes(5));
    portal::rotate(world.dir(), KeyUse::Receipt, world.clock.as_ref()).unwrap();
    world.restart();
    ward.base = world.url("");
    Lost {
        world,
        ward,
        lost,
        text,
        before,
        kid,
    }
}

fn revoke(of: &Lost) {
    portal::revoke(of.world.dir(), &of.kid, of.world.clock.as_ref()).unwrap();
}

fn waiting(world: &World) -> u64 {
    let all = portal::doubted(world.dir()).unwrap();
    all.iter().map(|of| of.receipts).sum()
}

fn settle(of: &Lost, honest: bool) -> Result<(u64, u64), PortalError> {
    portal::settle_doubted(of.world.dir(), &of.kid, honest, WHY, of.world.clock.clone())
}

fn recovering(world: &World) -> Vec<portal::OfficeRecovery> {
    portal::recovery(world.dir(), world.clock.clone()).unwrap()
}

fn claims(of: &Lost) -> u16 {
    let text = of.ward.newest_text(&of.world, &of.lost);
    let receipt = Receipt::open(&text, &of.world.trust()).unwrap();
    let claim = format!("{} {}", receipt.number(), ogoh::seal::hash(&text));
    of.ward.feed_claiming(&claim)
}

#[test]
fn what_a_retired_key_signed_is_honoured() {
    let of = lost(PortalSettings::default());
    again(&of.ward, &[receipt_line(&of.text), line(&of.lost)]);
    let back = of.ward.newest(&of.world, &of.lost);
    assert_eq!((back.status, back.reg_no), (of.before.status, of.before.reg_no));
    assert_eq!(waiting(&of.world), 0);
    sound(&of.world);
}

#[test]
fn a_receipt_under_a_revoked_key_sets_nothing_back() {
    let mut of = lost(without_witness());
    revoke(&of);
    let (status, body) = of.ward.post(receipt_line(&of.text));
    assert_eq!(status, 200);
    assert!(body.contains("foreign-receipt"), "{body}");
    assert_eq!(recovering(&of.world), []);
    assert_eq!(waiting(&of.world), 1);
    let found = portal::doctor(of.world.dir(), of.world.clock.clone()).unwrap();
    let receipts = found.iter().find(|finding| finding.what == "receipts").unwrap();
    assert_eq!(receipts.level, Level::Bad);
    // Whoever signs now is registered as ever.
    let next = of.ward.birth(birth("Назарова"));
    let told = &of.ward.deliver(&of.world, &[&next])[0];
    assert_eq!((told.status, told.epoch), (Status::Registered, 1));
    sound(&of.world);
}

#[test]
fn what_waits_under_a_revoked_key_counts_by_the_operators_word() {
    let of = lost(PortalSettings::default());
    revoke(&of);
    again(&of.ward, &[receipt_line(&of.text), line(&of.lost)]);
    assert_eq!(of.ward.newest(&of.world, &of.lost).reg_no, None);
    assert_eq!(claims(&of), 200);
    let waits = recovering(&of.world).remove(0).waits;
    assert_eq!((waits.devices, waits.entries), (vec![], vec![]));
    assert_eq!(waits.receipts, [(FAC.into(), 1)], "the operator decides");
    let kid = "nobody";
    let none = portal::settle_doubted(of.world.dir(), kid, true, WHY, of.world.clock.clone());
    assert!(matches!(none, Err(PortalError::NoneDoubted(_))));
    assert!(matches!(
        portal::settle_doubted(of.world.dir(), &of.kid, true, "-", of.world.clock.clone()),
        Err(PortalError::Reason)
    ));
    assert_eq!(settle(&of, true).unwrap(), (1, 0));
    let back = of.ward.newest(&of.world, &of.lost);
    assert_eq!(
        (back.status, &back.reg_no, back.epoch),
        (Status::Registered, &of.before.reg_no, 2)
    );
    assert_eq!((waiting(&of.world), recovering(&of.world)), (0, vec![]));
    let log = portal::acts(of.world.dir(), 20).unwrap();
    assert!(log.iter().any(|act| act.act == "receipts-honoured"), "{log:?}");
    sound(&of.world);
}

#[test]
fn what_a_thief_may_have_signed_never_counts_by_the_operators_word() {
    let of = lost(PortalSettings::default());
    revoke(&of);
    again(&of.ward, &[receipt_line(&of.text), line(&of.lost)]);
    assert_eq!(claims(&of), 200);
    assert_eq!(settle(&of, false).unwrap(), (0, 1));
    assert_eq!(recovering(&of.world), []);
    let back = of.ward.newest(&of.world, &of.lost);
    assert_eq!(back.status, Status::Registered);
    assert_ne!(back.reg_no, of.before.reg_no);
    // It comes again, and nobody is asked again.
    again(&of.ward, &[receipt_line(&of.text)]);
    assert_eq!(waiting(&of.world), 0);
    sound(&of.world);
}
