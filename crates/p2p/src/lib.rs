//! The network of an Alys node on libp2p: what [`alys_sync::network::Network`] asks for, over TCP and QUIC.
//!
//! - [`core`] decides everything, without any network and without a clock: bans, who is connected, which requests are
//!   open, how much a peer may ask, what was heard already, whom to dial.
//! - [`shell`] is the swarm: it tells the core what happens on libp2p, and does what the core says. Streams carry the codec of
//!   `alys-wire`, each malformed frame is a typed fault, and every buffer has a bound.
//! - [`config`] has the settings, [`error`] what can go wrong at the start, [`identity`] keys and numbers.
//!
//! Everything binds to loopback unless [`Config::beyond_loopback`](config::Config::beyond_loopback) says otherwise; then
//! the transport itself refuses every other address.
//!
//! ```
//! use std::sync::Arc;
//!
//! use alys_actor::TokioClock;
//! use alys_p2p::{config::Config, identity::keypair, shell::Libp2pNetwork};
//! use alys_sync::network::NetworkEvent;
//! use alys_sync::shell::WallClock;
//! use libp2p::futures::future::join;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
//! # let answer: Result<(), Box<dyn std::error::Error>> =
//! runtime.block_on(async {
//!     let clock = WallClock { clock: Arc::new(TokioClock::new()), origin: 1_700_000_000_000 };
//!     let mut one = Libp2pNetwork::start(&Config::default(), keypair(1)?, clock.clone())?;
//!     let address = one.listening().await.ok_or("it listens nowhere")?;
//!     let config = Config { bootstrap: vec![address], ..Config::default() };
//!     let mut other = Libp2pNetwork::start(&config, keypair(2)?, clock)?;
//!     let (at_one, at_other) = join(one.next_event(), other.next_event()).await;
//!     let connected = |event: Option<NetworkEvent>| matches!(event, Some(NetworkEvent::Connected { .. }));
//!     assert!(connected(at_one) && connected(at_other));
//!     Ok(())
//! })
//! # ; answer
//! # }
//! ```
//!
//! # Limitations
//!
//! There is no name resolution and no traversal of address translators: addresses are numbers. How much a peer gossips is
//! bounded by what one message may be and by gossipsub's own queues, not by a quota.

pub mod config;
pub mod core;
pub mod error;
pub mod identity;
pub mod shell;
