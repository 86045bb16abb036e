//! The commands: one table feeds parsing and help.
//!
//! Texts come from the catalogue: `cmd-<name>` for a command (blanks as hyphens), `opt-<name>` for
//! an option.

/// An option of a command.
#[derive(Debug, PartialEq, Eq)]
pub struct Opt {
    /// Long name without the hyphens.
    pub name: &'static str,
    /// Placeholder of its value; none for a switch.
    pub value: Option<&'static str>,
}

/// A command.
#[derive(Debug, PartialEq, Eq)]
pub struct Command {
    /// Its words, such as `portal serve`.
    pub name: &'static str,
    /// Placeholders of its positional arguments; one in brackets may be left out, one that ends
    /// in an ellipsis may be repeated.
    pub args: &'static [&'static str],
    /// Its options, beside those that every command takes.
    pub opts: &'static [Opt],
}

const fn value(name: &'static str, placeholder: &'static str) -> Opt {
    Opt {
        name,
        value: Some(placeholder),
    }
}

const fn switch(name: &'static str) -> Opt {
    Opt { name, value: None }
}

const FROM: Opt = value("from", "FILE");
const SIGN_AS: Opt = value("sign-as", "USER");
const PASSPHRASE: Opt = value("passphrase-file", "FILE");
const ANSWER: Opt = value("answer", "RULE=verified|unverified");
const REASON: Opt = value("reason", "CODE");
const REASON_FILE: Opt = value("reason-file", "FILE");
const LIMIT: Opt = value("limit", "N");
#[cfg(feature = "portal")]
const DIR: Opt = value("dir", "DIR");
#[cfg(feature = "portal")]
const DATABASE: Opt = value("database", "URL");

#[cfg(feature = "portal")]
const RECIPIENT: Opt = value("recipient", "age1…");
#[cfg(feature = "portal")]
const IDENTITY: Opt = value("identity", "FILE");

/// Options that every command takes.
pub const GLOBAL: &[Opt] = &[
    value("data-dir", "DIR"),
    value("lang", "tg|ru|en"),
    switch("json"),
    switch("help"),
    switch("version"),
];

