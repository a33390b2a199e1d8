//! The truth of a case: which blocks there are.

use super::words::{SyncBlock, SyncTip};
use crate::chain::Root;

/// How long a slot is, in milliseconds.
pub(super) const SLOT: u64 = 4_000;

/// Between two blocks there is an empty slot, so that no chain by Streamlet's rule makes one final: any fork may win.
pub(super) const SPACING: u64 = 2;

/// The slot of the first block.
const FIRST_SLOT: u64 = 10;

/// What tells the blocks of the lower fork, and those that nobody certifies, from the honest ones.
const BESIDE: u8 = 1;

/// The root of what nobody has.
pub(super) const STRANGER: Root = [0xEE; 32];

/// How an engine computes roots.
pub(super) type RootOf = fn(u8, &Root, u64, u64) -> Root;

/// All blocks of a case, and what honest peers have at a time.
#[derive(Clone, Debug)]
pub(super) struct World {
    root: RootOf,
    pub(super) genesis: SyncBlock,
    /// What honest peers have, from height 1 up.
    pub(super) honest: Vec<SyncBlock>,
    /// A lower chain that was certified too, from height 1 up.
    pub(super) fork: Vec<SyncBlock>,
    /// What honest peers have left.
    left: Vec<SyncBlock>,
    /// The honest tips, and since when, in milliseconds.
    tips: Vec<(u64, SyncTip)>,
    /// How often honest peers have left a branch.
    pub(super) reorgs: u8,
}

impl World {
    /// A world whose honest tip was made so many slots ago; also what time it is.
    pub(super) fn new(root: RootOf, height: u64, age: u64) -> (Self, u64) {
        let none = [0; 32];
        let origin = root(0, &none, 0, 0);
        let genesis = SyncBlock { root: origin, parent: none, height: 0, slot: 0, salt: 0, certified: true };
        let mut world = World {
            root,
            genesis,
            honest: Vec::new(),
            fork: Vec::new(),
            left: Vec::new(),
            tips: Vec::new(),
            reorgs: 0,
        };
        for number in 0..height {
            let block = world.behind(&world.tip(), FIRST_SLOT + SPACING * number, 0);
            world.honest.push(block);
        }
        world.fork = world.lower_fork();
        let slot = world.tip().slot.max(FIRST_SLOT) + age;
        let now = slot * SLOT + 1_000;
        world.tips.push((0, world.tip().tip()));
        (world, now)
    }

    /// A certified block behind another one.
    pub(super) fn behind(&self, parent: &SyncBlock, slot: u64, salt: u8) -> SyncBlock {
        let height = parent.height + 1;
        let root = (self.root)(salt, &parent.root, height, slot);
        SyncBlock { root, parent: parent.root, height, slot, salt, certified: true }
    }

    /// The fork: the lower half of the honest chain, and other blocks up to one below its tip.
    fn lower_fork(&self) -> Vec<SyncBlock> {
        let half = self.honest.len() / 2;
        let mut fork = self.honest[..half].to_vec();
        for height in half..self.honest.len().saturating_sub(1) {
            let parent = fork.last().copied().unwrap_or(self.genesis);
            fork.push(self.behind(&parent, self.honest[height].slot, BESIDE));
        }
        fork
    }

    /// The honest tip.
    pub(super) fn tip(&self) -> SyncBlock {
        self.honest.last().copied().unwrap_or(self.genesis)
    }

    /// Honest peers make a block in the slot of a time.
    pub(super) fn grow(&mut self, now: u64) {
        let block = self.behind(&self.tip(), now / SLOT, self.salt());
        self.honest.push(block);
        self.tips.push((now, block.tip()));
    }

    /// What tells the honest blocks of now from those of before.
    fn salt(&self) -> u8 {
        [0, 2, 3][usize::from(self.reorgs) % 3]
    }

    /// Honest peers leave so many of their last blocks for one more of another branch, whose slots have all begun.
    pub(super) fn reorg(&mut self, back: usize, now: u64) {
        let base = self.honest.len() - back.min(self.honest.len());
        let slots: Vec<u64> = self.honest[base..].iter().map(|block| block.slot).collect();
        self.left.extend(self.honest.drain(base..));
        self.reorgs += 1;
        for slot in slots.into_iter().chain([now / SLOT]) {
            let block = self.behind(&self.tip(), slot, self.salt());
            self.honest.push(block);
        }
        self.tips.push((now, self.tip().tip()));
    }

    /// A block of any chain of certified blocks.
    pub(super) fn find(&self, root: &Root) -> Option<SyncBlock> {
        let all = self.honest.iter().chain(&self.fork).chain(&self.left);
        all.chain([&self.genesis]).find(|block| block.root == *root).copied()
    }

    /// The block of no authority above the honest tip.
    pub(super) fn forged(&self) -> SyncBlock {
        let tip = self.tip();
        SyncBlock { certified: false, ..self.behind(&tip, tip.slot + 1, BESIDE) }
    }

    /// A certified block of this height that is linked to nothing.
    pub(super) fn unlinked(&self, height: u64) -> SyncBlock {
        let slot = FIRST_SLOT + SPACING * height;
        let root = (self.root)(BESIDE, &STRANGER, height, slot);
        SyncBlock { root, parent: STRANGER, height, slot, salt: BESIDE, certified: true }
    }

    /// The height of the honest tip at a time.
    pub(super) fn height_at(&self, time: u64) -> u64 {
        self.tips.iter().rev().find(|(since, _)| *since <= time).map_or(0, |(_, tip)| tip.height)
    }
}
