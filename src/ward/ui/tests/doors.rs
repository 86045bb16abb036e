//! The form asks what every door asks.

use proptest::prelude::*;

use super::*;
use crate::questions::questions;
use crate::rules::tests::generator::{any_event, config, looked, now as looked_at};
use crate::vital::Event;

/// An event without the answers to what the form does not ask.
fn asked(event: &Event) -> Event {
    let mut event = event.clone();
    loop {
        let hidden = questions(event.kind).find(|q| event.get(q.id).is_some() && !q.shows(&event));
        let Some(q) = hidden else { return event };
        event.values.remove(q.id);
    }
}

proptest! {
    #![proptest_config(config(500))]

    /// What was stated is typed, read and found wrong as it was; what the form does not ask is named and left out.
    #[test]
    fn the_form_is_asked_what_every_door_asks(event in any_event()) {
        let mut model = working(Lang::Tg);
        model.now = looked_at();
        update(&mut model, Msg::Draft(Box::new(Draft::from_event(&event))));
        let form = model.form().unwrap();
        prop_assert!(form.errors.is_empty(), "{:?}", form.errors);
        let asked = asked(&event);
        prop_assert_eq!(&form.event.values, &asked.values);
        let (left_out, found): (Vec<_>, Vec<_>) =
            form.findings.iter().cloned().partition(|x| x.msg.id == "ui-left-out");
        prop_assert_eq!(found, looked(&form.event));
        for (field, _) in event.values.iter().filter(|(field, _)| !asked.values.contains_key(*field)) {
            let named = left_out.iter().any(|x| x.field == field);
            prop_assert_eq!(named, event.known(field).is_some(), "{}", field);
        }
    }
}
