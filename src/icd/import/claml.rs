//! ClaML, WHO's form of classifications: `Class` of kind `category`, in it the `Rubric` of kind
//! `preferred`, in that a `Label` for each language. A class that is `ModifiedBy` a modifier has a
//! code more for each `ModifierClass` of it.

use std::collections::BTreeMap;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::list::{ImportError, Imported, LeftOut, Why, code_of, is_heading};
use crate::lang::Lang;

/// A label: its language, if it is one of ours, and its text.
type Label = (Option<Lang>, String);

/// What is being read: a class, or a class of a modifier.
#[derive(Default)]
struct Class {
    line: usize,
    code: String,
    /// The modifier, where it is a class of one.
    of: Option<String>,
    labels: Vec<Label>,
    modifiers: Vec<Modified>,
}

/// A modifier of a class, with the codes of it that are valid there; all where none is named.
struct Modified {
    modifier: String,
    line: usize,
    valid: Vec<String>,
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    tag.attributes()
        .filter_map(Result::ok)
        .find(|a| a.key.as_ref() == name)
        .map(|a| a.value.into_owned())
}

/// The line of each place, asked for in their order.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: usize,
}

impl Lines<'_> {
    fn of(&mut self, place: u64) -> usize {
        let place = usize::try_from(place).unwrap_or(usize::MAX).min(self.text.len());
        let between = self.text.as_bytes().get(self.at..place).unwrap_or_default();
        self.line += between.iter().filter(|b| **b == b'\n').count();
        self.at = place;
        self.line
    }
}

pub(super) fn read(text: &str, lang: Lang) -> Result<Imported, ImportError> {
    let mut reader = Reader::from_str(text);
    let mut lines = Lines { text, at: 0, line: 1 };
    let mut classes: Vec<Class> = Vec::new();
    let mut list = Imported::default();
    let mut open: Option<Class> = None;
    let mut preferred = false;
    let mut label: Option<Label> = None;
    let mut depth = 0usize;
    loop {
        let at = reader.buffer_position();
        let event = reader.read_event().map_err(|_| ImportError::Xml(at))?;
        match &event {
            Event::Start(tag) | Event::Empty(tag) => {
                let empty = matches!(event, Event::Empty(_));
                if !empty {
                    depth += 1;
                }
                match tag.local_name().as_ref() {
                    "Class" if attribute(tag, "kind").is_some_and(|k| k != "category") => {
                        list.headings += 1;
                        open = None;
                    }
                    "Class" | "ModifierClass" if !empty => {
                        open = attribute(tag, "code").map(|code| Class {
                            line: lines.of(at),
                            code,
                            of: attribute(tag, "modifier"),
                            ..Class::default()
                        });
                    }
                    "ModifiedBy" => {
                        if let (Some(class), Some(modifier)) = (&mut open, attribute(tag, "code")) {
                            let line = lines.of(at);
                            class.modifiers.push(Modified {
                                modifier,
                                line,
                                valid: Vec::new(),
                            });
                        }
                    }
                    "ValidModifierClass" => {
                        let last = open.as_mut().and_then(|c| c.modifiers.last_mut());
                        if let (Some(last), Some(code)) = (last, attribute(tag, "code")) {
                            last.valid.push(code);
                        }
                    }
                    "Rubric" if !empty => preferred = attribute(tag, "kind").as_deref() == Some("preferred"),
                    "Label" if !empty && preferred && open.is_some() => {
                        let said = attribute(tag, "xml:lang").filter(|l| !l.is_empty());
                        let ours = match &said {
                            Some(said) => {
                                let short = said.split(['-', '_']).next().unwrap_or_default().to_lowercase();
                                Lang::from_code(&short)
                            }
                            None => Some(lang),
                        };
                        label = Some((ours, String::new()));
                    }
                    _ => {}
                }
            }
            Event::Text(words) => {
                if let Some((_, text)) = &mut label {
                    text.push_str(&words.xml10_content());
                    text.push(' ');
                }
            }
            Event::GeneralRef(entity) => {
                if let Some((_, text)) = &mut label {
                    text.push(match entity.as_ref() {
                        "amp" => '&',
                        "lt" => '<',
                        "gt" => '>',
                        "quot" => '"',
                        "apos" => '\'',
                        _ => ' ',
                    });
                }
            }
            Event::End(tag) => {
                depth = depth.checked_sub(1).ok_or(ImportError::Xml(at))?;
                match tag.local_name().as_ref() {
                    "Class" | "ModifierClass" => classes.extend(open.take()),
                    "Rubric" => preferred = false,
                    "Label" => {
                        if let (Some(label), Some(class)) = (label.take(), &mut open) {
                            class.labels.push(label);
                        }
                    }
                    _ => {}
                }
            }
            Event::Eof if depth == 0 => break,
            Event::Eof => return Err(ImportError::Xml(at)),
            _ => {}
        }
    }
    add_up(&classes, &mut list);
    Ok(list)
}

/// Titles of all classes, and of the codes that modifiers make of them.
fn add_up(classes: &[Class], list: &mut Imported) {
    let mut suffixes: BTreeMap<&str, Vec<&Class>> = BTreeMap::new();
    for class in classes {
        if let Some(modifier) = &class.of {
            suffixes.entry(modifier).or_default().push(class);
        }
    }
    for class in classes.iter().filter(|c| c.of.is_none()) {
        titles(class.line, &class.code, &class.labels, list);
        for modified in &class.modifiers {
            let all = suffixes.get(modified.modifier.as_str()).map(Vec::as_slice);
            let made = all
                .unwrap_or_default()
                .iter()
                .filter(|suffix| modified.valid.is_empty() || modified.valid.contains(&suffix.code));
            let mut any = false;
            for suffix in made {
                let code = format!("{}{}", class.code, suffix.code.trim_start_matches('.'));
                if code_of(&class.code).is_some() && code_of(&code).is_some() {
                    any = true;
                    titles(modified.line, &code, &joined(&class.labels, &suffix.labels), list);
                }
            }
            if !any {
                let found = format!("{} {}", class.code, modified.modifier);
                list.left.push(LeftOut::new(modified.line, Why::Modifier, &found));
            }
        }
    }
}

/// The class's labels with what a modifier adds, in the languages that both have.
fn joined(of_class: &[Label], of_suffix: &[Label]) -> Vec<Label> {
    let mut out = Vec::new();
    for (lang, text) in of_class {
        for (_, suffix) in of_suffix.iter().filter(|(l, _)| l == lang) {
            out.push((*lang, format!("{}: {}", text.trim(), suffix.trim())));
        }
    }
    out
}

fn titles(line: usize, code: &str, labels: &[Label], list: &mut Imported) {
    if labels.is_empty() && !is_heading(code) {
        list.left.push(LeftOut::new(line, Why::Title, code));
    }
    for (lang, text) in labels {
        match lang {
            Some(lang) => list.take(line, code, *lang, text),
            None => list.left.push(LeftOut::new(line, Why::Language, code)),
        }
    }
}
