//! What we have asked, and of whom: each request comes to one end.

use std::collections::BTreeMap;

use alys_sync::engine::RequestId;
use alys_sync::peer::PeerId;

/// Why a request is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotOpened {
    /// One with this number is open.
    Twice,
    /// As much is asked of this peer as may be.
    TooMany,
}

/// The open requests.
///
/// ```
/// use alys_p2p::core::Ledger;
/// use alys_sync::{engine::RequestId, peer::PeerId};
///
/// let mut ledger = Ledger::new(8);
/// assert_eq!(ledger.open(PeerId(1), RequestId(5)), Ok(()));
/// assert_eq!(ledger.settle(RequestId(5)), Some(PeerId(1)));
/// assert_eq!(ledger.settle(RequestId(5)), None, "it has come to its end");
/// ```
#[derive(Clone, Debug)]
pub struct Ledger {
    per_peer: usize,
    open: BTreeMap<RequestId, PeerId>,
}

impl Ledger {
    /// Nothing is open; of each peer so much may be.
    #[must_use]
    pub fn new(per_peer: usize) -> Self {
        Ledger { per_peer, open: BTreeMap::new() }
    }

    /// A request is to be sent.
    ///
    /// # Errors
    ///
    /// [`NotOpened`], and nothing changes.
    pub fn open(&mut self, peer: PeerId, request: RequestId) -> Result<(), NotOpened> {
        if self.open.contains_key(&request) {
            return Err(NotOpened::Twice);
        }
        if self.open.values().filter(|of| **of == peer).count() >= self.per_peer {
            return Err(NotOpened::TooMany);
        }
        self.open.insert(request, peer);
        Ok(())
    }

    /// Something has come of a request: who was asked, if it was open.
    pub fn settle(&mut self, request: RequestId) -> Option<PeerId> {
        self.open.remove(&request)
    }

    /// A request is given up; tells whether it was open, and of this peer.
    pub fn cancel(&mut self, peer: PeerId, request: RequestId) -> bool {
        let is_open = self.open.get(&request) == Some(&peer);
        if is_open {
            self.open.remove(&request);
        }
        is_open
    }

    /// A peer has left: what was asked of it will not be answered.
    pub fn left(&mut self, peer: PeerId) -> Vec<RequestId> {
        self.open.extract_if(.., |_, of| *of == peer).map(|(request, _)| request).collect()
    }

    /// How many requests are open.
    #[must_use]
    pub fn len(&self) -> usize {
        self.open.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.open.is_empty()
    }
}
