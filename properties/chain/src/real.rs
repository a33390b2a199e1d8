//! The adapters, against `alys-chain` as it ships.

pub(crate) use alys_chain as alys;

#[path = "target/durable.rs"]
pub mod durable;
#[path = "target/keys.rs"]
pub mod keys;
#[path = "target/machine.rs"]
pub mod machine;
#[path = "target/words.rs"]
pub mod words;
