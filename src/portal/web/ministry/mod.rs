//! The ministry's pages: exact figures for people who signed in, and what everybody may see.
//!
//! They read counts of places and months, never a notification, so that no page can reach anything
//! personal, and none takes longer with the years.

mod ask;
mod chart;
mod course;
mod place;
mod public;
mod table;

pub(in crate::portal::web) use ask::{Asked, TableAsked};

use maud::{Markup, html};

use crate::figures::{month_name, month_of};
use crate::lang::{Lang, Msg, text};
use crate::portal::book::{BookResult, Mark};
use crate::portal::projections::months::{by, is_closed, region};
use crate::portal::staff::sign_in::{self, Principal};
use crate::portal::unit::projecting::BEFORE_A_PAGE;
use crate::portal::unit::registry::Registry;
use crate::portal::web::desk::frame;
use crate::wire::{ProblemCode, path};
use ask::View;
use chart::Tile;
use table::Table;

/// Who may see exact figures: not a registrar, whose office has its own desk.
fn sees_figures(person: Option<&Principal>) -> Option<&Principal> {
    person.filter(|p| p.sees_country() || p.role == crate::portal::book::StaffRole::Facility)
}

/// The page of figures.
pub(in crate::portal::web) fn page(
    registry: &Registry,
    person: Option<&Principal>,
    asked: &Asked,
    lang: Lang,
) -> Result<String, ProblemCode> {
    registry.recount(BEFORE_A_PAGE)?;
    Ok(match sees_figures(person) {
        Some(reader) => exact_page(registry, reader, asked, lang)?,
        None => public_page(registry, person, asked, lang)?,
    })
}

/// One table as CSV, with the name of its file.
pub(in crate::portal::web) fn csv(
    registry: &Registry,
    person: Option<&Principal>,
    asked: &Asked,
    wanted: &TableAsked,
    lang: Lang,
) -> Result<(String, String), ProblemCode> {
    registry.recount(BEFORE_A_PAGE)?;
    let (month, tables) = match sees_figures(person) {
        Some(reader) => {
            let view = View::of(asked, person, registry.now().date_naive());
            sign_in::log(registry, reader, "figures-csv", "")?;
            let figures = read(registry, &view)?;
            (
                view.month,
                figures.tables(&registry.settings, registry.now(), lang),
            )
        }
        None => {
            let month = public_month(registry, asked);
            (month, registry.read(|tx| public::tables(tx, month, lang))?)
        }
    };
    let wanted = wanted.table.as_deref().unwrap_or_default();
    let table = tables
        .iter()
        .find(|t| t.id == wanted)
        .ok_or(ProblemCode::NotFound)?;
    Ok((
        format!("ogoh-{}-{wanted}.csv", month_name(month)),
        table.csv(lang),
    ))
}

fn read(registry: &Registry, view: &View) -> BookResult<place::Figures> {
    registry.read(|tx| place::read(tx, view, &registry.settings.limits, registry.now()))
}

fn exact_page(registry: &Registry, reader: &Principal, asked: &Asked, lang: Lang) -> BookResult<String> {
    let today = registry.now().date_naive();
    let view = View::of(asked, Some(reader), today);
    sign_in::log(registry, reader, "figures", "")?;
    let figures = read(registry, &view)?;
    let map = match view.by {
        by::COUNTRY => map(registry, &view, lang)?,
        _ => Vec::new(),
    };
    let tables = figures.tables(&registry.settings, registry.now(), lang);
    let body = html! {
        style { (maud::PreEscaped(chart::STYLE)) }
        (super::recovering::recovering(registry, lang)?)
        (invented(registry, lang)?)
        (super::alert::shown(registry, reader, lang)?)
        (steps(&view, reader, lang))
        (chart::course(&figures.course(), lang))
        (show(&tables, |id| view.csv(id), lang))
        @if !map.is_empty() { (chart::tiles(&map, lang)) }
    };
    let title = text(lang, "monitor-page-title");
    Ok(frame(&title, path::MONITOR, Some(reader), None, &body, lang))
}

/// Says that the figures are of invented events, where the book is marked so.
fn invented(registry: &Registry, lang: Lang) -> BookResult<Markup> {
    let mark = registry.read(|tx| tx.mark(Mark::Invented))?;
    Ok(html! { @if mark.is_some() { p.said id="invented" role="note" { (text(lang, "monitor-invented")) } } })
}

