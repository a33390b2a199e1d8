//! Our own chain store, in memory and on the disk of the kit.

use alys_chain::{
    checkpoint::Interval,
    store::{
        ChainStore as _, Commit, Disk, MemoryDisk, RedbStore, StoreConfig, StoreError, StoredBlock, Tip,
    },
};
use redb::{Builder, Database, ReadableDatabase as _, TableDefinition};

use super::simulated_disk::{Raw, SimulatedDisk};
use crate::chain::{
    ChainAnswer, ChainBlock, ChainCapabilities, ChainParameters, ChainStoreUnderTest, ChainTip, FinalityRule,
    Harm, ReadCheckpoint, Root, SeenCheckpoint, TipRule,
};

/// The file of every store.
pub(super) const NAME: &str = "chain.redb";

/// Small, since many stores are opened.
const CACHE: usize = 1 << 20;

const CHECKPOINTS: TableDefinition<'static, u64, &[u8]> = TableDefinition::new("checkpoints");

/// The cases of a clause: each opens files.
pub(super) const CASES: u32 = 28;

/// What a store of ours lies on.
pub trait Medium: Disk + Sized + 'static {
    /// What the store is called on it.
    const NAME: &'static str;
    /// Whether it is the disk of the kit, whose power can go.
    const LOSES: bool;

    /// The medium of a store.
    fn of(parameters: &ChainParameters) -> Self;
}

impl Medium for MemoryDisk {
    const NAME: &'static str = "alys-chain, the store in memory";
    const LOSES: bool = false;

    fn of(_: &ChainParameters) -> Self {
        MemoryDisk::new()
    }
}

impl Medium for SimulatedDisk {
    const NAME: &'static str = "alys-chain, the store on a disk";
    const LOSES: bool = true;

    fn of(parameters: &ChainParameters) -> Self {
        SimulatedDisk(parameters.disk.clone())
    }
}

/// Our store in one file of redb; only between being closed and opened again there is none.
#[derive(Debug)]
pub struct AlysStore<M> {
    store: Option<RedbStore>,
    medium: M,
    config: StoreConfig,
}

/// Our store in memory.
pub type AlysStoreInMemory = AlysStore<MemoryDisk>;

/// Our store on the disk of the kit.
pub type AlysStoreOnDisk = AlysStore<SimulatedDisk>;

impl<M: Medium> AlysStore<M> {
    fn store(&self) -> Result<&RedbStore, String> {
        self.store.as_ref().ok_or_else(|| "it is not open".to_owned())
    }

    fn change(&mut self, change: impl FnOnce(&mut RedbStore) -> Result<(), StoreError>) -> ChainAnswer {
        match self.store.as_mut().map(change) {
            Some(answer) => answered(answer),
            None => ChainAnswer::Failed("it is not open".to_owned()),
        }
    }

    /// Closes the store, does something to its file, and opens it again.
    fn between(
        &mut self,
        work: impl FnOnce(&M) -> Result<(), Box<dyn std::error::Error>>,
    ) -> Result<(), String> {
        if let Some(store) = self.store.take() {
            store.close().map_err(|error| error.to_string())?;
        }
        work(&self.medium).map_err(|error| error.to_string())?;
        self.store = Some(RedbStore::open(&self.medium, &self.config).map_err(|error| error.to_string())?);
        Ok(())
    }
}

/// An answer in the words of the kit.
fn answered(answer: Result<(), StoreError>) -> ChainAnswer {
    match answer {
        Ok(()) => ChainAnswer::Done,
        Err(
            error @ (StoreError::Disk(_)
            | StoreError::Database { .. }
            | StoreError::Damaged(_)
            | StoreError::Failed),
        ) => ChainAnswer::Failed(error.to_string()),
        Err(_) => ChainAnswer::Refused,
    }
}

fn stored(block: &ChainBlock) -> StoredBlock {
    let ChainBlock { root, parent, height, slot } = *block;
    StoredBlock { root, parent, height, slot, state_root: root, bytes: root.to_vec() }
}

fn tip(tip: Tip) -> ChainTip {
    ChainTip { height: tip.height, root: tip.root }
}

/// Damages the row of a checkpoint in the file of a store that is closed.
pub(super) fn harm_row(disk: &dyn Disk, height: u64, harm: Harm) -> Result<(), Box<dyn std::error::Error>> {
    let database = Builder::new().set_cache_size(CACHE).create_with_backend(Raw(disk.open(NAME)?))?;
    write_harm(&database, height, harm)?;
    Ok(database.close()?)
}

