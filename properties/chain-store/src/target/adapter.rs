//! A store that makes the transitions of the model.

use alys_engines::{
    crash,
    violation::{check_eq, violated},
};
use alys_models::chain_store::{
    Anchor as Range, Block, Broken, Fault, Field, Held, Outcome, Refusal, Transition,
};
use redb::{Builder, Database};

use super::{
    alys::{
        checkpoint::{CheckpointFault, Interval},
        pow::AnchorRefused,
        store::{
            ChainStore as _, CheckpointDamage, Commit, CommitRefused, Damage, Disk, OpenError, PruneRefused,
            RedbStore, StoreConfig, StoreError, StoredBlock, What,
        },
    },
    disk::{Raw, Simulated, Syncs},
    mined::{Miner, required},
};
use crate::oracle::{self, Harm, NAME};

/// The real block of a block of the model.
#[must_use]
pub fn stored(block: &Block) -> StoredBlock {
    StoredBlock {
        root: oracle::root(block.id),
        parent: oracle::root(block.parent),
        height: block.height,
        slot: oracle::slot(block),
        state_root: oracle::state_root(block.id),
        bytes: oracle::bytes(block.id),
    }
}

/// How a store with checkpoints at this interval is opened.
///
/// # Panics
///
/// When the interval is 0.
#[must_use]
pub fn config(interval: u64) -> StoreConfig {
    let genesis = stored(&Block { id: 0, parent: 0, height: 0 });
    let interval = Interval::new(interval).expect("the intervals of these suites are above 0");
    StoreConfig { cache_bytes: 1 << 20, ..StoreConfig::new(NAME, genesis, interval) }
}

/// A store, what it lies on, and what it was given.
#[derive(Debug)]
pub struct Chain {
    pub(super) store: Option<RedbStore>,
    pub(super) disk: Simulated,
    pub(super) config: StoreConfig,
    miner: Miner,
}

impl Chain {
    /// Opens a store on a disk.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn open(disk: &crash::Disk, syncs: Syncs, interval: u64) -> Result<Self, OpenError> {
        let (disk, config) = (Simulated::new(disk, syncs), config(interval));
        let store = RedbStore::open(&disk, &config)?;
        let mut miner = Miner::default();
        for anchor in store.anchors(0).into_iter().flatten().flatten() {
            let parent = Miner::parent(&anchor);
            miner.keep(&Range { first: 0, last: 0, block: 0, parent }, &anchor);
        }
        Ok(Chain { store: Some(store), disk, config, miner })
    }

    /// The store.
    ///
    /// # Panics
    ///
    /// Between a failed attempt to open it again and the next one.
    #[must_use]
    pub fn store(&self) -> &RedbStore {
        self.store.as_ref().expect("it is open between transitions")
    }

    fn store_mut(&mut self) -> &mut RedbStore {
        self.store.as_mut().expect("it is open between transitions")
    }

    /// Makes a transition, and says what the store answers in the words of the model.
    ///
    /// # Errors
    ///
    /// A failure: of the disk, or of the database.
    pub fn make(&mut self, transition: &Transition, held: &Held) -> Result<Outcome, String> {
        let answer = match transition {
            Transition::Commit(commit) => self.store_mut().commit(&real(commit)),
            Transition::Vote { slot } => self.store_mut().vote(*slot),
            Transition::Anchor { first, last, block, parent } => {
                self.anchor(&Range { first: *first, last: *last, block: *block, parent: *parent })
            }
            Transition::Prune { below } => self.store_mut().prune(*below),
            Transition::Rebuild => self.store_mut().rebuild().map(|rebuilt| {
                let damaged: Vec<u64> = held.rows.keys().copied().collect();
                check_eq("CH-7", "what is rebuilt", &damaged, &rebuilt);
            }),
            Transition::Reopen { closed } => return self.reopen(*closed, |_| Ok(())),
            Transition::LoseCheckpoint { height } => return self.harm(held, *height, Harm::Lost),
            Transition::RotCheckpoint { height, bit } => return self.harm(held, *height, Harm::Rotten(*bit)),
            Transition::ForgeCheckpoint { height, field } => {
                return self.harm(held, *height, Harm::Forged(*field));
            }
            Transition::RotBlock { block, bit } => {
                // What is rotten already would be mended by the same flip.
                let block = held.blocks.get(block).filter(|block| !held.rotten.contains(&block.id)).copied();
                let rot = |database: &Database| {
                    block.map_or(Ok(()), |block| oracle::rot_block(database, &block, *bit))
                };
                return self.reopen(true, rot);
            }
        };
        match answer {
            Ok(()) => Ok(Outcome::Done),
            Err(error) => refusal(error).map(Outcome::Refused),
        }
    }

    fn anchor(&mut self, range: &Range) -> Result<(), StoreError> {
        let anchor = self.miner.anchor(range);
        self.store_mut().anchor(&anchor, required())?;
        self.miner.keep(range, &anchor);
        Ok(())
    }

    fn harm(&mut self, held: &Held, height: u64, harm: Harm) -> Result<Outcome, String> {
        let harmed = held.rows.contains_key(&height);
        let work = |database: &Database| {
            if harmed { Ok(()) } else { oracle::harm_checkpoint(database, height, harm) }
        };
        self.reopen(true, work)
    }

    /// Leaves the store, does something to the file, and opens it again.
    fn reopen(
        &mut self,
        closed: bool,
        between: impl FnOnce(&Database) -> Result<(), redb::Error>,
    ) -> Result<Outcome, String> {
        let left = self.store.take().expect("it is open between transitions");
        if closed {
            left.close().map_err(|error| error.to_string())?;
        } else {
            drop(left);
        }
        if closed {
            self.below(between).map_err(|error| error.to_string())?;
        }
        self.store = Some(RedbStore::open(&self.disk, &self.config).map_err(|error| error.to_string())?);
        Ok(Outcome::Done)
    }

    /// Does something to the file of a store that is not open.
    fn below(&self, work: impl FnOnce(&Database) -> Result<(), redb::Error>) -> Result<(), redb::Error> {
        let file = Raw(self.disk.open(NAME)?);
        let database = Builder::new().set_cache_size(1 << 20).create_with_backend(file)?;
        work(&database)?;
        Ok(database.close()?)
    }
}

