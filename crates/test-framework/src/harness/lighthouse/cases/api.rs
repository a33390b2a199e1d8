//! The API of a beacon node: what ours answers, and what our client makes of it.

use alys_consensus::{
    beacon::{BeaconClient, BeaconError, BlockId, StateId, types::Health},
    server::SyncView,
};
use alys_consensus_properties::{
    hands::Hands,
    real::{
        laws_beacon::client,
        laws_served::{header, raw, served},
        shown::Chain,
        support::BEGIN,
    },
    schema,
};
use serde_json::{Value, json};

use super::{
    super::named,
    notes::{Notes, play},
};
use crate::{
    case::{Pace, TestCase},
    event::TestEventType::{MessageRefused, Observed, ReplyReceived},
    evidence::Evidence,
    judge::Judge,
    stage::Driven,
};

pub(super) const COMPATIBILITY: TestCase = named::case(
    named::COMPATIBILITY,
    Pace::Virtual,
    |stage| Box::pin(play(stage, compatibility)),
    judge_compatibility,
);

pub(super) const REFUSALS: TestCase =
    named::case(named::REFUSALS, Pace::Virtual, |stage| Box::pin(play(stage, refusals)), judge_refusals);

/// Each endpoint that our client asks, the schema of its answers, and whether the client hands on all of an answer, or its data alone.
const ENDPOINTS: [(&str, &str, bool); 13] = [
    ("/eth/v1/node/version", "node/version", false),
    ("/eth/v1/node/syncing", "node/syncing", false),
    ("/eth/v1/node/identity", "node/identity", false),
    ("/eth/v1/node/peers", "node/peers", false),
    ("/eth/v1/beacon/genesis", "beacon/genesis", false),
    ("/eth/v1/beacon/headers", "beacon/headers", true),
    ("/eth/v1/beacon/headers/head", "beacon/header", true),
    ("/eth/v1/beacon/blocks/finalized/root", "beacon/block_root", false),
    ("/eth/v1/beacon/states/head/finality_checkpoints", "states/finality_checkpoints", true),
    ("/eth/v1/beacon/states/justified/validators", "states/validators", true),
    ("/eth/v1/config/spec", "config/spec", false),
    ("/eth/v1/config/fork_schedule", "config/fork_schedule", false),
    ("/eth/v1/validator/duties/proposer/1", "duties/proposer", true),
];

/// How many blocks the chain has, those beside that of the tip and the first one included.
const BLOCKS: u64 = 8;

async fn compatibility(_: u64, notes: &mut Notes) -> Driven {
    let chain = Chain::default();
    let (url, _published) = served(chain.view(SyncView::Synced)).await;
    let client = client(&url, &Hands::at(BEGIN));
    for (path, schema, is_whole) in ENDPOINTS {
        let (status, head, body) = raw(&url, &format!("GET {path}")).await;
        notes.note(ReplyReceived, "status", path, u64::from(status));
        notes.note(ReplyReceived, "content", path, header(&head, "content-type").unwrap_or_default());
        notes.note(ReplyReceived, "schema", path, schema::wrong(schema, &body).join("; "));
        let came = match asked(&client, path).await {
            // A name for data that is a text of its own.
            Ok(Some(read)) if path.ends_with("/root") && read == body["data"]["root"] => {
                "the same".to_owned()
            }
            Ok(Some(read)) if read == if is_whole { body.clone() } else { body["data"].clone() } => {
                "the same".to_owned()
            }
            other => format!("{other:?}"),
        };
        notes.note(ReplyReceived, "round trip", path, came);
    }
    let health = client.health().await.map_err(|error| error.to_string());
    notes.note(Observed, "health", "/eth/v1/node/health", format!("{health:?}"));
    for (at, truth) in chain.headers.iter().enumerate() {
        let found = client.header(BlockId::Root(truth.root().into())).await;
        let slot = found.ok().flatten().map(|found| found.data.header.message.slot.0);
        notes.note(Observed, "slot of the block with a root", at, u64::from(slot == Some(truth.slot)));
        let canonical = client.block_root(BlockId::Slot(truth.slot)).await.ok().flatten();
        notes.note(
            Observed,
            "root of the block in its slot",
            at,
            u64::from(canonical == Some(truth.root().into())),
        );
    }
    Ok(())
}

/// Asks for what is at a path, with the question of the client that is meant for it.
async fn asked(client: &BeaconClient, path: &str) -> Result<Option<Value>, BeaconError> {
    fn shown<T: serde::Serialize>(found: Option<T>) -> Option<Value> {
        found.map(|found| json!(found))
    }
    let head = StateId::Of(BlockId::Head);
    Ok(match path {
        "/eth/v1/node/version" => shown(client.version().await?),
        "/eth/v1/node/syncing" => shown(client.syncing().await?),
        "/eth/v1/node/identity" => shown(client.identity().await?),
        "/eth/v1/node/peers" => shown(client.peers().await?),
        "/eth/v1/beacon/genesis" => shown(client.genesis().await?),
        "/eth/v1/beacon/headers" => shown(client.headers().await?),
        "/eth/v1/beacon/headers/head" => shown(client.header(BlockId::Head).await?),
        "/eth/v1/beacon/blocks/finalized/root" => shown(client.block_root(BlockId::Finalized).await?),
        "/eth/v1/beacon/states/head/finality_checkpoints" => shown(client.finality(head).await?),
        "/eth/v1/beacon/states/justified/validators" => shown(client.validators(StateId::Justified).await?),
        "/eth/v1/config/spec" => shown(client.spec().await?),
        "/eth/v1/config/fork_schedule" => shown(client.fork_schedule().await?),
        "/eth/v1/validator/duties/proposer/1" => shown(client.proposer_duties(1).await?),
        _ => None,
    })
}

