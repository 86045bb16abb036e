//! What a form of a browser sent: `application/x-www-form-urlencoded`.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;
use serde::de::value::{Error, MapDeserializer};

/// The fields of a form.
#[derive(Debug, Default)]
pub(in crate::portal) struct FormData(Vec<(String, String)>);

impl FormData {
    /// Reads a body; none where it is not what browsers write, which the library would guess at.
    pub fn read(body: &str) -> Option<FormData> {
        let mut pairs = body.split('&').filter(|pair| !pair.is_empty());
        let written = pairs.all(|pair| pair.contains('='))
            && body.split('%').skip(1).all(is_escape)
            && percent_decode_str(body).decode_utf8().is_ok();
        written.then(|| FormData(form_urlencoded::parse(body.as_bytes()).into_owned().collect()))
    }

    /// The fields without blanks around them, as a type that names them; none where one holds a word that
    /// the type does not know. Of a field that stands twice, the first counts.
    pub fn typed<T: DeserializeOwned>(self) -> Option<T> {
        let mut fields = BTreeMap::new();
        for (name, value) in self.0 {
            fields.entry(name).or_insert_with(|| value.trim().to_owned());
        }
        let fields = MapDeserializer::<_, Error>::new(fields.into_iter());
        T::deserialize(fields).ok()
    }
}

/// Whether what follows a percent sign begins with two hexadecimal digits.
fn is_escape(rest: &str) -> bool {
    let digits = rest.as_bytes().get(..2);
    digits.is_some_and(|two| two.iter().all(u8::is_ascii_hexdigit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_as_browsers_write_it() {
        let form = FormData::read("h=H&field=mother.surname&text=%D2%B7+%26+x+&empty=&h=G").unwrap();
        let form: BTreeMap<String, String> = form.typed().unwrap();
        assert_eq!(form["field"], "mother.surname");
        assert_eq!(form["text"], "ҷ & x");
        assert_eq!(form.get("none"), None);
        for bad in ["a", "a=%ZZ", "a=%FF", "a=%2", "a=%D2&b=%B7"] {
            assert!(FormData::read(bad).is_none(), "{bad}");
        }
    }
}
