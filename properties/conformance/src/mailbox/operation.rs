//! The steps of a case: what is called, from whom. Steps name what is there by position, so that every sequence can be run:
//! a step that has nothing to work on does nothing.

use std::fmt;

use alys_models::mailbox::{Policy, Rank, Ticks};

use super::subject::Parameters;
use crate::capabilities::Capabilities;

/// What is posted, and how.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Post {
    /// The sender, by position.
    pub from: u8,
    /// The way it sends, by position in the capabilities.
    pub way: u8,
    /// The lane.
    pub lane: Rank,
    /// Ticks until it expires.
    pub ttl: Option<Ticks>,
}

/// The plainest post: the first sender, its first way, the lowest lane, no deadline.
pub const PLAIN: Post = Post { from: 0, way: 0, lane: 0, ttl: None };

impl fmt::Debug for Post {
    /// As it is written in a test: what is not plain.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == PLAIN {
            return f.write_str("PLAIN");
        }
        f.write_str("Post { ")?;
        if self.from != PLAIN.from {
            write!(f, "from: {}, ", self.from)?;
        }
        if self.way != PLAIN.way {
            write!(f, "way: {}, ", self.way)?;
        }
        if self.lane != PLAIN.lane {
            write!(f, "lane: {}, ", self.lane)?;
        }
        if self.ttl != PLAIN.ttl {
            write!(f, "ttl: {:?}, ", self.ttl)?;
        }
        f.write_str("..PLAIN }")
    }
}

/// One step of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Offers a message without waiting.
    TrySend(Post),
    /// Makes the future of a send, and polls it.
    Send(Post),
    /// Makes the future of a send, and leaves it for a later poll.
    SendUnpolled(Post),
    /// Polls a pending send, by position among those that are pending.
    Poll(u8),
    /// The same with another waker than last time.
    PollAnew(u8),
    /// Drops a pending send.
    Cancel(u8),
    /// Takes a message without waiting.
    TryReceive,
    /// Makes the future of a receive and polls it; where one is pending, polls that.
    Receive,
    /// Polls the pending receive with another waker than last time.
    ReceiveAnew,
    /// Drops the pending receive.
    CancelReceive,
    /// Closes the mailbox from a sender's side.
    CloseBySender,
    /// Closes the mailbox from the receiver's side.
    CloseByReceiver,
    /// Drains what is queued.
    Clear,
    /// Clones a sender.
    CloneSender(u8),
    /// Drops a sender.
    DropSender(u8),
    /// Drops the receiver.
    DropReceiver,
    /// Lets time pass.
    Advance(Ticks),
    /// Takes a place for a message that comes later.
    KeepPlace(u8),
    /// Sends by a place that is kept, by position among those that are.
    SendKept(u8),
    /// Gives a place back.
    GivePlaceBack(u8),
    /// Polls a receive of so many messages at most once, and drops it when it is pending.
    ReceiveMany(u8),
    /// Makes the future that waits for the end and polls it; where there is one, polls that.
    WatchClosed(u8),
}

/// Steps that are simpler than this one.
pub(super) fn simpler(step: &Step) -> Vec<Step> {
    let posts = |post: Post, with: fn(Post) -> Step| {
        let plainer = [
            PLAIN,
            Post { from: 0, ..post },
            Post { way: 0, ..post },
            Post { lane: 0, ..post },
            Post { ttl: None, ..post },
            Post { ttl: post.ttl.map(|_| 0), ..post },
        ];
        plainer.into_iter().filter(|other| *other != post).map(with).collect::<Vec<_>>()
    };
    match *step {
        Step::TrySend(post) => posts(post, Step::TrySend),
        Step::Send(post) => [vec![Step::TrySend(post)], posts(post, Step::Send)].concat(),
        Step::SendUnpolled(post) => [vec![Step::Send(post)], posts(post, Step::SendUnpolled)].concat(),
        Step::Poll(nth) if nth > 0 => vec![Step::Poll(0)],
        Step::PollAnew(nth) => vec![Step::Poll(nth)],
        Step::Cancel(nth) if nth > 0 => vec![Step::Cancel(0)],
        Step::Receive => vec![Step::TryReceive],
        Step::ReceiveAnew => vec![Step::Receive],
        Step::CloneSender(from) if from > 0 => vec![Step::CloneSender(0)],
        Step::DropSender(from) if from > 0 => vec![Step::DropSender(0)],
        Step::Advance(ticks) if ticks > 1 => vec![Step::Advance(1)],
        Step::KeepPlace(from) if from > 0 => vec![Step::KeepPlace(0)],
        Step::SendKept(nth) if nth > 0 => vec![Step::SendKept(0)],
        Step::GivePlaceBack(nth) if nth > 0 => vec![Step::GivePlaceBack(0)],
        Step::ReceiveMany(limit) => {
            [Step::TryReceive, Step::ReceiveMany(1)][..1 + usize::from(limit > 1)].to_vec()
        }
        Step::WatchClosed(from) if from > 0 => vec![Step::WatchClosed(0)],
        _ => Vec::new(),
    }
}

