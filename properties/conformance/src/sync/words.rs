//! The words that the kit and a sync engine share: plain data, with peers and requests as numbers.

use alys_properties::draw::SplitMix;

use crate::chain::Root;

/// A block, as far as sync must know of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyncBlock {
    /// Its root.
    pub root: Root,
    /// The root of its parent.
    pub parent: Root,
    /// Its height.
    pub height: u64,
    /// Its slot.
    pub slot: u64,
    /// What tells blocks of one place apart, below 4; the root follows from it and all before.
    pub salt: u8,
    /// Whether the certificate that it came with is good. Blocks with a good one cannot be made up.
    pub certified: bool,
}

impl SyncBlock {
    /// The block as a tip.
    #[must_use]
    pub fn tip(&self) -> SyncTip {
        SyncTip { height: self.height, slot: self.slot, root: self.root }
    }
}

/// The end of a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyncTip {
    /// Its height.
    pub height: u64,
    /// Its slot.
    pub slot: u64,
    /// Its root.
    pub root: Root,
}

/// What a peer says of its tip: a claim, which counts for nothing until it has shown that block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyncStatus {
    /// The tip. A protocol that has no height in it leaves that aside.
    pub head: SyncTip,
}

/// What an engine asks a peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncAsk {
    /// Where it is.
    Status,
    /// The blocks of these heights, on its chain.
    Range {
        /// The first height.
        start: u64,
        /// How many.
        count: u64,
    },
    /// The block of this root; of the one that it claims, that is the proof.
    Root(Root),
}

/// How a request ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyncAnswer {
    /// The peer says where it is.
    Status(SyncStatus),
    /// The peer has sent these blocks; perhaps none.
    Blocks(Vec<SyncBlock>),
    /// The peer refuses.
    Refused,
    /// What the peer has sent cannot be decoded.
    Malformed,
}

/// What happens to an engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyncEvent {
    /// A peer is connected.
    Connected(u64),
    /// A peer is not connected any more. Nothing that was asked of it will be answered.
    Disconnected(u64),
    /// A request has ended, or was given up before and ends now all the same.
    Answer {
        /// Who was asked.
        peer: u64,
        /// By which number.
        request: u64,
        /// What came.
        answer: SyncAnswer,
    },
    /// A peer has sent what cannot be decoded and is no answer.
    Malformed(u64),
    /// Time has passed.
    Tick,
}

/// What an engine asks of its network, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncCommand {
    /// Ask a peer.
    Ask {
        /// Whom.
        peer: u64,
        /// By which number the answer comes: a higher one than all before, since the engine was made or made again.
        request: u64,
        /// What.
        what: SyncAsk,
    },
    /// Give a request up.
    Cancel {
        /// Who was asked.
        peer: u64,
        /// By which number.
        request: u64,
    },
    /// Disconnect a peer. It counts as disconnected from now on.
    Disconnect {
        /// Which one.
        peer: u64,
    },
    /// Let no connection to a peer come up before this time, in milliseconds.
    Ban {
        /// Which one.
        peer: u64,
        /// Until when.
        until: u64,
    },
}

/// A root that follows from what a block says, so that the order of roots is not the order in which blocks come.
#[must_use]
pub fn root_behind(salt: u8, parent: &Root, height: u64, slot: u64) -> Root {
    let before = parent.first_chunk::<8>().map_or(0, |bytes| u64::from_le_bytes(*bytes));
    let said = height ^ slot.rotate_left(24) ^ u64::from(salt).rotate_left(48);
    let mut mix = SplitMix(SplitMix(before).next() ^ said);
    let mut root = [0; 32];
    root.chunks_exact_mut(8).for_each(|word| word.copy_from_slice(&mix.next().to_le_bytes()));
    root
}
