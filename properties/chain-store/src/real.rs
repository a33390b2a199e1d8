//! The adapters and the laws, against `alys-chain` as it ships.

pub(crate) use alys_chain as alys;

#[path = "target/adapter.rs"]
pub mod adapter;
#[path = "target/compare.rs"]
pub mod compare;
#[path = "target/crashed.rs"]
pub mod crashed;
#[path = "target/disk.rs"]
pub mod disk;
#[path = "target/fuzzed.rs"]
pub mod fuzzed;
#[path = "target/machine.rs"]
pub mod machine;
#[path = "target/mined.rs"]
pub mod mined;

#[path = "target/nodes.rs"]
pub mod nodes;

#[path = "target/laws.rs"]
pub mod laws;
#[path = "target/laws_batches.rs"]
pub mod laws_batches;
#[path = "target/laws_checkpoints.rs"]
pub mod laws_checkpoints;
#[path = "target/laws_disks.rs"]
pub mod laws_disks;
#[path = "target/laws_files.rs"]
pub mod laws_files;
#[path = "target/laws_headers.rs"]
pub mod laws_headers;
#[path = "target/laws_nodes.rs"]
pub mod laws_nodes;
#[path = "target/laws_pow.rs"]
pub mod laws_pow;
#[path = "target/laws_retarget.rs"]
pub mod laws_retarget;
#[path = "target/laws_rows.rs"]
pub mod laws_rows;
#[path = "target/laws_stored.rs"]
pub mod laws_stored;
