//! A signed payload read into a type; a member that is missing is named.
//!
//! Deliberately absent: every other detail. What does not fit is not quoted, for it may be about a
//! person.

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{self, DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde_json::Value;

use super::{Jws, SealError};

/// Reads a payload. A missing member is named as the type declares it; whatever else is wrong is
/// the payload's.
pub(super) fn read<T: DeserializeOwned>(payload: &Value) -> Result<T, SealError> {
    T::deserialize(Part(payload)).map_err(|fault| {
        let name = match fault {
            Fault::Missing(name) => name,
            Fault::Unfit => "payload",
        };
        SealError::Member(name.to_owned())
    })
}

/// Why a payload is none of this type.
#[derive(Debug, thiserror::Error)]
enum Fault {
    #[error("no member {0}")]
    Missing(&'static str),
    #[error("another type")]
    Unfit,
}

impl de::Error for Fault {
    fn custom<T: std::fmt::Display>(_: T) -> Fault {
        Fault::Unfit
    }

    fn missing_field(name: &'static str) -> Fault {
        Fault::Missing(name)
    }
}

/// A part of a payload, which serde_json reads; its own errors tell a missing member by words alone.
#[derive(Clone, Copy)]
struct Part<'de>(&'de Value);

impl<'de> IntoDeserializer<'de, Fault> for Part<'de> {
    type Deserializer = Part<'de>;

    fn into_deserializer(self) -> Part<'de> {
        self
    }
}

impl<'de> Deserializer<'de> for Part<'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.0 {
            Value::Array(items) => SeqDeserializer::new(items.iter().map(Part)).deserialize_any(visitor),
            Value::Object(members) => {
                let members = members.iter().map(|(name, value)| (name.as_str(), Part(value)));
                MapDeserializer::new(members).deserialize_any(visitor)
            }
            single => single.deserialize_any(visitor).map_err(|_| Fault::Unfit),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        let read = self.0.deserialize_enum(name, variants, visitor);
        read.map_err(|_| Fault::Unfit)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// Reads the payload of an object with a version `v`, of at most this one. The version is looked at first: a
/// newer one may have other members.
pub(super) fn read_version<T: DeserializeOwned>(jws: &Jws, known: u64) -> Result<T, SealError> {
    match jws.payload().get("v").and_then(Value::as_u64) {
        Some(v) if (1..=known).contains(&v) => read(jws.payload()),
        Some(v) if v > known => Err(SealError::NewerVersion(v)),
        _ => Err(SealError::Member("v".into())),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::seal::{AmendReason, Receipt};

    #[test]
    fn a_missing_member_is_named_wherever_it_lies_and_nothing_else_is() {
        let wrong = |name: &str| SealError::Member(name.to_owned());
        let reason = |value: Value| read::<AmendReason>(&value);
        assert!(reason(json!({ "code": "named", "text": "Каримова", "Каримова": [1] })).is_ok());
        assert_eq!(reason(json!({ "text": "" })), Err(wrong("code")));
        assert_eq!(reason(json!({ "code": 7 })), Err(wrong("payload")));
        assert_eq!(reason(json!("missing field `code`")), Err(wrong("payload")));
        let reasons = |value: Value| read::<Vec<Option<AmendReason>>>(&value);
        assert_eq!(reasons(json!([null, {}])), Err(wrong("code")));
        let receipt = read::<Receipt>(&json!({ "missing field `x`": "Каримова" }));
        assert_eq!(receipt, Err(wrong("n")));
    }
}
