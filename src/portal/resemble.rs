//! Look-alikes of a notification: kept for the delivery, written when it ends, and looked for in both.

use super::book::{Alike, Kept, Likeness, Notification};
use super::judge;
use super::session::Session;
use crate::rules::Candidate;
use crate::vital::Event;

impl Session<'_> {
    /// Makes a notification findable as a look-alike.
    pub fn index(&mut self, n: &Notification, event: &Event) {
        if let Some(day) = n.day {
            let alike = Alike {
                nid: n.nid.clone(),
                new: self.is_new(&n.nid),
                day,
                keys: judge::alike_keys(event),
                who: judge::likeness(event),
            };
            self.alike.insert(n.nid.clone(), alike);
        }
    }

    /// A notification that is found as a look-alike no more.
    pub fn unindex(&mut self, nid: &str) {
        let alike = Alike {
            nid: nid.to_owned(),
            new: false,
            day: 0,
            keys: Vec::new(),
            who: Likeness::default(),
        };
        self.alike.insert(nid.to_owned(), alike);
    }

    /// Writes what was indexed.
    pub fn write_alike(&mut self) -> Kept<()> {
        let all: Vec<Alike> = std::mem::take(&mut self.alike).into_values().collect();
        self.leaf.put_alike(&all)
    }

    /// Notifications that may be the same event.
    pub fn candidates(&self, n: &Notification, event: &Event) -> Kept<Vec<Candidate>> {
        let Some(day) = n.day else { return Ok(Vec::new()) };
        let reach = i32::try_from(self.settings.limits.alike_days).unwrap_or(0) + 1;
        let keys = judge::alike_keys(event);
        let days = day - reach..=day + reach;
        let mut found = self.leaf.alike_by_keys(*days.start(), *days.end(), &keys)?;
        // What this delivery brought or changed counts as it is now.
        found.retain(|(nid, _)| !self.alike.contains_key(nid));
        let here = self.alike.values().filter(|a| days.contains(&a.day));
        let sharing = here.filter(|a| a.keys.iter().any(|key| keys.contains(key)));
        found.extend(sharing.map(|a| (a.nid.clone(), a.who.clone())));
        let mut out = Vec::new();
        let me = judge::person(&judge::likeness(event));
        for (nid, who) in found {
            if nid != n.nid
                && crate::alike::same_person(&me, &judge::person(&who))
                && let Some(candidate) = self.candidate(&nid)?
            {
                out.push(candidate);
            }
        }
        Ok(out)
    }
}
