//! Failing disks under a node that imports a simulated chain, block by block.

use std::io::ErrorKind;

use alys_chain::{
    checkpoint::Checkpoint,
    node::NodeError,
    scheme::Ideal,
    store::{ChainStore as _, StoreError},
    stored::StoredError,
    transition::TransferError,
};
use alys_chain_store_properties::oracle::{self, Harm};
use alys_properties::crash::{Disk, Fuse, Survivors};
use fastrand::Rng;

use crate::{
    chaos::{DiskFailure, Seen, name},
    harness::sync::harm,
    simulated::{ChainPlan, SimulatedBlock, SimulatedBlockchain, SimulatedNode},
    stage::DriveError,
};

/// How many blocks are imported before each failure.
const BETWEEN: usize = 6;
/// Every how many blocks there is a checkpoint.
const INTERVAL: u64 = 5;

/// Lets a disk fail so many times, and looks for each in what the node or its store says.
pub(super) fn disk(seed: u64, failure: DiskFailure, count: u32) -> Result<Seen, DriveError> {
    let plan = ChainPlan {
        seed,
        authorities: 1,
        checkpoint_interval: INTERVAL,
        fork_every: 0,
        transfers: 1,
        ..ChainPlan::default()
    };
    let chain = SimulatedBlockchain::ideal(plan).map_err(said("the plan of a chain"))?;
    let rng = Rng::with_seed(seed);
    let mut ward = Ward { chain, disk: Disk::new(), rng, noticed: 0, recovered: 0, lost: 0, served: 0 };
    for _ in 0..count {
        match failure {
            DiskFailure::WriteError => ward.struck(Fuse::ErrsAt)?,
            DiskFailure::TornWrite => ward.struck(Fuse::BlowsAt)?,
            DiskFailure::FullDisk => ward.struck(Fuse::FullAt)?,
            DiskFailure::BitRot => ward.rot()?,
        }
    }
    let mut seen = Seen { attempted: count.into(), recovered: ward.recovered, ..Seen::default() };
    seen.count(name::DISK_NOTICED, ward.noticed);
    seen.count(name::BLOCKS_LOST, ward.lost);
    seen.count(name::ROT_SERVED, ward.served);
    seen.count("blocks of the chain", ward.chain.height());
    Ok(seen)
}

fn said<E: std::fmt::Display>(doing: &'static str) -> impl Fn(E) -> DriveError {
    move |error| DriveError::new(doing, error)
}

/// A chain, the disk of a node that follows it, and what was seen.
struct Ward {
    chain: SimulatedBlockchain<Ideal>,
    disk: Disk,
    rng: Rng,
    noticed: u64,
    recovered: u64,
    lost: u64,
    served: u64,
}

/// What comes of importing a block.
type Imported = Result<Option<String>, NodeError<StoredError<TransferError>>>;

/// An import on a failing disk.
struct Strike {
    fuse: Fuse,
    failing: Disk,
    node: SimulatedNode<Ideal>,
    failed: Imported,
}

impl Ward {
    fn started(&self, disk: &Disk) -> Result<SimulatedNode<Ideal>, DriveError> {
        SimulatedNode::open(&harm::disk(disk), &self.chain).map_err(said("starting a node"))
    }

    /// Imports some blocks while nothing fails; the node stays.
    fn quiet(&mut self) -> Result<SimulatedNode<Ideal>, DriveError> {
        let mut node = self.started(&self.disk)?;
        for block in self.chain.by_ref().take(BETWEEN) {
            taken(&mut node, &block)?;
        }
        Ok(node)
    }

    /// Imports a block on a copy of the disk that fails so.
    fn strike(&self, fuse: Fuse, block: &SimulatedBlock) -> Result<Strike, DriveError> {
        let failing = self.disk.copy(fuse);
        let mut node = self.started(&failing)?;
        let failed = node.import(block);
        Ok(Strike { fuse, failing, node, failed })
    }

