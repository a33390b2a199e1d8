//! Faults planted in the ordering tracker.

use super::Fault;

/// In the order of the rules they break first.
pub(super) const FAULTS: &[Fault] = &[];
