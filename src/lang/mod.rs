//! The message catalogue: every sentence a user meets, in Tajik, Russian and English.
//!
//! Texts live in `src/lang/{tg,ru,en}/*.ftl` (Project Fluent), one file for each room of the
//! program so that none grows past what a reader can hold. A test holds the three languages to
//! the same identifiers and variables.
//!
//! Deliberately absent: choosing a language from the operating system (a ward sets it), and any
//! knowledge of what a message is about.

use std::borrow::Cow;
use std::fmt;
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// A language of the program.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Tajik, the language of record.
    #[default]
    Tg,
    /// Russian.
    Ru,
    /// English.
    En,
}

impl Lang {
    /// All languages, in the order in which F6 walks them.
    pub const ALL: [Lang; 3] = [Lang::Tg, Lang::Ru, Lang::En];

    /// BCP 47 code.
    pub fn code(self) -> &'static str {
        match self {
            Lang::Tg => "tg",
            Lang::Ru => "ru",
            Lang::En => "en",
        }
    }

    /// The language with this code, if it is one of ours.
    pub fn from_code(code: &str) -> Option<Lang> {
        Lang::ALL.into_iter().find(|l| l.code() == code)
    }

    /// The language's name in itself.
    pub fn autonym(self) -> &'static str {
        match self {
            Lang::Tg => "Тоҷикӣ",
            Lang::Ru => "Русский",
            Lang::En => "English",
        }
    }

    /// The next one, round and round.
    #[must_use]
    pub fn next(self) -> Lang {
        match self {
            Lang::Tg => Lang::Ru,
            Lang::Ru => Lang::En,
            Lang::En => Lang::Tg,
        }
    }
}

/// A value put into a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arg {
    /// Text as it stands.
    Text(String),
    /// A number; plural forms follow it.
    Num(i64),
    /// The name of another message, rendered in the same language.
    Ref(String),
}

impl From<&str> for Arg {
    fn from(v: &str) -> Self {
        Arg::Text(v.to_owned())
    }
}
impl From<String> for Arg {
    fn from(v: String) -> Self {
        Arg::Text(v)
    }
}
impl From<i64> for Arg {
    fn from(v: i64) -> Self {
        Arg::Num(v)
    }
}
impl From<u64> for Arg {
    fn from(n: u64) -> Arg {
        Arg::Num(i64::try_from(n).unwrap_or(i64::MAX))
    }
}

impl From<u32> for Arg {
    fn from(v: u32) -> Self {
        Arg::Num(i64::from(v))
    }
}
impl From<usize> for Arg {
    fn from(v: usize) -> Self {
        Arg::Num(i64::try_from(v).unwrap_or(i64::MAX))
    }
}

/// A message yet to be rendered: its identifier and its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Msg {
    /// Identifier in the catalogue.
    pub id: Cow<'static, str>,
    /// Named arguments.
    pub args: Vec<(&'static str, Arg)>,
}

impl Msg {
    /// A message without arguments.
    pub fn new(id: impl Into<Cow<'static, str>>) -> Msg {
        Msg {
            id: id.into(),
            args: Vec::new(),
        }
    }

    /// Adds an argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Arg>) -> Msg {
        self.args.push((name, value.into()));
        self
    }

    /// The text in a language.
    pub fn render(&self, lang: Lang) -> String {
        render(lang, &self.id, &self.args)
    }
}

/// Text of a message without arguments.
pub fn text(lang: Lang, id: &str) -> String {
    render(lang, id, &[])
}

/// Whether the catalogue has this identifier.
pub fn has(id: &str) -> bool {
    bundle(Lang::En).has_message(id)
}

/// What a program shows to a person when something went wrong: every error of every room.
///
/// One place (`cli` on a terminal, `ui` on a screen) prints the message and, where the catalogue
/// has `<id>-hint`, what to do about it.
pub trait Explain: fmt::Debug {
    /// What happened.
    fn msg(&self) -> Msg;
    /// What to do, when there is something to do.
    fn hint(&self) -> Option<Msg> {
        let msg = self.msg();
        let id = format!("{}-hint", msg.id);
        has(&id).then_some(Msg {
            id: Cow::Owned(id),
            args: msg.args,
        })
    }
}

fn render(lang: Lang, id: &str, args: &[(&'static str, Arg)]) -> String {
    let bundle = bundle(lang);
    let Some(pattern) = bundle.get_message(id).and_then(|m| m.value()) else {
        // A gap in the catalogue is a defect that a test finds; a user still sees which one.
        return id.to_owned();
    };
    let mut fluent = FluentArgs::with_capacity(args.len());
    for (name, value) in args {
        match value {
            Arg::Text(t) => fluent.set(*name, FluentValue::from(t.as_str())),
            Arg::Num(n) => fluent.set(*name, FluentValue::from(*n)),
            Arg::Ref(id) => fluent.set(*name, FluentValue::from(render(lang, id, &[]))),
        }
    }
    let mut errors = Vec::new();
    bundle
        .format_pattern(pattern, Some(&fluent), &mut errors)
        .into_owned()
}

fn bundle(lang: Lang) -> &'static FluentBundle<FluentResource> {
    static BUNDLES: [OnceLock<FluentBundle<FluentResource>>; 3] = [const { OnceLock::new() }; 3];
    let slot = match lang {
        Lang::Tg => &BUNDLES[0],
        Lang::Ru => &BUNDLES[1],
        Lang::En => &BUNDLES[2],
    };
    slot.get_or_init(|| {
        // fluent-bundle has no Tajik plural rules and would use English-like ones; the Tajik
        // noun does not change after a numeral, so the catalogue writes all forms alike.
        let id: LanguageIdentifier = lang.code().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        bundle.set_use_isolating(false);
        for (_, source) in sources(lang) {
            // Broken lines are left out here and named by the catalogue's test.
            let resource = match FluentResource::try_new((*source).to_owned()) {
                Ok(r) | Err((r, _)) => r,
            };
            bundle.add_resource_overriding(resource);
        }
        bundle
    })
}

macro_rules! catalogue {
    ($($part:literal),* $(,)?) => {
        /// The parts of a language's catalogue: name and text.
        pub fn sources(lang: Lang) -> &'static [(&'static str, &'static str)] {
            match lang {
                Lang::Tg => &[$(($part, include_str!(concat!("tg/", $part, ".ftl")))),*],
                Lang::Ru => &[$(($part, include_str!(concat!("ru/", $part, ".ftl")))),*],
                Lang::En => &[$(($part, include_str!(concat!("en/", $part, ".ftl")))),*],
            }
        }
    };
}

catalogue!(
    "cli", "deliver", "desk", "env", "form", "fields", "icd", "month", "portal", "rules", "seal", "store",
    "ui", "verify", "words"
);
