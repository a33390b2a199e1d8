//! The adapters, against `alys-actor` as it ships.

pub(crate) use alys_actor as alys;

#[path = "target/actor.rs"]
pub mod actor;
#[path = "target/calls.rs"]
pub mod calls;
#[path = "target/look.rs"]
pub mod look;
#[path = "target/machine.rs"]
pub mod machine;
#[path = "target/observed.rs"]
pub mod observed;
