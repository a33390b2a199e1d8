//! Planted faults.

use super::Fault;

pub(super) const FAULTS: &[Fault] = &[];
