//! What keys do.

use super::*;

pub(super) fn saved(effects: &[Effect]) -> Option<&Draft> {
    effects.iter().rev().find_map(|e| match e {
        Effect::SaveDraft(d) => Some(d.as_ref()),
        _ => None,
    })
}

fn empty(kind: Kind) -> Draft {
    Draft {
        id: "d9".into(),
        ..Draft::new(kind)
    }
}

#[test]
fn every_change_of_a_text_leaves_as_a_draft_to_be_saved() {
    let mut model = filling(Lang::Tg, birth());
    focus(&mut model, f::MOTHER_SURNAME);
    for (keys, text) in [
        ("<c-u>", ""),
        ("Рах", "Рах"),
        ("<f8>", "Раҳ"),
        ("<c-t>", "Рах"),
        ("<c-t>", "Раҳ"),
        ("мон<bs>", "Раҳмо"),
        ("<home>Ҷ", "ҶРаҳмо"),
    ] {
        let effects = press(&mut model, keys);
        assert_eq!(saved(&effects).unwrap().text(f::MOTHER_SURNAME), text, "{keys}");
    }
    for letter in "ғӣқӯҳҷҒӢҚӮҲҶ".chars() {
        press(&mut model, "<end><c-u>");
        let effects = press(&mut model, &letter.to_string());
        assert_eq!(
            saved(&effects).unwrap().text(f::MOTHER_SURNAME),
            letter.to_string()
        );
    }
}

#[test]
fn the_cursor_stands_behind_the_last_letter_whatever_the_letters() {
    let mut model = filling(Lang::Tg, birth());
    focus(&mut model, f::MOTHER_SURNAME);
    let mut last = None;
    press(&mut model, "<c-u>");
    for letter in "ҶҷӢӣӮӯҒғҚқҲҳ".chars() {
        press(&mut model, &letter.to_string());
        let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
        terminal.draw(|frame| view(&model, frame)).unwrap();
        let cursor = terminal.backend().cursor_position();
        assert_eq!(
            terminal.backend().buffer()[(cursor.x - 1, cursor.y)].symbol(),
            letter.to_string()
        );
        assert!(last.is_none_or(|x| cursor.x == x + 1));
        last = Some(cursor.x);
    }
}

#[test]
fn a_code_is_chosen_by_number_by_text_or_by_arrows_and_never_by_passing_through() {
    for keys in ["2<enter>", "зан<enter>", "<down><down><tab>", "жен<tab>"] {
        let mut model = filling(Lang::Tg, empty(Kind::Birth));
        focus(&mut model, f::CHILD_SEX);
        let effects = press(&mut model, keys);
        assert_eq!(saved(&effects).unwrap().text(f::CHILD_SEX), "female", "{keys}");
        assert_ne!(model.form().unwrap().focus, f::CHILD_SEX, "{keys}");
    }
    let mut model = filling(Lang::Tg, empty(Kind::Birth));
    focus(&mut model, f::CHILD_SEX);
    assert!(saved(&press(&mut model, "<tab><backtab><enter>")).is_none());
    press(&mut model, "<backtab>");
    let effects = press(&mut model, "щщщ<enter>");
    assert!(saved(&effects).is_none());
    assert_eq!(
        model.form().unwrap().focus,
        f::CHILD_SEX,
        "what fits nothing stays"
    );
    assert!(model.notice.as_ref().unwrap().failed);
    press(&mut model, "<esc>");
    assert!(
        matches!(model.screen(), Some(Screen::Form(_))),
        "Esc closes the list first"
    );
}

#[test]
fn one_key_walks_through_the_ways_of_not_knowing_and_back() {
    let mut model = filling(Lang::Tg, birth());
    focus(&mut model, f::MOTHER_PHONE);
    let mut said = Vec::new();
    for _ in 0..4 {
        let effects = press(&mut model, "<f9>");
        said.push(saved(&effects).unwrap().not(f::MOTHER_PHONE).map(|n| n.code()));
    }
    assert_eq!(said, [Some("yet"), Some("knowable"), Some("refused"), None]);
    press(&mut model, "<f9>");
    let effects = press(&mut model, "9");
    let draft = saved(&effects).unwrap();
    assert_eq!(
        (draft.not(f::MOTHER_PHONE), draft.text(f::MOTHER_PHONE)),
        (None, "9")
    );
    focus(&mut model, f::CHILD_SEX);
    assert!(saved(&press(&mut model, "<f9>")).is_none(), "the sex takes none");
    assert!(model.notice.as_ref().unwrap().failed);
}

