//! The command line.
//!
//! Exit codes: 0 when all passed, 1 when something failed, 2 for bad usage, bad configuration or bad files, 3 when
//! nothing failed but something required was skipped. `node` and `sync` end with 128 and the number of the signal when one
//! comes before they have done what they are there for.

mod chaos;
mod config;
mod headers;
mod node;
#[cfg(feature = "p2p")]
mod node_shown;
mod output;
mod profile;
mod progress;
mod report;
mod run;
mod sync;

use std::process::ExitCode;

use alys_test_framework::{FrameworkError, tests};
use clap::{Parser, Subcommand};

use output::say;

/// Runs the phases of the migration on the real implementations.
#[derive(Debug, Parser)]
#[command(name = "alys-test", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs phases, and writes a report.
    Run(run::Run),
    /// Judges a recorded run again, and says where the verdicts differ.
    Replay(report::Replay),
    /// Writes the report of one recorded run, or of all shards of one.
    Report(report::Write),
    /// Lists the tests.
    List,
    /// Makes things go wrong by a plan, and says what was seen of it.
    Chaos(chaos::Chaos),
    /// Writes headers of Bitcoin from a node's REST interface to a file.
    Headers(headers::Headers),
    /// Serves a chain that is drawn from a seed, over libp2p.
    Node(node::Node),
    /// Follows a node over libp2p, up to its tip.
    Sync(sync::Sync),
    /// Shows or checks a configuration.
    #[command(subcommand)]
    Config(config::Config),
}

/// Runs the command of the process's arguments.
pub(super) fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Run(run) => run.run(),
        Command::Replay(replay) => replay.run(),
        Command::Report(write) => write.run(),
        Command::Chaos(chaos) => chaos.run(),
        Command::Headers(headers) => Ok(headers.run()),
        Command::Node(node) => node.run(),
        Command::Sync(sync) => sync.run(),
        Command::List => Ok(list()),
        Command::Config(config) => config.run(),
    };
    done.map_or_else(|error| refused(&error), ExitCode::from)
}

fn refused(error: &FrameworkError) -> ExitCode {
    output::complain(&format!("error: {error}"));
    ExitCode::from(2)
}

fn list() -> u8 {
    for test in tests() {
        say(&format!("{:<24} {:<22} {:<42} {}", test.phase.name(), test.category, test.name, test.summary));
    }
    0
}
