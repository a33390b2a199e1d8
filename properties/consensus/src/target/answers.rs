//! Answers in the shape that the specification gives, with all that it asks for.

use serde_json::{Value, json};

fn root() -> String {
    format!("0x{}", "cd".repeat(32))
}

fn header() -> Value {
    let message = json!({
        "slot": "1", "proposer_index": "2", "parent_root": root(), "state_root": root(), "body_root": root(),
    });
    let signature = format!("0x{}", "ee".repeat(96));
    json!({ "root": root(), "canonical": true, "header": { "message": message, "signature": signature } })
}

fn dated(data: Value) -> Value {
    json!({ "execution_optimistic": false, "finalized": true, "data": data })
}

/// An answer at each endpoint.
#[must_use]
pub fn all() -> Vec<(&'static str, Value)> {
    let key = format!("0x{}", "aa".repeat(48));
    let checkpoint = json!({ "epoch": "1", "root": root() });
    let peer = json!({
        "peer_id": "Qm", "enr": "enr:", "last_seen_p2p_address": "/ip4/", "state": "connected", "direction": "inbound",
    });
    let validator = json!({
        "pubkey": key, "withdrawal_credentials": root(), "effective_balance": "1", "slashed": false,
        "activation_eligibility_epoch": "1", "activation_epoch": "1", "exit_epoch": "1", "withdrawable_epoch": "1",
    });
    let block = json!({
        "message": { "slot": "1", "proposer_index": "2", "parent_root": root(), "state_root": root(), "body": {} },
        "signature": format!("0x{}", "ee".repeat(96)),
    });
    let mut versioned = dated(block);
    versioned["version"] = json!("deneb");
    vec![
        ("version", json!({ "data": { "version": "Lighthouse/v4" } })),
        (
            "syncing",
            json!({ "data": {
                "head_slot": "1", "sync_distance": "1", "is_syncing": true, "is_optimistic": true, "el_offline": true,
            } }),
        ),
        (
            "identity",
            json!({ "data": {
                "peer_id": "Qm", "enr": "enr:", "p2p_addresses": [], "discovery_addresses": [], "metadata": {},
            } }),
        ),
        ("peers", json!({ "data": [peer] })),
        (
            "genesis",
            json!({ "data": {
                "genesis_time": "1", "genesis_validators_root": root(), "genesis_fork_version": "0x00000000",
            } }),
        ),
        ("headers", dated(json!([header()]))),
        ("header", dated(header())),
        ("block", versioned),
        ("root", dated(json!({ "root": root() }))),
        (
            "finality",
            dated(json!({
                "previous_justified": checkpoint, "current_justified": checkpoint, "finalized": checkpoint,
            })),
        ),
        (
            "validators",
            dated(
                json!([{ "index": "1", "balance": "1", "status": "active_ongoing", "validator": validator }]),
            ),
        ),
        ("spec", json!({ "data": { "SECONDS_PER_SLOT": "12" } })),
        (
            "fork_schedule",
            json!({ "data": [
                { "previous_version": "0x00000000", "current_version": "0x01000000", "epoch": "1" },
            ] }),
        ),
        (
            "duties",
            json!({
                "dependent_root": root(), "execution_optimistic": false,
                "data": [{ "pubkey": key, "validator_index": "1", "slot": "1" }],
            }),
        ),
    ]
}

/// Whether the specification does without it.
#[must_use]
pub fn is_optional(place: &str) -> bool {
    let is_newer = ["/finalized", "/data/el_offline"].contains(&place);
    is_newer || place.ends_with("/enr") && place.contains("/0/") || place.ends_with("/SECONDS_PER_SLOT")
}

/// The same without one of its fields, for each of them, with the place of what is missing.
#[must_use]
pub fn without_one(answer: &Value) -> Vec<(String, Value)> {
    let mut places = Vec::new();
    gather(answer, "", &mut places);
    let without = |place: String| {
        let mut short = answer.clone();
        let (parent, key) = place.rsplit_once('/').unwrap_or(("", &place));
        if let Some(object) = short.pointer_mut(parent).and_then(Value::as_object_mut) {
            object.remove(key);
        }
        (place, short)
    };
    places.into_iter().map(without).collect()
}

fn gather(value: &Value, place: &str, places: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                let place = format!("{place}/{key}");
                gather(value, &place, places);
                places.push(place);
            }
        }
        Value::Array(list) => {
            (0..)
                .zip(list)
                .for_each(|(at, value): (usize, _)| gather(value, &format!("{place}/{at}"), places));
        }
        _ => {}
    }
}

/// What is asked for at an endpoint of [`all`], of the tip or of what is justified.
#[must_use]
pub fn target(path: &str) -> &'static str {
    match path {
        "version" => "/eth/v1/node/version",
        "syncing" => "/eth/v1/node/syncing",
        "identity" => "/eth/v1/node/identity",
        "peers" => "/eth/v1/node/peers",
        "genesis" => "/eth/v1/beacon/genesis",
        "headers" => "/eth/v1/beacon/headers",
        "header" => "/eth/v1/beacon/headers/head",
        "block" => "/eth/v2/beacon/blocks/head",
        "root" => "/eth/v1/beacon/blocks/head/root",
        "finality" => "/eth/v1/beacon/states/justified/finality_checkpoints",
        "validators" => "/eth/v1/beacon/states/justified/validators",
        "spec" => "/eth/v1/config/spec",
        "fork_schedule" => "/eth/v1/config/fork_schedule",
        _ => "/eth/v1/validator/duties/proposer/0",
    }
}
