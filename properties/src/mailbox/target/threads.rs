//! A mailbox shared by the threads of a controlled scheduler: programs, their histories, and the verdict.
//!
//! Compiled once over loom and once over shuttle. What the threads do is recorded and must be explained by the model
//! in some order; afterwards one thread looks at what is left, and that is part of the history too: a lost wake-up or a
//! lost message is a look that no order explains.

use std::{
    collections::BTreeMap,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
    time::Duration,
};

use alys_models::mailbox::{Answer, MessageId, Outcome, Received, Transition};

use super::{
    alys::mailbox::{Delivery, Receiver, Responder, Sender, mailbox},
    spawn,
    words::{self, Message, Reply},
    world::{ManualClock, World},
};
use crate::{
    concurrent::{self, Ran, Unexplained},
    linearizability::{self, History, Recorder},
    mailbox::{
        program::{Action, Program},
        spec::{Call, Spec, Told},
    },
    violation::violated,
    wakes::CountingWaker,
};

type Log = Recorder<Call, Told>;

struct Pending {
    future: Pin<Box<dyn Future<Output = Answer> + Send>>,
    wakes: CountingWaker,
}

/// What one thread has in its hands.
struct Worker {
    thread: usize,
    next_id: MessageId,
    sender: Arc<Sender<Message, Reply>>,
    receiver: Option<Receiver<Message, Reply>>,
    pending: BTreeMap<u8, Pending>,
    receiving: Option<CountingWaker>,
    taken: Vec<(MessageId, Responder<'static, Reply>)>,
    clock: ManualClock,
    log: Arc<Log>,
}

impl Worker {
    fn act(&mut self, action: Action) {
        match action {
            Action::Step(transition) if self.possible(&transition) => {
                let id = self.next_id;
                self.next_id += 1;
                if let Transition::Ask { slot, timeout, .. } = transition {
                    let started = timeout.map(|_| self.log.invoke(self.thread, Call::StartClock(slot)));
                    self.ask(slot, &transition, id);
                    started.into_iter().for_each(|one| self.log.returned(one, Told::Outcome(Outcome::Done)));
                } else {
                    let operation = self.log.invoke(self.thread, Call::Step(transition, id));
                    let outcome = self.step(&transition, id);
                    self.log.returned(operation, Told::Outcome(outcome));
                }
            }
            Action::Answer if !self.taken.is_empty() => {
                let (id, responder) = self.taken.remove(0);
                let operation = self.log.invoke(self.thread, Call::Answer(id));
                responder.answer(Reply(id));
                self.log.returned(operation, Told::Outcome(Outcome::Done));
            }
            Action::Look => self.look(),
            Action::Step(_) | Action::Answer => {}
        }
    }

    /// Looks in the middle of everything: the look has a beginning and an end like any other call.
    fn look(&self) {
        let operation = self.log.invoke(self.thread, Call::Observe);
        let seen = words::observation(&self.sender.stats());
        self.log.returned(operation, Told::Observation(Box::new(seen)));
    }

    /// Whether the thread has what the transition is about.
    fn possible(&self, transition: &Transition) -> bool {
        match transition {
            Transition::Poll { slot, .. } | Transition::Cancel { slot } => self.pending.contains_key(slot),
            Transition::Send { slot, .. } | Transition::Ask { slot, .. } => !self.pending.contains_key(slot),
            Transition::TryRecv
            | Transition::Recv
            | Transition::PollRecv { .. }
            | Transition::Clear
            | Transition::DropReceiver => self.receiver.is_some(),
            _ => true,
        }
    }

    /// The first poll of an ask is several points in time: the start of its clock, the offer, and the look at a reply
    /// that may be there already.
    fn ask(&mut self, slot: u8, transition: &Transition, id: MessageId) {
        let offered = self.log.invoke(self.thread, Call::Step(*transition, id));
        let looked = self.log.invoke(self.thread, Call::Step(poll(slot), id));
        let outcome = self.step(transition, id);
        let refused = matches!(outcome, Outcome::Sent(Answer::Full(_) | Answer::Closed(_)));
        let (first, second) = if refused { (outcome, Outcome::Done) } else { (Outcome::Pending, outcome) };
        debug_assert!(!refused || !self.pending.contains_key(&slot), "a refused ask is over");
        self.log.returned(offered, Told::Outcome(first));
        self.log.returned(looked, Told::Outcome(second));
    }

