//! Planted faults of blocks, the pool and the state transition.

use super::{Engine, Fault, by, expression, statement};

pub(super) const FAULTS: &[Fault] = &[];
