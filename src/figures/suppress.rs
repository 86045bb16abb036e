//! Which cells of a month's public table are hidden, so that no small count can be worked out.
//!
//! A count of 1 to 4 may point to a person and is never shown. As every total is published too,
//! one hidden cell is the total less its neighbours; so others are hidden beside it until whoever
//! solves all the equations, knowing only that no count is negative, can place no hidden cell
//! within fewer than [`WIDTH`] units. A zero says nothing about anybody and is shown.
//!
//! Deliberately absent: protection across tables. What is hidden here can still be had by
//! subtracting another table whose cells are sums or parts of these ones. Nor against whoever
//! reasons from this rule instead of the sums alone: as zeros are shown, what is hidden is at least
//! 1, so four hidden districts of a region with 4 more events than are shown have one event each.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

/// Counts that are never shown.
pub const SMALL: RangeInclusive<u64> = 1..=4;

/// A hidden count can be worked out no better than to an interval this wide.
pub const WIDTH: u64 = 4;

/// One breakdown: districts with their region and true count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Code of the district to code of its region and the count. A district without events belongs
    /// here too, with a zero.
    pub districts: BTreeMap<String, (String, u64)>,
}

/// One breakdown as it may be published; `None` is hidden.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Counts by code of the district.
    pub districts: BTreeMap<String, Option<u64>>,
    /// Totals by code of the region.
    pub regions: BTreeMap<String, Option<u64>>,
}

/// Both breakdowns of the same events as they may be published together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// By district of occurrence.
    pub occurrence: Sheet,
    /// By district of residence.
    pub residence: Sheet,
    /// The country's total, the same for both; `None` is hidden.
    pub country: Option<u64>,
}

/// What may be published of one kind of event in one month.
///
/// Breakdowns that do not add up to the same are not of the same events: each is then protected by
/// itself and no total of the country is shown.
pub fn publish(occurrence: &Counts, residence: &Counts) -> Published {
    let mut ids = 0..;
    let (by_place, by_home) = (regions(occurrence, &mut ids), regions(residence, &mut ids));
    let total = sum(&by_place);
    let root = |sums| Cell::new(usize::MAX, "", total, sums);
    let agree = total == sum(&by_home);
    let roots = if agree {
        vec![root(vec![by_place, by_home])]
    } else {
        vec![root(vec![by_place]), root(vec![by_home])]
    };
    let hidden: Hidden = roots.iter().flat_map(|root| protect(root, agree)).collect();
    let show = |cell: &Cell| (!hidden.contains(&cell.id)).then_some(cell.count);
    let shown = |cell: &Cell| (cell.code.clone(), show(cell));
    let mut sheets = roots.iter().flat_map(|root| &root.sums).map(|regions| Sheet {
        districts: regions.iter().flat_map(Cell::parts).map(shown).collect(),
        regions: regions.iter().map(shown).collect(),
    });
    Published {
        occurrence: sheets.next().unwrap_or_default(),
        residence: sheets.next().unwrap_or_default(),
        country: roots.first().and_then(show),
    }
}

/// A published number and the sums it is the total of: none of a district, one of a region, two of
/// the country. No cell is a part of two totals, so the equations form a tree.
struct Cell {
    id: usize,
    code: String,
    count: u64,
    sums: Vec<Vec<Cell>>,
}

impl Cell {
    fn new(id: usize, code: &str, count: u64, sums: Vec<Vec<Cell>>) -> Cell {
        let code = code.to_owned();
        Cell {
            id,
            code,
            count,
            sums,
        }
    }

    fn parts(&self) -> impl Iterator<Item = &Cell> {
        self.sums.iter().flatten()
    }

    fn with_all_below(&self) -> Vec<&Cell> {
        let below = self.parts().flat_map(Cell::with_all_below);
        std::iter::once(self).chain(below).collect()
    }

    fn is_total(&self) -> bool {
        !self.sums.is_empty()
    }

    /// What the reader loses with it: of a district less than of a total, the fewer events the less;
    /// a zero comes last among districts, as hiding it misleads most and protects least.
    fn cost(&self) -> (bool, bool, u64) {
        (self.is_total(), self.count == 0, self.count)
    }
}

fn sum(cells: &[Cell]) -> u64 {
    cells.iter().fold(0, |n, cell| n.saturating_add(cell.count))
}

fn regions(counts: &Counts, ids: &mut impl Iterator<Item = usize>) -> Vec<Cell> {
    let mut cell = |code, count, sums| Cell::new(ids.next().unwrap_or_default(), code, count, sums);
    let mut by_region = BTreeMap::<&str, Vec<Cell>>::new();
    for (code, (region, count)) in &counts.districts {
        let district = cell(code, *count, vec![]);
        by_region.entry(region).or_default().push(district);
    }
    by_region
        .into_iter()
        .map(|(code, districts)| cell(code, sum(&districts), vec![districts]))
        .collect()
}

/// What a count is known to lie in, ends included; `u64::MAX` is no upper limit.
#[derive(Clone, Copy)]
struct Span {
    low: u64,
    high: u64,
}

impl Span {
    const ANY: Span = Span::of(0, u64::MAX);

    const fn of(low: u64, high: u64) -> Span {
        Span { low, high }
    }

    fn and(self, other: Span) -> Span {
        Span::of(self.low.max(other.low), self.high.min(other.high))
    }

