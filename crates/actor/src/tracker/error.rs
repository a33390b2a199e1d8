//! Refusals of questions and of expected orders.

use thiserror::Error;

/// An expected order that was refused, and changed nothing.
///
/// # Examples
///
/// ```
/// use alys_actor::tracker::{ExpectedOrderingError, OrderingTracker};
///
/// let tracker = OrderingTracker::default();
/// tracker.record("chain", "network", 0);
/// let error = tracker.set_expected_ordering("chain", vec![0, 1]).unwrap_err();
/// assert_eq!(error, ExpectedOrderingError::Late { actor: "chain".to_owned(), recorded: 1 });
/// assert_eq!(error.to_string(), "expected order of actor `chain` comes after 1 records: allowed is 0");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ExpectedOrderingError {
    /// The actor has records already, which the order could not be compared with.
    #[error("expected order of actor `{actor}` comes after {recorded} records: allowed is 0")]
    Late {
        /// The actor that the order was for.
        actor: String,
        /// What [`OrderingTracker::message_count`](super::OrderingTracker::message_count) answers for it.
        recorded: usize,
    },
    /// The order is longer than [`TrackerConfig::expected_max`](super::TrackerConfig::expected_max).
    #[error("expected order of actor `{actor}` has {len} sequences: allowed are at most {max}")]
    TooLong {
        /// The actor that the order was for.
        actor: String,
        /// Length of the order.
        len: usize,
        /// The longest that is allowed.
        max: usize,
    },
}

/// A report on an actor that has neither a record nor an expected order.
///
/// # Examples
///
/// ```
/// use alys_actor::tracker::{OrderingTracker, UnknownActor};
///
/// let error = OrderingTracker::default().report("nobody").unwrap_err();
/// assert_eq!(error, UnknownActor { actor: "nobody".to_owned() });
/// assert_eq!(error.to_string(), "actor `nobody` is unknown: it has neither a record nor an expected order");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("actor `{actor}` is unknown: it has neither a record nor an expected order")]
pub struct UnknownActor {
    /// The actor that was asked about.
    pub actor: String,
}
