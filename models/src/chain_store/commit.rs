//! Commits and pruning.

use std::collections::BTreeSet;

use super::{Block, Broken, Commit, Fault, Held, Refusal};

impl Held {
    pub(super) fn commit(&mut self, commit: &Commit) -> Result<(), Refusal> {
        for block in &commit.blocks {
            self.add(*block)?;
        }
        if let Some(head) = commit.head {
            self.move_head(head)?;
        }
        if let Some(finalised) = commit.finalised {
            self.finalise(finalised)?;
        }
        for (key, value) in &commit.values {
            match value {
                Some(value) => self.values.insert(*key, *value),
                None => self.values.remove(key),
            };
        }
        Ok(())
    }

    fn add(&mut self, block: Block) -> Result<(), Refusal> {
        if let Some(stored) = self.blocks.get(&block.id) {
            return if stored.height == block.height { Ok(()) } else { Err(Refusal::OtherHeight) };
        }
        if block.height <= self.base {
            return Err(Refusal::Pruned);
        }
        let parent = self.blocks.get(&block.parent).ok_or(Refusal::UnknownParent)?;
        if parent.height + 1 != block.height {
            return Err(Refusal::Height);
        }
        self.blocks.insert(block.id, block);
        Ok(())
    }

    /// The way from a block down to the canonical chain, the block first; it ends with the canonical block.
    fn way(&self, block: &Block) -> Result<Vec<Block>, Refusal> {
        let mut way = vec![*block];
        let mut at = *block;
        while self.canonical.get(&at.height) != Some(&at.id) {
            if at.height <= self.finalised_height() {
                return Err(Refusal::CrossesFinalised);
            }
            if self.rotten.contains(&at.id) {
                return Err(Refusal::Damaged(at.height));
            }
            at = self.blocks[&at.parent];
            way.push(at);
        }
        Ok(way)
    }

    fn move_head(&mut self, head: u32) -> Result<(), Refusal> {
        let head = *self.blocks.get(&head).ok_or(Refusal::UnknownBlock)?;
        let way = self.way(&head)?;
        if head.height < self.finalised_height() {
            return Err(Refusal::CrossesFinalised);
        }
        self.canonical.retain(|height, _| *height <= head.height);
        self.canonical.extend(way.iter().map(|block| (block.height, block.id)));
        self.head = head.id;
        Ok(())
    }

    fn finalise(&mut self, finalised: u32) -> Result<(), Refusal> {
        let block = *self.blocks.get(&finalised).ok_or(Refusal::UnknownBlock)?;
        let before = self.finalised_height();
        if block.height < before {
            return Err(Refusal::FinalisedBefore);
        }
        if self.canonical.get(&block.height) != Some(&finalised) {
            return Err(Refusal::NotCanonical);
        }
        let new: Vec<_> =
            (before + 1..=block.height).filter(|height| height.is_multiple_of(self.interval)).collect();
        if !new.is_empty() {
            // A new checkpoint never follows a damaged one.
            if let Some(broken) = self.mend(self.verified_up_to) {
                return Err(Refusal::Checkpoint(broken));
            }
            self.verified_up_to = self.last_due();
        }
        self.finalised = finalised;
        let damaged = new.into_iter().find(|height| self.rotten.contains(&self.canonical[height]));
        match damaged {
            Some(height) => {
                let last_valid = self.verified_up_to;
                Err(Refusal::Checkpoint(Broken { height, fault: Fault::Block, last_valid }))
            }
            None => Ok(()),
        }
    }

    /// The blocks at a height.
    fn at(&self, height: u64) -> impl Iterator<Item = &Block> {
        self.blocks.values().filter(move |block| block.height == height)
    }

    /// What forks from below a checkpoint: the other blocks at its height, and all behind them.
    ///
    /// The parent of a damaged block cannot be read.
    fn forks(&self, height: u64, checkpoint: u32) -> Result<BTreeSet<u32>, Refusal> {
        let mut level: BTreeSet<u32> = self.at(height).map(|block| block.id).collect();
        level.remove(&checkpoint);
        let (mut forks, mut height) = (BTreeSet::new(), height);
        while !level.is_empty() {
            height += 1;
            if self.at(height).any(|block| self.rotten.contains(&block.id)) {
                return Err(Refusal::Damaged(height));
            }
            let next = self.at(height).filter(|block| level.contains(&block.parent));
            let next = next.map(|block| block.id).collect();
            forks.append(&mut level);
            level = next;
        }
        Ok(forks)
    }

    /// Forgets what lies below a checkpoint and what does not descend from it; canonical blocks with a checkpoint and the
    /// genesis stay.
    pub(super) fn prune(&mut self, below: u64) -> Result<(), Refusal> {
        if !self.due().contains(&below) {
            return Err(Refusal::NoCheckpoint);
        }
        if below < self.base {
            return Err(Refusal::PrunedBefore);
        }
        if let Some(broken) = self.broken_at(below) {
            return Err(Refusal::Checkpoint(broken));
        }
        let forks = self.forks(below, self.canonical[&below])?;
        let stays = |held: &Held, block: &Block| {
            let canonical = held.canonical.get(&block.height) == Some(&block.id);
            let bound = canonical && block.height.is_multiple_of(held.interval);
            bound || block.height >= below && !forks.contains(&block.id)
        };
        let kept: Vec<u32> =
            self.blocks.values().filter(|block| stays(self, block)).map(|block| block.id).collect();
        self.blocks.retain(|id, _| kept.contains(id));
        self.canonical.retain(|_, id| kept.contains(id));
        self.rotten.retain(|id| kept.contains(id));
        self.base = below;
        Ok(())
    }
}
