//! Interrupting: a message was delivered, and its handler will never end.

use std::fmt;

use super::{lane::Lane, reply::Responder, shared::Shared, sync::Arc};

/// Settles the messages whose handlers ended with the incarnation of their actor (SV-7).
///
/// It is neither a sender nor the receiver: the mailbox opens and closes without it.
pub(crate) struct Interrupter<M, R>(Arc<Shared<M, R>>);

impl<M, R> Interrupter<M, R> {
    pub(super) fn new(shared: Arc<Shared<M, R>>) -> Self {
        Interrupter(shared)
    }

    /// Fails a message whose handler ended unanswered, and hands over its dead letter.
    ///
    /// The asker is told first: whatever the owner of the letter does, nobody is left to wait.
    pub(crate) fn interrupt(&self, lane: Lane, responder: Responder<'_, R>) {
        responder.fail();
        self.0.bury_interrupted(lane);
    }
}

impl<M, R> fmt::Debug for Interrupter<M, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Interrupter")
    }
}
