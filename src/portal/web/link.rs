//! The page of a link that signs in: a button, so that whatever merely looks at the link signs nobody in.

use maud::html;

use crate::lang::{Lang, text};
use crate::portal::web::desk::frame;
use crate::wire::path;

/// The page. It says nothing of whether the link is good: only the button tries it.
pub(in crate::portal::web) fn page(token: &str, lang: Lang) -> String {
    let here = format!("{}/{token}", path::SIGN_IN);
    let body = html! {
        p { (text(lang, "sign-in-link")) }
        form method="post" action=(here) {
            button { (text(lang, "sign-in")) }
        }
    };
    frame(&text(lang, "sign-in"), &here, None, None, &body, lang)
}
