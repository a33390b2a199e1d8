//! The same adapters, against the twin of `alys-actor` in which faults can be planted.

/// The twin under the names that the crate itself gives out.
pub(crate) mod alys {
    pub(crate) use crate::twin::lifecycle;
}

#[path = "target/calls.rs"]
pub mod calls;
#[path = "target/machine.rs"]
pub mod machine;
