//! What every page says while a book that was set back recovers.

use maud::{Markup, html};

use crate::lang::{Lang, Msg};
use crate::portal::book::BookResult;
use crate::portal::unit::registry::Registry;

/// Names the offices that recover; nothing where none does.
pub(in crate::portal::web) fn recovering(registry: &Registry, lang: Lang) -> BookResult<Markup> {
    let all = registry.read(|tx| tx.recovering())?;
    let names = all
        .iter()
        .map(|of| crate::codes::name("office", &of.office, lang));
    let names: Vec<String> = names.collect();
    Ok(html! {
        @if !all.is_empty() {
            p.said id="recovering" role="alert" {
                (Msg::new("page-recovering").with("offices", names.join(", ")).render(lang))
            }
        }
    })
}