/// Where one stands, and the ways from there.
fn steps(view: &View, reader: &Principal, lang: Lang) -> Markup {
    let name = match view.by {
        by::REGION => crate::codes::name("region", &view.place, lang),
        by::DISTRICT => crate::codes::name("district", &view.place, lang),
        by::FACILITY => crate::codes::name("office", &view.place, lang),
        _ => text(lang, "figures-all"),
    };
    let above = match view.by {
        by::DISTRICT => Some((by::REGION, region(&view.place))),
        by::REGION | by::FACILITY => Some((by::COUNTRY, String::new())),
        _ => None,
    };
    let other = View {
        residence: !view.residence,
        ..view.clone()
    };
    html! {
        p {
            strong { (name) } " · " (month_name(view.month)) " "
            a href=(view.in_month(view.month - 1)) accesskey="b" { "← " (month_name(view.month - 1)) } " "
            a href=(view.in_month(view.month + 1)) accesskey="n" { (month_name(view.month + 1)) " →" } " "
            @if reader.sees_country() {
                @if let Some((kind, place)) = above { a href=(view.to(kind, &place)) accesskey="u" { (text(lang, "figures-up")) } " " }
                @if view.by != by::FACILITY {
                    a href=(other.to(view.by, &view.place)) accesskey="r" {
                        (text(lang, if view.residence { "figures-by-occurrence" } else { "figures-by-residence" }))
                    }
                }
            }
        }
        form.no-print method="get" action=(path::MONITOR) {
            input type="hidden" name="by" value=(view.by);
            input type="hidden" name="place" value=(view.place);
            @if view.residence { input type="hidden" name="basis" value="residence"; }
            label { (text(lang, "figures-month")) " " input type="month" name="month" value=(month_name(view.month)); } " "
            button { (text(lang, "figures-show")) }
        }
    }
}

fn map(registry: &Registry, view: &View, lang: Lang) -> BookResult<Vec<(String, Vec<Tile>)>> {
    let kind = ask::kept(by::DISTRICT, view.residence);
    let cells = registry.read(|tx| public::districts(tx, kind, view.month))?;
    let mut out: Vec<(String, Vec<Tile>)> = Vec::new();
    for one in crate::codes::list("region").into_iter().flat_map(|l| &l.codes) {
        let districts = crate::codes::list("district").into_iter().flat_map(|l| &l.codes);
        let tiles = districts.filter(|d| region(&d.code) == one.code).map(|d| {
            let cell = cells.get(&d.code).cloned().unwrap_or_default();
            let judged = cell.get("judged");
            Tile {
                name: d.name(lang).to_owned(),
                to: view.to(by::DISTRICT, &d.code),
                events: cell.events(),
                share: (cell.get("received_in_time") * 100).checked_div(judged),
            }
        });
        out.push((one.name(lang).to_owned(), tiles.collect()));
    }
    Ok(out)
}

fn show(tables: &[Table], csv: impl Fn(&str) -> String, lang: Lang) -> Markup {
    html! { @for table in tables { (table.html(&csv(table.id), lang)) } }
}

/// The newest month that everybody may see, or the earlier one that is asked for.
fn public_month(registry: &Registry, asked: &Asked) -> i32 {
    let today = registry.now();
    let days = registry.settings.publish_after_days;
    let mut newest = month_of(today.date_naive());
    while !is_closed(newest, today, days) {
        newest -= 1;
    }
    let month = asked.month.as_deref().and_then(crate::figures::read_month);
    month.map_or(newest, |m| m.min(newest))
}

fn public_page(
    registry: &Registry,
    person: Option<&Principal>,
    asked: &Asked,
    lang: Lang,
) -> BookResult<String> {
    let month = public_month(registry, asked);
    let tables = registry.read(|tx| public::tables(tx, month, lang))?;
    let at = |m: i32| format!("{}?month={}", path::MONITOR, month_name(m));
    let csv = |id: &str| format!("{}?month={}&table={id}", path::MONITOR_CSV, month_name(month));
    let days = registry.settings.publish_after_days;
    let body = html! {
        (super::recovering::recovering(registry, lang)?)
        (invented(registry, lang)?)
        p {
            strong { (month_name(month)) } " "
            a href=(at(month - 1)) { "← " (month_name(month - 1)) } " "
            @if month < public_month(registry, &Asked::default()) { a href=(at(month + 1)) { (month_name(month + 1)) " →" } }
        }
        p.small { (Msg::new("figures-public-note").with("days", i64::from(days)).render(lang)) }
        (show(&tables, csv, lang))
    };
    let title = text(lang, "monitor-page-title");
    Ok(frame(&title, path::MONITOR, person, None, &body, lang))
}
