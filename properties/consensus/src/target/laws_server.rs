//! The project's own beacon node: what it answers is true of its chain, and valid by the published schemas.

use alys_engines::violation::check_eq;
use serde_json::{Value, json};

use super::alys::octets::{Fixed, Hash};
use super::alys::server::{ChainView, Reply, SyncView, answer, query};
use super::shown::Chain;
use crate::realm::{GENESIS_TIME, SLOT_SECONDS};
use crate::schema;

/// The data of an answer that is valid by its schema.
fn data(view: &ChainView, path: &str, schema: &str) -> Value {
    let Reply { status, body } = answer(view, path);
    check_eq("CL-1", &format!("the status of {path}"), &200, &status);
    let body = body.unwrap_or_default();
    check_eq(
        "CL-1",
        &format!("what is wrong with {path}"),
        &Vec::<String>::new(),
        &schema::wrong(schema, &body),
    );
    body
}

fn refused(view: &ChainView, path: &str, status: u16) {
    let Reply { status: real, body } = answer(view, path);
    check_eq("CL-1", &format!("the status of {path}"), &status, &real);
    let body = body.unwrap_or_default();
    check_eq(
        "CL-1",
        &format!("what is wrong with {path}"),
        &Vec::<String>::new(),
        &schema::wrong("error", &body),
    );
    check_eq("CL-1", &format!("the code of {path}"), &json!(status), &body["code"]);
    check_eq(
        "CL-1",
        "that something is said",
        &true,
        &body["message"].as_str().is_some_and(|said| !said.is_empty()),
    );
}

/// What a node says of itself.
pub fn a_node_says_how_it_is() -> u64 {
    let chain = Chain::default();
    let synced = chain.view(SyncView::Synced);
    check_eq(
        "CL-1",
        "the version",
        &json!("Alys/0.1.0"),
        &data(&synced, "/eth/v1/node/version", "node/version")["data"]["version"],
    );
    let identity = data(&synced, "/eth/v1/node/identity", "node/identity");
    check_eq(
        "CL-1",
        "the identity",
        &json!(["16U", ["/ip4/127.0.0.1"]]),
        &json!([identity["data"]["peer_id"], identity["data"]["p2p_addresses"]]),
    );
    let peers = data(&synced, "/eth/v1/node/peers", "node/peers");
    check_eq(
        "CL-1",
        "the peers",
        &json!([1, "connected", "outbound"]),
        &json!([peers["meta"]["count"], peers["data"][0]["state"], peers["data"][0]["direction"]]),
    );
    for (sync, distance, is_syncing, health) in [
        (SyncView::Synced, "0", false, 200),
        (SyncView::Behind(7), "7", true, 206),
        (SyncView::NotReady, "0", true, 503),
    ] {
        let mut view = chain.view(sync);
        let said = data(&view, "/eth/v1/node/syncing", "node/syncing");
        let model = json!({ "head_slot": "41", "sync_distance": distance, "is_syncing": is_syncing, "is_optimistic": false, "el_offline": false });
        check_eq("CL-1", &format!("how {sync:?} is said"), &model, &said["data"]);
        let status =
            |view: &ChainView, path: &str| (answer(view, path).status, answer(view, path).body.is_some());
        check_eq(
            "CL-1",
            &format!("the health of {sync:?}"),
            &(health, false),
            &status(&view, "/eth/v1/node/health"),
        );
        let instead = if health == 206 { 299 } else { health };
        check_eq(
            "CL-1",
            "another status",
            &(instead, false),
            &status(&view, "/eth/v1/node/health?syncing_status=299"),
        );
        view.node.el_offline = true;
        let offline = if health == 200 { 206 } else { health };
        check_eq(
            "CL-1",
            "without its execution client",
            &(offline, false),
            &status(&view, "/eth/v1/node/health"),
        );
        check_eq(
            "CL-1",
            "that it says so",
            &json!(true),
            &data(&view, "/eth/v1/node/syncing", "node/syncing")["data"]["el_offline"],
        );
    }
    for (status, fits) in
        [("199", false), ("200", true), ("599", true), ("600", false), ("x", false), ("", false)]
    {
        let real = answer(&synced, &format!("/eth/v1/node/health?syncing_status={status}")).status;
        check_eq("CL-1", &format!("syncing_status={status}"), &if fits { 200 } else { 400 }, &real);
    }
    refused(&synced, "/eth/v1/node/health?syncing_status=99", 400);
    20
}

