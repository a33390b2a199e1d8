//! The store: what is durable of the chain, and in which order it becomes so (CH-6 to CH-9).
//!
//! [`ChainStore`] is what a node asks of a store; [`RedbStore`] keeps it in one file of redb, on any [`Disk`]: a
//! directory of the system ([`Directory`]), or memory ([`MemoryDisk`]).
//!
//! One [`Commit`] is one transaction: blocks, indices, head, finalised block, the checkpoints that become due, and
//! changes of the finalised state. When it returns it is durable, and a crash at any later moment loses nothing of it.
//! What is refused leaves no trace. What lies on the disk is sealed by checksums: damage is reported, never served.

mod anchors;
mod api;
mod blocks;
mod checkpoints;
mod commit;
mod disk;
mod error;
mod kept;
mod open;
mod opened;
mod probe;
mod prune;
mod schema;
mod sealed;
mod state;
mod stream;

pub use self::{
    api::{ChainStore, Commit, Opening, Root, StateChange, StoredBlock, Tip, Verification},
    disk::{Directory, Disk, MemoryDisk},
    error::{
        CheckpointDamage, CommitRefused, Damage, OpenError, PruneRefused, StoreError, VoteRefused, What,
    },
    open::StoreConfig,
    opened::RedbStore,
    probe::Probe,
    schema::VERSION,
    stream::{Anchors, Blocks, Tree},
};