#[test]
fn f4_fills_in_today_and_now() {
    let mut model = filling(Lang::Tg, empty(Kind::Birth));
    focus(&mut model, f::BIRTH_DATE);
    let effects = press(&mut model, "<f4><tab><f4>");
    let draft = saved(&effects).unwrap();
    assert_eq!(draft.text(f::BIRTH_DATE), "23.11.2026");
    assert_eq!(draft.text(f::BIRTH_TIME), "14:05");
}

#[test]
fn questions_come_and_go_with_the_answers_that_show_them() {
    let mut model = filling(Lang::Tg, birth());
    let asks = |m: &Model, id: &str| m.form().unwrap().questions().any(|q| q.id == id);
    assert!(!asks(&model, f::BIRTH_ORDER));
    focus(&mut model, f::BIRTH_PLURALITY);
    press(&mut model, "<bs>2");
    assert!(asks(&model, f::BIRTH_ORDER));
}

#[test]
fn esc_leaves_with_the_draft_saved_and_says_so_only_when_it_is() {
    let mut model = filling(Lang::En, birth());
    focus(&mut model, f::NOTE);
    let effects = press(&mut model, "x");
    assert!(saved(&effects).is_some());
    let effects = press(&mut model, "<esc>");
    assert!(effects.contains(&Effect::ReleaseDraft("d1".into())));
    assert!(model.notice.is_none(), "not on disk yet, so nothing is promised");
    update(&mut model, Msg::DraftSaved("d1".into(), now()));
    assert!(picture(&model, 80, 24).contains("The draft is saved (14:05)"));
}

#[test]
fn a_draft_that_cannot_be_written_keeps_the_form_until_somebody_chooses_to_leave() {
    let mut model = filling(Lang::En, birth());
    focus(&mut model, f::NOTE);
    press(&mut model, "x");
    let full = Shown::new(lang::Msg::new("store-disk-full"));
    update(&mut model, Msg::DraftUnsaved("d1".into(), full));
    assert!(picture(&model, 80, 24).contains("NOT SAVED"));
    for key in ["<esc>", "<f3>"] {
        let effects = press(&mut model, key);
        assert!(saved(&effects).is_some(), "tried once more");
        assert!(model.form().is_some(), "{key}");
        press(&mut model, "<esc>");
    }
    press(&mut model, "<esc><enter>");
    assert!(model.form().is_some(), "Enter chooses nothing");
    let effects = press(&mut model, "<f2>");
    assert!(model.form().is_none());
    assert!(effects.contains(&Effect::ReleaseDraft("d1".into())));
}

pub(super) fn reviewed(draft: Draft) -> Model {
    let id = draft.id.clone();
    let mut model = filling(Lang::En, draft);
    press(&mut model, "<f2>");
    update(&mut model, Msg::EventContext(id, Box::default()));
    model
}

/// Answers every warning as checked.
fn answer_all(model: &mut Model) {
    for _ in 0..40 {
        press(model, "v");
    }
}

#[test]
fn enter_never_signs_and_f2_asks_for_the_passphrase_first() {
    let mut model = reviewed(birth());
    answer_all(&mut model);
    let form = model.form().unwrap();
    assert!(!crate::rules::stops(&form.findings), "{:#?}", form.findings);
    let effects = press(&mut model, "<f2>");
    assert!(effects.iter().all(|e| !matches!(e, Effect::Sign { .. })));
    assert!(matches!(model.over.last(), Some(Over::Dialog(_))));
    let effects = press(&mut model, "<f2>чор калима<enter><enter><enter>");
    assert!(effects.is_empty(), "{effects:?}");
    let effects = press(&mut model, "<f2>");
    match effects.as_slice() {
        [Effect::Sign { draft, secret }] => {
            assert_eq!(draft.text(f::MOTHER_SURNAME), "Раҳимова");
            assert_eq!(secret.reveal(), "чор калима");
        }
        other => panic!("{other:?}"),
    }
    assert!(press(&mut model, "<f2><f2>").is_empty(), "once is enough");
    let wrong = Shown::new(lang::Msg::new("ui-secret-wrong"));
    update(&mut model, Msg::NotSigned(wrong));
    let Some(Over::Dialog(dialog)) = model.over.last() else {
        panic!()
    };
    assert_eq!(dialog.text(DialogField::Secret), "", "the wrong one is gone");
    assert!(!dialog.waiting);
    press(&mut model, "x<f2>");
    let notice = Shown::new(lang::Msg::new("ui-signed"));
    update(
        &mut model,
        Msg::Signed {
            nid: "n1".into(),
            notice,
        },
    );
    assert!(matches!(model.screen(), Some(Screen::Notification(n)) if n.nid == "n1"));
    assert!(model.over.is_empty());
}

