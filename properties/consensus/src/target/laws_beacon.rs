//! The client of the Beacon API: what is asked for, what is answered, and what goes wrong.

use std::fmt::Debug;

use alys_engines::violation::check_eq;
use serde_json::{Value, json};

use super::alys::beacon::client::Found;
use super::alys::beacon::types::Health;
use super::alys::beacon::{BeaconClient, BlockId, Endpoint, IdError, StateId, Topic};
use super::alys::octets::{Fixed, Hash};
use super::support::{BEGIN, clock, policy, word};
use crate::hands::Hands;
use crate::stage::{Stage, Step, run};

const ROOT: Hash = Fixed([0xab; 32]);

/// A client of a stage.
///
/// # Panics
///
/// When HTTP cannot be set up.
#[must_use]
pub fn client(url: &str, hands: &Hands) -> BeaconClient {
    BeaconClient::new(url, policy(), clock(hands)).unwrap_or_else(|error| panic!("{error}"))
}

/// Everything that is asked for has the path of the specification; topics are repeated, and never joined.
pub fn paths_are_the_specifications() -> u64 {
    let root = format!("0x{}", "ab".repeat(32));
    let expected = [
        (Endpoint::Version, "/eth/v1/node/version".to_owned()),
        (Endpoint::Health, "/eth/v1/node/health".to_owned()),
        (Endpoint::Syncing, "/eth/v1/node/syncing".to_owned()),
        (Endpoint::Identity, "/eth/v1/node/identity".to_owned()),
        (Endpoint::Peers, "/eth/v1/node/peers".to_owned()),
        (Endpoint::Genesis, "/eth/v1/beacon/genesis".to_owned()),
        (Endpoint::Headers, "/eth/v1/beacon/headers".to_owned()),
        (Endpoint::Header(BlockId::Head), "/eth/v1/beacon/headers/head".to_owned()),
        (Endpoint::Header(BlockId::Root(ROOT)), format!("/eth/v1/beacon/headers/{root}")),
        (Endpoint::Block(BlockId::Slot(7)), "/eth/v2/beacon/blocks/7".to_owned()),
        (Endpoint::BlockRoot(BlockId::Genesis), "/eth/v1/beacon/blocks/genesis/root".to_owned()),
        (
            Endpoint::Finality(StateId::Justified),
            "/eth/v1/beacon/states/justified/finality_checkpoints".to_owned(),
        ),
        (
            Endpoint::Validators(StateId::Of(BlockId::Finalized)),
            "/eth/v1/beacon/states/finalized/validators".to_owned(),
        ),
        (Endpoint::Spec, "/eth/v1/config/spec".to_owned()),
        (Endpoint::ForkSchedule, "/eth/v1/config/fork_schedule".to_owned()),
        (Endpoint::ProposerDuties(3), "/eth/v1/validator/duties/proposer/3".to_owned()),
        (Endpoint::Events(vec![Topic::Head]), "/eth/v1/events?topics=head".to_owned()),
        (
            Endpoint::Events(vec![Topic::Head, Topic::ChainReorg]),
            "/eth/v1/events?topics=head&topics=chain_reorg".to_owned(),
        ),
    ];
    for (endpoint, path) in &expected {
        check_eq("CL-1", &format!("the path of {endpoint:?}"), path, &endpoint.path());
    }
    expected.len() as u64
}

/// The names of blocks and states are read as they are written, and nothing else is one.
pub fn ids_are_read_as_they_are_written() -> u64 {
    let blocks = [
        BlockId::Head,
        BlockId::Genesis,
        BlockId::Finalized,
        BlockId::Slot(0),
        BlockId::Slot(u64::MAX),
        BlockId::Root(ROOT),
    ];
    for block in blocks {
        check_eq("CL-1", "a block's name", &Ok(block), &block.to_string().parse());
        check_eq("CL-1", "the name of its state", &Ok(StateId::Of(block)), &block.to_string().parse());
    }
    check_eq("CL-1", "the justified state", &Ok(StateId::Justified), &StateId::Justified.to_string().parse());
    for text in ["", "justified", "Head", "-1", "01", "18446744073709551616", "0x", "0xab", "latest"] {
        let refused = IdError { text: text.to_owned(), allowed: "head, genesis, finalized" };
        check_eq("CL-1", &format!("{text:?} is no block"), &Err(refused), &text.parse::<BlockId>());
        let allowed = "head, genesis, finalized, justified";
        let refused = Err(IdError { text: text.to_owned(), allowed }).filter_state(text);
        check_eq("CL-1", &format!("{text:?} is a state"), &refused, &text.parse::<StateId>());
    }
    22
}

