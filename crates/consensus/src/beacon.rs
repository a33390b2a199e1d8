//! The Beacon API: how a beacon node is asked, and how it tells of new heads.
//!
//! Source: <https://github.com/ethereum/beacon-APIs>.

pub mod client;
pub mod endpoint;
pub mod event;
pub mod follow;
pub mod reply;
pub mod sse;
pub mod types;
pub mod watch;

pub use client::{BeaconClient, BeaconError};
pub use endpoint::{BlockId, Endpoint, IdError, StateId};
pub use event::{HeadEvent, Topic};
pub use watch::HeadWatch;
