//! What goes into the tracker, and what comes out.

/// A message as its receiver sees it: who sent it, and as which of the messages to this receiver.
///
/// # Examples
///
/// ```
/// use alys_actor::tracker::{OrderingTracker, TrackedMessage, Verdict};
///
/// let message = TrackedMessage { sender: "network".to_owned(), sequence: 0 };
/// assert_eq!(OrderingTracker::default().track_message("chain", message), Verdict::InOrder);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TrackedMessage {
    /// Name of the sender.
    pub sender: String,
    /// Number that the sender gave the message: 0 for its first to this receiver, one more for each further one.
    pub sequence: u64,
}

impl TrackedMessage {
    /// Names the sender and the number of a message.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::tracker::TrackedMessage;
    ///
    /// let message = TrackedMessage::new("network", 7);
    /// assert_eq!((message.sender.as_str(), message.sequence), ("network", 7));
    /// ```
    pub fn new(sender: impl Into<String>, sequence: u64) -> Self {
        Self { sender: sender.into(), sequence }
    }
}

/// How a record stands to the earlier ones of the same actor and sender (OT-1).
///
/// # Examples
///
/// ```
/// use alys_actor::tracker::{OrderingTracker, Verdict};
///
/// let tracker = OrderingTracker::default();
/// let verdicts = [0, 3, 1, 1].map(|sequence| tracker.record("chain", "network", sequence));
/// let gap = Verdict::Gap { expected: 1, got: 3 };
/// assert_eq!(verdicts, [Verdict::InOrder, gap, Verdict::Reordered, Verdict::Duplicate]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The number expected next: 0 at first, then one above the highest recorded.
    InOrder,
    /// A number above the one expected: those from `expected` to below `got` are an open gap now.
    Gap {
        /// The number that was expected.
        expected: u64,
        /// The number that came.
        got: u64,
    },
    /// A number that was recorded before.
    Duplicate,
    /// A number out of an open gap, which is filled there.
    Reordered,
}
