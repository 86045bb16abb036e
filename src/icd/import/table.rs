//! Tables: `code,title[,lang]`, or the Russian list `ID;REC_CODE;MKB_CODE;MKB_NAME;…;ACTUAL;DATE`.

use super::list::{ImportError, Imported, LeftOut, Why, code_of};
use crate::lang::Lang;

/// Lines that one quoted title may go over.
const MOST_LINES: usize = 20;

pub(super) fn read(text: &str, lang: Lang) -> Result<Imported, ImportError> {
    let lines: Vec<&str> = text.lines().collect();
    let head = lines.first().copied().unwrap_or_default();
    let delimiter = [';', '\t', ',', '|']
        .into_iter()
        .max_by_key(|d| head.matches(*d).count())
        .unwrap_or(',');
    let columns: Vec<String> = fields(head, delimiter)
        .unwrap_or_default()
        .iter()
        .map(|c| c.trim().to_lowercase())
        .collect();
    let column = |names: &[&str]| columns.iter().position(|c| names.contains(&c.as_str()));
    let russian = columns.iter().any(|c| c == "mkb_code");
    let (Some(codes), Some(titles)) = (
        column(&["code", "mkb_code"]),
        column(&["title", "mkb_name", "name"]),
    ) else {
        return Err(ImportError::Columns(head.chars().take(60).collect()));
    };
    let (langs, actual) = (column(&["lang"]), column(&["actual"]));
    let lang = if russian { Lang::Ru } else { lang };
    let begins = |line: &str| {
        let row = line.split(delimiter).nth(codes).unwrap_or_default();
        code_of(row.trim_matches('"')).is_some()
    };
    let mut list = Imported::default();
    let mut at = 1;
    while let Some(first) = lines.get(at) {
        let number = at + 1;
        at += 1;
        if first.trim().is_empty() {
            continue;
        }
        let mut row = (*first).to_owned();
        // A title in quotes may go over several lines; a quote that was forgotten swallows none.
        let mut more = at;
        while fields(&row, delimiter).is_none() && more < at + MOST_LINES {
            match lines.get(more).filter(|next| !begins(next)) {
                Some(next) => {
                    row.push(' ');
                    row.push_str(next);
                    more += 1;
                }
                None => break,
            }
        }
        let record = match fields(&row, delimiter) {
            Some(record) => {
                at = more;
                record
            }
            // Without its quotes, where the columns still come out.
            None => first.split(delimiter).map(|c| c.replace('"', "")).collect(),
        };
        let get = |i: usize| record.get(i).map(|c| c.trim()).unwrap_or_default();
        if record.len() > columns.len() || record.len() <= codes.max(titles) {
            list.left.push(LeftOut::new(number, Why::Columns, first));
            continue;
        }
        // Rows that are no longer in force stay in the Russian list, marked 0.
        if actual.is_some_and(|i| get(i) == "0") {
            list.headings += 1;
            continue;
        }
        let said = langs.map(get).unwrap_or_default();
        match Lang::from_code(&said.to_lowercase()) {
            Some(lang) => list.take(number, get(codes), lang, get(titles)),
            None if said.is_empty() => list.take(number, get(codes), lang, get(titles)),
            None => list.left.push(LeftOut::new(number, Why::Language, get(codes))),
        }
    }
    Ok(list)
}

/// Columns of a row, without their quotes; `None` where a quote is left open.
fn fields(row: &str, delimiter: char) -> Option<Vec<String>> {
    let mut out = vec![String::new()];
    let mut quoted = false;
    let mut chars = row.chars().peekable();
    while let Some(c) = chars.next() {
        let last = out.last_mut()?;
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                last.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if last.trim().is_empty() => {
                last.clear();
                quoted = true;
            }
            c if c == delimiter && !quoted => out.push(String::new()),
            c => last.push(c),
        }
    }
    (!quoted).then_some(out)
}
