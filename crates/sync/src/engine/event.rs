//! What happens to an engine, and what it asks to be done.

use std::sync::Arc;

use alys_chain::tree::BlockRef;
use alys_wire::codes::{FailureCode, GoodbyeReason};
use alys_wire::containers::CertifiedBlock;
use alys_wire::fault::PeerFault;
use alys_wire::message::{Request, Status};

use crate::gate::Gate;
use crate::peer::PeerId;
use crate::state::SyncState;

/// A request of ours. No two requests of an engine have the same number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u64);

/// Work that an engine has given away. No two pieces of work of an engine have the same number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// Our chain, as far as an engine knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Local {
    /// The tip.
    pub head: BlockRef,
    /// The tip's slot.
    pub head_slot: u64,
    /// The last final block.
    pub finalised: BlockRef,
}

/// What happens to an engine.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A peer is connected.
    Connected {
        /// Which one.
        peer: PeerId,
    },
    /// A peer is not connected any more. Nothing that was asked of it will be answered.
    Disconnected {
        /// Which one.
        peer: PeerId,
    },
    /// A request has ended. One that is not known any more means nothing.
    Answer {
        /// Who was asked.
        peer: PeerId,
        /// What was asked.
        request: RequestId,
        /// What came.
        answer: Answer,
    },
    /// A peer has sent something malformed that is no answer.
    Malformed {
        /// Which one.
        peer: PeerId,
        /// What was wrong.
        fault: PeerFault,
    },
    /// An [`Action::Verify`] is done.
    Verified {
        /// Which one.
        ticket: Ticket,
        /// Whether the block's certificate is one.
        valid: bool,
    },
    /// An [`Action::Process`] is done. What it has changed of our chain was told by [`Event::Local`] before.
    Processed {
        /// Which one.
        ticket: Ticket,
        /// How many blocks, from the first one on, are in the chain now.
        taken: usize,
        /// Why the next one is not, unless there is none.
        stopped: Option<Stop>,
    },
    /// Our chain has another tip or another final block, wherever that came from.
    Local(Local),
    /// Our chain cannot be made durable any more, and that was found elsewhere than in an [`Action::Process`].
    Failed,
    /// Time has passed.
    Tick,
}

/// How a request ends.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// The peer says where it is.
    Status(Status),
    /// The peer has sent blocks; perhaps none.
    Blocks(Vec<Arc<CertifiedBlock>>),
    /// The peer refuses, or sends an answer to something else.
    Refused {
        /// Why.
        code: FailureCode,
    },
    /// What the peer has sent is malformed.
    Malformed(PeerFault),
    /// The stream could not be opened, or broke.
    Unavailable,
}

/// Why a block is not in the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Its certificate is none of it.
    BadCertificate,
    /// It is not valid: signature, header, body or state.
    Invalid,
    /// Its parent is not in the chain.
    Unlinked,
    /// Its slot is ahead of the clock. It is certified, so rather the clock is behind.
    AheadOfClock,
    /// The chain could not be made durable.
    Failed,
}

/// What an engine asks to be done, in this order.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Send a request.
    Send {
        /// To whom.
        peer: PeerId,
        /// By which number the answer is given.
        request: RequestId,
        /// What.
        message: Request,
    },
    /// Give a request up; an answer to it means nothing any more.
    Cancel {
        /// Who was asked.
        peer: PeerId,
        /// What.
        request: RequestId,
    },
    /// Verify the certificate of a block, alone: its parent may be unknown.
    Verify {
        /// What the result is told with.
        ticket: Ticket,
        /// The block.
        block: Arc<CertifiedBlock>,
    },
    /// Let these blocks enter the chain, in order, up to the first that cannot. They are linked by their roots.
    Process {
        /// What the result is told with.
        ticket: Ticket,
        /// The blocks.
        blocks: Vec<Arc<CertifiedBlock>>,
    },
    /// Say goodbye to a peer, and disconnect it. It counts as disconnected from now on.
    Disconnect {
        /// Which one.
        peer: PeerId,
        /// Why.
        reason: GoodbyeReason,
    },
    /// Let no connection to a peer come up before this time.
    Ban {
        /// Which one.
        peer: PeerId,
        /// Until when, in milliseconds since the Unix epoch.
        until: u64,
    },
    /// Make known that sync is in another state.
    Say(SyncState),
    /// Make known that the production gate has changed.
    Gate(Gate),
}
