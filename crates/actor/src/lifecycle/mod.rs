//! Actor lifecycle: which states an actor may go through, who is where, and who starts before whom (rules LC-1, LC-2,
//! LC-3, LC-5 and LC-6).
//!
//! [`next`] and [`allowed`] read the transitions from one table, [`TRANSITIONS`]. A [`LifecycleMonitor`] keeps the state
//! and the history of any number of actors and refuses what the table does not have. A [`Registry`] gives names to
//! actors, once each, and puts them into the order of their dependencies.
//!
//! # How it works
//!
//! * Actors are spread over [`LifecycleConfig::shards`] by name. A shard is one mutex around its actors *and* its part of
//!   the census, so that a transition changes state, history and counters in one step (LC-1, LC-2, LC-3).
//! * A census holds every shard before it reads the first: what it adds up is the state of one moment, and transitions
//!   of actors in different shards still do not wait for each other.
//! * A transition names the state it starts from. Of two reports about one actor that race, the second is stale, and is
//!   refused like any other report that the actor's state does not bear out.
//!
//! # Limitations
//!
//! * A history is bounded by [`LifecycleConfig::history_kept`]: beyond it the oldest entry goes, and is counted.
//! * An actor is kept, in Stopped, until its name is taken again or it is forgotten: census and orders include it.
//!
//! # Examples
//!
//! ```
//! use alys_actor::lifecycle::{LifecycleConfig, LifecycleState, Registry, Trigger};
//!
//! let registry = Registry::new(LifecycleConfig::default())?;
//! registry.register("storage", &[])?;
//! registry.register("chain", &["storage"])?;
//! assert_eq!(registry.stop_order(), ["chain", "storage"]);
//!
//! let monitor = registry.monitor();
//! monitor.fire("storage", Trigger::Start, None)?;
//! monitor.fire("storage", Trigger::Started, None)?;
//! assert_eq!(monitor.census().count(LifecycleState::Running), 1);
//! assert!(monitor.fire("storage", Trigger::Start, None).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

// The files of this module reach Mutex through `super::sync` alone: beside another `sync` they compile again,
// unchanged, under the model checkers.
use super::sync;

mod actor;
mod census;
mod config;
mod core;
mod dependencies;
mod error;
mod monitor;
mod registry;
mod registry_error;
mod state;
mod table;
#[cfg(test)]
mod tests;

pub use actor::{ActorHistory, StateTransition};
pub use census::Census;
pub use config::{LifecycleConfig, LifecycleConfigError};
pub use error::LifecycleError;
pub use monitor::LifecycleMonitor;
pub use registry::Registry;
pub use registry_error::RegistryError;
pub use state::{LifecycleState, Trigger};
pub use table::{RefusedTrigger, TRANSITIONS, allowed, next, successors, triggers};
