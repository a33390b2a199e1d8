//! The blocks of a case, planned before it begins: a tree of them, sound ones and others, made of the real containers.
//!
//! A transition names a block by its number, so leaving one transition out never changes what another one means.

use alys_chain::transition::{Balances, Transfer};
use alys_models::chain::{BlockId, ChainSetting, Flaw, Ledger, ModelBlock, Payment, executed};
use alys_wire::containers::{Block, BlockBody, BlockHeader, Hash256, Transaction};

/// What everybody has at genesis.
pub const ACCOUNTS: [(u64, u64); 3] = [(0, 9), (1, 5), (7 << 60, 3)];

/// A block as it is drawn; everything else follows.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Draft {
    /// Its parent, by number; 0 is genesis.
    pub parent: usize,
    /// How many slots after its parent.
    pub after: i64,
    /// How far its height is off.
    pub height_off: i64,
    /// How far its proposer is off.
    pub proposer_off: u64,
    /// How far its timestamp lies behind the beginning of its slot.
    pub seconds: i64,
    /// What it does.
    pub payments: Vec<Payment>,
    /// What else is wrong with it.
    pub flaw: Option<Flaw>,
}

/// A block of a case.
#[derive(Clone, Debug)]
pub struct PlannedBlock {
    /// As the model sees it.
    pub model: ModelBlock,
    /// As it is sent.
    pub block: Block,
    /// The balances after it; those after its parent where it cannot be executed.
    ledger: Ledger,
}

/// Genesis and what it is made of.
#[must_use]
pub fn genesis(setting: &ChainSetting) -> PlannedBlock {
    let ledger: Ledger = ACCOUNTS.into_iter().collect();
    let header = BlockHeader {
        state_root: state_root(&ledger),
        body_root: BlockBody::default().root(),
        timestamp: setting.genesis_time,
        ..BlockHeader::default()
    };
    let model = ModelBlock {
        id: id(header.root()),
        parent: BlockId([0xff; 32]),
        height: 0,
        slot: 0,
        proposer: 0,
        timestamp: setting.genesis_time,
        payments: Vec::new(),
        flaw: None,
    };
    PlannedBlock { model, block: Block { header, body: BlockBody::default() }, ledger }
}

/// The blocks of these drafts, genesis first.
#[must_use]
pub fn plan(setting: &ChainSetting, drafts: &[Draft]) -> Vec<PlannedBlock> {
    let mut blocks = vec![genesis(setting)];
    for draft in drafts {
        let parent = &blocks[draft.parent.min(blocks.len() - 1)];
        let slot = parent.model.slot.saturating_add_signed(draft.after);
        let model = ModelBlock {
            id: parent.model.id,
            parent: parent.model.id,
            height: (parent.model.height + 1).saturating_add_signed(draft.height_off),
            slot,
            proposer: (slot + draft.proposer_off) % setting.authorities,
            timestamp: (setting.genesis_time + slot * setting.slot_duration)
                .saturating_add_signed(draft.seconds),
            payments: draft.payments.clone(),
            flaw: draft.flaw,
        };
        blocks.push(forged(model, &parent.ledger));
    }
    blocks
}

/// Names the block that a node is about to propose, and makes it.
#[must_use]
pub fn proposed(model: ModelBlock, before: &Ledger) -> PlannedBlock {
    forged(model, before)
}

fn forged(mut model: ModelBlock, before: &Ledger) -> PlannedBlock {
    let ledger = executed(before, &model.payments).unwrap_or_else(|_| before.clone());
    let body = body(&model.payments);
    let header = BlockHeader {
        parent_root: model.parent.0.into(),
        height: model.height,
        slot: model.slot,
        proposer_index: model.proposer,
        state_root: spoiled(state_root(&ledger), model.flaw == Some(Flaw::State)),
        body_root: spoiled(body.root(), model.flaw == Some(Flaw::Body)),
        timestamp: model.timestamp,
    };
    model.id = id(header.root());
    PlannedBlock { model, block: Block { header, body }, ledger }
}

/// A body that makes these payments.
///
/// # Panics
///
/// When there are more than fit.
#[must_use]
pub fn body(payments: &[Payment]) -> BlockBody {
    let transaction = |payment: &Payment| match *payment {
        Payment::Of { from, to, amount } => Transfer { from, to, amount }.to_transaction(),
        Payment::Junk { len } => Transaction::new(vec![7; len]).expect("junk is short"),
    };
    let transactions: Vec<_> = payments.iter().map(transaction).collect();
    BlockBody { transactions: transactions.try_into().expect("cases have few payments") }
}

/// The model's name of a root.
#[must_use]
pub fn id(root: Hash256) -> BlockId {
    BlockId(root.0)
}

/// The balances of a ledger, as the chain keeps them.
///
/// # Panics
///
/// When they add up to more than there ever is.
#[must_use]
pub fn balances(ledger: &Ledger) -> Balances {
    let accounts: Vec<_> = ledger.iter().map(|(account, balance)| (*account, *balance)).collect();
    Balances::genesis(&accounts).expect("what there is at genesis fits")
}

fn state_root(ledger: &Ledger) -> Hash256 {
    balances(ledger).root()
}

fn spoiled(root: Hash256, spoil: bool) -> Hash256 {
    let mut root = root;
    root[31] ^= u8::from(spoil);
    root
}
