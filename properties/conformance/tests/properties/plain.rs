//! A plain mailbox, right and with faults that are planted by hand: what the kit's own tests hold it to.

use std::{cell::RefCell, collections::VecDeque, future::poll_fn, rc::Rc, task::Poll};

use alys_conformance::{
    capabilities::Capabilities,
    clause::{MailboxClause, mailbox_clauses},
    court::Verdict,
    mailbox::{
        Answer, Counted, MailboxUnderTest, Message, Parameters, Pending, Policy, Received, Seen, Subject,
        judge_subject,
    },
};
use alys_models::mailbox::{Death, MessageId};

/// What is wrong with it, and what it is able to do: each says the way it is used first.
pub(super) const EVICTS_THE_OLDEST: u8 = 0;
pub(super) const EVICTS_THE_LOWEST: u8 = 1;
pub(super) const TRIES_EMPTY_FROM_THE_FOURTH: u8 = 2;
pub(super) const UNBOUNDED_FULL_NOW_AND_THEN: u8 = 3;
pub(super) const COUNTS_NO_DELIVERY: u8 = 4;
pub(super) const COUNTS_WRONG_MAXIMUM: u8 = 5;
pub(super) const NEWEST_FIRST: u8 = 6;
pub(super) const PANICS_WHEN_LOOKED_AT: u8 = 7;
pub(super) const PANICS_WITH_ITS_LETTERS: u8 = 8;
pub(super) const PANICS_IN_THE_END: u8 = 9;
pub(super) const SENDS_ONLY_AND_LOSES: u8 = 10;
pub(super) const LOSES_BY_THE_SECOND_WAY: u8 = 11;

/// A queue of one lane, with its books.
#[derive(Default)]
struct Queue {
    capacity: usize,
    evicts: bool,
    messages: VecDeque<Message>,
    counted: Counted,
    /// The offers and the receives so far.
    offers: usize,
    receives: usize,
}

pub(super) struct Plain<const FAULT: u8>(Rc<RefCell<Queue>>);

impl Queue {
    fn offer<const FAULT: u8>(&mut self, way: usize, message: Message) -> Answer {
        self.offers += 1;
        let moody = FAULT == UNBOUNDED_FULL_NOW_AND_THEN && self.offers.is_multiple_of(5);
        if moody || (self.messages.len() == self.capacity && !self.evicts) {
            self.counted.rejected += 1;
            return Answer::Full(Some(message));
        }
        if self.messages.len() == self.capacity {
            self.messages.pop_front();
            self.counted.evicted += 1;
        }
        self.counted.accepted += 1;
        let loses = match FAULT {
            SENDS_ONLY_AND_LOSES => self.offers.is_multiple_of(2),
            LOSES_BY_THE_SECOND_WAY => way == 1,
            _ => false,
        };
        if !loses {
            self.messages.push_back(message);
        }
        self.counted.high_water = self.counted.high_water.max(self.messages.len());
        Answer::Accepted
    }

    fn take<const FAULT: u8>(&mut self) -> Received {
        self.receives += 1;
        if FAULT == TRIES_EMPTY_FROM_THE_FOURTH && self.receives >= 4 {
            return Received::Empty;
        }
        let newest = FAULT == NEWEST_FIRST;
        let taken = if newest { self.messages.pop_back() } else { self.messages.pop_front() };
        self.counted.delivered += u64::from(taken.is_some());
        taken.map_or(Received::Empty, Received::Message)
    }
}

const fn able(fault: u8) -> Capabilities {
    let tries = Capabilities { try_sends: &["try_send"], try_receive: true, ..Capabilities::NONE };
    let waits = Capabilities { waiting_sends: &["send"], ..tries };
    match fault {
        EVICTS_THE_OLDEST => Capabilities { policies: &[Policy::DropOldest], counters: true, ..tries },
        EVICTS_THE_LOWEST => Capabilities { policies: &[Policy::DropLowest], counters: true, ..tries },
        UNBOUNDED_FULL_NOW_AND_THEN => tries,
        SENDS_ONLY_AND_LOSES => Capabilities { try_sends: &[], ..waits },
        LOSES_BY_THE_SECOND_WAY => Capabilities { waiting_sends: &["send", "send_twice"], ..waits },
        _ => Capabilities { policies: &[Policy::Reject], counters: true, ..tries },
    }
}

impl<const FAULT: u8> MailboxUnderTest for Plain<FAULT> {
    fn name() -> String {
        format!("plain, with fault {FAULT}")
    }

    fn capabilities() -> Capabilities {
        able(FAULT)
    }

    fn make(parameters: &Parameters) -> Option<Self> {
        let Parameters { capacity, policy, .. } = *parameters;
        let evicts = policy == Policy::DropOldest;
        let queue = Queue { capacity, evicts, ..Queue::default() };
        (capacity > 0).then(|| Plain(Rc::new(RefCell::new(queue))))
    }

    fn try_send(&mut self, _: usize, way: usize, message: Message) -> Answer {
        assert!(way < able(FAULT).try_sends.len(), "there is no way {way} of try_send");
        self.0.borrow_mut().offer::<FAULT>(0, message)
    }

    fn try_receive(&mut self) -> Received {
        self.0.borrow_mut().take::<FAULT>()
    }

    fn send(&mut self, _: usize, way: usize, message: Message) -> Pending<Answer> {
        let (queue, mut message) = (Rc::clone(&self.0), Some(message));
        Box::pin(poll_fn(move |_| {
            let message = message.take().expect("not polled after its end");
            Poll::Ready(queue.borrow_mut().offer::<FAULT>(way, message))
        }))
    }

    fn seen(&self) -> Seen {
        let queue = self.0.borrow();
        let counted = match FAULT {
            COUNTS_NO_DELIVERY => Counted { delivered: 0, ..queue.counted },
            COUNTS_WRONG_MAXIMUM => Counted { high_water: queue.messages.len(), ..queue.counted },
            _ => queue.counted,
        };
        assert!(FAULT != PANICS_WHEN_LOOKED_AT || queue.messages.len() < 2, "it cannot count to two");
        Seen { len: Some(queue.messages.len()), counted: Some(counted), ..Seen::default() }
    }

    fn dead_letters(&mut self) -> Option<Vec<(MessageId, Death)>> {
        let len = self.0.borrow().messages.len();
        assert!(FAULT != PANICS_WITH_ITS_LETTERS || len < 2, "it cannot write to two");
        None
    }
}

impl<const FAULT: u8> Drop for Plain<FAULT> {
    fn drop(&mut self) {
        let len = self.0.borrow().messages.len();
        assert!(FAULT != PANICS_IN_THE_END || len < 2, "it cannot drop two");
    }
}

/// The clause of this name.
pub(super) fn clause(name: &str) -> MailboxClause {
    let found = mailbox_clauses().into_iter().find(|clause| clause.clause.name == name);
    found.expect("a clause of this name")
}

/// The steps of the shortest case that the kit finds for a clause, as they are written.
pub(super) fn steps<const FAULT: u8>(name: &str) -> Option<Vec<String>> {
    match judge_subject(&Subject::of::<Plain<FAULT>>(), &clause(name)) {
        Verdict::Broken(found) => Some(found.steps),
        _ => None,
    }
}
