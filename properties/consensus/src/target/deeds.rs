//! What an execution client does to a payload, and what must come of it.

use std::time::Duration;

use alys_models::consensus::course::End;
use serde_json::{Value, json};

use super::alys::engine::PayloadOutcome;
use super::alys::octets::{Fixed, Hash};
use crate::stage::{Asked, Step};

/// The payload that is asked about.
pub const OURS: Hash = Fixed([1; 32]);
/// Another one.
pub const OTHER: Hash = Fixed([2; 32]);
/// How long a payload may take, in milliseconds.
pub const LONG: u64 = 8_000;

/// What a server does to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// It answers VALID.
    Valid,
    /// It says something else, which is no error.
    Says(&'static str),
    /// It answers VALID of another block.
    OfAnother,
    /// It answers with an error of JSON-RPC.
    Rpc(i64),
    /// It answers with a status, and VALID in the body all the same.
    Status(u16),
    /// It resets the connection.
    Reset,
    /// It breaks off.
    Cut,
    /// It answers with half of the JSON, as if it were all.
    Half,
    /// It answers with JSON of another kind.
    Kind,
    /// It answers to the request before.
    Stale,
    /// It says nothing until the deadline has passed.
    Silent,
    /// It answers just in time.
    InTime,
    /// It answers at the deadline.
    TooLate,
    /// It points elsewhere.
    Elsewhere,
    /// It answers with nothing.
    Nothing,
}

/// All of it.
pub const DEEDS: [Deed; 26] = [
    Deed::Valid,
    Deed::Says("SYNCING"),
    Deed::Says("ACCEPTED"),
    Deed::Says("INVALID"),
    Deed::OfAnother,
    Deed::Rpc(-32_603),
    Deed::Rpc(-32_000),
    Deed::Rpc(-38_003),
    Deed::Status(400),
    Deed::Status(401),
    Deed::Status(403),
    Deed::Status(404),
    Deed::Status(429),
    Deed::Status(500),
    Deed::Status(503),
    Deed::Status(204),
    Deed::Reset,
    Deed::Cut,
    Deed::Half,
    Deed::Kind,
    Deed::Stale,
    Deed::Silent,
    Deed::InTime,
    Deed::TooLate,
    Deed::Elsewhere,
    Deed::Nothing,
];

/// What is said, as JSON-RPC.
fn says(asked: &Asked, status: &str, latest: Option<Hash>) -> Value {
    let status = json!({ "status": status, "latestValidHash": latest, "validationError": "no" });
    json!({ "jsonrpc": "2.0", "id": asked.json()["id"], "result": status })
}

impl Deed {
    /// What is done to a request.
    #[must_use]
    pub fn step(self, asked: &Asked) -> Step {
        let valid = says(asked, "VALID", Some(OURS));
        match self {
            Self::Valid => Step::json(200, &valid),
            Self::Says(word) => {
                Step::json(200, &says(asked, word, Some(OTHER).filter(|_| word == "INVALID")))
            }
            Self::OfAnother => Step::json(200, &says(asked, "VALID", Some(OTHER))),
            Self::Rpc(code) => {
                let error = json!({ "code": code, "message": "no" });
                Step::json(200, &json!({ "jsonrpc": "2.0", "id": asked.json()["id"], "error": error }))
            }
            Self::Status(204) => Step::Answer(204, Vec::new()),
            Self::Status(status) => Step::json(status, &valid),
            Self::Reset => Step::Reset,
            Self::Cut => Step::Cut(200, valid.to_string().into_bytes()),
            Self::Half => Step::Answer(200, valid.to_string().into_bytes()[..30].to_vec()),
            Self::Kind => {
                Step::json(200, &json!({ "jsonrpc": "2.0", "id": asked.json()["id"], "result": ["VALID"] }))
            }
            Self::Stale => {
                let mut stale = valid;
                stale["id"] = json!(asked.json()["id"].as_u64().unwrap_or_default().wrapping_sub(1));
                Step::json(200, &stale)
            }
            Self::Silent => Step::Silent(ms(LONG)),
            Self::InTime => Step::Late(ms(LONG - 1), Box::new(Step::json(200, &valid))),
            Self::TooLate => Step::Late(ms(LONG), Box::new(Step::json(200, &valid))),
            Self::Elsewhere => Step::Redirect("/elsewhere".to_owned()),
            Self::Nothing => Step::Answer(200, Vec::new()),
        }
    }

    /// How long it takes, how it ends an attempt, and what comes of the call if it is the last.
    #[must_use]
    pub fn end(self) -> (u64, End, String) {
        let text = str::to_owned;
        match self {
            Self::Valid => (0, End::Answer, text("Valid")),
            Self::InTime => (LONG - 1, End::Answer, text("Valid")),
            Self::Says("SYNCING") => (0, End::Answer, text("Syncing")),
            Self::Says("ACCEPTED") => (0, End::Answer, text("Accepted")),
            Self::Says(_) => {
                let invalid = PayloadOutcome::Invalid { latest_valid: Some(OTHER), reason: Some(text("no")) };
                (0, End::Answer, format!("{invalid:?}"))
            }
            Self::Rpc(code) => (0, End::Final, format!("rpc {code}")),
            Self::Status(401) => (0, End::Refused, text("unauthorised")),
            Self::Status(status @ (429 | 500..)) => (0, End::Passing, format!("status {status}")),
            Self::Status(status) => (0, End::Final, format!("status {status}")),
            Self::Elsewhere => (0, End::Final, text("status 302")),
            Self::Reset | Self::Cut => (0, End::Passing, text("lost")),
            Self::Silent | Self::TooLate => (LONG, End::Passing, format!("timeout {LONG}")),
            Self::OfAnother | Self::Half | Self::Kind | Self::Nothing => (0, End::Final, text("malformed")),
            Self::Stale => (0, End::Final, text("other request")),
        }
    }
}

/// A time in milliseconds.
#[must_use]
pub fn ms(time: u64) -> Duration {
    Duration::from_millis(time)
}
