//! Help, drawn from the table of commands.

use super::out::Out;
use super::parse::Call;
use super::table::{COMMANDS, Command, GLOBAL, Opt};
use crate::lang::{has, text};

/// Help on a command, or on all of them.
pub fn print(call: &Call, out: Out) {
    match call.command {
        Some(command) => one(command, out),
        None => all(out),
    }
}

fn all(out: Out) {
    out.line(&text(out.lang, "cli-about"));
    out.line("");
    out.line("ogoh [--data-dir DIR] [--lang tg|ru|en] [COMMAND] …");
    out.line("");
    for command in COMMANDS {
        out.line(&format!(
            "  {:<18} {}",
            command.name,
            text(out.lang, &about(command))
        ));
    }
    out.line("");
    options(GLOBAL, out);
    out.line("");
    out.line(&text(out.lang, "cli-exit-codes"));
}

fn one(command: &Command, out: Out) {
    out.line(&format!("ogoh {} {}", command.name, command.args.join(" ")));
    out.line("");
    out.line(&text(out.lang, &about(command)));
    let more = format!("{}-help", about(command));
    if has(&more) {
        out.line("");
        out.line(&text(out.lang, &more));
    }
    if !command.opts.is_empty() {
        out.line("");
        options(command.opts, out);
    }
    out.line("");
    options(GLOBAL, out);
}

fn options(opts: &[Opt], out: Out) {
    for opt in opts {
        let left = format!("--{} {}", opt.name, opt.value.unwrap_or_default());
        out.line(&format!(
            "  {left:<38} {}",
            text(out.lang, &format!("opt-{}", opt.name))
        ));
    }
}

fn about(command: &Command) -> String {
    format!("cmd-{}", command.name.replace(' ', "-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_and_option_is_explained() {
        for command in COMMANDS {
            assert!(has(&about(command)), "{}", command.name);
        }
        for opt in COMMANDS.iter().flat_map(|c| c.opts).chain(GLOBAL) {
            assert!(has(&format!("opt-{}", opt.name)), "{}", opt.name);
        }
    }
}
