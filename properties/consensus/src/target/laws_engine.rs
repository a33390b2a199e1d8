//! The client of the Engine API against a server that fails in every way.

use std::time::Duration;

use alys_engines::violation::check_eq;
use alys_models::consensus::course::{End, Setting};
use serde_json::{Value, json};

use super::alys::engine::client::EngineError;
use super::alys::engine::{
    EngineClient, EngineSettings, Fork, ForkchoiceOutcome, ForkchoiceState, JwtSecret, PayloadAttributes,
    PayloadOutcome, ShapeError,
};
use super::alys::octets::{Fixed, Hash, Octets};
use super::deeds::{DEEDS, Deed, LONG, OTHER, OURS, ms};
use super::laws_fork::payload;
use super::laws_token::{SECRET, issued_at};
use super::support::{BEGIN, clock, policy, word};
use crate::hands::Hands;
use crate::stage::{Asked, Stage, Step, run};

/// How long what is short may take.
const SHORT: u64 = 1_000;

/// The settings of a client of a stage.
fn settings(url: &str, fork: Fork) -> EngineSettings {
    let secret = JwtSecret::from_hex(SECRET.0).unwrap_or_else(|error| panic!("{error}"));
    EngineSettings { url: url.to_owned(), secret, fork, policy: policy() }
}

/// A client of a stage.
///
/// # Panics
///
/// When HTTP cannot be set up.
#[must_use]
pub fn client(url: &str, fork: Fork, hands: &Hands) -> EngineClient {
    EngineClient::new(settings(url, fork), clock(hands)).unwrap_or_else(|error| panic!("{error}"))
}

/// What came of a call, as a word, and after how many attempts.
fn came_of<T: std::fmt::Debug>(result: Result<T, EngineError>) -> (Option<u32>, String) {
    match result {
        Ok(outcome) => (None, format!("{outcome:?}")),
        Err(EngineError::Call { error, .. }) => (Some(error.attempts), word(&error.failure)),
        Err(error) => (Some(0), error.to_string()),
    }
}

fn setting() -> Setting {
    let millis = |time: Duration| time.as_millis() as u64;
    let policy = policy();
    Setting {
        attempts: policy.attempts,
        refused_tokens: policy.refused_tokens,
        attempt: LONG,
        call: millis(policy.call),
        backoff: millis(policy.backoff),
        backoff_max: millis(policy.backoff_max),
    }
}

/// Plays a script against a call, and holds attempts, tokens, ids and what came of it to the model.
fn play(deeds: &[Deed]) {
    run(async {
        let hands = Hands::at(BEGIN);
        let (script, mut made) = (deeds.to_vec(), 0);
        let stage = Stage::open(hands.clone(), move |asked| {
            made += 1;
            script[(made - 1).min(script.len() - 1)].step(asked)
        });
        let stage = stage.await;
        let client = client(&stage.url, Fork::Shanghai, &hands);
        let result = client.new_payload(&payload(Fork::Shanghai, OURS), OTHER, None).await;
        let ends: Vec<_> = deeds.iter().map(|deed| deed.end()).collect();
        let course = setting().course(
            BEGIN.as_millis() as u64,
            &ends.iter().map(|(took, end, _)| (*took, *end)).collect::<Vec<_>>(),
        );
        let what = format!("{deeds:?}");
        let asked = stage.asked();
        let times: Vec<_> = asked.iter().map(|asked| asked.at.as_millis() as u64).collect();
        let model: Vec<_> = course.attempts.iter().map(|attempt| attempt.at).collect();
        check_eq("CL-2", &format!("when attempts are made against {what}"), &model, &times);
        let last = &ends[(model.len() - 1).min(ends.len() - 1)];
        let expected = ((!course.succeeds).then_some(model.len() as u32), last.2.clone());
        check_eq("CL-2", &format!("what comes of {what}"), &expected, &came_of(result));
        asked.iter().for_each(check_request);
        let mut ids: Vec<_> = asked.iter().map(|asked| asked.json()["id"].as_u64()).collect();
        ids.sort_unstable();
        ids.dedup();
        check_eq("CL-2", "how many ids there are", &asked.len(), &ids.len());
    });
}

/// Each request is posted as JSON, with a token of its own time.
fn check_request(asked: &Asked) {
    check_eq("CL-2", "the method of HTTP", "POST", &*asked.method);
    check_eq("CL-2", "the kind of content", &Some("application/json"), &asked.header("content-type"));
    check_eq("CL-2", "what is understood", &Some("application/json"), &asked.header("accept"));
    let token = asked.header("authorization").and_then(|value| value.strip_prefix("Bearer "));
    let issued = token.and_then(issued_at);
    check_eq("CL-2", "when the token was issued", &Some(asked.at.as_secs()), &issued);
}

