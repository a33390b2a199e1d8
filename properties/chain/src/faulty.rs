//! The same adapters, against the twin of `alys-chain` in which faults can be planted.

/// The twin under the names that the crate itself gives out.
pub(crate) mod alys {
    pub(crate) use crate::twin::{
        approvals, authorities, candidate, engine, finality, node, pool, scheme, slots, transition, tree,
        voter,
    };
}

#[path = "target/details.rs"]
pub mod details;
#[path = "target/durable.rs"]
pub mod durable;
#[path = "target/game/mod.rs"]
pub mod game;
#[path = "target/keys.rs"]
pub mod keys;
#[path = "target/laws/mod.rs"]
pub mod laws;
#[path = "target/machine.rs"]
pub mod machine;
#[path = "target/orders.rs"]
pub mod orders;
#[path = "target/words.rs"]
pub mod words;
