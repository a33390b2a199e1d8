//! The same adapters, against the twin of `alys-governance` in which faults can be planted.

/// The twin under the names that the crate itself gives out.
pub(crate) mod alys {
    pub(crate) use crate::twin::{
        ballots, certificate, engine, evidence, message, proposal, registry, scheme, shell, tally, terms,
        vote,
    };
}

#[path = "target/coalitions.rs"]
pub mod coalitions;
#[path = "target/expected.rs"]
pub mod expected;
#[path = "target/game.rs"]
pub mod game;
#[path = "target/keys.rs"]
pub mod keys;
#[path = "target/laws/mod.rs"]
pub mod laws;
#[path = "target/machine.rs"]
pub mod machine;
#[path = "target/signing.rs"]
pub mod signing;
#[path = "target/vectors.rs"]
pub mod vectors;
