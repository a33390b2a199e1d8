//! What a real execution client has answered, replayed.

use alys_engines::violation::check_eq;
use serde_json::Value;

use super::alys::engine::payload::BuiltPayload;
use super::alys::engine::{Fork, rpc, status};
use super::alys::octets::Hash;

/// Requests and answers of `@ethereumjs/client` 0.10.5, as `interop/run` records them.
const RECORDED: &str = include_str!("../../recorded/ethereumjs-0.10.5.jsonl");

fn hash(value: &Value) -> Hash {
    value.as_str().and_then(|text| text.parse().ok()).unwrap_or_default()
}

/// What an answer comes to, as a word.
fn came_to(request: &Value, status: u16, body: &[u8]) -> String {
    let id = request["id"].as_u64().unwrap_or(u64::MAX);
    let result = match rpc::response(status, body, id) {
        Ok(result) => result,
        Err(failure) => return super::support::word(&failure),
    };
    let said = |said: Result<String, super::alys::failure::Failure>| {
        said.unwrap_or_else(|failure| format!("misread: {failure}"))
    };
    match request["method"].as_str().unwrap_or_default() {
        "engine_exchangeCapabilities" => {
            let methods = serde_json::from_value::<Vec<String>>(result).unwrap_or_default();
            let has = Fork::Shanghai.methods().iter().all(|method| methods.iter().any(|one| one == method));
            if has { "has all".to_owned() } else { format!("has {methods:?}") }
        }
        "engine_newPayloadV2" => {
            let asked = hash(&request["params"][0]["blockHash"]);
            said(status::payload(result, asked).map(|outcome| first_word(&format!("{outcome:?}"))))
        }
        "engine_forkchoiceUpdatedV2" => {
            let asked = hash(&request["params"][0]["headBlockHash"]);
            let builds = !request["params"][1].is_null();
            let outcome = status::forkchoice(result, asked).map(|outcome| format!("{outcome:?}"));
            said(outcome.map(|text| {
                if builds && text.contains("Some") { "Builds".to_owned() } else { first_word(&text) }
            }))
        }
        "engine_getPayloadV2" => said(BuiltPayload::read(Fork::Shanghai, result).map(|_| "Built".to_owned())),
        other => format!("{other} is not asked for"),
    }
}

fn first_word(text: &str) -> String {
    text.split([' ', '{', '(']).next().unwrap_or_default().to_owned()
}

/// Every answer that was recorded comes to what it came to when it was: valid blocks and choices, an invalid block, a tip that the
/// client does not know, payloads that are built, its methods, and a refused secret.
pub fn what_was_recorded_is_understood() -> u64 {
    let mut kinds = std::collections::BTreeMap::new();
    let mut tried = 0;
    for line in RECORDED.lines() {
        let entry: Value = serde_json::from_str(line).unwrap_or_default();
        let status = entry["status"].as_u64().and_then(|status| u16::try_from(status).ok()).unwrap_or(0);
        let body = entry["body"].as_str().unwrap_or_default().as_bytes();
        let came = came_to(&entry["request"], status, body);
        check_eq(
            "CL-2",
            &format!("what {} comes to", entry["request"]["method"]),
            &entry["expected"],
            &Value::from(came.clone()),
        );
        *kinds.entry(came).or_insert(0_u64) += 1;
        tried += 1;
    }
    for kind in ["Valid", "Invalid", "Syncing", "Built", "Builds", "unauthorised", "has all"] {
        check_eq("CL-2", &format!("whether something came to {kind}"), &true, &kinds.contains_key(kind));
    }
    tried
}
