//! Bounded channels under one roof: what a workload asks of each, and the adapters.

mod alys;
mod async_channel;
mod crossbeam;
mod flume;
mod priority;
mod tokio;

use std::future::Future;

pub use self::{
    alys::{Alys, AlysTurn, environment},
    async_channel::AsyncChannel,
    crossbeam::Crossbeam,
    flume::Flume,
    priority::AsyncPriorityChannel,
    tokio::Tokio,
};

/// A bounded channel of numbers.
pub trait Channel: 'static {
    /// The sending end.
    type Sender: Clone + Send + Sync + 'static;
    /// The receiving end.
    type Receiver: Send + 'static;
    /// What the tables call it.
    const NAME: &'static str;

    /// Makes a channel.
    fn make(capacity: usize) -> (Self::Sender, Self::Receiver);
}

/// A channel whose ends need not wait.
pub trait Immediate: Channel {
    /// Sends unless it is full.
    fn try_send(sender: &Self::Sender, message: u64) -> bool;

    /// Receives unless it is empty.
    fn try_recv(receiver: &mut Self::Receiver) -> Option<u64>;
}

/// A channel whose ends are awaited.
pub trait Waiting: Channel {
    /// Sends, waiting for room.
    fn send(sender: &Self::Sender, message: u64) -> impl Future<Output = ()> + Send;

    /// Receives, or says that the last sender is gone.
    fn recv(receiver: &mut Self::Receiver) -> impl Future<Output = Option<u64>> + Send;
}

/// A channel whose ends park their threads.
pub trait Blocking: Channel {
    /// Sends, waiting for room.
    fn blocking_send(sender: &Self::Sender, message: u64);

    /// Receives until the last sender is gone; returns how many came.
    fn blocking_drain(receiver: Self::Receiver) -> u64;
}
