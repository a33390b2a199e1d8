//! What a question is answered with: a status and a body, and nothing else happens.

use serde::Serialize;
use serde_json::{Value, json};

use crate::beacon::types::{Checkpoint, ForkRecord, HeaderRecord, ProposerDuties, ProposerDuty, Root};
use crate::beacon::{BlockId, StateId};
use crate::number::Decimal;
use crate::octets::Hash;

use super::query;
use super::view::{ChainView, SLOTS_PER_EPOCH, SyncView};

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The body; nothing where the status says it all.
    pub body: Option<Value>,
}

/// What a refused question is answered with.
type Refusal = (u16, String);

impl Reply {
    /// What is said of a question that is not answered: the status and why, as the specification has it.
    #[must_use]
    pub fn refused(status: u16, message: &str) -> Self {
        Reply { status, body: Some(json!({ "code": status, "message": message })) }
    }
}

/// Answers what is asked for by a path with its query.
#[must_use]
pub fn answer(view: &ChainView, target: &str) -> Reply {
    let (path, query) = query::split(target);
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    if parts == ["eth", "v1", "node", "health"] {
        return health(view, query).unwrap_or_else(|(status, message)| Reply::refused(status, &message));
    }
    let is_node = matches!(parts[..], ["eth", "v1", "node" | "config", ..]);
    if view.node.sync == SyncView::NotReady && !is_node {
        return Reply::refused(503, "the node is not ready yet");
    }
    match data(view, &parts, query) {
        Ok(body) => Reply { status: 200, body: Some(body) },
        Err((status, message)) => Reply::refused(status, &message),
    }
}

/// How the node is. The document also allows statuses from 100 to 199 for a node that is behind, which no answer can end with.
fn health(view: &ChainView, query: &str) -> Result<Reply, Refusal> {
    let instead = query::values(query, "syncing_status").first().map(|status| {
        let number = status.parse::<u16>().ok().filter(|status| (200..=599).contains(status));
        number.ok_or((400, format!("`syncing_status` is {status}, allowed is 200 to 599")))
    });
    let syncing = instead.transpose()?.unwrap_or(206);
    let status = match view.node.sync {
        SyncView::NotReady => 503,
        SyncView::Behind(_) => syncing,
        SyncView::Synced if view.node.el_offline => syncing,
        SyncView::Synced => 200,
    };
    Ok(Reply { status, body: None })
}

fn data(view: &ChainView, parts: &[&str], query: &str) -> Result<Value, Refusal> {
    match parts {
        ["eth", "v1", "node", "version"] => Ok(of(json!({ "version": view.node.version }))),
        ["eth", "v1", "node", "syncing"] => Ok(of(syncing(view))),
        ["eth", "v1", "node", "identity"] => Ok(of(&view.node.identity)),
        ["eth", "v1", "node", "peers"] => {
            let peers = &view.node.peers;
            Ok(json!({ "data": peers, "meta": { "count": peers.len() } }))
        }
        ["eth", "v1", "beacon", "genesis"] => Ok(of(&view.genesis)),
        ["eth", "v1", "beacon", "headers"] => headers(view, query),
        ["eth", "v1", "beacon", "headers", id] => block(view, id).map(|record| dated(view, record, record)),
        ["eth", "v1", "beacon", "blocks", id, "root"] => {
            block(view, id).map(|record| dated(view, record, Root { root: record.root }))
        }
        ["eth", "v1", "beacon", "states", id, what] => state(view, id, what),
        ["eth", "v1", "config", "spec"] => Ok(of(spec(view))),
        ["eth", "v1", "config", "fork_schedule"] => Ok(of([fork(view)])),
        ["eth", "v1", "validator", "duties", "proposer", epoch] => duties(view, epoch),
        _ => Err((404, "there is no such endpoint".to_owned())),
    }
}

fn of(data: impl Serialize) -> Value {
    json!({ "data": data })
}

/// An answer that depends on a block. Payloads are checked before a block enters the chain, so nothing is optimistic.
fn dated(view: &ChainView, record: &HeaderRecord, data: impl Serialize) -> Value {
    json!({ "execution_optimistic": false, "finalized": view.is_final(record), "data": data })
}

fn block<'a>(view: &'a ChainView, id: &str) -> Result<&'a HeaderRecord, Refusal> {
    let id: BlockId = id.parse().map_err(|error| (400, format!("Invalid block ID: {error}")))?;
    view.block(id).ok_or((404, format!("Block not found: {id}")))
}

fn head_slot(view: &ChainView) -> u64 {
    view.record(&view.head()).map_or(0, |record| record.header.message.slot.0)
}

fn syncing(view: &ChainView) -> Value {
    let distance = match view.node.sync {
        SyncView::Behind(slots) => slots,
        SyncView::NotReady | SyncView::Synced => 0,
    };
    json!({
        "head_slot": Decimal(head_slot(view)),
        "sync_distance": Decimal(distance),
        "is_syncing": view.node.sync != SyncView::Synced,
        "is_optimistic": false,
        "el_offline": view.node.el_offline,
    })
}

