//! What real beacon nodes have answered, as it was recorded: all of it is understood.

use alys_engines::violation::check_eq;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::alys::beacon::HeadEvent;
use super::alys::beacon::reply;
use super::alys::beacon::sse::Parser;
use super::alys::beacon::types::{
    BeaconBlock, Data, Dated, FinalityCheckpoints, ForkRecord, Genesis, HeaderRecord, Health, Identity,
    NodeVersion, Peer, ProposerDuties, Root, Signed, Spec, Syncing, ValidatorRecord, Versioned,
};
use super::alys::failure::Failure;

/// Lodestar 1.5.1 in development: what was asked for, the status and the body.
const LODESTAR: &str = include_str!("../../recorded/lodestar-1.5.1.jsonl");

/// The stream of its heads, and of reorganisations that did not come.
const HEADS: &str = include_str!("../../recorded/lodestar-1.5.1-heads.txt");

/// What an answer is read as: written again, or the failure.
fn again<T: DeserializeOwned + Serialize>(status: u16, body: &[u8]) -> Result<Option<Value>, Failure> {
    Ok(reply::answer::<T>(status, body)?.map(|read| json!(read)))
}

fn read(name: &str, status: u16, body: &[u8]) -> Result<Option<Value>, Failure> {
    match name {
        "version" => again::<Data<NodeVersion>>(status, body),
        "syncing" => again::<Data<Syncing>>(status, body),
        "identity" => again::<Data<Identity>>(status, body),
        "peers" => again::<Data<Vec<Peer>>>(status, body),
        "genesis" => again::<Data<Genesis>>(status, body),
        "headers" => again::<Dated<Vec<HeaderRecord>>>(status, body),
        "header" => again::<Dated<HeaderRecord>>(status, body),
        "block" => again::<Versioned<Signed<BeaconBlock>>>(status, body),
        "root" => again::<Dated<Root>>(status, body),
        "finality" => again::<Dated<FinalityCheckpoints>>(status, body),
        "validators" => again::<Dated<Vec<ValidatorRecord>>>(status, body),
        "spec" => again::<Data<Spec>>(status, body),
        "fork_schedule" => again::<Data<Vec<ForkRecord>>>(status, body),
        "duties" => again::<ProposerDuties>(status, body),
        "health" => reply::health(status, body).map(|health| Some(json!(health == Health::Ready))),
        other => panic!("nobody asks for {other}"),
    }
}

/// The first place at which something was said that was not read so; what was added beside it is not looked at.
fn unlike(read: &Value, said: &Value, place: &str) -> Option<String> {
    match (read, said) {
        (Value::Object(read), Value::Object(_)) => {
            read.iter().find_map(|(key, value)| unlike(value, &said[key], &format!("{place}/{key}")))
        }
        (Value::Array(read), Value::Array(said)) if read.len() == said.len() => (0..)
            .zip(read.iter().zip(said))
            .find_map(|(at, (read, said)): (usize, _)| unlike(read, said, &format!("{place}/{at}"))),
        _ => (read != said).then(|| format!("{place}: {read} was {said}")),
    }
}

/// Every answer of Lodestar is read as it was meant, and every refusal with its words.
pub fn what_lodestar_has_answered_is_understood() -> u64 {
    let mut tried = 0;
    for line in LODESTAR.lines() {
        let entry: Value = serde_json::from_str(line).unwrap_or_default();
        let (name, target) = (entry["name"].as_str().unwrap_or_default(), &entry["target"]);
        let status = entry["status"].as_u64().and_then(|status| u16::try_from(status).ok()).unwrap_or(0);
        let body = entry["body"].as_str().unwrap_or_default();
        let said: Value = serde_json::from_str(body).unwrap_or_default();
        let came = read(name, status, body.as_bytes());
        let what = format!("what {target} comes to");
        match status {
            200 if name == "health" => check_eq("CL-1", &what, &Ok(Some(json!(true))), &came),
            200 => {
                let read = came.ok().flatten();
                check_eq("CL-1", &what, &true, &read.is_some());
                let unlike = unlike(&read.unwrap_or_default(), &said, "");
                check_eq("CL-1", &what, &None, &unlike);
            }
            404 => check_eq("CL-1", &what, &Ok(None), &came),
            _ => {
                let message = said["message"].as_str().unwrap_or_default().to_owned();
                check_eq("CL-1", &format!("{what}: its words"), &false, &message.is_empty());
                check_eq("CL-1", &what, &Err(Failure::Status { status, message }), &came);
            }
        }
        tried += 1;
    }
    check_eq("CL-1", "how much was recorded", &18, &tried);
    tried
}

/// The heads that Lodestar has told of are read one by one, each with its slot.
pub fn heads_of_lodestar_are_read() -> u64 {
    let mut parser = Parser::new(1 << 20);
    let messages = parser.push(HEADS.as_bytes()).unwrap_or_else(|error| panic!("{error}"));
    let read = |message| HeadEvent::read(message).ok().flatten().map(|event| event.slot.0);
    let slots: Vec<_> = messages.iter().map(read).collect();
    // Read by eye, as the text has it.
    let data = HEADS.lines().filter_map(|line| line.strip_prefix("data: {\"slot\":\""));
    let model: Vec<_> = data.map(|rest| rest.split('"').next().and_then(|slot| slot.parse().ok())).collect();
    check_eq("CL-1", "slots of heads", &model, &slots);
    check_eq("CL-1", "that there are some", &true, &(slots.len() > 1));
    slots.len() as u64
}