/// Every two things that a server does, one after the other, and then VALID: attempts, tokens and outcome are the model's.
pub fn every_fault_ends_as_the_model_says() -> u64 {
    let mut tried = 0;
    for first in DEEDS {
        play(&[first]);
        tried += 1;
        if first.end().1 == End::Answer || first.end().1 == End::Final {
            continue;
        }
        for second in DEEDS {
            play(&[first, second, Deed::Valid]);
            tried += 1;
        }
    }
    tried
}

/// Nothing listens: that is an error, and is tried again.
pub fn nobody_there_is_an_error() -> u64 {
    run(async {
        let hands = Hands::at(BEGIN);
        let url = Stage::open(hands.clone(), |_| Step::Reset).await.url.clone();
        tokio::task::yield_now().await;
        let client = client(&url, Fork::Paris, &hands);
        let came = came_of(client.exchange_capabilities().await);
        let is_one = ["connect", "lost"].contains(&&*came.1);
        check_eq("CL-2", &format!("nobody there: {came:?}"), &(Some(3), true), &(came.0, is_one));
        check_eq("CL-2", "how often was waited", &2, &hands.granted().len());
    });
    1
}

/// The result of a method, whatever is asked.
fn answers(result: Value) -> impl FnMut(&Asked) -> Step + Send + 'static {
    move |asked| Step::json(200, &json!({ "jsonrpc": "2.0", "id": asked.json()["id"], "result": result }))
}

/// Every method has the name and the parameters that the fork asks for.
pub fn calls_are_what_the_fork_asks_for() -> u64 {
    for fork in Fork::ALL {
        run(async {
            let hands = Hands::at(BEGIN);
            let status = json!({ "status": "VALID", "latestValidHash": OURS, "validationError": null });
            let stage = Stage::open(hands.clone(), answers(status)).await;
            let client = client(&stage.url, fork, &hands);
            let requests: &[Octets] = &[Octets(vec![5])];
            let sent = payload(fork, OURS);
            // No requests at Prague, and some before it, are not sent.
            let wrong = Some(requests).filter(|_| fork < Fork::Prague);
            let refused = client.new_payload(&sent, OTHER, wrong).await;
            let shape = ShapeError { field: "executionRequests", fork, is_there: wrong.is_some() };
            check_eq("CL-2", "requests of another fork", &Err(EngineError::Shape(shape)), &refused);
            let requests = Some(requests).filter(|_| fork >= Fork::Prague);
            let said = client.new_payload(&sent, OTHER, requests).await;
            check_eq("CL-2", "a payload", &Ok(PayloadOutcome::Valid), &said);
            let mut params = vec![json!(sent)];
            params.extend((fork >= Fork::Cancun).then(|| json!([])));
            params.extend((fork >= Fork::Cancun).then(|| json!(OTHER)));
            params.extend((fork >= Fork::Prague).then(|| json!(["0x05"])));
            let asked = stage.asked();
            check_eq("CL-2", "what is submitted", &json!(params), &asked[0].json()["params"]);
            check_eq("CL-2", "by which method", &json!(fork.new_payload()), &asked[0].json()["method"]);
            check_eq("CL-2", "which fork is spoken", &fork, &client.fork());
        });
        forkchoice(fork);
        built(fork);
    }
    capabilities();
    12
}

fn forkchoice(fork: Fork) {
    run(async {
        let hands = Hands::at(BEGIN);
        let status = json!({ "status": "VALID", "latestValidHash": OURS, "validationError": null });
        let id = "0x0000000000000009";
        let stage =
            Stage::open(hands.clone(), answers(json!({ "payloadStatus": status, "payloadId": id }))).await;
        let client = client(&stage.url, fork, &hands);
        let state = ForkchoiceState {
            head_block_hash: OURS,
            safe_block_hash: OTHER,
            finalized_block_hash: Hash::default(),
        };
        let attributes = PayloadAttributes {
            withdrawals: (fork >= Fork::Shanghai).then(Vec::new),
            parent_beacon_block_root: (fork >= Fork::Cancun).then_some(OTHER),
            ..PayloadAttributes::default()
        };
        let valid = Ok(ForkchoiceOutcome::Valid { payload: id.parse().ok() });
        check_eq("CL-2", "a choice", &valid, &client.forkchoice_updated(state, None).await);
        check_eq(
            "CL-2",
            "a choice to build on",
            &valid,
            &client.forkchoice_updated(state, Some(&attributes)).await,
        );
        let chosen =
            json!({ "headBlockHash": OURS, "safeBlockHash": OTHER, "finalizedBlockHash": Hash::default() });
        for (asked, attributes) in stage.asked().iter().zip([Value::Null, json!(attributes)]) {
            check_eq("CL-2", "by which method", &json!(fork.forkchoice_updated()), &asked.json()["method"]);
            check_eq("CL-2", "what is chosen", &json!([chosen, attributes]), &asked.json()["params"]);
        }
        let other = if fork == Fork::Paris { Some(Vec::new()) } else { None };
        let wrong = PayloadAttributes { withdrawals: other, ..attributes };
        let refused = client.forkchoice_updated(state, Some(&wrong)).await;
        check_eq("CL-2", "attributes of another fork", &true, &matches!(refused, Err(EngineError::Shape(_))));
        let wrong = payload(if fork == Fork::Paris { Fork::Shanghai } else { Fork::Paris }, OURS);
        let refused = client.new_payload(&wrong, OTHER, None).await;
        check_eq("CL-2", "a payload of another fork", &true, &matches!(refused, Err(EngineError::Shape(_))));
        check_eq("CL-2", "how much was sent", &2, &stage.asked().len());
    });
}

