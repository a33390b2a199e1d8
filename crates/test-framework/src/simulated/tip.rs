//! A block to build on, and what is built on it.

use std::collections::BTreeMap;

use alys_chain::{
    engine::genesis_header,
    slots::SlotClock,
    transition::{Balances, StateTransition as _, Transfer, Transfers},
};
use alys_wire::containers::{Block, BlockBody, BlockHeader, Hash256};
use fastrand::Rng;

/// How many accounts there are.
pub(crate) const ACCOUNTS: u64 = 64;

/// A block to build on, with the state behind it.
#[derive(Clone, Debug)]
pub(crate) struct Tip {
    pub(crate) header: BlockHeader,
    pub(crate) root: Hash256,
    pub(crate) state: Balances,
}

impl Tip {
    /// Genesis, with the state that a chain begins with.
    pub(crate) fn of_genesis(clock: &SlotClock, state: Balances) -> Self {
        let header = genesis_header(clock, Transfers.root(&state));
        Self { root: header.root(), header, state }
    }

    /// The block of a slot on this one, and the tip that it is; `None` where no clock shows its slot, or its body cannot be
    /// executed.
    pub(crate) fn grown(
        &self,
        clock: &SlotClock,
        slot: u64,
        proposer_index: u64,
        body: BlockBody,
    ) -> Option<(Self, Block)> {
        let state = Transfers.apply(&self.state, &body).ok()?;
        let header = BlockHeader {
            parent_root: self.root,
            height: self.header.height + 1,
            slot,
            proposer_index,
            state_root: Transfers.root(&state),
            body_root: body.root(),
            timestamp: clock.start_of(slot)?,
        };
        Some((Self { root: header.root(), header: header.clone(), state }, Block { header, body }))
    }

    /// Draws transfers that can be executed one after the other.
    pub(crate) fn body(&self, rng: &mut Rng, transfers: u32) -> BlockBody {
        let (mut body, mut moved) = (BlockBody::default(), BTreeMap::new());
        for _ in 0..transfers {
            let [from, to] = [(); 2].map(|()| rng.u64(..ACCOUNTS));
            let has = *moved.entry(from).or_insert_with(|| self.state.of(from));
            let amount = rng.u64(..=has / 8);
            *moved.entry(from).or_default() -= amount;
            *moved.entry(to).or_insert_with(|| self.state.of(to)) += amount;
            // Plans allow no more than a block holds.
            let _ = body.transactions.push(Transfer { from, to, amount }.to_transaction());
        }
        body
    }
}
