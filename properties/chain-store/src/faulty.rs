//! The adapters and the laws, against the twin of `alys-chain` in which faults can be planted.

pub(crate) use crate::twin as alys;

#[path = "target/adapter.rs"]
pub mod adapter;
#[path = "target/compare.rs"]
pub mod compare;
#[path = "target/crashed.rs"]
pub mod crashed;
#[path = "target/disk.rs"]
pub mod disk;
#[path = "target/machine.rs"]
pub mod machine;
#[path = "target/mined.rs"]
pub mod mined;
