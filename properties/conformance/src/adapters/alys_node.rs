//! A node of ours: the engine that chooses its tip and decides what is final, on its store on the disk of the kit.

use std::sync::Arc;

use alys_chain::{
    authorities::AuthoritySet,
    engine::{ChainConfig, Effect, Event, Settings, Signatures, genesis_header},
    node::Node,
    scheme::{Ideal, IdealKey, SignatureScheme as _},
    store::ChainStore as _,
    stored::Stored,
    transition::{Balances, StateTransition as _, TransferError, Transfers},
};
use alys_wire::containers::{
    AggregateApproval, ApprovalBits, Block, BlockBody, BlockHeader, CertifiedBlock, Hash256, Signature,
    SignedBlock,
};

use super::{
    alys_chain_store::{CASES, NAME, harm_row, read_checkpoint},
    simulated_disk::SimulatedDisk,
};
use crate::chain::{
    ChainAnswer, ChainBlock, ChainCapabilities, ChainParameters, ChainStoreUnderTest, ChainTip, FinalityRule,
    Harm, ReadCheckpoint, Root, TipRule,
};

/// Longer than there are numbers of blocks: the number of a block is the second of its slot in which it was made.
const SLOT_SECONDS: u64 = 256;

/// All slots of a case are over.
const NOW: u64 = 1 << 40;

type Kept = Node<Ideal, Transfers, Stored<Transfers>>;

/// A node whose blocks are imported with certificates that are trusted: who signs what is not the kit's matter.
#[derive(Debug)]
pub struct AlysNode {
    node: Option<Kept>,
    disk: SimulatedDisk,
    config: ChainConfig,
    /// Whether something could not be made durable: from then on the engine knows more than what is.
    failed: bool,
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn config(interval: u64) -> Result<ChainConfig, String> {
    let settings =
        Settings { slot_duration: SLOT_SECONDS, checkpoint_interval: interval, ..Settings::default() };
    settings.check().map_err(text)
}

fn started(disk: &SimulatedDisk, config: ChainConfig) -> Result<Kept, String> {
    let (ideal, key) = (Ideal::default(), IdealKey(1));
    let stated = [(ideal.public_key(&key), ideal.prove_possession(&key))];
    let authorities = AuthoritySet::new(&ideal, &stated).map_err(text)?;
    let stored = Stored::open(disk, NAME, config, Transfers, Balances::default()).map_err(text)?;
    let engine = stored.engine(ideal, authorities).map_err(text)?;
    Ok(Node::new(engine, stored))
}

fn state_root() -> Hash256 {
    Transfers.root(&Balances::default())
}

fn header(number: u8, parent: &Root, height: u64, slot: u64) -> BlockHeader {
    BlockHeader {
        parent_root: (*parent).into(),
        height,
        slot,
        state_root: state_root(),
        body_root: BlockBody::default().root(),
        timestamp: slot * SLOT_SECONDS + u64::from(number),
        ..BlockHeader::default()
    }
}

/// A block of the kit as it is imported.
fn certified(block: &ChainBlock) -> Option<CertifiedBlock> {
    // Which number it has is found by its root; what costs most is made once.
    let first = header(0, &block.parent, block.height, block.slot);
    let begins = first.timestamp;
    let made = |number: u8| BlockHeader { timestamp: begins + u64::from(number), ..first.clone() };
    let header = (0..=u8::MAX).map(made).find(|header| header.root().0 == block.root)?;
    let mut bits = ApprovalBits::with_capacity(1).ok()?;
    bits.set(0, true).ok()?;
    let block_root = Hash256::from(block.root);
    let certificate =
        AggregateApproval { block_root, slot: block.slot, bits, signature: Signature::default() };
    let block = Block { header, body: BlockBody::default() };
    Some(CertifiedBlock { signed_block: SignedBlock { block, signature: Signature::default() }, certificate })
}

impl AlysNode {
    fn node(&self) -> Result<&Kept, String> {
        self.node.as_ref().ok_or_else(|| "it is not open".to_owned())
    }

    /// What the store and the engine say, which is the same until something has failed.
    fn both(&self, durable: ChainTip, known: ChainTip) -> Result<ChainTip, String> {
        match self.failed || durable == known {
            true => Ok(durable),
            false => Err(format!("the store says {durable:?}, and the engine {known:?}")),
        }
    }

