//! What the mailbox suites count: transitions by kind, state and outcome, and the situations they must meet.

use alys_models::mailbox::{Answer, Death, Mailbox, Outcome, Policy, Post, Received, SlotView, Transition};

use super::reference::State;
use crate::coverage::{self, Labels, Situation};

/// The coverage of a mailbox suite: `ACTOR` tells the two suites' counts apart.
#[derive(Clone, Copy, Debug)]
pub struct MailboxLabels<const ACTOR: bool>;

/// The kinds of transitions, in the order of the generator's weights.
pub(super) const KIND_NAMES: &[&str] = &[
    "try_send",
    "send",
    "ask",
    "poll",
    "cancel",
    "try_recv",
    "acknowledge",
    "recv",
    "poll_recv",
    "cancel_recv",
    "turn",
    "settle",
    "close",
    "clear",
    "clone",
    "drop sender",
    "drop receiver",
    "advance",
];

const CLASSES: &[&str] = &[
    "empty",
    "partly full",
    "full",
    "full, 1 waits",
    "full, more wait",
    "closed, empty",
    "closed, not empty",
];

const OUTCOMES: &[&str] = &[
    "done", "pending", "accepted", "full", "closed", "reply", "timeout", "dropped", "failed", "message",
    "empty", "end", "cleared",
];

macro_rules! situations {
    ($($index:ident = $name:literal, by hand $hand:literal, by actor $actor:literal;)*) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "indices named like constants")]
        #[derive(Clone, Copy)]
        enum Met { $($index),* }
        const BY_HAND: &[Situation] = &[$(Situation { name: $name, minimum: $hand }),*];
        const BY_ACTOR: &[Situation] = &[$(Situation { name: $name, minimum: $actor }),*];
    };
}

situations! {
    EmergencyRejected = "an Emergency meets a full mailbox under Reject", by hand 50, by actor 20;
    EmergencyWaits = "an Emergency meets a full mailbox under Backpressure", by hand 50, by actor 20;
    EmergencyDropOldest = "an Emergency meets a full mailbox under DropOldest", by hand 50, by actor 20;
    EmergencyDropLowest = "an Emergency meets a full mailbox under DropLowest", by hand 50, by actor 20;
    AllAbove = "DropOldest refuses: every queued message is above", by hand 50, by actor 20;
    NewestOfSeveral = "DropLowest evicts the newest of several in its lane", by hand 50, by actor 20;
    AskEvicted = "an asked message is evicted", by hand 50, by actor 20;
    LanesWait = "senders of different lanes wait when room is made", by hand 50, by actor 20;
    BargingTried = "a try_send of a higher lane meets waiting senders", by hand 50, by actor 20;
    CloseWithWaiters = "the mailbox closes while senders wait", by hand 50, by actor 20;
    CancelWaiting = "a waiting future is cancelled", by hand 50, by actor 20;
    CancelAdmitted = "an admitted but unpolled future is cancelled", by hand 50, by actor 0;
    CancelUnoffered = "a future is dropped before its first poll", by hand 50, by actor 0;
    FreshWaker = "a waiting future is polled with another waker", by hand 50, by actor 0;
    TwoLanesDue = "two lanes are due at once under Aging", by hand 50, by actor 20;
    ManyExpire = "several messages expire in one receive", by hand 50, by actor 20;
    ExpiryAdmits = "an expiry makes room for a waiting sender", by hand 50, by actor 20;
    ClearWithWaiters = "the mailbox is cleared while senders wait", by hand 50, by actor 0;
    ReceiveDroppedWoken = "a pending receive is dropped after it was woken", by hand 50, by actor 0;
    CloseWakesReceive = "the close ends a pending receive", by hand 20, by actor 0;
    TimeoutWaiting = "an ask times out while it waits for room", by hand 50, by actor 20;
    TimeoutAccepted = "an ask times out after it was accepted", by hand 50, by actor 20;
    ReplyAtTimeout = "the reply is there when the time is up", by hand 20, by actor 0;
    LateReply = "an ask is settled after its asker has gone", by hand 50, by actor 20;
    ReceiverDropped = "the receiver goes while messages are queued and senders wait", by hand 20, by actor 20;
    LastHandle = "the last sender goes while messages are queued", by hand 20, by actor 20;
    ThroughATurn = "one turn admits several senders", by hand 50, by actor 0;
    Interrupts = "an actor ends and interrupts a handler", by hand 0, by actor 20;
    InterruptsSeveral = "an actor ends and interrupts several handlers", by hand 0, by actor 20;
}

impl Labels for MailboxLabels<false> {
    const KINDS: &'static [&'static str] = KIND_NAMES;
    const CLASSES: &'static [&'static str] = CLASSES;
    const OUTCOMES: &'static [&'static str] = OUTCOMES;
    const SITUATIONS: &'static [Situation] = BY_HAND;
}

impl Labels for MailboxLabels<true> {
    const KINDS: &'static [&'static str] = KIND_NAMES;
    const CLASSES: &'static [&'static str] = CLASSES;
    const OUTCOMES: &'static [&'static str] = OUTCOMES;
    const SITUATIONS: &'static [Situation] = BY_ACTOR;
}

