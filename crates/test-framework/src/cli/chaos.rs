//! `alys-test chaos`.

use std::path::PathBuf;

use alys_test_framework::{ChaosPlan, ChaosTestFramework, FrameworkError};
use clap::Args;

use super::output::{say, told, write};

/// Makes things go wrong by a plan, and says what was seen of it.
#[derive(Debug, Args)]
pub(super) struct Chaos {
    /// The plan, as TOML; without it everything that there is to suffer, one after the other.
    #[arg(long, value_name = "FILE")]
    plan: Option<PathBuf>,
    /// Where all randomness starts, instead of what the plan says.
    #[arg(long)]
    seed: Option<u64>,
    /// Writes what was seen as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

impl Chaos {
    /// Ends with 1 where a step was not seen to have happened, or what was hit in virtual time did not answer again.
    pub(super) fn run(&self) -> Result<u8, FrameworkError> {
        let plan = self.plan.as_deref().map_or_else(|| Ok(ChaosPlan::default()), ChaosPlan::load)?;
        let plan = ChaosPlan { seed: self.seed.unwrap_or(plan.seed), ..plan };
        say(&format!("seed {}", plan.seed));
        let report = ChaosTestFramework::new(plan)?.run();
        if let Some(path) = &self.json {
            write(path, &serde_json::to_string_pretty(&report)?)?;
        }
        told(&report);
        Ok(u8::from(!report.holds()))
    }
}
