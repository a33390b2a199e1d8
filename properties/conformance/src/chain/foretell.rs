//! What the rules say: whether a store must do what it is asked, and what it then holds.

use std::collections::BTreeMap;

use alys_models::chain_store::{Block, ChainStoreModel, Commit, Held, Outcome, Refusal, Transition};

use super::{
    capabilities::{ChainCapabilities, FinalityRule},
    clauses::{BACKWARD, CROSSED, FINAL, FITS, MOVED, VOTED},
    steps::{Act, NOBODY, Offer},
    words::ChainBlock,
};
use crate::clause::Clause;

/// A block that was offered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Planned {
    pub(super) offer: Offer,
    /// The number of its parent in the model: [`NOBODY`] where the parent was not known when it was offered.
    pub(super) parent: u8,
    pub(super) block: ChainBlock,
}

/// The blocks that were offered, by number.
pub(super) type Plan = BTreeMap<u8, Planned>;

/// What must come of an act: what is held then, or why it is refused.
pub(super) type Foretold = Result<Held, Refusal>;

fn made(held: &Held, transition: &Transition) -> Foretold {
    let mut model = ChainStoreModel::holding(held.clone());
    match model.apply(transition) {
        Outcome::Done => Ok(model.durable),
        Outcome::Refused(refusal) => Err(refusal),
    }
}

fn committed(held: &Held, commit: Commit) -> Foretold {
    made(held, &Transition::Commit(commit))
}

/// What must come of an act; `None` where it has nothing to work on, or where the rules leave it open: two final blocks that
/// conflict are possible only with a third of the authorities lying.
pub(super) fn foretell(able: &ChainCapabilities, plan: &Plan, held: &Held, act: Act) -> Option<Foretold> {
    match act {
        Act::Insert(offer) => {
            let planned = plan.get(&offer.block).filter(|planned| planned.offer == offer)?;
            let (id, parent) = (u32::from(offer.block), u32::from(planned.parent));
            let blocks = vec![Block { id, parent, height: planned.block.height }];
            match committed(held, Commit { blocks, ..Commit::default() }) {
                Ok(grown) if able.chooses() => chosen(able, plan, &grown),
                other => Some(other),
            }
        }
        Act::Move(block) => {
            let head = u32::from(plan.get(&block)?.offer.block);
            let moves = head != held.head;
            moves.then(|| committed(held, Commit { head: Some(head), ..Commit::default() }))
        }
        Act::Finalise(block) => {
            let finalised = u32::from(plan.get(&block)?.offer.block);
            let moves = finalised != held.finalised;
            moves.then(|| committed(held, Commit { finalised: Some(finalised), ..Commit::default() }))
        }
        Act::Vote(slot) => Some(made(held, &Transition::Vote { slot: u64::from(slot) })),
    }
}

/// What a store holds that has chosen its tip among its blocks, and its final block where it decides that.
fn chosen(able: &ChainCapabilities, plan: &Plan, held: &Held) -> Option<Foretold> {
    let by_slots = able.finality == FinalityRule::Slots;
    let through = if by_slots { settled(plan, held)? } else { held.finalised };
    let root = |id: u32| plan.get(&(id as u8)).map(|planned| planned.block.root);
    let head = Some(held.chosen(through, root));
    let finalised = (through != held.finalised).then_some(through);
    Some(committed(held, Commit { head, finalised, ..Commit::default() }))
}

/// The final block by slots; `None` where two conflict.
fn settled(plan: &Plan, held: &Held) -> Option<u32> {
    let slot = |id: u32| plan.get(&(id as u8)).map_or(0, |planned| planned.block.slot);
    let middles = held.middles(slot).into_iter().chain([held.finalised]);
    let all: Vec<u32> =
        middles.filter(|id| !held.on_chain(*id, held.finalised) || *id == held.finalised).collect();
    let highest = all.iter().copied().max_by_key(|id| held.blocks[id].height)?;
    all.iter().all(|id| held.on_chain(*id, highest)).then_some(highest)
}

/// The way to a block from the genesis on, as far as it is known.
pub(super) fn way(plan: &Plan, number: u8) -> Vec<ChainBlock> {
    let mut way = Vec::new();
    let mut at = number;
    while let Some(planned) = plan.get(&at) {
        way.push(planned.block);
        if at == 0 || planned.parent == NOBODY {
            break;
        }
        at = planned.parent;
    }
    way.reverse();
    way
}

/// The clause that says that something is refused.
pub(super) fn refused_by(
    able: &ChainCapabilities,
    plan: &Plan,
    act: Act,
    refusal: Refusal,
) -> &'static Clause {
    match (act, refusal) {
        (Act::Insert(_), _) => &FITS,
        (Act::Vote(_), _) => &VOTED,
        (Act::Finalise(_), Refusal::FinalisedBefore) => &BACKWARD,
        (Act::Finalise(_), _) => &FINAL,
        (Act::Move(_), Refusal::CrossesFinalised) => &CROSSED,
        (Act::Move(_), _) if able.inserts() => &MOVED,
        (Act::Move(block), _) => match way(plan, block).first() {
            // The genesis is final: a way from another one leaves it.
            Some(first) if first.height == 0 && first.root != plan[&0].block.root => &CROSSED,
            _ => &FITS,
        },
    }
}

/// The clause that says that something is done.
pub(super) fn done_by(act: Act) -> &'static Clause {
    match act {
        Act::Insert(_) => &FITS,
        Act::Move(_) => &MOVED,
        Act::Finalise(_) => &FINAL,
        Act::Vote(_) => &VOTED,
    }
}