    fn plus(self, other: Span) -> Span {
        let high = self.high.saturating_add(other.high);
        Span::of(self.low.saturating_add(other.low), high)
    }

    /// What is left of this for one part when the other parts make up `others`.
    fn less(self, others: Span) -> Span {
        let low = self.low.saturating_sub(others.high);
        match self.high {
            u64::MAX => Span::of(low, u64::MAX),
            high => Span::of(low, high.saturating_sub(others.low)),
        }
    }

    fn is_narrow(self) -> bool {
        self.high != u64::MAX && self.high.saturating_sub(self.low) < WIDTH
    }
}

type Hidden = BTreeSet<usize>;

/// A hidden cell that can be worked out too well, and what stands around it.
struct Weak<'a> {
    cell: &'a Cell,
    /// The sum it is a part of, itself included.
    among: &'a [Cell],
    total: Option<&'a Cell>,
}

/// What the cell and everything below it tell about its count.
fn from_below(cell: &Cell, hidden: &Hidden) -> Span {
    if !hidden.contains(&cell.id) {
        return Span::of(cell.count, cell.count);
    }
    let sums = cell.sums.iter().map(|parts| from_parts(parts, hidden));
    sums.fold(Span::ANY, Span::and)
}

fn from_parts<'a>(parts: impl IntoIterator<Item = &'a Cell>, hidden: &Hidden) -> Span {
    let spans = parts.into_iter().map(|part| from_below(part, hidden));
    spans.fold(Span::of(0, 0), Span::plus)
}

/// Adds the weak cells among `at` and all below; `above` is what the rest of the tables tells of it.
///
/// Exact, not an estimate: in a tree of sums with whole limits, what comes from below and from
/// above are independent of each other, so both ends of their overlap can really be attained.
fn weak_cells<'a>(at: Weak<'a>, above: Span, hidden: &Hidden, found: &mut Vec<Weak<'a>>) {
    let cell = at.cell;
    let below = from_below(cell, hidden);
    if hidden.contains(&cell.id) && above.and(below).is_narrow() {
        found.push(at);
    }
    for (n, sum) in cell.sums.iter().enumerate() {
        let other_sums = cell.sums.iter().enumerate().filter(|(o, _)| *o != n);
        let known = if hidden.contains(&cell.id) { above } else { below };
        let total = other_sums.fold(known, |span, (_, parts)| span.and(from_parts(parts, hidden)));
        for part in sum.iter() {
            let others = from_parts(sum.iter().filter(|o| o.id != part.id), hidden);
            let at = Weak {
                cell: part,
                among: sum,
                total: Some(cell),
            };
            weak_cells(at, total.less(others), hidden, found);
        }
    }
}

/// A weak cell, totals first, because what is hidden for a total protects districts too.
fn weakest<'a>(root: &'a Cell, watch_root: bool, hidden: &Hidden) -> Option<Weak<'a>> {
    let mut found = vec![];
    let top = Weak {
        cell: root,
        among: &[],
        total: None,
    };
    weak_cells(top, Span::ANY, hidden, &mut found);
    found
        .into_iter()
        .filter(|weak| watch_root || weak.cell.id != root.id)
        .min_by_key(|weak| !weak.cell.is_total())
}

/// Ids of the cells to hide in the tables under `root`, whose own total is no concern unless watched.
///
/// A shown count that is not zero exceeds [`WIDTH`], so each one hidden settles a sum at once and
/// none turns out to be hidden in vain; nothing has to be shown again in the end.
fn protect(root: &Cell, watch_root: bool) -> Hidden {
    let all = root.with_all_below();
    let mut hidden: Hidden = all
        .iter()
        .filter(|cell| SMALL.contains(&cell.count) || (cell.id == root.id && !watch_root))
        .map(|cell| cell.id)
        .collect();
    let next = |hidden: &Hidden| {
        let weak = weakest(root, watch_root, hidden)?;
        next_to_hide(&weak, &all, hidden)
    };
    while let Some(id) = next(&hidden) {
        hidden.insert(id);
    }
    hidden
}

/// The cheapest shown cell that can help; none only if nothing at all is shown.
fn next_to_hide(weak: &Weak<'_>, all: &[&Cell], hidden: &Hidden) -> Option<usize> {
    let shown = |cell: &&Cell| !hidden.contains(&cell.id);
    let own = weak.cell.parts().filter(shown).min_by_key(|cell| cell.cost());
    // A total of which every part is shown is no secret; nothing beside it can help.
    if own.is_some() && from_below(weak.cell, hidden).is_narrow() {
        return own.map(|cell| cell.id);
    }
    // Parts of the totals already hidden around it loosen it without the loss of another total.
    let totals = weak.among.iter().filter(|cell| !shown(cell));
    totals
        .flat_map(Cell::parts)
        .filter(|cell| cell.count > 0)
        .chain(weak.among)
        .filter(shown)
        .min_by_key(|cell| cell.cost())
        // With the limits as they are nobody gets here; but were they raised, it must still end well.
        .or_else(|| weak.total.filter(shown))
        .or_else(|| all.iter().copied().filter(shown).min_by_key(|cell| cell.cost()))
        .map(|cell| cell.id)
}

#[cfg(test)]
#[path = "suppress_tests.rs"]
mod tests;