fn built(fork: Fork) {
    run(async {
        let hands = Hands::at(BEGIN);
        let sent = payload(fork, OURS);
        let answer = match fork {
            Fork::Paris => json!(sent),
            Fork::Prague => json!({ "executionPayload": sent, "blockValue": "0x0", "executionRequests": [] }),
            _ => json!({ "executionPayload": sent, "blockValue": "0x0" }),
        };
        // At the deadline it is too late, and just before it is not.
        let mut late = [SHORT, SHORT - 1].into_iter();
        let mut script = answers(answer);
        let stage = Stage::open(hands.clone(), move |asked| {
            Step::Late(ms(late.next().unwrap_or(0)), Box::new(script(asked)))
        });
        let stage = stage.await;
        let client = client(&stage.url, fork, &hands);
        let built = client.get_payload(Fixed([0, 0, 0, 0, 0, 0, 0, 9])).await;
        check_eq("CL-2", "what was built", &Ok(sent), &built.map(|built| built.payload));
        let asked = stage.asked();
        check_eq("CL-2", "by which method", &json!(fork.get_payload()), &asked[1].json()["method"]);
        check_eq("CL-2", "which payload", &json!(["0x0000000000000009"]), &asked[1].json()["params"]);
        check_eq("CL-2", "how often it is asked for", &2, &asked.len());
        check_eq("CL-2", "when it is asked again", &(BEGIN + ms(SHORT + 200)), &asked[1].at);
    });
}

fn capabilities() {
    run(async {
        let hands = Hands::at(BEGIN);
        let mut late = [SHORT, SHORT - 1].into_iter();
        let mut script = answers(json!(["engine_newPayloadV2"]));
        let stage = Stage::open(hands.clone(), move |asked| {
            Step::Late(ms(late.next().unwrap_or(0)), Box::new(script(asked)))
        });
        let stage = stage.await;
        let client = client(&stage.url, Fork::Shanghai, &hands);
        let said = client.exchange_capabilities().await;
        check_eq("CL-2", "what the other side has", &Ok(vec!["engine_newPayloadV2".to_owned()]), &said);
        let asked = stage.asked();
        check_eq(
            "CL-2",
            "by which method",
            &json!("engine_exchangeCapabilities"),
            &asked[1].json()["method"],
        );
        let ours = ["engine_newPayloadV2", "engine_forkchoiceUpdatedV2", "engine_getPayloadV2"];
        check_eq("CL-2", "what this side has", &json!([ours]), &asked[1].json()["params"]);
    });
}

/// An answer that is larger than allowed is not read, and one that is not is.
pub fn answers_are_bounded() -> u64 {
    use super::alys::http::{Http, Request};
    for (octets, limit, fits) in
        [(10, 10, true), (11, 10, false), (0, 0, true), (1, 0, false), (100_000, 99_999, false)]
    {
        run(async {
            let hands = Hands::at(BEGIN);
            let stage = Stage::open(hands.clone(), move |_| Step::Answer(200, vec![b'x'; octets])).await;
            let http = Http::new(clock(&hands))
                .map(|http| http.with_limit(limit))
                .unwrap_or_else(|error| panic!("{error}"));
            let request = Request { url: stage.url.clone(), bearer: None, accept: "text/plain", body: None };
            let read = http.send(&request, BEGIN + ms(5_000)).await;
            let model = if fits { Ok(octets) } else { Err(format!("too large {limit}")) };
            let real = read.map(|answer| answer.body.len()).map_err(|failure| word(&failure));
            check_eq("CL-2", &format!("{octets} octets where {limit} are allowed"), &model, &real);
            let asked = stage.asked();
            check_eq("CL-2", "what is understood", &Some("text/plain"), &asked[0].header("accept"));
            check_eq(
                "CL-2",
                "a question is no post",
                &("GET", None),
                &(&*asked[0].method, asked[0].header("authorization")),
            );
        });
    }
    5
}