/// The index of a transition's kind.
fn kind(transition: &Transition) -> usize {
    match transition {
        Transition::TrySend(_) => 0,
        Transition::Send { .. } => 1,
        Transition::Ask { .. } => 2,
        Transition::Poll { .. } => 3,
        Transition::Cancel { .. } => 4,
        Transition::TryRecv => 5,
        Transition::TryAcknowledge => 6,
        Transition::Recv => 7,
        Transition::PollRecv { .. } => 8,
        Transition::CancelRecv => 9,
        Transition::Turn { .. } => 10,
        Transition::Settle { .. } => 11,
        Transition::Close { .. } => 12,
        Transition::Clear => 13,
        Transition::CloneSender => 14,
        Transition::DropSender => 15,
        Transition::DropReceiver => 16,
        Transition::Advance { .. } => 17,
    }
}

/// The index of an outcome.
fn outcome(outcome: &Outcome) -> usize {
    match outcome {
        Outcome::Done => 0,
        Outcome::Pending => 1,
        Outcome::Sent(Answer::Accepted) => 2,
        Outcome::Sent(Answer::Full(_)) => 3,
        Outcome::Sent(Answer::Closed(_)) => 4,
        Outcome::Sent(Answer::Reply(_)) => 5,
        Outcome::Sent(Answer::Timeout) => 6,
        Outcome::Sent(Answer::Dropped(_)) => 7,
        Outcome::Sent(Answer::Failed) => 8,
        Outcome::Received(all) => match all.first() {
            Some(Received::Message(..)) => 9,
            Some(Received::Empty) | None => 10,
            Some(Received::End) => 11,
        },
        Outcome::Cleared(_) => 12,
    }
}

/// A set of situations.
struct Bits(u64);

impl Bits {
    fn meet(&mut self, situation: Met, happened: bool) {
        self.0 |= u64::from(happened) << situation as u64;
    }
}

/// What must be remembered of the state before a transition, to tell afterwards what the transition met.
pub(super) struct Before {
    len: usize,
    waiting: usize,
    lanes_wait: bool,
    closed: bool,
    receiving: Option<bool>,
    lanes_due: usize,
    evicted: u64,
    expired: u64,
    /// The slot that the transition is about.
    slot: Option<SlotView>,
    /// Whether a message is being settled that was asked and whose asker has gone.
    orphan: bool,
}

impl Before {
    pub(super) fn of(model: &Mailbox, transition: &Transition) -> Self {
        let waiting = model.waiting();
        let (slot, orphan) = match *transition {
            Transition::Poll { slot, .. } | Transition::Cancel { slot } => {
                (model.slot(usize::from(slot)), false)
            }
            Transition::Settle { index, .. } => (None, model.is_orphan(usize::from(index))),
            _ => (None, false),
        };
        let counters = model.counters();
        Before {
            len: model.queue().len(),
            waiting: waiting.len(),
            lanes_wait: waiting.iter().any(|message| message.lane != waiting[0].lane),
            closed: model.closed(),
            receiving: model.receiving(),
            lanes_due: model.lanes_due(),
            evicted: counters.evicted,
            expired: counters.expired,
            slot,
            orphan,
        }
    }

    /// The class of the state, for a mailbox of this capacity.
    pub(super) fn class_in(&self, capacity: usize) -> usize {
        match (self.closed, self.waiting) {
            (true, _) => 5 + usize::from(self.len > 0),
            (false, 0) if self.len >= capacity => 2,
            (false, 0) => usize::from(self.len > 0),
            (false, 1) => 3,
            (false, _) => 4,
        }
    }

    /// The situations that the transition met, a bit each.
    pub(super) fn situations(&self, after: &Mailbox, transition: &Transition, outcome: &Outcome) -> u64 {
        let mut met = Bits(0);
        match *transition {
            Transition::TrySend(post)
            | Transition::Send { post, unpolled: false, .. }
            | Transition::Ask { post, unpolled: false, .. } => {
                let barging = matches!(transition, Transition::TrySend(_));
                self.on_offer(&mut met, after, post, barging, outcome);
            }
            Transition::Cancel { .. } => self.on_cancel(&mut met),
            Transition::Poll { fresh, .. } => self.on_poll(&mut met, fresh, outcome),
            Transition::Advance { .. } => self.on_advance(&mut met, after),
            Transition::Clear => met.meet(Met::ClearWithWaiters, self.waiting > 0),
            Transition::CancelRecv => met.meet(Met::ReceiveDroppedWoken, self.receiving == Some(true)),
            Transition::DropReceiver => met.meet(Met::ReceiverDropped, self.waiting > 0 && self.len > 0),
            Transition::Settle { .. } => met.meet(Met::LateReply, self.orphan),
            Transition::Turn { .. } => {
                met.meet(Met::ThroughATurn, self.admits(after) && self.waiting > after.waiting().len() + 1);
            }
            _ => {}
        }
        self.on_close(&mut met, after, transition);
        self.on_death(&mut met, after, outcome);
        met.0
    }

    /// Whether a waiting sender was admitted.
    fn admits(&self, after: &Mailbox) -> bool {
        after.waiting().len() < self.waiting && !after.closed()
    }

