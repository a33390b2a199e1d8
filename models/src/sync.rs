//! Reference model of sync (rules SY-1 to SY-10): what is true, and what a node may therefore say and do.
//!
//! Nothing here follows the engine. [`SyncTruth`] is told what peers have proved and where the node stands, and says by
//! definition whether the node is synced and whether it may produce. [`ModelPeer`] keeps the list of everything that a peer
//! got wrong, and counts anew each time it is asked. [`Ledger`] keeps every request that has left, and says which answer is
//! of any, what is overdue and how many blocks are on their way. Time is in milliseconds, and an argument.

mod ledger;
mod peer;
#[cfg(test)]
mod tests;
mod truth;

pub use ledger::{Ledger, Owed};
pub use peer::{ModelPeer, PeerSetting};
pub use truth::{ModelGate, ProvedTip, SyncTruth, TruthSetting};
