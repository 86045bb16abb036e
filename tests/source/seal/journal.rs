//! The chain of a journal: the first entry that somebody touched is named.

use ogoh::seal::{
    AmendReason, Chain, ChainFault, Entry, EntryType, Jws, NO_PREV, SealError, Typ, hash, sign,
};
use ogoh::vital::Kind;
use proptest::prelude::*;
use serde_json::json;

use super::golden;

fn read(text: &str) -> Entry {
    Entry::from_jws(&Jws::parse(text, Typ::Entry).unwrap()).unwrap()
}

fn texts() -> Vec<String> {
    golden::journal().into_iter().map(|(_, text)| text).collect()
}

/// Place in the list and fault of the first entry that does not follow.
fn first_bad(texts: &[String]) -> Option<(usize, ChainFault)> {
    let mut chain = Chain::new();
    let follow = |(i, text): (usize, &String)| Some((i, chain.follow(&read(text), &hash(text)).err()?));
    texts.iter().enumerate().find_map(follow)
}

/// The same place signed with other content by the same person.
fn changed(text: &str) -> String {
    let mut entry = read(text);
    entry.body.insert("weight".into(), json!(4000));
    entry.seal(&golden::key("doctor")).unwrap()
}

#[test]
fn a_whole_journal_holds() {
    let texts = texts();
    assert_eq!(first_bad(&texts), None);
    let mut chain = Chain::new();
    assert_eq!((chain.seq(), chain.head()), (0, None));
    for text in &texts {
        chain.follow(&read(text), &hash(text)).unwrap();
    }
    assert_eq!((chain.seq(), chain.head()), (7, Some(hash(&texts[6]).as_str())));
}

#[test]
fn a_changed_entry_breaks_the_one_that_names_it() {
    for i in 0..6 {
        let mut texts = texts();
        texts[i] = changed(&texts[i]);
        assert_eq!(first_bad(&texts), Some((i + 1, ChainFault::Prev)), "{i}");
    }
}

#[test]
fn a_removed_entry_leaves_a_gap() {
    for i in 0..6 {
        let mut texts = texts();
        texts.remove(i);
        assert_eq!(first_bad(&texts), Some((i, ChainFault::Seq)), "{i}");
    }
}

#[test]
fn exchanged_and_repeated_entries_are_out_of_order() {
    for i in 0..7 {
        for j in i + 1..7 {
            let mut texts = texts();
            texts.swap(i, j);
            assert_eq!(first_bad(&texts), Some((i, ChainFault::Seq)), "{i} {j}");
        }
        let mut texts = texts();
        texts.insert(i, texts[i].clone());
        assert_eq!(first_bad(&texts), Some((i + 1, ChainFault::Seq)), "{i}");
    }
}

#[test]
fn the_first_entry_opens_and_no_other_does() {
    let first = golden::entry(EntryType::Tally, golden::NID, 1, NO_PREV, json!({}));
    assert_eq!(Chain::new().follow(&first, "h"), Err(ChainFault::Open));
    let mut chain = Chain::new();
    let text = &texts()[0];
    chain.follow(&read(text), &hash(text)).unwrap();
    let again = golden::entry(EntryType::Open, golden::NID, 2, &hash(text), json!({}));
    assert_eq!(chain.follow(&again, "h"), Err(ChainFault::Open));
}

#[test]
fn an_entry_of_another_journal_does_not_follow() {
    let text = &texts()[0];
    let mut chain = Chain::new();
    chain.follow(&read(text), &hash(text)).unwrap();
    let mut other = golden::entry(
        EntryType::Notice(Kind::Birth),
        golden::NID,
        2,
        &hash(text),
        json!({}),
    );
    other.jid = golden::NID.into();
    assert_eq!(chain.follow(&other, "h"), Err(ChainFault::Journal));
    other.jid = golden::JID.into();
    assert_eq!(
        chain.follow(&other, "h"),
        Ok(()),
        "a refused entry leaves the chain as it was"
    );
}

#[test]
fn a_minimised_entry_keeps_its_place_in_the_chain() {
    let texts = texts();
    let run = |change: fn(&mut Entry)| {
        let mut chain = Chain::new();
        for (i, text) in texts.iter().enumerate() {
            let mut entry = read(text);
            if i == 1 {
                change(&mut entry);
                chain.follow_links(false, &entry.jid, entry.seq, &entry.prev, &hash(text))?;
            } else {
                chain.follow(&entry, &hash(text))?;
            }
        }
        Ok(())
    };
    assert_eq!(run(|_| ()), Ok(()));
    assert_eq!(run(|e| e.seq = 3), Err(ChainFault::Seq));
    assert_eq!(run(|e| e.prev = NO_PREV.into()), Err(ChainFault::Prev));
    let first = read(&texts[0]);
    let opened = Chain::new().follow_links(false, &first.jid, 1, NO_PREV, "h");
    assert_eq!(
        opened,
        Err(ChainFault::Open),
        "what opens a journal holds nothing to take away"
    );
}

