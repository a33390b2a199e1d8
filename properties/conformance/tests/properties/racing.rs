//! The kit on a mailbox whose woken senders compete for room, as many channels do: right, and with faults planted by hand.

use std::{
    cell::RefCell,
    collections::VecDeque,
    future::Future,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, Waker},
};

use alys_conformance::{
    capabilities::Capabilities,
    court::Verdict,
    mailbox::{
        Answer, MailboxUnderTest, Message, Parameters, Pending, Policy, Received, Subject, judge_mailbox,
        judge_subject,
    },
};

/// What is wrong with it.
const RIGHT: u8 = 0;
const WAKE_NOT_PASSED_ON: u8 = 1;
const END_AS_EMPTY: u8 = 2;
const QUEUE_LOST_ON_CLOSE: u8 = 3;

#[derive(Default)]
struct State {
    capacity: usize,
    queue: VecDeque<Message>,
    /// Who waits: a name, a waker, and whether it was woken.
    waiters: Vec<(u32, Waker, bool)>,
    receiver: Option<Waker>,
    closed: bool,
}

impl State {
    fn wake_a_sender(&mut self) {
        if let Some((_, waker, woken)) = self.waiters.iter_mut().find(|(.., woken)| !woken) {
            *woken = true;
            waker.wake_by_ref();
        }
    }

    fn offer(&mut self, message: Message) -> Answer {
        if self.closed {
            return Answer::Closed(Some(message));
        }
        if self.queue.len() >= self.capacity {
            return Answer::Full(Some(message));
        }
        self.queue.push_back(message);
        self.receiver.take().into_iter().for_each(Waker::wake);
        Answer::Accepted
    }
}

struct Sending<const FAULT: u8> {
    state: Rc<RefCell<State>>,
    name: u32,
    message: Option<Message>,
}

impl<const FAULT: u8> Future for Sending<FAULT> {
    type Output = Answer;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Answer> {
        let message = self.message.take().expect("not polled after its end");
        let state = Rc::clone(&self.state);
        let mut state = state.borrow_mut();
        match state.offer(message) {
            Answer::Full(message) => {
                self.message = message;
                let waiter = (self.name, context.waker().clone(), false);
                match state.waiters.iter().position(|(name, ..)| *name == self.name) {
                    Some(index) => state.waiters[index] = waiter,
                    None => state.waiters.push(waiter),
                }
                Poll::Pending
            }
            answer => {
                state.waiters.retain(|(name, ..)| *name != self.name);
                Poll::Ready(answer)
            }
        }
    }
}

impl<const FAULT: u8> Drop for Sending<FAULT> {
    fn drop(&mut self) {
        let mut state = self.state.borrow_mut();
        let Some(index) = state.waiters.iter().position(|(name, ..)| *name == self.name) else { return };
        let (.., woken) = state.waiters.remove(index);
        if woken && FAULT != WAKE_NOT_PASSED_ON {
            state.wake_a_sender();
        }
    }
}

struct Racing<const FAULT: u8>(Rc<RefCell<State>>);

impl<const FAULT: u8> MailboxUnderTest for Racing<FAULT> {
    fn name() -> String {
        format!("racing, with fault {FAULT}")
    }

    fn capabilities() -> Capabilities {
        Capabilities {
            try_sends: &["try_send"],
            waiting_sends: &["send"],
            try_receive: true,
            policies: &[Policy::Backpressure],
            close_by_receiver: true,
            ..Capabilities::NONE
        }
    }

    fn make(parameters: &Parameters) -> Option<Self> {
        let capacity = parameters.capacity;
        (capacity > 0).then(|| Racing(Rc::new(RefCell::new(State { capacity, ..State::default() }))))
    }

    fn try_send(&mut self, _: usize, _: usize, message: Message) -> Answer {
        self.0.borrow_mut().offer(message)
    }

    fn try_receive(&mut self) -> Received {
        let mut state = self.0.borrow_mut();
        match state.queue.pop_front() {
            Some(message) => {
                state.wake_a_sender();
                Received::Message(message)
            }
            None if state.closed && FAULT != END_AS_EMPTY => Received::End,
            None => Received::Empty,
        }
    }

    fn send(&mut self, _: usize, _: usize, message: Message) -> Pending<Answer> {
        let (state, name) = (Rc::clone(&self.0), message.id);
        Box::pin(Sending::<FAULT> { state, name, message: Some(message) })
    }

    fn close_by_receiver(&mut self) {
        let mut state = self.0.borrow_mut();
        state.closed = true;
        for (_, waker, woken) in &mut state.waiters {
            *woken = true;
            waker.wake_by_ref();
        }
        if FAULT == QUEUE_LOST_ON_CLOSE {
            state.queue.clear();
        }
    }
}

/// The steps of the shortest case that the kit finds for a clause.
fn steps<const FAULT: u8>(name: &str) -> Option<usize> {
    let clauses = alys_conformance::clause::mailbox_clauses();
    let clause = clauses.iter().find(|clause| clause.clause.name == name).expect("a clause of this name");
    match judge_subject(&Subject::of::<Racing<FAULT>>(), clause) {
        Verdict::Broken(found) => Some(found.steps.len()),
        _ => None,
    }
}

/// MB-3, MB-7, MB-8: competing for room is told from losing wake-ups: only the clauses about order and place are broken.
///
/// Engine: sequential
#[test]
fn competing_for_room_loses_nothing() {
    let report = judge_mailbox::<Racing<RIGHT>>();
    let broken = report.verdicts.iter().filter(|(_, verdict)| matches!(verdict, Verdict::Broken(_)));
    let broken: Vec<_> = broken.map(|(clause, _)| clause.name).collect();
    let expected = [
        "mb_3_messages_of_a_sender_keep_their_order",
        "mb_7_room_admits_a_waiting_message_at_once",
        "mb_8_nobody_overtakes_a_waiting_sender",
    ];
    assert_eq!(broken, expected, "{report}");
    assert!(report.verdicts.iter().all(|(clause, verdict)| {
        verdict.holds() || !verdict.applies() || expected.contains(&clause.name)
    }));
}

/// MB-7, MB-9: a wake-up that a dropped send does not pass on, an end that looks like emptiness and messages lost on close
/// are found, each in the least number of steps.
///
/// Engine: sequential
#[test]
fn faults_of_cancelling_and_closing_are_found() {
    assert_eq!(steps::<WAKE_NOT_PASSED_ON>("mb_7_a_dropped_future_leaves_nothing_behind"), Some(5));
    assert_eq!(steps::<END_AS_EMPTY>("mb_9_what_was_accepted_comes_before_the_end"), Some(2));
    assert_eq!(steps::<QUEUE_LOST_ON_CLOSE>("mb_9_what_was_accepted_comes_before_the_end"), Some(2));
}
