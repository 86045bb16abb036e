//! An attacker with a linear programming solver who shares no code with the module, the tables to
//! set before him, and dice.

use microlp::{ComparisonOp, Error, OptimizationDirection, Problem};

use super::*;

/// Finds a hidden cell that can be placed within less than four units; what it finds in words.
///
/// Names of cells become variables only here, from what a reader of the tables has.
pub fn audit(table: &Published) -> Option<String> {
    let mut cells = BTreeMap::from([("country".to_owned(), table.country)]);
    let mut sums: BTreeMap<(usize, String), Vec<String>> = BTreeMap::new();
    for (n, sheet) in [&table.occurrence, &table.residence].into_iter().enumerate() {
        for (region, count) in &sheet.regions {
            cells.insert(format!("{n}/{region}"), *count);
            let top = sums.entry((n, "country".to_owned())).or_default();
            top.push(format!("{n}/{region}"));
        }
        for (district, count) in &sheet.districts {
            let region = district.split('.').next().unwrap();
            cells.insert(format!("{n}/{district}"), *count);
            let sum = sums.entry((n, format!("{n}/{region}"))).or_default();
            sum.push(format!("{n}/{district}"));
        }
    }
    let hidden: Vec<&String> = cells
        .iter()
        .filter(|(_, c)| c.is_none())
        .map(|(name, _)| name)
        .collect();
    let extreme = |goal: &String, direction| {
        let mut problem = Problem::new(direction);
        let vars: BTreeMap<_, _> = hidden
            .iter()
            .map(|name| {
                (
                    *name,
                    problem.add_var(f64::from(u8::from(*name == goal)), (0.0, f64::INFINITY)),
                )
            })
            .collect();
        for ((_, total), parts) in &sums {
            let signed = parts.iter().map(|p| (p, 1.0)).chain([(total, -1.0)]);
            let (mut terms, mut known) = (vec![], 0.0);
            for (name, sign) in signed {
                match cells[name] {
                    Some(count) => known += sign * count as f64,
                    None => terms.push((vars[name], sign)),
                }
            }
            if terms.is_empty() {
                assert_eq!(known, 0.0, "{total} does not add up");
            } else {
                problem.add_constraint(&terms, ComparisonOp::Eq, -known);
            }
        }
        match problem.solve() {
            Ok(outcome) => outcome.into_solution().unwrap().objective(),
            Err(Error::Unbounded) => f64::INFINITY,
            Err(other) => panic!("{goal}: {other}"),
        }
    };
    hidden.iter().find_map(|cell| {
        let low = extreme(cell, OptimizationDirection::Minimize);
        let high = extreme(cell, OptimizationDirection::Maximize);
        (high - low < 4.0 - 1e-6).then(|| format!("{cell} is {low} to {high}"))
    })
}

/// Every cell as it is and as it is shown.
pub fn cells(truth: [&Counts; 2], table: &Published) -> Vec<(u64, Option<u64>)> {
    let mut out = vec![];
    for (counts, sheet) in truth.into_iter().zip([&table.occurrence, &table.residence]) {
        assert_eq!(sheet.districts.len(), counts.districts.len());
        let mut regions: BTreeMap<&String, u64> = BTreeMap::new();
        for (district, (region, count)) in &counts.districts {
            out.push((*count, sheet.districts[district]));
            *regions.entry(region).or_default() += count;
        }
        assert_eq!(sheet.regions.len(), regions.len());
        out.extend(
            regions
                .into_iter()
                .map(|(region, count)| (count, sheet.regions[region])),
        );
    }
    let total = truth[0].districts.values().map(|(_, count)| count).sum();
    out.push((total, table.country));
    out
}

/// The table of whoever thinks that hiding the small counts is enough.
pub fn only_small_hidden(truth: [&Counts; 2]) -> Published {
    let show = |n: u64| (!SMALL.contains(&n)).then_some(n);
    let [occurrence, residence] = truth.map(|counts| {
        let mut regions = BTreeMap::<String, u64>::new();
        for (region, count) in counts.districts.values() {
            *regions.entry(region.clone()).or_default() += count;
        }
        let districts = counts
            .districts
            .iter()
            .map(|(code, (_, n))| (code.clone(), show(*n)));
        Sheet {
            districts: districts.collect(),
            regions: regions.into_iter().map(|(code, n)| (code, show(n))).collect(),
        }
    });
    let country = show(truth[0].districts.values().map(|(_, n)| n).sum());
    Published {
        occurrence,
        residence,
        country,
    }
}

/// Repeatable dice (Knuth's MMIX constants; the high bits, as the low ones repeat early).
pub struct TestRng(pub u64);

impl TestRng {
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn poisson(&mut self, mean: f64) -> u64 {
        let (mut n, mut p) = (0, 1.0);
        loop {
            p *= (self.below(1 << 30) + 1) as f64 / f64::from(1 << 30);
            if p <= (-mean).exp() {
                return n;
            }
            n += 1;
        }
    }

    /// A country of 5 regions and 68 districts of unequal size; one event in five is away from home.
    pub fn country(&mut self, mean: f64) -> [Counts; 2] {
        let mut regions = [4, 8, 13, 18, 25].map(|n| vec![0; n]);
        for district in regions.iter_mut().flatten() {
            let size = [0.1, 0.5, 1.0, 1.4, 2.0][self.below(5) as usize];
            *district = self.poisson(mean * size);
        }
        let place = counts(&regions.each_ref().map(Vec::as_slice));
        let codes: Vec<String> = place.districts.keys().cloned().collect();
        let mut home = place.clone();
        for (code, (_, count)) in &place.districts {
            for _ in 0..*count {
                if self.below(5) == 0 {
                    let other = &codes[self.below(68) as usize];
                    home.districts.get_mut(code).unwrap().1 -= 1;
                    home.districts.get_mut(other).unwrap().1 += 1;
                }
            }
        }
        [place, home]
    }

    /// A country of few districts and few events: zeros and lone districts abound, and totals have
    /// to be hidden.
    pub fn crowded(&mut self) -> [Counts; 2] {
        let most = 2 + self.below(9);
        let mut tables = [(); 2].map(|()| {
            let mut regions = vec![vec![]; 1 + self.below(4) as usize];
            for region in &mut regions {
                for _ in 0..=self.below(3) {
                    region.push(self.below(most).saturating_sub(1));
                }
            }
            regions
        });
        let [place, home] = tables.each_ref().map(|t| t.iter().flatten().sum::<u64>());
        tables[0][0][0] += home.saturating_sub(place);
        tables[1][0][0] += place.saturating_sub(home);
        tables.map(|t| counts(&t.iter().map(Vec::as_slice).collect::<Vec<_>>()))
    }
}
