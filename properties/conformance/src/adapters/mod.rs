//! Adapters of published implementations and of our own.

mod actix;
mod actix_supervisor;
mod alys;
mod alys_chain_store;
mod alys_node;
mod alys_realm;
mod alys_sync;
mod alys_tracker;
mod async_channel;
mod async_priority;
mod bdk;
mod crossbeam;
mod flume;
pub mod planted;
mod priority_queue;
mod simulated_disk;
mod tokio;

pub use self::{
    actix::ActixMailbox,
    actix_supervisor::ActixSupervisor,
    alys::{AlysMailbox, AlysSupervisor},
    alys_chain_store::{AlysStoreInMemory, AlysStoreOnDisk},
    alys_node::AlysNode,
    alys_sync::AlysSync,
    alys_tracker::AlysTracker,
    async_channel::AsyncChannel,
    async_priority::AsyncPriorityChannel,
    bdk::BdkLocalChain,
    crossbeam::Crossbeam,
    flume::Flume,
    priority_queue::PriorityQueueMailbox,
    tokio::{TokioBounded, TokioUnbounded},
};
