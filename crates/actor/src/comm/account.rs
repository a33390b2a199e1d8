//! What became of one message that was offered to many.

use super::mailbox::SendError;

/// Whom a message was offered to, in that order, and what each mailbox said (CM-1, CM-8).
///
/// `K` names a receiver: by its place in the list of a broadcast, by its subscription on a bus. Nobody is counted whose
/// mailbox was not asked, and nobody twice. Accepted means what it means for a mailbox: delivered, or a dead letter.
///
/// # Examples
///
/// ```
/// use alys_actor::{comm::Account, mailbox::SendError};
///
/// let account = Account { outcomes: vec![(0, Ok(())), (1, Err(SendError::Full("news")))] };
/// assert_eq!((account.offered(), account.accepted()), (2, 1));
/// assert_eq!(account.refused().collect::<Vec<_>>(), [(&1, &SendError::Full("news"))]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "an account says who did not get the message"]
pub struct Account<K, M> {
    /// One entry a receiver.
    pub outcomes: Vec<(K, Result<(), SendError<M>>)>,
}

impl<K, M> Account<K, M> {
    /// The number of mailboxes that were asked.
    ///
    /// # Examples
    ///
    /// See [`Account`].
    #[must_use]
    pub fn offered(&self) -> usize {
        self.outcomes.len()
    }

    /// The number of mailboxes that took the message in.
    ///
    /// # Examples
    ///
    /// See [`Account`].
    #[must_use]
    pub fn accepted(&self) -> usize {
        self.offered() - self.refused().count()
    }

    /// Who refused the message, and why.
    ///
    /// # Examples
    ///
    /// See [`Account`].
    pub fn refused(&self) -> impl Iterator<Item = (&K, &SendError<M>)> {
        self.outcomes.iter().filter_map(|(receiver, outcome)| Some((receiver, outcome.as_ref().err()?)))
    }
}
