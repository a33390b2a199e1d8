//! What answers mean: every shape of one, against the model.

use alys_engines::violation::check_eq;
use alys_models::consensus::said::{
    Answer, Error, Id, Latest, Meaning, Outcome, Verdict, to_choice, to_payload,
};
use serde_json::{Value, json};

use super::alys::engine::rpc;
use super::alys::engine::status;
use super::alys::engine::{ForkchoiceOutcome, PayloadOutcome};
use super::alys::failure::Failure;
use super::alys::octets::{Fixed, Hash};

const ASKED: u64 = 7;
/// What was asked about, and something else.
const OURS: Hash = Fixed([1; 32]);
const OTHER: Hash = Fixed([2; 32]);

/// An answer as it is sent.
fn sent(answer: &Answer) -> Vec<u8> {
    let mut object = serde_json::Map::new();
    object.insert("jsonrpc".to_owned(), if answer.version { json!("2.0") } else { json!(2.0) });
    let id = match answer.id {
        Id::Ours => Some(json!(ASKED)),
        Id::Other => Some(json!(ASKED - 1)),
        Id::Text => Some(json!(ASKED.to_string())),
        Id::Null => Some(Value::Null),
        Id::Missing => None,
    };
    let error = match answer.error {
        Error::Missing => None,
        Error::Null => Some(Value::Null),
        Error::Code(code) => Some(json!({ "code": code, "message": "no" })),
        Error::Garbled if answer.version => Some(json!({ "code": "1", "message": "no" })),
        Error::Garbled => Some(json!({ "code": 1 })),
    };
    let result = match answer.result {
        Outcome::Missing => None,
        Outcome::Null => Some(Value::Null),
        Outcome::Something => Some(json!({ "here": 1 })),
    };
    for (key, value) in [("id", id), ("error", error), ("result", result)] {
        object.extend(value.map(|value| (key.to_owned(), value)));
    }
    let mut text = Value::Object(object).to_string().into_bytes();
    if !answer.json {
        text.pop();
    }
    text
}

fn meaning(real: &Result<Value, Failure>) -> Option<Meaning> {
    match real {
        Ok(_) => Some(Meaning::Result),
        Err(Failure::Rpc { code, message }) if message == "no" => Some(Meaning::Rpc(*code)),
        Err(Failure::Unauthorised) => Some(Meaning::Unauthorised),
        Err(Failure::Status { status, .. }) => Some(Meaning::Status(*status)),
        Err(Failure::OtherRequest { asked: ASKED, .. }) => Some(Meaning::OtherRequest),
        Err(Failure::Malformed(_)) => Some(Meaning::Malformed),
        Err(_) => None,
    }
}

