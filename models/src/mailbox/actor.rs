//! What an actor behind the mailbox does by itself: it takes messages whenever it may, and every woken future runs.

use super::{
    model::Mailbox,
    vocabulary::{Death, Ending, Handling, Outcome, Received},
};

impl Mailbox {
    /// Runs until nothing moves any more.
    pub(super) fn run_actor(&mut self) {
        while self.actor_takes() | self.futures_run() {}
    }

    /// Takes one message, if the actor is there and not busy; at the end of all messages it stops.
    fn actor_takes(&mut self) -> bool {
        if !self.receiver || self.busy.is_some() {
            return false;
        }
        match self.receive() {
            Received::Empty => false,
            // The end is told once no handler is at work any more; then the actor stops.
            Received::End if !self.in_handler.is_empty() => false,
            Received::End => {
                self.ended = true;
                self.stop_actor();
                true
            }
            Received::Message(id, ..) => {
                self.handled.push(id);
                let last = self.in_handler.len() - 1;
                match self.in_handler[last].handling {
                    Handling::Answer => self.settle_at(last, Ending::Answer),
                    Handling::Fail => self.settle_at(last, Ending::Fail),
                    Handling::Stop => {
                        self.settle_at(last, Ending::Answer);
                        self.stop_actor();
                    }
                    Handling::Later => {}
                    Handling::Exclusive => self.busy = Some(id),
                }
                true
            }
        }
    }

    /// Polls every future that was woken; an ended one is over.
    fn futures_run(&mut self) -> bool {
        let mut moved = false;
        for index in 0..u8::try_from(Mailbox::slots()).unwrap_or(u8::MAX) {
            if self.slot(usize::from(index)).is_some_and(|slot| slot.woken) {
                moved = true;
                if let Outcome::Sent(answer) = self.poll(index) {
                    self.endings.push((index, answer));
                }
            }
        }
        moved
    }

    /// A stopped actor leaves its mailbox behind, and then interrupts every unfinished handler: their messages fail and
    /// die.
    pub(super) fn stop_actor(&mut self) {
        self.drop_receiver();
        while let Some(message) = self.in_handler.first().copied() {
            self.settle_at(0, Ending::Fail);
            self.deaths.push((message.id, message.lane, Death::Interrupted));
        }
    }
}
