//! Command lines as values.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::fail::Failure;
use super::table::{Command, GLOBAL, Opt, find};
use crate::lang::{Lang, Msg};

/// A command line that was understood.
#[derive(Debug)]
pub struct Call {
    /// The command; none opens the app.
    pub command: Option<&'static Command>,
    /// Positional arguments after the command's words.
    pub args: Vec<String>,
    options: BTreeMap<&'static str, Vec<String>>,
}

impl Call {
    /// The value of an option, the last one given.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.options.get(name).and_then(|v| v.last()).map(String::as_str)
    }

    /// Every value of an option.
    pub fn values(&self, name: &str) -> &[String] {
        self.options.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether a switch was given.
    pub fn has(&self, name: &str) -> bool {
        self.options.contains_key(name)
    }

    /// The value of an option as a path.
    pub fn path(&self, name: &str) -> Option<PathBuf> {
        self.value(name).map(PathBuf::from)
    }

    /// The value of an option that the command cannot do without.
    pub fn need(&self, name: &'static str) -> Result<&str, Failure> {
        self.value(name)
            .ok_or_else(|| Failure::usage(Msg::new("cli-option-missing").with("option", name)))
    }

    /// The first positional argument.
    pub fn arg(&self) -> Result<&str, Failure> {
        self.args
            .first()
            .map(String::as_str)
            .ok_or_else(|| Failure::usage(Msg::new("cli-argument-missing")))
    }

    /// A whole number given as an option.
    pub fn number(&self, name: &'static str) -> Result<Option<u32>, Failure> {
        self.value(name)
            .map(|text| {
                text.parse().map_err(|_| {
                    Failure::usage(
                        Msg::new("cli-not-a-number")
                            .with("option", name)
                            .with("found", text),
                    )
                })
            })
            .transpose()
    }

    /// The language that was asked for.
    pub fn lang(&self) -> Option<Lang> {
        self.value("lang").and_then(Lang::from_code)
    }
}

/// Splits and checks a command line (without the program's name).
pub fn parse(args: impl IntoIterator<Item = std::ffi::OsString>) -> Result<Call, Failure> {
    let mut words: Vec<String> = Vec::new();
    let mut found: Vec<(String, Option<String>)> = Vec::new();
    let mut parser = lexopt::Parser::from_args(args);
    let bad = |e: lexopt::Error| Failure::usage(Msg::new("cli-unreadable").with("what", e.to_string()));
    while let Some(arg) = parser.next().map_err(bad)? {
        match arg {
            lexopt::Arg::Long(name) => {
                let name = name.to_owned();
                if is_id(&format!("--{name}")) {
                    words.push(format!("--{name}"));
                    continue;
                }
                let known = option(&name, find(&words).map(|(c, _)| c))?;
                let value = match known.value {
                    Some(_) => Some(text(parser.value().map_err(bad)?)?),
                    None => None,
                };
                found.push((name, value));
            }
            lexopt::Arg::Short(c) => {
                let rest = parser.optional_value().map(text).transpose()?.unwrap_or_default();
                let whole = format!("-{c}{rest}");
                if whole == "-h" {
                    found.push(("help".into(), None));
                    continue;
                }
                if is_id(&whole) {
                    words.push(whole);
                    continue;
                }
                return Err(Failure::usage(
                    Msg::new("cli-option-unknown").with("option", format!("-{c}")),
                ));
            }
            lexopt::Arg::Value(v) => words.push(text(v)?),
        }
    }
    let (command, used) = match find(&words) {
        Some((c, n)) => (Some(c), n),
        None if words.is_empty() => (None, 0),
        None => {
            return Err(Failure::usage(
                Msg::new("cli-command-unknown").with("found", words.join(" ")),
            ));
        }
    };
    let mut options: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for (name, value) in found {
        let known = option(&name, command)?;
        options.entry(known.name).or_default().extend(value);
    }
    let args: Vec<String> = words.into_iter().skip(used).collect();
    let most = command.map_or(0, |c| match c.args.last() {
        Some(last) if last.contains('…') => usize::MAX,
        _ => c.args.len(),
    });
    if args.len() > most {
        return Err(Failure::usage(Msg::new("cli-argument-extra")));
    }
    let call = Call {
        command,
        args,
        options,
    };
    if let Some(lang) = call.value("lang").filter(|_| call.lang().is_none()) {
        return Err(Failure::usage(Msg::new("cli-lang-unknown").with("found", lang)));
    }
    Ok(call)
}

/// Whether it is the identifier of a key or request, one in 64 of which begins with a dash.
fn is_id(arg: &str) -> bool {
    arg.len() == 43
        && arg
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

fn option(name: &str, command: Option<&'static Command>) -> Result<&'static Opt, Failure> {
    let own = command.map(|c| c.opts).unwrap_or_default();
    own.iter()
        .chain(GLOBAL)
        .find(|o| o.name == name)
        .ok_or_else(|| Failure::usage(Msg::new("cli-option-unknown").with("option", format!("--{name}"))))
}

fn text(value: std::ffi::OsString) -> Result<String, Failure> {
    value
        .into_string()
        .map_err(|_| Failure::usage(Msg::new("cli-unreadable").with("what", "UTF-8")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Result<Call, Failure> {
        parse(text.split_whitespace().map(std::ffi::OsString::from))
    }

    #[test]
    fn a_command_line_is_understood_or_refused_by_name() {
        let call = line("record birth --from - --sign-as zebo --json").unwrap();
        assert_eq!(call.command.unwrap().name, "record");
        assert_eq!(call.arg().unwrap(), "birth");
        assert_eq!(call.value("from"), Some("-"));
        assert!(call.has("json") && !call.has("help"));
        assert_eq!(
            line("user list --json").unwrap().command.unwrap().name,
            "user list"
        );
        assert!(line("").unwrap().command.is_none());
        // A request's identifier may begin with dashes; it is no option.
        for id in [
            "-3NlaC43UboyZfMOY322DdUqVTxpI-qQUeqSwwX9SGE",
            "--Ja9P9hk2D0wlX542j-ud28Wam5kQZ3NFFeV4ViYQx",
        ] {
            assert_eq!(line(&format!("show {id}")).unwrap().arg().unwrap(), id);
        }
        assert!(line("list -h").unwrap().has("help"));
        assert_eq!(line("--data-dir x list").unwrap().value("data-dir"), Some("x"));
        assert_eq!(
            line("check-event --from x --lang ru birth").unwrap().lang(),
            Some(Lang::Ru)
        );
        for (text, id) in [
            ("fly", "cli-command-unknown"),
            ("portal", "cli-command-unknown"),
            ("list --wings", "cli-option-unknown"),
            ("list -x", "cli-option-unknown"),
            ("verify now", "cli-argument-extra"),
            ("list --lang de", "cli-lang-unknown"),
            ("record --from", "cli-unreadable"),
        ] {
            let failure = line(text).unwrap_err();
            assert_eq!((failure.msg.id.as_ref(), failure.exit), (id, 2), "{text}");
        }
    }
}