    fn between(
        &mut self,
        work: impl FnOnce(&SimulatedDisk) -> Result<(), Box<dyn std::error::Error>>,
    ) -> Result<(), String> {
        if let Some(node) = self.node.take() {
            node.into_durable().close().map_err(text)?;
        }
        work(&self.disk).map_err(text)?;
        self.node = Some(started(&self.disk, self.config)?);
        self.failed = false;
        Ok(())
    }
}

impl ChainStoreUnderTest for AlysNode {
    fn name() -> String {
        "alys-chain, a node on a disk".to_owned()
    }

    fn capabilities() -> ChainCapabilities {
        ChainCapabilities {
            tip: Some(TipRule::Chosen),
            finality: FinalityRule::Slots,
            forks: true,
            blocks: true,
            index: true,
            checkpoints: true,
            verify: true,
            harm: true,
            reopen: true,
            disk: true,
            ..ChainCapabilities::NONE
        }
    }

    fn cases() -> u32 {
        CASES
    }

    fn root(number: u8, parent: &Root, height: u64, slot: u64) -> Root {
        let genesis = config(1).map(|config| genesis_header(&config.clock, state_root()));
        match (number, genesis) {
            (0, Ok(genesis)) => genesis.root().0,
            _ => header(number, parent, height, slot).root().0,
        }
    }

    fn open(parameters: &ChainParameters) -> Result<Self, String> {
        let (disk, config) = (SimulatedDisk(parameters.disk.clone()), config(parameters.interval)?);
        let node = started(&disk, config)?;
        Ok(AlysNode { node: Some(node), disk, config, failed: false })
    }

    fn head(&self) -> Result<ChainTip, String> {
        let (durable, known) = (self.node()?.durable().store().head(), self.node()?.engine().head());
        let durable = ChainTip { height: durable.height, root: durable.root };
        self.both(durable, ChainTip { height: known.height, root: known.root.0 })
    }

    fn finalised(&self) -> Result<ChainTip, String> {
        let (durable, known) =
            (self.node()?.durable().store().finalised(), self.node()?.engine().finalised());
        let durable = ChainTip { height: durable.height, root: durable.root };
        self.both(durable, ChainTip { height: known.height, root: known.root.0 })
    }

    fn insert(&mut self, block: &ChainBlock) -> ChainAnswer {
        let Some(certified) = certified(block) else { return ChainAnswer::Refused };
        let event = Event::Import { block: Arc::new(certified), signatures: Signatures::Trusted };
        let Some(node) = &mut self.node else { return ChainAnswer::Failed("it is not open".to_owned()) };
        let mut refused = false;
        let publish = |effect: Effect<TransferError>| {
            refused |= matches!(effect, Effect::ImportRefused { .. });
        };
        match node.handle(event, NOW, publish) {
            Ok(()) if refused => ChainAnswer::Refused,
            Ok(()) => ChainAnswer::Done,
            Err(error) => {
                self.failed = true;
                ChainAnswer::Failed(error.to_string())
            }
        }
    }

    fn block(&self, root: &Root) -> Result<Option<ChainBlock>, String> {
        let found = self.node()?.durable().store().block(root).map_err(text)?;
        Ok(found.map(|it| ChainBlock { root: it.root, parent: it.parent, height: it.height, slot: it.slot }))
    }

    fn at(&self, height: u64) -> Result<Option<Root>, String> {
        let found = self.node()?.durable().store().block_at(height).map_err(text)?;
        Ok(found.map(|block| block.root))
    }

    fn checkpoint(&self, height: u64) -> ReadCheckpoint {
        self.node().map_or(ReadCheckpoint::Damaged, |node| read_checkpoint(node.durable().store(), height))
    }

    fn verify(&self) -> Result<Option<u64>, String> {
        let found = self.node()?.durable().store().verify().map_err(text)?;
        Ok(found.damaged.map(|damaged| damaged.height))
    }

    fn harm(&mut self, height: u64, harm: Harm) -> Result<(), String> {
        self.between(|disk| harm_row(disk, height, harm))
    }

    fn reopen(&mut self) -> Result<(), String> {
        self.between(|_| Ok(()))
    }
}
