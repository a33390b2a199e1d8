//! What [`OrderingTracker::report`](super::OrderingTracker::report) answers.

use std::fmt;

/// Numbers that were skipped and have not come since, both ends included.
///
/// # Examples
///
/// ```
/// use alys_actor::tracker::OpenGap;
///
/// assert_eq!(OpenGap { first: 3, last: 4 }.to_string(), "3-4");
/// assert_eq!(OpenGap { first: 7, last: 7 }.to_string(), "7");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OpenGap {
    /// Lowest missing number.
    pub first: u64,
    /// Highest missing number, at least `first`.
    pub last: u64,
}

impl fmt::Display for OpenGap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            write!(f, "{}", self.first)
        } else {
            write!(f, "{}-{}", self.first, self.last)
        }
    }
}

/// State of one actor at one moment (OT-2, OT-3).
///
/// # Examples
///
/// ```
/// use alys_actor::tracker::OrderingTracker;
///
/// let tracker = OrderingTracker::default();
/// tracker.record("chain", "peer", 0);
/// tracker.record("chain", "network", 0);
/// let report = tracker.report("chain")?;
/// assert_eq!((report.actor.as_str(), report.recorded), ("chain", 2));
/// let senders: Vec<_> = report.senders.iter().map(|sender| sender.sender.as_str()).collect();
/// assert_eq!(senders, ["network", "peer"]);
/// # Ok::<(), alys_actor::tracker::UnknownActor>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderingReport {
    /// The actor asked about.
    pub actor: String,
    /// Records of all its senders together.
    pub recorded: usize,
    /// Each sender with at least one record, by name.
    pub senders: Vec<SenderReport>,
}

/// State of one sender to the actor of an [`OrderingReport`].
///
/// # Examples
///
/// ```
/// use alys_actor::tracker::OrderingTracker;
///
/// let tracker = OrderingTracker::default();
/// for sequence in [0, 4, 2, 2] {
///     tracker.record("chain", "network", sequence);
/// }
/// let sender = &tracker.report("chain")?.senders[0];
/// assert_eq!((sender.recorded, sender.highest, sender.gaps_seen), (4, Some(4), 1));
/// let gaps: Vec<_> = sender.gaps.iter().map(ToString::to_string).collect();
/// assert_eq!(gaps, ["1", "3"]);
/// assert_eq!((&sender.reordered[..], &sender.duplicates[..]), (&[2][..], &[2][..]));
/// # Ok::<(), alys_actor::tracker::UnknownActor>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SenderReport {
    /// Name of the sender.
    pub sender: String,
    /// Its records, whatever their verdicts.
    pub recorded: u64,
    /// Its highest number so far; `None` only before the first record.
    pub highest: Option<u64>,
    /// Every gap still open, lowest first.
    pub gaps: Vec<OpenGap>,
    /// Records that opened a gap, closed ones included.
    pub gaps_seen: u64,
    /// Numbers of the first duplicates, as they came.
    pub duplicates: Vec<u64>,
    /// All duplicates, those beyond the kept ones included.
    pub duplicates_total: u64,
    /// Numbers of the first reorderings, as they came.
    pub reordered: Vec<u64>,
    /// All reorderings, those beyond the kept ones included.
    pub reordered_total: u64,
}
