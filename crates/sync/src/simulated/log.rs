//! The event log of a simulation: a function of its plan, byte for byte (NW-5).

use std::fmt::{self, Write as _};

use alys_wire::{gossip::TopicKind, message::Request};

use super::corrupt::Corruption;
use super::host::Host;
use crate::gate::Gate;
use crate::state::SyncState;

/// One thing that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When, in milliseconds since the beginning.
    pub at: u64,
    /// To whom.
    pub host: Host,
    /// What.
    pub what: What,
}

/// What happened to a host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum What {
    /// It is connected with another.
    Connected(Host),
    /// It is not any more.
    Disconnected(Host),
    /// It lets no connection with another come up.
    Refused(Host),
    /// It asks.
    Asked {
        /// Whom.
        of: Host,
        /// The number of the exchange.
        exchange: u64,
        /// What.
        question: Question,
    },
    /// It answers, or begins to.
    Answered {
        /// The number of the exchange.
        exchange: u64,
        /// With how many bytes of frames.
        bytes: u64,
    },
    /// It has got all of an answer.
    Got {
        /// The number of the exchange.
        exchange: u64,
        /// How many responses.
        responses: u64,
    },
    /// It has got something malformed.
    Malformed {
        /// From whom.
        from: Host,
        /// After how many bytes that was seen; 0 for gossip, which is seen as a whole.
        at: u64,
    },
    /// It gives up an exchange.
    Cancelled {
        /// Its number.
        exchange: u64,
    },
    /// What it has sent is lost.
    Lost {
        /// To whom it was sent.
        to: Host,
    },
    /// What it has sent does not get through a partition.
    CutOff {
        /// To whom it was sent.
        to: Host,
    },
    /// What it has sent is corrupted.
    Corrupted {
        /// To whom it was sent.
        to: Host,
        /// How.
        how: Corruption,
    },
    /// It gets a message on a topic that it has not seen yet.
    Heard {
        /// From whom.
        from: Host,
        /// Which topic.
        kind: TopicKind,
        /// The first bytes of the message's id.
        id: u32,
    },
    /// Its tip is another one.
    Head {
        /// The height.
        height: u64,
        /// The first bytes of the root.
        root: u32,
    },
    /// Its last final block is another one.
    Finalised {
        /// The height.
        height: u64,
    },
    /// Sync says that it is in another state.
    Says(SyncState),
    /// The production gate is another.
    Gates(Gate),
    /// It is down: it has crashed, or its medium has failed.
    Down,
    /// It is there again, with what was durable.
    Up,
    /// Its clock is set.
    Clock {
        /// By how much.
        by_ms: i64,
    },
    /// The fault of this number in the plan begins.
    Fault(usize),
    /// What has gone wrong is over.
    Quiet,
}

/// What is asked, in short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Where the other one is.
    Status,
    /// A range of blocks.
    Range {
        /// The first height.
        start: u64,
        /// How many.
        count: u64,
    },
    /// So many blocks by their roots.
    Roots(u64),
    /// Anything else.
    Other,
}

impl Question {
    /// A request, in short.
    #[must_use]
    pub fn of(request: &Request) -> Self {
        match request {
            Request::Status(_) => Self::Status,
            Request::BlocksByRange(range) => Self::Range { start: range.start, count: range.count },
            Request::BlocksByRoot(roots) => Self::Roots(roots.len() as u64),
            Request::Goodbye(_) | Request::Ping(_) | Request::MetaData => Self::Other,
        }
    }
}

impl fmt::Display for Question {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status => f.write_str("status"),
            Self::Range { start, count } => write!(f, "{count} blocks from {start}"),
            Self::Roots(count) => write!(f, "{count} blocks by root"),
            Self::Other => f.write_str("something else"),
        }
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connected(with) => write!(f, "is connected with {with}"),
            Self::Disconnected(with) => write!(f, "is not connected with {with} any more"),
            Self::Refused(with) => write!(f, "refuses {with}"),
            Self::Asked { of, exchange, question } => write!(f, "asks {of} for {question} ({exchange})"),
            Self::Answered { exchange, bytes } => write!(f, "answers ({exchange}) with {bytes} bytes"),
            Self::Got { exchange, responses } => write!(f, "gets {responses} responses ({exchange})"),
            Self::Malformed { from, at } => write!(f, "gets a malformed frame of {from}, after {at} bytes"),
            Self::Cancelled { exchange } => write!(f, "gives up ({exchange})"),
            Self::Lost { to } => write!(f, "loses a message to {to}"),
            Self::CutOff { to } => write!(f, "does not reach {to}"),
            Self::Corrupted { to, how } => write!(f, "has a message to {to} corrupted: {how}"),
            Self::Heard { from, kind, id } => write!(f, "hears {id:08x} from {from} on {}", kind.name()),
            Self::Head { height, root } => write!(f, "has the tip {height} {root:08x}"),
            Self::Finalised { height } => write!(f, "has finalised {height}"),
            Self::Says(state) => write!(f, "says {state:?}"),
            Self::Gates(Gate::Open) => f.write_str("opens its gate"),
            Self::Gates(Gate::Closed(why)) => write!(f, "closes its gate: {why}"),
            Self::Down => f.write_str("is down"),
            Self::Up => f.write_str("is up"),
            Self::Clock { by_ms } => write!(f, "has its clock set by {by_ms} ms"),
            Self::Fault(number) => write!(f, "meets fault {number}"),
            Self::Quiet => f.write_str("has seen the last fault"),
        }
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>8} {} {}", self.at, self.host, self.what)
    }
}

/// All that has happened, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventLog {
    entries: Vec<Entry>,
}

impl EventLog {
    pub(super) fn add(&mut self, entry: Entry) {
        self.entries.push(entry);
    }

    /// The entries.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The log as it is compared and shown: one line for each entry.
    #[must_use]
    pub fn to_text(&self) -> String {
        self.entries.iter().fold(String::new(), |mut text, entry| {
            // Writing into a string does not fail.
            let _ = writeln!(text, "{entry}");
            text
        })
    }
}