/// Whether a judge can follow a step: what passes with time, the model alone; what comes by kept places or several at once, the
/// ledger alone.
pub(super) fn is_followed(by_model: bool, step: &Step) -> bool {
    match step {
        Step::Clear | Step::Advance(_) => by_model,
        Step::KeepPlace(_)
        | Step::SendKept(_)
        | Step::GivePlaceBack(_)
        | Step::ReceiveMany(_)
        | Step::WatchClosed(_) => !by_model,
        _ => true,
    }
}

/// Whether the capabilities have what a step needs.
pub(super) fn is_possible(able: &Capabilities, step: &Step) -> bool {
    match step {
        Step::TrySend(_) => !able.try_sends.is_empty(),
        Step::Send(_) | Step::SendUnpolled(_) | Step::Poll(_) | Step::PollAnew(_) | Step::Cancel(_) => {
            !able.waiting_sends.is_empty()
        }
        Step::TryReceive => able.try_receive,
        Step::Receive | Step::ReceiveAnew | Step::CancelReceive => able.waiting_receive,
        Step::CloseBySender => able.close_by_sender,
        Step::CloseByReceiver => able.close_by_receiver,
        Step::Clear => able.clear,
        Step::CloneSender(_) | Step::DropSender(_) => able.clone_sender || able.ends_with_senders,
        Step::DropReceiver => able.drop_receiver,
        Step::Advance(_) => able.expiry,
        Step::KeepPlace(_) | Step::SendKept(_) | Step::GivePlaceBack(_) => able.places,
        Step::ReceiveMany(_) => able.receive_many,
        Step::WatchClosed(_) => able.watch_closed,
    }
}

/// The steps that are tried where all sequences are.
pub(super) fn alphabet(able: &Capabilities) -> Vec<Step> {
    let top = able.lanes.saturating_sub(1);
    let mut posts = vec![PLAIN, Post { from: 1, ..PLAIN }];
    posts.extend((top > 0).then_some(Post { lane: top, ..PLAIN }));
    posts.extend(able.expiry.then_some(Post { ttl: Some(0), ..PLAIN }));
    let ways = |count: usize| (1..count).map(|way| Post { way: way as u8, ..PLAIN });
    let mut all: Vec<_> =
        posts.iter().copied().chain(ways(able.try_sends.len())).map(Step::TrySend).collect();
    all.extend(posts.iter().copied().chain(ways(able.waiting_sends.len())).map(Step::Send));
    all.extend([
        Step::TryReceive,
        Step::Receive,
        Step::CancelReceive,
        Step::ReceiveAnew,
        Step::Poll(0),
        Step::Poll(1),
        Step::PollAnew(0),
        Step::Cancel(0),
        Step::Cancel(1),
        Step::CloseBySender,
        Step::CloseByReceiver,
        Step::DropReceiver,
        Step::CloneSender(0),
        Step::DropSender(0),
        Step::SendUnpolled(PLAIN),
        Step::Clear,
        Step::Advance(1),
        Step::KeepPlace(0),
        Step::SendKept(0),
        Step::GivePlaceBack(0),
        Step::ReceiveMany(2),
        Step::WatchClosed(0),
    ]);
    all
}

/// Beginnings that are simpler than this one.
pub(super) fn simpler_starts(here: &Parameters) -> Vec<Parameters> {
    let smaller = if here.capacity == super::UNBOUNDED { 1 } else { here.capacity.min(4) };
    let smaller = (1..smaller).map(|capacity| Parameters { capacity, ..*here });
    let plainer = [
        Parameters { aging: None, ..*here },
        Parameters { thresholds: super::generate::THRESHOLDS, ..*here },
    ];
    smaller.chain(plainer.into_iter().filter(|other| other != here)).collect()
}

/// The policy that is the plainest of those there are.
pub(super) fn plainest(able: &Capabilities) -> Policy {
    let order = [Policy::Backpressure, Policy::Reject, Policy::DropOldest, Policy::DropLowest];
    order.into_iter().find(|policy| able.policies.contains(policy)).unwrap_or(Policy::Backpressure)
}