fn judge_compatibility(seen: Evidence<'_>, judge: &mut Judge) {
    let paths: Vec<_> = ENDPOINTS.iter().map(|(path, ..)| *path).collect();
    judge.same("CL-1", "endpoints that were asked", &paths, &seen.words(ReplyReceived, "status", "what"));
    let count = paths.len();
    judge.same("CL-1", "statuses", &vec![200; count], &seen.counts(ReplyReceived, "status", "came"));
    let content = vec!["application/json"; count];
    judge.same("CL-1", "kinds of content", &content, &seen.words(ReplyReceived, "content", "came"));
    judge.same(
        "CL-1",
        "what no schema allows",
        &vec![""; count],
        &seen.words(ReplyReceived, "schema", "came"),
    );
    let same = vec!["the same"; count];
    judge.same("CL-1", "what the client reads", &same, &seen.words(ReplyReceived, "round trip", "came"));
    let health = format!("{:?}", Ok::<_, ()>(Health::Ready));
    judge.same("CL-1", "the health", &[&*health], &seen.words(Observed, "health", "came"));
    let found = seen.counts(Observed, "slot of the block with a root", "came");
    judge.same("CL-1", "blocks found by root", &vec![1; BLOCKS as usize], &found);
    // The blocks of slots 33 and 5 are not on the chain of the tip.
    let canonical = [1, 1, 1, 1, 0, 1, 1, 0];
    let found = seen.counts(Observed, "root of the block in its slot", "came");
    judge.same("CL-1", "blocks found by slot", &canonical, &found);
}

/// What is asked, of a node that stands like this, and the status, the code and the allowed method that it is refused with.
const REFUSED: [(SyncView, &str, u64, &str); 19] = [
    (SyncView::Synced, "GET /eth/v1/nothing", 404, ""),
    (SyncView::Synced, "GET /eth/v1/beacon/headers/latest", 400, ""),
    (SyncView::Synced, "GET /eth/v1/beacon/headers/4", 404, ""),
    (SyncView::Synced, "GET /eth/v1/beacon/blocks/0x12/root", 400, ""),
    (SyncView::Synced, "GET /eth/v1/beacon/states/tip/validators", 400, ""),
    (SyncView::Synced, "GET /eth/v1/beacon/states/99/validators", 404, ""),
    (SyncView::Synced, "GET /eth/v1/beacon/states/head/nothing", 404, ""),
    (SyncView::Synced, "GET /eth/v1/beacon/headers?slot=one", 400, ""),
    (SyncView::Synced, "GET /eth/v1/validator/duties/proposer/9", 400, ""),
    (SyncView::Synced, "GET /eth/v1/validator/duties/proposer/x", 400, ""),
    (SyncView::Synced, "GET /eth/v1/node/health?syncing_status=199", 400, ""),
    (SyncView::Synced, "GET /eth/v1/events", 400, ""),
    (SyncView::Synced, "GET /eth/v1/events?topics=nothing", 400, ""),
    (SyncView::Synced, "POST /eth/v1/events?topics=head", 405, "GET"),
    (SyncView::Synced, "POST /eth/v1/node/version", 405, "GET"),
    (SyncView::NotReady, "GET /eth/v1/beacon/genesis", 503, ""),
    (SyncView::NotReady, "GET /eth/v1/beacon/headers", 503, ""),
    (SyncView::NotReady, "GET /eth/v1/validator/duties/proposer/0", 503, ""),
    (SyncView::Behind(7), "DELETE /eth/v1/node/health", 405, "GET"),
];

/// The health of a node that stands like this, by its status.
const HEALTH: [(SyncView, u64); 3] =
    [(SyncView::Synced, 200), (SyncView::Behind(7), 206), (SyncView::NotReady, 503)];

async fn refusals(_: u64, notes: &mut Notes) -> Driven {
    let chain = Chain::default();
    let (url, published) = served(chain.view(SyncView::Synced)).await;
    for (sync, request, ..) in REFUSED {
        published.publish(chain.view(sync));
        let (status, head, body) = raw(&url, request).await;
        notes.note(MessageRefused, "status", request, u64::from(status));
        notes.note(MessageRefused, "code", request, body["code"].as_u64().unwrap_or(0));
        notes.note(MessageRefused, "schema", request, schema::wrong("error", &body).join("; "));
        notes.note(MessageRefused, "allowed", request, header(&head, "allow").unwrap_or_default());
    }
    for (sync, _) in HEALTH {
        published.publish(chain.view(sync));
        let (status, ..) = raw(&url, "GET /eth/v1/node/health").await;
        notes.note(Observed, "health", format!("{sync:?}"), u64::from(status));
    }
    Ok(())
}

fn judge_refusals(seen: Evidence<'_>, judge: &mut Judge) {
    let statuses = REFUSED.map(|(_, _, status, _)| status);
    judge.same("CL-1", "statuses", &statuses, &seen.counts(MessageRefused, "status", "came"));
    judge.same("CL-1", "codes", &statuses, &seen.counts(MessageRefused, "code", "came"));
    let nothing = [""; REFUSED.len()];
    judge.same("CL-1", "what no schema allows", &nothing, &seen.words(MessageRefused, "schema", "came"));
    let allowed = REFUSED.map(|(.., allowed)| allowed);
    judge.same("CL-1", "allowed methods", &allowed, &seen.words(MessageRefused, "allowed", "came"));
    let health = HEALTH.map(|(_, status)| status);
    judge.same("CL-1", "healths", &health, &seen.counts(Observed, "health", "came"));
}
