//! Passphrases: from a file or a prompt, never from an argument.

use std::io::{BufRead, IsTerminal, Write};

use zeroize::Zeroizing;

use super::fail::Failure;
use super::out::clean;
use super::parse::Call;
use crate::lang::{Lang, Msg};

/// The passphrase of a person: the first line of `--passphrase-file`, else asked for.
pub fn passphrase(call: &Call, login: &str) -> Result<Zeroizing<String>, Failure> {
    passphrase_by(call, "passphrase-file", login)
}

/// The same with another name of the option.
pub fn passphrase_by(call: &Call, option: &str, login: &str) -> Result<Zeroizing<String>, Failure> {
    if let Some(path) = call.value(option) {
        return first_line(path);
    }
    let prompt = Msg::new("cli-passphrase-of").with("user", login);
    ask_hidden(&prompt.render(call.lang().unwrap_or_default()))
}

/// The first line of a file with a secret.
pub fn first_line(path: &str) -> Result<Zeroizing<String>, Failure> {
    let text = Zeroizing::new(super::read::read(path)?);
    let line = text.lines().next().unwrap_or_default().trim();
    if line.is_empty() {
        return Err(Failure::refused(
            Msg::new("cli-passphrase-empty").with("path", path),
        ));
    }
    Ok(Zeroizing::new(line.to_owned()))
}

/// Asks on the terminal without showing what is typed.
pub fn ask_hidden(prompt: &str) -> Result<Zeroizing<String>, Failure> {
    use crossterm::event::{Event, KeyCode, KeyEventKind, KeyModifiers, read};
    use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
    if !std::io::stdin().is_terminal() {
        return Err(Failure::usage(Msg::new("cli-passphrase-needs-terminal")));
    }
    let fail = |e: std::io::Error| Failure::refused(Msg::new("cli-terminal").with("what", e.to_string()));
    let _ = write!(std::io::stderr(), "{} ", clean(prompt));
    let _ = std::io::stderr().flush();
    enable_raw_mode().map_err(fail)?;
    let mut typed = Zeroizing::new(String::new());
    let done = loop {
        match read() {
            Err(e) => break Err(fail(e)),
            Ok(Event::Key(key)) if key.kind != KeyEventKind::Release => match key.code {
                KeyCode::Enter => break Ok(()),
                KeyCode::Esc => break Err(Failure::refused(Msg::new("cli-left"))),
                KeyCode::Char('c') if key.modifiers.contains(KeyModifiers::CONTROL) => {
                    break Err(Failure::refused(Msg::new("cli-left")));
                }
                KeyCode::Backspace => {
                    typed.pop();
                }
                KeyCode::Char(c) => typed.push(c),
                _ => {}
            },
            Ok(_) => {}
        }
    };
    let _ = disable_raw_mode();
    let _ = writeln!(std::io::stderr());
    done.map(|()| typed)
}

/// Asks a question on standard input and gives the line.
pub fn ask(question: &str) -> Result<String, Failure> {
    let _ = write!(std::io::stderr(), "{} ", clean(question));
    let _ = std::io::stderr().flush();
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    match read {
        Ok(0) => Err(Failure::usage(
            Msg::new("cli-no-answer").with("question", question),
        )),
        Ok(_) => Ok(line.trim().to_owned()),
        Err(e) => Err(Failure::refused(
            Msg::new("cli-terminal").with("what", e.to_string()),
        )),
    }
}

/// Tells something beside the questions.
pub fn tell(text: &str) {
    let _ = writeln!(std::io::stderr(), "{}", clean(text));
}

/// Asks until the answer is not empty.
pub fn ask_for(lang: Lang, id: &'static str) -> Result<String, Failure> {
    loop {
        let answer = ask(&Msg::new(id).render(lang))?;
        if !answer.is_empty() {
            return Ok(answer);
        }
    }
}