    fn step(&mut self, transition: &Transition, id: MessageId) -> Outcome {
        match *transition {
            Transition::TrySend(post) => {
                Outcome::Sent(words::sent(self.sender.try_send(words::post(id, post))))
            }
            Transition::Send { slot, post, .. } => {
                let sender = Arc::clone(&self.sender);
                self.begin(slot, async move { words::sent(sender.send(words::post(id, post)).await) })
            }
            Transition::Ask { slot, post, timeout, .. } => {
                let sender = Arc::clone(&self.sender);
                self.begin(slot, async move {
                    words::asked(match timeout {
                        Some(timeout) => {
                            sender.ask_within(words::post(id, post), Duration::from_nanos(timeout)).await
                        }
                        None => sender.ask(words::post(id, post)).await,
                    })
                })
            }
            Transition::Poll { slot, .. } => self.poll(slot),
            Transition::Cancel { slot } => {
                self.pending.remove(&slot);
                Outcome::Done
            }
            Transition::TryRecv => {
                let taken = self.receive(|receiver| match receiver.try_recv() {
                    Ok(delivery) => Ok(words::taken(delivery)),
                    Err(error) => Err(words::nothing(error)),
                });
                Outcome::Received(vec![taken])
            }
            Transition::Recv => self.poll_recv(|receiver, cx| polled(receiver.poll_recv(cx))),
            // The same through a turn, as an actor does it.
            Transition::PollRecv { .. } => {
                self.poll_recv(|receiver, cx| polled(receiver.turn().poll_recv(cx)))
            }
            Transition::DropReceiver => {
                self.receiver = None;
                Outcome::Done
            }
            Transition::Advance { ticks } => {
                self.clock.advance(ticks);
                Outcome::Done
            }
            Transition::Clear => Outcome::Cleared(self.receiver.as_mut().map_or(0, Receiver::clear)),
            Transition::Close { .. } => {
                self.sender.close();
                Outcome::Done
            }
            _ => panic!("{transition:?} is not for threads"),
        }
    }

    fn begin(&mut self, slot: u8, future: impl Future<Output = Answer> + Send + 'static) -> Outcome {
        self.pending.insert(slot, Pending { future: Box::pin(future), wakes: CountingWaker::new() });
        self.poll(slot)
    }

    /// Polls with a waker of its own: a wake-up on the way to this poll is not one after it.
    fn poll(&mut self, slot: u8) -> Outcome {
        let Some(pending) = self.pending.get_mut(&slot) else { return Outcome::Done };
        pending.wakes = CountingWaker::new();
        match pending.future.as_mut().poll(&mut Context::from_waker(&pending.wakes.waker())) {
            Poll::Pending => Outcome::Pending,
            Poll::Ready(answer) => {
                self.pending.remove(&slot);
                Outcome::Sent(answer)
            }
        }
    }

    fn receive(&mut self, take: impl FnOnce(&mut Receiver<Message, Reply>) -> Taken) -> Received {
        let Some(receiver) = &mut self.receiver else { return Received::Empty };
        match take(receiver) {
            Ok((received, id, responder)) => {
                self.taken.push((id, responder));
                received
            }
            Err(nothing) => nothing,
        }
    }

