//! The adapters, against `alys-governance` as it ships.

pub(crate) use alys_governance as alys;

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
