//! What a tracker is asked, and what it must answer.

/// A call of the tracker. Actors and senders are numbers, which an adapter turns into names of the same order.
///
/// # Examples
///
/// ```
/// use alys_models::tracker::{TrackerModel, TrackerOutcome, TrackerTransition};
///
/// let verify = TrackerTransition::Verify { actor: 0 };
/// assert_eq!(TrackerModel::default().apply(&verify), TrackerOutcome::Verified(true));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum TrackerTransition {
    /// Record a number by the names of actor and sender.
    Record {
        /// The receiver.
        actor: u8,
        /// The sender.
        sender: u8,
        /// The number.
        sequence: u64,
    },
    /// Record a number through a handle: the last one made for the key, or a new one.
    RecordByHandle {
        /// The receiver.
        actor: u8,
        /// The sender.
        sender: u8,
        /// The number.
        sequence: u64,
    },
    /// Make a handle, which changes no answer.
    Resolve {
        /// The receiver.
        actor: u8,
        /// The sender.
        sender: u8,
    },
    /// Give the order expected of all records of an actor.
    SetExpected {
        /// The receiver.
        actor: u8,
        /// The order.
        ordering: Vec<u64>,
    },
    /// Ask whether the records of an actor are in order.
    Verify {
        /// The receiver.
        actor: u8,
    },
    /// Ask for the number of records of an actor.
    Count {
        /// The receiver.
        actor: u8,
    },
    /// Ask for everything about an actor.
    Report {
        /// The receiver.
        actor: u8,
    },
}

/// The answer to a [`TrackerTransition`].
///
/// # Examples
///
/// ```
/// use alys_models::tracker::{TrackerModel, TrackerOutcome, TrackerTransition};
///
/// let report = TrackerTransition::Report { actor: 0 };
/// assert_eq!(TrackerModel::default().apply(&report), TrackerOutcome::Unknown);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum TrackerOutcome {
    /// A record was made and judged.
    Recorded(TrackerVerdict),
    /// A handle was made.
    Resolved,
    /// The expected order was accepted.
    ExpectedSet,
    /// The expected order was refused: the actor has this many records already.
    ExpectedLate(usize),
    /// The expected order was refused: it is longer than
    /// [`TrackerLimits::expected_max`](super::TrackerLimits::expected_max) allows.
    ExpectedTooLong,
    /// Whether the records are in order.
    Verified(bool),
    /// The number of records.
    Counted(usize),
    /// Everything about the actor.
    Reported {
        /// Records of all its senders.
        recorded: usize,
        /// Each sender with a record, lowest first.
        senders: Vec<TrackerSenderReport>,
    },
    /// No report: the actor has neither a record nor an expected order.
    Unknown,
}

/// How a record stands to the earlier ones of its actor and sender (OT-1).
///
/// # Examples
///
/// ```
/// use alys_models::tracker::{TrackerModel, TrackerVerdict};
///
/// let mut model = TrackerModel::default();
/// assert_eq!(model.record(0, 0, 1), TrackerVerdict::Gap { expected: 0, got: 1 });
/// assert_eq!(model.record(0, 0, 0), TrackerVerdict::Reordered);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum TrackerVerdict {
    /// The number expected.
    InOrder,
    /// A number above the expected one.
    Gap {
        /// The number expected.
        expected: u64,
        /// The number that came.
        got: u64,
    },
    /// A number recorded before.
    Duplicate,
    /// A number below the highest that was missing.
    Reordered,
}

/// What a report says of one sender (OT-3).
///
/// # Examples
///
/// ```
/// use alys_models::tracker::{TrackerModel, TrackerOutcome};
///
/// let mut model = TrackerModel::default();
/// model.record(0, 7, 3);
/// let TrackerOutcome::Reported { senders, .. } = model.report(0) else { panic!("no report") };
/// assert_eq!((senders[0].sender, senders[0].gaps.as_slice()), (7, &[(0, 2)][..]));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct TrackerSenderReport {
    /// The sender.
    pub sender: u8,
    /// Its records.
    pub recorded: u64,
    /// Its highest number.
    pub highest: Option<u64>,
    /// First and last number of every open gap, lowest first.
    pub gaps: Vec<(u64, u64)>,
    /// Records judged as a gap.
    pub gaps_seen: u64,
    /// Numbers of the duplicates kept, as they came.
    pub duplicates: Vec<u64>,
    /// All duplicates.
    pub duplicates_total: u64,
    /// Numbers of the reorderings kept, as they came.
    pub reordered: Vec<u64>,
    /// All reorderings.
    pub reordered_total: u64,
}
