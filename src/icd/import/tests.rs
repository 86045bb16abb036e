use super::*;

fn codes(text: &str) -> Vec<(String, Lang, String)> {
    let list = import(text.as_bytes(), Lang::En).unwrap();
    assert_eq!(list.left, [], "{text}");
    list.titles
        .into_iter()
        .map(|t| (t.code, t.lang, t.text))
        .collect()
}

fn row(code: &str, lang: Lang, text: &str) -> (String, Lang, String) {
    (code.to_owned(), lang, text.to_owned())
}

fn left(text: &str) -> Vec<(usize, Why)> {
    let list = import(text.as_bytes(), Lang::En).unwrap();
    list.left.iter().map(|l| (l.line, l.why)).collect()
}

#[test]
fn a_csv_of_code_title_and_language_is_read() {
    let text = "\u{feff}code,title,lang\nA00,cholera,en\nA00.0,\"вабо, классикӣ\",tg\nA00-A09,a block,en\nI,a chapter,\na00.9,again,\n";
    assert_eq!(
        codes(text),
        [
            row("A00", Lang::En, "cholera"),
            row("A00.0", Lang::Tg, "вабо, классикӣ"),
            row("A00.9", Lang::En, "again"),
        ]
    );
}

#[test]
fn codes_with_and_without_a_dot_are_one() {
    for text in [
        "code,title\nI219,x\nS0650,y\n",
        "code;title\nI21.9;x\nS06.50;y\n",
        "code\ttitle\ni21.9-\tx\nS06.50*\ty\n",
        "code|title\nI 21.9|x\nS06.50|y\n",
    ] {
        assert_eq!(
            codes(text),
            [row("I21.9", Lang::En, "x"), row("S06.50", Lang::En, "y")],
            "{text}"
        );
    }
}

#[test]
fn an_open_quote_swallows_no_other_row() {
    let text = "code,title\nA00,\"cholera\nA01,typhoid\nA02,\"two\nlines\"\nA03,\"a \"\"word\"\"\"\n";
    assert_eq!(
        codes(text),
        [
            row("A00", Lang::En, "cholera"),
            row("A01", Lang::En, "typhoid"),
            row("A02", Lang::En, "two lines"),
            row("A03", Lang::En, "a \"word\""),
        ]
    );
    assert_eq!(left("code,title\nA00,\"chol, era\nA01,x\n"), [(2, Why::Columns)]);
}

#[test]
fn every_row_that_is_not_taken_is_named_with_its_line() {
    assert_eq!(
        left("code,title,lang\nA00,x,en\nA0,y,en\nA01,,en\nA02,z,de\nA00,zz,de\nA03\n"),
        [
            (3, Why::Code),
            (4, Why::Title),
            (5, Why::Language),
            (7, Why::Columns)
        ]
    );
}

#[test]
fn a_list_in_another_encoding_is_read() {
    let text = "code;title;lang\nI219;Инфаркт ёЁ №;ru\n";
    let wanted = [row("I21.9", Lang::Ru, "Инфаркт ёЁ №")];
    let windows: Vec<u8> = text
        .chars()
        .map(|c| match c {
            'ё' => 0xb8,
            'Ё' => 0xa8,
            '№' => 0xb9,
            'А'..='я' => u8::try_from(u32::from(c) - 0x410 + 0xc0).unwrap(),
            c => u8::try_from(u32::from(c)).unwrap(),
        })
        .collect();
    let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let marked = |mark: [u8; 2], bytes: &[u8]| [&mark, bytes].concat();
    for bytes in [
        text.as_bytes().to_vec(),
        windows,
        marked([0xff, 0xfe], &le),
        marked([0xfe, 0xff], &be),
        le.clone(),
        be.clone(),
    ] {
        let list = import(&bytes, Lang::En).unwrap();
        let taken: Vec<_> = list
            .titles
            .into_iter()
            .map(|t| (t.code, t.lang, t.text))
            .collect();
        assert_eq!(taken, wanted, "{bytes:?}");
    }
}

#[test]
fn the_russian_list_is_read_without_what_is_no_longer_in_force() {
    let text = "ID;REC_CODE;MKB_CODE;MKB_NAME;ID_PARENT;ADDL_CODE;ACTUAL;DATE\n1;01;I;ГЛАВА;;;1;\n2;01001;A00;холера;1;;1;01.01.2020\n3;01002;A00.1;прежнее;2;;0;\n4;01003;А00.9;с русской А;2;;1;\n";
    assert_eq!(
        codes(text),
        [
            row("A00", Lang::Ru, "холера"),
            row("A00.9", Lang::Ru, "с русской А")
        ]
    );
}

