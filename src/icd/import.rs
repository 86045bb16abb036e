//! Reading a full list: CSV, ClaML, or the Russian reference list.
//!
//! The form is told by what the file begins with. Only codes of three characters and longer are
//! taken; chapters and blocks are headings that nobody is certified with.

use std::collections::BTreeSet;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use unicode_normalization::UnicodeNormalization;

use super::Icd;
use crate::lang::{Explain, Lang, Msg};

/// What a list calls a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
    /// The code, in Latin capitals.
    pub code: String,
    /// Language of the text.
    pub lang: Lang,
    /// The text, NFC.
    pub text: String,
}

/// Why a file is no list of codes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// Not the columns of any list that is known.
    #[error("unknown columns")]
    Columns(String),
    /// A row that cannot be read.
    #[error("row {0} cannot be read")]
    Row(u64),
    /// A language that the program does not have.
    #[error("unknown language in row {row}")]
    Language {
        /// Row of the file, from 1.
        row: u64,
        /// What was found.
        found: String,
    },
    /// XML that breaks off or is none.
    #[error("broken XML at byte {0}")]
    Xml(u64),
    /// Not one code in it.
    #[error("no code")]
    Empty,
}

impl Explain for ImportError {
    fn msg(&self) -> Msg {
        match self {
            ImportError::Columns(found) => Msg::new("icd-columns").with("found", found.as_str()),
            ImportError::Row(row) => Msg::new("icd-row").with("row", row.to_string()),
            ImportError::Language { row, found } => Msg::new("icd-language")
                .with("row", row.to_string())
                .with("found", found.as_str()),
            ImportError::Xml(at) => Msg::new("icd-xml").with("at", at.to_string()),
            ImportError::Empty => Msg::new("icd-empty"),
        }
    }

    fn hint(&self) -> Option<Msg> {
        Some(Msg::new("icd-hint"))
    }
}

/// Reads a list. `lang` is the language of titles of which the file does not say it.
///
/// # Errors
/// [`ImportError`] names what was found and where; nothing of a faulty file is taken.
pub fn import(text: &str, lang: Lang) -> Result<Vec<Title>, ImportError> {
    let text = text.trim_start_matches('\u{feff}');
    let mut titles = if text.trim_start().starts_with('<') {
        claml(text, lang)?
    } else {
        table(text, lang)?
    };
    // The same title twice says nothing new; the first one stays.
    let mut seen = BTreeSet::new();
    titles.retain(|t| seen.insert((t.code.clone(), t.lang.code(), t.text.clone())));
    if titles.is_empty() {
        return Err(ImportError::Empty);
    }
    Ok(titles)
}

/// A code as the program writes it, or none where it is a chapter, a block or no code at all.
fn code_of(text: &str) -> Option<String> {
    let code: String = text
        .trim()
        .trim_end_matches(['*', '+', '†', '.', '-'])
        .chars()
        .flat_map(char::to_uppercase)
        .map(super::latin)
        .collect();
    Icd::parse(&code).map(|_| code)
}

fn title(code: &str, lang: Lang, text: &str) -> Option<Title> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let text: String = words.join(" ").nfc().filter(|c| !c.is_control()).collect();
    let code = code_of(code).filter(|_| !text.is_empty())?;
    Some(Title { code, lang, text })
}

