//! `alys-test`: runs the migration's phases, and tells what came of them.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
