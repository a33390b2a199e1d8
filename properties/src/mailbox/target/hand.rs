//! The adapter that polls every future by hand, with wakers that count: a lost wake-up is a difference, not a hang.

mod observed;

use std::{
    cell::RefCell,
    future::Future,
    pin::Pin,
    rc::Rc,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use alys_models::mailbox::{
    Answer, Ending, Mailbox, Observation, Outcome, Post, Received, Ticks, Transition,
};
use proptest_state_machine::StateMachineTest;

use super::{
    alys::mailbox::{Delivery, Receiver, Responder, Sender, Time, TryRecvError, mailbox},
    words::{self, Message, Reply, asked, config, observation, rank, sent},
    world::{ManualClock, World},
};
use crate::{
    mailbox::{HandReference, State, compare, record},
    violation::{check_eq, guarded, violated},
    wakes::CountingWaker,
};

/// A future polled by hand, and the counter of its present waker.
struct Pending<T> {
    future: Pin<Box<dyn Future<Output = T>>>,
    wakes: CountingWaker,
    /// The counter of the waker before, which must be gone.
    retired: Option<CountingWaker>,
}

impl<T> Pending<T> {
    fn new(future: impl Future<Output = T> + 'static) -> Self {
        Pending { future: Box::pin(future), wakes: CountingWaker::new(), retired: None }
    }

    /// Polls with the same waker as last time, or with a fresh one: then the old one must not be the one that is woken.
    fn poll(&mut self, fresh: bool) -> Poll<T> {
        if fresh {
            self.retired = Some(std::mem::take(&mut self.wakes));
        }
        self.wakes.take();
        self.future.as_mut().poll(&mut Context::from_waker(&self.wakes.waker()))
    }

    fn woken(&self) -> bool {
        self.wakes.count() > 0
    }

    /// A waker that was replaced must have been let go.
    fn check_retired(&self) {
        if self.retired.as_ref().is_some_and(|retired| retired.handles() > 0) {
            violated("MB-7", "a waker that was replaced by another one is still kept");
        }
    }

    /// Drops the future, whose wakers must go with it.
    fn end(self) {
        drop(self.future);
        check_eq("MB-7", "the wakers kept of a future that is over", &0, &self.wakes.handles());
    }
}

type Delivered = (Received, Option<Responder<'static, Reply>>);

/// The real mailbox with everything that is pending at it.
pub struct Hand {
    world: World,
    clock: ManualClock,
    senders: Vec<Sender<Message, Reply>>,
    receiver: Option<Rc<RefCell<Receiver<Message, Reply>>>>,
    slots: [Option<Pending<Answer>>; 6],
    receiving: Option<Pending<Delivered>>,
    in_handler: Vec<(u32, Responder<'static, Reply>)>,
}

impl std::fmt::Debug for Hand {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hand").field("senders", &self.senders).finish_non_exhaustive()
    }
}

impl Hand {
    fn new(model: &Mailbox) -> Self {
        let world = World::new();
        let clock = ManualClock::default();
        let environment = world.environment(Arc::new(clock.clone()));
        let (sender, receiver) = match mailbox(config(model.parameters()), environment) {
            Ok(ends) => ends,
            Err(error) => violated("MB-1", format!("a valid configuration is refused: {error}")),
        };
        Hand {
            world,
            clock,
            senders: vec![sender],
            receiver: Some(Rc::new(RefCell::new(receiver))),
            slots: Default::default(),
            receiving: None,
            in_handler: Vec::new(),
        }
    }

    /// Makes one step; `id` is the name of the message that it posts, if it posts one, at the time `now`.
    fn step(&mut self, transition: &Transition, id: u32, now: Ticks) -> Outcome {
        match *transition {
            Transition::TrySend(post) => {
                Outcome::Sent(sent(self.senders[0].try_send(self.world.post(id, post, deadline(post, now)))))
            }
            Transition::Send { slot, post, unpolled } => self.send(slot, post, unpolled, id, now),
            Transition::Ask { slot, post, timeout, unpolled } => {
                self.ask(slot, post, timeout, unpolled, id, now)
            }
            Transition::Poll { slot, fresh } => self.poll(slot, fresh),
            Transition::Cancel { slot } => {
                self.slots[usize::from(slot)].take().into_iter().for_each(Pending::end);
                Outcome::Done
            }
            Transition::TryRecv => {
                let received = self.with_receiver(|receiver| delivered(receiver.try_recv().map(Some)));
                Outcome::Received(vec![self.keep(received)])
            }
            Transition::TryAcknowledge => Outcome::Received(vec![self.with_receiver(acknowledge)]),
            Transition::Recv => self.recv(),
            Transition::PollRecv { fresh } => self.poll_recv(fresh),
            Transition::CancelRecv => {
                self.receiving.take().into_iter().for_each(Pending::end);
                Outcome::Done
            }
            Transition::Turn { receives } => self.turn(receives),
            Transition::Settle { index, ending } => self.settle(index, ending),
            Transition::Close { by_receiver: false } => {
                self.senders[0].close();
                Outcome::Done
            }
            Transition::Close { by_receiver: true } => {
                self.with_receiver(|receiver| receiver.close());
                Outcome::Done
            }
            Transition::Clear => Outcome::Cleared(self.with_receiver(Receiver::clear)),
            Transition::CloneSender => {
                self.senders.push(self.senders[0].clone());
                Outcome::Done
            }
            Transition::DropSender => {
                self.senders.pop();
                Outcome::Done
            }
            Transition::DropReceiver => {
                self.receiver = None;
                Outcome::Done
            }
            Transition::Advance { ticks } => {
                self.clock.advance(ticks);
                Outcome::Done
            }
        }
    }

    /// Makes the step after which the model is in `state`, which knows the name and the time of what was posted.
    fn step_after(&mut self, state: &State, transition: &Transition) -> Outcome {
        self.step(transition, state.model.next_id().wrapping_sub(1), state.model.now())
    }

    fn with_receiver<T>(&mut self, action: impl FnOnce(&mut Receiver<Message, Reply>) -> T) -> T {
        let receiver = self.receiver.as_ref().expect("allowed only while there is a receiver");
        action(&mut receiver.borrow_mut())
    }

    fn send(&mut self, slot: u8, post: Post, unpolled: bool, id: u32, now: Ticks) -> Outcome {
        let sender = self.senders[0].clone();
        let post = self.world.post(id, post, deadline(post, now));
        self.begin(slot, unpolled, Pending::new(async move { sent(sender.send(post).await) }))
    }

    fn ask(
        &mut self,
        slot: u8,
        post: Post,
        timeout: Option<Ticks>,
        unpolled: bool,
        id: u32,
        now: Ticks,
    ) -> Outcome {
        let sender = self.senders[0].clone();
        let post = self.world.post(id, post, deadline(post, now));
        let asking = async move {
            asked(match timeout {
                Some(timeout) => sender.ask_within(post, Duration::from_nanos(timeout)).await,
                None => sender.ask(post).await,
            })
        };
        self.begin(slot, unpolled, Pending::new(asking))
    }

    fn begin(&mut self, slot: u8, unpolled: bool, pending: Pending<Answer>) -> Outcome {
        self.slots[usize::from(slot)] = Some(pending);
        if unpolled { Outcome::Done } else { self.poll(slot, false) }
    }

    fn poll(&mut self, slot: u8, fresh: bool) -> Outcome {
        let place = &mut self.slots[usize::from(slot)];
        let pending = place.as_mut().expect("allowed only while the future is pending");
        match pending.poll(fresh) {
            Poll::Ready(answer) => {
                place.take().into_iter().for_each(Pending::end);
                Outcome::Sent(answer)
            }
            Poll::Pending => Outcome::Pending,
        }
    }

    #[allow(
        clippy::await_holding_refcell_ref,
        reason = "the borrow is what keeps other receives out meanwhile"
    )]
    fn recv(&mut self) -> Outcome {
        let receiver = Rc::clone(self.receiver.as_ref().expect("allowed only while there is a receiver"));
        self.receiving = Some(Pending::new(async move {
            let mut receiver = receiver.borrow_mut();
            delivered(Ok(receiver.recv().await))
        }));
        self.poll_recv(false)
    }

    fn poll_recv(&mut self, fresh: bool) -> Outcome {
        let receiving = self.receiving.as_mut().expect("allowed only while a receive is pending");
        let mut polled = receiving.poll(fresh);
        if polled.is_pending() && receiving.woken() {
            // After many receives in a row one yields, having woken itself: the next poll must do it.
            polled = receiving.poll(false);
        }
        match polled {
            Poll::Pending => Outcome::Pending,
            Poll::Ready(received) => {
                self.receiving.take().into_iter().for_each(Pending::end);
                Outcome::Received(vec![self.keep(received)])
            }
        }
    }

    fn turn(&mut self, receives: u8) -> Outcome {
        let mut all = Vec::new();
        self.with_receiver(|receiver| {
            let mut turn = receiver.turn();
            for _ in 0..receives {
                all.push(delivered(turn.try_recv().map(Some)));
                if all.last().is_some_and(|(received, _)| !matches!(received, Received::Message(..))) {
                    break;
                }
            }
        });
        Outcome::Received(all.into_iter().map(|received| self.keep(received)).collect())
    }

    /// Keeps the responder of a delivery until it is settled.
    fn keep(&mut self, (received, responder): Delivered) -> Received {
        if let (Received::Message(id, ..), Some(responder)) = (received, responder) {
            self.in_handler.push((id, responder));
        }
        received
    }

    fn settle(&mut self, index: u8, ending: Ending) -> Outcome {
        let (id, responder) = self.in_handler.remove(usize::from(index));
        match ending {
            Ending::Answer => responder.answer(Reply(id)),
            Ending::Fail => responder.fail(),
            Ending::Forget => drop(responder),
        }
        Outcome::Done
    }

    /// Compares everything that can be seen, after a transition.
    fn check(&self, model: &Mailbox) {
        self.world.dead_letters(|dead| compare::deaths(model.deaths(), dead));
        self.check_stillness(model);
    }

    /// The same where nothing was done here: there are no dead letters either.
    pub(super) fn check_stillness(&self, model: &Mailbox) {
        self.world.dead_letters(|dead| compare::deaths(&[], dead));
        for (index, pending) in self.slots.iter().enumerate() {
            let view = model.slot(index);
            check_eq("MB-7", "whether the future is pending", &view.is_some(), &pending.is_some());
            if let (Some(view), Some(pending)) = (view, pending) {
                compare::woken("the sender in slot", index, view.woken, pending.woken());
                pending.check_retired();
            }
        }
        self.receiving.iter().for_each(Pending::check_retired);
        check_eq("MB-5", "the messages that exist", &model.messages_alive(), &self.world.messages_alive());
        let receiving = self.receiving.as_ref().map(Pending::woken);
        check_eq("MB-7", "the wake-up of the pending receive", &model.receiving(), &receiving);
        if let Some(seen) = self.observation() {
            compare::observations(model, &seen);
        }
    }

    /// What the mailbox counts, where somebody can look: a pending receive holds the receiver, then only senders can.
    fn observation(&self) -> Option<Observation> {
        let stats = match (self.senders.first(), &self.receiver, &self.receiving) {
            (Some(sender), ..) => sender.stats(),
            (None, Some(receiver), None) => receiver.borrow().stats(),
            _ => return None,
        };
        Some(observation(&stats))
    }
}

