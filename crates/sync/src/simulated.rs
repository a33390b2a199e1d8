//! A network that is simulated: real nodes, real frames, and a seed that decides everything else.
//!
//! A [`Plan`] is a value (TOML) that says who takes part and what goes wrong; a [`Simulation`] is a function of it. Each
//! message is encoded by `alys-wire`, falls into chunks, is possibly corrupted as bytes, and is decoded by its receiver.
//! Nodes are real ones ([`SyncNode`](crate::node::SyncNode)) on a [`Journal`] that survives them; peers answer by their
//! [`Behaviour`] from the [`Truth`]: all blocks that the authorities have certified. There is one thread, no clock but a
//! number, and one event log, byte for byte the same for the same plan (NW-5).
//!
//! # Limitations
//!
//! Streams are reliable, as over TCP or QUIC: a message is lost, late or corrupted as a whole stream, and never arrives in
//! another order than its bytes were sent. Who is connected is known to both ends at once. Nobody can forge a
//! certificate: liars are limited to what the authorities have signed, and to what is not signed.

mod corrupt;
mod gossip;
mod host;
mod lines;
mod log;
mod peer;
mod plan;
mod queue;
mod storage;
mod tap;
mod truth;
mod world;

pub use corrupt::Corruption;
pub use gossip::SeenCache;
pub use host::Host;
pub use lines::{Lines, NetworkStats, Passage, Session};
pub use log::{Entry, EventLog, Question, What};
pub use peer::SimulatedPeer;
pub use plan::{Behaviour, Fault, FaultStep, Group, LinkPlan, PeerPlan, Plan, PlanError};
pub use storage::{Journal, MediumFailed};
pub use tap::{Passing, Tapped};
pub use truth::{Branch, LongRange, TrueBlock, Truth, TruthError, TruthPlan, View};
pub use world::{Moment, SimulatedNode, Simulation, SimulationError};
