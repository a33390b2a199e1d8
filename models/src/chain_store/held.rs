//! What a store holds.

use std::collections::{BTreeMap, BTreeSet};

use super::{Block, Outcome, Refusal, Row, Transition};

/// A range of heights, the block at its end, and the parent header that anchors it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Anchor {
    /// Where it begins.
    pub first: u64,
    /// Where it ends.
    pub last: u64,
    /// The block at its end.
    pub block: u32,
    /// The parent header.
    pub parent: u8,
}

/// All that a store holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Held {
    /// How many heights lie between two checkpoints.
    pub interval: u64,
    /// The blocks that are stored.
    pub blocks: BTreeMap<u32, Block>,
    /// The canonical blocks by height, as far as they are stored.
    pub canonical: BTreeMap<u64, u32>,
    /// The tip.
    pub head: u32,
    /// The finalised block.
    pub finalised: u32,
    /// The height below which blocks were pruned.
    pub base: u64,
    /// The last slot with a vote.
    pub voted: u64,
    /// What is anchored.
    pub anchors: Vec<Anchor>,
    /// The values of the finalised state.
    pub values: BTreeMap<u8, u8>,
    /// The height up to which checkpoints were verified.
    pub verified_up_to: u64,
    /// The checkpoints that are damaged.
    pub rows: BTreeMap<u64, Row>,
    /// The blocks that are damaged.
    pub rotten: BTreeSet<u32>,
}

impl Held {
    /// Only the genesis.
    #[must_use]
    pub fn new(interval: u64) -> Self {
        Held {
            interval,
            blocks: BTreeMap::from([(0, Block { id: 0, parent: 0, height: 0 })]),
            canonical: BTreeMap::from([(0, 0)]),
            head: 0,
            finalised: 0,
            base: 0,
            voted: 0,
            anchors: Vec::new(),
            values: BTreeMap::new(),
            verified_up_to: 0,
            rows: BTreeMap::new(),
            rotten: BTreeSet::new(),
        }
    }

    /// The height of the tip.
    #[must_use]
    pub fn head_height(&self) -> u64 {
        self.blocks[&self.head].height
    }

    /// The height of the finalised block.
    #[must_use]
    pub fn finalised_height(&self) -> u64 {
        self.blocks[&self.finalised].height
    }

    /// The height of the last anchored block.
    #[must_use]
    pub fn anchored(&self) -> u64 {
        self.anchors.last().map_or(0, |anchor| anchor.last)
    }

    /// The last height with a checkpoint; 0 for none.
    #[must_use]
    pub fn last_due(&self) -> u64 {
        self.due().last().copied().unwrap_or(0)
    }

    /// Makes a transition; what is then refused must not be kept.
    pub(super) fn make(&mut self, transition: &Transition) -> Outcome {
        match self.tried(transition) {
            Ok(()) => Outcome::Done,
            Err(refusal) => Outcome::Refused(refusal),
        }
    }

    fn tried(&mut self, transition: &Transition) -> Result<(), Refusal> {
        match transition {
            Transition::Commit(commit) => self.commit(commit),
            Transition::Vote { slot } => {
                if *slot <= self.voted {
                    return Err(Refusal::Voted);
                }
                self.voted = *slot;
                Ok(())
            }
            Transition::Anchor { first, last, block, parent } => {
                self.anchor(Anchor { first: *first, last: *last, block: *block, parent: *parent })
            }
            Transition::Prune { below } => self.prune(*below),
            Transition::Rebuild => match self.mend(0) {
                Some(broken) => Err(Refusal::Checkpoint(broken)),
                None => {
                    self.verified_up_to = self.last_due();
                    Ok(())
                }
            },
            Transition::Reopen { .. } => {
                self.reopen();
                Ok(())
            }
            Transition::LoseCheckpoint { height } => {
                self.harm(*height, Row::Missing);
                Ok(())
            }
            Transition::RotCheckpoint { height, .. } => {
                self.harm(*height, Row::Rotten);
                Ok(())
            }
            Transition::ForgeCheckpoint { height, field } => {
                self.harm(*height, Row::Forged(*field));
                Ok(())
            }
            Transition::RotBlock { block, .. } => {
                if self.blocks.contains_key(block) {
                    self.rotten.insert(*block);
                }
                self.reopen();
                Ok(())
            }
        }
    }

    /// A file is damaged while it is closed.
    fn harm(&mut self, height: u64, row: Row) {
        if self.due().contains(&height) {
            // What is damaged already is not damaged again: two flips could mend it.
            self.rows.entry(height).or_insert(row);
        }
        self.reopen();
    }

    /// On start what was not verified yet is, and the mark moves unless something is beyond repair.
    fn reopen(&mut self) {
        let (mark, last) = (self.verified_up_to, self.last_due());
        if mark == last && (mark == 0 || self.fault_at(mark).is_none()) {
            return;
        }
        if self.mend(mark).is_none() {
            self.verified_up_to = last;
        }
    }

    fn anchor(&mut self, anchor: Anchor) -> Result<(), Refusal> {
        let Anchor { first, last, block, parent } = anchor;
        if last < first {
            return Err(Refusal::EmptyRange);
        }
        if first <= self.anchored() {
            return Err(Refusal::Overlap);
        }
        if first > self.anchored() + 1 {
            return Err(Refusal::Hole);
        }
        if last > self.finalised_height() {
            return Err(Refusal::Unfinalised);
        }
        if self.canonical.get(&last) != Some(&block) {
            return Err(Refusal::OtherBlock);
        }
        if self.anchors.iter().any(|other| other.parent == parent) {
            return Err(Refusal::ParentUsed);
        }
        self.anchors.push(anchor);
        Ok(())
    }
}
