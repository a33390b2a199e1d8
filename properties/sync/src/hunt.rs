//! Looking for a planted fault with the engine that it names.

use alys_engines::{sequential::Kill, violation::caught};

use crate::{
    faulty::laws,
    planted::{CATALOGUE, Fault},
};

/// Plants a fault and runs the engine that it names; `None` when it survived.
#[must_use]
pub fn hunt(fault: &Fault) -> Option<Kill> {
    let _planted = CATALOGUE.plant(fault.id);
    (1..).zip(laws::laws(fault.engine)).find_map(|(cases, (name, law))| {
        let message = caught(law).err()?;
        Some(Kill { cases, message: format!("{message} (law `{name}`)"), steps: 0 })
    })
}