    fn poll_recv(
        &mut self,
        poll: impl FnOnce(&mut Receiver<Message, Reply>, &mut Context<'_>) -> Taken,
    ) -> Outcome {
        let wakes = CountingWaker::new();
        let waker: Waker = wakes.waker();
        let received = self.receive(|receiver| poll(receiver, &mut Context::from_waker(&waker)));
        self.receiving = (received == Received::Empty).then_some(wakes);
        if received == Received::Empty { Outcome::Pending } else { Outcome::Received(vec![received]) }
    }

    /// Looks at what is left: wake-ups, counters, futures, messages, dead letters.
    fn look_around(&mut self, world: &World) {
        let slots: Vec<_> = self.pending.keys().copied().collect();
        for slot in &slots {
            let woken = self.pending.get(slot).map(|pending| pending.wakes.count() > 0);
            self.note(Call::Woken(*slot), Told::Woken(woken));
        }
        let woken = self.receiving.as_ref().map(|wakes| wakes.count() > 0);
        self.note(Call::ReceiverWoken, Told::Woken(woken));
        self.look();
        for slot in slots {
            self.act(Action::Step(poll(slot)));
        }
        while self.taken.len() < 16 && self.receiver.as_ref().is_some_and(|receiver| receiver.stats().len > 0)
        {
            self.act(Action::Step(Transition::TryRecv));
        }
        while !self.taken.is_empty() {
            self.act(Action::Answer);
        }
        self.look();
        let mut dead = Vec::new();
        world.dead_letters(|letters| dead.extend_from_slice(letters));
        dead.sort_unstable_by_key(|(id, ..)| *id);
        self.note(Call::DeadLetters, Told::DeadLetters(dead));
    }

    fn note(&self, call: Call, told: Told) {
        let operation = self.log.invoke(self.thread, call);
        self.log.returned(operation, told);
    }
}

fn polled(polled: Poll<Option<Delivery<'_, Message, Reply>>>) -> Taken {
    match polled {
        Poll::Ready(Some(delivery)) => Ok(words::taken(delivery)),
        Poll::Ready(None) => Err(Received::End),
        Poll::Pending => Err(Received::Empty),
    }
}

fn poll(slot: u8) -> Transition {
    Transition::Poll { slot, fresh: true }
}

/// A delivery in the model's words, or what there was instead.
pub(super) type Taken = Result<(Received, MessageId, Responder<'static, Reply>), Received>;

/// Runs a program under the scheduler of the surrounding model, and judges its history.
///
/// # Errors
///
/// The history, when no order of the calls explains what the threads were told.
///
/// # Panics
///
/// Raises a violation when a thread panicked.
pub fn run(program: &Program) -> Result<Ran, Unexplained> {
    let log = Arc::new(Log::new());
    let (world, clock) = (World::new(), ManualClock::default());
    let environment = world.environment(Arc::new(clock.clone()));
    let (sender, receiver) = match mailbox(words::config(&program.parameters), environment) {
        Ok(ends) => ends,
        Err(error) => violated("MB-1", format!("a valid configuration is refused: {error}")),
    };
    let mut first = Worker {
        thread: 0,
        next_id: 0,
        sender: Arc::new(sender),
        receiver: Some(receiver),
        pending: BTreeMap::new(),
        receiving: None,
        taken: Vec::new(),
        clock,
        log: Arc::clone(&log),
    };
    program.prefix.iter().for_each(|action| first.act(*action));
    let others: Vec<_> =
        (1..program.branches.len()).map(|thread| start(program, thread, &mut first)).collect();
    program.branches[0].iter().for_each(|action| first.act(*action));
    for other in others {
        let Ok(mut other) = other.join() else { violated("MB-5", "a thread at the mailbox panicked") };
        first.pending.append(&mut other.pending);
    }
    first.next_id = 1000;
    first.look_around(&world);
    judge(program, &log.take())
}

/// Starts a thread; it takes the pending futures of the slots that it uses.
fn start(program: &Program, thread: usize, first: &mut Worker) -> super::JoinHandle<Worker> {
    let own = |slot: u8| program.branches[thread].iter().any(|action| concerns(action, slot));
    let slots: Vec<_> = first.pending.keys().copied().filter(|slot| own(*slot)).collect();
    let pending = slots.into_iter().filter_map(|slot| first.pending.remove_entry(&slot)).collect();
    let mut worker = Worker {
        thread,
        next_id: 100 * u32::try_from(thread).unwrap_or(0),
        sender: Arc::clone(&first.sender),
        receiver: None,
        pending,
        receiving: None,
        taken: Vec::new(),
        clock: first.clock.clone(),
        log: Arc::clone(&first.log),
    };
    let actions = program.branches[thread].clone();
    spawn(move || {
        actions.into_iter().for_each(|action| worker.act(action));
        worker
    })
}

fn concerns(action: &Action, of: u8) -> bool {
    match action {
        Action::Step(
            Transition::Poll { slot, .. }
            | Transition::Cancel { slot }
            | Transition::Send { slot, .. }
            | Transition::Ask { slot, .. },
        ) => *slot == of,
        Action::Step(_) | Action::Answer | Action::Look => false,
    }
}

/// The stacks of a controlled scheduler's threads are small and the search is recursive: it gets a thread of its own.
fn judge(program: &Program, history: &History<Call, Told>) -> Result<Ran, Unexplained> {
    let verdict = std::thread::scope(|scope| {
        let initial = Spec::new(program.parameters);
        scope.spawn(move || linearizability::check(initial, history)).join()
    });
    match verdict {
        Ok(Ok(_)) => Ok(concurrent::ran(history)),
        Ok(Err(error)) => {
            let message = "MB-7: no order of the calls explains what the threads were told".to_owned();
            Err(Unexplained { message, history: concurrent::shown(history, &error) })
        }
        Err(_) => violated("MB-7", "the search for a linearization panicked"),
    }
}
