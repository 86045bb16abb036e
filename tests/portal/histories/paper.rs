//! What is told at the office in a history: registered, added to, annulled, and compared with what wards notify.

use ogoh::vital::Kind;
use serde_json::json;

use super::history::History;
use crate::portal_support::*;

impl History<'_> {
    /// A birth told at the office, and the same from a ward; what becomes of either.
    pub fn told_at_the_office(&mut self) {
        let body = with(self.dice.event(Kind::Birth), "birth.place", json!("home"));
        let body = with(body, "birth.before_arrival", json!("no"));
        let named = self.dice.one_in(2);
        let stated = match named {
            true => body.clone(),
            false => with(body.clone(), "child.given", json!({"not": "yet"})),
        };
        let registrar = &self.cast.registrars[0];
        let id = identifier(&registrar.get("/desk/new/birth").1);
        let fields = page_fields(&stated);
        let mut form: Vec<(&str, &str)> = vec![("id", &id)];
        form.extend(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        let (status, to) = registrar.send("/desk/new/birth", &form);
        assert_eq!((status, to.ends_with("desk-done")), (303, true), "{to}");
        self.told.push(format!("told at the office: {id}"));
        let record = format!("/desk/record/{id}");
        let number = format!("I {id}");
        let issue = [("act", "issue"), ("number", &*number), ("date", "2026-11-23")];
        if !named {
            // A child without a name gets no certificate; the family brings the name.
            assert!(!self.send(0, &record, &issue), "{}", self.story());
            let name = self.dice.name();
            assert!(self.send(0, &record, &[("act", "add"), ("child_given", &name)]));
        }
        let certified = self.dice.one_in(3);
        if certified {
            assert!(self.send(0, &record, &issue), "{}", self.story());
        }
        let stands = if certified {
            "certificate-issued"
        } else {
            "registered"
        };

        // A ward corrects or annuls nothing that is not its own.
        let fac = self.dice.roll(2);
        let told = Signed {
            jws: String::new(),
            h: ogoh::seal::hash(&id),
            nid: id.clone(),
            rev: 1,
        };
        let doctor = self.cast.facilities[fac].ward.doctor.clone();
        let ward = &mut self.cast.facilities[fac].ward;
        let foreign = match self.dice.roll(3) {
            0 => Some(ward.amend(&told, body.clone())),
            1 => Some(ward.void_by(&told, &doctor)),
            _ => None,
        };
        if let Some(foreign) = foreign {
            let told = self.deliver(fac, &foreign);
            self.expect("of another's".to_owned(), told, ogoh::seal::Status::Held);
        }
        let again = self.birth_of(fac, body);
        self.deliver(fac, &again);
        let h = again.h.clone();
        match self.dice.roll(4) {
            0 => {
                self.expect_at(&again, "held", "what was told at the office");
                self.expect_told(&id, stands);
            }
            // The office keeps its own, and the ward's ends as its duplicate; annulled, it comes back.
            1 | 2 => {
                let form = [("h", h.as_str()), ("act", "duplicate"), ("of", &id)];
                assert!(self.send(0, "/desk/entry", &form), "{}", self.story());
                if self.dice.one_in(2) {
                    self.expect_at(&again, "duplicate", "of what was told");
                    return self.expect_told(&id, stands);
                }
                self.annul_told(&id, certified);
                if self.dice.one_in(2) {
                    return self.expect_at(&again, "held", "whose original was annulled");
                }
                assert!(self.send(0, "/desk/entry", &[("h", &h), ("act", "accept")]));
                self.expect_at(&again, "registered", "that stands alone");
            }
            // Annulled first, it resembles nothing any more; what is held for it a registrar lets go.
            _ => {
                self.annul_told(&id, certified);
                self.expect_at(&again, "held", "beside what was annulled");
            }
        }
    }

    /// Annuls what was told at the office; where the family has the certificate, a second one confirms it.
    fn annul_told(&mut self, id: &str, certified: bool) {
        let record = format!("/desk/record/{id}");
        let annul = [("act", "annul"), ("text", "ду бор навишта шуд")];
        assert!(self.send(0, &record, &annul), "{}", self.story());
        if certified {
            let h = self.cast.entry_of(id);
            let confirm = [("h", h.as_str()), ("act", "accept")];
            assert!(!self.send(0, "/desk/entry", &confirm), "{}", self.story());
            assert!(self.send(1, "/desk/entry", &confirm), "{}", self.story());
        }
        // Once, and no certificate afterwards.
        assert!(!self.send(1, &record, &annul), "{}", self.story());
        let issue = [("act", "issue"), ("number", "I-ТҶ 3"), ("date", "2026-11-23")];
        assert!(!self.send(1, &record, &issue), "{}", self.story());
        self.expect_told(id, "voided");
    }

    fn expect_told(&mut self, id: &str, status: &'static str) {
        self.told.push(format!("{id} {status}"));
        self.expected.push((id.to_owned(), status));
    }
}
