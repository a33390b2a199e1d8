//! Checkpoints by definition, and how they can be damaged.

use super::Held;

/// How the row of a checkpoint is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Row {
    /// It is not there.
    Missing,
    /// Bits of it have flipped.
    Rotten,
    /// It is a whole checkpoint, and not the right one.
    Forged(Field),
}

/// What a forged checkpoint says wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// The height.
    Height,
    /// The interval.
    Interval,
    /// The block.
    BlockRoot,
    /// The state.
    StateRoot,
    /// The predecessor.
    Previous,
}

/// What is said of a checkpoint that is not served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// It is missing.
    Missing,
    /// It is not what was written.
    Rotten,
    /// A field is wrong, the predecessor included.
    Wrong(Field),
    /// Its block is damaged.
    Block,
}

/// A checkpoint that is not served, and the last good one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Broken {
    /// Its height.
    pub height: u64,
    /// What is wrong.
    pub fault: Fault,
    /// The height of the last good one; 0 for none.
    pub last_valid: u64,
}

impl Held {
    /// The heights that have a checkpoint.
    #[must_use]
    pub fn due(&self) -> Vec<u64> {
        (1..=self.finalised_height()).filter(|height| height.is_multiple_of(self.interval)).collect()
    }

    /// What is wrong with a checkpoint, and with its link, if the row before it is damaged so.
    fn judged(&self, height: u64, before: Option<Row>) -> Option<Fault> {
        match self.rows.get(&height) {
            Some(Row::Missing) => return Some(Fault::Missing),
            Some(Row::Rotten) => return Some(Fault::Rotten),
            _ => {}
        }
        let block = self.canonical.get(&height)?;
        if self.rotten.contains(block) {
            return Some(Fault::Block);
        }
        match (self.rows.get(&height), before) {
            (Some(Row::Forged(field)), _) => Some(Fault::Wrong(*field)),
            (_, Some(_)) => Some(Fault::Wrong(Field::Previous)),
            _ => None,
        }
    }

    /// What is wrong with the checkpoint of a height, read alone: with itself, its block, or its link.
    #[must_use]
    pub fn fault_at(&self, height: u64) -> Option<Fault> {
        let before = self.rows.get(&(height - self.interval)).copied();
        match before {
            // What it should name cannot be known.
            Some(Row::Missing | Row::Rotten) => Some(Fault::Wrong(Field::Previous)),
            _ => self.judged(height, before),
        }
    }

    /// What a reader of the checkpoint of a height is told.
    #[must_use]
    pub fn broken_at(&self, height: u64) -> Option<Broken> {
        let fault = self.fault_at(height)?;
        let below = self.due().into_iter().rev().filter(|below| *below < height);
        let last_valid = below.into_iter().find(|below| self.fault_at(*below).is_none()).unwrap_or(0);
        Some(Broken { height, fault, last_valid })
    }

    /// What a verification of all of them finds: how many are good, and the first that is not.
    #[must_use]
    pub fn verified(&self) -> (u64, Option<Broken>) {
        let mut last_valid = 0;
        for (good, height) in (0..).zip(self.due()) {
            // All before it are good, so only its own row can be wrong.
            if let Some(fault) = self.judged(height, None) {
                return (good, Some(Broken { height, fault, last_valid }));
            }
            last_valid = height;
        }
        (self.due().len() as u64, None)
    }

    /// Rebuilds what is damaged behind a height, from intact blocks; where the checkpoint at this height is not good
    /// itself, behind the genesis. Says which one stopped it.
    pub(super) fn mend(&mut self, after: u64) -> Option<Broken> {
        let after = if after > 0 && self.fault_at(after).is_some() { 0 } else { after };
        let mut last_valid = after;
        for height in self.due().into_iter().filter(|height| *height > after) {
            if self.rotten.contains(&self.canonical[&height]) {
                return Some(Broken { height, fault: Fault::Block, last_valid });
            }
            self.rows.remove(&height);
            last_valid = height;
        }
        None
    }
}
