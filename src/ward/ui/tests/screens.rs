//! Every screen in three languages and two sizes.

use super::*;

#[test]
fn every_screen_looks_like_its_picture() {
    let all = Lang::ALL.map(every_screen);
    for i in 0..all[0].len() {
        let name = all[0][i].0;
        let mut pictures = String::new();
        for (screens, lang) in all.iter().zip(Lang::ALL) {
            for (columns, rows) in [(80, 24), (120, 36)] {
                pictures.push_str(&format!("== {} {columns}x{rows}\n", lang.code()));
                pictures.push_str(&picture(&screens[i].1, columns, rows));
            }
        }
        insta::assert_snapshot!(name, pictures);
    }
}

#[test]
fn no_screen_shows_a_message_that_is_not_in_the_catalogue() {
    for lang in Lang::ALL {
        for (name, model) in every_screen(lang) {
            let shown = picture(&model, 120, 36);
            for stem in [
                "ui-", "field-", "status-", "kind-", "section-", "rule-", "deliver-", "role-",
            ] {
                assert!(!shown.contains(stem), "{name} {lang:?} {stem}\n{shown}");
            }
        }
    }
}

#[test]
fn only_signs_that_the_console_fonts_have_are_drawn() {
    let ours = "─│┌┐└┘├┤┬┴┼═║█■•→";
    for lang in Lang::ALL {
        for (name, model) in every_screen(lang) {
            for c in picture(&model, 80, 24).chars() {
                let fine = c.is_alphanumeric() || c.is_ascii() || ours.contains(c) || "«»„“”’–—№".contains(c);
                assert!(fine, "{name} {lang:?}: {c:?}");
            }
        }
    }
}

#[test]
fn a_monochrome_screen_shows_the_focus_without_colour() {
    let mut model = filling(Lang::Tg, birth());
    model.theme = crate::ward::ui::theme::Theme::mono();
    let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
    terminal.draw(|frame| view(&model, frame)).unwrap();
    let buffer = terminal.backend().buffer();
    let reversed = buffer
        .content()
        .iter()
        .filter(|c| c.modifier.contains(ratatui::style::Modifier::REVERSED))
        .count();
    assert!(reversed > 80 * 3, "header, footer and the field in focus");
    let coloured = buffer
        .content()
        .iter()
        .any(|c| c.fg != ratatui::style::Color::Reset);
    assert!(!coloured);
}

#[test]
fn text_from_data_never_reaches_the_terminal_as_control_codes() {
    let mut hostile = home(Worklist::Unfinished);
    hostile.rows[0].name = "Ра\u{1b}[31mҳим\u{202e}ова\u{200b}\u{9b}2J\u{7}".into();
    let mut model = working(Lang::Tg);
    update(&mut model, Msg::Home(Box::new(hostile)));
    let shown = picture(&model, 80, 24);
    assert!(shown.contains("Ра?[31mҳимова?2J?"), "{shown}");
    assert!(!shown.chars().any(|c| c.is_control() && c != '\n'));
}

#[test]
fn the_header_tells_the_truth_about_sending() {
    let mut model = working(Lang::En);
    assert!(picture(&model, 80, 24).contains("3 unsent, oldest 5 h, last receipt 14:02"));
    update(&mut model, Msg::Queue(Queue::default()));
    assert!(picture(&model, 80, 24).contains("nothing unsent, no receipt yet"));
    let annulling = Queue {
        annulling: 1,
        ..queue()
    };
    update(&mut model, Msg::Queue(annulling));
    assert!(picture(&model, 80, 24).contains("annulling: 1"));
}
