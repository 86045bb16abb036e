//! What the portal does, with its book in SQLite: the same tests as in `postgres`.

use crate::portal_support::Database;

/// Where every portal of this suite keeps its book.
const BOOK: Database = Database::Sqlite;

#[path = "suite/mod.rs"]
mod suite;

#[test]
fn an_act_is_kept_with_why_and_with_what_it_changed() {
    use crate::portal_support::{FAC, Ward, World, birth, death, with, without};
    use serde_json::json;

    let world = World::new();
    let mut ward: Ward = world.ward(FAC);
    let nameless = with(birth("Раҳимова"), "child.given", json!({"not": "yet"}));
    let nameless = without(
        with(nameless, "mother.marriage", json!("none")),
        "mother.marriage_act",
    );
    let entries = [
        ward.open(),
        ward.death(with(death("Назаров"), "death.manner", json!("pending"))),
        ward.birth(without(nameless, "father")),
    ];
    ward.deliver(&world, &entries.each_ref());
    let why = "Далели марг \"кушода\" аст.";
    let fields = [("act", "return"), ("field", "death.manner"), ("text", why)];
    assert!(world.rule(&entries[1].h, &fields));
    let record = format!("/desk/record/{}", entries[2].nid);
    let brought = [("act", "add"), ("child_given", "Мадина")];
    let (_, to) = world.registrar().send(&record, &brought);
    assert!(to.ends_with("said=desk-done"), "{to}");

    let db = rusqlite::Connection::open(world.dir().join("portal.db")).unwrap();
    let details = |nid: &str| -> String {
        let sql = "SELECT details FROM act WHERE nid = ?1 AND act <> 'see' AND details IS NOT NULL";
        db.query_row(sql, [nid], |row| row.get(0)).unwrap()
    };
    assert_eq!(
        details(&entries[1].nid),
        format!("{{\"v\":1,\"reason\":{}}}", json!(why))
    );
    let added: serde_json::Value = serde_json::from_str(&details(&entries[2].nid)).unwrap();
    assert_eq!(added["v"], 1);
    assert!(added["before"].is_object(), "{added}");
    assert_eq!(added["after"]["child_given"], "Мадина", "{added}");
}
