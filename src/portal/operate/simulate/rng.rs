//! Numbers that look random and are the same for the same seed.

/// A generator of numbers (splitmix64).
pub(super) struct SimulationRng(pub u64);

impl SimulationRng {
    /// A number below `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n.max(1)
    }

    /// True in `percent` of a hundred.
    pub fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// True in so many of ten thousand.
    pub fn in_ten_thousand(&mut self, n: u64) -> bool {
        self.below(10_000) < n
    }

    /// One of a list, each as often as the others; an empty text for an empty list.
    pub fn any<'a>(&mut self, from: &[&'a str]) -> &'a str {
        let at = self.below(u64::try_from(from.len()).unwrap_or(1));
        let at = usize::try_from(at).unwrap_or(0);
        from.get(at).copied().unwrap_or_default()
    }

    /// The place of one of several shares.
    pub fn share(&mut self, shares: &[u64]) -> usize {
        let mut rest = self.below(shares.iter().sum());
        for (at, share) in shares.iter().enumerate() {
            if rest < *share {
                return at;
            }
            rest -= share;
        }
        0
    }

    /// A number around a mean, by the sum of twelve even ones (Irwin and Hall): nearly normal.
    pub fn around(&mut self, mean: u64, deviation: u64) -> u64 {
        let sum: u64 = (0..12).map(|_| self.below(1_000)).sum();
        (mean + sum * deviation / 1_000).saturating_sub(6 * deviation)
    }
}

/// Things of which some are met more often than others.
pub(super) struct Weighted<T> {
    all: Vec<T>,
    /// Sums of the weights up to and with each.
    upto: Vec<u64>,
}

impl<T> Weighted<T> {
    pub fn new(all: impl IntoIterator<Item = (T, u64)>) -> Weighted<T> {
        let mut sum = 0;
        let (all, upto) = all
            .into_iter()
            .map(|(one, weight)| {
                sum += weight;
                (one, sum)
            })
            .unzip();
        Weighted { all, upto }
    }

    /// As often as names are: the one of rank r by 1 / (r + 12), after Zipf and Mandelbrot.
    pub fn by_rank(all: Vec<T>) -> Weighted<T> {
        Weighted::new((12_u64..).zip(all).map(|(rank, one)| (one, 1_000_000 / rank)))
    }

    /// One of them; none of an empty one.
    pub fn one(&self, rng: &mut SimulationRng) -> Option<&T> {
        let roll = rng.below(self.total());
        self.all.get(self.upto.partition_point(|upto| *upto <= roll))
    }

    pub fn total(&self) -> u64 {
        self.upto.last().copied().unwrap_or(0)
    }

    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.all.iter()
    }
}
