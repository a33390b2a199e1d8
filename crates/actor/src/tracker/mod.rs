//! Concurrent ordering tracker: who sent what in which order, seen from the receiver (rules OT-1 to OT-5).
//!
//! Every message carries a sequence number, counted from 0 by its sender for its receiver. The receiver, an *actor*,
//! records it, and [`OrderingTracker::record`] answers at once how it stands to the earlier ones of the same pair:
//! the *key* `(actor, sender)`. Later [`OrderingTracker::report`] names each gap that is still open, and each
//! duplicate and reordering that was kept.
//!
//! # How it works
//!
//! * A key is one atomic word, `expected << 1 | busy`. The record that every healthy stream makes, the expected
//!   number next, is one compare-and-swap of that word, and touches neither a lock of its actor nor another key.
//! * All else (a gap, a duplicate, a reordering, a number beyond the word) happens under the mutex of the actor, with
//!   the key set busy: a busy word refuses the compare-and-swap, and so sends every record behind that mutex.
//! * A question about an actor sets all its keys busy before it reads the first. What it then reads is the state of
//!   one moment, so records and answers are linearizable (OT-1, OT-2).
//! * An expected order spans all senders of an actor, which no single word can follow: the keys of an actor that has
//!   one stay busy for good, and its records pass the mutex one by one, in the order that is compared (OT-3).
//!
//! A key is found through one of [`TrackerConfig::shards`] maps, or once and for all through an [`OrderingHandle`].
//!
//! # Limitations
//!
//! * Keys are never forgotten: names must come from a bounded set. They are hashed fast, not against an attacker.
//! * A question costs time in proportion to the senders of its actor, and delays their records meanwhile.
//!
//! # Examples
//!
//! ```
//! use alys_actor::tracker::{OpenGap, OrderingTracker, Verdict};
//!
//! let tracker = OrderingTracker::default();
//! for sequence in [0, 1, 2, 5, 6] {
//!     tracker.record("chain", "network", sequence);
//! }
//! assert_eq!(tracker.record("chain", "network", 3), Verdict::Reordered);
//! assert_eq!(tracker.record("chain", "network", 6), Verdict::Duplicate);
//!
//! let report = tracker.report("chain")?;
//! assert_eq!(report.senders[0].gaps, [OpenGap { first: 4, last: 4 }]);
//! assert_eq!(report.senders[0].duplicates, [6]);
//! # Ok::<(), alys_actor::tracker::UnknownActor>(())
//! ```

// The files of this module reach Mutex, Arc and atomics through `super::sync` alone: beside another `sync` they
// compile again, unchanged, under the model checkers.
use super::sync;

mod actor;
mod config;
mod error;
mod expected;
mod gaps;
mod handle;
mod index;
mod key;
mod message;
mod ordering;
mod report;
#[cfg(test)]
mod tests;
mod track;

pub use config::{TrackerConfig, TrackerConfigError};
pub use error::{ExpectedOrderingError, UnknownActor};
pub use handle::OrderingHandle;
pub use message::{TrackedMessage, Verdict};
pub use ordering::OrderingTracker;
pub use report::{OpenGap, OrderingReport, SenderReport};
