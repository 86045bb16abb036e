//! What a form of a browser sent: `application/x-www-form-urlencoded`.

use percent_encoding::percent_decode_str;

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

    /// A field without blanks around it; empty where there is none.
    pub fn get(&self, name: &str) -> String {
        let found = self.0.iter().find(|(n, _)| n == name);
        found.map(|(_, v)| v.trim().to_owned()).unwrap_or_default()
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
        let form = FormData::read("h=H&field=mother.surname&text=%D2%B7+%26+x+&empty=").unwrap();
        assert_eq!(form.get("field"), "mother.surname");
        assert_eq!(form.get("text"), "ҷ & x");
        assert_eq!(form.get("none"), "");
        for bad in ["a", "a=%ZZ", "a=%FF", "a=%2", "a=%D2&b=%B7"] {
            assert!(FormData::read(bad).is_none(), "{bad}");
        }
    }
}