/// A state has one name more.
trait FilterState {
    fn filter_state(self, text: &str) -> Self;
}

impl FilterState for Result<StateId, IdError> {
    fn filter_state(self, text: &str) -> Self {
        if text == "justified" { Ok(StateId::Justified) } else { self }
    }
}

/// What a question comes to, as a word.
fn came_of<T: Debug>(found: Found<T>) -> String {
    match found {
        Ok(Some(_)) => "found".to_owned(),
        Ok(None) => "none".to_owned(),
        Err(error) => format!("{} after {}", word(&error.error.failure), error.error.attempts),
    }
}

/// What a server does to each question.
fn steps() -> Vec<(Step, &'static str)> {
    let data = json!({ "data": { "version": "x/1" } });
    let text = data.to_string().into_bytes();
    vec![
        (Step::json(200, &data), "found"),
        (Step::json(404, &json!({ "code": 404, "message": "no" })), "none"),
        (Step::json(400, &data), "status 400 after 1"),
        (Step::json(401, &data), "unauthorised after 2"),
        (Step::json(206, &data), "status 206 after 1"),
        (Step::json(429, &data), "status 429 after 3"),
        (Step::json(500, &data), "status 500 after 3"),
        (Step::json(503, &data), "status 503 after 3"),
        (Step::Answer(204, Vec::new()), "status 204 after 1"),
        (Step::Answer(200, Vec::new()), "malformed after 1"),
        (Step::Answer(200, text[..9].to_vec()), "malformed after 1"),
        (Step::json(200, &json!({ "data": { "version": 7 } })), "malformed after 1"),
        (Step::json(200, &json!({ "data": null })), "malformed after 1"),
        (Step::json(200, &json!({ "version": "x" })), "malformed after 1"),
        (Step::Redirect("/eth/v1/node/version".to_owned()), "status 302 after 1"),
        (Step::Reset, "lost after 3"),
        (Step::Cut(200, text.clone()), "lost after 3"),
        (Step::Silent(policy().attempt), "timeout 8000 after 3"),
        (Step::Late(policy().attempt, Box::new(Step::json(200, &data))), "timeout 8000 after 3"),
    ]
}

/// Whatever a node does to a question, it comes to what the specification says, and an error never is an answer.
pub fn every_fault_comes_to_its_error() -> u64 {
    let mut tried = 0;
    for (step, expected) in steps() {
        run(async {
            let hands = Hands::at(BEGIN);
            let script = step.clone();
            let stage = Stage::open(hands.clone(), move |_| script.clone()).await;
            let found = client(&format!("{}/", stage.url), &hands).version().await;
            check_eq("CL-1", &format!("what comes of {step:?}"), expected, &*came_of(found));
            let targets: Vec<_> = stage.asked().into_iter().map(|asked| asked.target).collect();
            check_eq(
                "CL-1",
                "what was asked for",
                &true,
                &targets.iter().all(|target| target == "/eth/v1/node/version"),
            );
            let stage_asked = &stage.asked()[0];
            check_eq("CL-1", "what is understood", &Some("application/json"), &stage_asked.header("accept"));
        });
        tried += 1;
    }
    tried
}

/// The message of an error is the node's, if it is one of that status.
pub fn errors_say_what_the_node_says() -> u64 {
    for (body, said) in [
        (json!({ "code": 400, "message": "no such thing" }), "no such thing"),
        (json!({ "code": 404, "message": "no such thing" }), ""),
        (json!({ "statusCode": 400, "error": "Bad Request", "message": "no such thing" }), "no such thing"),
        (json!({ "message": "no such thing" }), ""),
        (json!("no such thing"), ""),
    ] {
        run(async {
            let hands = Hands::at(BEGIN);
            let script = Step::json(400, &body);
            let stage = Stage::open(hands.clone(), move |_| script.clone()).await;
            let error = client(&stage.url, &hands).genesis().await.err();
            check_eq(
                "CL-1",
                "what was asked for",
                &Some("/eth/v1/beacon/genesis"),
                &error.as_ref().map(|error| &*error.path),
            );
            let shown = error.map(|error| error.error.failure.to_string());
            check_eq(
                "CL-1",
                "what is said",
                &Some(format!("the other side answers with status 400: {said}")),
                &shown,
            );
        });
    }
    5
}

