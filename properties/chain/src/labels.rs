//! What the suite of a node counts: steps by kind, state and outcome, and the situations that it must meet.

use std::cell::RefCell;

use alys_engines::coverage::{self, Labels, Situation};
use alys_models::chain::{
    ChainOutcome as O, NotImported, NotPruned, NotRolledBack, PoolBound, Refused, Unapproved,
};

use crate::reference::{Signed, State, Step};

/// The coverage of the suite of a node.
#[derive(Clone, Copy, Debug)]
pub struct ChainLabels;

const fn must(name: &'static str) -> Situation {
    Situation { name, minimum: 10 }
}

impl Labels for ChainLabels {
    const KINDS: &'static [&'static str] = &[
        "deliver",
        "approve",
        "aggregate",
        "tick",
        "propose",
        "roll back",
        "prune",
        "restart",
        "crash",
        "import",
    ];
    const CLASSES: &'static [&'static str] = &["nothing final", "final", "pruned", "violated"];
    const OUTCOMES: &'static [&'static str] = &[
        "nothing",
        "refused",
        "known",
        "waits",
        "candidate",
        "unapproved",
        "approval known",
        "approval kept",
        "evicted",
        "voted",
        "proposed",
        "committed",
        "not proposed",
        "not rolled back",
        "not pruned",
        "not imported",
    ];
    const SITUATIONS: &'static [Situation] = &[
        must("a reorg of depth 1"),
        must("a reorg of depth 2"),
        Situation { name: "a reorg of depth 3 or more", minimum: 3 },
        must("a finality lag of 5 or more"),
        must("finality ends a lag of 3 or more"),
        must("finality takes in several blocks at once"),
        must("several checkpoints in one commit"),
        must("final blocks conflict"),
        must("a block enters after a violation"),
        must("an orphan enters"),
        Situation { name: "several blocks enter in one step", minimum: 5 },
        must("an equivocating proposer: two candidates of one slot"),
        must("an approval comes before its block"),
        must("overlapping aggregates are a quorum only apart"),
        must("evicted by the bound of its owner"),
        must("evicted by the bound of all"),
        must("evicted by the bound of its block"),
        must("a vote"),
        must("no second vote in a slot"),
        Situation { name: "a crash between a vote's slot and the vote", minimum: 5 },
        must("a crash between a commit and what it makes known"),
        must("a rollback that moves the tip"),
        must("a rollback across finality is refused"),
        must("a rollback to another fork is refused"),
        must("a candidate waits again"),
        must("pruned"),
        must("pruned a fork"),
        must("a prune above finality is refused"),
        must("refused for its slot"),
        must("refused for its proposer"),
        must("refused for its body"),
        must("refused for its signature"),
        must("refused for its height"),
        must("refused for its order"),
        must("refused for its payments"),
        must("refused for its state"),
        must("an approval of another slot came first"),
        must("an approval with foreign bits"),
        must("an unknown signer"),
        must("imported"),
        must("imported what the pool had"),
        must("imported unverified"),
        must("an import of a foreign certificate"),
        must("an import of too few"),
        must("an import of a wrong certificate"),
        must("an import of an invalid block"),
        must("an import without its parent"),
        must("an import before its slot"),
    ];
}

/// The tip's height over the finalised one.
#[must_use]
pub fn lag(state: &State) -> u64 {
    let now = state.model.now();
    now.tree.height(now.head) - now.tree.height(now.finalised)
}

fn class(state: &State) -> usize {
    let now = state.model.now();
    if now.violation.is_some() {
        3
    } else if now.tree.height(now.tree.base()) > 0 {
        2
    } else {
        usize::from(now.tree.height(now.finalised) > 0)
    }
}

fn kind(step: &Step) -> usize {
    match step {
        Step::Deliver { .. } => 0,
        Step::Approve { .. } => 1,
        Step::Aggregate { .. } => 2,
        Step::Tick(_) => 3,
        Step::Propose(_) => 4,
        Step::Rollback(_) => 5,
        Step::Prune(_) => 6,
        Step::Restart => 7,
        Step::Crash { .. } => 8,
        Step::Import { .. } => 9,
    }
}

fn outcome(outcomes: &[O]) -> usize {
    let rank = |outcome: &O| match outcome {
        O::Refused(..) => 1,
        O::Known(_) => 2,
        O::WaitsForParent(_) | O::WaitsForSlot(_) => 3,
        O::Candidate(_) => 4,
        O::Unapproved(..) => 5,
        O::ApprovalKnown(_) => 6,
        O::ApprovalKept(_) => 7,
        O::Evicted(..) => 8,
        O::PersistVote(_) | O::SendApproval(..) => 9,
        O::PersistProposal(_) | O::SendBlock(_) => 10,
        O::Commit(_) | O::HeadChanged(_) | O::Finalised(_) | O::Violated(..) => 11,
        O::NotProposed(_) => 12,
        O::NotRolledBack(_) => 13,
        O::NotPruned(_) => 14,
        O::NotImported(..) => 15,
    };
    outcomes.iter().map(rank).max().unwrap_or(0)
}

