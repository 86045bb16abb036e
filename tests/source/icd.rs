//! Causes are found as doctors type them, and a full list is read and searched.

use ogoh::icd::{Catalogue, Notice, Title, read_text};
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

/// Lines of a certificate as doctors write them, with the category that each is.
fn texts(file: &str) -> Vec<(Lang, String, String)> {
    csv::Reader::from_reader(file.as_bytes())
        .records()
        .map(|row| {
            let row = row.unwrap();
            let lang = Lang::from_code(&row[0]).unwrap();
            (lang, row[1].to_owned(), row[2].to_owned())
        })
        .collect()
}

/// How many of the texts of a language are read rightly, wrongly, not at all; says it with `--nocapture`.
#[allow(clippy::print_stdout, reason = "the figures are what it is run for")]
fn measured<'a>(texts: impl Iterator<Item = &'a (Lang, String, String)>, name: &str) -> [usize; 3] {
    let mut all = [0; 3];
    let mut by_lang = std::collections::BTreeMap::<&str, [usize; 3]>::new();
    for (lang, text, category) in texts {
        let read = read_text(text);
        let place = match read.code() {
            Some(code) if code.starts_with(category.as_str()) => 0,
            Some(code) => {
                println!("{name}: {text}: read as {code}, is {category}");
                1
            }
            None => 2,
        };
        all[place] += 1;
        by_lang.entry(lang.code()).or_default()[place] += 1;
    }
    println!("{name}: right, wrong, uncoded: {all:?}, {by_lang:?}");
    all
}

#[test]
fn three_of_four_texts_are_read_as_their_category_and_one_of_a_hundred_wrongly() {
    let first = texts(include_str!("../data/cause-texts.csv"));
    let later = texts(include_str!("../data/cause-texts-later.csv"));
    assert_eq!((first.len(), later.len()), (300, 180));
    let half = |list: &[(Lang, String, String)], odd: usize| {
        let part: Vec<_> = list.iter().skip(odd).step_by(2).cloned().collect();
        part
    };
    for (part, name) in [
        (half(&first, 0), "first, tuned on"),
        (half(&first, 1), "first, held out"),
        (half(&later, 0), "later, tuned on"),
        (half(&later, 1), "later, held out"),
    ] {
        let [right, wrong, _] = measured(part.iter(), name);
        assert!(right * 100 >= part.len() * 75, "{name}: {right}");
        assert!(wrong * 100 <= part.len(), "{name}: {wrong}");
    }
}