#[test]
fn what_is_not_asked_any_more_is_left_out_before_all_eyes_and_can_come_back() {
    let mut draft = death();
    draft.put(f::PREGNANT, "yes");
    let mut model = reviewed(draft);
    let form = model.form().unwrap();
    let left_out = |x: &crate::rules::Finding| x.field == f::PREGNANT && x.msg.id == "ui-left-out";
    assert!(form.findings.iter().any(left_out), "{:#?}", form.findings);
    assert!(form.event.get(f::PREGNANT).is_none());
    answer_all(&mut model);
    assert!(!crate::rules::stops(&model.form().unwrap().findings));
    let mut draft = model.form().unwrap().draft.clone();
    draft.put(f::DECEASED_SEX, "female");
    draft.put(f::DECEASED_BORN, "1990");
    let model = reviewed(draft);
    let form = model.form().unwrap();
    assert_eq!(form.event.text(f::PREGNANT), Some("yes"));
    assert!(!form.findings.iter().any(left_out));
}

#[test]
fn an_error_stops_the_signing_and_enter_goes_to_its_field() {
    let mut draft = birth();
    draft.put(f::MOTHER_GIVEN, "");
    let mut model = reviewed(draft);
    answer_all(&mut model);
    press(&mut model, "<f2>");
    assert!(model.over.is_empty());
    assert!(model.notice.as_ref().unwrap().failed);
    let at = model
        .form()
        .unwrap()
        .findings
        .iter()
        .position(|x| x.field == f::MOTHER_GIVEN)
        .unwrap();
    let Some(Screen::Review(review)) = model.screens.last_mut() else {
        panic!()
    };
    review.at = at;
    press(&mut model, "<enter>");
    assert!(matches!(model.screen(), Some(Screen::Form(_))));
    assert_eq!(model.form().unwrap().focus, f::MOTHER_GIVEN);
}

#[test]
fn a_death_is_signed_only_after_its_surname_was_typed_once_more() {
    let mut model = reviewed(death());
    answer_all(&mut model);
    assert!(!crate::rules::stops(&model.form().unwrap().findings));
    press(&mut model, "<f2>Ҳоҷиев<tab>калима");
    assert!(press(&mut model, "<f2>").is_empty());
    let Some(Over::Dialog(dialog)) = model.over.last() else {
        panic!()
    };
    assert_eq!(dialog.failed.as_ref().unwrap().msg.id, "ui-surname-differs");
    assert_eq!(dialog.at, 0);
    // Without the Tajik letters it is the same surname.
    let effects = press(&mut model, "<c-u>хочиматов<f2>");
    assert!(matches!(effects.as_slice(), [Effect::Sign { .. }]));
}

#[test]
fn warnings_are_answered_by_one_key_on_either_layout() {
    let mut draft = birth();
    draft.put(f::BIRTH_WEIGHT, "1350");
    for (key, answer) in [
        ("v", crate::vital::Answer::Verified),
        ("м", crate::vital::Answer::Verified),
        ("г", crate::vital::Answer::Unverified),
    ] {
        let mut model = reviewed(draft.clone());
        let at = model
            .form()
            .unwrap()
            .findings
            .iter()
            .position(|x| x.severity == crate::rules::Severity::W)
            .unwrap();
        let rule = model.form().unwrap().findings[at].rule;
        let Some(Screen::Review(review)) = model.screens.last_mut() else {
            panic!()
        };
        review.at = at;
        let effects = press(&mut model, key);
        assert_eq!(saved(&effects).unwrap().checked.get(rule), Some(&answer), "{key}");
    }
}

#[test]
fn locking_keeps_what_is_open_for_the_same_person_and_lets_it_go_for_another() {
    let mut model = filling(Lang::Tg, birth());
    focus(&mut model, f::NOTE);
    press(&mut model, "абв");
    assert_eq!(update(&mut model, Msg::Idle), [Effect::Lock, Effect::People]);
    assert!(model.user.is_none());
    assert!(
        !picture(&model, 80, 24).contains("Раҳимова"),
        "nothing of it is seen"
    );
    let mut other = model.clone();
    update(&mut model, Msg::Unlocked(people()[1].clone()));
    assert_eq!(model.form().unwrap().draft.text(f::NOTE), "абв");
    let effects = update(&mut other, Msg::Unlocked(people()[0].clone()));
    assert!(other.form().is_none());
    assert!(effects.contains(&Effect::ReleaseDraft("d1".into())));
    let mut asking = filling(Lang::Tg, birth());
    asking.over.push(Over::Dialog(Dialog::new(
        Purpose::Sign,
        &[DialogField::Secret],
        vec![],
    )));
    press(&mut asking, "калима");
    update(&mut asking, Msg::Idle);
    assert!(asking.over.is_empty(), "a half-typed passphrase does not wait");
}

