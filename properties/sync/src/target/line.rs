//! A network by hand for a node in its actor: what it is to be told is put in, what it wants is written down, and its peers have the
//! truth up to a height.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::fmt;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use alys_chain::scheme::Ideal;
use alys_wire::containers::CertifiedBlock;
use alys_wire::message::{Request, Response, ResponseBody, Status};

use super::alys::network::{InboundId, Network, NetworkCommand, NetworkEvent, Outcome};
use super::alys::peer::PeerId;
use super::alys::shell::WallClock;
use super::alys::simulated::{TrueBlock, Truth};

/// A network with one node at its end.
#[derive(Clone)]
pub struct Line(Rc<RefCell<Wire>>);

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Line").field("said", &self.0.borrow().said).finish_non_exhaustive()
    }
}

struct Wire {
    truth: Rc<Truth<Ideal>>,
    /// The height of the tip that peers have.
    height: u64,
    clock: WallClock,
    events: VecDeque<NetworkEvent>,
    waker: Option<Waker>,
    /// What the node has wanted, and when; answers to peers apart.
    said: Vec<(u64, String)>,
    /// The slot of the tip of each status that it has answered.
    slots: Vec<u64>,
    answers: bool,
    ranges: bool,
    floods: bool,
    ended: bool,
    /// How often it was asked for an event in a flood.
    flooded: u64,
    /// How often it was asked for an event at all.
    polls: u64,
}

impl Line {
    /// How often it gives an event of a flood at most, and is asked at all: what goes round in circles comes to an end.
    pub const MOST: u64 = 20_000;

    /// A network whose peers have the truth up to a height.
    #[must_use]
    pub fn new(truth: &Rc<Truth<Ideal>>, height: u64, clock: &WallClock) -> Self {
        Line(Rc::new(RefCell::new(Wire {
            truth: Rc::clone(truth),
            height,
            clock: clock.clone(),
            events: VecDeque::new(),
            waker: None,
            said: Vec::new(),
            slots: Vec::new(),
            answers: true,
            ranges: true,
            floods: false,
            ended: false,
            flooded: 0,
            polls: 0,
        })))
    }

    /// A node is at its end again.
    pub fn opened(&self) {
        self.0.borrow_mut().ended = false;
    }

    /// Whether peers answer at all.
    pub fn answers(&self, answers: bool) {
        self.0.borrow_mut().answers = answers;
    }

    /// Whether peers answer with ranges of blocks.
    pub fn ranges(&self, ranges: bool) {
        self.0.borrow_mut().ranges = ranges;
    }

    /// Whether there is always one more event.
    pub fn floods(&self, floods: bool) {
        self.0.borrow_mut().floods = floods;
        self.wakes();
    }

    /// How often it has given an event of a flood.
    #[must_use]
    pub fn flooded(&self) -> u64 {
        self.0.borrow().flooded
    }

    /// How often it was asked for an event at all.
    #[must_use]
    pub fn polls(&self) -> u64 {
        self.0.borrow().polls
    }

    /// It ends.
    pub fn ends(&self) {
        self.0.borrow_mut().ended = true;
        self.wakes();
    }

    /// Brings events.
    pub fn brings(&self, events: impl IntoIterator<Item = NetworkEvent>) {
        self.0.borrow_mut().events.extend(events);
        self.wakes();
    }

    /// What the node has wanted, each with the milliseconds since the beginning.
    #[must_use]
    pub fn said(&self) -> Vec<(u64, String)> {
        self.0.borrow().said.clone()
    }

    /// The slots of the tips that the node has told.
    #[must_use]
    pub fn slots(&self) -> Vec<u64> {
        self.0.borrow().slots.clone()
    }

    fn wakes(&self) {
        let waker = self.0.borrow_mut().waker.take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl Wire {
    fn note(&mut self, what: impl Into<String>) {
        let at = self.clock.now() - self.clock.origin;
        self.said.push((at, what.into()));
    }

    /// What a peer answers.
    fn answer(&self, message: &Request) -> Option<Vec<Response>> {
        let block = |block: &TrueBlock| {
            Response::Success(ResponseBody::Block(Box::new(CertifiedBlock::clone(&block.block))))
        };
        match message {
            Request::Status(_) => {
                let tip = self.truth.canonical(self.height)?;
                let status = Status { head_root: tip.root, head_slot: tip.slot(), ..Status::default() };
                Some(vec![Response::Success(ResponseBody::Status(status))])
            }
            Request::BlocksByRoot(roots) => {
                Some(roots.iter().filter_map(|root| self.truth.block(root)).map(block).collect())
            }
            Request::BlocksByRange(range) if self.ranges => {
                let heights = range.start..=(range.start + range.count - 1).min(self.height);
                Some(heights.filter_map(|height| self.truth.canonical(height)).map(block).collect())
            }
            _ => None,
        }
    }
}

impl Network for Line {
    fn command(&mut self, command: NetworkCommand) {
        let mut wire = self.0.borrow_mut();
        match command {
            NetworkCommand::Request { peer, request, message } => {
                wire.note(format!("ask {}", peer.0));
                if let Some(responses) = wire.answer(&message).filter(|_| wire.answers) {
                    let outcome = Outcome::Answered(responses);
                    wire.events.push_back(NetworkEvent::Response { peer, request, outcome });
                }
            }
            NetworkCommand::Cancel { peer, .. } => wire.note(format!("cancel {}", peer.0)),
            NetworkCommand::Respond { responses, .. } => {
                let slot = |response: Response| match response {
                    Response::Success(ResponseBody::Status(status)) => Some(status.head_slot),
                    _ => None,
                };
                let slots: Vec<u64> = responses.into_iter().filter_map(slot).collect();
                wire.slots.extend(slots);
            }
            NetworkCommand::Publish { .. } => wire.note("publish"),
            NetworkCommand::Disconnect { peer, .. } => wire.note(format!("leave {}", peer.0)),
            NetworkCommand::Ban { peer, .. } => wire.note(format!("ban {}", peer.0)),
        }
        drop(wire);
        self.wakes();
    }

    fn poll_event(&mut self, cx: &mut Context<'_>) -> Poll<Option<NetworkEvent>> {
        let mut wire = self.0.borrow_mut();
        wire.polls += 1;
        if wire.ended || wire.polls > 10 * Line::MOST {
            return Poll::Ready(None);
        }
        if wire.floods && wire.flooded < Line::MOST {
            wire.flooded += 1;
            let (peer, inbound) = (PeerId(wire.flooded), InboundId(wire.flooded));
            return Poll::Ready(Some(NetworkEvent::Request { peer, inbound, request: Request::Ping(1) }));
        }
        match wire.events.pop_front() {
            Some(event) => Poll::Ready(Some(event)),
            None => {
                wire.waker = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}