#[test]
fn shorthand_and_latin_are_read_where_they_say_one_thing() {
    let mut faults = Vec::new();
    for (text, category) in [
        ("ОИМ передней стенки ЛЖ", "I21"),
        ("инфаркт миокарда боковой стенки левого желудочка", "I21"),
        ("NSTEMI", "I21"),
        ("acute NSTEMI", "I21"),
        ("Ca ventriculi", "C16"),
        ("cr ventriculi 4 ст", "C16"),
        ("Недоношенность 31 нед, преждевременные роды", "P07"),
        ("Кӯдаки бармаҳал таваллудшуда", "P07"),
        ("таваллуди бармаҳал", "P07"),
        ("fell off the roof", "W13"),
        ("fell from tree", "W14"),
        ("HIV, pneumocystis pneumonia", "B20"),
        ("ВИЧ+ пневмоцистная пневмония", "B20"),
        ("Цирроз печени вирусной этиологии, HCV", "K74"),
        ("пневмония вирусной этиологии", "J12"),
    ] {
        let read = read_text(text);
        let code = read.code().unwrap_or_default();
        if !code.starts_with(category) {
            faults.push(format!("{text}: {read:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    // Nobody can tell whose the early birth, whose hand, or which condition of the two.
    for text in [
        "преждевременные роды",
        "Повешение",
        "hanging",
        "Цирроз печени, вирусный гепатит С",
        "недостаточность ЛЖ",
        "разрыв левого желудочка",
        "hypertrophia ventriculi",
    ] {
        assert_eq!(read_text(text).code(), None, "{text}");
    }
}

#[test]
fn what_is_not_sure_is_noticed_for_what_it_is_and_never_a_code() {
    for (text, notice) in [
        ("Пневмония, ХСН", Notice::Several),
        ("ИБС. ПИКС. ХСН 2Б", Notice::Several),
        ("1. ИБС 2. Сахарный диабет", Notice::Several),
        ("pneumonia and heart failure", Notice::Several),
        ("илтиҳоби шуш ва норасоии дил", Notice::Several),
        ("Остановка сердца на фоне ИБС", Notice::DueTo),
        ("acute MI due to coronary artery disease", Notice::DueTo),
        ("renal failure secondary to diabetes", Notice::DueTo),
        ("норасоии дил дар натиҷаи инфаркти миокард", Notice::DueTo),
        ("камхунӣ аз сабаби хунравӣ", Notice::DueTo),
        ("Пневмония, осложнённая сепсисом", Notice::DueTo),
        ("см. выше", Notice::SeeAbove),
        ("see above", Notice::SeeAbove),
        ("ниг. ба боло", Notice::SeeAbove),
        ("ОКН", Notice::Ambiguous),
        ("PE", Notice::Ambiguous),
        ("анемия вследствие дефицита железа?", Notice::DueTo),
        ("пневмония?", Notice::Doubt),
        ("подозрение на инфаркт миокарда", Notice::Doubt),
        ("эҳтимол инфаркти миокард", Notice::Doubt),
        ("probable stroke", Notice::Doubt),
        ("инфаркт миокарда исключён", Notice::Negation),
        ("no pneumonia", Notice::Negation),
        ("пневмония нест", Notice::Negation),
    ] {
        let read = read_text(text);
        assert_eq!((read.code(), read.notice), (None, Some(notice)), "{text}");
    }
    // One condition, though it says what it is due to.
    assert_eq!(
        read_text("анемия вследствие дефицита железа").code(),
        Some("D50.9")
    );
    assert_eq!(read_text("Рак без выявленного очага").code(), Some("C80.9"));
    assert_eq!(read_text("рак лёгкого, метастазы в печень").code(), Some("C34.9"));
    assert_eq!(read_text("I219").code(), Some("I21.9"));
    for text in [
        "",
        "?",
        "велосипед",
        "боль",
        "пневмония велосипед",
        "острая",
        "A10",
        "саратони",
    ] {
        let code = read_text(text).code().map(str::to_owned);
        assert!(code.is_none() || text == "саратони", "{text}: {code:?}");
    }
}

#[test]
fn what_tells_conditions_apart_is_minded() {
    for (text, code) in [
        ("бронхит острый", "J20"),
        ("бронхит хронический", "J42"),
        ("панкреатит хронический", "K86"),
        ("острый панкреатит", "K85"),
        ("ХПН", "N18"),
        ("ОПН", "N17"),
        ("почечная недостаточность", "N19"),
        ("сепсис", "A41"),
        ("сепсис новорождённого", "P36"),
        ("послеродовый сепсис", "O85"),
        ("пневмония новорождённого", "P23"),
        ("кома гипогликемическая", "E15"),
        ("инфаркт миокарда", "I21"),
        ("повторный инфаркт миокарда", "I22"),
        ("перенесённый инфаркт миокарда", "I25"),
        ("инсульт", "I64"),
        ("последствия инсульта", "I69"),
        ("остановка сердца", "I46"),
        ("неизвестно", "R99"),
        ("смерть", "R99"),
        ("пиронсолӣ", "R54"),
        ("сабаб номаълум", "R99"),
        ("heart failure", "I50"),
        ("дыхательная недостаточность", "J96"),
    ] {
        let read = read_text(text);
        assert_eq!(read.code().map(|c| &c[..3]), Some(code), "{text}");
    }
    for text in [
        "инфаркт",
        "сакта",
        "асфиксия",
        "порок",
        "анемия беременных и роды",
        "гипертензия новорождённого",
    ] {
        assert_eq!(read_text(text).code(), None, "{text}");
    }
}

#[test]
fn a_list_reads_what_is_not_built_in_and_nothing_else_changes() {
    let title = |code: &str, text: &str| Title {
        code: code.to_owned(),
        lang: Lang::En,
        text: text.to_owned(),
    };
    let list = Catalogue::with_list(&[
        title("E75.2", "Xylotic storage disease"),
        title("J18.9", "Pneumonia, unspecified"),
    ]);
    assert_eq!(read_text("Xylotic storage disease").code(), None);
    assert_eq!(list.read("xylotic  storage disease").code(), Some("E75.2"));
    assert_eq!(list.read("Xylotic storage disease?").code(), None);
    assert_eq!(list.read("пневмония").code(), Some("J18.9"));
}
