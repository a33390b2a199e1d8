//! The transitions of the sending end, and what checkers may look at.

use super::{
    model::{Counters, Mailbox, Queued, SLOTS, Slot, SlotView, Stage},
    vocabulary::{Answer, Death, MessageId, Outcome, Parameters, Policy, Post, Rank, Ticks},
};

impl Mailbox {
    pub(super) fn try_send(&mut self, post: Post) -> Outcome {
        let message = self.name(post, false);
        self.counters.offered += 1;
        Outcome::Sent(self.accept_or_refuse(message))
    }

    /// Accepts a message into free or freed room, else refuses it.
    fn accept_or_refuse(&mut self, message: Queued) -> Answer {
        if self.closed {
            self.counters.rejected += 1;
            return Answer::Closed(message.id);
        }
        if self.queue.len() >= self.parameters.capacity && !self.evict_for(message.lane) {
            self.counters.rejected += 1;
            return Answer::Full(message.id);
        }
        self.accept(message);
        Answer::Accepted
    }

    /// MB-4, word for word.
    fn evict_for(&mut self, incoming: Rank) -> bool {
        let Some(lowest) = self.queue.iter().map(|message| message.lane).min() else { return false };
        let of_lowest = |message: &Queued| message.lane == lowest;
        let victim = match self.parameters.policy {
            Policy::DropOldest if lowest <= incoming => self.queue.iter().position(of_lowest),
            Policy::DropLowest if lowest < incoming => self.queue.iter().rposition(of_lowest),
            _ => None,
        };
        let Some(victim) = victim else { return false };
        let message = self.remove(victim);
        self.counters.evicted += 1;
        self.die(message, Death::Evicted);
        true
    }

    fn accept(&mut self, message: Queued) {
        self.counters.accepted += 1;
        self.queue.push(message);
        self.counters.high_water = self.counters.high_water.max(self.queue.len());
        self.wake_receiver();
    }

    fn wake_receiver(&mut self) {
        if let Some(woken) = &mut self.receiving {
            *woken = true;
        }
    }

    /// Gives room to the waiting message of the highest lane that came first.
    pub(super) fn admit_one(&mut self) {
        let Some(lane) = self.waiting.iter().map(|message| message.lane).max() else { return };
        let Some(index) = self.waiting.iter().position(|message| message.lane == lane) else { return };
        let message = self.waiting.remove(index);
        self.accept(message);
        if let Some(slot) = self.slot_of(message.id) {
            slot.stage = if message.asked { Stage::Accepted } else { Stage::Ended(Answer::Accepted) };
            slot.woken = true;
        }
    }

    pub(super) fn begin(
        &mut self,
        slot: u8,
        post: Post,
        asked: bool,
        timeout: Option<Ticks>,
        unpolled: bool,
    ) -> Outcome {
        let message = self.name(post, asked);
        self.slots[usize::from(slot)] =
            Some(Slot { message, stage: Stage::Unoffered { timeout }, woken: false, gives_up_at: None });
        if unpolled { Outcome::Done } else { self.poll(slot) }
    }

    /// Polls a pending future: offers its message the first time, and says how it ended if it has.
    pub(super) fn poll(&mut self, index: u8) -> Outcome {
        let Some(mut slot) = self.slots[usize::from(index)] else { return Outcome::Done };
        slot.woken = false;
        if let Stage::Unoffered { timeout } = slot.stage {
            slot.gives_up_at = timeout.map(|timeout| self.now + timeout);
            slot.stage = self.offer(slot.message);
        }
        let timed_out = slot.gives_up_at.is_some_and(|at| self.now >= at);
        if let (Stage::Waiting | Stage::Accepted, true) = (slot.stage, timed_out) {
            self.withdraw(slot);
            slot.stage = Stage::Ended(Answer::Timeout);
        }
        if let Stage::Ended(answer) = slot.stage {
            self.free(index);
            return Outcome::Sent(answer);
        }
        self.slots[usize::from(index)] = Some(slot);
        Outcome::Pending
    }

    /// Has a pending ask give up at an instant: for histories, in which an ask's clock starts before its offer.
    pub fn give_up_at(&mut self, index: u8, at: Ticks) {
        if let Some(slot) = &mut self.slots[usize::from(index)] {
            slot.gives_up_at = Some(at);
        }
    }

    fn offer(&mut self, message: Queued) -> Stage {
        self.counters.offered += 1;
        let full = self.queue.len() >= self.parameters.capacity;
        if full && !self.closed && self.parameters.policy == Policy::Backpressure {
            self.waiting.push(message);
            return Stage::Waiting;
        }
        match self.accept_or_refuse(message) {
            Answer::Accepted if message.asked => Stage::Accepted,
            answer => Stage::Ended(answer),
        }
    }

    /// Drops a pending future.
    pub(super) fn cancel(&mut self, index: u8) -> Outcome {
        if let Some(slot) = self.slots[usize::from(index)] {
            self.withdraw(slot);
            self.free(index);
        }
        Outcome::Done
    }

    fn withdraw(&mut self, slot: Slot) {
        if slot.stage == Stage::Waiting {
            self.waiting.retain(|message| message.id != slot.message.id);
            self.counters.cancelled += 1;
        }
    }

