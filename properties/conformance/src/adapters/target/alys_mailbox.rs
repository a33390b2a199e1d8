//! Our own mailbox.

use std::{
    cell::RefCell,
    future::poll_fn,
    rc::Rc,
    sync::{Arc, Mutex, PoisonError},
    task::Poll,
};

use alys_models::mailbox::{Consumer, Death, MessageId, Parameters as Model, Policy, Ticks};

use super::actor::mailbox::{
    DeadLetter, Environment, Post, Receiver, SendError, Sender, Time, TryRecvError, mailbox,
};
use super::{
    words::{config, death, lane, observation},
    world::ManualClock,
};
use crate::{
    capabilities::Capabilities,
    mailbox::{Answer, Counted, MailboxUnderTest, Message, Parameters, Pending, Received, Seen},
};

type Letters = Arc<Mutex<Vec<(MessageId, Death)>>>;

/// The priority mailbox of `alys-actor`.
#[derive(Debug)]
pub struct AlysMailbox {
    senders: Vec<Sender<Message, ()>>,
    receiver: Option<Rc<RefCell<Receiver<Message, ()>>>>,
    clock: ManualClock,
    now: Ticks,
    letters: Letters,
}

fn post(message: Message) -> Post<Message> {
    let deadline = message.deadline;
    let post = Post::new(lane(message.lane), message);
    match deadline {
        Some(at) => post.expires_at(Time::from_nanos(at)),
        None => post,
    }
}

fn sent(result: Result<(), SendError<Message>>) -> Answer {
    match result {
        Ok(()) => Answer::Accepted,
        Err(SendError::Full(message)) => Answer::Full(Some(message)),
        Err(SendError::Closed(message)) => Answer::Closed(Some(message)),
    }
}

impl MailboxUnderTest for AlysMailbox {
    fn name() -> String {
        "alys-actor".to_owned()
    }

    fn capabilities() -> Capabilities {
        Capabilities {
            try_sends: &["try_send"],
            waiting_sends: &["send"],
            try_receive: true,
            waiting_receive: true,
            policies: &[Policy::Backpressure, Policy::Reject, Policy::DropOldest, Policy::DropLowest],
            lanes: 6,
            aging: true,
            expiry: true,
            clone_sender: true,
            ends_with_senders: true,
            close_by_sender: true,
            close_by_receiver: true,
            drop_receiver: true,
            clear: true,
            len: true,
            is_closed: true,
            thresholds: true,
            counters: true,
            ..Capabilities::NONE
        }
    }

    fn make(parameters: &Parameters) -> Option<Self> {
        let Parameters { capacity, policy, aging, thresholds: (warning, critical), .. } = *parameters;
        let model = Model { capacity, policy, aging, warning, critical, consumer: Consumer::Hand };
        let (clock, letters) = (ManualClock::default(), Letters::default());
        let kept = Arc::clone(&letters);
        let environment = Environment::new(Arc::new(clock.clone()));
        let environment = environment.with_dead_letters(Arc::new(move |letter: DeadLetter<Message>| {
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.extend(letter.message.map(|message| (message.id, death(letter.reason))));
        }));
        let (sender, receiver) = mailbox(config(&model), environment).ok()?;
        let receiver = Some(Rc::new(RefCell::new(receiver)));
        Some(AlysMailbox { senders: vec![sender], receiver, clock, now: 0, letters })
    }

    fn try_send(&mut self, from: usize, _: usize, message: Message) -> Answer {
        sent(self.senders[from].try_send(post(message)))
    }

    fn try_receive(&mut self) -> Received {
        let Some(receiver) = &self.receiver else { return Received::End };
        match receiver.borrow_mut().try_recv() {
            Ok(delivery) => Received::Message(delivery.acknowledge()),
            Err(TryRecvError::Empty) => Received::Empty,
            Err(TryRecvError::Closed) => Received::End,
        }
    }

    fn send(&mut self, from: usize, _: usize, message: Message) -> Pending<Answer> {
        let sender = self.senders[from].clone();
        Box::pin(async move { sent(sender.send(post(message)).await) })
    }

    fn receive(&mut self) -> Pending<Received> {
        let receiver = self.receiver.clone();
        Box::pin(poll_fn(move |context| {
            let Some(receiver) = &receiver else { return Poll::Ready(Received::End) };
            let mut receiver = receiver.borrow_mut();
            receiver.poll_recv(context).map(|taken| {
                taken.map_or(Received::End, |delivery| Received::Message(delivery.acknowledge()))
            })
        }))
    }

    fn clone_sender(&mut self, from: usize) {
        self.senders.push(self.senders[from].clone());
    }

    fn drop_sender(&mut self, from: usize) {
        self.senders.remove(from);
    }

    fn close_by_sender(&mut self, from: usize) {
        self.senders[from].close();
    }

    fn close_by_receiver(&mut self) {
        self.receiver.iter().for_each(|receiver| receiver.borrow().close());
    }

    fn drop_receiver(&mut self) {
        self.receiver = None;
    }

    fn clear(&mut self) {
        self.receiver.iter().for_each(|receiver| {
            receiver.borrow_mut().clear();
        });
    }

    fn set_time(&mut self, now: Ticks) {
        self.clock.advance(now - self.now);
        self.now = now;
    }

    fn seen(&self) -> Seen {
        let Some(receiver) = &self.receiver else { return Seen::default() };
        let seen = observation(&receiver.borrow().stats());
        Seen {
            len: Some(seen.len),
            closed: Some(seen.closed),
            backpressure: Some(seen.backpressure),
            counted: Some(Counted {
                accepted: seen.accepted,
                rejected: seen.rejected,
                delivered: seen.delivered,
                evicted: seen.evicted,
                expired: seen.expired,
                drained: seen.drained,
                high_water: seen.high_water,
            }),
            ..Seen::default()
        }
    }

    fn dead_letters(&mut self) -> Option<Vec<(MessageId, Death)>> {
        Some(std::mem::take(&mut self.letters.lock().unwrap_or_else(PoisonError::into_inner)))
    }
}
