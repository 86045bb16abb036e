//! Reading a full list: a table (comma, semicolon or tab), ClaML, or the Russian reference list.
//!
//! The form is told by what the file begins with, its encoding by its bytes. Every row is taken or is
//! counted with the reason why not. Only codes of three characters and longer are taken; chapters and
//! blocks are headings that nobody is certified with.

mod claml;
mod decode;
mod list;
mod table;

use std::collections::BTreeSet;

use crate::lang::Lang;
use list::code_of;
pub use list::{ImportError, Imported, LeftOut, Title, Why};

/// Reads a list. `lang` is the language of titles of which the file does not say it.
///
/// # Errors
/// [`ImportError`] names what was found and where; nothing of such a file is taken.
pub fn import(bytes: &[u8], lang: Lang) -> Result<Imported, ImportError> {
    let text = decode::text(bytes);
    let mut list = if text.trim_start().starts_with('<') {
        claml::read(&text, lang)?
    } else {
        table::read(&text, lang)?
    };
    // The same title twice says nothing new; the first one stays.
    let mut seen = BTreeSet::new();
    list.titles
        .retain(|t| seen.insert((t.code.clone(), t.lang.code(), t.text.clone())));
    // A code that has a title in a language of ours lacks none.
    let named: BTreeSet<&str> = list.titles.iter().map(|t| t.code.as_str()).collect();
    list.left.retain(|l| {
        l.why != Why::Language || !code_of(&l.found).is_some_and(|code| named.contains(code.as_str()))
    });
    if list.titles.is_empty() {
        return Err(ImportError::Empty);
    }
    Ok(list)
}

#[cfg(test)]
mod tests;
