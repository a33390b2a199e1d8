//! Following the head of a beacon node: pure decisions over a stream that breaks.
//!
//! A stream tells of changes while it lasts. What changed while there was none is learned by asking for the head, *after* the
//! next stream is open: then nothing lies between the answer and the first event. An answer that comes after an event may be
//! older than it, and is not told.

use std::time::Duration;

use crate::octets::Hash;
use crate::retry::Policy;

/// A head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Its slot.
    pub slot: u64,
    /// Its root.
    pub root: Hash,
}

/// What happens to a follower.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// The stream is open.
    Opened,
    /// The stream tells of a head.
    Told(Head),
    /// The stream tells of something that is a head, and cannot be read.
    Garbled,
    /// The head was asked for, and this is the answer.
    Answered(Head),
    /// The head was asked for in vain.
    Unanswered,
    /// The stream has ended, or could not be opened, or was silent for too long.
    Lost,
    /// A wait is over.
    Waited,
}

/// What a follower wants to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Open the stream, and drop the one there is.
    Open,
    /// Ask for the head.
    Ask,
    /// Wait until this time.
    Wait(Duration),
    /// Tell that this is the head from now on.
    Tell(Head),
}

/// Follows a head.
#[derive(Clone, Debug)]
pub struct Follower {
    policy: Policy,
    /// What was told last.
    head: Option<Head>,
    /// How many streams in a row brought nothing.
    failures: u32,
    is_open: bool,
    /// Whether the open stream has told of a head, so that an answer may be older.
    has_told: bool,
}

impl Follower {
    /// Begins to follow, which wants [`Action::Open`]. Between streams it waits as the policy says after failed attempts; it never
    /// gives up.
    #[must_use]
    pub fn new(policy: Policy) -> Self {
        Follower { policy, head: None, failures: 0, is_open: false, has_told: false }
    }

    /// The head that was told last.
    #[must_use]
    pub fn head(&self) -> Option<Head> {
        self.head
    }

    /// Takes what has happened at a time, and says what is to be done.
    pub fn handle(&mut self, input: Input, now: Duration) -> Option<Action> {
        match input {
            Input::Opened => {
                (self.is_open, self.has_told) = (true, false);
                Some(Action::Ask)
            }
            Input::Told(head) if self.is_open => {
                self.has_told = true;
                self.tell(head)
            }
            // It was a head, and nobody knows which.
            Input::Garbled if self.is_open => {
                self.has_told = false;
                Some(Action::Ask)
            }
            Input::Answered(head) if self.is_open => {
                self.failures = 0;
                if self.has_told { None } else { self.tell(head) }
            }
            Input::Unanswered if self.is_open => Some(self.lost(now)),
            Input::Lost => Some(self.lost(now)),
            Input::Waited => (!self.is_open).then_some(Action::Open),
            Input::Told(_) | Input::Garbled | Input::Answered(_) | Input::Unanswered => None,
        }
    }

    fn lost(&mut self, now: Duration) -> Action {
        self.is_open = false;
        self.failures = self.failures.saturating_add(1);
        Action::Wait(now.saturating_add(self.policy.wait(self.failures)))
    }

    fn tell(&mut self, head: Head) -> Option<Action> {
        let is_new = self.head.replace(head) != Some(head);
        is_new.then_some(Action::Tell(head))
    }
}