fn write_harm(database: &Database, height: u64, harm: Harm) -> Result<(), redb::Error> {
    let row = database.begin_read()?.open_table(CHECKPOINTS)?.get(height)?.map(|row| row.value().to_vec());
    let transaction = database.begin_write()?;
    {
        let mut table = transaction.open_table(CHECKPOINTS)?;
        match (harm, row) {
            (Harm::Lost, _) | (_, None) => drop(table.remove(height)?),
            (Harm::Flipped(bit), Some(mut row)) => {
                let bit = usize::from(bit) % (row.len() * 8);
                row[bit / 8] ^= 1 << (bit % 8);
                table.insert(height, row.as_slice())?;
            }
        }
    }
    Ok(transaction.commit()?)
}

/// Reads a checkpoint of a store, in the words of the kit.
pub(super) fn read_checkpoint(store: &RedbStore, height: u64) -> ReadCheckpoint {
    match store.checkpoint(height) {
        Ok(None) => ReadCheckpoint::Absent,
        Ok(Some(checkpoint)) => ReadCheckpoint::Valid(SeenCheckpoint {
            height: checkpoint.height,
            root: checkpoint.block_root,
            id: checkpoint.id().0.to_vec(),
            previous: checkpoint.previous.0.to_vec(),
        }),
        Err(_) => ReadCheckpoint::Damaged,
    }
}

impl<M: Medium> ChainStoreUnderTest for AlysStore<M> {
    fn name() -> String {
        M::NAME.to_owned()
    }

    fn capabilities() -> ChainCapabilities {
        ChainCapabilities {
            tip: Some(TipRule::Told),
            finality: FinalityRule::Told,
            forks: true,
            blocks: true,
            index: true,
            checkpoints: true,
            verify: true,
            rebuild: true,
            harm: true,
            votes: true,
            reopen: true,
            disk: M::LOSES,
        }
    }

    fn cases() -> u32 {
        CASES
    }

    fn open(parameters: &ChainParameters) -> Result<Self, String> {
        let interval = Interval::new(parameters.interval).map_err(|error| error.to_string())?;
        let made = StoreConfig::new(NAME, stored(&parameters.genesis), interval);
        let (medium, config) = (M::of(parameters), StoreConfig { cache_bytes: CACHE, ..made });
        let store = RedbStore::open(&medium, &config).map_err(|error| error.to_string())?;
        Ok(AlysStore { store: Some(store), medium, config })
    }

    fn head(&self) -> Result<ChainTip, String> {
        Ok(tip(self.store()?.head()))
    }

    fn finalised(&self) -> Result<ChainTip, String> {
        Ok(tip(self.store()?.finalised()))
    }

    fn insert(&mut self, block: &ChainBlock) -> ChainAnswer {
        let commit = Commit { blocks: vec![stored(block)], ..Commit::default() };
        self.change(|store| store.commit(&commit))
    }

    fn move_to(&mut self, way: &[ChainBlock]) -> ChainAnswer {
        let head = way.last().map(|block| block.root);
        self.change(|store| store.commit(&Commit { head, ..Commit::default() }))
    }

    fn finalise(&mut self, root: &Root) -> ChainAnswer {
        let commit = Commit { finalised: Some(*root), ..Commit::default() };
        self.change(|store| store.commit(&commit))
    }

    fn block(&self, root: &Root) -> Result<Option<ChainBlock>, String> {
        let found = self.store()?.block(root).map_err(|error| error.to_string())?;
        Ok(found.map(|found| {
            let StoredBlock { root, parent, height, slot, .. } = found;
            ChainBlock { root, parent, height, slot }
        }))
    }

    fn at(&self, height: u64) -> Result<Option<Root>, String> {
        let found = self.store()?.block_at(height).map_err(|error| error.to_string())?;
        Ok(found.map(|block| block.root))
    }

    fn checkpoint(&self, height: u64) -> ReadCheckpoint {
        self.store().map_or(ReadCheckpoint::Damaged, |store| read_checkpoint(store, height))
    }

    fn verify(&self) -> Result<Option<u64>, String> {
        let found = self.store()?.verify().map_err(|error| error.to_string())?;
        Ok(found.damaged.map(|damaged| damaged.height))
    }

    fn rebuild(&mut self) -> ChainAnswer {
        self.change(|store| store.rebuild().map(drop))
    }

    fn harm(&mut self, height: u64, harm: Harm) -> Result<(), String> {
        self.between(|medium| harm_row(medium, height, harm))
    }

    fn vote(&mut self, slot: u64) -> ChainAnswer {
        self.change(|store| store.vote(slot))
    }

    fn voted(&self) -> Result<u64, String> {
        Ok(self.store()?.voted_slot())
    }

    fn reopen(&mut self) -> Result<(), String> {
        self.between(|_| Ok(()))
    }
}
