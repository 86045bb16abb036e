//! What a person or a facility may be called.

use crate::env::{Facility, Role};
use crate::ward::workplace::{NewPerson, PersonError, SetUpError, check_facility, check_plan};

use super::{RIGHT, Ward};

/// What no line may hold, stand for, or be.
fn bad_lines() -> Vec<String> {
    let held = ["\n", "\u{61c}", "\u{ad}", "\u{2028}"];
    let mut all: Vec<String> = held.iter().map(|c| format!("Ӯ{c}х")).collect();
    all.extend([String::new(), "  ".to_owned(), "ҷ".repeat(201)]);
    all
}

#[test]
fn nobody_is_added_under_a_name_that_a_reader_does_not_see_whole() {
    let mut ward = Ward::new();
    let person = |name: &str| NewPerson {
        login: "zebo".to_owned(),
        name: name.to_owned(),
        role: Role::Midwife.code().to_owned(),
    };
    for bad in bad_lines() {
        let new = person(&bad);
        let settings = ward.at.settings.clone();
        assert!(
            matches!(ward.at.add_person(&new, RIGHT), Err(PersonError::Name)),
            "{bad:?}"
        );
        assert!(
            matches!(
                check_plan(&settings, [&new]),
                Err(SetUpError::Person(PersonError::Name))
            ),
            "{bad:?}"
        );
        let facility = settings.facility;
        let named = Facility {
            name: bad.clone(),
            ..facility.clone()
        };
        assert!(
            matches!(check_facility(&named), Err(SetUpError::FacilityName)),
            "{bad:?}"
        );
        let coded = Facility {
            code: bad,
            ..facility
        };
        assert!(
            matches!(check_facility(&coded), Err(SetUpError::FacilityCode(_))),
            "{coded:?}"
        );
    }
    let added = ward.at.add_person(&person(" Зебо Юсуфи\u{304} "), RIGHT).unwrap();
    assert_eq!(added.name, "Зебо Юсуфӣ");
}
