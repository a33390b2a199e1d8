//! The transitions of the receiving end.

use super::{
    model::{Mailbox, Queued},
    vocabulary::{Answer, Death, Ending, Outcome, Rank, Received},
};

impl Mailbox {
    /// The next message by MB-2: of the lowest lane that is due, else of the highest that has any; its oldest.
    fn next_index(&self) -> Option<usize> {
        let occupied = |lane: &Rank| self.queue.iter().any(|message| message.lane == *lane);
        let due =
            |lane: &Rank| self.parameters.aging.is_some_and(|every| self.ages[usize::from(*lane)] >= every);
        let lane = (0..6).find(|lane| occupied(lane) && due(lane)).or_else(|| (0..6).rev().find(occupied))?;
        self.queue.iter().position(|message| message.lane == lane)
    }

    /// Takes a queued message out; a lane that runs empty forgets its age.
    pub(super) fn remove(&mut self, index: usize) -> Queued {
        let message = self.queue.remove(index);
        if !self.queue.iter().any(|other| other.lane == message.lane) {
            self.ages[usize::from(message.lane)] = 0;
        }
        message
    }

    pub(super) fn receive(&mut self) -> Received {
        while let Some(index) = self.next_index() {
            let message = self.remove(index);
            if message.deadline.is_some_and(|deadline| self.now >= deadline) {
                self.counters.expired += 1;
                self.die(message, Death::Expired);
                self.admit_one();
                continue;
            }
            self.counters.delivered += 1;
            self.ages[usize::from(message.lane)] = 0;
            for lane in 0..message.lane {
                if self.queue.iter().any(|other| other.lane == lane) {
                    self.ages[usize::from(lane)] += 1;
                }
            }
            self.in_handler.push(message);
            self.admit_one();
            return Received::Message(message.id, message.lane, message.asked);
        }
        if self.closed { Received::End } else { Received::Empty }
    }

    pub(super) fn try_recv(&mut self) -> Outcome {
        Outcome::Received(vec![self.receive()])
    }

    /// A message that somebody asked has no reply to give, and so fails.
    pub(super) fn try_acknowledge(&mut self) -> Outcome {
        let received = self.receive();
        if let Received::Message(_, _, asked) = received {
            let last = self.in_handler.len() - 1;
            self.settle_at(last, if asked { Ending::Fail } else { Ending::Answer });
        }
        Outcome::Received(vec![received])
    }

    pub(super) fn poll_recv(&mut self) -> Outcome {
        let received = self.receive();
        self.receiving = (received == Received::Empty).then_some(false);
        if self.receiving.is_some() { Outcome::Pending } else { Outcome::Received(vec![received]) }
    }

    pub(super) fn turn(&mut self, receives: u8) -> Outcome {
        let mut all = Vec::new();
        for _ in 0..receives {
            let received = self.receive();
            all.push(received);
            if !matches!(received, Received::Message(..)) {
                break;
            }
        }
        Outcome::Received(all)
    }

    pub(super) fn settle(&mut self, index: u8, ending: Ending) -> Outcome {
        self.settle_at(usize::from(index), ending);
        Outcome::Done
    }

    pub(super) fn settle_at(&mut self, index: usize, ending: Ending) {
        let message = self.in_handler.remove(index);
        if self.busy == Some(message.id) {
            self.busy = None;
        }
        if ending == Ending::Answer {
            self.counters.answered += 1;
            self.tell_asker(message.id, Answer::Reply(message.id));
        } else {
            self.counters.failed += 1;
            self.tell_asker(message.id, Answer::Failed);
        }
    }

    pub(super) fn clear(&mut self) -> usize {
        let drained = self.queue.len();
        for lane in (0..6).rev() {
            while let Some(index) = self.queue.iter().position(|message| message.lane == lane) {
                let message = self.remove(index);
                self.counters.drained += 1;
                self.die(message, Death::Drained);
            }
        }
        while self.queue.len() < self.parameters.capacity && !self.waiting.is_empty() {
            self.admit_one();
        }
        drained
    }

    pub(super) fn drop_receiver(&mut self) {
        self.close();
        self.clear();
        self.receiver = false;
    }

    pub(super) fn die(&mut self, message: Queued, death: Death) {
        self.deaths.push((message.id, message.lane, death));
        self.tell_asker(message.id, Answer::Dropped(death));
    }
}
