//! Every screen with something on it, and how it is drawn as text.

use super::*;

/// The screen as text, with the cursor's place under it.
pub(super) fn picture(model: &Model, columns: u16, rows: u16) -> String {
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
    terminal.draw(|frame| view(model, frame)).unwrap();
    let shown = terminal.backend().cursor_position();
    let buffer = terminal.backend().buffer();
    let mut out = String::new();
    for y in 0..rows {
        let mut line = String::new();
        for x in 0..columns {
            line.push_str(buffer[(x, y)].symbol());
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    if terminal.backend().cursor_visible() {
        out.push_str(&format!("cursor {},{}\n", shown.x, shown.y));
    }
    out
}

/// Every screen with something on it, by name.
pub(super) fn every_screen(lang: Lang) -> Vec<(&'static str, Model)> {
    let mut out = vec![("unlock", locked(lang))];
    let mut m = locked(lang);
    press(&mut m, "<down>чор калима");
    out.push(("unlock-typing", m));
    let mut m = locked(lang);
    press(&mut m, "<enter>нодуруст<enter>");
    update(
        &mut m,
        Msg::NotUnlocked(Shown::new(lang::Msg::new("ui-secret-wrong"))),
    );
    out.push(("unlock-refused", m));
    out.push(("home", working(lang)));
    let mut m = working(lang);
    press(&mut m, "<down><enter>");
    out.push(("home-held", m));
    let mut m = working(lang);
    let list = Home {
        counts: [0; 8],
        rows: vec![],
        list: Worklist::Unsent,
        queue: Queue::default(),
        others_seen: None,
    };
    press(&mut m, "<left><left>");
    update(&mut m, Msg::Home(Box::new(list)));
    m.clock = ClockTrust::Unsynced;
    out.push(("home-empty", m));
    let mut m = working(lang);
    press(&mut m, "<tab>");
    out.push(("command-bar", m));
    out.push(("form-birth", filling(lang, birth())));
    let mut m = filling(lang, birth());
    focus(&mut m, f::BIRTH_DATE);
    out.push(("form-date", m));
    let mut m = filling(lang, birth());
    focus(&mut m, f::BIRTH_TIME);
    press(&mut m, "<c-u>25");
    out.push(("form-error", m));
    let mut m = filling(lang, birth());
    focus(&mut m, f::MOTHER_EDUCATION);
    press(&mut m, "<down><down>");
    out.push(("form-list", m));
    let mut m = filling(lang, birth());
    focus(&mut m, f::MOTHER_DISTRICT);
    press(&mut m, "<bs>б");
    out.push(("form-list-search", m));
    let mut m = filling(lang, birth());
    focus(&mut m, f::CHILD_GIVEN);
    press(&mut m, "<f9>");
    out.push(("form-not-known", m));
    out.push(("form-death", filling(lang, death())));
    let mut m = filling(lang, birth());
    press(&mut m, "<f2>");
    update(&mut m, Msg::EventContext("d1".into(), Box::default()));
    out.push(("review", m));
    let mut draft = birth();
    draft.put(f::BIRTH_WEIGHT, "335");
    draft.put(f::MOTHER_GIVEN, "");
    let mut m = filling(lang, draft);
    press(&mut m, "<f2>");
    update(&mut m, Msg::EventContext("d1".into(), Box::default()));
    out.push(("review-stops", m));
    let mut m = filling(lang, death());
    press(&mut m, "<f2>");
    m.over.push(Over::Dialog(Dialog::new(
        Purpose::Sign,
        &[DialogField::Surname, DialogField::Secret],
        vec!["Ҳоҷиматов".into()],
    )));
    press(&mut m, "Хочиматов<tab>калима");
    out.push(("sign-death", m));
    let mut m = working(lang);
    press(&mut m, "<f7>рахим");
    let mut found = home(Worklist::Unfinished).rows;
    found.extend(home(Worklist::Returned).rows);
    let number = m.searches;
    update(&mut m, Msg::Found(number, found));
    out.push(("search", m));
    let mut m = working(lang);
    press(&mut m, "<f7>");
    out.push(("search-begin", m));
    let mut m = working(lang);
    m.screens.push(Screen::Notification(NotificationScreen {
        nid: "n1".into(),
        shown: None,
        from: 0,
    }));
    update(&mut m, Msg::Notification(Box::new(notification())));
    out.push(("notification", m.clone()));
    press(&mut m, "a");
    out.push(("annul", m));
    let mut m = working(lang);
    press(&mut m, "l");
    update(&mut m, Msg::Delivery(Box::new(delivery())));
    out.push(("delivery", m));
    let mut m = filling(lang, death());
    focus(&mut m, f::CAUSE_B);
    press(&mut m, "<c-u>инфаркт<down><down>");
    out.push(("form-causes", m));
    let mut m = working(lang);
    press(&mut m, "h");
    let lists = [Worklist::Unfinished, Worklist::Returned].map(|list| (list, home(list).rows));
    update(&mut m, Msg::Handover(lists.to_vec()));
    press(&mut m, "<down>");
    out.push(("handover", m));
    let mut draft = birth();
    draft.put(f::BIRTH_WEIGHT, "3420");
    draft.put(f::MOTHER_PHONE, "+992 91 812 3456");
    draft.amends = Some(crate::form::Amends {
        nid: "n1".into(),
        rev: 1,
        h: "h".into(),
        reason: "китоби қайд".into(),
    });
    let mut m = filling(lang, draft);
    press(&mut m, "<f2>");
    let context = EventContext {
        before: Some(birth().event().0),
        ..EventContext::default()
    };
    update(&mut m, Msg::EventContext("d1".into(), Box::new(context)));
    out.push(("review-changes", m));
    let mut m = filling(lang, birth());
    press(&mut m, "<f1>");
    out.push(("help-form", m));
    let mut m = working(lang);
    press(&mut m, "<f1>");
    out.push(("help-home", m));
    out
}
