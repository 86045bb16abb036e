//! Where people of the invented country live, and how many are born and die there.
//!
//! Population by district: estimates of the Agency on Statistics under the President of Tajikistan for 1 January
//! 2020, as public summaries quote them (`stat` in `population.csv`); `share` stands where only the region's total
//! was found, which is divided by what is known of the districts. Rates are rounded from public figures of the
//! same years: about 25 births and 4 registered deaths for 1,000 people, 11 stillbirths for 1,000 births.
//!
//! Deliberately absent: any claim that a figure of an invented country is one of Tajikistan.

use std::sync::LazyLock;

use super::rng::Weighted;
use crate::vital::Kind;

/// A district of the country.
#[derive(Clone, Debug)]
pub(super) struct District {
    pub code: String,
    pub region: Region,
    pub population: u64,
}

/// One of the five parts of the country, which differ in who lives there and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Region {
    Dushanbe,
    Badakhshan,
    Khatlon,
    Republican,
    Sughd,
}

impl Region {
    fn of(district: &str) -> Region {
        match district.get(3..5) {
            Some("DU") => Region::Dushanbe,
            Some("GB") => Region::Badakhshan,
            Some("KT") => Region::Khatlon,
            Some("SU") => Region::Sughd,
            _ => Region::Republican,
        }
    }

    /// Live births of 10,000 people in a year.
    fn births(self) -> u64 {
        match self {
            Region::Dushanbe => 230,
            Region::Badakhshan => 190,
            Region::Khatlon => 280,
            Region::Republican => 270,
            Region::Sughd => 235,
        }
    }

    /// Registered deaths of 10,000 people in a year.
    fn deaths(self) -> u64 {
        match self {
            Region::Dushanbe | Region::Badakhshan => 46,
            Region::Khatlon | Region::Republican => 38,
            Region::Sughd => 45,
        }
    }

    /// Births at home, in a hundred.
    pub fn at_home(self) -> u64 {
        match self {
            Region::Dushanbe => 1,
            Region::Sughd => 4,
            Region::Republican => 9,
            Region::Badakhshan => 12,
            Region::Khatlon => 16,
        }
    }

    /// Of a hundred people, how many write their names as Tajiks, Uzbeks, Pamiris, Kyrgyz and Russians do.
    pub fn peoples(self) -> [u64; 5] {
        match self {
            Region::Dushanbe => [90, 6, 2, 0, 2],
            Region::Badakhshan => [12, 0, 80, 7, 1],
            Region::Khatlon => [82, 17, 0, 0, 1],
            Region::Republican => [84, 12, 1, 2, 1],
            Region::Sughd => [82, 15, 0, 1, 2],
        }
    }

    /// Names written in the Russian manner, in a hundred.
    pub fn russian_spelling(self) -> u64 {
        match self {
            Region::Dushanbe | Region::Sughd => 12,
            _ => 6,
        }
    }

    /// Whether snow closes roads to its wards in winter.
    pub fn snowed_in(self, month: u32) -> bool {
        self == Region::Badakhshan && matches!(month, 12 | 1..=3)
    }
}

/// Births, stillbirths and deaths of a month, each against 1,000 in a month of the year's mean (assumption: late
/// summer has most births, winter most deaths, as north of the tropics).
const SEASON: [[u64; 2]; 12] = [
    [960, 1140],
    [935, 1100],
    [940, 1070],
    [940, 1010],
    [955, 970],
    [990, 960],
    [1060, 980],
    [1085, 970],
    [1085, 930],
    [1045, 940],
    [1010, 970],
    [995, 1060],
];

/// Stillbirths of 1,000 live births.
const STILLBIRTHS: u64 = 11;

/// The country's districts, each as often as births or deaths happen there.
pub(super) struct Population {
    pub births: Weighted<District>,
    deaths: Weighted<District>,
}

impl Population {
    pub fn get() -> &'static Population {
        static ALL: LazyLock<Population> = LazyLock::new(|| {
            let mut rows = csv::Reader::from_reader(include_str!("population.csv").as_bytes());
            let all: Vec<District> = rows
                .records()
                .filter_map(|row| {
                    let row = row.ok()?;
                    let code = row.get(0)?.to_owned();
                    Some(District {
                        region: Region::of(&code),
                        population: row.get(1)?.parse().ok()?,
                        code,
                    })
                })
                .collect();
            let by = |rate: fn(Region) -> u64| {
                let of = |d: &District| (d.clone(), d.population * rate(d.region));
                Weighted::new(all.iter().map(of))
            };
            Population {
                births: by(Region::births),
                deaths: by(Region::deaths),
            }
        });
        &ALL
    }

    /// The part of the country in which a district lies.
    pub fn region(&self, district: &str) -> Region {
        Region::of(district)
    }

    /// Where such events happen.
    pub fn places(&self, kind: Kind) -> &Weighted<District> {
        match kind {
            Kind::Birth | Kind::FoetalDeath => &self.births,
            Kind::Death => &self.deaths,
        }
    }

    /// How often each kind happens on a day of a month: live births, foetal deaths, deaths.
    pub fn rates(&self, month: u32) -> [(Kind, u64); 3] {
        let at = usize::try_from(month.saturating_sub(1)).unwrap_or(0);
        let [births, deaths] = SEASON.get(at).copied().unwrap_or([1_000; 2]);
        let born = self.births.total() / 1_000 * births;
        [
            (Kind::Birth, born),
            (Kind::FoetalDeath, born * STILLBIRTHS / 1_000),
            (Kind::Death, self.deaths.total() / 1_000 * deaths),
        ]
    }
}
