//! `alys-test config`.

use alys_test_framework::FrameworkError;
use clap::Subcommand;

use super::{output::say, run::Source};

/// Shows or checks a configuration.
#[derive(Debug, Subcommand)]
pub(super) enum Config {
    /// Writes every field as TOML.
    Show(Source),
    /// Says whether it is valid.
    Check(Source),
}

impl Config {
    pub(super) fn run(&self) -> Result<u8, FrameworkError> {
        match self {
            Self::Show(source) => say(&source.load()?.to_toml()?),
            Self::Check(source) => {
                source.load()?;
                say("valid");
            }
        }
        Ok(0)
    }
}
