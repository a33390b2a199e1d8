//! Answering peers.

use std::sync::Arc;

use alys_wire::containers::{CertifiedBlock, Hash256};
use alys_wire::message::{Request, Response, Status};
use alys_wire::quota::QuotaTable;

use crate::peer::PeerId;

/// What of a chain is served.
pub trait ChainView {
    /// Where we are.
    fn status(&self) -> Status;

    /// The canonical block of a height; genesis is none.
    fn by_height(&self, height: u64) -> Option<Arc<CertifiedBlock>>;

    /// A block of any fork.
    fn by_root(&self, root: &Hash256) -> Option<Arc<CertifiedBlock>>;
}

/// Answers requests, each peer's within its quotas.
#[derive(Clone, Debug)]
pub struct Server {
    quotas: QuotaTable,
}

impl Server {
    /// A server that has not answered anybody yet.
    #[must_use]
    pub fn new(quotas: QuotaTable) -> Self {
        Server { quotas }
    }

    /// Answers a request.
    pub fn answer(
        &mut self,
        peer: PeerId,
        request: &Request,
        view: &impl ChainView,
        now: u64,
    ) -> Vec<Response> {
        let _ = (peer, request, view, now, self.quotas);
        Vec::new()
    }

    /// Forgets a peer that has left.
    pub fn forget(&mut self, peer: PeerId) {
        let _ = peer;
    }
}
