//! Code lists in three languages: districts, registry offices, and the answers of closed
//! questions.
//!
//! District codes are the project's own until the ministries publish theirs: mapped then, never
//! renumbered. There is one registry office to a district (the country has 66 to 74 offices for 68
//! districts), so an office bears its district's code; that is an assumption.
//!
//! Deliberately absent: titles of the ICD (they are WHO's text), facilities (the registry's trust
//! list names them).

use std::sync::OnceLock;

use crate::lang::Lang;

/// One code and its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// The code, as signed.
    pub code: String,
    names: [String; 3],
}

impl Code {
    /// Its name.
    pub fn name(&self, lang: Lang) -> &str {
        let [tg, ru, en] = &self.names;
        match lang {
            Lang::Tg => tg,
            Lang::Ru => ru,
            Lang::En => en,
        }
    }
}

/// A list of codes, in the order in which it is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    /// Name of the list.
    pub id: String,
    /// Its codes.
    pub codes: Vec<Code>,
}

impl List {
    /// The entry with this code.
    pub fn get(&self, code: &str) -> Option<&Code> {
        self.codes.iter().find(|c| c.code == code)
    }
}

/// The list of this name: `district`, `region`, `office` or one of `lists.csv`.
pub fn list(id: &str) -> Option<&'static List> {
    all().iter().find(|l| l.id == id)
}

/// Whether a list has this code.
pub fn knows(list_id: &str, code: &str) -> bool {
    list(list_id).is_some_and(|list| list.get(code).is_some())
}

/// Name of a code, or the code itself where the list does not have it.
pub fn name(list_id: &str, code: &str, lang: Lang) -> String {
    list(list_id)
        .and_then(|l| l.get(code))
        .map_or_else(|| code.to_owned(), |c| c.name(lang).to_owned())
}

/// Every list.
pub fn all() -> &'static [List] {
    static LISTS: OnceLock<Vec<List>> = OnceLock::new();
    LISTS.get_or_init(|| {
        let mut lists: Vec<List> = Vec::new();
        for row in rows(include_str!("lists.csv")) {
            if let [id, code, tg, ru, en] = row.as_slice() {
                let names = [tg.clone(), ru.clone(), en.clone()];
                let code = Code {
                    code: code.clone(),
                    names,
                };
                match lists.last_mut().filter(|l| l.id == *id) {
                    Some(list) => list.codes.push(code),
                    None => lists.push(List {
                        id: id.clone(),
                        codes: vec![code],
                    }),
                }
            }
        }
        let districts: Vec<Code> = rows(include_str!("districts.csv"))
            .iter()
            .filter_map(|row| match row.as_slice() {
                [code, _, tg, ru, en, ..] => Some(Code {
                    code: code.clone(),
                    names: [tg.clone(), ru.clone(), en.clone()],
                }),
                _ => None,
            })
            .collect();
        let regions = rows(include_str!("regions.csv"))
            .iter()
            .filter_map(|row| match row.as_slice() {
                [code, tg, ru, en] => Some(Code {
                    code: code.clone(),
                    names: [tg.clone(), ru.clone(), en.clone()],
                }),
                _ => None,
            })
            .collect();
        let offices = districts
            .iter()
            .map(|d| Code {
                code: d.code.clone(),
                names: [
                    format!("САҲШ, {}", d.name(Lang::Tg)),
                    format!("ЗАГС, {}", d.name(Lang::Ru)),
                    format!("Registry office, {}", d.name(Lang::En)),
                ],
            })
            .collect();
        lists.push(List {
            id: "district".into(),
            codes: districts,
        });
        lists.push(List {
            id: "region".into(),
            codes: regions,
        });
        lists.push(List {
            id: "office".into(),
            codes: offices,
        });
        lists
    })
}

/// The region that a district lies in.
pub fn region_of(district: &str) -> Option<&'static str> {
    static REGIONS: OnceLock<std::collections::HashMap<String, String>> = OnceLock::new();
    let regions = REGIONS.get_or_init(|| {
        let rows = rows(include_str!("districts.csv")).into_iter();
        rows.filter_map(|row| match row.as_slice() {
            [code, region, ..] => Some((code.clone(), region.clone())),
            _ => None,
        })
        .collect()
    });
    regions.get(district).map(String::as_str)
}

fn rows(text: &str) -> Vec<Vec<String>> {
    csv::Reader::from_reader(text.as_bytes())
        .records()
        .filter_map(Result::ok)
        .map(|r| r.iter().map(str::to_owned).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_unique_in_its_list_and_has_three_names() {
        assert_eq!(list("district").unwrap().codes.len(), 68);
        assert_eq!(list("office").unwrap().codes.len(), 68);
        assert_eq!(list("region").unwrap().codes.len(), 5);
        for list in all() {
            let mut seen = std::collections::BTreeSet::new();
            for code in &list.codes {
                assert!(seen.insert(&code.code), "{} {}", list.id, code.code);
                for lang in Lang::ALL {
                    assert!(!code.name(lang).is_empty(), "{} {}", list.id, code.code);
                }
            }
        }
        let ids: std::collections::BTreeSet<_> = all().iter().map(|l| &l.id).collect();
        assert_eq!(ids.len(), all().len(), "a list is written in one piece");
    }
}
