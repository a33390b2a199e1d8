//! All that a store can be asked, held to what the model holds.

use std::collections::{BTreeMap, BTreeSet};

use alys_models::chain_store::Held;

use super::{
    capabilities::{ChainCapabilities, FinalityRule},
    foretell::Plan,
    subject::ChainStoreUnderTest,
    words::{ChainBlock, ChainTip, ReadCheckpoint, Root, SeenCheckpoint},
};

/// What of a store differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aspect {
    /// The tip.
    Head,
    /// The tip, which does not even descend from the final block.
    Left,
    /// The final block.
    Final,
    /// A block.
    Stored,
    /// The block of a height.
    Index,
    /// The last slot with a vote.
    Vote,
    /// At which heights there are checkpoints.
    Due,
    /// What a checkpoint says.
    Bound,
    /// A checkpoint that is damaged.
    Harmed,
    /// What a verification says.
    Verified,
}

/// What differs, and how.
pub(super) type Seen = Vec<(Aspect, String)>;

/// What the kit knows of a store beside the model.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    /// The checkpoints that were seen when they were intact.
    pub(super) checkpoints: BTreeMap<u64, SeenCheckpoint>,
    /// The heights whose checkpoints were damaged since.
    pub(super) damaged: BTreeSet<u64>,
}

/// One look at a store.
pub(super) struct Look<'a> {
    pub(super) able: &'a ChainCapabilities,
    pub(super) plan: &'a Plan,
    pub(super) held: &'a Held,
    pub(super) store: &'a dyn ChainStoreUnderTest,
    /// Whether it may be that the store cannot tell: its disk is gone.
    pub(super) silent: bool,
}

