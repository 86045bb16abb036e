//! The registry's own people and what an office adds to a notification.

use super::read::{self, ACCOUNT, json, of_json, text};
use super::sql::{SqlValue, parts, places, values};
use super::{Account, ActRow, BookResult, ReadTransaction, SignInLink, WebSession, WriteTransaction};
use crate::portal::record::ActDetails;
use crate::portal::record::supplement::Supplement;
use crate::vital::{Nid, OfficeCode};

impl ReadTransaction<'_> {
    /// A person who signs in.
    pub fn account(&self, login: &str) -> BookResult<Option<Account>> {
        let sql = format!("SELECT {ACCOUNT} FROM account WHERE login = ?1");
        self.one(&sql, values![login], read::account)
    }

    /// All of them, by login.
    pub fn accounts(&self) -> BookResult<Vec<Account>> {
        let sql = format!("SELECT {ACCOUNT} FROM account ORDER BY login");
        self.all(&sql, &[], read::account)
    }

    /// Logins that wait until somebody confirms them.
    pub fn unconfirmed(&self) -> BookResult<Vec<String>> {
        let sql = "SELECT login FROM account WHERE confirmed = 0 ORDER BY login";
        self.all(sql, &[], text)
    }

    /// A visit.
    pub fn web_session(&self, h: &str) -> BookResult<Option<WebSession>> {
        let sql = "SELECT h, login, since_ms, seen_ms FROM visit WHERE h = ?1";
        self.one(sql, values![h], |r| {
            Ok(WebSession {
                h: r.text(0)?,
                login: r.text(1)?,
                since_ms: r.int(2)?,
                seen_ms: r.int(3)?,
            })
        })
    }

    /// The newest acts, newest first.
    pub fn acts(&self, most: usize) -> BookResult<Vec<ActRow>> {
        let sql = "SELECT at_ms, login, place, act, nid FROM act ORDER BY no DESC LIMIT ?1";
        self.all(sql, values![most], |r| {
            Ok(ActRow {
                at_ms: r.int(0)?,
                login: r.text(1)?,
                place: r.text(2)?,
                act: r.text(3)?,
                nid: r.text(4)?,
            })
        })
    }

    /// What a registry office added to a notification; nothing where it added nothing.
    pub(in crate::portal) fn supplement(&self, nid: &str) -> BookResult<Supplement> {
        let kept = self.one("SELECT body FROM family WHERE nid = ?1", values![nid], text)?;
        kept.map_or_else(|| Ok(Supplement::default()), |body| of_json(&body))
    }

    /// Notifications of an office with a word from `from` to before `until`.
    pub fn with_word(&self, office: &str, from: &str, until: &str, most: usize) -> BookResult<Vec<String>> {
        let sql = "SELECT DISTINCT nid FROM word WHERE office = ?1 AND word >= ?2 AND word < ?3
             ORDER BY nid DESC LIMIT ?4";
        self.all(sql, values![office, from, until, most], text)
    }
}

impl WriteTransaction<'_> {
    /// Keeps a person.
    pub fn put_account(&self, a: &Account) -> BookResult<()> {
        let sql = format!(
            "INSERT INTO account ({ACCOUNT}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (login) DO UPDATE SET name = ?2, role = ?3, place = ?4, phrase = ?5,
             second = ?6, step = ?7, active = ?8, confirmed = ?9"
        );
        self.run(
            &sql,
            values![
                &a.login,
                &a.name,
                a.role.code(),
                &a.place,
                &a.phrase,
                &a.second,
                a.step,
                a.active,
                a.confirmed
            ],
        )?;
        Ok(())
    }

    /// Lets everybody who may sign in wait until somebody confirms them.
    pub fn doubt_accounts(&self) -> BookResult<()> {
        self.run("UPDATE account SET confirmed = 0 WHERE active = 1", &[])?;
        Ok(())
    }

    /// Keeps a link that signs in once.
    pub fn put_sign_in_link(&self, link: &SignInLink) -> BookResult<()> {
        self.run(
            "INSERT INTO link (h, login, until_ms) VALUES (?1, ?2, ?3)",
            values![&link.h, &link.login, link.until_ms],
        )?;
        Ok(())
    }

    /// Takes a link: it is there no more.
    pub fn take_sign_in_link(&self, h: &str) -> BookResult<Option<SignInLink>> {
        let found = self.one(
            "SELECT h, login, until_ms FROM link WHERE h = ?1",
            values![h],
            |r| {
                Ok(SignInLink {
                    h: r.text(0)?,
                    login: r.text(1)?,
                    until_ms: r.int(2)?,
                })
            },
        )?;
        self.run("DELETE FROM link WHERE h = ?1", values![h])?;
        Ok(found)
    }

    /// Takes all links of a person: they sign in no more.
    pub fn end_sign_in_links_of(&self, login: &str) -> BookResult<()> {
        self.run("DELETE FROM link WHERE login = ?1", values![login])?;
        Ok(())
    }

    /// Keeps a visit.
    pub fn put_web_session(&self, v: &WebSession) -> BookResult<()> {
        self.run(
            "INSERT INTO visit (h, login, since_ms, seen_ms) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (h) DO UPDATE SET seen_ms = ?4",
            values![&v.h, &v.login, v.since_ms, v.seen_ms],
        )?;
        Ok(())
    }

    /// Ends a visit.
    pub fn end_web_session(&self, h: &str) -> BookResult<()> {
        self.run("DELETE FROM visit WHERE h = ?1", values![h])?;
        Ok(())
    }

    /// Ends all visits of a person.
    pub fn end_web_sessions_of(&self, login: &str) -> BookResult<()> {
        self.run("DELETE FROM visit WHERE login = ?1", values![login])?;
        Ok(())
    }

    /// Adds to the log of what people did.
    pub fn add_act(&self, a: &ActRow) -> BookResult<()> {
        self.add_act_with(a, None)
    }

    /// Adds to the log of what people did, with why and what it changed.
    pub(in crate::portal) fn add_act_with(&self, a: &ActRow, details: Option<&ActDetails>) -> BookResult<()> {
        let details = details.map(json).transpose()?;
        self.run(
            "INSERT INTO act (at_ms, login, place, act, nid, details) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            values![a.at_ms, &a.login, &a.place, &a.act, &a.nid, details.as_ref()],
        )?;
        Ok(())
    }

    /// Keeps what a registry office added.
    pub(in crate::portal) fn put_supplement(&self, nid: &str, added: &Supplement) -> BookResult<()> {
        let body = json(added)?;
        self.run(
            "INSERT INTO family (nid, body) VALUES (?1, ?2) ON CONFLICT (nid) DO UPDATE SET body = ?2",
            values![nid, &body],
        )?;
        Ok(())
    }

    /// Replaces the words by which offices find notifications: each with its office and words.
    pub fn put_words(&self, all: &[(Nid, OfficeCode, Vec<String>)]) -> BookResult<()> {
        for part in parts(all) {
            let sql = format!("DELETE FROM word WHERE nid IN {}", places(1, part.len()));
            let nids: Vec<SqlValue<'_>> = part.iter().map(|(nid, _, _)| nid.into()).collect();
            self.run(&sql, &nids)?;
        }
        let rows: Vec<[SqlValue<'_>; 3]> = all
            .iter()
            .flat_map(|(nid, office, words)| words.iter().map(move |w| [office.into(), w.into(), nid.into()]))
            .collect();
        self.insert("word (office, word, nid)", &rows)
    }
}
