//! `ogoh`: hands its arguments over.

fn main() {
    std::process::exit(ogoh::cli::run(std::env::args_os().skip(1)));
}