/// `code,title[,lang]`, or the Russian list `ID;REC_CODE;MKB_CODE;MKB_NAME;ID_PARENT;…;ACTUAL;DATE`.
fn table(text: &str, lang: Lang) -> Result<Vec<Title>, ImportError> {
    let head = text.lines().next().unwrap_or_default();
    let delimiter = if head.matches(';').count() > head.matches(',').count() {
        b';'
    } else {
        b','
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .from_reader(text.as_bytes());
    let columns: Vec<String> = reader
        .headers()
        .map_err(|_| ImportError::Row(1))?
        .iter()
        .map(|c| c.trim().to_lowercase())
        .collect();
    let column = |names: &[&str]| columns.iter().position(|c| names.contains(&c.as_str()));
    let russian = columns.iter().any(|c| c == "mkb_code");
    let (Some(codes), Some(titles)) = (
        column(&["code", "mkb_code"]),
        column(&["title", "mkb_name", "name"]),
    ) else {
        let found: String = head.chars().take(60).collect();
        return Err(ImportError::Columns(found));
    };
    let (langs, actual) = (column(&["lang"]), column(&["actual"]));
    let lang = if russian { Lang::Ru } else { lang };
    let mut out = Vec::new();
    for (row, record) in (2u64..).zip(reader.records()) {
        let record = record.map_err(|_| ImportError::Row(row))?;
        let get = |i: usize| record.get(i).unwrap_or_default().trim();
        // Rows that are no longer in force stay in the Russian list, marked 0.
        if actual.is_some_and(|i| get(i) == "0") {
            continue;
        }
        let said = langs.map(get).unwrap_or_default();
        let lang = match Lang::from_code(said) {
            Some(l) => l,
            None if said.is_empty() => lang,
            None => {
                let found = said.chars().take(20).collect();
                return Err(ImportError::Language { row, found });
            }
        };
        out.extend(title(get(codes), lang, get(titles)));
    }
    Ok(out)
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    tag.attributes()
        .filter_map(Result::ok)
        .find(|a| a.key.as_ref() == name)
        .map(|a| a.value.into_owned())
}

/// ClaML, WHO's form of classifications: `Class` of kind `category`, in it the `Rubric` of kind
/// `preferred`, in that a `Label` for each language.
fn claml(text: &str, lang: Lang) -> Result<Vec<Title>, ImportError> {
    let mut reader = Reader::from_str(text);
    let mut out = Vec::new();
    let mut code: Option<String> = None;
    let mut preferred = false;
    let mut label: Option<(Lang, String)> = None;
    let mut depth = 0usize;
    loop {
        let at = reader.buffer_position();
        match reader.read_event().map_err(|_| ImportError::Xml(at))? {
            Event::Start(tag) => {
                depth += 1;
                match tag.local_name().as_ref() {
                    "Class" => {
                        let category = attribute(&tag, "kind").is_none_or(|k| k == "category");
                        code = attribute(&tag, "code").filter(|_| category);
                    }
                    "Rubric" => preferred = attribute(&tag, "kind").as_deref() == Some("preferred"),
                    "Label" if preferred && code.is_some() => {
                        let said = attribute(&tag, "xml:lang").and_then(|l| Lang::from_code(&l));
                        label = Some((said.unwrap_or(lang), String::new()));
                    }
                    _ => {}
                }
            }
            Event::Text(words) => {
                if let Some((_, text)) = &mut label {
                    text.push_str(&words.xml10_content());
                    text.push(' ');
                }
            }
            Event::GeneralRef(entity) => {
                if let Some((_, text)) = &mut label {
                    text.push(match entity.as_ref() {
                        "amp" => '&',
                        "lt" => '<',
                        "gt" => '>',
                        "quot" => '"',
                        "apos" => '\'',
                        _ => ' ',
                    });
                }
            }
            Event::End(tag) => {
                depth = depth.checked_sub(1).ok_or(ImportError::Xml(at))?;
                match tag.local_name().as_ref() {
                    "Class" => code = None,
                    "Rubric" => preferred = false,
                    "Label" => {
                        if let (Some((lang, text)), Some(code)) = (label.take(), &code) {
                            out.extend(title(code, lang, &text));
                        }
                    }
                    _ => {}
                }
            }
            Event::Eof if depth == 0 => return Ok(out),
            Event::Eof => return Err(ImportError::Xml(at)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<(String, Lang, String)> {
        import(text, Lang::En)
            .unwrap()
            .into_iter()
            .map(|t| (t.code, t.lang, t.text))
            .collect()
    }

    fn row(code: &str, lang: Lang, text: &str) -> (String, Lang, String) {
        (code.to_owned(), lang, text.to_owned())
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
        <Rubric kind="preferred"><Label xml:lang="en" xml:space="default">bowel &amp; <Reference>more</Reference></Label><Label xml:lang="ru">кишки</Label></Rubric></Class></ClaML>"#;
        assert_eq!(
            codes(text),
            [
                row("A00.0", Lang::En, "bowel & more"),
                row("A00.0", Lang::Ru, "кишки")
            ]
        );
    }

    #[test]
    fn what_is_no_list_is_refused_by_place() {
        for (text, error) in [
            ("", ImportError::Columns(String::new())),
            ("a,b\n1,2\n", ImportError::Columns("a,b".into())),
            ("code,title\n", ImportError::Empty),
            ("code,title\nnothing,here\n", ImportError::Empty),
            (
                "code,title,lang\nA00,x,de\n",
                ImportError::Language {
                    row: 2,
                    found: "de".into(),
                },
            ),
        ] {
            assert_eq!(import(text, Lang::En), Err(error), "{text}");
        }
        for broken in ["<ClaML><Class>", "<a></b>", "<Class code=\"A00\"><Label>"] {
            assert!(
                matches!(import(broken, Lang::En), Err(ImportError::Xml(_))),
                "{broken}"
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_gets_an_answer(text in "\\PC{0,200}", xml in "[<>/a-zA-Z=\" &;]{0,80}") {
            let _ = import(&text, Lang::Tg);
            let _ = import(&format!("code,title\n{text}"), Lang::Tg);
            let _ = import(&format!("<ClaML>{xml}"), Lang::Tg);
        }
    }
}
