//! A message in the receiver's hands.

use super::{
    envelope::Envelope,
    lane::Lane,
    reply::{Ledger, Responder},
    sync::Arc,
};

/// A delivered message and the duty to settle it; dropped as it is, it fails.
///
/// # Examples
///
/// ```
/// # use std::sync::Arc;
/// # use alys_actor::{TokioClock, mailbox::{Environment, Lane, MailboxConfig, mailbox}};
/// let environment = Environment::new(Arc::new(TokioClock::new()));
/// let (sender, mut receiver) = mailbox::<u32, ()>(MailboxConfig::with_capacity(4), environment)?;
/// sender.try_send((Lane::High, 7)).unwrap();
/// let delivery = receiver.try_recv().unwrap();
/// assert_eq!((delivery.lane(), *delivery.message()), (Lane::High, 7));
/// assert_eq!(delivery.acknowledge(), 7);
/// # Ok::<(), alys_actor::mailbox::MailboxConfigError>(())
/// ```
#[must_use = "dropping a delivery fails its message"]
#[derive(Debug)]
pub struct Delivery<'a, M, R> {
    message: M,
    lane: Lane,
    responder: Responder<'a, R>,
}

impl<'a, M, R> Delivery<'a, M, R> {
    #[inline]
    pub(super) fn new(envelope: Envelope<M, R>, ledger: &'a Arc<Ledger>) -> Self {
        let Envelope { message, lane, asker, .. } = envelope;
        Delivery { message, lane, responder: Responder::new(asker, ledger) }
    }

    /// The message.
    ///
    /// # Examples
    ///
    /// See [`Delivery`].
    pub fn message(&self) -> &M {
        &self.message
    }

    /// The lane that it came by.
    ///
    /// # Examples
    ///
    /// See [`Delivery`].
    pub fn lane(&self) -> Lane {
        self.lane
    }

    /// Whether the message was asked, not sent; the asker may have gone since.
    ///
    /// # Examples
    ///
    /// See [`Delivery`].
    pub fn is_ask(&self) -> bool {
        self.responder.is_ask()
    }

    /// The message, and the duty to settle it.
    ///
    /// # Examples
    ///
    /// See [`Responder`].
    #[inline]
    pub fn into_parts(self) -> (M, Responder<'a, R>) {
        (self.message, self.responder)
    }

    /// The message, settled as answered; one that was asked fails, since there is no reply to give.
    ///
    /// # Examples
    ///
    /// See [`Delivery`].
    #[inline]
    pub fn acknowledge(self) -> M {
        self.responder.acknowledge();
        self.message
    }
}