/// How often the tip was so far above the finalised block after a step, and how many blocks a change of the tip has
/// disconnected; the last entry is for all that is more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Distribution {
    /// By lag.
    pub lags: [u64; 12],
    /// By depth; 0 is a tip that only grew.
    pub depths: [u64; 8],
}

thread_local! {
    static DISTRIBUTION: RefCell<Distribution> = RefCell::default();
}

/// Returns what this thread has seen since the last call.
#[must_use]
pub fn take_distribution() -> Distribution {
    DISTRIBUTION.take()
}

fn distribute(state: &State) {
    DISTRIBUTION.with_borrow_mut(|seen| {
        let lag = usize::try_from(lag(state)).unwrap_or(usize::MAX);
        seen.lags[lag.min(seen.lags.len() - 1)] += 1;
        for outcome in &state.outcomes {
            if let O::HeadChanged(moved) = outcome {
                let depth = moved.disconnected.len().min(seen.depths.len() - 1);
                seen.depths[depth] += 1;
            }
        }
    });
}

/// Counts what the last step was, given the state before it.
pub fn record(before: &State, state: &State, step: &Step) {
    distribute(state);
    coverage::record::<ChainLabels>(kind(step), class(before), outcome(&state.outcomes));
    let all = met(before, state, step).into_iter().chain(met_importing(before, state, step));
    for (place, met) in all.enumerate() {
        if met {
            coverage::reached::<ChainLabels>(place);
        }
    }
}

/// Which situations the last step met, in the order of the labels.
fn met(before: &State, state: &State, step: &Step) -> Vec<bool> {
    let out = &state.outcomes;
    let any = |is: &dyn Fn(&O) -> bool| out.iter().any(is);
    let commits: Vec<_> =
        out.iter().filter_map(|one| if let O::Commit(commit) = one { Some(commit) } else { None }).collect();
    let entered = commits.iter().filter(|commit| commit.entered.is_some()).count();
    let depth =
        commits.iter().filter_map(|commit| commit.head.as_ref()).map(|head| head.disconnected.len()).max();
    let (old, pool) = (before.model.now(), before.model.pool());
    let old_height = |id| if old.tree.has(id) { Some(old.tree.height(id)) } else { None };
    let finalised = commits.iter().find_map(|commit| commit.finalised);
    let gained =
        finalised.map(|id| state_height(state, id).saturating_sub(old_height(old.finalised).unwrap_or(0)));
    let crashed = matches!(step, Step::Crash { .. });
    let evicted = |bound: fn(&PoolBound) -> bool| any(&|one| matches!(one, O::Evicted(_, by) if bound(by)));
    let refused = |is: &dyn Fn(&Refused) -> bool| any(&|one| matches!(one, O::Refused(_, why) if is(why)));
    let unapproved =
        |is: &dyn Fn(&Unapproved) -> bool| any(&|one| matches!(one, O::Unapproved(_, why) if is(why)));
    let rolled = matches!(step, Step::Rollback(_)) && commits.iter().any(|commit| commit.head.is_some());
    let wait_again = state.model.pool().waiting().iter().any(|id| pool.candidates().contains(id)) && !crashed;
    vec![
        depth == Some(1),
        depth == Some(2),
        depth >= Some(3),
        lag(state) >= 5,
        finalised.is_some() && lag(before) >= 3,
        gained >= Some(2),
        commits.iter().any(|commit| commit.checkpoints.len() >= 2),
        any(&|one| matches!(one, O::Violated(..))),
        old.violation.is_some() && entered > 0,
        any(&|one| matches!(one, O::Candidate(id) if pool.waiting().contains(id))) && entered > 0,
        entered >= 2,
        equivocated(state),
        any(&|one| matches!(one, O::ApprovalKept(id) if !pool.has(*id))),
        overlapping(state),
        evicted(|bound| matches!(bound, PoolBound::Owner(_))),
        evicted(|bound| matches!(bound, PoolBound::Total(_))),
        evicted(|bound| matches!(bound, PoolBound::OfBlock)),
        any(&|one| matches!(one, O::SendApproval(..))),
        any(&|one| matches!(one, O::Candidate(id) if voted_before(before, *id))),
        crashed && matches!(out.last(), Some(O::PersistVote(_))),
        crashed && matches!(out.last(), Some(O::Commit(commit)) if commit.head.is_some()),
        rolled,
        any(&|one| *one == O::NotRolledBack(NotRolledBack::Final)),
        any(&|one| *one == O::NotRolledBack(NotRolledBack::Final)) && sideways(before, step),
        wait_again && state.model.now().tree.ids().len() < old.tree.ids().len(),
        commits.iter().any(|commit| commit.base.is_some()),
        commits.iter().any(|commit| {
            commit
                .base
                .is_some_and(|base| commit.removed.iter().any(|id| old_height(*id) >= old_height(base)))
        }),
        any(&|one| *one == O::NotPruned(NotPruned::NotFinal)),
        refused(&|why| matches!(why, Refused::Slot(_))),
        refused(&|why| matches!(why, Refused::Proposer(_))),
        refused(&|why| *why == Refused::Body),
        refused(&|why| *why == Refused::Signature),
        refused(&|why| matches!(why, Refused::Height(_))),
        refused(&|why| matches!(why, Refused::Order(_))),
        refused(&|why| matches!(why, Refused::Poor(..) | Refused::Junk(_))),
        refused(&|why| *why == Refused::State),
        unapproved(&|why| matches!(why, Unapproved::Slot(_))) && any(&|one| matches!(one, O::Candidate(_))),
        unapproved(&|why| matches!(why, Unapproved::Bits(_))),
        unapproved(&|why| matches!(why, Unapproved::Unknown(_))),
    ]
}

