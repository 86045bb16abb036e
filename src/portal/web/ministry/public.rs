//! What everybody may see: counts by district of a month that is over, without small cells and
//! without any from which a small one follows.

use std::collections::BTreeMap;

use super::table::{Datum, Table};
use crate::figures::{CountCell, Counts, Published, Sheet, publish};
use crate::lang::{Lang, text};
use crate::portal::book::{BookResult, ReadTransaction};
use crate::portal::projections::months::{by, region};

/// Kinds of event that are published.
const KINDS: [&str; 3] = ["live_births", "stillbirths", "deaths"];

/// The two published tables of a month.
pub(in crate::portal::web) fn tables(
    tx: &ReadTransaction<'_>,
    month: i32,
    lang: Lang,
) -> BookResult<Vec<Table>> {
    let occurrence = districts(tx, by::DISTRICT, month)?;
    let residence = districts(tx, by::DISTRICT_OF_RESIDENCE, month)?;
    let published: Vec<Published> = KINDS
        .iter()
        .map(|kind| publish(&counts(&occurrence, kind), &counts(&residence, kind)))
        .collect();
    let head = || vec!["place", "live_births", "stillbirths", "deaths"];
    let sheets = |sheet: fn(&Published) -> &Sheet| {
        let of: Vec<(&Sheet, Option<u64>)> = published.iter().map(|p| (sheet(p), p.country)).collect();
        rows(&of, lang)
    };
    Ok(vec![
        Table {
            id: "public-occurrence",
            head: head(),
            rows: sheets(|p| &p.occurrence),
        },
        Table {
            id: "public-residence",
            head: head(),
            rows: sheets(|p| &p.residence),
        },
    ])
}

/// The counts of every district in a month, by a kind of place.
pub(in crate::portal::web) fn districts(
    tx: &ReadTransaction<'_>,
    kind: &str,
    month: i32,
) -> BookResult<BTreeMap<String, CountCell>> {
    let mut out = BTreeMap::new();
    for row in tx.cells(kind, None, month, month)? {
        let cell = serde_json::from_str(&row.body)?;
        out.insert(row.place, cell);
    }
    Ok(out)
}

/// Every district of the list, and a place without a name for what belongs to none.
fn counts(cells: &BTreeMap<String, CountCell>, kind: &str) -> Counts {
    let listed = crate::codes::list("district").into_iter().flat_map(|l| &l.codes);
    let mut districts: BTreeMap<String, (String, u64)> =
        listed.map(|d| (d.code.clone(), (region(&d.code), 0))).collect();
    for (place, cell) in cells {
        let known = districts.contains_key(place);
        let code = if known { place.clone() } else { String::new() };
        let (_, n) = districts.entry(code).or_insert_with(|| (String::new(), 0));
        *n += cell.get(kind);
    }
    Counts { districts }
}

fn shown(count: Option<u64>) -> Datum {
    count.map_or(Datum::Hidden, Datum::Count)
}

fn rows(sheets: &[(&Sheet, Option<u64>)], lang: Lang) -> Vec<Vec<Datum>> {
    let name = |list: &str, code: &str| match code {
        "" => text(lang, "figures-unknown-place"),
        code => crate::codes::name(list, code, lang),
    };
    let line = |first: String, pick: &dyn Fn(&Sheet, Option<u64>) -> Option<u64>| {
        let counts = sheets.iter().map(|(sheet, all)| shown(pick(sheet, *all)));
        std::iter::once(Datum::Text(first))
            .chain(counts)
            .collect::<Vec<_>>()
    };
    let mut out = vec![line(text(lang, "figures-all"), &|_, all| all)];
    let Some((first, _)) = sheets.first() else {
        return out;
    };
    for code in first.regions.keys() {
        let of_region = |sheet: &Sheet, _: Option<u64>| sheet.regions.get(code).copied().flatten();
        out.push(line(name("region", code), &of_region));
        for district in first.districts.keys().filter(|d| region(d) == *code) {
            let of_district =
                |sheet: &Sheet, _: Option<u64>| sheet.districts.get(district).copied().flatten();
            out.push(line(format!("· {}", name("district", district)), &of_district));
        }
    }
    out
}
