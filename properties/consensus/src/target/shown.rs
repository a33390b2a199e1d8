//! A chain that is shown.

use alys_chain::engine::Engine;
use alys_chain::scheme::Ideal;
use alys_chain::transition::{Balances, Transfers};
use alys_wire::containers::{BlockBody, BlockHeader};
use serde_json::json;

use super::alys::beacon::types::{Direction, Identity, Peer, PeerState};
use super::alys::octets::{Fixed, Hash};
use super::alys::server::{ChainView, NodeView, SyncView};
use crate::realm::Realm;

/// A chain of two authorities: slots 1, 2, 3 and 40 on the chain of the tip, so that 2 is final, and slots 5 and 33 beside it.
#[derive(Debug)]
pub struct Chain {
    realm: Realm,
    engine: Engine<Ideal, Transfers>,
    /// The headers of slots 0, 1, 2, 3, 33, 40, 41 and 5.
    pub headers: Vec<BlockHeader>,
}

impl Default for Chain {
    fn default() -> Self {
        let realm = Realm::of(2);
        let engine = realm.engine(Transfers, Balances::default());
        let start =
            engine.tree().get(&engine.head().root).map(|node| node.header.clone()).unwrap_or_default();
        let mut chain = Chain { headers: vec![start], engine, realm };
        for (parent, slot) in [(0, 1), (1, 2), (2, 3), (3, 33), (3, 40)] {
            chain.add(parent, slot);
        }
        // Of two chains of one length the smaller root is the tip: another block makes it slot 40's.
        chain.add(5, 41);
        // As high as the final block, and beside it.
        chain.add(1, 5);
        chain
    }
}

impl Chain {
    /// Adds a block on another.
    pub fn add(&mut self, parent: usize, slot: u64) {
        let parent = self.headers[parent].clone();
        let state_root = parent.state_root;
        let proposal = self.realm.proposal(&parent, slot, BlockBody::default(), state_root);
        self.headers.push(proposal.block.header.clone());
        let now = self.realm.time(1_000);
        self.engine.handle(self.realm.import(proposal), now);
    }

    /// The root of a block.
    #[must_use]
    pub fn root(&self, at: usize) -> Hash {
        self.headers[at].root().into()
    }

    /// What is shown of it.
    #[must_use]
    pub fn view(&self, sync: SyncView) -> ChainView {
        ChainView::of(&self.engine, &self.realm.config, node(sync))
    }
}

fn node(sync: SyncView) -> NodeView {
    let metadata = json!({ "seq_number": "1", "attnets": "0x00", "syncnets": "0x00" });
    NodeView {
        version: "Alys/0.1.0".to_owned(),
        identity: Identity {
            peer_id: "16U".to_owned(),
            enr: "enr:-".to_owned(),
            p2p_addresses: vec!["/ip4/127.0.0.1".to_owned()],
            discovery_addresses: Vec::new(),
            metadata,
        },
        peers: vec![Peer {
            peer_id: "16V".to_owned(),
            enr: None,
            last_seen_p2p_address: "/ip4/127.0.0.2".to_owned(),
            state: PeerState::Connected,
            direction: Direction::Outbound,
        }],
        sync,
        el_offline: false,
        authorities: vec![Fixed([7; 48]), Fixed([8; 48])],
    }
}

impl Chain {
    /// Views of a chain that grows by a block each time.
    #[must_use]
    pub fn growing(views: usize) -> Vec<ChainView> {
        let mut chain = Chain::default();
        let mut tip = 6;
        let view = |_| {
            let shown = chain.view(SyncView::Synced);
            chain.add(tip, chain.headers[tip].slot + 1);
            tip = chain.headers.len() - 1;
            shown
        };
        (0..views).map(view).collect()
    }
}
