//! Sync: how an Alys node reaches the tip that honest peers have, however many of its peers lie.
//!
//! Decisions are pure: [`engine`] takes events and the time, and answers with actions in the order in which they must be
//! carried out. It sees no bytes, no keys and no store. [`serve`] answers what peers ask. [`node`] joins both with a
//! node of the chain and speaks the vocabulary of [`network`], behind which a simulated or a real network stands.
//! [`shell`] is the actor that drives all of it. [`state`] are the states of sync as a table, [`gate`] says whether blocks may be produced, [`peer`] keeps what peers
//! have done, [`config`] has every bound, [`metrics`] what was measured.
//!
//! Times are milliseconds since the Unix epoch, told by the caller. A clock that is set back or forward changes which
//! slot it is, and never how long something has been waited for.
//!
//! # What counts
//!
//! A peer's word for its tip counts for nothing. What counts is the certified block that it shows on demand: the block
//! has the root that was claimed, and its certificate is signed by a quorum of the authorities (SY-4).

pub mod config;
pub mod engine;
pub mod gate;
pub mod metrics;
pub mod network;
pub mod node;
pub mod peer;
pub mod serve;
pub mod shell;
pub mod simulated;
pub mod state;
mod timeline;
