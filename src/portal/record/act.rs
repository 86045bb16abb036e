//! What an act of a registrar was, as it is kept beside who did it and when.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Why something was done and what it changed. FROZEN: kept as JSON for as long as the register itself. A
/// reader passes over members that it does not know and reads any `v`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActDetails {
    /// Version of the format, 1.
    pub v: u64,
    /// Why, in the person's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What stood there before; absent where nothing did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// What stands there now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
}

impl ActDetails {
    /// Nothing but a reason.
    pub fn because(reason: &str) -> ActDetails {
        ActDetails {
            v: 1,
            reason: Some(reason.to_owned()),
            before: None,
            after: None,
        }
    }

    /// A change.
    pub fn changed(before: Option<Value>, after: Value) -> ActDetails {
        ActDetails {
            v: 1,
            reason: None,
            before,
            after: Some(after),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_kept_of_an_act_is_frozen() {
        for (details, text) in [
            (ActDetails::because("хато"), r#"{"v":1,"reason":"хато"}"#),
            (
                ActDetails::changed(None, json!({"office": "TJ-DU-02"})),
                r#"{"v":1,"after":{"office":"TJ-DU-02"}}"#,
            ),
            (
                ActDetails::changed(Some(json!({})), json!({"child_given": "Мадина"})),
                r#"{"v":1,"before":{},"after":{"child_given":"Мадина"}}"#,
            ),
        ] {
            assert_eq!(serde_json::to_string(&details).unwrap(), text);
            assert_eq!(serde_json::from_str::<ActDetails>(text).unwrap(), details);
        }
        let later: ActDetails = serde_json::from_str(r#"{"v":2,"reason":"x","by":"somebody"}"#).unwrap();
        assert_eq!((later.v, later.reason.as_deref()), (2, Some("x")));
    }
}
