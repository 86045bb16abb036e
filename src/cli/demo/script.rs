//! The path walked by itself: a birth, a death while the portal is away, a supplement.

use serde_json::{Value, json};

use super::country::{Country, failed};
use super::events;
use crate::cli::fail::Failure;
use crate::cli::out::Out;
use crate::env::{Clock, SystemClock};
use crate::lang::{Msg, text};

/// Walks the path; every step is checked, and the first that is not as it should be ends it.
pub fn walk(country: &mut Country, out: Out) -> Result<(), Failure> {
    let now = SystemClock {
        utc_offset_minutes: 300,
    }
    .now();
    let birth = events::birth(now);

    let file = country.file("birth.json", &birth.to_string())?;
    let signed = sign(country, &["record", "birth", "--from", &file], "mehri")?;
    step(country, "birth-signed", &signed, "signed", out)?;
    country.ward(&["push"])?;
    step(country, "birth-registered", &signed, "registered", out)?;

    country.stop_portal();
    print_step("portal-stopped", out);
    let file = country.file("death.json", &events::death(now).to_string())?;
    let signed_death = sign(country, &["record", "death", "--from", &file], "firuz")?;
    let dir = country.data_dir.display().to_string();
    let (code, _) = country.attempt(&["--data-dir", &dir, "push"])?;
    if code != crate::cli::fail::UNREACHABLE {
        return Err(failed("push without a portal"));
    }
    step(country, "death-signed-offline", &signed_death, "signed", out)?;
    let listen = country.listen();
    country.start_portal(&listen)?;
    print_step("portal-started", out);
    country.ward(&["push"])?;
    step(country, "death-registered", &signed_death, "registered", out)?;

    let nid = member(&signed, "nid")?;
    let file = country.file("named.json", &events::named(&birth).to_string())?;
    let named = sign(
        country,
        &["amend", &nid, "--from", &file, "--reason", "named"],
        "mehri",
    )?;
    country.ward(&["push"])?;
    step(country, "correction-registered", &named, "registered", out)?;

    let report = country.ward(&["verify"])?;
    let sound = report
        .first()
        .and_then(|r| r.get("sound"))
        .and_then(Value::as_bool);
    if sound != Some(true) {
        return Err(failed("verify"));
    }
    print_step("verified", out);
    Ok(())
}

fn sign(country: &Country, args: &[&str], login: &str) -> Result<Value, Failure> {
    let file = country.passphrase_file(login);
    let mut all = args.to_vec();
    all.extend(["--sign-as", login, "--passphrase-file", &file]);
    country.ward(&all)?.pop().ok_or_else(|| failed("record"))
}

/// Looks the notification up, checks where it stands, and prints the step with its receipt.
fn step(country: &Country, name: &str, signed: &Value, status: &str, out: Out) -> Result<(), Failure> {
    let nid = member(signed, "nid")?;
    let shown = country
        .ward(&["show", &nid])?
        .pop()
        .ok_or_else(|| failed("show"))?;
    let found = member(&shown, "status")?;
    let seq = signed.get("seq").cloned().unwrap_or_default();
    let receipt = shown
        .get("revisions")
        .and_then(Value::as_array)
        .and_then(|r| r.last())
        .and_then(|r| r.get("receipt"))
        .cloned()
        .unwrap_or_default();
    let reg_no = shown.get("reg_no").cloned().unwrap_or_default();
    if out.json {
        let mut line =
            json!({ "step": name, "nid": nid, "seq": seq, "rev": shown.get("rev"), "status": found });
        if let Value::Object(map) = &mut line {
            for (name, value) in [("reg_no", reg_no), ("receipt", receipt)] {
                if !value.is_null() {
                    map.insert(name.to_owned(), value);
                }
            }
        }
        out.object(&line);
    } else {
        let msg = Msg::new("demo-step")
            .with("step", text(out.lang, &format!("demo-{name}")))
            .with("nid", nid.as_str())
            .with("status", text(out.lang, &format!("status-{found}")))
            .with("number", reg_no.as_str().unwrap_or_default());
        out.message(&msg);
        if let Some(jws) = receipt.as_str() {
            out.line(&format!("    {jws}"));
        }
    }
    if found == status {
        Ok(())
    } else {
        Err(failed(&format!("{name}: {found}, not {status}")))
    }
}

fn print_step(name: &str, out: Out) {
    out.either(&json!({ "step": name }), || {
        text(out.lang, &format!("demo-{name}"))
    });
}

fn member(value: &Value, name: &str) -> Result<String, Failure> {
    value
        .get(name)
        .and_then(Value::as_str)
        .map(str::to_owned)
        .ok_or_else(|| failed(name))
}
