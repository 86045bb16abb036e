//! `ogoh demo`: a whole country on this machine, made of the same commands that a country runs.
//!
//! A portal in a process of its own on a loopback port, a facility that enrols with it, an
//! administrator, a midwife and a doctor. On a terminal the app opens; without one, or with
//! `--scripted`, the path is walked step by step. All people are invented.

mod country;
mod events;
mod script;

use std::io::IsTerminal;

use serde_json::json;

use super::fail::{self, Failure};
use super::out::Out;
use super::parse::Call;
use crate::env::Paths;
use crate::lang::Msg;
use crate::ward::ui::msg::Secret;
use crate::ward::ui::run::Opening;
use crate::ward::workplace::Workplace;
use country::Country;

/// Runs the demo.
pub fn demo(call: &Call, out: Out) -> Result<i32, Failure> {
    let on_terminal = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    let scripted = call.has("scripted") || call.has("json") || !on_terminal;
    if !scripted && !out.json {
        out.message(&Msg::new("demo-wait"));
    }
    let mut country = Country::found(call.path("keep"), out)?;
    tell_setup(&country, out);
    if scripted {
        script::walk(&mut country, out)?;
        return Ok(fail::OK);
    }
    open_app(&country, out)
}

fn tell_setup(country: &Country, out: Out) {
    if out.json {
        let people: Vec<_> = country
            .people
            .iter()
            .map(|p| json!({ "login": p.login, "role": p.role, "passphrase_file": p.passphrase_file }))
            .collect();
        out.object(&json!({
            "step": "setup", "data_dir": country.data_dir, "portal_dir": country.portal_dir,
            "portal_url": country.url, "people": people,
        }));
        return;
    }
    for line in notes(country, out) {
        out.line(&line);
    }
}

/// What somebody at the demo needs to know: printed, and shown by the app's help.
fn notes(country: &Country, out: Out) -> Vec<String> {
    let mut lines = vec![
        Msg::new("demo-portal")
            .with("url", country.url.as_str())
            .render(out.lang),
        Msg::new("demo-desk")
            .with("url", country.desk.as_str())
            .render(out.lang),
        Msg::new("demo-figures")
            .with("url", country.figures.as_str())
            .render(out.lang),
        Msg::new("demo-data")
            .with("dir", country.data_dir.display().to_string())
            .render(out.lang),
    ];
    lines.extend(country.people.iter().map(|p| {
        Msg::new("demo-person")
            .with("user", p.login)
            .with("role", crate::lang::text(out.lang, &format!("role-{}", p.role)))
            .with("passphrase", p.passphrase.as_str())
            .render(out.lang)
    }));
    lines
}

/// The app, opened on the midwife's home screen. The passphrases stand in its help, too, because
/// it takes the whole terminal.
fn open_app(country: &Country, out: Out) -> Result<i32, Failure> {
    let ward = Workplace::open(Paths::new(&country.data_dir))?;
    let midwife = country.people.iter().find(|p| p.role == "midwife");
    let opening = Opening {
        notes: notes(country, out),
        person: midwife.map(|p| (p.login.to_owned(), Secret::new(&p.passphrase))),
    };
    Ok(crate::ward::ui::run::run(ward, opening)?)
}
