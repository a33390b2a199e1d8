//! `alys-test`: runs the migration's phases, and tells what came of them.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    alys_test_framework::chaos_child().unwrap_or_else(cli::main)
}
