//! The steps of a case about a chain store, as they are written in Rust.

use super::capabilities::{ChainCapabilities, FinalityRule, TipRule};

/// The number of a parent that nobody has offered.
pub const NOBODY: u8 = 255;

/// A block as it is offered; block 0 is the genesis. What was offered under a number is never another block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Its number.
    pub block: u8,
    /// The number of its parent.
    pub parent: u8,
    /// The height that it says.
    pub height: u8,
    /// Its slot.
    pub slot: u8,
}

/// What a store is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Take in a block. Where blocks come with the tip, it is only known from then on.
    Insert(Offer),
    /// Make the block of this number the tip.
    Move(u8),
    /// Make the block of this number final.
    Finalise(u8),
    /// Vote in a slot.
    Vote(u8),
}

/// How a stored checkpoint is damaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Harm {
    /// It goes missing.
    Lost,
    /// This bit of it flips, modulo as many as there are.
    Flipped(u16),
}

/// One step of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChainStep {
    /// The store is asked to do something.
    Do(Act),
    /// The stored checkpoint of a height is damaged, where it is not already.
    Harm(u8, Harm),
    /// Damaged checkpoints are rebuilt.
    Rebuild,
    /// The store is closed and opened again.
    Reopen,
    /// The power goes between two steps; the number chooses what of the disk survives.
    Crash(u8),
    /// The power goes at this operation of the disk while the store does something, or behind it; the last number chooses
    /// what of the disk survives.
    CrashIn(Act, u8, u8),
    /// Another store takes in the same blocks in another order, which follows from the number.
    Again(u8),
}

impl ChainStep {
    /// What the store is asked to do, if it is asked.
    #[must_use]
    pub fn act(self) -> Option<Act> {
        match self {
            ChainStep::Do(act) | ChainStep::CrashIn(act, ..) => Some(act),
            _ => None,
        }
    }
}

/// Whether a store is able to make a step.
pub(super) fn is_possible(able: &ChainCapabilities, step: ChainStep) -> bool {
    let acts = match step.act() {
        Some(Act::Insert(_)) | None => able.tip.is_some(),
        Some(Act::Move(_)) => able.tip == Some(TipRule::Told),
        Some(Act::Finalise(_)) => able.finality == FinalityRule::Told,
        Some(Act::Vote(_)) => able.votes,
    };
    acts && match step {
        ChainStep::Do(_) => true,
        ChainStep::Harm(..) => able.harms(),
        ChainStep::Rebuild => able.harms() && able.rebuild,
        ChainStep::Reopen => able.reopen,
        ChainStep::Crash(_) | ChainStep::CrashIn(..) => able.disk,
        ChainStep::Again(_) => able.chooses() || able.checkpoints,
    }
}

/// Steps that are simpler than this one, the simplest first.
pub(super) fn simpler(step: ChainStep) -> Vec<ChainStep> {
    match step {
        ChainStep::Do(act) => simpler_acts(act).into_iter().map(ChainStep::Do).collect(),
        ChainStep::Harm(height, Harm::Flipped(bit)) if bit > 0 => {
            vec![ChainStep::Harm(height, Harm::Lost), ChainStep::Harm(height, Harm::Flipped(0))]
        }
        ChainStep::Crash(survivors) if survivors > 0 => vec![ChainStep::Crash(0)],
        ChainStep::CrashIn(act, at, survivors) => {
            let mut simpler = vec![ChainStep::Crash(0)];
            simpler.extend((0..at.min(4)).map(|at| ChainStep::CrashIn(act, at, survivors)));
            if survivors > 0 {
                simpler.push(ChainStep::CrashIn(act, at, 0));
            }
            simpler.extend(simpler_acts(act).into_iter().map(|act| ChainStep::CrashIn(act, at, survivors)));
            simpler
        }
        ChainStep::Again(order) => (0..order.min(3)).map(ChainStep::Again).collect(),
        _ => Vec::new(),
    }
}

fn simpler_acts(act: Act) -> Vec<Act> {
    let smaller = |number: u8| 0..number.min(4);
    match act {
        Act::Insert(offer) => {
            let plain = Offer { parent: 0, height: 1, slot: 1, ..offer };
            let gap = Offer { parent: 0, height: 2, slot: 2, ..offer };
            let offers = [plain, gap, Offer { slot: offer.height, ..offer }];
            offers.into_iter().filter(|other| *other != offer).map(Act::Insert).collect()
        }
        Act::Move(block) => smaller(block).map(Act::Move).collect(),
        Act::Finalise(block) => smaller(block).map(Act::Finalise).collect(),
        Act::Vote(slot) => smaller(slot).map(Act::Vote).collect(),
    }
}

/// The steps that are tried where all sequences are.
pub(super) fn alphabet() -> Vec<ChainStep> {
    let offers = [(1, 0, 1), (2, 1, 2), (3, 0, 1), (4, 3, 2)].map(|(block, parent, height)| {
        ChainStep::Do(Act::Insert(Offer { block, parent, height, slot: height }))
    });
    let told = [1, 2, 3].into_iter().flat_map(|block| [Act::Move(block), Act::Finalise(block)]);
    let told = told.chain([Act::Vote(1)]).map(ChainStep::Do);
    let outside = [ChainStep::Reopen, ChainStep::Crash(0)];
    let again = (0..3).map(ChainStep::Again);
    offers.into_iter().chain(told).chain(outside).chain(again).collect()
}
