//! Two stages: what is signed at night, and what is left for the day.

use super::keys::{answer_all, reviewed, saved};
use super::*;

#[test]
fn one_key_at_review_marks_every_blank_that_may_be_as_not_yet_known() {
    for key in ["n", "т"] {
        let mut draft = birth();
        for field in [
            f::MOTHER_BORN,
            f::MOTHER_DISTRICT,
            f::CHILD_GIVEN,
            f::FATHER_GIVEN,
        ] {
            draft.put(field, "");
        }
        draft.put(f::CHILD_SEX, "");
        draft.state(f::MOTHER_DOCUMENT, Some(crate::vital::Not::Refused));
        let typed = draft.text(f::MOTHER_SURNAME).to_owned();
        let mut model = reviewed(draft);
        let effects = press(&mut model, key);
        let saved = saved(&effects).unwrap();
        for field in [
            f::MOTHER_BORN,
            f::MOTHER_DISTRICT,
            f::CHILD_GIVEN,
            f::FATHER_GIVEN,
        ] {
            assert_eq!(saved.not(field), Some(crate::vital::Not::Yet), "{field}");
        }
        assert_eq!(saved.not(f::MOTHER_DOCUMENT), Some(crate::vital::Not::Refused));
        assert_eq!(saved.text(f::MOTHER_SURNAME), typed);
        for field in [f::INFORMANT, f::PAPER, f::LATE_REASON, f::NOTE] {
            assert_eq!(saved.not(field), None, "{field}: nobody has to know it");
        }
        assert_eq!(saved.not(f::CHILD_SEX), None, "a sex is always stated");
        let stopping: Vec<_> = model
            .form()
            .unwrap()
            .findings
            .iter()
            .filter(|x| x.severity == crate::rules::Severity::E)
            .map(|x| x.field)
            .collect();
        assert_eq!(stopping, [f::CHILD_SEX], "what cannot be left open still stops");
        let (_, errors) = saved.event();
        assert!(errors.is_empty(), "{errors:?}");
        assert!(
            press(&mut model, key).is_empty(),
            "the second time there is nothing left"
        );
    }
}

#[test]
fn the_same_key_leaves_lines_of_the_cause_that_nobody_wrote() {
    let mut model = reviewed(death());
    let effects = press(&mut model, "n");
    let saved = saved(&effects).unwrap();
    let marked: Vec<_> = saved
        .answers
        .keys()
        .filter(|id| {
            saved.not(id).is_some()
                && ["cause.b.", "cause.c.", "cause.d."]
                    .iter()
                    .any(|l| id.starts_with(l))
        })
        .collect();
    assert!(marked.is_empty(), "{marked:?}");
    assert_eq!(saved.not(f::SURGERY), Some(crate::vital::Not::Yet));
    assert_eq!(saved.not(f::SURGERY_DATE), None, "of no surgery there is no date");
}

#[test]
fn a_code_that_stops_the_signing_goes_by_one_key_and_the_words_stay() {
    let mut draft = death();
    draft.put(f::DECEASED_SEX, "male");
    draft.put(f::CAUSE_A, "cancer");
    draft.put(f::CAUSE_A_CODE, "C56");
    let mut model = reviewed(draft);
    let stops = |m: &Model| m.form().unwrap().findings.iter().any(|x| x.rule == "D26");
    assert!(stops(&model));
    let at = model
        .form()
        .unwrap()
        .findings
        .iter()
        .position(|x| x.rule == "D26")
        .unwrap();
    press(&mut model, &"<down>".repeat(at));
    let effects = press(&mut model, "<del>");
    let saved = saved(&effects).unwrap();
    assert_eq!(
        (saved.text(f::CAUSE_A), saved.text(f::CAUSE_A_CODE)),
        ("cancer", "")
    );
    assert!(!stops(&model));
}

#[test]
fn enter_on_a_returned_notification_goes_to_the_field_and_the_registry_s_words_stand_there() {
    let mut model = working(Lang::En);
    model.screens.push(Screen::Notification(NotificationScreen {
        nid: "n1".into(),
        shown: None,
        from: 0,
    }));
    update(&mut model, Msg::Notification(Box::new(notification())));
    let why = "Check the weight: 335 g does not go with 39 weeks.";
    let effects = press(&mut model, "<enter>");
    assert_eq!(
        effects,
        [Effect::Correct {
            nid: "n1".into(),
            reason: why.into(),
        }]
    );
    let mut draft = birth();
    draft.amends = Some(crate::form::Amends {
        nid: "n1".into(),
        rev: 2,
        h: "h".into(),
        reason: why.into(),
    });
    update(&mut model, Msg::Draft(Box::new(draft)));
    assert_eq!(model.form().unwrap().focus, f::BIRTH_WEIGHT);
    let context = EventContext {
        problem: notification().problem,
        ..EventContext::default()
    };
    update(&mut model, Msg::EventContext("d1".into(), Box::new(context)));
    let shown = picture(&model, 80, 24);
    assert!(shown.contains("The registry says: Check the weight"), "{shown}");
}

