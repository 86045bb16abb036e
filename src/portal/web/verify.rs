//! The page on which anyone with a slip checks a receipt, in the browser, and the same page as one
//! file for places without a network.
//!
//! The portal serves the receipt keys, the words and the script; what is scanned never reaches it.
//! Deliberately absent: a library, anything from elsewhere, and any look-up of the registration.

use std::collections::BTreeMap;

use base64ct::{Base64, Encoding};
use chrono::{DateTime, FixedOffset};
use maud::{DOCTYPE, PreEscaped, html};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::lang::{Lang, Msg, text};
use crate::seal::{KeyUse, Receipt, Status, Trust};
use crate::wire::path;

/// Name of that file.
pub(in crate::portal) const OFFLINE_NAME: &str = "ogoh-verify.html";

/// The check, then the page around it. A browser runs this text only: its hash is in the policy.
const SCRIPT: &str = concat!(include_str!("verify.js"), "\n", include_str!("verify_page.js"));

const STYLE: &str = "main{max-width:40rem;margin:0 auto}nav{text-align:right}\
nav a,nav button{display:inline-block;padding:.4rem .6rem}button{padding:.4rem 1rem}\
[aria-pressed=true]{font-weight:bold}label{font-weight:bold}\
textarea{box-sizing:border-box;width:100%;font:.9rem/1.3 monospace;overflow-wrap:anywhere}\
#result:not(:empty){border-left:.5rem solid #767676;padding:.1rem 1rem;margin:1rem 0;background:#f4f4f4}\
#result.genuine{border-color:#14702b;background:#eef8f0}#result.refused{border-color:#a30f0f;background:#fdf0f0}\
#result.careful{border-color:#8a5a00;background:#fdf6e3}h2{font-size:1.2rem;margin:.5rem 0}\
dl{display:grid;grid-template-columns:minmax(0,2fr) minmax(0,3fr);gap:.3rem 1rem;margin:.5rem 0}\
dt{color:#444}dt{overflow-wrap:anywhere}dd{margin:0;font-weight:bold;overflow-wrap:anywhere}";

/// What the page and its script say, beside statuses and what is open.
const WORDS: [&str; 41] = [
    "verify-title",
    "verify-what",
    "verify-input",
    "verify-input-help",
    "verify-check",
    "verify-no-script",
    "verify-offline-help",
    "verify-genuine",
    "verify-refused",
    "verify-unread",
    "verify-status",
    "verify-number",
    "verify-office",
    "verify-at",
    "verify-open",
    "verify-cert",
    "verify-none",
    "verify-not-certificate",
    "verify-not-registered",
    "verify-later",
    "verify-compare",
    "verify-why-empty",
    "verify-why-layout",
    "verify-why-too-long",
    "verify-why-not-compact",
    "verify-why-header",
    "verify-why-alg",
    "verify-why-kid",
    "verify-why-wrong-type",
    "verify-why-payload",
    "verify-why-duplicate",
    "verify-why-form",
    "verify-why-cut",
    "verify-why-unknown-key",
    "verify-why-bad-signature",
    "verify-why-revoked-key",
    "verify-why-member",
    "verify-why-no-keys",
    "verify-why-insecure",
    "verify-why-no-ed25519",
    "verify-keys",
];

/// A receipt key, revoked ones too: slips in people's hands verify for ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(in crate::portal) struct VerifyKey {
    /// RFC 7638 thumbprint.
    pub kid: String,
    /// `x` of the JWK.
    pub x: String,
    /// Listed from then on.
    pub from: DateTime<FixedOffset>,
    /// Receipts of an earlier time are believed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked: Option<DateTime<FixedOffset>>,
}

/// The receipt keys of a trust list.
pub(in crate::portal) fn keys(trust: &Trust) -> Vec<VerifyKey> {
    trust
        .list()
        .keys
        .iter()
        .filter(|k| k.what == KeyUse::Receipt)
        .map(|k| VerifyKey {
            kid: k.kid.clone(),
            x: k.x.clone(),
            from: k.from,
            revoked: k.revoked,
        })
        .collect()
}