/// One tick is one nanosecond here.
fn deadline(post: Post, now: Ticks) -> Option<Time> {
    post.ttl.map(|ttl| Time::from_nanos(now + ttl))
}

fn delivered(received: Result<Option<Delivery<'_, Message, Reply>>, TryRecvError>) -> Delivered {
    match received {
        Ok(Some(delivery)) => {
            let (received, _, responder) = words::taken(delivery);
            (received, Some(responder))
        }
        Ok(None) => (Received::End, None),
        Err(error) => (words::nothing(error), None),
    }
}

fn acknowledge(receiver: &mut Receiver<Message, Reply>) -> Received {
    match receiver.try_recv() {
        Ok(delivery) => {
            let (lane, asked) = (rank(delivery.lane()), delivery.is_ask());
            Received::Message(delivery.acknowledge().id, lane, asked)
        }
        Err(error) => words::nothing(error),
    }
}

impl StateMachineTest for Hand {
    type SystemUnderTest = Hand;
    type Reference = HandReference;

    fn init_test(state: &State) -> Hand {
        let hand = Hand::new(&state.model);
        hand.check(&state.model);
        hand
    }

    fn apply(hand: Hand, state: &State, transition: Transition) -> Hand {
        record::<false>(state, &transition);
        guarded(hand, |hand| {
            let real = hand.step_after(state, &transition);
            compare::outcomes(&state.outcome, &real);
            hand.check(&state.model);
        })
    }

    fn teardown(hand: Hand, _: State) {
        let Hand { world, senders, receiver, slots, receiving, in_handler, .. } = hand;
        drop((senders, slots, receiving, receiver, in_handler));
        check_eq(
            "MB-5",
            "the number of messages left when everything is dropped",
            &0,
            &world.messages_alive(),
        );
    }
}
