//! Looking for a planted fault with the engine that it names.

use alys_engines::{
    crash::{self, CrashFailure},
    sequential::{self, Kill, Seed},
    violation::caught,
};

use crate::{
    faulty::{crashed::Crashing, laws, machine::Machine},
    planted::{CATALOGUE, Engine, Fault},
    suites,
};

/// Plants a fault and runs the engine that it names; `None` when it survived.
#[must_use]
pub fn hunt(fault: &Fault) -> Option<Kill> {
    let _planted = CATALOGUE.plant(fault.id);
    match fault.engine {
        Engine::Machine => sequential::hunt::<Machine>(&suites::MACHINE, suites::MACHINE.cases),
        Engine::Crash => crashed(),
        engine => (1..).zip(laws::laws(engine)).find_map(|(cases, (name, law))| {
            let message = caught(law).err()?;
            Some(Kill { cases, message: format!("{message} (law `{name}`)"), steps: 0 })
        }),
    }
}

fn crashed() -> Option<Kill> {
    match crash::run_exactly::<Crashing<false>>(&suites::CRASH, Seed::Fixed) {
        Err(CrashFailure::Broken(found)) => Some(Kill::from(*found)),
        _ => None,
    }
}
