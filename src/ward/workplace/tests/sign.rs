//! What is signed together, and by whom it was prepared.

use super::*;
use crate::form::Draft;
use crate::lang::Lang;
use crate::vital::{Kind, field as f};
use crate::ward::store::Statement;
use crate::ward::workplace::{Author, DraftError, PersonError};

fn by(login: &str) -> Author<'_> {
    Author {
        login,
        role: Role::Doctor,
    }
}

/// A birth that a doctor could sign.
fn birth(ward: &Ward) -> Draft {
    let mut draft = ward.at.new_draft(Kind::Birth, Lang::Tg, Role::Doctor);
    for (field, text) in [
        (f::BIRTH_DATE, "23.11.2026"),
        (f::BIRTH_TIME, "03:12"),
        (f::CHILD_SEX, "female"),
        (f::BIRTH_WEIGHT, "3350"),
        (f::BIRTH_LENGTH, "51"),
        (f::BIRTH_WEEKS, "39"),
        (f::MOTHER_SURNAME, "Раҳимова"),
        (f::MOTHER_GIVEN, "Ҷамила"),
        (f::MOTHER_BORN, "17.04.1998"),
        (f::MOTHER_DISTRICT, "TJ-KT-01"),
    ] {
        draft.put(field, text);
    }
    draft
}

#[test]
fn a_birth_and_its_death_name_each_other_and_the_death_is_begun_once() {
    let mut ward = Ward::new();
    let draft = birth(&ward);
    ward.at.store.save_draft(&draft, "mehri", now()).unwrap();
    let (birth, death) = ward.at.death_of_draft(draft, by("mehri")).unwrap();
    let birth = birth.unwrap();
    assert_eq!(death.text(f::DECEASED_SURNAME), "Раҳимова");
    assert_eq!((&birth.links[0].nid, &death.links[0].nid), (&death.id, &birth.id));
    let (unchanged, again) = ward.at.death_of_draft(birth.clone(), by("mehri")).unwrap();
    assert!(unchanged.is_none() && again.id == death.id);
    // Thrown away, it is named no longer.
    ward.at.drop_draft(&death.id, "mehri").unwrap();
    let row = ward.at.store.draft(&birth.id).unwrap().unwrap();
    assert!(row.draft.links.is_empty());
}

#[test]
fn a_linked_draft_goes_along_only_where_it_is_ready_and_births_go_first() {
    let mut ward = Ward::new();
    ward.add("firuz", "Абдуллозода Фирӯз", Role::Doctor);
    let doctor = ward.at.store.person("firuz").unwrap().unwrap();
    let draft = birth(&ward);
    let (birth, mut death) = ward.at.death_of_draft(draft, by("firuz")).unwrap();
    let birth = birth.unwrap();
    // Nobody has said of what the child died.
    let all = ward.at.statements(&birth, &doctor).unwrap();
    assert_eq!(all.len(), 1);
    // Asked from the death, the birth that is ready comes first.
    death.put(f::DEATH_DATE, "23.11.2026");
    let all = ward.at.statements(&death, &doctor).unwrap();
    let kinds: Vec<_> = all.iter().map(|one| one.what.event().unwrap().kind).collect();
    assert_eq!(kinds, [Kind::Birth, Kind::Death]);
}

#[test]
fn whoever_else_wrote_at_a_draft_has_prepared_it() {
    let mut ward = Ward::new();
    ward.add("firuz", "Абдуллозода Фирӯз", Role::Doctor);
    let draft = birth(&ward);
    for login in ["mehri", "firuz"] {
        ward.at.store.save_draft(&draft, login, now()).unwrap();
    }
    let prepared = |login: &str| {
        let person = ward.at.store.person(login).unwrap().unwrap();
        let all = ward.at.statements(&draft, &person).unwrap();
        match &all[0].what {
            Statement::Event(event) => event.text(f::PREPARED_BY).unwrap().to_owned(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(prepared("firuz"), "Қосимова Меҳринисо");
    assert_eq!(prepared("mehri"), "Абдуллозода Фирӯз");
}

#[test]
fn what_cannot_be_read_or_is_no_set_is_refused() {
    let mut ward = Ward::new();
    let mut draft = birth(&ward);
    let next = ward.at.next_child(&draft, Kind::Birth, by("mehri"));
    assert!(matches!(next, Err(DraftError::NotMultiple)));
    draft.put(f::BIRTH_TIME, "25:99");
    let person = ward.person();
    let read = ward.at.statements(&draft, &person);
    assert!(matches!(read, Err(DraftError::Unreadable(e)) if e.field == f::BIRTH_TIME));
}

#[test]
fn a_colleague_is_found_by_login_or_by_a_name_that_one_person_has() {
    let mut ward = Ward::new();
    ward.add("zarina", "Қосимова Зарина", Role::Doctor);
    let found = |who: &str| ward.at.colleague(who).unwrap().map(|p| p.login);
    assert_eq!(found("mehri").as_deref(), Some("mehri"));
    assert_eq!(found("косимова зарина").as_deref(), Some("zarina"));
    assert_eq!(found("Қосимова"), None, "two of them");
    assert_eq!(found("nobody"), None);
}

#[test]
fn a_login_or_role_that_cannot_be_adds_nobody() {
    let mut ward = Ward::new();
    let mut refused = |login: &str, role: &str| {
        let new = NewPerson {
            login: login.into(),
            name: "Зоирова".into(),
            role: role.into(),
        };
        ward.at.add_person(&new, RIGHT).unwrap_err()
    };
    assert!(matches!(refused("zoirova", "device"), PersonError::Role(_)));
    assert!(matches!(refused("Зоирова", "doctor"), PersonError::Login(_)));
    assert!(matches!(refused("mehri", "doctor"), PersonError::Taken(_)));
}
