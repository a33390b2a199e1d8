//! Prints the report of `Wrong`; exits with 1, since not all holds.

use std::process::ExitCode;

use bring_your_own::{self as wrong, Mailbox};

#[allow(dead_code, reason = "there is another adapter in the file")]
#[path = "../adapters/mod.rs"]
mod adapters;

fn main() -> ExitCode {
    alys_conformance::mailbox::judge_mailbox::<adapters::Wrong>().print()
}
