//! Looking for a planted fault with the engine that it names.

use alys_engines::{sequential::Kill, violation::caught};

use crate::{faulty::laws, planted::Fault};

/// Runs the engine that a fault names, and says how it died; `None` when it survived. The caller has planted it on this thread.
#[must_use]
pub fn hunt(fault: &Fault) -> Option<Kill> {
    (1..).zip(laws::laws(fault.engine)).find_map(|(cases, (name, law))| {
        let message = caught(law).err()?;
        Some(Kill { cases, message: format!("{message} (law `{name}`)"), steps: 0 })
    })
}
