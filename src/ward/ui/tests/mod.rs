//! Screens as a person sees them, and what keys do to them.

mod causes;
mod doors;
mod flow;
mod gallery;
mod keys;
mod people;
mod screens;
mod stages;
mod sweep;
mod whole;

use chrono::DateTime;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::data::*;
use super::model::*;
use super::theme::Theme;
use super::{Effect, Model, Msg, update, view};
use crate::env::{ClockTrust, Facility, PortalAt, Role, Settings};
use crate::form::Draft;
use crate::lang::{self, Lang};
use crate::vital::{Kind, field as f};
use crate::ward::ui::dialog::*;
use gallery::{every_screen, picture};

/// Monday afternoon, the time of every picture.
pub(super) fn now() -> Moment {
    at("2026-11-23T14:05:00+05:00")
}

pub(super) fn at(text: &str) -> Moment {
    DateTime::parse_from_rfc3339(text).unwrap()
}

pub(super) fn settings() -> Settings {
    let facility = Facility {
        code: "TJ-KT-BOX-01".into(),
        name: "Таваллудхонаи ш. Бохтар".into(),
        district: crate::codes::list("district").unwrap().codes[10].code.clone(),
        office: crate::codes::list("office").unwrap().codes[10].code.clone(),
    };
    let portal = PortalAt {
        url: "http://127.0.0.1:1".into(),
        root_key: "AAAA".into(),
        ca_file: None,
        ..PortalAt::default()
    };
    Settings::new(facility, portal)
}

pub(super) fn person(login: &str, name: &str, role: Role) -> User {
    User {
        login: login.into(),
        name: name.into(),
        role,
        confirmed: true,
    }
}

pub(super) fn people() -> Vec<User> {
    vec![
        person("gulnora", "Ҷумъаева Гулнора", Role::Midwife),
        person("rahim", "Қурбонов Раҳим", Role::Doctor),
        person("zarina", "Ғафурова Заррина", Role::ShiftHead),
    ]
}

/// A locked model as it is right after the start.
pub(super) fn locked(lang: Lang) -> Model {
    let mut model = Model::new(settings(), Theme::colour(), now(), ClockTrust::Synced);
    model.lang = lang;
    update(&mut model, Msg::People(people()));
    model
}

/// A model with the doctor at work and the worklists filled.
pub(super) fn working(lang: Lang) -> Model {
    let mut model = locked(lang);
    update(&mut model, Msg::Unlocked(people()[1].clone()));
    update(&mut model, Msg::Home(Box::new(home(Worklist::Unfinished))));
    model
}

pub(super) fn queue() -> Queue {
    Queue {
        unsent: 3,
        oldest: Some(at("2026-11-23T09:00:00+05:00")),
        last_receipt: Some(at("2026-11-23T14:02:00+05:00")),
        annulling: 0,
    }
}

pub(super) fn home(list: Worklist) -> Home {
    let draft = |id: &str, kind, name: &str, date: Option<&str>, held| WorklistRow {
        opens: Opens::Draft(id.into()),
        kind,
        name: name.into(),
        date: date.map(|d| crate::vital::PartialDate::parse(d).unwrap()),
        status: "draft".into(),
        author: "Ҷумъаева Гулнора".into(),
        since: at("2026-11-23T03:12:00+05:00"),
        held,
    };
    let rows = match list {
        Worklist::Unfinished => vec![
            draft(
                "d1",
                Kind::Birth,
                "Раҳимова Ҷамила Ӯктамовна",
                Some("2026-11-23"),
                None,
            ),
            draft(
                "d2",
                Kind::Death,
                "Ҳоҷиматов Қосим",
                Some("2026-11-22"),
                Some(("Ғафурова Заррина".to_owned(), at("2026-11-23T13:40:00+05:00"))),
            ),
            draft("d3", Kind::FoetalDeath, "", None, None),
        ],
        _ => vec![WorklistRow {
            opens: Opens::Notification("n1".into()),
            status: "returned".into(),
            ..draft("", Kind::Birth, "Шарифова Моҳира", Some("2026-11-21"), None)
        }],
    };
    Home {
        counts: [3, 0, 1, 2, 14, 0, 3, 21],
        list,
        rows,
        queue: queue(),
        others_seen: Some(at("2026-11-23T08:00:00+05:00")),
    }
}

/// A birth with everything that a midwife knows.
pub(super) fn birth() -> Draft {
    let s = settings();
    let today = Some(now().date_naive());
    let mut draft = Draft::with_defaults(Kind::Birth, &s.facility, Role::Midwife, Lang::Tg, today);
    draft.id = "d1".into();
    for (id, text) in [
        (f::BIRTH_TIME, "03:12"),
        (f::CHILD_SEX, "female"),
        (f::BIRTH_WEIGHT, "3350"),
        (f::BIRTH_LENGTH, "51,5"),
        (f::BIRTH_WEEKS, "39"),
        (f::MOTHER_SURNAME, "Раҳимова"),
        (f::MOTHER_GIVEN, "Ҷамила"),
        (f::MOTHER_PATRONYMIC, "Ӯктамовна"),
        (f::MOTHER_BORN, "17.04.1998"),
        (f::MOTHER_DISTRICT, s.facility.district.as_str()),
    ] {
        draft.put(id, text);
    }
    draft
}

