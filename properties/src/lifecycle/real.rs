//! The adapters, against `alys-actor` as it ships.

pub(crate) use alys_actor as alys;

#[path = "target/calls.rs"]
pub mod calls;
#[path = "target/machine.rs"]
pub mod machine;
#[path = "target/search.rs"]
pub mod search;
#[path = "target/table.rs"]
pub mod table;
