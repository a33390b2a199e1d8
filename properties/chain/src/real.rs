//! The adapters, against `alys-chain` as it ships.

pub(crate) use alys_chain as alys;

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
