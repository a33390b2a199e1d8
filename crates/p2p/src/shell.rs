//! The swarm: thin, so that what it decides is in the [`core`](crate::core).

mod behaviour;
mod closing;
mod exchange;
mod gate;
mod guarded;
mod network;
#[cfg(test)]
mod properties;
mod streams;
mod swarm;
mod tasks;

pub use network::{Libp2pNetwork, Look};