/// The record of a block, as it is shown.
fn shown(chain: &Chain, at: usize, canonical: bool) -> Value {
    let header = &chain.headers[at];
    let message = json!({
        "slot": header.slot.to_string(),
        "proposer_index": header.proposer_index.to_string(),
        "parent_root": Hash::from(header.parent_root),
        "state_root": Hash::from(header.state_root),
        "body_root": Hash::from(header.body_root),
    });
    json!([chain.root(at), canonical, message])
}

/// Blocks by every name, with where they stand.
pub fn blocks_are_found_by_every_name() -> u64 {
    let chain = Chain::default();
    let view = chain.view(SyncView::Synced);
    let root = |at: usize| chain.root(at).to_string();
    let found = [
        ("head".to_owned(), 6, true, false),
        ("genesis".to_owned(), 0, true, true),
        ("finalized".to_owned(), 2, true, true),
        ("0".to_owned(), 0, true, true),
        ("1".to_owned(), 1, true, true),
        ("2".to_owned(), 2, true, true),
        ("3".to_owned(), 3, true, false),
        ("40".to_owned(), 5, true, false),
        (root(1), 1, true, true),
        (root(4), 4, false, false),
        (root(6), 6, true, false),
        (root(7), 7, false, false),
    ];
    for (name, at, canonical, finalized) in &found {
        let said = data(&view, &format!("/eth/v1/beacon/headers/{name}"), "beacon/header");
        let real =
            json!([said["data"]["root"], said["data"]["canonical"], said["data"]["header"]["message"]]);
        check_eq("CL-1", &format!("block {name}"), &shown(&chain, *at, *canonical), &real);
        check_eq(
            "CL-1",
            "how far it is relied on",
            &json!([finalized, false]),
            &json!([said["finalized"], said["execution_optimistic"]]),
        );
        let signed = said["data"]["header"]["signature"]
            .as_str()
            .is_some_and(|text| text.trim_start_matches("0x").contains(|sign| sign != '0'));
        check_eq("CL-1", "whether it is signed", &(*at > 0), &signed);
        let root = data(&view, &format!("/eth/v1/beacon/blocks/{name}/root"), "beacon/block_root");
        check_eq(
            "CL-1",
            "its root",
            &json!([chain.root(*at), finalized]),
            &json!([root["data"]["root"], root["finalized"]]),
        );
    }
    for name in ["4", "33", "42", &Hash::default().to_string()] {
        refused(&view, &format!("/eth/v1/beacon/headers/{name}"), 404);
        refused(&view, &format!("/eth/v1/beacon/blocks/{name}/root"), 404);
    }
    for name in ["latest", "-1", "0x12", "justified"] {
        refused(&view, &format!("/eth/v1/beacon/headers/{name}"), 400);
    }
    found.len() as u64
}

