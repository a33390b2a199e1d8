//! Weights, and what they decide (GV-5).

use crate::message::Choice;

/// What a proposal came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It passed.
    Approved,
    /// Enough weight voted, and it did not pass.
    Rejected,
    /// Too little weight voted.
    Expired,
}

/// The weight of each choice.
///
/// ```
/// use alys_governance::{message::Choice, tally::{Outcome, Tally}};
///
/// let mut tally = Tally::default();
/// tally.add(Choice::Approve, 3);
/// tally.add(Choice::Abstain, 1);
/// assert_eq!(tally.decide(3, 4), Outcome::Approved);
/// assert_eq!(tally.decide(3, 5), Outcome::Expired);
/// assert_eq!(tally.decide(4, 4), Outcome::Rejected);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Tally {
    /// Approving weight.
    pub approve: u64,
    /// Rejecting weight.
    pub reject: u64,
    /// Abstaining weight.
    pub abstain: u64,
}

impl Tally {
    /// Counts a vote. The weights of all members fit a number, so those of some do.
    pub fn add(&mut self, choice: Choice, weight: u64) {
        *self.side(choice) += weight;
    }

    /// Takes back a vote that was counted.
    pub fn take_back(&mut self, choice: Choice, weight: u64) {
        *self.side(choice) -= weight;
    }

    fn side(&mut self, choice: Choice) -> &mut u64 {
        match choice {
            Choice::Approve => &mut self.approve,
            Choice::Reject => &mut self.reject,
            Choice::Abstain => &mut self.abstain,
        }
    }

    /// The weight of all that voted.
    #[must_use]
    pub fn cast(&self) -> u64 {
        self.approve + self.reject + self.abstain
    }

    /// What these weights come to, where `passing` is the least that approves and `quorum` the least that must vote.
    #[must_use]
    pub fn decide(&self, passing: u64, quorum: u64) -> Outcome {
        if self.cast() < quorum {
            Outcome::Expired
        } else if self.approve >= passing && self.approve > self.reject {
            Outcome::Approved
        } else {
            Outcome::Rejected
        }
    }
}