fn headers(view: &ChainView, query: &str) -> Result<Value, Refusal> {
    let slot = query::values(query, "slot").first().map(|slot| {
        let slot = slot.parse::<Decimal>();
        slot.map_err(|error| (400, format!("Invalid slot: {error}")))
    });
    let parent = query::values(query, "parent_root").first().map(|root| {
        let root = root.parse::<Hash>();
        root.map_err(|error| (400, format!("Invalid parent root: {error}")))
    });
    let found: Vec<&HeaderRecord> = match (slot.transpose()?, parent.transpose()?) {
        (None, None) => view.record(&view.head()).into_iter().collect(),
        (Some(slot), None) => view.at(slot.0).and_then(|root| view.record(&root)).into_iter().collect(),
        (slot, Some(parent)) => {
            let in_slot = |record: &&HeaderRecord| slot.is_none_or(|slot| record.header.message.slot == slot);
            view.children(parent).filter(in_slot).collect()
        }
    };
    let finalized = !found.is_empty() && found.iter().all(|record| view.is_final(record));
    Ok(json!({ "execution_optimistic": false, "finalized": finalized, "data": found }))
}

fn state(view: &ChainView, id: &str, what: &str) -> Result<Value, Refusal> {
    let id: StateId = id.parse().map_err(|error| (400, format!("Invalid state ID: {error}")))?;
    let record = view.state(id).ok_or((404, format!("State not found: {id}")))?;
    match what {
        "root" => Ok(dated(view, record, Root { root: record.header.message.state_root })),
        "fork" => Ok(dated(view, record, fork(view))),
        "finality_checkpoints" => Ok(dated(view, record, finality(view))),
        "validators" => Ok(dated(view, record, validators(view))),
        _ => Err((404, "there is no such endpoint".to_owned())),
    }
}

/// What is final of the chain. A block of the tree is notarised, so its tip is what is justified, and its parent was before.
fn finality(view: &ChainView) -> Value {
    let checkpoint = |root: Hash| {
        let slot = view.record(&root).map_or(0, |record| record.header.message.slot.0);
        Checkpoint { epoch: Decimal(slot / SLOTS_PER_EPOCH), root }
    };
    let head = view.head();
    let parent = view.record(&head).map(|record| record.header.message.parent_root);
    let before = parent.filter(|root| view.record(root).is_some()).unwrap_or(head);
    json!({
        "previous_justified": checkpoint(before),
        "current_justified": checkpoint(head),
        "finalized": checkpoint(view.finalised()),
    })
}

/// Authorities have no stake: what the schema asks for of it is zero, and they never leave.
fn validators(view: &ChainView) -> Vec<Value> {
    let far = Decimal(u64::MAX);
    let shown = |(index, key): (u64, _)| {
        json!({
            "index": Decimal(index),
            "balance": Decimal(0),
            "status": "active_ongoing",
            "validator": {
                "pubkey": key,
                "withdrawal_credentials": Hash::default(),
                "effective_balance": Decimal(0),
                "slashed": false,
                "activation_eligibility_epoch": Decimal(0),
                "activation_epoch": Decimal(0),
                "exit_epoch": far,
                "withdrawable_epoch": far,
            },
        })
    };
    (0..).zip(&view.node.authorities).map(shown).collect()
}

fn fork(view: &ChainView) -> ForkRecord {
    let version = view.genesis.genesis_fork_version;
    ForkRecord { previous_version: version, current_version: version, epoch: Decimal(0) }
}

fn spec(view: &ChainView) -> Value {
    json!({
        "CONFIG_NAME": "alys",
        "PRESET_BASE": "alys",
        "SECONDS_PER_SLOT": Decimal(view.slot_duration),
        "SLOTS_PER_EPOCH": Decimal(SLOTS_PER_EPOCH),
        "GENESIS_FORK_VERSION": view.genesis.genesis_fork_version,
        "MIN_GENESIS_TIME": view.genesis.genesis_time,
    })
}

/// Who proposes in the slots of an epoch. It depends on the list of authorities alone, but a block is named all the same.
fn duties(view: &ChainView, epoch: &str) -> Result<Value, Refusal> {
    let epoch: Decimal = epoch.parse().map_err(|error| (400, format!("Invalid epoch: {error}")))?;
    let now = head_slot(view) / SLOTS_PER_EPOCH;
    if epoch.0 > now.saturating_add(1) {
        return Err((400, format!("Invalid epoch: {epoch} is not known yet, allowed is up to {}", now + 1)));
    }
    let first = epoch.0 * SLOTS_PER_EPOCH;
    let duty = |slot| {
        let (index, pubkey) = view.proposer(slot)?;
        Some(ProposerDuty { pubkey, validator_index: Decimal(index), slot: Decimal(slot) })
    };
    let data = (first..first + SLOTS_PER_EPOCH).filter_map(duty).collect();
    let duties = ProposerDuties { dependent_root: view.before(first), execution_optimistic: false, data };
    Ok(json!(duties))
}
