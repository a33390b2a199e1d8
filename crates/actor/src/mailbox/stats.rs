//! What a mailbox has counted.

use super::{config::Backpressure, lane::Lane};

/// One consistent look at a mailbox (rules MB-5, MB-6 and MB-13).
///
/// Every field is a number of messages. They satisfy, at every instant,
/// `offered = accepted + rejected + waiting + cancelled`,
/// `accepted = delivered + evicted + expired + drained + len` and `delivered = answered + failed + in_handler`.
/// `waiting`, `len`, `lanes` and `in_handler` go up and down, every other field only up.
///
/// # Examples
///
/// ```
/// use std::sync::Arc;
///
/// use alys_actor::{TokioClock, mailbox::{Environment, Lane, MailboxConfig, mailbox}};
///
/// let environment = Environment::new(Arc::new(TokioClock::new()));
/// let (sender, _receiver) = mailbox::<u32, ()>(MailboxConfig::with_capacity(4), environment)?;
/// sender.try_send((Lane::Low, 1)).unwrap();
/// let stats = sender.stats();
/// assert_eq!((stats.offered, stats.accepted, stats.len), (1, 1, 1));
/// assert_eq!(stats.lane_len(Lane::Low), 1);
/// # Ok::<(), alys_actor::mailbox::MailboxConfigError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MailboxStats {
    /// Handed to `send`, `try_send` or `ask`.
    pub offered: u64,
    /// Taken in.
    pub accepted: u64,
    /// Given back as full or closed.
    pub rejected: u64,
    /// Held by senders that wait for room.
    pub waiting: u64,
    /// Withdrawn by senders that stopped waiting.
    pub cancelled: u64,
    /// Handed to the receiver.
    pub delivered: u64,
    /// Thrown out by the overflow policy.
    pub evicted: u64,
    /// Found past their deadline when their turn came.
    pub expired: u64,
    /// Cleared, or left behind by a dropped receiver.
    pub drained: u64,
    /// Delivered, and their handler ended well.
    pub answered: u64,
    /// Delivered, and their handler failed, gave up or was interrupted.
    pub failed: u64,
    /// Delivered, and neither answered nor failed yet.
    pub in_handler: u64,
    /// Queued now.
    pub len: usize,
    /// Queued now, by the lane's [`rank`](Lane::rank).
    pub lanes: [usize; Lane::COUNT],
    /// The highest `len` ever.
    pub high_water: usize,
    /// How full the mailbox is.
    pub backpressure: Backpressure,
    /// Whether the mailbox refuses new messages.
    pub closed: bool,
}

impl MailboxStats {
    /// The number of messages queued in a lane.
    ///
    /// # Examples
    ///
    /// See [`MailboxStats`].
    #[must_use]
    pub fn lane_len(&self, lane: Lane) -> usize {
        self.lanes[lane.rank()]
    }
}
