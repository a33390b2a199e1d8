//! The same adapters, against the twin of `alys-chain` in which faults can be planted.

/// The twin under the names that the crate itself gives out.
pub(crate) mod alys {
    pub(crate) use crate::twin::{
        approvals, authorities, candidate, engine, finality, pool, scheme, transition,
    };
}

#[path = "target/durable.rs"]
pub mod durable;
#[path = "target/keys.rs"]
pub mod keys;
#[path = "target/machine.rs"]
pub mod machine;
#[path = "target/words.rs"]
pub mod words;
