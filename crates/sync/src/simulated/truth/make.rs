//! How the blocks of a truth are made.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use alys_chain::{
    engine::{ChainConfig, genesis_header},
    scheme::SignatureScheme,
    transition::{Balances, StateTransition as _, SupplyOverflow, Transfer, Transfers},
};
use alys_wire::containers::{Block, BlockBody, BlockHeader, Hash256};
use fastrand::Rng;

use super::authorities::Authorities;
use super::block::{Branch, TrueBlock};
use super::plan::{LongRange, TruthError, TruthPlan};

/// How many accounts there are, and what each of them has at genesis.
const ACCOUNTS: (u64, u64) = (64, 1_000_000);

/// The state at genesis.
pub(super) fn genesis() -> Result<Balances, SupplyOverflow> {
    let (accounts, each) = ACCOUNTS;
    Balances::genesis(&(0..accounts).map(|account| (account, each)).collect::<Vec<_>>())
}

/// What is made.
pub(super) struct Made {
    pub(super) genesis_root: Hash256,
    pub(super) blocks: Vec<TrueBlock>,
    pub(super) hidden: Vec<TrueBlock>,
}

/// A block to build on, with the state behind it.
#[derive(Clone)]
struct Tip {
    header: BlockHeader,
    root: Hash256,
    state: Balances,
}

/// Makes the blocks of one truth.
pub(super) struct Maker<'a, S: SignatureScheme> {
    plan: &'a TruthPlan,
    config: &'a ChainConfig,
    authorities: &'a Authorities<S>,
    rng: Rng,
    genesis: Tip,
    tip: Tip,
    /// The last slot that was looked at.
    slot: u64,
    /// The slots of the last two canonical blocks, the genesis included.
    slots: [Option<u64>; 2],
    /// Where the hidden branch begins, once the canonical chain has come there.
    root_of_hidden: Option<Tip>,
    blocks: Vec<TrueBlock>,
}

impl<'a, S: SignatureScheme> Maker<'a, S> {
    pub(super) fn new(
        plan: &'a TruthPlan,
        config: &'a ChainConfig,
        authorities: &'a Authorities<S>,
        state: &Balances,
    ) -> Self {
        let header = genesis_header(&config.clock, Transfers.root(state));
        let genesis = Tip { root: header.root(), header, state: state.clone() };
        Self {
            plan,
            config,
            authorities,
            rng: Rng::with_seed(plan.seed),
            tip: genesis.clone(),
            genesis,
            slot: 0,
            slots: [None, Some(0)],
            root_of_hidden: None,
            blocks: Vec::new(),
        }
    }

    /// Makes all blocks of the plan.
    pub(super) fn make(mut self) -> Result<Made, TruthError> {
        self.note_root_of_hidden();
        while self.tip.header.height < self.plan.blocks {
            let above = self.tip.header.height;
            self.advance().ok_or(TruthError::Endless { above })?;
            self.note_root_of_hidden();
        }
        let hidden = self.hidden()?;
        Ok(Made { genesis_root: self.genesis.root, blocks: self.blocks, hidden })
    }

    fn note_root_of_hidden(&mut self) {
        if self.plan.long_range.is_some_and(|branch| branch.from == self.tip.header.height) {
            self.root_of_hidden = Some(self.tip.clone());
        }
    }

    /// Makes the next canonical block, and the fork beside it, where one is due.
    fn advance(&mut self) -> Option<()> {
        let parent = self.tip.clone();
        let slot = self.next_slot();
        let (tip, block) = self.on(&parent, slot, Branch::Canonical)?;
        self.canonical(tip, block);
        let (height, every) = (self.tip.header.height, self.plan.fork_every);
        if every > 0 && height.is_multiple_of(every) {
            self.fork(parent)?;
        }
        Some(())
    }

    /// Goes on to the next slot that has a block.
    fn next_slot(&mut self) -> u64 {
        self.slot += 1;
        while self.rng.u64(..1000) >= self.plan.block_permille {
            self.slot += 1;
        }
        self.slot
    }

    fn canonical(&mut self, tip: Tip, block: TrueBlock) {
        let BlockHeader { height, slot, .. } = tip.header;
        // Three in consecutive slots make the middle one final.
        let consecutive = self.slots == [slot.checked_sub(2), slot.checked_sub(1)];
        let finalises = (consecutive && height > 1).then_some(height - 1);
        self.slots = [self.slots[1], Some(slot)];
        self.tip = tip;
        self.blocks.push(TrueBlock { finalises, ..block });
    }

    /// Makes one or two blocks beside the last canonical one. Three in a row could become final, and two never do.
    fn fork(&mut self, from: Tip) -> Option<()> {
        let mut tip = from;
        for _ in 0..self.rng.u64(1..=2) {
            let slot = self.next_slot();
            let (next, block) = self.on(&tip, slot, Branch::Fork)?;
            self.blocks.push(block);
            tip = next;
        }
        Some(())
    }

    /// Makes the branch that only liars show: never three in a row, so that none of it is ever final.
    fn hidden(&mut self) -> Result<Vec<TrueBlock>, TruthError> {
        let (Some(LongRange { blocks, .. }), Some(mut tip)) =
            (self.plan.long_range, self.root_of_hidden.take())
        else {
            return Ok(Vec::new());
        };
        let mut hidden = Vec::new();
        for number in 0..blocks {
            let slot = tip.header.slot + if number.is_multiple_of(2) { 2 } else { 1 };
            let above = tip.header.height;
            let made = self.on(&tip, slot, Branch::Hidden);
            let (next, block) = made.ok_or(TruthError::Endless { above })?;
            hidden.push(block);
            tip = next;
        }
        Ok(hidden)
    }

    /// Makes a block on another.
    fn on(&mut self, parent: &Tip, slot: u64, branch: Branch) -> Option<(Tip, TrueBlock)> {
        let body = self.body(&parent.state);
        let state = Transfers.apply(&parent.state, &body).ok()?;
        let header = BlockHeader {
            parent_root: parent.root,
            height: parent.header.height + 1,
            slot,
            proposer_index: self.authorities.set().proposer(slot),
            state_root: Transfers.root(&state),
            body_root: body.root(),
            timestamp: self.config.clock.start_of(slot)?,
        };
        let root = header.root();
        let tip = Tip { root, header: header.clone(), state };
        let (block, approvals) = self.authorities.certified(Block { header, body }, &mut self.rng)?;
        let (block, frame) = (Arc::new(block), OnceLock::new());
        Some((tip, TrueBlock { block, root, branch, finalises: None, approvals, frame }))
    }

    /// Draws transfers that can be executed one after the other.
    fn body(&mut self, state: &Balances) -> BlockBody {
        let (mut body, mut moved) = (BlockBody::default(), BTreeMap::new());
        for _ in 0..self.plan.transfers {
            let [from, to] = [(); 2].map(|()| self.rng.u64(..ACCOUNTS.0));
            let has = *moved.entry(from).or_insert_with(|| state.of(from));
            let amount = self.rng.u64(..=has / 8);
            *moved.entry(from).or_default() -= amount;
            *moved.entry(to).or_insert_with(|| state.of(to)) += amount;
            // The plan allows no more than a block holds.
            let _ = body.transactions.push(Transfer { from, to, amount }.to_transaction());
        }
        body
    }
}
