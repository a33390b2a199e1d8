//! Checkpoints, on the real store behind the real engine, of simulated chains: what is made, lost, forged and rebuilt.

mod chain;
mod corruption;
mod creation;
pub(in crate::harness) mod harm;
mod intervals;
mod recovery;

use alys_chain::{
    checkpoint::{Checkpoint, CheckpointId},
    scheme::{Ideal, SignatureScheme},
    store::{ChainStore as _, RedbStore},
};
use alys_chain_store_properties::oracle;
use alys_properties::crash::Disk;

use crate::{
    event::{
        TestEvent,
        TestEventType::{MessageRefused, Observed, StateTransition},
    },
    evidence::Evidence,
    judge::{Judge, Quantity},
    simulated::{ChainPlan, SimulatedBlock, SimulatedBlockchain, SimulatedNode},
    stage::{DriveError, Stage},
};

pub(super) use self::{
    chain::CHAIN_VALIDATION, corruption::CORRUPTION_HANDLING, creation::CREATION_CONSISTENCY,
    intervals::CONFIGURABLE_INTERVALS, recovery::RECOVERY_SCENARIOS,
};

/// Who made the blocks, and says which checkpoints are due.
const CHAIN: &str = "chain";

/// Says what was being done when something could not be.
pub(super) fn at<E: std::fmt::Display>(doing: &'static str) -> impl Fn(E) -> DriveError {
    move |error| DriveError::new(doing, error)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(words: &str) -> Vec<u8> {
    let byte = |at: usize| u8::from_str_radix(words.get(at..at + 2)?, 16).ok();
    (0..words.len()).step_by(2).filter_map(byte).collect()
}

/// A chain without cost for signatures, drawn from the seed of the test.
fn ideal(stage: &Stage, plan: ChainPlan) -> Result<SimulatedBlockchain<Ideal>, DriveError> {
    SimulatedBlockchain::ideal(ChainPlan { seed: stage.seed(), ..plan }).map_err(at("the plan of a chain"))
}

/// Starts a node on a simulated disk.
fn started<S: SignatureScheme + Clone>(
    disk: &Disk,
    chain: &SimulatedBlockchain<S>,
) -> Result<SimulatedNode<S>, DriveError> {
    SimulatedNode::open(&harm::disk(disk), chain).map_err(at("starting a node"))
}

/// Writes down what the chain says of its checkpoints.
fn planned<S: SignatureScheme + Clone>(
    stage: &Stage,
    chain: &SimulatedBlockchain<S>,
) -> Result<(), DriveError> {
    let config = chain.store_config().map_err(at("the plan of a chain"))?;
    let genesis = CheckpointId::of_genesis(config.genesis.root);
    let interval = chain.plan().checkpoint_interval;
    stage.record(Observed, CHAIN, [("genesis", hex(&genesis.0).into()), ("interval", interval.into())]);
    Ok(())
}

/// Writes down which checkpoints become due with a block.
fn due(stage: &Stage, block: &SimulatedBlock) {
    for due in &block.checkpoints {
        let (root, state) = (hex(due.block_root.as_slice()), hex(due.state_root.as_slice()));
        let told = [("due", due.height.into()), ("block", root.into()), ("state", state.into())];
        stage.record(Observed, CHAIN, told);
    }
}

/// Imports a block, and writes down what is final then, and how far checkpoints are served.
fn import<S: SignatureScheme + Clone>(
    stage: &Stage,
    name: &str,
    node: &mut SimulatedNode<S>,
    block: &SimulatedBlock,
) -> Result<(), DriveError> {
    let before = node.store().finalised().height;
    if let Some(why) = node.import(block).map_err(at("importing a block"))? {
        stage.record(MessageRefused, name, [("height", block.height().into()), ("why", why.into())]);
    }
    let store = node.store();
    let finalised = store.finalised().height;
    if finalised > before {
        let due = store.interval().last_due(finalised);
        let served = store.checkpoint(due).ok().flatten().map_or(0, |checkpoint| checkpoint.height);
        stage.record(StateTransition, name, [("finalised", finalised.into()), ("served", served.into())]);
    }
    Ok(())
}

/// Writes down every checkpoint that a store serves, and what a verification of all says.
fn rows(stage: &Stage, name: &str, store: &RedbStore) -> Result<(), DriveError> {
    let finalised = store.finalised().height;
    for height in 1..=finalised {
        let served = store.checkpoint(height).map_err(at("reading a checkpoint"))?;
        if let Some(checkpoint) = served {
            stage.record(Observed, name, [("row", shown(&checkpoint).into()), ("height", height.into())]);
        }
    }
    let verified = store.verify().map_err(at("verifying checkpoints"))?;
    let damaged = verified.damaged.map_or(0, |damage| damage.height);
    stage.record(Observed, name, [("verified", verified.checked.into()), ("damaged", damaged.into())]);
    Ok(())
}

/// A checkpoint as its bytes and its id.
fn shown(checkpoint: &Checkpoint) -> String {
    hex(&checkpoint.to_bytes()) + &hex(&checkpoint.id().0)
}

/// The rows that must be there, by definition, from what the chain has said: heights and rows.
fn defined(seen: Evidence<'_>) -> Vec<(u64, String)> {
    let told = |key| seen.observed(CHAIN, key);
    let interval = told("interval").and_then(Quantity::count).unwrap_or_default();
    let genesis =
        seen.from(Observed, CHAIN).map(|event| event.words("genesis")).find(|words| !words.is_empty());
    let mut previous = unhex(genesis.unwrap_or_default());
    let due = seen.from(Observed, CHAIN).filter_map(|event| Some((event.count("due")?, event)));
    let row = |(height, event): (u64, &TestEvent)| {
        let (block, state) = (unhex(event.words("block")), unhex(event.words("state")));
        let bytes = [&previous[..], &height.to_le_bytes(), &block, &state, &interval.to_le_bytes()].concat();
        previous = oracle::id(&bytes).to_vec();
        (height, hex(&bytes) + &hex(&previous))
    };
    due.map(row).collect()
}

/// What every node must come to: nothing refused, each checkpoint with the commit that finalises its height, byte for
/// byte the one by definition, and all of them verified.
fn judge_node(seen: Evidence<'_>, judge: &mut Judge, name: &str) {
    let defined = defined(seen);
    let told = seen.observed(CHAIN, "interval").and_then(Quantity::count);
    // A record that was tampered with is judged as well.
    let interval = told.unwrap_or_default().max(1);
    judge.equal("CH-1", &format!("blocks that {name} refused"), 0_u64, seen.count_from(MessageRefused, name));
    let finalised = seen.counts(StateTransition, name, "finalised");
    judge.at_least("gate", &format!("times that finality of {name} moved"), 10_u64, finalised.len());
    let expected: Vec<_> = finalised.iter().map(|(_, height)| height - height % interval).collect();
    let served = seen.counts(StateTransition, name, "served");
    judge.same("CH-6", &format!("last checkpoints that {name} serves with finality"), &expected, &served);
    let rows: Vec<_> = seen.words(Observed, name, "row");
    let rows: Vec<_> = rows.into_iter().filter(|(_, row)| !row.is_empty()).collect();
    let expected: Vec<_> = defined.iter().map(|(_, row)| row.as_str()).collect();
    judge.same("CH-6", &format!("checkpoints of {name}"), &expected, &rows);
    let heights: Vec<_> = defined.iter().map(|(height, _)| *height).collect();
    let rows = seen.from(Observed, name).filter(|event| event.get("row").is_some());
    let found: Vec<_> = rows.filter_map(|event| Some((event.event_id, event.count("height")?))).collect();
    judge.same("CH-6", &format!("heights of checkpoints of {name}"), &heights, &found);
    let verified = seen.counts(Observed, name, "verified");
    judge.same(
        "CH-7",
        &format!("checkpoints of {name} that are verified"),
        &[defined.len() as u64],
        &verified,
    );
    judge.same("CH-7", &format!("damage that {name} finds"), &[0], &seen.counts(Observed, name, "damaged"));
}
