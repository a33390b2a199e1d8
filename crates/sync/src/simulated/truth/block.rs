//! A block of the truth.

use std::cmp::Reverse;
use std::sync::{Arc, OnceLock};

use alys_wire::{
    EncodeError,
    containers::{Approval, BlockHeader, CertifiedBlock, Hash256},
    limits::Limits,
    message::{Response, ResponseBody},
    stream::MessageEncoder,
};

/// Which branch a block is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Branch {
    /// The chain that stays.
    Canonical,
    /// A fork of one or two blocks, which every honest node sees and leaves again.
    Fork,
    /// The branch that only liars show.
    Hidden,
}

/// A certified block, and what follows from it.
#[derive(Debug)]
pub struct TrueBlock {
    /// The block with its certificate.
    pub block: Arc<CertifiedBlock>,
    /// Its root.
    pub root: Hash256,
    /// Which branch it is on.
    pub branch: Branch,
    /// The height that it makes final, with everything below.
    pub finalises: Option<u64>,
    /// The approvals that its certificate is made of.
    pub approvals: Vec<Approval>,
    /// The frame that carries it, which is the same for all who ask.
    pub(super) frame: OnceLock<Arc<[u8]>>,
}

impl TrueBlock {
    /// Its header.
    #[must_use]
    pub fn header(&self) -> &BlockHeader {
        &self.block.signed_block.block.header
    }

    /// Its height.
    #[must_use]
    pub fn height(&self) -> u64 {
        self.header().height
    }

    /// Its slot.
    #[must_use]
    pub fn slot(&self) -> u64 {
        self.header().slot
    }

    /// How it compares as a tip: the higher, and of two of one height the one with the smaller root.
    #[must_use]
    pub fn rank(&self) -> (u64, Reverse<Hash256>) {
        (self.height(), Reverse(self.root))
    }

    /// The response that carries it, as it goes over the wire; it is encoded when it is asked for first.
    ///
    /// # Errors
    ///
    /// [`EncodeError`] when the limits do not allow a block of its size.
    pub fn frame(&self, limits: Limits) -> Result<Arc<[u8]>, EncodeError> {
        if let Some(frame) = self.frame.get() {
            return Ok(Arc::clone(frame));
        }
        let response = Response::Success(ResponseBody::Block(Box::new(CertifiedBlock::clone(&self.block))));
        let mut bytes = Vec::new();
        MessageEncoder::new(limits).response(&response, &mut bytes)?;
        Ok(Arc::clone(self.frame.get_or_init(|| bytes.into())))
    }
}
