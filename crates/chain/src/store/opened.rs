//! A store that is open.

use redb::{ReadTransaction, ReadableDatabase as _, WriteTransaction};

use super::{
    Anchors, Blocks, ChainStore, Commit, Disk, OpenError, Opening, Root, StoreConfig, StoreError,
    StoredBlock, Tip, Tree, Verification, VoteRefused, anchors, commit,
    open::{Guarded, create, guarded, opened, probed, told},
    prune,
    schema::{self, ANCHORS, BLOCKS, Reading, block_key},
    state::{self, ChainRow},
};
use crate::checkpoint::{Checkpoint, Interval};
use crate::pow::{Anchor, Anchored, WorkRequired};

/// A chain in one file of redb.
///
/// ```
/// use alys_chain::checkpoint::Interval;
/// use alys_chain::store::{ChainStore, Commit, MemoryDisk, RedbStore, StoreConfig, StoredBlock};
///
/// let block = |height: u64, parent: u8, root: u8| StoredBlock {
///     root: [root; 32],
///     parent: [parent; 32],
///     height,
///     slot: height,
///     state_root: [0; 32],
///     bytes: vec![root],
/// };
/// let config = StoreConfig::new("chain.redb", block(0, 0, 1), Interval::new(2)?);
/// let disk = MemoryDisk::new();
/// let mut store = RedbStore::open(&disk, &config)?;
/// let blocks = vec![block(1, 1, 2), block(2, 2, 3)];
/// let (head, finalised) = (Some([3; 32]), Some([3; 32]));
/// store.commit(&Commit { blocks, head, finalised, ..Commit::default() })?;
/// store.close()?;
///
/// let store = RedbStore::open(&disk, &config)?;
/// assert_eq!(store.checkpoint(2)?.map(|checkpoint| checkpoint.block_root), Some([3; 32]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct RedbStore {
    database: Guarded,
    /// What is durable of the chain row; it follows a transaction, and never goes ahead of it.
    chain: ChainRow,
    opening: Opening,
    failed: bool,
}

impl RedbStore {
    /// Opens the store of a chain, and makes it where there is none.
    ///
    /// Checkpoints that were not verified yet are; those that are damaged are rebuilt. What cannot be rebuilt is in the
    /// [`Opening`], and does not keep the store from being opened: blocks are still there.
    ///
    /// # Errors
    ///
    /// [`OpenError`] says what is wrong with the file, and it is left as it was.
    pub fn open(disk: &dyn Disk, config: &StoreConfig) -> Result<Self, OpenError> {
        let name = &config.name;
        let exists = disk.exists(name).map_err(|error| OpenError::Disk { name: name.clone(), error })?;
        if exists {
            look(disk, config)?;
        } else {
            create(disk, config).map_err(|error| told(name, error))?;
        }
        RedbStore::start(opened(disk, config)?, config, !exists)
    }

    fn start(database: Guarded, config: &StoreConfig, created: bool) -> Result<Self, OpenError> {
        let failed = |error| told(&config.name, error);
        let chain = guarded(|| ChainRow::read(&database.get()?.begin_read()?)).map_err(failed)?;
        let opening = Opening { created, ..Opening::default() };
        let mut store = RedbStore { database, chain, opening, failed: false };
        store.verify_new().map_err(failed)?;
        Ok(store)
    }

    /// What opening it has found and done.
    #[must_use]
    pub fn opening(&self) -> &Opening {
        &self.opening
    }

    /// Closes it, so that the next one need not look for what a crash has left.
    ///
    /// # Errors
    ///
    /// When the disk fails. Nothing that was committed is lost by that.
    pub fn close(self) -> Result<(), StoreError> {
        self.database.close()
    }

    /// Verifies the checkpoints behind the mark, rebuilds what is damaged, and moves the mark.
    fn verify_new(&mut self) -> Result<(), StoreError> {
        let (mark, last) =
            (self.chain.verified_up_to, self.chain.interval.last_due(self.chain.finalised.height));
        if mark == last && self.read(|tables, chain| tables.is_good(chain, mark))? {
            return Ok(());
        }
        let sweep = self.write(|transaction, chain| {
            let sweep = schema::writing(transaction)?.mend(chain, mark)?;
            if sweep.damaged.is_none() {
                chain.verified_up_to = last;
            }
            Ok(sweep)
        })?;
        self.opening.checked = sweep.checked;
        self.opening.rebuilt = sweep.rebuilt;
        self.opening.damaged = sweep.damaged;
        Ok(())
    }

    fn snapshot(&self) -> Result<ReadTransaction, StoreError> {
        Ok(self.database.get()?.begin_read()?)
    }

