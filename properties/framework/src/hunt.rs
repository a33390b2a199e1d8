//! Looking for a planted fault with the law that it names.

use alys_engines::{sequential::Kill, violation::caught};

use crate::{faulty::laws, planted::Fault};

/// Runs the law that the fault names, and says how it died; `None` when it survived.
///
/// The caller has planted the fault on this thread.
#[must_use]
pub fn hunt(fault: &Fault) -> Option<Kill> {
    let message = caught(|| laws::hold(fault.engine)).err()?;
    Some(Kill { cases: 1, message, steps: 1 })
}