#[test]
fn an_entry_lacks_nothing_and_names_what_is_wrong() {
    let refused = |change: fn(&mut serde_json::Value)| {
        let entry = golden::entry(
            EntryType::Notice(Kind::Birth),
            golden::NID,
            2,
            &hash("a"),
            json!({}),
        );
        let mut value = serde_json::to_value(entry).unwrap();
        change(&mut value);
        let text = sign(Typ::Entry, &golden::key("doctor"), &value).unwrap();
        Entry::from_jws(&Jws::parse(&text, Typ::Entry).unwrap()).map(|_| ())
    };
    let member = |name: &str| Err(SealError::Member(name.to_owned()));
    assert_eq!(refused(|_| ()), Ok(()));
    assert_eq!(refused(|v| v["v"] = json!(2)), Err(SealError::NewerVersion(2)));
    assert_eq!(refused(|v| v["v"] = json!(0)), member("v"));
    assert_eq!(
        refused(|v| v["id"] = json!("0193A1B2-0000-7000-8000-000000000002")),
        member("id")
    );
    assert_eq!(refused(|v| v["nid"] = json!("../../etc/passwd")), member("nid"));
    assert_eq!(
        refused(|v| v["jid"] = json!("0193a1b200007000800000000000000a")),
        member("jid")
    );
    assert_eq!(refused(|v| v["seq"] = json!(0)), member("seq"));
    assert_eq!(refused(|v| v["rev"] = json!(0)), member("rev"));
    assert_eq!(refused(|v| v["seq"] = json!(1)), member("prev"));
    assert_eq!(refused(|v| v["prev"] = json!(NO_PREV)), member("prev"));
    assert_eq!(refused(|v| v["prev"] = json!("!".repeat(43))), member("prev"));
    assert_eq!(refused(|v| v["t"] = json!("void")), member("ref"));
    assert_eq!(refused(|v| v["body"] = json!([])), member("payload"));
    for name in [
        "t", "id", "nid", "rev", "jid", "seq", "prev", "rec", "clk", "fac", "dev", "usr", "role", "app",
        "body",
    ] {
        let entry = golden::entry(
            EntryType::Notice(Kind::Birth),
            golden::NID,
            2,
            &hash("a"),
            json!({}),
        );
        let mut value = serde_json::to_value(entry).unwrap();
        value.as_object_mut().unwrap().remove(name);
        let text = sign(Typ::Entry, &golden::key("doctor"), &value).unwrap();
        let found = Entry::from_jws(&Jws::parse(&text, Typ::Entry).unwrap());
        assert_eq!(found.unwrap_err(), SealError::Member(name.to_owned()));
    }
}

#[test]
fn a_refusal_quotes_nothing_of_what_it_refuses() {
    for (name, value) in [
        ("role", json!("Каримова")),
        ("clk", json!("Каримова")),
        ("rev", json!("Каримова")),
        ("seq", json!(19_980_412_u64.wrapping_neg() >> 12)),
        ("reason", json!({"code": 7})),
    ] {
        let entry = golden::entry(
            EntryType::Notice(Kind::Birth),
            golden::NID,
            2,
            &hash("a"),
            json!({}),
        );
        let mut json = serde_json::to_value(entry).unwrap();
        json[name] = value;
        let text = sign(Typ::Entry, &golden::key("doctor"), &json).unwrap();
        if let Err(error) = Entry::from_jws(&Jws::parse(&text, Typ::Entry).unwrap()) {
            assert_eq!(error, SealError::Member("payload".into()), "{name}");
        }
    }
}

#[test]
fn an_amendment_names_what_it_amends_and_why() {
    let refused = |change: fn(&mut Entry)| {
        let mut entry = read(&texts()[2]);
        change(&mut entry);
        let text = entry.seal(&golden::key("doctor")).unwrap();
        Entry::from_jws(&Jws::parse(&text, Typ::Entry).unwrap()).map(|_| ())
    };
    let member = |name: &str| Err(SealError::Member(name.to_owned()));
    assert_eq!(refused(|_| ()), Ok(()));
    assert_eq!(refused(|e| e.reference = None), member("ref"));
    assert_eq!(refused(|e| e.reason = None), member("reason"));
    assert_eq!(
        refused(|e| e.reference.as_mut().unwrap().h = "AAAA".into()),
        member("ref")
    );
    assert_eq!(refused(|e| e.reference.as_mut().unwrap().rev = 0), member("ref"));
    assert_eq!(
        refused(|e| e.reference.as_mut().unwrap().nid = "n".into()),
        member("ref")
    );
    assert_eq!(
        refused(|e| e.reason = Some(AmendReason {
            code: "other".into(),
            text: "ё".into()
        })),
        Ok(())
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn whatever_is_done_to_a_journal_the_first_place_is_named(
        length in 2usize..24, at in any::<prop::sample::Index>(), to in any::<prop::sample::Index>(), what in 0..3
    ) {
        let mut texts = vec![texts()[0].clone()];
        for n in 2..=length {
            let id = format!("0193a1b2-0000-7000-8000-{n:012}");
            let prev = hash(texts.last().unwrap());
            let entry = golden::entry(EntryType::Tally, &id, u64::try_from(n).unwrap(), &prev, json!({"births": n}));
            texts.push(entry.seal(&golden::key("doctor")).unwrap());
        }
        prop_assert_eq!(first_bad(&texts), None);
        let (at, to) = (at.index(length), to.index(length));
        let expected = match what {
            0 => {
                texts[at] = changed(&texts[at]);
                // The last one is named by nobody but the portal's receipts.
                (at + 1 < length).then_some((at + 1, ChainFault::Prev))
            }
            1 => {
                texts.remove(at);
                (at + 1 < length).then_some((at, ChainFault::Seq))
            }
            _ => {
                texts.swap(at, to);
                (at != to).then_some((at.min(to), ChainFault::Seq))
            }
        };
        prop_assert_eq!(first_bad(&texts), expected);
    }
}
