//! A table of figures, shown as a page's part and given as CSV: the same cells in both.

use maud::{Markup, html};

use crate::lang::{Lang, text};

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::portal::web) enum Datum {
    /// Words of data.
    Text(String),
    /// A sentence of the catalogue.
    Word(&'static str),
    /// Words that lead to another page.
    Link(String, String),
    /// A count.
    Count(u64),
    /// A count that is not shown because it is small, or because a small one would follow from it.
    Hidden,
    /// A share in percent, of a whole that is not 0.
    Percent(Option<u64>),
    /// Hours, where anything was measured.
    Hours(Option<i64>),
    /// Nothing to say.
    Empty,
}

impl Datum {
    /// A share.
    pub fn share(part: u64, whole: u64) -> Datum {
        Datum::Percent((part * 100 + whole / 2).checked_div(whole))
    }

    fn plain(&self, lang: Lang) -> String {
        match self {
            Datum::Word(id) => text(lang, id),
            Datum::Text(t) | Datum::Link(t, _) => t.clone(),
            Datum::Count(n) => n.to_string(),
            Datum::Hidden => "..".to_owned(),
            Datum::Percent(Some(n)) => n.to_string(),
            Datum::Hours(Some(n)) => n.to_string(),
            Datum::Percent(None) | Datum::Hours(None) | Datum::Empty => String::new(),
        }
    }

    fn html(&self, lang: Lang) -> Markup {
        match self {
            Datum::Word(id) => html! { td { (text(lang, id)) } },
            Datum::Text(t) => html! { td { (t) } },
            Datum::Link(t, to) => html! { td { a href=(to) { (t) } } },
            Datum::Percent(Some(n)) => html! { td.n { (n) " %" } },
            other => html! { td.n { (other.plain(lang)) } },
        }
    }
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::portal::web) struct Table {
    /// Its name in addresses; `figures-<id>` in the catalogue is its title.
    pub id: &'static str,
    /// Messages of the heads of columns, without `figures-`.
    pub head: Vec<&'static str>,
    /// Rows.
    pub rows: Vec<Vec<Datum>>,
}

impl Table {
    /// As a part of a page, with the address of its CSV.
    pub fn html(&self, csv: &str, lang: Lang) -> Markup {
        html! {
            section {
                h2 #(self.id) { (text(lang, &format!("figures-{}", self.id))) " " a.small.no-print href=(csv) { "CSV" } }
                div.wide { table {
                    thead { tr { @for h in &self.head { th { (text(lang, &format!("figures-{h}"))) } } } }
                    tbody {
                        @for row in &self.rows { tr { @for cell in row { (cell.html(lang)) } } }
                        @if self.rows.is_empty() { tr { td colspan=(self.head.len()) { (text(lang, "figures-none")) } } }
                    }
                } }
            }
        }
    }

    /// As CSV for spreadsheets: RFC 4180, quoted, and no cell that a spreadsheet would compute.
    pub fn csv(&self, lang: Lang) -> String {
        let mut writer = csv::WriterBuilder::new()
            .quote_style(csv::QuoteStyle::Always)
            .from_writer(Vec::new());
        let heads = self
            .head
            .iter()
            .map(|h| harmless(text(lang, &format!("figures-{h}"))));
        // Writing to memory cannot fail.
        let _ = writer.write_record(heads);
        for row in &self.rows {
            let _ = writer.write_record(row.iter().map(|d| harmless(d.plain(lang))));
        }
        String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
    }
}

/// A text that no spreadsheet takes for a formula.
fn harmless(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_facility_with_a_formula_for_a_name_stays_text() {
        let table = Table {
            id: "events",
            head: vec!["place", "live_births"],
            rows: vec![
                vec![Datum::Text("=HYPERLINK(\"x\")".into()), Datum::Count(7)],
                vec![Datum::Text("A, \"B\"".into()), Datum::Hidden],
            ],
        };
        let csv = table.csv(Lang::En);
        assert!(csv.contains("\"'=HYPERLINK(\"\"x\"\")\",\"7\""), "{csv}");
        assert!(csv.contains("\"A, \"\"B\"\"\",\"..\""), "{csv}");
        assert_eq!(Datum::share(1, 0), Datum::Percent(None));
        assert_eq!(Datum::share(2, 3), Datum::Percent(Some(67)));
    }
}