    /// An operation of a commit fails, and with some fuses others that follow; when all do, what lies on the disk then is torn.
    fn struck(&mut self, fuse: fn(u64) -> Fuse) -> Result<(), DriveError> {
        let before = self.quiet()?.store().head();
        let Some(block) = self.chain.next() else { return Ok(()) };
        // Another copy shows how many operations there are.
        let whole = self.disk.copy(Fuse::Whole);
        let mut node = self.started(&whole)?;
        let opened = whole.operations();
        taken(&mut node, &block)?;
        let (after, committed) = (node.store().head(), whole.operations());
        let drawn = fuse(self.rng.u64(opened..committed.max(opened + 1)));
        // The last operations of a commit need no room: a disk that is full from there on is full too late.
        let Strike { fuse, failing, mut node, failed } = match self.strike(drawn, &block)? {
            Strike { failed: Ok(_), .. } => self.strike(fuse(opened), &block)?,
            strike => strike,
        };
        let told = is_told(&failed, fuse);
        // Whoever has failed takes nothing more in.
        let stopped = matches!(node.import(&block), Err(NodeError::Failed));
        self.disk = match fuse {
            Fuse::BlowsAt(_) => failing.image(Survivors::Torn(self.rng.u64(..))),
            _ => failing.copy(Fuse::Whole),
        };
        drop(node);
        let mut node = self.started(&self.disk)?;
        let found = node.store().head();
        let whole = found == after || (found == before && failed.is_err());
        taken(&mut node, &block)?;
        let clean = node.store().verify().is_ok_and(|verified| verified.damaged.is_none());
        self.lost += u64::from(!whole);
        self.noticed += u64::from(told && stopped);
        self.recovered += u64::from(told && stopped && whole && clean && node.store().head() == after);
        Ok(())
    }

    /// A bit of a stored checkpoint flips while the node is stopped.
    fn rot(&mut self) -> Result<(), DriveError> {
        let node = self.quiet()?;
        let last = node.store().finalised().height / INTERVAL;
        let height = INTERVAL * self.rng.u64(1..=last.max(1));
        let sound = read(node.store().checkpoint(height));
        drop(node);
        let bit = self.rng.u32(..);
        harm::behind(&self.disk, |database| oracle::harm_checkpoint(database, height, Harm::Rotten(bit)))?;
        let config = self.chain.store_config().map_err(said("the plan of a chain"))?;
        let mut store = harm::opened(&self.disk, &config)?;
        let on_start = store.opening().rebuilt.contains(&height);
        let refused = matches!(store.checkpoint(height), Err(StoreError::Checkpoint(_)));
        self.served += u64::from(!on_start && !refused);
        self.noticed += u64::from(on_start || refused);
        store.rebuild().map_err(said("rebuilding checkpoints"))?;
        self.recovered += u64::from(sound.is_some() && read(store.checkpoint(height)) == sound);
        store.close().map_err(said("closing a store"))
    }
}

/// Whether a typed error says what the disk has done; that it is full, where it is.
fn is_told(failed: &Imported, fuse: Fuse) -> bool {
    match failed {
        Err(NodeError::Durable(StoredError::Store(StoreError::Disk(error)))) => {
            !matches!(fuse, Fuse::FullAt(_)) || error.kind() == ErrorKind::StorageFull
        }
        Err(NodeError::Durable(StoredError::Store(StoreError::Database { .. }))) => {
            !matches!(fuse, Fuse::FullAt(_))
        }
        _ => false,
    }
}

fn read(found: Result<Option<Checkpoint>, StoreError>) -> Option<Checkpoint> {
    found.ok().flatten()
}

fn taken(node: &mut SimulatedNode<Ideal>, block: &SimulatedBlock) -> Result<(), DriveError> {
    match node.import(block).map_err(said("importing a block"))? {
        Some(refused) => Err(DriveError::new("importing a block", refused)),
        None => Ok(()),
    }
}
