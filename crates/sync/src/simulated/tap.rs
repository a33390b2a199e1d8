//! What can be overheard: all that nodes are told and ask for, as it goes over the lines.

use alys_wire::message::Request;

use super::host::Host;
use crate::engine::RequestId;

/// Something that has passed between a node and its network.
#[derive(Clone, Debug, PartialEq)]
pub struct Tapped {
    /// Which node.
    pub node: u32,
    /// What has passed.
    pub what: Passing,
}

/// What passes between a node and its network. Bytes are those that arrive: nobody has read them yet.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Passing {
    /// The node begins, with what is durable, and knows nobody.
    Up,
    /// It is told that it is connected with another host.
    Joined(Host),
    /// It is told that it is not connected with another host any more.
    Left(Host),
    /// It asks.
    Asks {
        /// Whom.
        of: Host,
        /// By which number.
        request: RequestId,
        /// What.
        message: Request,
    },
    /// It gives a request up.
    GivesUp(RequestId),
    /// It leaves another host.
    Leaves(Host),
    /// A part of an answer arrives.
    Arrives {
        /// From whom.
        from: Host,
        /// What was asked.
        request: RequestId,
        /// Which copy of the answer it belongs to: the first one that arrives is the answer.
        stream: u64,
        /// The bytes.
        bytes: Vec<u8>,
        /// Whether the stream ends behind them.
        ends: bool,
    },
    /// Time has passed for it.
    Woken,
}

/// What was overheard and nobody has taken yet, if anybody listens.
#[derive(Debug, Default)]
pub(super) struct Tap(Option<Vec<Tapped>>);

impl Tap {
    /// Begins to listen.
    pub(super) fn open(&mut self) {
        self.0.get_or_insert_default();
    }

    /// Keeps what passes, which is made only where somebody listens.
    pub(super) fn keep(&mut self, node: u32, what: impl FnOnce() -> Passing) {
        if let Some(kept) = &mut self.0 {
            kept.push(Tapped { node, what: what() });
        }
    }

    /// Hands out what was kept.
    pub(super) fn take(&mut self) -> Vec<Tapped> {
        self.0.as_mut().map(std::mem::take).unwrap_or_default()
    }
}