    /// A pending future holds a handle of its own; it goes with the future.
    fn free(&mut self, index: u8) {
        self.slots[usize::from(index)] = None;
        self.close_if_abandoned();
    }

    pub(super) fn close_if_abandoned(&mut self) {
        if self.handles == 0 && self.slots.iter().all(Option::is_none) {
            self.close();
        }
    }

    pub(super) fn close(&mut self) {
        self.closed = true;
        for message in std::mem::take(&mut self.waiting) {
            self.counters.rejected += 1;
            if let Some(slot) = self.slot_of(message.id) {
                slot.stage = Stage::Ended(Answer::Closed(message.id));
                slot.woken = true;
            }
        }
        self.wake_receiver();
    }

    /// Ends the ask for a message, if its asker is still there.
    pub(super) fn tell_asker(&mut self, id: MessageId, answer: Answer) {
        if let Some(slot) = self.slot_of(id)
            && slot.stage == Stage::Accepted
        {
            slot.stage = Stage::Ended(answer);
            slot.woken = true;
        }
    }

    fn slot_of(&mut self, id: MessageId) -> Option<&mut Slot> {
        self.slots.iter_mut().flatten().find(|slot| slot.message.id == id)
    }

    pub(super) fn advance(&mut self, ticks: Ticks) -> Outcome {
        self.now += ticks;
        for slot in self.slots.iter_mut().flatten() {
            slot.woken |= slot.gives_up_at.is_some_and(|at| self.now >= at);
        }
        Outcome::Done
    }

    /// What a checker may know of a slot.
    #[must_use]
    pub fn slot(&self, index: usize) -> Option<SlotView> {
        self.slots.get(index).copied().flatten().map(|slot| SlotView {
            offered: !matches!(slot.stage, Stage::Unoffered { .. }),
            waiting: slot.stage == Stage::Waiting,
            woken: slot.woken,
            ask: slot.message.asked,
            lane: slot.message.lane,
            evicted: slot.stage == Stage::Ended(Answer::Dropped(Death::Evicted)),
            time_is_up: slot.gives_up_at.is_some_and(|at| self.now >= at),
        })
    }

    /// The number of slots.
    #[must_use]
    pub const fn slots() -> usize {
        SLOTS
    }

    /// The pending receive, if there is one, and whether it must have been woken.
    #[must_use]
    pub fn receiving(&self) -> Option<bool> {
        self.receiving
    }

    /// Accepted messages in the order of acceptance.
    #[must_use]
    pub fn queue(&self) -> &[Queued] {
        &self.queue
    }

    /// Messages that wait for room, in the order of first polls.
    #[must_use]
    pub fn waiting(&self) -> &[Queued] {
        &self.waiting
    }

    /// Delivered messages that are not settled, in the order of delivery.
    #[must_use]
    pub fn in_handler(&self) -> &[Queued] {
        &self.in_handler
    }

    /// Deaths of the last transition, in order.
    #[must_use]
    pub fn deaths(&self) -> &[(MessageId, Rank, Death)] {
        &self.deaths
    }

    /// Futures that ended by themselves in the last transition, and how.
    #[must_use]
    pub fn endings(&self) -> &[(u8, Answer)] {
        &self.endings
    }

    /// Messages that the actor began to handle in the last transition, in order.
    #[must_use]
    pub fn handled(&self) -> &[MessageId] {
        &self.handled
    }

    /// Whether a delivered message was asked by somebody who has gone.
    #[must_use]
    pub fn is_orphan(&self, in_handler: usize) -> bool {
        self.in_handler.get(in_handler).is_some_and(|message| {
            message.asked && !self.slots.iter().flatten().any(|slot| slot.message.id == message.id)
        })
    }

    /// Whether the actor was told that its mailbox has ended.
    #[must_use]
    pub fn ended(&self) -> bool {
        self.ended
    }

    /// How many messages exist: queued, waiting, not offered yet, or refused and not taken back yet.
    #[must_use]
    pub fn messages_alive(&self) -> usize {
        let held =
            |slot: &&Slot| matches!(slot.stage, Stage::Unoffered { .. } | Stage::Ended(Answer::Closed(_)));
        self.queue.len() + self.waiting.len() + self.slots.iter().flatten().filter(held).count()
    }

    /// The counters.
    #[must_use]
    pub fn counters(&self) -> &Counters {
        &self.counters
    }

    /// The parameters of the case.
    #[must_use]
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// Virtual time.
    #[must_use]
    pub fn now(&self) -> Ticks {
        self.now
    }

    /// Senders' handles, without those that pending futures hold.
    #[must_use]
    pub fn handles(&self) -> u8 {
        self.handles
    }

    /// Whether the receiver still exists.
    #[must_use]
    pub fn receiver(&self) -> bool {
        self.receiver
    }

    /// Whether the mailbox refuses new messages.
    #[must_use]
    pub fn closed(&self) -> bool {
        self.closed
    }

    /// How many lanes are due under aging.
    #[must_use]
    pub fn lanes_due(&self) -> usize {
        let every = self.parameters.aging.unwrap_or(u64::MAX);
        self.ages.iter().filter(|age| **age >= every).count()
    }

    /// The ages of the lanes, by rank (MB-11).
    #[must_use]
    pub fn ages(&self) -> &[u64; 6] {
        &self.ages
    }
}
