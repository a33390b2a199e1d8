//! The adapters, against `alys-actor` as it ships.

pub(crate) use alys_actor as alys;

#[path = "target/actor.rs"]
pub mod actor;
#[path = "target/edges/mod.rs"]
pub mod edges;
#[path = "target/hand.rs"]
pub mod hand;
#[path = "target/laws.rs"]
pub mod laws;
#[path = "target/pair.rs"]
pub mod pair;
#[path = "target/words.rs"]
pub mod words;
#[path = "target/world.rs"]
pub mod world;
