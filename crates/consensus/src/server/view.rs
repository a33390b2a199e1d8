//! What is shown of a chain.

use std::collections::BTreeMap;

use alys_chain::engine::{ChainConfig, Engine};
use alys_chain::scheme::SignatureScheme;
use alys_chain::transition::StateTransition;
use alys_wire::containers::BlockHeader;

use crate::beacon::event::HeadEvent;
use crate::beacon::types::{BeaconHeader, Genesis, HeaderRecord, Identity, Peer, Signed};
use crate::beacon::{BlockId, StateId};
use crate::number::Decimal;
use crate::octets::{Fixed, Hash};

/// How many slots an epoch has: Alys has none of its own, and shows this many.
pub const SLOTS_PER_EPOCH: u64 = 32;

/// How a node stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncView {
    /// It cannot answer yet.
    NotReady,
    /// It is so many slots behind.
    Behind(u64),
    /// It is at the tip.
    Synced,
}

/// What is shown of a node beside its chain.
#[derive(Clone, Debug)]
pub struct NodeView {
    /// What it calls itself.
    pub version: String,
    /// Who it is on the network.
    pub identity: Identity,
    /// Whom it is connected to.
    pub peers: Vec<Peer>,
    /// How it stands.
    pub sync: SyncView,
    /// Whether its execution client does not answer.
    pub el_offline: bool,
    /// The keys of the authorities, in the order of their numbers; not empty.
    pub authorities: Vec<Fixed<48>>,
}

/// A block as it is shown.
#[derive(Clone, Debug)]
struct Shown {
    height: u64,
    record: HeaderRecord,
}

/// What is shown of a chain at one moment.
#[derive(Clone, Debug)]
pub struct ChainView {
    /// The node.
    pub node: NodeView,
    /// Where the chain begins.
    pub genesis: Genesis,
    /// How long a slot is, in seconds.
    pub slot_duration: u64,
    blocks: BTreeMap<Hash, Shown>,
    /// The slots of the chain of the tip.
    canonical: BTreeMap<u64, Hash>,
    head: Hash,
    finalised: Hash,
}

/// Version bytes of the network: Alys has one fork, and its chain id names it.
fn version_of(chain_id: u64) -> Fixed<4> {
    let [.., a, b, c, d] = chain_id.to_be_bytes();
    Fixed([a, b, c, d])
}

fn header(header: &BlockHeader) -> BeaconHeader {
    BeaconHeader {
        slot: Decimal(header.slot),
        proposer_index: Decimal(header.proposer_index),
        parent_root: header.parent_root.into(),
        state_root: header.state_root.into(),
        body_root: header.body_root.into(),
    }
}

impl ChainView {
    /// What is shown of an engine now.
    #[must_use]
    pub fn of<S: SignatureScheme, T: StateTransition>(
        engine: &Engine<S, T>,
        config: &ChainConfig,
        node: NodeView,
    ) -> Self {
        let tree = engine.tree();
        let mut canonical = BTreeMap::new();
        for (root, node) in tree.chain(engine.head().root) {
            canonical.insert(node.header.slot, root.into());
        }
        let show = |(root, node): (&_, &alys_chain::tree::Node<T::State>)| {
            let root = Hash::from(*root);
            let signature =
                node.block.as_ref().map_or(Fixed::default(), |block| Fixed(block.signed_block.signature.0));
            let record = HeaderRecord {
                root,
                canonical: canonical.get(&node.header.slot) == Some(&root),
                header: Signed { message: header(&node.header), signature },
            };
            (root, Shown { height: node.header.height, record })
        };
        ChainView {
            node,
            genesis: Genesis {
                genesis_time: Decimal(config.clock.genesis_time),
                genesis_validators_root: Hash::default(),
                genesis_fork_version: version_of(config.chain_id),
            },
            slot_duration: config.clock.slot_duration.get(),
            blocks: tree.iter().map(show).collect(),
            canonical,
            head: engine.head().root.into(),
            finalised: engine.finalised().root.into(),
        }
    }

    /// The tip.
    #[must_use]
    pub fn head(&self) -> Hash {
        self.head
    }

    /// The last final block.
    #[must_use]
    pub fn finalised(&self) -> Hash {
        self.finalised
    }

    /// A block.
    #[must_use]
    pub fn record(&self, root: &Hash) -> Option<&HeaderRecord> {
        self.blocks.get(root).map(|shown| &shown.record)
    }

    /// The block of a slot, on the chain of the tip.
    #[must_use]
    pub fn at(&self, slot: u64) -> Option<Hash> {
        self.canonical.get(&slot).copied()
    }

    /// Every block whose parent is this one, by root.
    pub fn children(&self, parent: Hash) -> impl Iterator<Item = &HeaderRecord> {
        let records = self.blocks.values().map(|shown| &shown.record);
        records.filter(move |record| record.header.message.parent_root == parent)
    }

    /// The block that an id names, if there is one.
    #[must_use]
    pub fn block(&self, id: BlockId) -> Option<&HeaderRecord> {
        let root = match id {
            BlockId::Head => self.head,
            BlockId::Genesis => self.at(0)?,
            BlockId::Finalized => self.finalised,
            BlockId::Slot(slot) => self.at(slot)?,
            BlockId::Root(root) => root,
        };
        self.record(&root)
    }

    /// The block behind which the state is that an id names, if there is one; a root is the state's own.
    #[must_use]
    pub fn state(&self, id: StateId) -> Option<&HeaderRecord> {
        match id {
            // Whatever is in the tree is notarised.
            StateId::Justified => self.block(BlockId::Head),
            StateId::Of(BlockId::Root(root)) => self
                .canonical
                .values()
                .filter_map(|block| self.record(block))
                .find(|record| record.header.message.state_root == root),
            StateId::Of(block) => self.block(block),
        }
    }

    /// Whether a block is final: on the chain of the tip, and not above the last final one.
    #[must_use]
    pub fn is_final(&self, record: &HeaderRecord) -> bool {
        let height = |root: &Hash| self.blocks.get(root).map(|shown| shown.height);
        record.canonical && height(&record.root) <= height(&self.finalised)
    }

    /// Whose slot it is: an authority's number and key; `None` when there is no authority.
    #[must_use]
    pub fn proposer(&self, slot: u64) -> Option<(u64, Fixed<48>)> {
        let index = slot.checked_rem(self.node.authorities.len() as u64)?;
        let key = usize::try_from(index).ok().and_then(|at| self.node.authorities.get(at))?;
        Some((index, *key))
    }

    /// The last block of the chain of the tip in a slot before this one; the first block when there is none.
    #[must_use]
    pub fn before(&self, slot: u64) -> Hash {
        let below = self.canonical.range(..slot).next_back();
        below.or(self.canonical.first_key_value()).map_or(Hash::default(), |(_, root)| *root)
    }

    /// What is told of the tip when it has become it.
    #[must_use]
    pub fn head_event(&self) -> Option<HeadEvent> {
        let record = self.record(&self.head)?;
        let message = &record.header.message;
        let slot = message.slot.0;
        let epoch = slot / SLOTS_PER_EPOCH;
        let parent = self.record(&message.parent_root).map_or(0, |parent| parent.header.message.slot.0);
        Some(HeadEvent {
            slot: message.slot,
            block: record.root,
            state: message.state_root,
            epoch_transition: parent / SLOTS_PER_EPOCH < epoch,
            previous_duty_dependent_root: self.before(epoch.saturating_sub(1) * SLOTS_PER_EPOCH),
            current_duty_dependent_root: self.before(epoch * SLOTS_PER_EPOCH),
            execution_optimistic: false,
        })
    }
}
