//! What a page of figures is asked for, and what of it the one who asks may see.

use serde::Deserialize;
use utoipa::IntoParams;

use crate::figures::{month_name, month_of, read_month};
use crate::portal::book::StaffRole;
use crate::portal::projections::months::by;
use crate::portal::staff::sign_in::Principal;
use crate::wire::path;

/// As the address says it.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(in crate::portal) struct Asked {
    /// `YYYY-MM`; this month, or the newest that everybody may see.
    pub month: Option<String>,
    /// `country`, `region`, `district` or `facility`.
    pub by: Option<String>,
    /// Code of the region, district or facility.
    pub place: Option<String>,
    /// `residence` counts by residence, anything else by occurrence.
    pub basis: Option<String>,
}

/// Which table of the page.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(in crate::portal) struct TableAsked {
    /// Name of a table of the page.
    pub table: Option<String>,
}

/// A place and a month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::portal::web) struct View {
    pub month: i32,
    /// `country`, `region`, `district` or `facility`.
    pub by: &'static str,
    /// Its code; empty for the country.
    pub place: String,
    /// Whether places are those of residence.
    pub residence: bool,
}

impl View {
    /// What is shown to somebody who asks for this.
    pub fn of(asked: &Asked, person: Option<&Principal>, today: chrono::NaiveDate) -> View {
        let month = asked.month.as_deref().and_then(read_month);
        let mut view = View {
            month: month.unwrap_or_else(|| month_of(today)),
            by: by::COUNTRY,
            place: String::new(),
            residence: asked.basis.as_deref() == Some("residence"),
        };
        let place = asked.place.clone().unwrap_or_default();
        for kind in [by::REGION, by::DISTRICT, by::FACILITY] {
            if asked.by.as_deref() == Some(kind) && !place.is_empty() {
                view.by = kind;
                view.place.clone_from(&place);
            }
        }
        // A facility sees itself, whatever it asks for.
        if let Some(person) = person.filter(|p| p.role == StaffRole::Facility) {
            view.by = by::FACILITY;
            view.place.clone_from(&person.place);
        }
        if view.by == by::FACILITY {
            view.residence = false;
        }
        view
    }

    /// The kind under which its counts are kept.
    pub fn kept(&self) -> &'static str {
        kept(self.by, self.residence)
    }

    /// The kind of the places inside it.
    pub fn inside(&self) -> Option<&'static str> {
        match self.by {
            by::COUNTRY => Some(by::REGION),
            by::REGION => Some(by::DISTRICT),
            by::DISTRICT if !self.residence => Some(by::FACILITY),
            _ => None,
        }
    }

    /// The address of another place in the same month.
    pub fn to(&self, by: &str, place: &str) -> String {
        format!("{}?{}", path::MONITOR, self.query(by, place).finish())
    }

    /// The address of this place in another month.
    pub fn in_month(&self, month: i32) -> String {
        View {
            month,
            ..self.clone()
        }
        .to(self.by, &self.place)
    }

    /// The address of a table as CSV.
    pub fn csv(&self, table: &str) -> String {
        let mut query = self.query(self.by, &self.place);
        format!(
            "{}?{}",
            path::MONITOR_CSV,
            query.append_pair("table", table).finish()
        )
    }

    fn query(&self, by: &str, place: &str) -> form_urlencoded::Serializer<'static, String> {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("month", &month_name(self.month));
        query.append_pair("by", by).append_pair("place", place);
        if self.residence {
            query.append_pair("basis", "residence");
        }
        query
    }
}

/// The kind under which counts of a kind of place are kept.
pub(in crate::portal::web) fn kept(kind: &'static str, residence: bool) -> &'static str {
    match kind {
        by::REGION if residence => by::REGION_OF_RESIDENCE,
        by::DISTRICT if residence => by::DISTRICT_OF_RESIDENCE,
        other => other,
    }
}
