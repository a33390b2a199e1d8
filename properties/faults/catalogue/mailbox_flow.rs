//! The planted faults of the priority mailbox that break how senders and receivers meet: MB-7 to MB-9, MB-12, MB-14.

use super::{Engine, Fault, by, expression, statement};

const CORE: &str = "mailbox/core.rs";
const WAITERS: &str = "mailbox/waiters.rs";
const REPLY: &str = "mailbox/reply.rs";
const SENDER: &str = "mailbox/sender.rs";
const ASK: &str = "mailbox/ask.rs";
const RECEIVER: &str = "mailbox/receiver.rs";
const TURN: &str = "mailbox/turn.rs";
const DRAIN: &str = "drain/shell.rs";

/// Every one of them; the suite polled by hand finds what names no other engine.
pub(super) const FAULTS: &[Fault] = &[
    statement(
        "admitted_sender_not_woken: a sender that got room is not woken",
        &["MB-7"],
        CORE,
        "effects.wake([waker]);",
        "drop(waker);",
    ),
    statement(
        "expiry_admits_nobody: the room that an expired message leaves is given to nobody",
        &["MB-7"],
        CORE,
        "self.admit(effects);\n                continue;",
        "continue;",
    ),
    statement(
        "permit_released_late: the room of the last queued message is given to nobody until a later receive",
        &["MB-7"],
        CORE,
        "self.admit(effects);\n            return Some(envelope);",
        "if self.lanes.len() > 0 { self.admit(effects); } return Some(envelope);",
    ),
    expression(
        "stale_waker_kept: a waiting sender polled with another waker is woken by the old one",
        &["MB-7"],
        WAITERS,
        "!stored.will_wake(waker)",
        "false",
    ),
    expression(
        "wake_to_the_wrong_waiter: a sender that queues behind another gets its waker mixed up with the other's",
        &["MB-7"],
        WAITERS,
        "Slot::Waiting { item, lane, waker, before, after: NONE }",
        "{ let mut waker = waker; \
         if before != NONE && let Slot::Waiting { waker: other, .. } = &mut self.slots[before] { \
         std::mem::swap(other, &mut waker); } Slot::Waiting { item, lane, waker, before, after: NONE } }",
    ),
    statement(
        "receiver_sleeps_through_the_third: the third message ever accepted does not wake the receiver",
        &["MB-7"],
        CORE,
        "effects.wake(self.receiver.take());",
        "if self.counters.accepted != 3 { effects.wake(self.receiver.take()); }",
    ),
    statement(
        "turn_forgets_wakes: a turn that ends early never wakes the senders it admitted",
        &["MB-7"],
        TURN,
        "Effects::wake_all(&mut self.effects);",
        "",
    ),
    expression(
        "last_waiter_first: the sender that came last is admitted first",
        &["MB-8"],
        WAITERS,
        "self.unlink(self.first[rank], Slot::Admitted)",
        "self.unlink(self.last[rank], Slot::Admitted)",
    ),
    expression(
        "lowest_waiting_lane_first: waiting senders of the lowest lane are admitted first",
        &["MB-8"],
        WAITERS,
        "self.occupied.checked_ilog2()? as usize",
        "{ self.occupied.checked_ilog2()?; self.occupied.trailing_zeros() as usize }",
    ),
    expression(
        "try_send_barges: an Emergency evicts a message under Backpressure, past the senders that wait",
        &["MB-8"],
        CORE,
        "self.evict_for(envelope.lane, effects)",
        "(self.waiters.waiting() > 0 && envelope.lane == Lane::Emergency \
         && self.lanes.pop_newest(Lane::Background).map(|victim| { self.counters.evicted += 1; \
         self.bury(victim, DeadReason::Evicted, effects) }).is_some()) || self.evict_for(envelope.lane, effects)",
    ),
    expression(
        "close_ignored_when_full: a send to a closed and full mailbox waits for ever",
        &["MB-9"],
        CORE,
        "full && !self.closed && self.config.overflow == Overflow::Backpressure",
        "full && self.config.overflow == Overflow::Backpressure",
    ),
    statement(
        "refused_waiters_not_counted: senders refused by the close are forgotten by the counters",
        &["MB-9", "MB-5"],
        CORE,
        "self.counters.rejected += self.waiters.waiting() as u64;",
        "",
    ),
    statement(
        "close_leaves_receiver_asleep: a pending receive is not told that the mailbox was closed",
        &["MB-9"],
        CORE,
        "effects.wake(self.waiters.refuse_all().into_iter().chain(self.receiver.take()));",
        "effects.wake(self.waiters.refuse_all());",
    ),
    statement(
        "close_leaves_senders_asleep: senders refused by the close are not woken",
        &["MB-9"],
        CORE,
        "effects.wake(self.waiters.refuse_all().into_iter().chain(self.receiver.take()));",
        "drop(self.waiters.refuse_all()); effects.wake(self.receiver.take());",
    ),
    expression(
        "end_looks_empty: the end of all messages is reported as empty",
        &["MB-9"],
        RECEIVER,
        "Err(TryRecvError::Closed)",
        "Err(TryRecvError::Empty)",
    ),
    expression(
        "last_sender_leaves_it_open: dropping the last sender does not close the mailbox",
        &["MB-9"],
        SENDER,
        "self.shared.senders.fetch_sub(1, Ordering::AcqRel) == 1",
        "self.shared.senders.fetch_sub(1, Ordering::AcqRel) == 0",
    ),
    statement(
        "dropped_receiver_drains_nothing: what is queued when the receiver goes is neither delivered nor dead",
        &["MB-9", "MB-5"],
        RECEIVER,
        "core.close(effects);\n            core.clear(effects);",
        "core.close(effects);",
    ),
    statement(
        "timed_out_ask_stays: an ask that timed out while it waited for room keeps its place",
        &["MB-12"],
        ASK,
        "return Poll::Ready(self.give_up().unwrap_or(Err(AskError::Timeout)));",
        "std::mem::forget(std::mem::replace(&mut self.state, AskState::Over)); \
         return Poll::Ready(Err(AskError::Timeout));",
    ),
    expression(
        "timeout_beats_the_reply: an ask with a timeout never gets its reply",
        &["MB-12"],
        ASK,
        "self.poll_reply(cx)",
        "if self.timer.is_some() { Poll::Pending } else { self.poll_reply(cx) }",
    ),
    statement(
        "evicted_asker_not_told: the asker of an evicted message waits for ever",
        &["MB-12"],
        CORE,
        "effects.wake(asker.settle_silently(Settlement::Dropped(reason)));",
        "if reason != DeadReason::Evicted { effects.wake(asker.settle_silently(Settlement::Dropped(reason))); }",
    ),
    expression(
        "reply_to_the_wrong_asker: two asks in one lane get each other's replies",
        &["MB-12"],
        CORE,
        "self.lanes.push(envelope.lane, envelope)",
        "{ let mut envelope = envelope; if let Some(mut other) = self.lanes.pop_newest(envelope.lane) { \
         if other.asker.is_some() && envelope.asker.is_some() { \
         std::mem::swap(&mut other.asker, &mut envelope.asker); } self.lanes.push(other.lane, other); } \
         self.lanes.push(envelope.lane, envelope) }",
    ),
    by(
        Engine::MailboxPair,
        expression(
            "overflow_spreads: while senders wait at one mailbox, those of every other wait too",
            &["MB-14"],
            CORE,
            "!self.has_room()",
            "{ thread_local! { static FULL: std::cell::Cell<usize> = const { std::cell::Cell::new(0) }; } \
             let (full, this) = (!self.has_room(), std::ptr::from_ref(self) as usize); \
             if full { FULL.set(this); } else if FULL.get() == this { FULL.set(0); } \
             full || FULL.get() != 0 }",
        ),
    ),
    by(
        Engine::MailboxActor,
        expression(
            "exclusive_is_ignored: an actor takes further messages while an exclusive one is in its handler",
            &["MB-2"],
            DRAIN,
            "return Ok(Some((answering, in_hand.keep())))",
            "{ let (key, unfinished) = (in_hand.keep(), Rc::clone(unfinished)); \
             context.spawn(answering.map(move |answer, _, _| unfinished.settle(key, answer))); }",
        ),
    ),
    by(
        Engine::MailboxActor,
        statement(
            "ended_actor_lives_on: an actor whose mailbox has ended is not told",
            &["MB-9"],
            DRAIN,
            "actor.mailbox_ended(context);",
            "",
        ),
    ),
    by(
        Engine::Loom,
        expression(
            "sender_count_torn: two senders dropped at once can leave the mailbox open for ever",
            &["MB-9"],
            SENDER,
            "self.shared.senders.fetch_sub(1, Ordering::AcqRel) == 1",
            "{ let before = self.shared.senders.load(Ordering::Acquire); \
             self.shared.senders.store(before - 1, Ordering::Release); before == 1 }",
        ),
    ),
    by(
        Engine::Loom,
        statement(
            "clone_count_torn: of two senders cloned at once only one may be counted",
            &["MB-9"],
            SENDER,
            "self.shared.senders.fetch_add(1, Ordering::Relaxed);",
            "self.shared.senders.store(self.shared.senders.load(Ordering::Relaxed) + 1, Ordering::Relaxed);",
        ),
    ),
    by(
        Engine::Loom,
        expression(
            "look_is_torn: a look reads how many were answered before how many failed",
            &["MB-5"],
            REPLY,
            "again == seen",
            "true",
        ),
    ),
    by(
        Engine::Loom,
        expression(
            "turn_registers_late: a message accepted between a turn's look and its registration wakes nobody",
            &["MB-7"],
            TURN,
            "self.take(|core, effects| core.poll_receive(|| shared.now(), cx.waker(), effects))",
            "{ let waker = cx.waker(); let pending = shared.step(|core, _| core.lanes().len() == 0 && !core.is_closed()); \
             if pending { shared.step(|core, effects| core.register_receiver(waker, effects)); return Poll::Pending; } \
             self.take(|core, effects| core.poll_receive(|| shared.now(), waker, effects)) }",
        ),
    ),
    by(
        Engine::Loom,
        statement(
            "settlement_count_torn: of two messages settled at once only one may be counted",
            &["MB-5"],
            REPLY,
            "self.detached.fetch_add(1, Ordering::Release);",
            "self.detached.store(self.detached.load(Ordering::Acquire) + 1, Ordering::Release);",
        ),
    ),
    by(
        Engine::Loom,
        expression(
            "receiver_registered_late: a message accepted between look and registration wakes nobody",
            &["MB-7"],
            RECEIVER,
            "shared.step(|core, effects| core.poll_receive(|| shared.now(), cx.waker(), effects))",
            "{ let taken = shared.step(|core, effects| core.try_receive(|| shared.now(), effects)); \
             if taken.is_pending() { shared.step(|core, effects| core.register_receiver(cx.waker(), effects)); } \
             taken }",
        ),
    ),
    by(
        Engine::Loom,
        statement(
            "asker_registered_late: a reply given between look and registration wakes nobody",
            &["MB-12"],
            REPLY,
            "drop(state);\n            // Outside the lock: dropping a waker may run anybody's code.\n            drop(retired);",
            "let renewed = waker.take(); drop(state); drop(retired); \
             if let State::Open(waker) = &mut *self.state.lock() { *waker = renewed; }",
        ),
    ),
];