#[test]
fn a_death_is_opened_from_the_read_back_of_a_birth_and_of_nothing_else() {
    let mut model = reviewed(birth());
    let effects = press(&mut model, "d");
    assert!(
        matches!(effects.as_slice(), [Effect::DeathOfDraft(_)]),
        "{effects:?}"
    );
    let mut model = reviewed(death());
    assert!(press(&mut model, "d").is_empty());
    assert_eq!(model.notice.as_ref().unwrap().shown.msg.id, "ui-only-of-birth");
}

#[test]
fn f2_pressed_while_look_alikes_are_sought_goes_on_when_they_are_there() {
    let mut model = filling(Lang::En, birth());
    press(&mut model, "<f2><f2>");
    assert!(model.over.is_empty());
    assert_eq!(model.notice.as_ref().unwrap().shown.msg.id, "ui-looking");
    update(&mut model, Msg::EventContext("d1".into(), Box::default()));
    assert!(matches!(model.over.last(), Some(Over::Dialog(_))));
}

#[test]
fn the_first_digit_takes_a_date_a_time_or_a_number_away_and_a_letter_takes_nothing() {
    let mut model = filling(Lang::En, birth());
    focus(&mut model, f::BIRTH_WEIGHT);
    let effects = press(&mut model, "3100");
    assert_eq!(saved(&effects).unwrap().text(f::BIRTH_WEIGHT), "3100");
    press(&mut model, "<bs>5");
    assert_eq!(model.form().unwrap().field.text(), "3105", "begun, it goes on");
    let surname = birth().text(f::MOTHER_SURNAME).to_owned();
    focus(&mut model, f::MOTHER_SURNAME);
    press(&mut model, "1");
    assert_eq!(model.form().unwrap().field.text(), format!("{surname}1"));
}

#[test]
fn why_it_comes_late_is_asked_of_what_comes_late() {
    let asked = |model: &Model| {
        let form = model.form().unwrap();
        form.questions().any(|q| q.id == f::LATE_REASON)
    };
    assert!(!asked(&filling(Lang::En, birth())));
    let mut late = birth();
    late.put(f::BIRTH_DATE, "2026-09-01");
    assert!(asked(&filling(Lang::En, late)));
}

#[test]
fn a_linked_draft_that_lacks_answers_is_said_not_to_be_signed() {
    let mut model = reviewed(birth());
    let linked = |event| crate::rules::Candidate {
        nid: "d2".into(),
        facility: String::new(),
        status: "draft".into(),
        event,
    };
    let whole = EventContext {
        linked: vec![linked(death().event().0)],
        ..EventContext::default()
    };
    update(&mut model, Msg::EventContext("d1".into(), Box::new(whole)));
    let shown = picture(&model, 100, 36);
    assert!(shown.contains("Signed together"), "{shown}");
    let begun = EventContext {
        linked: vec![linked(crate::vital::Event::new(Kind::Death))],
        ..EventContext::default()
    };
    update(&mut model, Msg::EventContext("d1".into(), Box::new(begun)));
    let shown = picture(&model, 100, 36);
    assert!(shown.contains("It is NOT signed now"), "{shown}");
}

#[test]
fn a_correction_opens_at_the_cause_that_was_awaited() {
    let mut draft = death();
    draft.state(f::CAUSE_A, Some(crate::vital::Not::Yet));
    draft.amends = Some(crate::form::Amends {
        nid: "n1".into(),
        rev: 1,
        h: "h".into(),
        reason: "The autopsy is done".into(),
    });
    assert_eq!(filling(Lang::En, draft).form().unwrap().focus, f::CAUSE_A);
}

#[test]
fn from_an_empty_list_the_arrows_go_to_its_neighbours() {
    let mut model = working(Lang::En);
    let empty = Home {
        rows: vec![],
        ..home(Worklist::Unfinished)
    };
    update(&mut model, Msg::Home(Box::new(empty)));
    assert_eq!(press(&mut model, "<down>"), [Effect::Home(Worklist::ToSign)]);
}

#[test]
fn a_child_of_the_delivery_that_lacks_answers_is_seen_before_the_signing() {
    let mut model = reviewed(birth());
    let sibling = crate::rules::Candidate {
        nid: "d2".into(),
        facility: String::new(),
        status: "draft".into(),
        event: crate::vital::Event::new(Kind::Birth),
    };
    let context = EventContext {
        siblings: vec![sibling],
        ..EventContext::default()
    };
    update(&mut model, Msg::EventContext("d1".into(), Box::new(context)));
    let shown = picture(&model, 100, 36);
    assert!(shown.contains("or nothing is signed"), "{shown}");
}

#[test]
fn what_cannot_be_read_is_said_once_and_not_called_empty() {
    let mut draft = birth();
    draft.put(f::BIRTH_TIME, "2560");
    let model = reviewed(draft);
    let form = model.form().unwrap();
    assert_eq!(form.errors.len(), 1);
    assert!(form.findings.iter().all(|x| x.field != f::BIRTH_TIME));
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
