//! A full list of causes: how long its import takes, and a search in it.

use std::fmt::Write;
use std::time::Duration;

use ogoh::icd::{Catalogue, import};
use ogoh::lang::Lang;
use ogoh::ward::store::Store;

use crate::harness::{Bench, p99, shown, timed};
use crate::sample::Dice;

/// Rows of the Russian reference list, in round numbers.
const ROWS: usize = 15_000;

/// A list in the form of the Russian one, of as many invented words as a real one has: about 7,000.
fn list(dice: &mut Dice) -> String {
    const SYLLABLES: [&str; 24] = [
        "пне", "вмо", "ния", "кар", "дио", "мио", "пат", "ия", "гаст", "рит", "неф", "роз", "туб", "ерк",
        "улёз", "ост", "рый", "хро", "нич", "еск", "ий", "лев", "ого", "лёгк",
    ];
    let words: Vec<String> = (0..7_000)
        .map(|_| {
            (0..2 + dice.below(3))
                .map(|_| SYLLABLES[dice.below(24) as usize])
                .collect()
        })
        .collect();
    let mut out = String::from("ID;REC_CODE;MKB_CODE;MKB_NAME;ID_PARENT;ADDL_CODE;ACTUAL;DATE\n");
    let mut row = 0;
    for letter in 'A'..='Z' {
        for category in 0..100 {
            for sub in 0..6 {
                row += 1;
                if row > ROWS {
                    return out;
                }
                let title: Vec<&str> = (0..3 + dice.below(6))
                    .map(|_| words[dice.below(7_000) as usize].as_str())
                    .collect();
                let title = title.join(" ");
                writeln!(out, "{row};0;{letter}{category:02}.{sub};{title};1;;1;").unwrap();
            }
        }
    }
    out
}

/// Reading, storing and making searchable; then searches as somebody types them.
pub fn measure(bench: &mut Bench) {
    let mut dice = Dice(7);
    let text = list(&mut dice);
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(&folder.path().join("ogoh.db")).unwrap();
    let (took, titles) = timed(|| {
        let titles = import(text.as_bytes(), Lang::Ru).unwrap().titles;
        store.load_causes(&titles).unwrap();
        titles
    });
    assert_eq!(titles.len(), ROWS);
    println!("import of {ROWS} rows, durable: {}", shown(took));
    bench.bound("import", took.as_secs_f64(), 2.0, 4.0);
    let (took, catalogue) = timed(|| Catalogue::with_list(&titles));
    println!("  made searchable in {}", shown(took));
    let queries: Vec<(Lang, String)> =
        csv::Reader::from_reader(include_str!("../../tests/data/cause-queries.csv").as_bytes())
            .records()
            .map(|r| {
                let r = r.unwrap();
                (Lang::from_code(&r[0]).unwrap(), r[1].to_owned())
            })
            .collect();
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..bench.choose(2, 10) {
        for (lang, query) in &queries {
            // Every beginning of it is a search of its own while somebody types.
            for end in query.char_indices().skip(2).map(|(i, _)| i).chain([query.len()]) {
                times.push(timed(|| catalogue.search(&query[..end], *lang, 8).len()).0);
            }
        }
    }
    println!(
        "search as one types in {} causes, {} searches: {} median, {} p99",
        catalogue.causes().len(),
        times.len(),
        shown(crate::harness::median(&times)),
        shown(p99(&times))
    );
    bench.bound("search, ms", p99(&times).as_secs_f64() * 1000.0, 5.0, 20.0);
}
