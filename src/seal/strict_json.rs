//! The JSON that is signed: integers, NFC strings, no floats, no nulls, no duplicate names.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use unicode_normalization::is_nfc;

use super::SealError;

/// Deepest nesting of objects and arrays.
pub const MAX_DEPTH: u32 = 16;

/// Largest magnitude that every JSON reader keeps exactly (RFC 7493).
const MAX_INTEGER: u64 = (1 << 53) - 1;

/// Parses bytes that somebody signed; anything two readers could read differently is refused.
pub fn parse(bytes: &[u8]) -> Result<Value, SealError> {
    let text = std::str::from_utf8(bytes).map_err(|_| SealError::Payload("utf-8"))?;
    let mut reader = serde_json::Deserializer::from_str(text);
    let fault = Cell::new(None);
    let strict = Strict {
        depth: 0,
        fault: &fault,
    };
    let read = strict.deserialize(&mut reader);
    let value = read.map_err(|_| SealError::Payload(fault.get().unwrap_or("json")))?;
    reader.end().map_err(|_| SealError::Payload("json"))?;
    Ok(value)
}

/// The same rules for a value that is about to be signed. `depth` counts the containers around it.
pub fn check(value: &Value, depth: u32) -> Result<(), SealError> {
    if depth >= MAX_DEPTH && (value.is_object() || value.is_array()) {
        return Err(SealError::Payload("depth"));
    }
    match value {
        Value::Null => Err(SealError::Payload("null")),
        Value::Bool(_) => Ok(()),
        Value::Number(n) => match (n.as_i64(), n.as_u64()) {
            (Some(i), _) if i.unsigned_abs() <= MAX_INTEGER => Ok(()),
            (None, Some(u)) if u <= MAX_INTEGER => Ok(()),
            _ => Err(SealError::Payload("number")),
        },
        Value::String(s) => is_nfc(s).then_some(()).ok_or(SealError::Payload("nfc")),
        Value::Array(items) => items.iter().try_for_each(|v| check(v, depth + 1)),
        Value::Object(map) => map.iter().try_for_each(|(name, v)| {
            if !is_nfc(name) {
                return Err(SealError::Payload("nfc"));
            }
            check(v, depth + 1)
        }),
    }
}

#[derive(Clone, Copy)]
struct Strict<'f> {
    depth: u32,
    /// Where a fault is noted that we raise ourselves; every other one is broken JSON.
    fault: &'f Cell<Option<&'static str>>,
}

impl Strict<'_> {
    fn refuse<E: Error>(self, why: &'static str) -> E {
        self.fault.set(Some(why));
        E::custom(why)
    }

    fn deeper<E: Error>(self) -> Result<Self, E> {
        if self.depth >= MAX_DEPTH {
            return Err(self.refuse("depth"));
        }
        let depth = self.depth + 1;
        Ok(Strict { depth, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;
    fn deserialize<D: Deserializer<'de>>(self, d: D) -> Result<Value, D::Error> {
        d.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("json")
    }
    fn visit_bool<E: Error>(self, v: bool) -> Result<Value, E> {
        Ok(Value::Bool(v))
    }
    fn visit_i64<E: Error>(self, v: i64) -> Result<Value, E> {
        if v.unsigned_abs() > MAX_INTEGER {
            Err(self.refuse("number"))
        } else {
            Ok(Value::from(v))
        }
    }
    fn visit_u64<E: Error>(self, v: u64) -> Result<Value, E> {
        if v > MAX_INTEGER {
            Err(self.refuse("number"))
        } else {
            Ok(Value::from(v))
        }
    }
    fn visit_f64<E: Error>(self, _: f64) -> Result<Value, E> {
        Err(self.refuse("number"))
    }
    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Err(self.refuse("null"))
    }
    fn visit_str<E: Error>(self, v: &str) -> Result<Value, E> {
        if is_nfc(v) {
            Ok(Value::from(v))
        } else {
            Err(self.refuse("nfc"))
        }
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut out = Vec::new();
        while let Some(v) = seq.next_element_seed(inner)? {
            out.push(v);
        }
        Ok(Value::Array(out))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut out = Map::new();
        while let Some(name) = map.next_key::<String>()? {
            if !is_nfc(&name) {
                return Err(self.refuse("nfc"));
            }
            let value = map.next_value_seed(inner)?;
            if out.insert(name, value).is_some() {
                return Err(self.refuse("duplicate"));
            }
        }
        Ok(Value::Object(out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_readers_could_read_differently_is_refused() {
        for (text, why) in [
            (r#"{"a":1,"a":2}"#, "duplicate"),
            (r#"{"x":{"a":1,"a":1}}"#, "duplicate"),
            (r#"{"a":1.0}"#, "number"),
            (r#"{"a":1e3}"#, "number"),
            (r#"{"a":-0.0}"#, "number"),
            (r#"{"a":9007199254740992}"#, "number"),
            (r#"{"a":null}"#, "null"),
            ("{\"a\":\"и\u{304}\"}", "nfc"),
            ("{\"и\u{304}\":1}", "nfc"),
            (r#"{"a":"\u0438\u0304"}"#, "nfc"),
            (r#"{"a":1} x"#, "json"),
            (r#"{"a":1,}"#, "json"),
            (r#"{"a":"\ud800"}"#, "json"),
            ("", "json"),
            (&"[".repeat(17), "depth"),
        ] {
            assert_eq!(parse(text.as_bytes()), Err(SealError::Payload(why)), "{text}");
        }
        assert_eq!(parse(b"\xff"), Err(SealError::Payload("utf-8")));
        let deep = format!("{}1{}", "[".repeat(16), "]".repeat(16));
        let value = parse(deep.as_bytes()).unwrap();
        assert!(check(&value, 0).is_ok());
        let deeper: Value = serde_json::from_str(&format!("[{deep}]")).unwrap();
        assert_eq!(check(&deeper, 0), Err(SealError::Payload("depth")));
        assert!(parse(r#"{"a":9007199254740991,"b":-1,"c":"ӣ","d":[true]}"#.as_bytes()).is_ok());
    }
}