/// Health is the status: 503 is an answer, and nothing is made of the rest.
pub fn health_is_the_status() -> u64 {
    let answers = [
        (200, Some(Health::Ready)),
        (206, Some(Health::Syncing)),
        (503, Some(Health::NotReady)),
        (400, None),
        (500, None),
        (404, None),
    ];
    for (status, health) in answers {
        run(async {
            let hands = Hands::at(BEGIN);
            let stage = Stage::open(hands.clone(), move |_| Step::Answer(status, Vec::new())).await;
            let real = client(&stage.url, &hands).health().await.ok();
            check_eq("CL-1", &format!("the health of status {status}"), &health, &real);
            let attempts = if status == 500 { 3 } else { 1 };
            check_eq("CL-1", "how often was asked", &attempts, &stage.asked().len());
        });
    }
    6
}

/// An answer that shows that it is about another block than the one that was asked for is none, however well it is written.
pub fn answers_are_about_the_block_that_was_asked_for() -> u64 {
    // Every answer is about the block of slot 1, whose root this is.
    let root = Fixed([0xcd; 32]);
    let cases = [
        (BlockId::Head, [true, true, true]),
        (BlockId::Finalized, [true, true, true]),
        (BlockId::Slot(1), [true, true, true]),
        (BlockId::Root(root), [true, true, true]),
        // A block does not show its root, and a root not its slot.
        (BlockId::Root(ROOT), [false, true, false]),
        (BlockId::Slot(0), [false, false, true]),
        (BlockId::Slot(2), [false, false, true]),
        (BlockId::Genesis, [false, false, true]),
    ];
    for (block, fits) in cases {
        for (path, fits) in ["header", "block", "root"].into_iter().zip(fits) {
            let answer =
                super::answers::all().into_iter().find(|(of, _)| *of == path).map(|(_, answer)| answer);
            let came = run(async {
                let hands = Hands::at(BEGIN);
                let script = Step::json(200, &answer.unwrap_or_default());
                let stage = Stage::open(hands.clone(), move |_| script.clone()).await;
                let client = client(&stage.url, &hands);
                match path {
                    "header" => came_of(client.header(block).await),
                    "block" => came_of(client.block(block).await),
                    _ => came_of(client.block_root(block).await),
                }
            });
            let model = if fits { "found" } else { "other block after 1" };
            check_eq("CL-1", &format!("what a {path} of slot 1 is to who asks for {block}"), model, &*came);
        }
    }
    24
}

/// Answers as real nodes give them, at each endpoint: what is there is read, and without any one field of it nothing is.
pub fn answers_are_read_whole() -> u64 {
    let mut tried = 0;
    for (path, answer) in super::answers::all() {
        check_eq("CL-1", &format!("the answer at {path}"), "found", &*asked(path, &answer));
        for (place, short) in super::answers::without_one(&answer) {
            let expected = if super::answers::is_optional(&place) { "found" } else { "malformed after 1" };
            check_eq(
                "CL-1",
                &format!("the answer at {path} without {place}"),
                expected,
                &*asked(path, &short),
            );
            tried += 1;
        }
    }
    tried
}

/// Asks for what is at a path, of a node that answers so.
fn asked(path: &'static str, answer: &Value) -> String {
    run(async {
        let hands = Hands::at(BEGIN);
        let script = Step::json(200, answer);
        let stage = Stage::open(hands.clone(), move |_| script.clone()).await;
        let client = client(&stage.url, &hands);
        let came = match path {
            "version" => came_of(client.version().await),
            "syncing" => came_of(client.syncing().await),
            "identity" => came_of(client.identity().await),
            "peers" => came_of(client.peers().await),
            "genesis" => came_of(client.genesis().await),
            "headers" => came_of(client.headers().await),
            "header" => came_of(client.header(BlockId::Head).await),
            "block" => came_of(client.block(BlockId::Head).await),
            "root" => came_of(client.block_root(BlockId::Head).await),
            "finality" => came_of(client.finality(StateId::Justified).await),
            "validators" => came_of(client.validators(StateId::Justified).await),
            "spec" => came_of(client.spec().await),
            "fork_schedule" => came_of(client.fork_schedule().await),
            _ => came_of(client.proposer_duties(0).await),
        };
        let target = stage.asked().first().map(|asked| asked.target.clone()).unwrap_or_default();
        check_eq("CL-1", &format!("the path of {path}"), super::answers::target(path), &*target);
        came
    })
}