/// The same for imports, whose situations are the last ones.
fn met_importing(before: &State, state: &State, step: &Step) -> [bool; 9] {
    let imported = matches!(step, Step::Import { .. });
    let entered: Vec<_> = state.outcomes.iter().filter_map(entered_by).collect();
    let not_imported = |is: fn(&NotImported) -> bool| {
        state.outcomes.iter().any(|one| matches!(one, O::NotImported(_, why) if is(why)))
    };
    [
        imported && !entered.is_empty(),
        imported && entered.iter().any(|id| before.model.pool().has(**id)),
        matches!(step, Step::Import { verified: false, signed, .. } if *signed != Signed::Well)
            && !entered.is_empty(),
        not_imported(|why| *why == NotImported::Foreign),
        not_imported(|why| matches!(why, NotImported::NoQuorum(_))),
        not_imported(|why| matches!(why, NotImported::Certificate(_))),
        not_imported(|why| matches!(why, NotImported::Block(_))),
        not_imported(|why| *why == NotImported::Parent),
        not_imported(|why| *why == NotImported::Slot),
    ]
}

fn entered_by(outcome: &O) -> Option<&alys_models::chain::BlockId> {
    match outcome {
        O::Commit(commit) => commit.entered.as_ref(),
        _ => None,
    }
}

fn state_height(state: &State, id: alys_models::chain::BlockId) -> u64 {
    let tree = &state.model.now().tree;
    if tree.has(id) { tree.height(id) } else { 0 }
}

/// Two candidates of one slot.
fn equivocated(state: &State) -> bool {
    let candidates = state.model.pool().candidates();
    let slot = |id| state.blocks.iter().find(|block| block.model.id == id).map(|block| block.model.slot);
    let mut slots: Vec<_> = candidates.into_iter().filter_map(slot).collect();
    slots.sort_unstable();
    slots.windows(2).any(|pair| pair[0] == pair[1])
}

/// A candidate that enough authorities approve, but not in approvals that may be added up.
fn overlapping(state: &State) -> bool {
    let (pool, n) = (state.model.pool(), state.model.setting().authorities);
    pool.candidates().into_iter().any(|id| {
        let all: std::collections::BTreeSet<u64> =
            pool.approvals(id).into_iter().flat_map(|(_, signers)| signers.iter().copied()).collect();
        alys_models::chain::enough(all.len() as u64, n)
    })
}

/// A candidate of the current slot, in which the node has voted.
fn voted_before(before: &State, id: alys_models::chain::BlockId) -> bool {
    let block = before.blocks.iter().find(|block| block.model.id == id);
    let (voted, now) = (before.model.now().voted, before.model.slot_at(before.time));
    voted > 0 && block.is_some_and(|block| block.model.slot == voted && now == Some(voted))
}

/// The target of the rollback is on another fork, not below the finalised block.
fn sideways(before: &State, step: &Step) -> bool {
    let now = before.model.now();
    match step {
        Step::Rollback(block) => !now.tree.on_chain(before.id(*block), now.finalised),
        _ => false,
    }
}
