//! Recovery: actors fail, and what is around them goes on.

mod cascade;
mod intensity;
mod panics;
mod restarts;

pub(super) use self::{cascade::CASCADE, panics::PANIC_INJECTION, restarts::SUPERVISOR_RESTART};

use alys_actor::supervision::SupervisorSpec;

use super::troupe::PLAIN;

/// A supervisor that restarts whoever fails, as often as the tests let anybody fail.
const PATIENT: SupervisorSpec = SupervisorSpec { max_restarts: 100, ..PLAIN };