#[test]
fn claml_is_read_with_its_nested_texts_and_entities() {
    let text = r#"<?xml version="1.0"?><ClaML><Class code="I" kind="chapter"><Rubric kind="preferred"><Label xml:lang="en">chapter</Label></Rubric></Class>
    <Class code="A00.0" kind="category"><SuperClass code="A00"/><Rubric kind="inclusion"><Label xml:lang="en">not this</Label></Rubric>
    <Rubric kind="preferred"><Label xml:lang="en-GB" xml:space="default">bowel &amp; <Reference>more</Reference></Label><Label xml:lang="ru">кишки</Label><Label xml:lang="de">Darm</Label></Rubric></Class></ClaML>"#;
    assert_eq!(
        codes(text),
        [
            row("A00.0", Lang::En, "bowel & more"),
            row("A00.0", Lang::Ru, "кишки")
        ]
    );
}

#[test]
fn labels_of_other_languages_are_not_taken_as_english() {
    let class = |code: &str, lang: &str| {
        format!(
            "<Class code=\"{code}\" kind=\"category\"><Rubric kind=\"preferred\"><Label xml:lang=\"{lang}\">x</Label></Rubric></Class>\n"
        )
    };
    let text = format!("<ClaML>{}{}</ClaML>", class("A00", "en"), class("A01", "de"));
    assert_eq!(left(&text), [(2, Why::Language)]);
    let german = format!("<ClaML>{}</ClaML>", class("A01", "de"));
    assert_eq!(import(german.as_bytes(), Lang::En), Err(ImportError::Empty));
}

#[test]
fn modifiers_of_claml_are_made_or_named() {
    let label =
        |text: &str| format!("<Rubric kind=\"preferred\"><Label xml:lang=\"en\">{text}</Label></Rubric>");
    let text = format!(
        "<ClaML><Modifier code=\"M4\"/>\n<ModifierClass modifier=\"M4\" code=\".0\">{}</ModifierClass><ModifierClass modifier=\"M4\" code=\".9\">{}</ModifierClass>\n<Class kind=\"category\" code=\"E10\"><ModifiedBy code=\"M4\"/>{}</Class>\n<Class kind=\"category\" code=\"W00\"><ModifiedBy code=\"M4\"><ValidModifierClass code=\".9\"/></ModifiedBy>{}</Class>\n<Class kind=\"category\" code=\"X00\"><ModifiedBy code=\"M5\"/>{}</Class></ClaML>",
        label("with coma"),
        label("plain"),
        label("diabetes"),
        label("fall"),
        label("fire")
    );
    let list = import(text.as_bytes(), Lang::En).unwrap();
    let taken: Vec<(&str, &str)> = list
        .titles
        .iter()
        .map(|t| (t.code.as_str(), t.text.as_str()))
        .collect();
    assert_eq!(
        taken,
        [
            ("E10", "diabetes"),
            ("E10.0", "diabetes: with coma"),
            ("E10.9", "diabetes: plain"),
            ("W00", "fall"),
            ("W00.9", "fall: plain"),
            ("X00", "fire"),
        ]
    );
    assert_eq!(
        list.left.iter().map(|l| (l.line, l.why)).collect::<Vec<_>>(),
        [(5, Why::Modifier)]
    );
}

#[test]
fn what_is_no_list_is_refused_by_place() {
    for (text, error) in [
        ("", ImportError::Columns(String::new())),
        ("a,b\n1,2\n", ImportError::Columns("a,b".into())),
        ("code,title\n", ImportError::Empty),
        ("code,title\nnothing,here\n", ImportError::Empty),
        ("code,title,lang\nA00,x,de\n", ImportError::Empty),
    ] {
        assert_eq!(import(text.as_bytes(), Lang::En), Err(error), "{text}");
    }
    for broken in ["<ClaML><Class>", "<a></b>", "<Class code=\"A00\"><Label>"] {
        assert!(
            matches!(import(broken.as_bytes(), Lang::En), Err(ImportError::Xml(_))),
            "{broken}"
        );
    }
}

#[test]
fn a_list_lacks_too_much_above_a_share() {
    let list = import(b"code,title\nA00,x\nA01,y\nA02,z\nA0,q\n", Lang::En).unwrap();
    assert!(list.lacks_more_than(24) && !list.lacks_more_than(25));
}

proptest::proptest! {
    #[test]
    fn any_bytes_get_an_answer(text in "\\PC{0,200}", xml in "[<>/a-zA-Z=\" &;]{0,80}", bytes in proptest::collection::vec(0u8..=255, 0..80)) {
        let _ = import(text.as_bytes(), Lang::Tg);
        let _ = import(&bytes, Lang::Tg);
        let _ = import(format!("code,title\n{text}").as_bytes(), Lang::Tg);
        let _ = import(format!("<ClaML>{xml}").as_bytes(), Lang::Tg);
    }
}