/// A page and the policy under which a browser runs its script and nothing else.
pub(in crate::portal) struct VerifyPage {
    /// The page, for `text/html; charset=utf-8`.
    pub html: String,
    /// Value of the header `Content-Security-Policy`, with the hashes of script and style.
    pub csp: String,
}

/// The page in a language; as a file of its own (`offline`) in all of them, with a switch.
pub(in crate::portal) fn page(keys: &[VerifyKey], lang: Lang, offline: bool) -> VerifyPage {
    let style = format!("{}{STYLE}", super::desk::STYLE);
    let policy = format!(
        "default-src 'none'; script-src '{}'; style-src '{}'; form-action 'none'; base-uri 'none'",
        source_hash(SCRIPT),
        source_hash(&style)
    );
    let all = if offline { &Lang::ALL[..] } else { &[lang] };
    let texts: BTreeMap<&str, BTreeMap<String, String>> =
        all.iter().map(|l| (l.code(), words(*l, keys))).collect();
    let shown = |id: &'static str| html! { span data-text=(id) { (text(lang, id)) } };
    let markup = html! {
        (DOCTYPE)
        html lang=(lang.code()) {
            head {
                meta charset="utf-8";
                // A file brings no headers.
                @if offline { meta http-equiv="Content-Security-Policy" content=(policy); }
                meta name="viewport" content="width=device-width, initial-scale=1";
                title data-text="verify-title" { (text(lang, "verify-title")) }
                style { (PreEscaped(&style)) }
            }
            body {
                main {
                    @if offline {
                        nav {
                            @for l in Lang::ALL {
                                button type="button" data-lang=(l.code()) lang=(l.code())
                                    aria-pressed=(l == lang) { (l.autonym()) } " "
                            }
                        }
                    } @else {
                        (languages(lang))
                    }
                    h1 { (shown("verify-title")) }
                    p { (shown("verify-what")) }
                    form id="form" {
                        label for="input" { (shown("verify-input")) }
                        div.small id="input-help" { (shown("verify-input-help")) }
                        // Without a name it is never sent; a spelling service gets nothing either.
                        textarea id="input" rows="6" autofocus autocomplete="off" autocapitalize="off"
                            autocorrect="off" spellcheck="false" aria-describedby="input-help" {}
                        button { (shown("verify-check")) }
                    }
                    div id="result" role="status" aria-live="polite" aria-atomic="true" {
                        p { (shown("verify-no-script")) }
                    }
                    @if !keys.is_empty() {
                        p.small data-text="verify-keys" { (known(keys, lang)) }
                    }
                    @if !offline {
                        p {
                            a href=(format!("{}?lang={}", path::VERIFY_OFFLINE, lang.code())) download=(OFFLINE_NAME) {
                                (text(lang, "verify-offline"))
                            }
                        }
                    }
                    p.small { (shown("verify-offline-help")) }
                }
                script type="application/json" id="keys" { (PreEscaped(json(keys))) }
                script type="application/json" id="texts" { (PreEscaped(json(&texts))) }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    VerifyPage {
        html: markup.into_string(),
        // Only a header can forbid frames.
        csp: format!("{policy}; frame-ancestors 'none'"),
    }
}

/// The words of a language, by their identifiers.
fn words(lang: Lang, keys: &[VerifyKey]) -> BTreeMap<String, String> {
    let statuses = Status::ALL.into_iter().map(|s| format!("status-{}", s.code()));
    let open = Receipt::OPEN.into_iter().map(|o| format!("ui-open-{o}"));
    let mut words: BTreeMap<String, String> = WORDS
        .into_iter()
        .map(str::to_owned)
        .chain(statuses)
        .chain(open)
        .map(|id| (id.clone(), text(lang, &id)))
        .collect();
    words.insert("verify-keys".to_owned(), known(keys, lang));
    words
}

/// How new the page's knowledge of the keys is: a saved page grows old.
fn known(keys: &[VerifyKey], lang: Lang) -> String {
    let newest = keys
        .iter()
        .flat_map(|k| [Some(k.from), k.revoked])
        .flatten()
        .max();
    let date = newest.map_or_else(String::new, |at| at.format("%d.%m.%Y").to_string());
    Msg::new("verify-keys").with("date", date).render(lang)
}

/// JSON that cannot end the element it stands in.
fn json<T: Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string(value)
        .unwrap_or_default()
        .replace('<', "\\u003c")
}

/// A source expression of a content security policy: the hash of an inline script or style.
fn source_hash(inline: &str) -> String {
    format!(
        "sha256-{}",
        Base64::encode_string(&Sha256::digest(inline.as_bytes()))
    )
}

/// Links to the other languages.
fn languages(lang: Lang) -> maud::Markup {
    html! {
        nav {
            @for other in Lang::ALL.into_iter().filter(|l| *l != lang) {
                a href=(format!("{}?lang={}", path::VERIFY, other.code())) hreflang=(other.code()) { (other.autonym()) } " "
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(kid: &str) -> VerifyKey {
        VerifyKey {
            kid: kid.to_owned(),
            x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo".to_owned(),
            from: DateTime::parse_from_rfc3339("2026-11-01T08:00:00+05:00").unwrap(),
            revoked: Some(DateTime::parse_from_rfc3339("2026-11-20T08:00:00+05:00").unwrap()),
        }
    }

    /// What stands between two marks, each time.
    fn between<'a>(text: &'a str, before: &str, after: &str) -> Vec<&'a str> {
        let parts = text.split(before).skip(1);
        parts.map(|p| p.split(after).next().unwrap()).collect()
    }

    #[test]
    fn the_policy_lets_this_script_and_this_style_run_and_nothing_else() {
        for (lang, offline) in [(Lang::Tg, false), (Lang::En, true)] {
            let page = page(&[key("k")], lang, offline);
            for (tag, inline) in [
                ("script-src", between(&page.html, "<script>", "</script>")),
                ("style-src", between(&page.html, "<style>", "</style>")),
            ] {
                assert_eq!(inline.len(), 1, "{tag}");
                assert!(page.csp.contains(&format!("{tag} '{}';", source_hash(inline[0]))));
            }
            assert!(page.csp.starts_with("default-src 'none';") && !page.csp.contains("unsafe"));
            assert_eq!(page.html.contains("http-equiv"), offline);
            assert!(!page.html.contains("http:") && !page.html.contains(" src="));
            // What would end the element, and what a browser reads differently than it is hashed.
            assert!(!SCRIPT.contains("</") && !SCRIPT.contains("<!--") && !SCRIPT.contains('\r'));
        }
    }

    #[test]
    fn the_script_has_words_for_all_that_it_says() {
        let mut said: Vec<String> = between(SCRIPT, "'verify-", "'")
            .into_iter()
            .filter(|id| *id != "why-")
            .map(|id| format!("verify-{id}"))
            .collect();
        for mark in [
            "refuse('",
            "message: '",
            "json(bytes(parts[0]), '",
            "json(bytes(parts[1]), '",
        ] {
            let reasons = between(SCRIPT, mark, "'");
            assert!(!reasons.is_empty(), "{mark}");
            said.extend(reasons.iter().map(|why| format!("verify-why-{why}")));
        }
        for id in &said {
            assert!(WORDS.contains(&id.as_str()), "{id}");
        }
        for id in WORDS.iter().filter(|id| id.starts_with("verify-why-")) {
            assert!(said.iter().any(|s| s == id), "{id} is no reason");
        }
        for status in Status::ALL {
            assert!(
                SCRIPT.contains(&format!("{}: ", status.code()))
                    || SCRIPT.contains(&format!("'{}': ", status.code()))
            );
        }
    }

    #[test]
    fn a_file_of_its_own_brings_every_language() {
        let at = |offline| page(&[key("k")], Lang::Ru, offline).html;
        for lang in Lang::ALL {
            let words = json(&text(lang, "verify-why-revoked-key"));
            assert!(at(true).contains(&words));
            assert_eq!(at(false).contains(&words), lang == Lang::Ru);
        }
        assert!(at(false).contains("href=\"/verify/offline?lang=ru\"") && !at(true).contains("href"));
        assert!(at(true).contains("20.11.2026"));
    }

    #[test]
    fn what_is_embedded_cannot_end_its_element() {
        let html = page(&[key("</script><script>alert(1)")], Lang::En, true).html;
        assert!(html.contains("\\u003c/script>\\u003cscript>alert(1)"));
        assert_eq!(html.matches("</script>").count(), 3);
    }
}
