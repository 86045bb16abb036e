//! What a registrar does with notifications of the model, as the desk offers it.

use ogoh::env::Role;

use super::history::History;
use super::model::State;

const REFUSE: [(&str, &str); 2] = [("act", "return"), ("text", "лутфан дида бароед")];

impl History<'_> {
    pub fn send(&self, by: usize, path: &str, form: &[(&str, &str)]) -> bool {
        let (status, to) = self.cast.registrars[by].send(path, form);
        assert_eq!(status, 303, "{to}");
        to.ends_with("said=desk-done")
    }

    fn entry(&self, by: usize, h: &str, form: &[(&str, &str)]) -> bool {
        let mut fields = vec![("h", h)];
        fields.extend(form);
        self.send(by, "/desk/entry", &fields)
    }

    /// A registrar's act on a notification.
    pub fn rule(&mut self, i: usize) {
        let accept = self.dice.one_in(2);
        match self.model.all[i].state.clone() {
            State::Held => self.rule_on_held(i, accept),
            State::Pending { .. } => self.rule_on_annulment(i, accept),
            State::Registered | State::Duplicate(_) if self.model.all[i].beside.is_some() => {
                self.rule_on_correction(i, accept);
            }
            State::Registered if !self.model.all[i].certificate => {
                let record = format!("/desk/record/{}", self.known[i].first.nid);
                let number = format!("I {}", self.known[i].first.nid);
                let form = [("act", "issue"), ("number", &*number), ("date", "2026-11-23")];
                self.told.push(format!("{i}: certificate"));
                assert!(self.send(0, &record, &form), "{}", self.story());
                self.model.all[i].certificate = true;
            }
            _ => {}
        }
    }

    fn rule_on_held(&mut self, i: usize, accept: bool) {
        let h = self.known[i].newest.h.clone();
        if accept {
            let done = self.entry(0, &h, &[("act", "accept")]);
            let expected = self.model.accept(i);
            self.told.push(format!("{i}: accepted {expected:?}"));
            assert_eq!(done, expected.is_some(), "{}", self.story());
            return;
        }
        let original = self.model.alike(i, self.model.all[i].event).into_iter();
        let original = original.filter(|o| self.model.all[*o].state == State::Registered);
        match original.min().filter(|_| self.dice.one_in(2)) {
            Some(of) => {
                let nid = self.known[of].first.nid.clone();
                assert!(self.entry(0, &h, &[("act", "duplicate"), ("of", &nid)]));
                self.model.all[i].state = State::Duplicate(of);
                self.told.push(format!("{i}: duplicate of {of}"));
            }
            None => {
                assert!(self.entry(0, &h, &REFUSE));
                self.model.send_back(i);
                self.told.push(format!("{i}: sent back"));
            }
        }
    }

    fn rule_on_annulment(&mut self, i: usize, accept: bool) {
        let Some(void) = self.known[i].void.clone() else {
            return;
        };
        self.told.push(format!("{i}: annulment, {accept}"));
        if !accept {
            assert!(self.entry(0, &void.h, &REFUSE));
            return self.declined(i);
        }
        assert!(self.entry(0, &void.h, &[("act", "accept")]));
        if self.model.all[i].certificate {
            assert!(!self.entry(0, &void.h, &[("act", "accept")]));
            assert!(self.entry(1, &void.h, &[("act", "accept")]));
        }
        self.model.annul(i);
        self.annulled(i);
    }

    /// On a correction beside what is registered, or of a duplicate.
    fn rule_on_correction(&mut self, i: usize, accept: bool) {
        let h = self.known[i].newest.h.clone();
        self.told.push(format!("{i}: correction, {accept}"));
        if accept {
            self.model.accept_beside(i);
            assert!(self.entry(0, &h, &[("act", "accept")]), "{}", self.story());
            return;
        }
        assert!(self.entry(0, &h, &REFUSE), "{}", self.story());
        self.model.all[i].beside = None;
        let known = &mut self.known[i];
        let in_force = &known.in_force.0.h;
        let beside = known.beside.drain(..);
        known
            .sent_back
            .extend(beside.map(|entry| (entry, in_force.clone())));
        (known.newest, known.body) = known.in_force.clone();
    }

    pub fn approve(&mut self) {
        let Some((key, fac)) = self.newcomer.clone().filter(|_| !self.model.approved) else {
            return;
        };
        let world = &self.cast.world;
        let fac = self.cast.facilities[fac].ward.fac.clone();
        let request = world.person_request(&key, &fac, "newcomer", Role::Doctor);
        world.enrol(&key, &request);
        self.model.approve();
        self.told.push("the newcomer's key is approved".to_owned());
    }
}