    fn on_offer(&self, met: &mut Bits, after: &Mailbox, post: Post, barging: bool, outcome: &Outcome) {
        let parameters = after.parameters();
        let emergency = self.len >= parameters.capacity && !self.closed && post.lane == 5;
        let situation = match parameters.policy {
            Policy::Reject => Met::EmergencyRejected,
            Policy::Backpressure => Met::EmergencyWaits,
            Policy::DropOldest => Met::EmergencyDropOldest,
            Policy::DropLowest => Met::EmergencyDropLowest,
        };
        met.meet(situation, emergency);
        let refused = matches!(outcome, Outcome::Sent(Answer::Full(_)));
        met.meet(Met::AllAbove, refused && parameters.policy == Policy::DropOldest);
        let several = after.deaths().first().is_some_and(|(_, lane, _)| {
            after.queue().iter().any(|message| message.lane == *lane && message.lane != post.lane)
        });
        let evicts = after.counters().evicted > self.evicted;
        met.meet(Met::NewestOfSeveral, evicts && several && parameters.policy == Policy::DropLowest);
        let above = after.waiting().iter().all(|message| message.lane < post.lane);
        met.meet(Met::BargingTried, barging && self.waiting > 0 && above && !self.closed);
    }

    fn on_cancel(&self, met: &mut Bits) {
        let Some(slot) = self.slot else { return };
        met.meet(Met::CancelWaiting, slot.waiting);
        met.meet(Met::CancelUnoffered, !slot.offered);
        let admitted = slot.offered && slot.woken && !slot.waiting && !slot.ask;
        met.meet(Met::CancelAdmitted, admitted && !self.closed);
    }

    fn on_poll(&self, met: &mut Bits, fresh: bool, outcome: &Outcome) {
        let Some(slot) = self.slot else { return };
        met.meet(Met::FreshWaker, fresh && slot.waiting);
        let timed_out = *outcome == Outcome::Sent(Answer::Timeout);
        met.meet(Met::TimeoutWaiting, timed_out && slot.waiting);
        met.meet(Met::TimeoutAccepted, timed_out && slot.offered && !slot.waiting);
        let replied = matches!(outcome, Outcome::Sent(Answer::Reply(_)));
        met.meet(Met::ReplyAtTimeout, replied && slot.time_is_up);
    }

    /// Timeouts show here where futures run by themselves.
    fn on_advance(&self, met: &mut Bits, after: &Mailbox) {
        let timed_out = after.endings().iter().any(|(_, answer)| *answer == Answer::Timeout);
        let waited = after.waiting().len() < self.waiting;
        met.meet(Met::TimeoutWaiting, timed_out && waited);
        met.meet(Met::TimeoutAccepted, timed_out && !waited);
    }

    fn on_close(&self, met: &mut Bits, after: &Mailbox, transition: &Transition) {
        let closes = after.closed() && !self.closed;
        met.meet(Met::CloseWithWaiters, closes && self.waiting > 0);
        met.meet(Met::CloseWakesReceive, closes && self.receiving == Some(false));
        let last = matches!(transition, Transition::DropSender);
        met.meet(Met::LastHandle, closes && last && self.len > 0);
    }

    fn on_death(&self, met: &mut Bits, after: &Mailbox, outcome: &Outcome) {
        let evicts = after.counters().evicted > self.evicted;
        let told = self.asks_told(after) || matches!(outcome, Outcome::Sent(Answer::Dropped(_)));
        met.meet(Met::AskEvicted, evicts && told);
        met.meet(Met::LanesWait, self.lanes_wait && self.admits(after));
        met.meet(Met::TwoLanesDue, self.lanes_due > 1 || after.lanes_due() > 1);
        let expired = after.counters().expired - self.expired;
        met.meet(Met::ManyExpire, expired > 1);
        met.meet(Met::ExpiryAdmits, expired > 0 && self.admits(after));
        let interrupted = |(.., death): &&(_, _, Death)| *death == Death::Interrupted;
        let interrupted = after.deaths().iter().filter(interrupted).count();
        met.meet(Met::Interrupts, interrupted > 0);
        met.meet(Met::InterruptsSeveral, interrupted > 1);
    }

    /// Whether some asker was told that its message is dead.
    fn asks_told(&self, after: &Mailbox) -> bool {
        let by_itself =
            after.endings().iter().any(|(_, answer)| matches!(answer, Answer::Dropped(Death::Evicted)));
        by_itself || (0..Mailbox::slots()).any(|slot| after.slot(slot).is_some_and(|slot| slot.evicted))
    }
}

/// Counts what the last transition of a suite was.
pub fn record<const ACTOR: bool>(state: &State, transition: &Transition)
where
    MailboxLabels<ACTOR>: Labels,
{
    coverage::record::<MailboxLabels<ACTOR>>(kind(transition), state.class, outcome(&state.outcome));
    let mut situations = state.situations;
    while situations != 0 {
        coverage::reached::<MailboxLabels<ACTOR>>(situations.trailing_zeros() as usize);
        situations &= situations - 1;
    }
}