/// Headers by slot and parent.
pub fn headers_are_found_by_slot_and_parent() -> u64 {
    let chain = Chain::default();
    let view = chain.view(SyncView::Synced);
    let parent = |at: usize| format!("parent_root={}", chain.root(at));
    let queries = [
        (String::new(), vec![6], false),
        ("?slot=2".to_owned(), vec![2], true),
        ("?slot=33".to_owned(), vec![], false),
        (format!("?{}", parent(1)), vec![2, 7], false),
        (format!("?{}&slot=2", parent(1)), vec![2], true),
        (format!("?{}", parent(3)), vec![4, 5], false),
        (format!("?{}&slot=40", parent(3)), vec![5], false),
        (format!("?slot=33&{}", parent(3)), vec![4], false),
        (format!("?slot=1&{}", parent(3)), vec![], false),
        (format!("?{}", parent(6)), vec![], false),
    ];
    for (query, mut expected, finalized) in queries {
        let said = data(&view, &format!("/eth/v1/beacon/headers{query}"), "beacon/headers");
        expected.sort_by_key(|at| chain.root(*at));
        let model: Vec<_> = expected.iter().map(|at| json!(chain.root(*at))).collect();
        let real: Vec<_> =
            said["data"].as_array().into_iter().flatten().map(|one| one["root"].clone()).collect();
        check_eq("CL-1", &format!("the headers of {query:?}"), &model, &real);
        check_eq("CL-1", &format!("whether {query:?} is final"), &json!(finalized), &said["finalized"]);
    }
    refused(&view, "/eth/v1/beacon/headers?slot=x", 400);
    refused(&view, "/eth/v1/beacon/headers?parent_root=0x12", 400);
    check_eq("CL-1", "repeated names", &vec!["1", "2"], &query::values("a=1&b=3&a=2&a", "a"));
    check_eq("CL-1", "a path alone", &("/a", ""), &query::split("/a"));
    11
}

/// States: roots, forks, what is final, validators.
pub fn states_are_shown() -> u64 {
    let chain = Chain::default();
    let view = chain.view(SyncView::Synced);
    let state_root = Hash::from(chain.headers[0].state_root).to_string();
    for (name, finalized) in [
        ("head", false),
        ("justified", false),
        ("genesis", true),
        ("finalized", true),
        ("2", true),
        (&*state_root, true),
    ] {
        let said = data(&view, &format!("/eth/v1/beacon/states/{name}/root"), "states/root");
        check_eq(
            "CL-1",
            &format!("the root of state {name}"),
            &json!([state_root, finalized]),
            &json!([said["data"]["root"], said["finalized"]]),
        );
    }
    let said = data(&view, "/eth/v1/beacon/states/head/finality_checkpoints", "states/finality_checkpoints");
    let checkpoint = |epoch: &str, at: usize| json!({ "epoch": epoch, "root": chain.root(at) });
    let model = json!({ "previous_justified": checkpoint("1", 5), "current_justified": checkpoint("1", 6), "finalized": checkpoint("0", 2) });
    check_eq("CL-1", "what is final", &model, &said["data"]);
    let fork = json!({ "previous_version": "0x03040506", "current_version": "0x03040506", "epoch": "0" });
    check_eq(
        "CL-1",
        "the fork",
        &fork,
        &data(&view, "/eth/v1/beacon/states/head/fork", "states/fork")["data"],
    );
    check_eq(
        "CL-1",
        "the forks",
        &json!([fork]),
        &data(&view, "/eth/v1/config/fork_schedule", "config/fork_schedule")["data"],
    );
    let said = data(&view, "/eth/v1/beacon/states/head/validators", "states/validators");
    let (far, zero) = (u64::MAX.to_string(), Hash::default());
    let shown = |index: u8| {
        json!({ "index": index.to_string(), "balance": "0", "status": "active_ongoing", "validator": {
            "pubkey": Fixed([7 + index; 48]), "withdrawal_credentials": zero, "effective_balance": "0", "slashed": false,
            "activation_eligibility_epoch": "0", "activation_epoch": "0", "exit_epoch": far, "withdrawable_epoch": far,
        } })
    };
    check_eq("CL-1", "the validators", &json!([shown(0), shown(1)]), &said["data"]);
    refused(&view, "/eth/v1/beacon/states/4/root", 404);
    refused(&view, "/eth/v1/beacon/states/x/root", 400);
    refused(&view, "/eth/v1/beacon/states/head/other", 404);
    let fork_root = chain.root(4).to_string();
    refused(&view, &format!("/eth/v1/beacon/states/{fork_root}/root"), 404);
    14
}

