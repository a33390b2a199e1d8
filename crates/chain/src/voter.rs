//! The voter of an honest authority (CH-5).

/// When an authority votes. Its only memory is the last slot that it voted in, which is durable before a vote leaves.
///
/// ```
/// use alys_chain::voter::Voter;
///
/// let mut voter = Voter::recovered(3);
/// assert!(!voter.votes(3, 3, 1, 1), "one vote a slot");
/// assert!(!voter.votes(5, 6, 1, 1), "slot 5 is over");
/// assert!(!voter.votes(4, 4, 1, 2), "the parent does not end a longest chain");
/// assert!(voter.votes(4, 4, 1, 1));
/// voter.voted(4);
/// assert!(!voter.votes(4, 4, 1, 1));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Voter {
    last: u64,
}

impl Voter {
    /// The voter of an authority that has voted up to this slot; 0 if never.
    #[must_use]
    pub fn recovered(last: u64) -> Self {
        Voter { last }
    }

    /// The last slot that was voted in.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.last
    }

    /// Whether to vote for a candidate of `slot`, when `current` is the clock's slot, the candidate's parent is at
    /// height `parent`, and the longest notarised chains that were seen are of height `longest`.
    #[must_use]
    pub fn votes(&self, slot: u64, current: u64, parent: u64, longest: u64) -> bool {
        slot > self.last && slot == current && parent == longest
    }

    /// Remembers that a slot was voted in.
    pub fn voted(&mut self, slot: u64) {
        self.last = slot;
    }
}