/// Every answer means what the model says, whatever its parts are.
pub fn answers_mean_what_they_say() -> u64 {
    let errors = [-32_700, -32_600, -32_601, -32_603, -32_000, -38_001, -38_006, 0, 1].map(Error::Code);
    let errors: Vec<_> = [Error::Missing, Error::Null, Error::Garbled].into_iter().chain(errors).collect();
    let mut tried = 0;
    for status in [200, 199, 201, 204, 301, 400, 401, 403, 404, 429, 500, 503, 599] {
        for (json, version) in [(true, true), (true, false), (false, true)] {
            for id in [Id::Ours, Id::Other, Id::Text, Id::Null, Id::Missing] {
                for error in errors.iter().copied() {
                    for result in [Outcome::Missing, Outcome::Null, Outcome::Something] {
                        let answer = Answer { status, json, version, id, error, result };
                        let real = rpc::response(status, &sent(&answer), ASKED);
                        let meant = answer.meanings();
                        let said = meaning(&real).is_some_and(|one| meant.contains(&one));
                        check_eq(
                            "CL-2",
                            &format!("{answer:?}, {meant:?}, is said by {real:?}"),
                            &true,
                            &said,
                        );
                        tried += 1;
                    }
                }
            }
        }
    }
    check_eq("CL-2", "a list", &true, &matches!(rpc::response(200, b"[]", 1), Err(Failure::Malformed(_))));
    let real = rpc::response(200, br#"{"jsonrpc":"2.0","id":1,"result":[5]}"#, 1);
    check_eq("CL-2", "the result", &Ok(json!([5])), &real);
    let without_message = br#"{"jsonrpc":"2.0","id":1,"error":{"code":1}}"#;
    let real = rpc::response(200, without_message, 1);
    check_eq("CL-2", "an error without a message", &true, &matches!(real, Err(Failure::Malformed(_))));
    let long = rpc::response(500, &[b'x'; 1_000], 1);
    let shown = Failure::Status { status: 500, message: "x".repeat(200) };
    check_eq("CL-2", "how much is shown of an error", &Err(shown), &long);
    tried + 4
}

/// A request is JSON-RPC 2.0 with the method, the parameters and the id.
pub fn requests_say_what_they_ask() -> u64 {
    for id in [0, 1, u64::MAX] {
        let request: Value = serde_json::from_str(&rpc::request(id, "m", &[json!(1)])).unwrap_or_default();
        let expected = json!({ "jsonrpc": "2.0", "id": id, "method": "m", "params": [1] });
        check_eq("CL-2", "a request", &expected, &request);
    }
    3
}

fn verdict(latest: Option<Hash>) -> Latest {
    match latest {
        None => Latest::Null,
        Some(hash) if hash == OURS => Latest::Asked,
        Some(_) => Latest::Other,
    }
}

/// Every status means what the model says, and nothing else is a success.
pub fn statuses_mean_one_outcome_each() -> u64 {
    let words =
        ["VALID", "INVALID", "SYNCING", "ACCEPTED", "INVALID_BLOCK_HASH", "valid", "", "Valid", "UNKNOWN"];
    let mut tried = 0;
    for word in words {
        for (latest, hash) in
            [(Latest::Null, None), (Latest::Asked, Some(OURS)), (Latest::Other, Some(OTHER))]
        {
            for reason in [None, Some("because")] {
                let status = json!({ "status": word, "latestValidHash": hash, "validationError": reason });
                let real = status::payload(status.clone(), OURS);
                check_reason(&real, reason);
                let real = real.ok().map(|outcome| match outcome {
                    PayloadOutcome::Valid => Verdict::Valid,
                    PayloadOutcome::Invalid { latest_valid, .. } => Verdict::Invalid(verdict(latest_valid)),
                    PayloadOutcome::Syncing => Verdict::Syncing,
                    PayloadOutcome::Accepted => Verdict::Accepted,
                });
                check_eq(
                    "CL-2",
                    &format!("{word} to a payload, {latest:?}"),
                    &to_payload(word, latest),
                    &real,
                );
                for id in [None, Some("0x0102030405060708")] {
                    let update = json!({ "payloadStatus": status, "payloadId": id });
                    let real = status::forkchoice(update, OURS).ok().map(|outcome| match outcome {
                        ForkchoiceOutcome::Valid { payload } => {
                            check_eq(
                                "CL-2",
                                "the payload id",
                                &id.map(str::to_owned),
                                &payload.map(|id| id.to_string()),
                            );
                            Verdict::Valid
                        }
                        ForkchoiceOutcome::Invalid { latest_valid, reason: said } => {
                            check_eq("CL-2", "why", &reason.map(str::to_owned), &said);
                            Verdict::Invalid(verdict(latest_valid))
                        }
                        ForkchoiceOutcome::Syncing => Verdict::Syncing,
                    });
                    let model = to_choice(word, latest, id.is_some());
                    check_eq("CL-2", &format!("{word} to a choice, {latest:?}, {id:?}"), &model, &real);
                    tried += 1;
                }
            }
        }
    }
    let is_valid =
        [PayloadOutcome::Valid, PayloadOutcome::Syncing, PayloadOutcome::Accepted].map(|it| it.is_valid());
    check_eq("CL-2", "which outcomes are valid", &[true, false, false], &is_valid);
    for wrong in [
        json!(null),
        json!({}),
        json!({ "status": 1 }),
        json!({ "status": "VALID", "latestValidHash": "0x01" }),
    ] {
        check_eq(
            "CL-2",
            &format!("{wrong} is no status"),
            &true,
            &status::payload(wrong.clone(), OURS).is_err(),
        );
        tried += 1;
    }
    tried
}

fn check_reason(real: &Result<PayloadOutcome, Failure>, reason: Option<&str>) {
    if let Ok(PayloadOutcome::Invalid { reason: said, .. }) = real {
        check_eq("CL-2", "why it is not valid", &reason.map(str::to_owned), said);
    }
}
