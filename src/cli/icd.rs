//! `icd import`, `icd search`: the classification of causes.

use serde_json::json;

use super::fail::{self, Failure};
use super::out::Out;
use super::parse::Call;
use super::read::{read, read_bytes};
use super::ward;
use crate::icd::{self, Catalogue, LeftOut};
use crate::lang::{Explain, Msg};

/// Causes printed where nothing else is asked.
const ROWS: u32 = 10;
/// Longest list that is read. WHO's ICD-10 in ClaML has about 15 MB with all of its notes.
const MAX_LIST: u64 = 64 * 1024 * 1024;

/// Rows that were not taken and are named one by one.
const NAMED: usize = 10;

/// `icd import FILE`: a full list, kept for everybody who works on this data folder.
pub fn import(call: &Call, out: Out) -> Result<i32, Failure> {
    let bytes = read_bytes(call.arg()?, MAX_LIST)?;
    let list = icd::import(&bytes, out.lang).map_err(|e| {
        let mut failure = Failure::refused(e.msg());
        failure.hint = e.hint();
        failure
    })?;
    let mut ward = ward::open(call)?;
    let percent = ward.settings.limits.icd_left_out_percent;
    let loaded = !list.lacks_more_than(percent);
    if loaded {
        ward.store.load_causes(&list.titles)?;
    }
    let mut codes: Vec<&str> = list.titles.iter().map(|t| t.code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    let named: Vec<Msg> = list.left.iter().take(NAMED).map(LeftOut::msg).collect();
    let said = |msg: Msg| {
        msg.with("titles", list.titles.len())
            .with("codes", codes.len())
            .with("left", list.left.len())
            .with("headings", list.headings)
            .with("percent", i64::from(percent))
            .render(out.lang)
    };
    let json = json!({
        "loaded": loaded,
        "titles": list.titles.len(),
        "codes": codes.len(),
        "headings": list.headings,
        "left_out": list.left.len(),
        "first": named.iter().map(|m| m.render(out.lang)).collect::<Vec<_>>(),
    });
    if out.json {
        out.object(&json);
    } else {
        if !list.left.is_empty() {
            out.line(&said(Msg::new("cli-icd-left")));
        }
        for msg in &named {
            out.message(msg);
        }
        let id = if loaded {
            "cli-icd-imported"
        } else {
            "cli-icd-refused"
        };
        out.line(&said(Msg::new(id)));
    }
    Ok(if loaded { fail::OK } else { fail::REFUSED })
}

/// `icd search TEXT`: the nearest causes, in the loaded list where there is one.
pub fn search(call: &Call, out: Out) -> Result<i32, Failure> {
    let text = match call.args.first() {
        Some(text) => text.clone(),
        None => read("-")?,
    };
    let loaded = match ward::open(call) {
        Ok(ward) => ward.store.causes()?,
        // The built-in causes are there without a data folder.
        Err(_) if !call.has("data-dir") => None,
        Err(failure) => return Err(failure),
    };
    let catalogue = loaded.as_deref().unwrap_or(Catalogue::built_in());
    let most = call.number("limit")?.unwrap_or(ROWS) as usize;
    let found = catalogue.search(text.trim(), out.lang, most);
    for hit in &found {
        let name = hit.cause.name(out.lang);
        out.either(
            &json!({ "code": hit.cause.code, "title": name, "score": hit.score, "common": hit.cause.common }),
            || format!("{:<6} {name}", hit.cause.code),
        );
    }
    Ok(if found.is_empty() { fail::REFUSED } else { fail::OK })
}
