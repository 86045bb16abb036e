//! Codes offered for a cause that was written in words.

use super::keys::saved;
use super::*;

/// A death whose line b says this, without a code, with the focus on the line.
fn written(line: &str) -> Model {
    let mut draft = death();
    draft.put(f::CAUSE_B, line);
    draft.put("cause.b.code", "");
    let mut model = filling(Lang::En, draft);
    focus(&mut model, f::CAUSE_B);
    model
}

/// Goes on to the line's code.
fn to_code(model: &mut Model) {
    for _ in 0..3 {
        if model.form().unwrap().focus != "cause.b.code" {
            press(model, "<tab>");
        }
    }
    assert_eq!(model.form().unwrap().focus, "cause.b.code");
}

fn offered(model: &Model) -> Vec<&str> {
    let rows = &model.form().unwrap().offered.rows;
    rows.iter().map(|(code, _)| code.as_str()).collect()
}

#[test]
fn what_a_line_is_read_as_is_offered_where_its_code_goes() {
    for (line, code) in [
        // Sure; doubted; one of two.
        ("ИБС. ОИМ", "I21.9"),
        ("susp. acute myocardial infarction", "I21.9"),
        ("пневмонияи шадид ва сепсис", "A41.9"),
    ] {
        let mut model = written(line);
        to_code(&mut model);
        assert!(offered(&model).contains(&code), "{line}: {:?}", offered(&model));
        // Nothing is taken until somebody points at it.
        assert!(model.form().unwrap().draft.text("cause.b.code").is_empty());
    }
}

#[test]
fn an_offer_is_taken_beside_the_words_that_stay() {
    let mut model = written("susp. acute myocardial infarction");
    to_code(&mut model);
    press(&mut model, "<down>");
    let effects = press(&mut model, "<enter>");
    let draft = saved(&effects).unwrap();
    assert_eq!(draft.text("cause.b.code"), "I21.9");
    assert_eq!(draft.text(f::CAUSE_B), "susp. acute myocardial infarction");
}

#[test]
fn a_code_that_stands_or_is_not_known_is_offered_nothing() {
    let mut model = written("ОИМ");
    to_code(&mut model);
    press(&mut model, "I21.0<backtab><tab>");
    assert!(offered(&model).is_empty(), "{:?}", offered(&model));
}
