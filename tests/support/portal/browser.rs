//! Somebody at a browser, without the browser: a cookie, the page's own token, forms.

use std::path::Path;

use ogoh::env::Clock;
use ogoh::portal::{self, NewAccount, PortalError};

/// A person who is signed in.
pub struct Browser {
    base: String,
    pub cookie: String,
    pub csrf: String,
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_global(Some(std::time::Duration::from_secs(30)))
        .build()
        .into()
}

/// Makes the token of a link for somebody: the account is made where there is none, and confirmed where the book was
/// set back.
fn token_for(dir: &Path, new: &NewAccount, clock: &dyn Clock) -> String {
    let link = || portal::staff_link(dir, &new.login, 10, clock);
    // An account costs a passphrase: made once.
    let token = link().or_else(|e| {
        match e {
            PortalError::Unconfirmed(login) => {
                drop(portal::staff_confirm(dir, Some(&login), clock)?);
            }
            _ => drop(portal::staff_add(dir, new, clock)?),
        }
        link()
    });
    token.unwrap()
}

impl Browser {
    /// Somebody newly signed in by a link, at the portal of a folder.
    pub fn signed_in(base: &str, dir: &Path, new: &NewAccount, clock: &dyn Clock) -> Browser {
        Browser::follow(base, &format!("/sign-in/{}", token_for(dir, new, clock)))
    }

    /// Follows a link that signs in, and presses its button.
    pub fn follow(base: &str, link: &str) -> Browser {
        let answer = agent().post(format!("{base}{link}")).send_empty().unwrap();
        assert_eq!(answer.status(), 303, "the link signs in");
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        let to = answer.headers()["location"].to_str().unwrap().to_owned();
        let mut browser = Browser {
            base: base.to_owned(),
            cookie: cookie.split(';').next().unwrap().to_owned(),
            csrf: String::new(),
        };
        let (status, page) = browser.get(&to);
        assert_eq!(status, 200, "{page}");
        let after = page.split("name=\"csrf\" value=\"").nth(1).unwrap();
        browser.csrf = after.split('"').next().unwrap().to_owned();
        browser
    }

    /// The same person at a portal that was started again.
    pub fn at(base: &str, before: &Browser) -> Browser {
        Browser {
            base: base.to_owned(),
            cookie: before.cookie.clone(),
            csrf: before.csrf.clone(),
        }
    }

    /// A page in English.
    pub fn get(&self, path: &str) -> (u16, String) {
        let mut answer = agent()
            .get(format!("{}{path}", self.base))
            .header("cookie", format!("{}; ogoh-lang=en", self.cookie))
            .call()
            .unwrap();
        (
            answer.status().as_u16(),
            answer.body_mut().read_to_string().unwrap(),
        )
    }

    /// Sends a form of our own page: status, and where it leads or what it says.
    pub fn send(&self, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
        let mut form = vec![("csrf", self.csrf.as_str())];
        form.extend(fields);
        self.send_bare(path, &form)
    }

    /// Sends a form just as it is.
    pub fn send_bare(&self, path: &str, fields: &[(&str, &str)]) -> (u16, String) {
        let mut answer = agent()
            .post(format!("{}{path}", self.base))
            .header("cookie", format!("{}; ogoh-lang=en", self.cookie))
            .send_form(fields.iter().copied())
            .unwrap();
        let status = answer.status().as_u16();
        let to = answer
            .headers()
            .get("location")
            .map(|l| l.to_str().unwrap().to_owned());
        (
            status,
            to.unwrap_or_else(|| answer.body_mut().read_to_string().unwrap()),
        )
    }
}