const fn cmd(name: &'static str, args: &'static [&'static str], opts: &'static [Opt]) -> Command {
    Command { name, args, opts }
}

/// Every command, in the order of the help.
pub const COMMANDS: &[Command] = &[
    #[cfg(feature = "portal")]
    cmd("demo", &[], &[switch("scripted"), value("keep", "DIR")]),
    cmd("init", &[], &[FROM, PASSPHRASE]),
    cmd("user add", &[], &[FROM, PASSPHRASE, switch("generate")]),
    cmd("user list", &[], &[]),
    cmd(
        "user key",
        &["LOGIN"],
        &[
            SIGN_AS,
            PASSPHRASE,
            value("second", "USER"),
            value("second-passphrase-file", "FILE"),
        ],
    ),
    cmd("user passphrase", &["LOGIN"], &[PASSPHRASE]),
    cmd("user suspend", &["LOGIN"], &[SIGN_AS, PASSPHRASE]),
    cmd("user resume", &["LOGIN"], &[SIGN_AS, PASSPHRASE]),
    cmd(
        "enrol",
        &[],
        &[
            SIGN_AS,
            PASSPHRASE,
            switch("code"),
            value("code-file", "FILE"),
            value("second", "USER"),
            value("second-passphrase-file", "FILE"),
            value("to", "FILE"),
            value("trust", "FILE"),
        ],
    ),
    cmd("rotate", &[], &[SIGN_AS, PASSPHRASE, value("to", "FILE")]),
    cmd("record", &["KIND"], &[FROM, SIGN_AS, PASSPHRASE, ANSWER]),
    cmd(
        "check-event",
        &["KIND"],
        &[
            FROM,
            ANSWER,
            value("at", "TIME"),
            switch("clock-untrusted"),
            value("amends", "ID"),
            value("role", "ROLE"),
        ],
    ),
    cmd("icd import", &["FILE"], &[]),
    cmd("icd search", &["[TEXT]"], &[LIMIT]),
    cmd("rules", &[], &[]),
    cmd("schema", &["KIND"], &[]),
    cmd("draft", &[], &[]),
    cmd("draft add", &["KIND"], &[FROM, ANSWER, value("by", "USER")]),
    cmd("draft show", &["ID"], &[]),
    cmd("draft sign", &["ID"], &[SIGN_AS, PASSPHRASE]),
    cmd("draft delete", &["ID"], &[]),
    cmd("inbox", &["DIR"], &[value("by", "USER"), switch("watch")]),
    cmd("list", &[], &[value("worklist", "NAME"), LIMIT]),
    cmd("handover", &[], &[LIMIT]),
    cmd("show", &["ID"], &[]),
    cmd("search", &["[TEXT]"], &[LIMIT]),
    cmd(
        "amend",
        &["ID"],
        &[FROM, SIGN_AS, PASSPHRASE, REASON, REASON_FILE, ANSWER],
    ),
    cmd("void", &["ID"], &[SIGN_AS, PASSPHRASE, REASON, REASON_FILE]),
    cmd("attest", &["ID"], &[SIGN_AS, PASSPHRASE]),
    cmd(
        "tally",
        &["MONTH"],
        &[
            value("births", "N"),
            value("foetal-deaths", "N"),
            value("deaths", "N"),
            SIGN_AS,
            PASSPHRASE,
        ],
    ),
    cmd("push", &[], &[switch("watch")]),
    cmd("verify", &[], &[switch("accept-lost")]),
    cmd("rebuild", &[], &[]),
    cmd("monitor", &[], &[value("month", "YYYY-MM")]),
    cmd("check", &[], &[]),
    cmd("doctor", &[], &[]),
    cmd("export", &[], &[value("format", "jws|json|who")]),
    cmd("keys", &[], &[switch("jwks")]),
    cmd("backup", &["FILE"], &[]),
    cmd(
        "restore",
        &["FILE"],
        &[value("key-file", "FILE"), switch("lose-unsent")],
    ),
    cmd("encrypt", &[], &[]),
    #[cfg(feature = "portal")]
    cmd(
        "portal init",
        &[],
        &[DIR, DATABASE, value("backup-recipient", "age1…")],
    ),
    #[cfg(feature = "portal")]
    cmd(
        "portal serve",
        &[],
        &[DIR, value("listen", "ADDRESS"), DATABASE, switch("with-parent")],
    ),
    #[cfg(feature = "portal")]
    cmd("portal migrate", &[], &[DIR]),
    #[cfg(feature = "portal")]
    cmd("portal enrolments", &[], &[DIR, FROM]),
    #[cfg(feature = "portal")]
    cmd(
        "portal approve",
        &["[ID…]"],
        &[DIR, switch("all"), switch("vouched")],
    ),
    #[cfg(feature = "portal")]
    cmd("portal refuse", &["ID…"], &[DIR]),
    #[cfg(feature = "portal")]
    cmd("portal invite", &["FACILITY"], &[DIR, value("days", "N")]),
    #[cfg(feature = "portal")]
    cmd("portal revoke", &["KID"], &[DIR]),
    #[cfg(feature = "portal")]
    cmd("portal trust", &[], &[DIR, switch("all")]),
    #[cfg(feature = "portal")]
    cmd("portal rotate", &["receipt|trust|secrets"], &[DIR]),
    #[cfg(feature = "portal")]
    cmd(
        "portal quality",
        &[],
        &[DIR, value("month", "YYYY-MM"), value("facility", "CODE")],
    ),
    #[cfg(feature = "portal")]
    cmd("portal explain", &["NID"], &[DIR, switch("names")]),
    #[cfg(feature = "portal")]
    cmd("portal rebuild", &[], &[DIR]),
    #[cfg(feature = "portal")]
    cmd("portal verify", &[], &[DIR]),
    #[cfg(feature = "portal")]
    cmd("portal doctor", &[], &[DIR]),
    #[cfg(feature = "portal")]
    cmd("portal backup", &["[FILE]"], &[DIR, RECIPIENT]),
    #[cfg(feature = "portal")]
    cmd(
        "portal restore",
        &["[FILE|DIR]"],
        &[DIR, IDENTITY, switch("adopt")],
    ),
    #[cfg(feature = "portal")]
    cmd("portal archive", &["DIR"], &[DIR, RECIPIENT, switch("once")]),
    #[cfg(feature = "portal")]
    cmd("portal drill", &["[FILE|DIR]"], &[DIR, IDENTITY, DATABASE]),
    #[cfg(feature = "portal")]
    cmd(
        "portal recovery",
        &[],
        &[
            DIR,
            value("end", "OFFICE|all"),
            value("honour", "KID"),
            value("dismiss", "KID"),
            value("why", "TEXT"),
        ],
    ),
    #[cfg(feature = "portal")]
    cmd("portal import acts", &["FILE.csv"], &[DIR]),
    #[cfg(feature = "portal")]
    cmd("portal staff add", &[], &[DIR, FROM]),
    #[cfg(feature = "portal")]
    cmd("portal staff list", &[], &[DIR]),
    #[cfg(feature = "portal")]
    cmd("portal staff suspend", &["LOGIN"], &[DIR]),
    #[cfg(feature = "portal")]
    cmd("portal staff resume", &["LOGIN"], &[DIR]),
    #[cfg(feature = "portal")]
    cmd("portal staff confirm", &["[LOGIN…]"], &[DIR, switch("all")]),
    #[cfg(feature = "portal")]
    cmd("portal staff reset", &["LOGIN"], &[DIR]),
    #[cfg(feature = "portal")]
    cmd(
        "portal staff link",
        &["LOGIN"],
        &[DIR, value("minutes", "N"), value("base", "URL")],
    ),
    #[cfg(feature = "portal")]
    cmd(
        "portal simulate",
        &[],
        &[
            DIR,
            value("events", "N"),
            value("days", "N"),
            value("seed", "N"),
            value("twice", "PERCENT"),
        ],
    ),
    #[cfg(feature = "portal")]
    cmd("portal acts", &[], &[DIR, LIMIT]),
];

/// The command whose words the arguments begin with, and how many words that are.
pub fn find(words: &[String]) -> Option<(&'static Command, usize)> {
    COMMANDS
        .iter()
        .filter_map(|c| {
            let n = c.name.split(' ').count();
            let given = words.get(..n)?;
            c.name
                .split(' ')
                .eq(given.iter().map(String::as_str))
                .then_some((c, n))
        })
        .max_by_key(|(_, n)| *n)
}