/// A death with everything that a doctor knows.
pub(super) fn death() -> Draft {
    let s = settings();
    let today = Some(now().date_naive());
    let mut draft = Draft::with_defaults(Kind::Death, &s.facility, Role::Doctor, Lang::Tg, today);
    draft.id = "d2".into();
    for (id, text) in [
        (f::DEATH_TIME, "04:30"),
        (f::DECEASED_SURNAME, "Ҳоҷиматов"),
        (f::DECEASED_GIVEN, "Қосим"),
        (f::DECEASED_SEX, "male"),
        (f::DECEASED_BORN, "1950"),
        (f::DECEASED_DISTRICT, s.facility.district.as_str()),
        (f::CAUSE_A, "Варами шуш"),
        (f::CAUSE_A_INTERVAL, "2 рӯз"),
        (f::DEATH_MANNER, "disease"),
    ] {
        draft.put(id, text);
    }
    draft
}

/// A model with this draft open.
pub(super) fn filling(lang: Lang, draft: Draft) -> Model {
    let mut model = working(lang);
    update(&mut model, Msg::Draft(Box::new(draft)));
    model
}

pub(super) fn notification() -> NotificationView {
    NotificationView {
        nid: "n1".into(),
        rev: 2,
        event: birth().event().0,
        status: "returned".into(),
        reg_no: None,
        signer: "Ҷумъаева Гулнора".into(),
        open: vec!["name".into(), "father".into()],
        problem: Some(ProblemView {
            code: "rule-e".into(),
            field: Some(f::BIRTH_WEIGHT.into()),
            text: [
                "Вазнро санҷед: 335 г бо 39 ҳафта мувофиқ нест.".into(),
                "Проверьте массу: 335 г не согласуется с 39 неделями.".into(),
                "Check the weight: 335 g does not go with 39 weeks.".into(),
            ],
        }),
        steps: vec![
            Step {
                at: at("2026-11-23T03:40:00+05:00"),
                what: lang::Msg::new("ui-step-signed")
                    .with("entry", lang::Arg::Ref("ui-entry-birth".into()))
                    .with("who", "Ҷумъаева Гулнора")
                    .with("rev", 1u32),
                urgent: false,
            },
            Step {
                at: at("2026-11-23T08:02:00+05:00"),
                what: lang::Msg::new("ui-step-receipt")
                    .with("status", lang::Arg::Ref("status-returned".into())),
                urgent: true,
            },
        ],
        attestable: false,
        ours: true,
    }
}

pub(super) fn delivery() -> Delivery {
    Delivery {
        waiting: vec![
            Waiting {
                nid: "n1".into(),
                entry: "void".into(),
                name: "Шарифова Моҳира".into(),
                signed: at("2026-11-23T13:50:00+05:00"),
                attempts: 0,
                why: None,
                next: Some(now()),
            },
            Waiting {
                nid: "n2".into(),
                entry: "birth".into(),
                name: "Раҳимова Ҷамила Ӯктамовна".into(),
                signed: at("2026-11-23T09:00:00+05:00"),
                attempts: 3,
                why: Some(lang::Msg::new("deliver-word-lost-name")),
                next: Some(at("2026-11-23T14:20:00+05:00")),
            },
            Waiting {
                nid: "n3".into(),
                entry: "death".into(),
                name: String::new(),
                signed: at("2026-11-21T09:00:00+05:00"),
                attempts: 1,
                why: Some(lang::Msg::new("deliver-word-refused")),
                next: None,
            },
        ],
        queue: queue(),
        last: Some((
            at("2026-11-23T14:00:00+05:00"),
            lang::Msg::new("deliver-word-lost-name"),
        )),
    }
}

/// Types: plain letters are typed, `<name>` is a key.
pub(super) fn press(model: &mut Model, keys: &str) -> Vec<Effect> {
    let mut effects = Vec::new();
    for key in strokes(keys) {
        effects.extend(update(model, Msg::Key(key)));
    }
    effects
}

pub(super) fn strokes(keys: &str) -> Vec<KeyEvent> {
    let mut out = Vec::new();
    let mut rest = keys.chars();
    while let Some(c) = rest.next() {
        let (code, modifiers) = if c == '<' {
            let name: String = rest.by_ref().take_while(|c| *c != '>').collect();
            let plain = KeyModifiers::NONE;
            match name.as_str() {
                "enter" => (KeyCode::Enter, plain),
                "esc" => (KeyCode::Esc, plain),
                "tab" => (KeyCode::Tab, plain),
                "backtab" => (KeyCode::BackTab, KeyModifiers::SHIFT),
                "up" => (KeyCode::Up, plain),
                "down" => (KeyCode::Down, plain),
                "left" => (KeyCode::Left, plain),
                "right" => (KeyCode::Right, plain),
                "pgup" => (KeyCode::PageUp, plain),
                "pgdn" => (KeyCode::PageDown, plain),
                "bs" => (KeyCode::Backspace, plain),
                "del" => (KeyCode::Delete, plain),
                "home" => (KeyCode::Home, plain),
                "end" => (KeyCode::End, plain),
                "c-t" => (KeyCode::Char('t'), KeyModifiers::CONTROL),
                "c-u" => (KeyCode::Char('u'), KeyModifiers::CONTROL),
                f => (
                    KeyCode::F(f.trim_start_matches(['f', 'F']).parse().unwrap()),
                    plain,
                ),
            }
        } else {
            (KeyCode::Char(c), KeyModifiers::NONE)
        };
        out.push(KeyEvent::new(code, modifiers));
    }
    out
}

/// Walks to a question with the keyboard.
pub(super) fn focus(model: &mut Model, id: &str) {
    for _ in 0..200 {
        if model.form().unwrap().focus == id {
            return;
        }
        press(model, "<tab>");
    }
    panic!("{id} is not reached");
}