#[test]
fn letters_of_the_cyrillic_layout_command_and_f6_changes_the_language() {
    let mut model = working(Lang::Tg);
    assert_eq!(press(&mut model, "и"), [Effect::NewDraft(Kind::Birth, Lang::Tg)]);
    assert_eq!(press(&mut model, "В"), [Effect::NewDraft(Kind::Death, Lang::Tg)]);
    press(&mut model, "<f6>");
    assert_eq!(
        press(&mut model, "а"),
        [Effect::NewDraft(Kind::FoetalDeath, Lang::Ru)]
    );
    press(&mut model, "<tab>annul<bs><bs><bs><bs><bs>рожд<enter>");
    assert!(model.over.is_empty());
    assert_eq!(press(&mut model, "<tab>мертво<enter>").len(), 1);
}

#[test]
fn a_draft_held_elsewhere_is_taken_over_only_on_the_second_press() {
    let mut model = working(Lang::Tg);
    assert!(press(&mut model, "<down><enter>").is_empty());
    assert_eq!(
        press(&mut model, "<enter>"),
        [Effect::OpenDraft {
            id: "d2".into(),
            over: true
        }]
    );
    assert!(press(&mut model, "<down><up><enter>").is_empty(), "warned anew");
}

#[test]
fn a_search_asks_at_every_letter_and_takes_no_older_answer() {
    let mut model = working(Lang::Tg);
    let effects = press(&mut model, "<f7>ра");
    assert_eq!(
        effects,
        [Effect::Search(1, "р".into()), Effect::Search(2, "ра".into())]
    );
    let rows = home(Worklist::Unfinished).rows;
    update(&mut model, Msg::Found(2, rows.clone()));
    update(&mut model, Msg::Found(1, vec![]));
    let Some(Screen::Search(search)) = model.screen() else {
        panic!()
    };
    assert_eq!(search.rows, rows);
}

#[test]
fn annulling_and_correcting_want_a_reason() {
    let mut model = working(Lang::Tg);
    model.screens.push(Screen::Notification(NotificationScreen {
        nid: "n1".into(),
        shown: Some(Box::new(notification())),
        from: 0,
    }));
    assert!(press(&mut model, "a<f2>").is_empty());
    let effects = press(&mut model, "хатои шахс<tab>калима<f2>");
    match effects.as_slice() {
        [Effect::Annul { nid, reason, .. }] => {
            assert_eq!((nid.as_str(), reason.as_str()), ("n1", "хатои шахс"));
        }
        other => panic!("{other:?}"),
    }
    update(
        &mut model,
        Msg::NotSigned(Shown::new(lang::Msg::new("ui-secret-wrong"))),
    );
    press(&mut model, "<esc>");
    let effects = press(&mut model, "cимло<f2>");
    assert_eq!(
        effects,
        [Effect::Correct {
            nid: "n1".into(),
            reason: "имло".into()
        }]
    );
}

#[test]
fn secrets_and_names_stay_out_of_debug_texts() {
    let mut model = reviewed(death());
    answer_all(&mut model);
    press(&mut model, "<f2>хочиматов<tab>калимаи махфӣ");
    let effects = press(&mut model, "<f2>");
    let secret = effects.iter().find_map(|e| match e {
        Effect::Sign { secret, .. } => Some(format!("{secret:?}")),
        _ => None,
    });
    assert_eq!(secret.unwrap(), "Secret");
    let Some(Over::Dialog(dialog)) = model.over.last() else {
        panic!()
    };
    assert!(!format!("{:?}", dialog.lines).contains("махфӣ"));
}

#[test]
fn pasted_old_font_letters_are_repaired_and_the_person_is_told() {
    let mut model = filling(Lang::Tg, empty(Kind::Birth));
    focus(&mut model, f::MOTHER_SURNAME);
    let effects = update(&mut model, Msg::Paste("Рањимова Љамила\n".into()));
    assert_eq!(
        saved(&effects).unwrap().text(f::MOTHER_SURNAME),
        "Раҳимова Ҷамила "
    );
    assert_eq!(model.notice.as_ref().unwrap().shown.msg.id, "ui-paste-repaired");
}

#[test]
fn a_warning_is_not_answered_before_it_is_at_hand() {
    let mut draft = birth();
    draft.put(f::BIRTH_WEIGHT, "1350");
    draft.put(f::MOTHER_GIVEN, "");
    let mut model = reviewed(draft);
    assert_eq!(
        model.form().unwrap().findings[0].severity,
        crate::rules::Severity::E,
        "an error is at hand, the warning waits"
    );
    assert!(saved(&press(&mut model, "v")).is_none());
    assert!(saved(&press(&mut model, "v")).is_some());
}
