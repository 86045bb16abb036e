//! Copies of the registry: the table `[copies]` of `portal.toml`.

use serde::{Deserialize, Serialize};

use crate::portal::age::Recipient;

/// To whom copies are sealed, where they go, and how old they may be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Copies {
    /// Public keys, `age1…`, to which a copy is sealed; any one of their secret keys opens it. Those belong
    /// elsewhere.
    pub recipients: Vec<String>,
    /// Folder for copies, on another disk, best on another machine; empty where none is set.
    pub folder: String,
    /// Hours after which there should be a newer copy.
    pub backup_hours: u32,
    /// Days after which a copy should be restored for trial again.
    pub drill_days: u32,
}

impl Copies {
    /// What is wrong with it: the setting, and what was found there.
    pub fn fault(&self) -> Option<(String, String)> {
        let no_key = |key: &&String| Recipient::parse(key).is_none();
        let found = self.recipients.iter().find(no_key)?;
        Some(("copies.recipients".to_owned(), found.clone()))
    }
}

impl Default for Copies {
    fn default() -> Self {
        Copies {
            recipients: Vec::new(),
            folder: String::new(),
            backup_hours: 26,
            drill_days: 35,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recipient_to_whom_nothing_can_be_sealed_is_refused() {
        let fault = |recipient: &str| {
            let recipients = vec![recipient.to_owned()];
            Copies {
                recipients,
                ..Copies::default()
            }
            .fault()
        };
        let public = "age1prtg5gt8dgx0a0wlg3hf5pu5nc87kazyhf234radyq003quet9eqswn6u7";
        assert_eq!(fault(public), None);
        // A point of low order: anybody could open what is sealed to it.
        let encode = |bytes: &[u8]| {
            let age = bech32::Hrp::parse("age").unwrap();
            bech32::encode::<bech32::Bech32>(age, bytes).unwrap()
        };
        let one = [&[1], &[0; 31][..]].concat();
        for wrong in [
            "age1",
            public.get(..20).unwrap(),
            &encode(&[0; 32]),
            &encode(&one),
        ] {
            assert_eq!(
                fault(wrong),
                Some(("copies.recipients".to_owned(), wrong.to_owned()))
            );
        }
    }
}
