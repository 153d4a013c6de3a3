//! Parses the command line, runs. Nothing else.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    novadock::cli::run(novadock::cli::Arguments::parse())
}
