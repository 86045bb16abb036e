//! What happens at the offices of an invented country: families come, delivery books are counted.

use chrono::NaiveDate;
use serde_json::json;

use super::people::child;
use super::rng::SimulationRng;
use super::ward::SimulatedWard;
use crate::figures::{month_name, month_of};
use crate::portal::PortalError;
use crate::portal::book::BookResult;
use crate::portal::decide::Service;
use crate::portal::record::supplement::Supplement;
use crate::portal::unit::registry::Registry;
use crate::portal::unit::unit_of_work::UnitOfWork;
use crate::seal::EntryType;

/// Most facilities count their delivery book, and some miscount.
pub(super) fn tallies(
    registry: &Registry,
    wards: &mut [SimulatedWard],
    rng: &mut SimulationRng,
    day: NaiveDate,
) -> Result<u64, PortalError> {
    let month = month_of(day) - 1;
    let mut sent = 0;
    for ward in wards.iter_mut().filter(|w| w.seq > 0) {
        let [births, foetal, deaths] = ward.book.remove(&month).unwrap_or_default();
        if !rng.percent(85) {
            continue;
        }
        let births = births + u64::from(rng.percent(7));
        let body =
            json!({"month": month_name(month), "births": births, "foetal_deaths": foetal, "deaths": deaths});
        let line = ward.entry(EntryType::Tally, body, registry.now())?.jws;
        sent += ward.push(registry, &[line])?;
    }
    Ok(sent)
}

/// Who serves families in an invented country.
const INVENTED: &str = "invented";

/// Families at the offices: a name, then the certificate.
pub(super) fn serve(
    registry: &Registry,
    due: Vec<(String, String)>,
    rng: &mut SimulationRng,
    day: NaiveDate,
) -> Result<u64, PortalError> {
    let keyring = registry.keyring()?;
    let mut served = 0;
    for part in due.chunks(200) {
        served += registry.unit_of_work(&keyring, |unit| -> BookResult<u64> {
            let mut served = 0;
            for (nid, office) in part {
                served += u64::from(one_family(unit, nid, office, &child(rng, office), day)?);
            }
            Ok(served)
        })?;
    }
    Ok(served)
}

fn one_family(
    unit: &mut UnitOfWork<'_>,
    nid: &str,
    office: &str,
    name: &str,
    day: NaiveDate,
) -> BookResult<bool> {
    let Some(n) = unit.find(nid)? else {
        return Ok(false);
    };
    let kind = n.kind;
    let Some(event) = unit.statement(&n.effective.h, kind)?.event else {
        return Ok(false);
    };
    let answer = |question: &str| match question {
        "child_given" => name.to_owned(),
        _ => String::new(),
    };
    if let Ok(supplement) = Supplement::read(&event, unit.now.naive_local(), answer)
        && unit
            .serve(nid, office, &Service::Add(supplement), INVENTED)?
            .is_err()
    {
        return Ok(false);
    }
    let issue = Service::Issue {
        number: format!("I-ТҶ {}", nid.get(24..).unwrap_or_default()),
        date: day.to_string(),
    };
    Ok(unit.serve(nid, office, &issue, INVENTED)?.is_ok())
}
