//! What a network decides, without any network: bans, requests, streams, quotas and what was heard.
//!
//! Everything here is a function of what happens and of a time that is told, in milliseconds since the Unix epoch. The
//! [`shell`](crate::shell) tells what happens on libp2p, and does what it is told.

mod bans;
mod book;
mod counts;
mod discovery;
mod door;
mod heard;
mod inbound;
mod ledger;
mod network;

pub use bans::Bans;
pub use book::{Book, Came, Left};
pub use counts::{Counts, Refusal};
pub use discovery::Discovery;
pub use door::Door;
pub use heard::Heard;
pub use inbound::{Inbound, StreamLimits};
pub use ledger::{Ledger, NotOpened};
pub use network::{Action, Core, Settings, Verdict};