/// Genesis, constants, duties, and what there is not.
pub fn the_rest_is_shown() -> u64 {
    let chain = Chain::default();
    let view = chain.view(SyncView::Synced);
    let genesis = json!({ "genesis_time": GENESIS_TIME.to_string(), "genesis_validators_root": Hash::default(), "genesis_fork_version": "0x03040506" });
    check_eq("CL-1", "genesis", &genesis, &data(&view, "/eth/v1/beacon/genesis", "beacon/genesis")["data"]);
    let spec = data(&view, "/eth/v1/config/spec", "config/spec");
    let constants = json!({
        "CONFIG_NAME": "alys", "PRESET_BASE": "alys", "SECONDS_PER_SLOT": SLOT_SECONDS.to_string(), "SLOTS_PER_EPOCH": "32",
        "GENESIS_FORK_VERSION": "0x03040506", "MIN_GENESIS_TIME": GENESIS_TIME.to_string(),
    });
    check_eq("CL-1", "the constants", &constants, &spec["data"]);
    for (epoch, dependent) in [(0, 0), (1, 3), (2, 6)] {
        let said = data(&view, &format!("/eth/v1/validator/duties/proposer/{epoch}"), "duties/proposer");
        check_eq("CL-1", "what duties depend on", &json!(chain.root(dependent)), &said["dependent_root"]);
        let slots: Vec<u64> = (epoch * 32..epoch * 32 + 32).collect();
        let model: Vec<_> = slots.iter().map(|slot| json!({ "slot": slot.to_string(), "validator_index": (slot % 2).to_string(), "pubkey": Fixed([7 + (slot % 2) as u8; 48]) })).collect();
        check_eq("CL-1", &format!("the duties of epoch {epoch}"), &json!(model), &said["data"]);
    }
    for (path, status) in [
        ("/eth/v1/validator/duties/proposer/3", 400),
        ("/eth/v1/validator/duties/proposer/18446744073709551615", 400),
        ("/eth/v1/validator/duties/proposer/x", 400),
        ("/eth/v1/beacon/nothing", 404),
        ("/", 404),
        ("/eth/v2/node/version", 404),
        ("/eth/v1/node/health/more", 404),
    ] {
        refused(&view, path, status);
    }
    let starting = chain.view(SyncView::NotReady);
    for path in [
        "/eth/v1/beacon/genesis",
        "/eth/v1/beacon/headers",
        "/eth/v1/validator/duties/proposer/0",
        "/eth/v1/beacon/states/head/root",
    ] {
        refused(&starting, path, 503);
    }
    data(&starting, "/eth/v1/node/version", "node/version");
    data(&starting, "/eth/v1/config/spec", "config/spec");
    18
}

/// What is told of a new tip.
pub fn heads_are_told_with_what_they_depend_on() -> u64 {
    let mut chain = Chain::default();
    let event = |chain: &Chain| chain.view(SyncView::Synced).head_event().map(|event| json!(event));
    let model = |chain: &Chain, at: usize, transition: bool, previous: usize, current: usize| {
        Some(json!({
            "slot": chain.headers[at].slot.to_string(), "block": chain.root(at), "state": Hash::from(chain.headers[at].state_root),
            "epoch_transition": transition, "previous_duty_dependent_root": chain.root(previous),
            "current_duty_dependent_root": chain.root(current), "execution_optimistic": false,
        }))
    };
    check_eq("CL-1", "the head of slot 41", &model(&chain, 6, false, 0, 3), &event(&chain));
    chain.add(6, 64);
    check_eq("CL-1", "the head of slot 64", &model(&chain, 8, true, 3, 6), &event(&chain));
    chain.add(8, 95);
    check_eq("CL-1", "the head of slot 95", &model(&chain, 9, false, 3, 6), &event(&chain));
    chain.add(9, 96);
    check_eq("CL-1", "the head of slot 96", &model(&chain, 10, true, 6, 9), &event(&chain));
    4
}
