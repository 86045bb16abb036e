//! Causes are found as doctors type them, and a full list is read and searched.

use ogoh::icd::Catalogue;
use ogoh::lang::Lang;

/// What doctors type, with the codes of which one has to be among the first five.
fn queries() -> Vec<(Lang, String, Vec<String>)> {
    csv::Reader::from_reader(include_str!("../data/cause-queries.csv").as_bytes())
        .records()
        .map(|row| {
            let row = row.unwrap();
            let codes = row[2].split(';').map(str::to_owned).collect();
            (Lang::from_code(&row[0]).unwrap(), row[1].to_owned(), codes)
        })
        .collect()
}

/// Queries that do not find what they should, and how many there are in all.
fn missed(catalogue: &Catalogue) -> (Vec<String>, usize) {
    let all = queries();
    let missed = all
        .iter()
        .filter_map(|(lang, query, codes)| {
            let found = catalogue.search(query, *lang, 5);
            let first: Vec<&str> = found.iter().map(|f| f.cause.code.as_str()).collect();
            let hit = first.iter().any(|c| codes.iter().any(|x| x == c));
            (!hit).then(|| format!("{query}: {first:?}, wanted {codes:?}"))
        })
        .collect();
    (missed, all.len())
}

#[test]
fn the_right_cause_is_among_the_first_five_for_95_of_100_queries() {
    let (missed, all) = missed(Catalogue::built_in());
    assert_eq!(all, 200);
    assert!(missed.len() * 100 <= all * 5, "missed {}", missed.join("\n"));
}