fn real(commit: &alys_models::chain_store::Commit) -> Commit {
    Commit {
        blocks: commit.blocks.iter().map(stored).collect(),
        head: commit.head.map(oracle::root),
        finalised: commit.finalised.map(oracle::root),
        state: commit
            .values
            .iter()
            .map(|(key, value)| (vec![*key], value.map(|value| vec![value])))
            .collect(),
    }
}

/// What is wrong with a checkpoint, in the words of the model.
#[must_use]
pub fn broken(damage: &CheckpointDamage) -> Broken {
    let fault = match damage.fault {
        CheckpointFault::Missing => Fault::Missing,
        CheckpointFault::Id => Fault::Rotten,
        CheckpointFault::Height { .. } => Fault::Wrong(Field::Height),
        CheckpointFault::Interval { .. } => Fault::Wrong(Field::Interval),
        CheckpointFault::BlockRoot => Fault::Wrong(Field::BlockRoot),
        CheckpointFault::StateRoot => Fault::Wrong(Field::StateRoot),
        CheckpointFault::Unlinked => Fault::Wrong(Field::Previous),
        CheckpointFault::Block => Fault::Block,
        other => violated("CH-7", format!("nobody made the fault {other:?}")),
    };
    Broken { height: damage.height, fault, last_valid: damage.last_valid }
}

/// A refusal in the words of the model; a failure as its text.
#[allow(
    unreachable_patterns,
    reason = "the real enums are open to other crates, those of the twin lie in this one"
)]
fn refusal(error: StoreError) -> Result<Refusal, String> {
    Ok(match error {
        StoreError::Refused(refused) => match refused {
            CommitRefused::UnknownParent { .. } => Refusal::UnknownParent,
            CommitRefused::Height { .. } => Refusal::Height,
            CommitRefused::OtherHeight { .. } => Refusal::OtherHeight,
            CommitRefused::Pruned { .. } => Refusal::Pruned,
            CommitRefused::UnknownBlock { .. } => Refusal::UnknownBlock,
            CommitRefused::CrossesFinalised { .. } => Refusal::CrossesFinalised,
            CommitRefused::NotCanonical { .. } => Refusal::NotCanonical,
            CommitRefused::FinalisedBefore { .. } => Refusal::FinalisedBefore,
            other => return Err(other.to_string()),
        },
        StoreError::Vote(_) => Refusal::Voted,
        StoreError::Anchor(refused) => match refused {
            AnchorRefused::Empty { .. } => Refusal::EmptyRange,
            AnchorRefused::Hole { .. } => Refusal::Hole,
            AnchorRefused::Overlap { .. } => Refusal::Overlap,
            AnchorRefused::Unfinalised { .. } => Refusal::Unfinalised,
            AnchorRefused::OtherBlock { .. } => Refusal::OtherBlock,
            AnchorRefused::ParentUsed { .. } => Refusal::ParentUsed,
            other => return Err(other.to_string()),
        },
        StoreError::Prune(PruneRefused::NoCheckpoint { .. }) => Refusal::NoCheckpoint,
        StoreError::Prune(PruneRefused::Before { .. }) => Refusal::PrunedBefore,
        StoreError::Checkpoint(damage) => Refusal::Checkpoint(broken(&damage)),
        StoreError::Damaged(Damage { what: What::Block, height }) => Refusal::Damaged(height),
        other => return Err(other.to_string()),
    })
}
