//! The last of the test programs, by its name: says which tests of this run did nothing for want
//! of a foreign tool. It is no test itself, and so has no harness that would hide its words.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::print_stdout
)]

#[path = "support/not_run.rs"]
mod not_run;

fn main() {
    // `cargo test NAME` and `--list` pass arguments that ask for something else.
    if std::env::args().len() > 1 {
        return;
    }
    let note = not_run::note();
    let Ok(lines) = std::fs::read_to_string(&note) else {
        println!("\nEvery test ran: no foreign tool was missing.\n");
        return;
    };
    std::fs::remove_file(&note).ok();
    let mut lines: Vec<&str> = lines.lines().collect();
    lines.sort_unstable();
    lines.dedup();
    println!("\nNOT RUN for want of a tool ({}):", lines.len());
    for line in lines {
        println!("  {line}");
    }
    println!();
}
