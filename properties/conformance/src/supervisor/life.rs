//! What the actors of an adapter carry: a life that does what tasks say, and tells the kit.

use std::{
    cell::RefCell,
    fmt,
    future::poll_fn,
    panic::resume_unwind,
    rc::Rc,
    sync::Arc,
    task::{Poll, Waker},
};

use super::{
    Pending,
    steps::{Act, Ending},
};

/// A message: what the child is to do. Dropped unanswered, its asker is to learn that.
#[derive(Debug)]
pub struct Task {
    pub(super) id: u32,
    pub(super) act: Act,
    pub(super) _token: Arc<()>,
}

/// An answer: the incarnation, and the how-manieth message that this state has handled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reply {
    pub(super) incarnation: u64,
    pub(super) handled: u32,
}

/// What the child is to do once it has answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// Nothing more.
    GoOn,
    /// Say that it cannot go on: a failure.
    Fail,
    /// Stop for good, as planned.
    Stop,
    /// Set a timer in its own context, and call [`Life::timer_ran`] with the alarm when it is due.
    SetTimer(Alarm),
}

/// A timer that is to be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alarm {
    incarnation: u64,
    /// After how many ticks it is due.
    pub ticks: u64,
}

/// What came of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    /// The answer.
    pub reply: Reply,
    /// What is to be done besides.
    pub then: Then,
}

/// The work that a task makes.
pub enum Work {
    /// None: it is done.
    Done(Done),
    /// A handler that waits.
    Waits {
        /// Whether the child takes no other message meanwhile.
        alone: bool,
        /// Ends with the answer, or by a panic.
        end: Pending<Reply>,
    },
}

impl fmt::Debug for Work {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Work::Done(done) => done.fmt(f),
            Work::Waits { alone, .. } => {
                f.debug_struct("Waits").field("alone", alone).finish_non_exhaustive()
            }
        }
    }
}

/// A handler that waits to be told how to end.
#[derive(Debug)]
struct Gate {
    child: usize,
    id: u32,
    told: Option<Ending>,
    waker: Option<Waker>,
}

/// What lives have told.
#[derive(Debug, Default)]
pub(super) struct Record {
    /// How many incarnations each child has had.
    pub(super) born: Vec<u64>,
    /// How many of them exist.
    pub(super) living: Vec<u64>,
    /// What was begun: by which child, in which incarnation, which message.
    pub(super) begun: Vec<(usize, u64, u32)>,
    /// The timers that ran: of which child, in which incarnation.
    pub(super) timers: Vec<(usize, u64)>,
    gates: Vec<Gate>,
}

/// The kit's eye on the actors of an adapter: their factory takes a [`Life`] from it.
#[derive(Clone, Debug)]
pub struct Watch(pub(super) Rc<RefCell<Record>>);

impl Watch {
    pub(super) fn new(children: usize) -> Self {
        let record = Record { born: vec![0; children], living: vec![0; children], ..Record::default() };
        Watch(Rc::new(RefCell::new(record)))
    }

    /// A new incarnation of a child, whose state is in it. To be dropped with the actor.
    #[must_use]
    pub fn born(&self, child: usize) -> Life {
        let mut record = self.0.borrow_mut();
        record.born[child] += 1;
        record.living[child] += 1;
        let incarnation = record.born[child];
        Life { child, incarnation, handled: 0, has_timer: false, watch: self.clone() }
    }

    /// Tells the n-th handler of a child that waits how to end.
    pub(super) fn release(&self, child: usize, nth: usize, ending: Ending) {
        let mut record = self.0.borrow_mut();
        if let Some(gate) = record.gates.iter_mut().filter(|gate| gate.child == child).nth(nth) {
            gate.told = Some(ending);
            gate.waker.take().into_iter().for_each(Waker::wake);
        }
    }
}

/// The state of a child in one incarnation: it counts what it has handled.
#[derive(Debug)]
pub struct Life {
    child: usize,
    incarnation: u64,
    handled: u32,
    has_timer: bool,
    watch: Watch,
}

impl Life {
    /// Says that this very state goes on in a new incarnation, where a supervisor does not make it anew.
    pub fn goes_on(&mut self) {
        let mut record = self.watch.0.borrow_mut();
        record.born[self.child] += 1;
        self.incarnation = record.born[self.child];
        self.has_timer = false;
    }

    /// Does what a task says: the body of the adapter's handler.
    ///
    /// # Panics
    ///
    /// When the task says so, past the panic hook.
    #[must_use]
    pub fn work(&mut self, task: Task) -> Work {
        self.handled += 1;
        self.watch.0.borrow_mut().begun.push((self.child, self.incarnation, task.id));
        let reply = Reply { incarnation: self.incarnation, handled: self.handled };
        let then = match task.act {
            Act::Answer => Then::GoOn,
            Act::Fail => Then::Fail,
            Act::Stop => Then::Stop,
            Act::Panic => resume_unwind(Box::new("on purpose")),
            Act::SetTimer(_) if self.has_timer => Then::GoOn,
            Act::SetTimer(ticks) => {
                self.has_timer = true;
                Then::SetTimer(Alarm { incarnation: self.incarnation, ticks: u64::from(ticks) })
            }
            Act::Wait => return Work::Waits { alone: true, end: self.gate(task, reply) },
            Act::WaitAside => return Work::Waits { alone: false, end: self.gate(task, reply) },
        };
        Work::Done(Done { reply, then })
    }

    /// Says that a timer is due.
    pub fn timer_ran(&mut self, alarm: Alarm) {
        self.has_timer = false;
        self.watch.0.borrow_mut().timers.push((self.child, alarm.incarnation));
    }

    fn gate(&self, task: Task, reply: Reply) -> Pending<Reply> {
        let (id, child) = (task.id, self.child);
        self.watch.0.borrow_mut().gates.push(Gate { child, id, told: None, waker: None });
        // Taken out of the list on every way, a drop included.
        let held = Held { id, watch: self.watch.clone(), _task: task };
        Box::pin(poll_fn(move |context| match held.poll(context.waker()) {
            Some(Ending::Answer) => Poll::Ready(reply),
            Some(Ending::Panic) => resume_unwind(Box::new("on purpose")),
            None => Poll::Pending,
        }))
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        self.watch.0.borrow_mut().living[self.child] -= 1;
    }
}

/// A task in the hands of a handler that waits.
struct Held {
    id: u32,
    watch: Watch,
    _task: Task,
}

impl Held {
    fn poll(&self, waker: &Waker) -> Option<Ending> {
        let mut record = self.watch.0.borrow_mut();
        let gate = record.gates.iter_mut().find(|gate| gate.id == self.id)?;
        gate.waker = Some(waker.clone());
        gate.told
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.watch.0.borrow_mut().gates.retain(|gate| gate.id != self.id);
    }
}
