//! The phases of the migration, in their order.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A phase of the migration; later ones rest on earlier ones.
///
/// # Examples
///
/// ```
/// use alys_test_framework::MigrationPhase;
///
/// assert_eq!("actor_core".parse(), Ok(MigrationPhase::ActorCore));
/// assert_eq!("actor-core".parse(), Ok(MigrationPhase::ActorCore));
/// assert!("actors".parse::<MigrationPhase>().unwrap_err().to_string().contains("foundation, actor_core"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MigrationPhase {
    /// The framework itself, its configuration and its harnesses.
    Foundation,
    /// The actor system.
    ActorCore,
    /// The sync engine, and the network that it runs over.
    SyncImprovement,
    /// The consensus layer.
    LighthouseMigration,
    /// Governance.
    GovernanceIntegration,
}

impl MigrationPhase {
    /// Every phase, in the order in which they run.
    pub const ALL: [Self; 5] = [
        Self::Foundation,
        Self::ActorCore,
        Self::SyncImprovement,
        Self::LighthouseMigration,
        Self::GovernanceIntegration,
    ];

    /// Returns the name that command line, configuration and reports use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Foundation => "foundation",
            Self::ActorCore => "actor_core",
            Self::SyncImprovement => "sync_improvement",
            Self::LighthouseMigration => "lighthouse_migration",
            Self::GovernanceIntegration => "governance_integration",
        }
    }
}

impl fmt::Display for MigrationPhase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// There is no such phase.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("no phase is called `{name}`; allowed are {}", MigrationPhase::ALL.map(MigrationPhase::name).join(", "))]
pub struct UnknownPhase {
    name: String,
}

impl FromStr for MigrationPhase {
    type Err = UnknownPhase;

    /// A hyphen does as well as an underscore, as is usual on a command line.
    fn from_str(name: &str) -> Result<Self, UnknownPhase> {
        let found = Self::ALL.into_iter().find(|phase| phase.name() == name.replace('-', "_"));
        found.ok_or_else(|| UnknownPhase { name: name.to_owned() })
    }
}
