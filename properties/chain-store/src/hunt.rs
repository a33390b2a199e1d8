//! Looking for a planted fault with the engine that it names.

use alys_engines::{
    crash::{self, CrashFailure},
    sequential::{self, Kill, Seed},
};

use crate::{
    faulty,
    planted::{CATALOGUE, Engine, Fault},
    suites,
};

/// Plants a fault and runs the engine that it names; `None` when it survived.
#[must_use]
pub fn hunt(fault: &Fault) -> Option<Kill> {
    let _planted = CATALOGUE.plant(fault.id);
    match fault.engine {
        Engine::Machine => {
            sequential::hunt::<faulty::machine::Machine>(&suites::MACHINE, suites::MACHINE.cases)
        }
        Engine::Crash => crashed(),
        _ => None,
    }
}

fn crashed() -> Option<Kill> {
    match crash::run_exactly::<faulty::crashed::Crashing<false>>(&suites::CRASH, Seed::Fixed) {
        Err(CrashFailure::Broken(found)) => Some(Kill::from(*found)),
        _ => None,
    }
}
