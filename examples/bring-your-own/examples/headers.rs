//! Prints the report of the chain of headers; exits with 1, since not all holds.

use std::process::ExitCode;

use bring_your_own as wrong;

#[path = "../adapters/headers.rs"]
mod adapter;

fn main() -> ExitCode {
    alys_conformance::chain::judge_chain_store::<adapter::WrongHeaders>().print()
}
