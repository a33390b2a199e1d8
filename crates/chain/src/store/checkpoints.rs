//! Checkpoints in the store: made, read, verified, rebuilt.

use super::{
    CheckpointDamage, Damage, StoreError,
    schema::{BlockRows, CanonicalRows, CheckpointRows, HeightRows, Tables, Writing},
    state::ChainRow,
};
use crate::checkpoint::{Checkpoint, CheckpointFault, CheckpointId, Expected};

/// What is found of a checkpoint: itself, or what is wrong with it.
type Judged<T> = Result<T, CheckpointFault>;

/// How far checkpoints are good.
#[derive(Debug)]
pub(super) struct Sweep {
    /// How many were looked at and are good.
    pub(super) checked: u64,
    /// The heights of those that were rebuilt.
    pub(super) rebuilt: Vec<u64>,
    /// The id of the last good one.
    previous: CheckpointId,
    /// The first one that is not good.
    pub(super) damaged: Option<CheckpointDamage>,
}

impl Sweep {
    fn behind(previous: CheckpointId) -> Self {
        Sweep { checked: 0, rebuilt: Vec::new(), previous, damaged: None }
    }
}

impl<B: BlockRows, H: HeightRows, C: CanonicalRows, K: CheckpointRows> Tables<B, H, C, K> {
    /// What the checkpoint of a final height must say, if the block there is intact.
    fn expected(
        &self,
        chain: &ChainRow,
        height: u64,
        previous: CheckpointId,
    ) -> Result<Judged<Expected>, StoreError> {
        match self.canonical_block(chain, height) {
            Ok(Some(block)) => Ok(Ok(Expected {
                previous,
                height,
                block_root: block.root,
                state_root: block.state_root,
                interval: chain.interval,
            })),
            Ok(None) | Err(StoreError::Damaged(Damage { .. })) => Ok(Err(CheckpointFault::Block)),
            Err(error) => Err(error),
        }
    }

    /// The checkpoint that is stored at a height, as far as it speaks for itself.
    fn stored(&self, height: u64) -> Result<Judged<Checkpoint>, StoreError> {
        let row = self.checkpoints.get(height)?;
        Ok(row.ok_or(CheckpointFault::Missing).and_then(|row| Checkpoint::from_row(row.value())))
    }

    /// Reads a checkpoint and holds it to its block and to the id of the one before it.
    fn judged(
        &self,
        chain: &ChainRow,
        height: u64,
        previous: CheckpointId,
    ) -> Result<Judged<Checkpoint>, StoreError> {
        let found = match self.stored(height)? {
            Ok(found) => found,
            Err(fault) => return Ok(Err(fault)),
        };
        let expected = self.expected(chain, height, previous)?;
        Ok(expected.and_then(|expected| expected.check(&found)).map(|()| found))
    }

    /// Reads a checkpoint and holds it to its block and to the one before it, as that one speaks for itself.
    pub(super) fn single(&self, chain: &ChainRow, height: u64) -> Result<Judged<Checkpoint>, StoreError> {
        let before = height - chain.interval.get();
        let previous = match before {
            0 => CheckpointId::of_genesis(chain.genesis),
            _ => match self.stored(before)? {
                Ok(before) => before.id(),
                Err(_) => return Ok(Err(CheckpointFault::Unlinked)),
            },
        };
        self.judged(chain, height, previous)
    }

    /// Serves a checkpoint, or says what is wrong and which is the last valid one.
    pub(super) fn served(&self, chain: &ChainRow, height: u64) -> Result<Checkpoint, StoreError> {
        match self.single(chain, height)? {
            Ok(checkpoint) => Ok(checkpoint),
            Err(fault) => {
                let last_valid = self.last_valid(chain, height)?;
                Err(CheckpointDamage { height, fault, last_valid }.into())
            }
        }
    }

    /// The height of the last checkpoint below this height that is valid by itself and linked; 0 where none is.
    fn last_valid(&self, chain: &ChainRow, below: u64) -> Result<u64, StoreError> {
        let mut height = below - chain.interval.get();
        while height > 0 && self.single(chain, height)?.is_err() {
            height -= chain.interval.get();
        }
        Ok(height)
    }

    /// The id that the checkpoint behind a height must name, if the one at this height is good.
    fn id_at(&self, chain: &ChainRow, height: u64) -> Result<Option<CheckpointId>, StoreError> {
        match height {
            0 => Ok(Some(CheckpointId::of_genesis(chain.genesis))),
            _ => Ok(self.single(chain, height)?.ok().map(|checkpoint| checkpoint.id())),
        }
    }

    /// Whether the checkpoint of a height is good, or none is due before the first one.
    pub(super) fn is_good(&self, chain: &ChainRow, height: u64) -> Result<bool, StoreError> {
        Ok(self.id_at(chain, height)?.is_some())
    }

