//! Alternating pairs, medians, bounds.

use std::time::{Duration, Instant};

/// How much time to spend.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Length {
    /// In the check script.
    Short,
    /// By hand.
    Long,
}

/// The run: what it spends and whether every bound held so far.
pub struct Bench {
    length: Length,
    broken: Vec<String>,
}

impl Bench {
    /// Begins a run.
    pub fn new(length: Length) -> Bench {
        Bench {
            length,
            broken: Vec::new(),
        }
    }

    /// The first value in the short form, the second in the long one.
    pub fn choose<T>(&self, short: T, long: T) -> T {
        if self.length == Length::Short { short } else { long }
    }

    /// Measures pairs of blocks, limit and ours by turns, and prints them. Each block gives the
    /// times of its single operations. In the long form `goal` is the bound of the median ratio,
    /// in the short form `generous`.
    pub fn pairs(
        &mut self,
        what: &str,
        count: usize,
        goal: f64,
        generous: f64,
        mut limit: impl FnMut() -> Vec<Duration>,
        mut ours: impl FnMut() -> Vec<Duration>,
    ) {
        let (mut limits, mut mine, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        // The first blocks fill caches.
        limit();
        ours();
        for pair in 0..count {
            // Whoever comes first in a pair changes, too.
            let (l, o) = if pair % 2 == 0 {
                let l = limit();
                (l, ours())
            } else {
                let o = ours();
                (limit(), o)
            };
            ratios.push(median(&o).as_secs_f64() / median(&l).as_secs_f64());
            limits.extend(l);
            mine.extend(o);
        }
        ratios.sort_by(f64::total_cmp);
        let ratio = ratios[ratios.len() / 2];
        println!("{what}");
        println!(
            "  ours   {} median, {} p99",
            shown(median(&mine)),
            shown(p99(&mine))
        );
        println!(
            "  limit  {} median, {} p99",
            shown(median(&limits)),
            shown(p99(&limits))
        );
        println!(
            "  ratio  {ratio:.2} median of {count} pairs, {:.2} least, {:.2} most; p99 {:.2}",
            ratios[0],
            ratios[ratios.len() - 1],
            p99(&mine).as_secs_f64() / p99(&limits).as_secs_f64()
        );
        self.bound(what, ratio, goal, generous);
    }

    /// Holds a figure to the bound of this form of the run.
    pub fn bound(&mut self, what: &str, figure: f64, goal: f64, generous: f64) {
        let bound = self.choose(generous, goal);
        let holds = figure <= bound;
        println!(
            "  bound  {bound} {}, goal {goal}",
            if holds { "holds" } else { "IS BROKEN" }
        );
        if !holds {
            self.broken
                .push(format!("{what}: {figure:.2} is more than {bound}"));
        }
    }

    /// Whether every bound held; names those that did not.
    pub fn holds(&self) -> bool {
        for broken in &self.broken {
            println!("BROKEN: {broken}");
        }
        self.broken.is_empty()
    }
}

/// Time that something takes.
pub fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let began = Instant::now();
    let done = work();
    (began.elapsed(), done)
}

/// The middle one.
pub fn median(times: &[Duration]) -> Duration {
    at(times, 0.5)
}

/// The one that 1 of 100 exceeds.
pub fn p99(times: &[Duration]) -> Duration {
    at(times, 0.99)
}

fn at(times: &[Duration], part: f64) -> Duration {
    let mut times = times.to_vec();
    times.sort();
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss
    )]
    let index = (times.len() as f64 * part) as usize;
    times[index.min(times.len() - 1)]
}

/// A time as people read it.
pub fn shown(time: Duration) -> String {
    match time.as_micros() {
        us @ 0..10_000 => format!("{us} µs"),
        us @ 10_000..10_000_000 => format!("{} ms", us / 1_000),
        us => format!(
            "{:.1} s",
            Duration::from_micros(u64::try_from(us).unwrap()).as_secs_f64()
        ),
    }
}
