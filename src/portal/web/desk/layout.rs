//! What every page for signed-in people has around it, and the page that signs in.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::lang::{Lang, Msg, text};
use crate::portal::book::StaffRole;
use crate::portal::staff::sign_in::{Principal, Refused};
use crate::wire::path;

pub(in crate::portal) const STYLE: &str = "\
*{box-sizing:border-box}body{font:1rem/1.45 system-ui,sans-serif;max-width:70rem;margin:0 auto;padding:0 1rem 3rem;color:#111}\
table{border-collapse:collapse;margin:.5rem 0}th,td{border:1px solid #999;padding:.25rem .5rem;text-align:left;vertical-align:top}\
td.n{text-align:right;font-variant-numeric:tabular-nums}.wide td:first-child a{white-space:nowrap}.wide{overflow-x:auto}\
nav{display:flex;flex-wrap:wrap;gap:.25rem 1rem;padding:.5rem 0;border-bottom:1px solid #999}nav form{margin:0 0 0 auto}\
.small{color:#444;font-size:.875rem}.differs td{background:#fff3c4}.said{border:2px solid #222;padding:.4rem .8rem}\
form{margin:.6rem 0}form.inline{display:inline-block;margin-right:1rem}button,input,select{font:inherit;padding:.2rem .5rem;max-width:100%}\
label{display:inline-block}.rows label{display:grid;grid-template-columns:minmax(9rem,16rem) minmax(10rem,24rem);gap:.5rem;margin:.25rem 0}\
.find label{margin-right:.5rem}#q{width:min(100%,36rem)}:focus-visible{outline:3px solid #06c;outline-offset:1px}details{margin:.6rem 0}\
.question{margin:.5rem 0;display:grid;grid-template-columns:minmax(9rem,18rem) minmax(10rem,22rem) auto;gap:.25rem .5rem}\
.question p{grid-column:2/-1;margin:0}.fault{color:#a00;font-weight:600}fieldset{border:1px solid #999;margin:.6rem 0;min-width:0}.number{white-space:nowrap}\
@media(max-width:40rem){.question,.questions label,.rows label{display:block}.rows input,.questions input,.questions select{width:100%}\
.number{white-space:normal}}\
@media print{nav,form,.no-print{display:none}body{max-width:none;padding:0}}";

/// A short sentence about what was just done, or why it was not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::portal) struct Notice(&'static str);

/// Sentences that an address may ask for.
const SENTENCES: &[&str] = &[
    "desk-done",
    "desk-too-late",
    "desk-reason-missing",
    "desk-not-here",
    "desk-not-registered",
    "desk-nameless",
    "desk-certificate-wrong",
    "desk-certificate-taken",
    "desk-office-wrong",
    "desk-act-wrong",
    "desk-no-office",
    "desk-ended",
    "desk-nothing-to-settle",
    "family-fault-text",
    "family-fault-date",
    "family-fault-father",
    "family-fault-name",
    "family-fault-moment",
];

impl Notice {
    /// The sentence with this name in the catalogue, where it is one of ours.
    pub fn from_id(id: &str) -> Option<Notice> {
        SENTENCES.iter().find(|s| **s == id).map(|s| Notice(s))
    }

    /// An address that says the sentence.
    pub fn at(address: &str, id: &str) -> String {
        format!("{address}?said={id}")
    }
}

/// The address of a record.
pub(super) fn record_address(nid: &str) -> String {
    format!("{}/record/{nid}", path::DESK)
}

/// A page.
pub(in crate::portal) fn frame(
    title: &str,
    at: &str,
    person: Option<&Principal>,
    said: Option<Notice>,
    body: &Markup,
    lang: Lang,
) -> String {
    let desk = person.is_some_and(|p| p.role == StaffRole::Registrar);
    html! {
        (DOCTYPE)
        html lang=(lang.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                nav {
                    @if desk { a href=(path::DESK) accesskey="d" { (text(lang, "desk-title")) } }
                    a href=(path::MONITOR) accesskey="m" { (text(lang, "monitor-page-title")) }
                    @for other in Lang::ALL.into_iter().filter(|l| *l != lang) {
                        a href=(format!("{at}?lang={}", other.code())) hreflang=(other.code()) { (other.autonym()) }
                    }
                    @match person {
                        Some(person) => form method="post" action=(path::SIGN_OUT) {
                            input type="hidden" name="csrf" value=(person.csrf);
                            span.small { (person.name) " · " (place(person, lang)) " " }
                            button { (text(lang, "sign-out")) }
                        },
                        None => a href=(path::SIGN_IN) { (text(lang, "sign-in")) },
                    }
                }
                @if let Some(Notice(id)) = said { p.said role="status" { (text(lang, id)) } }
                h1 { (title) }
                (body)
            }
        }
    }
    .into_string()
}

/// Office or facility of a person, in words.
fn place(person: &Principal, lang: Lang) -> String {
    match person.role {
        StaffRole::Registrar if person.place.is_empty() => text(lang, "desk-no-office"),
        StaffRole::Registrar => crate::codes::name("office", &person.place, lang),
        StaffRole::Facility => person.place.clone(),
        role => text(lang, &format!("staff-role-{}", role.code())),
    }
}

/// The page that signs in, with why it did not work. It says where `waiting` accounts of a book that was set back have
/// not been confirmed: whoever was signed in is sent here.
pub(in crate::portal) fn sign_in_page(refused: Option<Refused>, waiting: bool, lang: Lang) -> String {
    let waiting = waiting && refused != Some(Refused::Unconfirmed);
    let why = refused.map(|refused| match refused {
        Refused::Wrong => text(lang, "sign-in-wrong"),
        Refused::Wait(seconds) => Msg::new("sign-in-wait").with("seconds", seconds).render(lang),
        Refused::Unconfirmed => text(lang, "sign-in-unconfirmed"),
        Refused::Busy => text(lang, "problem-busy"),
    });
    let body = html! {
        @if let Some(why) = why { p.said role="alert" { (why) } }
        @if waiting { p.said role="status" { (text(lang, "page-unconfirmed")) } }
        form.rows method="post" action=(path::SIGN_IN) {
            label { span { (text(lang, "sign-in-login")) } input name="login" autocomplete="username" required autofocus maxlength="32"; }
            label { span { (text(lang, "sign-in-phrase")) } input type="password" name="phrase" autocomplete="current-password" required maxlength="200"; }
            label { span { (text(lang, "sign-in-code")) } input name="code" inputmode="numeric" autocomplete="one-time-code" required maxlength="8"; }
            button { (text(lang, "sign-in")) }
        }
    };
    frame(&text(lang, "sign-in"), path::SIGN_IN, None, None, &body, lang)
}