impl Look<'_> {
    /// Looks at everything, and remembers the checkpoints.
    pub(super) fn at_all(&self, known: &mut Known) -> Seen {
        let mut seen = self.at_marks();
        if !seen.is_empty() {
            // What follows from a wrong tip or final block is not told as well.
            return seen;
        }
        if self.able.blocks && self.able.inserts() {
            self.at_blocks(&mut seen);
        }
        if self.able.index {
            self.at_index(&mut seen);
        }
        if self.able.checkpoints {
            self.at_checkpoints(known, &mut seen);
        }
        seen
    }

    /// Looks at the tip, the final block and the vote.
    pub(super) fn at_marks(&self) -> Seen {
        let mut seen = Vec::new();
        self.same(Aspect::Head, "the tip", self.store.head(), &self.tip(self.held.head), &mut seen);
        if let (Some((aspect, _)), Ok(head)) = (seen.first_mut(), self.store.head())
            && self.number(&head.root).is_none_or(|id| !self.held.on_chain(self.held.finalised, id))
        {
            *aspect = Aspect::Left;
        }
        if self.able.finality != FinalityRule::Genesis {
            let expected = self.tip(self.held.finalised);
            self.same(Aspect::Final, "the final block", self.store.finalised(), &expected, &mut seen);
        }
        if self.able.votes {
            let voted = self.store.voted();
            self.same(Aspect::Vote, "the last slot with a vote", voted, &self.held.voted, &mut seen);
        }
        seen
    }

    fn same<T: PartialEq + Told>(
        &self,
        aspect: Aspect,
        what: &str,
        found: Result<T, String>,
        expected: &T,
        seen: &mut Seen,
    ) {
        let told = match found {
            Ok(found) if found == *expected => return,
            Ok(found) => found.told(self.plan),
            Err(_) if self.silent => return,
            Err(error) => format!("not told: {error}"),
        };
        seen.push((aspect, format!("{what} is {told}, and should be {}", expected.told(self.plan))));
    }

    /// The number of a block that is held, by its root.
    fn number(&self, root: &Root) -> Option<u32> {
        let numbers = self.plan.iter().filter(|(_, planned)| planned.block.root == *root);
        numbers.map(|(number, _)| u32::from(*number)).find(|id| self.held.blocks.contains_key(id))
    }

    fn block(&self, id: u32) -> &ChainBlock {
        &self.plan[&(id as u8)].block
    }

    fn tip(&self, id: u32) -> ChainTip {
        let block = self.block(id);
        ChainTip { height: block.height, root: block.root }
    }

    fn at_blocks(&self, seen: &mut Seen) {
        for (number, planned) in self.plan {
            let expected = self.held.blocks.contains_key(&u32::from(*number)).then_some(planned.block);
            let found = self.store.block(&planned.block.root);
            self.same(Aspect::Stored, &format!("block {number}"), found, &expected, seen);
        }
    }

    fn at_index(&self, seen: &mut Seen) {
        for height in 0..=self.highest() + 1 {
            let expected = self.held.canonical.get(&height).map(|id| self.block(*id).root);
            let what = format!("the block at height {height}");
            self.same(Aspect::Index, &what, self.store.at(height), &expected, seen);
        }
    }

    fn highest(&self) -> u64 {
        self.held.blocks.values().map(|block| block.height).max().unwrap_or(0)
    }

    fn at_checkpoints(&self, known: &mut Known, seen: &mut Seen) {
        let due = self.held.due();
        let (mut before, mut reported) = (None, None);
        for height in 0..=self.highest() + 1 {
            let read = self.store.checkpoint(height);
            if !due.contains(&height) {
                if read != ReadCheckpoint::Absent {
                    let message =
                        format!("at height {height} none is due, and it says {}", read.told(self.plan));
                    seen.push((Aspect::Due, message));
                }
                continue;
            }
            match read {
                ReadCheckpoint::Valid(valid) => {
                    self.at_valid(height, &valid, before.as_ref(), known, seen);
                    before = Some(valid);
                }
                ReadCheckpoint::Damaged if known.damaged.iter().any(|damaged| *damaged <= height) => {
                    reported = reported.or(Some(height));
                    before = None;
                }
                other => {
                    let harmed = known.damaged.contains(&height);
                    let aspect = if harmed { Aspect::Harmed } else { Aspect::Due };
                    let message = format!("the checkpoint at height {height} is {}", other.told(self.plan));
                    seen.push((aspect, message));
                }
            }
        }
        if self.able.verify {
            self.same(Aspect::Verified, "the first damaged checkpoint", self.store.verify(), &reported, seen);
        }
    }

    /// Looks at a checkpoint that is said to be good.
    fn at_valid(
        &self,
        height: u64,
        valid: &SeenCheckpoint,
        before: Option<&SeenCheckpoint>,
        known: &mut Known,
        seen: &mut Seen,
    ) {
        let harmed = known.damaged.contains(&height);
        let aspect = if harmed { Aspect::Harmed } else { Aspect::Bound };
        let mut differs = |message: String| seen.push((aspect, message));
        let root = self.block(self.held.canonical[&height]).root;
        if valid.height != height || valid.root != root {
            let says = ChainTip { height: valid.height, root: valid.root }.told(self.plan);
            differs(format!("the checkpoint at height {height} says {says}"));
        }
        if let Some(before) = before
            && valid.previous != before.id
        {
            differs(format!("the checkpoint at height {height} does not name the one at {}", before.height));
        }
        match known.checkpoints.get(&height) {
            Some(known) if known != valid => {
                differs(format!("the checkpoint at height {height} is not what it was"));
            }
            Some(_) => {}
            None if known.checkpoints.values().any(|other| other.id == valid.id) => {
                differs(format!("the checkpoint at height {height} has the id of another one"));
            }
            None => drop(known.checkpoints.insert(height, valid.clone())),
        }
    }
}

/// Says something in numbers of blocks.
pub(super) trait Told {
    /// In words.
    fn told(&self, plan: &Plan) -> String;
}

impl Told for Root {
    fn told(&self, plan: &Plan) -> String {
        let found = plan.iter().find(|(_, planned)| planned.block.root == *self);
        found.map_or("a block that nobody offered".to_owned(), |(number, _)| format!("block {number}"))
    }
}

impl Told for ChainTip {
    fn told(&self, plan: &Plan) -> String {
        format!("{} at height {}", self.root.told(plan), self.height)
    }
}

impl Told for ChainBlock {
    fn told(&self, plan: &Plan) -> String {
        let ChainBlock { root, parent, height, slot } = self;
        format!("{} behind {} at height {height} and slot {slot}", root.told(plan), parent.told(plan))
    }
}

impl<T: Told> Told for Option<T> {
    fn told(&self, plan: &Plan) -> String {
        self.as_ref().map_or("none".to_owned(), |it| it.told(plan))
    }
}

impl Told for u64 {
    fn told(&self, _: &Plan) -> String {
        self.to_string()
    }
}

impl Told for ReadCheckpoint {
    fn told(&self, plan: &Plan) -> String {
        match self {
            ReadCheckpoint::Absent => "not there".to_owned(),
            ReadCheckpoint::Damaged => "told to be damaged".to_owned(),
            ReadCheckpoint::Valid(seen) => ChainTip { height: seen.height, root: seen.root }.told(plan),
        }
    }
}