    /// Looks at all checkpoints from the first on, as far as they are good.
    pub(super) fn sweep(&self, chain: &ChainRow) -> Result<Sweep, StoreError> {
        let mut sweep = Sweep::behind(CheckpointId::of_genesis(chain.genesis));
        let mut last_valid = 0;
        for height in chain.interval.due(0, chain.finalised.height) {
            match self.judged(chain, height, sweep.previous)? {
                Ok(checkpoint) => sweep.previous = checkpoint.id(),
                Err(fault) => {
                    sweep.damaged = Some(CheckpointDamage { height, fault, last_valid });
                    return Ok(sweep);
                }
            }
            sweep.checked += 1;
            last_valid = height;
        }
        let stray = self.strays(chain)?.first().copied();
        sweep.damaged =
            stray.map(|height| CheckpointDamage { height, fault: CheckpointFault::Stray, last_valid });
        Ok(sweep)
    }

    /// The heights of rows at which no checkpoint is due.
    fn strays(&self, chain: &ChainRow) -> Result<Vec<u64>, StoreError> {
        let expected = chain.finalised.height / chain.interval.get();
        if self.checkpoints.len()? == expected {
            return Ok(Vec::new());
        }
        let mut strays = Vec::new();
        for row in self.checkpoints.range::<u64>(..)? {
            let height = row?.0.value();
            if !chain.interval.is_due(height) || height > chain.finalised.height {
                strays.push(height);
            }
        }
        Ok(strays)
    }
}

impl Writing<'_> {
    /// Makes the checkpoints that become due when `to` is finalised.
    ///
    /// Those that were made before and not yet read again are verified first, so a new one never follows a damaged one;
    /// and only they are what the mark then covers.
    pub(super) fn make_due(&mut self, chain: &mut ChainRow, to: u64) -> Result<(), StoreError> {
        let mut due = chain.interval.due(chain.finalised.height, to).peekable();
        if due.peek().is_none() {
            return Ok(());
        }
        let sweep = self.mend(chain, chain.verified_up_to)?;
        if let Some(damaged) = sweep.damaged {
            return Err(damaged.into());
        }
        chain.verified_up_to = chain.interval.last_due(chain.finalised.height);
        let mut previous = sweep.previous;
        for height in due {
            previous = self.make(chain, height, previous)?.map_err(|fault| CheckpointDamage {
                height,
                fault,
                last_valid: chain.verified_up_to,
            })?;
        }
        Ok(())
    }

    /// Writes the checkpoint of a height, and returns its id.
    fn make(
        &mut self,
        chain: &ChainRow,
        height: u64,
        previous: CheckpointId,
    ) -> Result<Judged<CheckpointId>, StoreError> {
        let made = self.expected(chain, height, previous)?.map(|expected| expected.checkpoint());
        if let Ok(checkpoint) = &made {
            self.checkpoints.insert(height, checkpoint.to_row().as_slice())?;
        }
        Ok(made.map(|checkpoint| checkpoint.id()))
    }

    /// Verifies the checkpoints behind a height, and rebuilds those that are not good from intact blocks.
    ///
    /// Where the one at this height is not good itself, all are looked at.
    pub(super) fn mend(&mut self, chain: &ChainRow, after: u64) -> Result<Sweep, StoreError> {
        let Some(previous) = self.id_at(chain, after)? else { return self.mend(chain, 0) };
        let mut sweep = Sweep::behind(previous);
        let mut last_valid = after;
        for height in chain.interval.due(after, chain.finalised.height) {
            let judged = self.judged(chain, height, sweep.previous)?;
            let good = match judged {
                Ok(checkpoint) => Ok(checkpoint.id()),
                Err(_) => {
                    sweep.rebuilt.push(height);
                    self.make(chain, height, sweep.previous)?
                }
            };
            match good {
                Ok(id) => sweep.previous = id,
                Err(fault) => {
                    sweep.rebuilt.pop();
                    sweep.damaged = Some(CheckpointDamage { height, fault, last_valid });
                    break;
                }
            }
            sweep.checked += 1;
            last_valid = height;
        }
        Ok(sweep)
    }

    /// Rebuilds whatever is damaged, from the first checkpoint on, and takes away what is none.
    pub(super) fn rebuild(&mut self, chain: &mut ChainRow) -> Result<Vec<u64>, StoreError> {
        let sweep = self.mend(chain, 0)?;
        if let Some(damaged) = sweep.damaged {
            return Err(damaged.into());
        }
        for height in self.strays(chain)? {
            self.checkpoints.remove(height)?;
        }
        chain.verified_up_to = chain.interval.last_due(chain.finalised.height);
        Ok(sweep.rebuilt)
    }
}
