//! What a form of a browser sent: `application/x-www-form-urlencoded`.

/// The fields of a form.
#[derive(Debug, Default)]
pub(in crate::portal) struct FormData(Vec<(String, String)>);

impl FormData {
    /// Reads a body; none where it is not what browsers write.
    pub fn read(body: &str) -> Option<FormData> {
        let pairs = body.split('&').filter(|pair| !pair.is_empty());
        pairs
            .map(|pair| {
                let (name, value) = pair.split_once('=')?;
                Some((decode(name)?, decode(value)?))
            })
            .collect::<Option<Vec<_>>>()
            .map(FormData)
    }

    /// A field without blanks around it; empty where there is none.
    pub fn get(&self, name: &str) -> String {
        let found = self.0.iter().find(|(n, _)| n == name);
        found.map(|(_, v)| v.trim().to_owned()).unwrap_or_default()
    }
}

fn decode(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(b) = bytes.next() {
        match b {
            b'+' => out.push(b' '),
            b'%' => {
                let digit = |b: Option<u8>| char::from(b?).to_digit(16);
                let value = digit(bytes.next())? * 16 + digit(bytes.next())?;
                out.push(u8::try_from(value).ok()?);
            }
            b => out.push(b),
        }
    }
    String::from_utf8(out).ok()
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
        for bad in ["a", "a=%ZZ", "a=%FF", "a=%2"] {
            assert!(FormData::read(bad).is_none(), "{bad}");
        }
    }
}
