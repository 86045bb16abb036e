//! Pictures of figures as SVG within the page: no script, nothing from elsewhere, and every number
//! of a picture stands in a table too.

use maud::{Markup, html};

use crate::figures::{CountCell, month_name};
use crate::lang::{Lang, text};

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 180.0;
const LEFT: f64 = 48.0;
const BASE: f64 = 150.0;

/// Lines that differ by their dashes as well as by their colour.
const LINES: [(&str, &str, &str); 3] = [
    ("live_births", "#05a", "none"),
    ("deaths", "#222", "6 3"),
    ("stillbirths", "#a40", "2 3"),
];

/// The course of births, deaths and foetal deaths, oldest month first.
pub(in crate::portal::web) fn course(months: &[(i32, CountCell)], lang: Lang) -> Markup {
    let counted = |what: &str| months.iter().map(|(_, c)| c.get(what)).collect::<Vec<_>>();
    let most = LINES
        .iter()
        .flat_map(|(what, _, _)| counted(what))
        .max()
        .unwrap_or(0);
    let top = round_up(most);
    let label = text(lang, "figures-course");
    html! {
        figure {
            svg viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-label=(label) width="100%" style="max-width:45rem" {
                @for part in 0..=2_u8 {
                    @let y = BASE - f64::from(part) * (BASE - 12.0) / 2.0;
                    line x1=(LEFT) y1=(y) x2=(WIDTH) y2=(y) stroke="#ccc" {}
                    text x=(LEFT - 6.0) y=(y + 4.0) font-size="12" text-anchor="end" { (top * u64::from(part) / 2) }
                }
                @for (what, colour, dashes) in LINES {
                    polyline points=(points(&counted(what), top)) fill="none" stroke=(colour) stroke-width="2" stroke-dasharray=(dashes) {}
                }
                @for (i, (month, _)) in months.iter().enumerate().filter(|(_, (m, _))| m.rem_euclid(6) == 0) {
                    text x=(x(i, months.len())) y=(BASE + 18.0) font-size="12" text-anchor="middle" { (month_name(*month)) }
                }
            }
            figcaption.small {
                @for (what, colour, dashes) in LINES {
                    svg width="28" height="10" aria-hidden="true" { line x1="0" y1="5" x2="28" y2="5" stroke=(colour) stroke-width="2" stroke-dasharray=(dashes) {} }
                    " " (text(lang, &format!("figures-{what}"))) " "
                }
            }
        }
    }
}

fn x(i: usize, n: usize) -> f64 {
    let part = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    let steps = n.saturating_sub(1).max(1);
    (LEFT + (WIDTH - LEFT - 16.0) * part(i) / part(steps)).round()
}

fn points(counts: &[u64], top: u64) -> String {
    let part = |n: u64| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    let point = |(i, n): (usize, &u64)| {
        let y = BASE - (BASE - 12.0) * part(*n) / part(top.max(1));
        format!("{},{:.1}", x(i, counts.len()), y)
    };
    counts.iter().enumerate().map(point).collect::<Vec<_>>().join(" ")
}

/// The next number of the form 2, 4 or 10 times a power of ten.
fn round_up(most: u64) -> u64 {
    let mut unit = 1;
    loop {
        for times in [2, 4, 10] {
            if times * unit >= most {
                return times * unit;
            }
        }
        unit *= 10;
    }
}

/// A district on the map.
pub(in crate::portal::web) struct Tile {
    pub name: String,
    pub to: String,
    /// Events, and how many in a hundred arrived in time.
    pub events: u64,
    pub share: Option<u64>,
}

/// A map of tiles, one for each district, row by row of a region: darker is timelier, and the share
/// stands on each.
pub(in crate::portal::web) fn tiles(regions: &[(String, Vec<Tile>)], lang: Lang) -> Markup {
    html! {
        section {
            h2 { (text(lang, "figures-map")) }
            p.small { (text(lang, "figures-map-how")) }
            @for (region, tiles) in regions {
                h3 { (region) }
                div.tiles {
                    @for tile in tiles {
                        a href=(tile.to) class=(format!("tile t{}", tile.share.map_or(0, |s| s / 25 + 1))) {
                            (tile.name) br;
                            @match tile.share { Some(share) => { (share) " % · " (tile.events) }, None => { "— · " (tile.events) } }
                        }
                    }
                }
            }
        }
    }
}

/// How tiles look.
pub(in crate::portal::web) const STYLE: &str = "figure{margin:1rem 0}.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(8rem,1fr));gap:3px}\
.tile{padding:.3rem;font-size:.875rem;color:#111;text-decoration:none;border:1px solid #666;overflow-wrap:anywhere}\
.t0{background:#fff}.t1{background:#f6d5c3}.t2{background:#f5e7b5}.t3{background:#d5e8c2}.t4,.t5{background:#a9d3e8}";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_course_is_drawn_within_its_frame() {
        assert_eq!([0, 3, 11, 55, 1001].map(round_up), [2, 4, 20, 100, 2000]);
        assert_eq!(points(&[0, 5, 10], 10), "48,150.0 376,81.0 704,12.0");
        assert_eq!(points(&[], 0), "");
    }
}