    fn read<T>(
        &self,
        work: impl FnOnce(&Reading, &ChainRow) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        guarded(|| work(&schema::reading(&self.snapshot()?)?, &self.chain))
    }

    /// Changes something in one durable transaction, the chain row included.
    fn write<T>(
        &mut self,
        work: impl FnOnce(&WriteTransaction, &mut ChainRow) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if self.failed {
            return Err(StoreError::Failed);
        }
        let mut chain = self.chain.clone();
        let database = &self.database;
        let done = guarded(|| {
            let mut transaction = database.get()?.begin_write()?;
            // Without it, a start after a crash would walk the whole file.
            transaction.set_quick_repair(true);
            let done = work(&transaction, &mut chain)?;
            chain.write(&transaction)?;
            transaction.commit()?;
            Ok(done)
        });
        match &done {
            Ok(_) => self.chain = chain,
            Err(error) => self.failed = error.is_failure(),
        }
        done
    }
}

/// Does in memory what a start does to the file, and one commit: a file on which that fails is left as it was.
fn look(disk: &dyn Disk, config: &StoreConfig) -> Result<(), OpenError> {
    let mut trial = RedbStore::start(probed(disk, config)?, config, false)?;
    let tried = trial.write(|_, _| Ok(())).and_then(|()| trial.close());
    tried.map_err(|error| told(&config.name, error))
}

impl ChainStore for RedbStore {
    fn commit(&mut self, commit: &Commit) -> Result<(), StoreError> {
        self.write(|transaction, chain| commit::apply(transaction, chain, commit))
    }

    fn head(&self) -> Tip {
        self.chain.head
    }

    fn finalised(&self) -> Tip {
        self.chain.finalised
    }

    fn base(&self) -> u64 {
        self.chain.base
    }

    fn block(&self, root: &Root) -> Result<Option<StoredBlock>, StoreError> {
        self.read(|tables, _| match tables.height(root)? {
            Some(height) => tables.block(height, root).map(Some),
            None => Ok(None),
        })
    }

    fn block_at(&self, height: u64) -> Result<Option<StoredBlock>, StoreError> {
        self.read(|tables, chain| tables.canonical_block(chain, height))
    }

    fn blocks(&self, from: u64) -> Result<Blocks, StoreError> {
        let tables = guarded(|| schema::reading(&self.snapshot()?))?;
        Ok(Blocks { tables, chain: self.chain.clone(), next: from })
    }

    fn tree(&self, from: u64) -> Result<Tree, StoreError> {
        guarded(|| {
            let table = self.snapshot()?.open_table(BLOCKS)?;
            Ok(Tree::of(table.range::<&[u8; 40]>(&block_key(from, &[0; 32])..)?))
        })
    }

    fn state(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        guarded(|| state::value(&self.snapshot()?, key))
    }

    fn interval(&self) -> Interval {
        self.chain.interval
    }

    fn checkpoint(&self, height: u64) -> Result<Option<Checkpoint>, StoreError> {
        if !self.chain.interval.is_due(height) || height > self.chain.finalised.height {
            return Ok(None);
        }
        self.read(|tables, chain| tables.served(chain, height)).map(Some)
    }

    fn verified_up_to(&self) -> u64 {
        self.chain.verified_up_to
    }

    fn verify(&self) -> Result<Verification, StoreError> {
        let sweep = self.read(|tables, chain| tables.sweep(chain))?;
        Ok(Verification { checked: sweep.checked, damaged: sweep.damaged })
    }

    fn rebuild(&mut self) -> Result<Vec<u64>, StoreError> {
        self.write(|transaction, chain| schema::writing(transaction)?.rebuild(chain))
    }

    fn prune(&mut self, below: u64) -> Result<(), StoreError> {
        self.write(|transaction, chain| prune::prune(&mut schema::writing(transaction)?, chain, below))
    }

    fn voted_slot(&self) -> u64 {
        self.chain.voted_slot
    }

    fn vote(&mut self, slot: u64) -> Result<(), StoreError> {
        self.write(|_, chain| {
            let voted = chain.voted_slot;
            if slot <= voted {
                return Err(VoteRefused { slot, voted }.into());
            }
            chain.voted_slot = slot;
            Ok(())
        })
    }

    fn anchored(&self) -> Anchored {
        self.chain.anchored()
    }

    fn anchor(&mut self, anchor: &Anchor, required: WorkRequired) -> Result<(), StoreError> {
        self.write(|transaction, chain| anchors::add(transaction, chain, anchor, required))
    }

    fn anchors(&self, from: u64) -> Result<Anchors, StoreError> {
        guarded(|| Ok(Anchors::of(self.snapshot()?.open_table(ANCHORS)?.range(from..)?)))
    }
}
