//! The adapters, against `alys-actor` as it ships.

pub(crate) use crate::mailbox::real::world::ManualClock;
pub(crate) use alys_actor as alys;

#[path = "target/actor_laws.rs"]
pub mod actor_laws;
#[path = "target/actors.rs"]
pub mod actors;
#[path = "target/law_busy.rs"]
pub mod law_busy;
#[path = "target/law_child.rs"]
pub mod law_child;
#[path = "target/performer.rs"]
pub mod performer;
#[path = "target/refusals.rs"]
pub mod refusals;
#[path = "target/search.rs"]
pub mod search;
#[path = "target/tree.rs"]
pub mod tree;
#[path = "target/tree_laws.rs"]
pub mod tree_laws;
#[path = "target/words.rs"]
pub mod words;
