//! Random walks: whatever is pressed, nothing panics and nothing that was typed is lost.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

/// A shell without a disk: it keeps what it is told to save.
#[derive(Default)]
struct Shell {
    drafts: BTreeMap<String, Draft>,
    made: u32,
}

impl Shell {
    fn perform(&mut self, effect: Effect) -> Vec<Msg> {
        match effect {
            Effect::NewDraft(kind, lang) => {
                self.made += 1;
                let facility = settings().facility;
                let mut draft = Draft::with_defaults(kind, &facility, Role::Doctor, lang, None);
                draft.id = format!("r{}", self.made);
                vec![Msg::Draft(Box::new(draft))]
            }
            Effect::SaveDraft(draft) => {
                let id = draft.id.clone();
                self.drafts.insert(id.clone(), *draft);
                vec![Msg::DraftSaved(id, now())]
            }
            Effect::OpenDraft { id, .. } => match self.drafts.get(&id) {
                Some(draft) => vec![Msg::Draft(Box::new(draft.clone()))],
                None => vec![],
            },
            Effect::NextChild(of, kind) => {
                self.made += 1;
                let mut draft = (*of).clone();
                draft.kind = kind;
                draft.id = format!("r{}", self.made);
                self.drafts.insert(draft.id.clone(), draft.clone());
                vec![Msg::Draft(Box::new(draft))]
            }
            Effect::DeathOfDraft(mut birth) => {
                birth.put(f::CHILD_LIVING, "no");
                self.drafts.insert(birth.id.clone(), (*birth).clone());
                let mut out = vec![Msg::Revised(birth)];
                out.extend(self.perform(Effect::NewDraft(Kind::Death, Lang::Tg)));
                out
            }
            Effect::Handover => vec![Msg::Handover(vec![(
                Worklist::Unfinished,
                home(Worklist::Unfinished).rows,
            )])],
            Effect::LeaveNaming(_) => vec![Msg::Notice(Shown::new(lang::Msg::new("ui-naming-left")))],
            Effect::EventContext(id, _) => vec![Msg::EventContext(id, Box::default())],
            Effect::Home(list) => vec![Msg::Home(Box::new(home(list)))],
            Effect::Search(n, _) => vec![Msg::Found(n, home(Worklist::Unfinished).rows)],
            Effect::Notification(_) => vec![Msg::Notification(Box::new(notification()))],
            Effect::Delivery => vec![Msg::Delivery(Box::new(delivery()))],
            Effect::Unlock { .. } => vec![Msg::Unlocked(people()[1].clone())],
            Effect::Sign { .. } => vec![Msg::NotSigned(Shown::new(lang::Msg::new("ui-secret-wrong")))],
            _ => vec![],
        }
    }
}

fn any_key() -> impl Strategy<Value = KeyEvent> {
    let letters = "абвгғдеёжзиӣйкқлмнопрстуӯфхҳчҷшъэюяABbdvuclaqz0123456789 .:-<\u{304}";
    let letter = proptest::sample::select(letters.chars().collect::<Vec<_>>())
        .prop_map(|c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE));
    let named = proptest::sample::select(vec![
        KeyCode::Enter,
        KeyCode::Esc,
        KeyCode::Tab,
        KeyCode::BackTab,
        KeyCode::Up,
        KeyCode::Down,
        KeyCode::Left,
        KeyCode::Right,
        KeyCode::PageUp,
        KeyCode::PageDown,
        KeyCode::Backspace,
        KeyCode::Delete,
        KeyCode::Home,
        KeyCode::End,
        KeyCode::F(1),
        KeyCode::F(2),
        KeyCode::F(3),
        KeyCode::F(4),
        KeyCode::F(5),
        KeyCode::F(6),
        KeyCode::F(7),
        KeyCode::F(8),
        KeyCode::F(9),
        KeyCode::F(10),
        KeyCode::F(11),
        KeyCode::F(12),
    ])
    .prop_map(|code| KeyEvent::new(code, KeyModifiers::NONE));
    let control = proptest::sample::select(vec!['t', 'u', 'w', 'k', 'a', 'е'])
        .prop_map(|c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::CONTROL));
    prop_oneof![6 => letter, 5 => named, 1 => control]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_pressed_nothing_panics_and_no_saved_draft_is_lost(
        kind in proptest::sample::select(Kind::ALL.to_vec()),
        keys in proptest::collection::vec(any_key(), 1..250),
        columns in 0u16..100,
        rows in 0u16..30,
    ) {
        let mut shell = Shell::default();
        let mut model = working(Lang::Tg);
        let mut pending: Vec<Msg> = shell.perform(Effect::NewDraft(kind, Lang::Tg));
        for key in keys {
            pending.push(Msg::Key(key));
            while !pending.is_empty() {
                for effect in update(&mut model, pending.remove(0)) {
                    prop_assert!(!matches!(effect, Effect::Quit) || model.form().is_none());
                    pending.extend(shell.perform(effect));
                }
            }
            if let Some(form) = model.form() && form.saved != Saved::Untouched {
                prop_assert_eq!(shell.drafts.get(&form.draft.id), Some(&form.draft));
            }
        }
        let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
        terminal.draw(|frame| view(&model, frame)).unwrap();
    }
}
