//! A small execution client, for the script of a [`stage`](crate::stage): it knows blocks by their hashes, and does what the
//! specification says, or one thing wrong.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::stage::{Asked, Step};

/// What it does wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wrong {
    /// Nothing.
    #[default]
    Nothing,
    /// It resets every connection.
    Down,
    /// It says SYNCING to everything.
    Syncing,
    /// It takes a choice, and builds nothing.
    BuildsNothing,
    /// It builds on another block.
    OtherParent,
    /// It builds for a second later.
    OtherTime,
    /// It builds with randomness of its own.
    OtherRandomness,
    /// It calls what it has built invalid.
    OwnInvalid,
    /// It says ACCEPTED to every payload.
    Accepts,
    /// It calls every choice invalid.
    RefusesChoice,
    /// It calls every payload invalid.
    RefusesPayload,
}

/// What it knows.
#[derive(Debug, Default)]
pub struct Known {
    /// Blocks by hash.
    pub blocks: BTreeMap<String, Value>,
    /// The choice that it took last.
    pub choice: Option<Value>,
    /// The attributes of the payload that it builds.
    pub building: Option<Value>,
    /// What it does wrong.
    pub wrong: Wrong,
}

/// The client; clones are the same one.
#[derive(Clone, Debug, Default)]
pub struct Execution(Arc<Mutex<Known>>);

/// The request that goes with every payload of Prague.
const REQUEST: &str = "0x00aa";

/// The hash of the first block.
#[must_use]
pub fn genesis() -> String {
    format!("0x{}", "01".repeat(32))
}

/// The hash of a payload: over all of it but the hash itself.
#[must_use]
pub fn hash(payload: &Value) -> String {
    let mut payload = payload.clone();
    payload["blockHash"] = Value::Null;
    let digest = Sha256::digest(payload.to_string());
    format!("0x{}", digest.iter().map(|octet| format!("{octet:02x}")).collect::<String>())
}

impl Execution {
    /// What it knows.
    pub fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets it do something wrong from now on.
    pub fn does(&self, wrong: Wrong) {
        self.known().wrong = wrong;
    }

    /// Lets it forget everything, as one that has lost its disk.
    pub fn forgets(&self) {
        *self.known() = Known::default();
    }

    /// Lets it forget its last blocks, as one that was killed before it wrote them: nothing is left above a number.
    pub fn falls_back(&self, to: u64) {
        let mut known = self.known();
        known.blocks.retain(|_, block| number_of(&block["blockNumber"]) <= to);
        (known.choice, known.building) = (None, None);
    }

    /// The tip that it was told last.
    #[must_use]
    pub fn head(&self) -> Value {
        self.known().choice.as_ref().map(|choice| choice["headBlockHash"].clone()).unwrap_or_default()
    }

    /// Answers a request.
    #[must_use]
    pub fn step(&self, asked: &Asked) -> Step {
        let request = asked.json();
        let mut known = self.known();
        if known.wrong == Wrong::Down {
            return Step::Reset;
        }
        let method = request["method"].as_str().unwrap_or_default();
        let result = match method {
            "engine_newPayloadV2" | "engine_newPayloadV3" | "engine_newPayloadV4" => {
                match beside(method, &request["params"]) {
                    true => known.submitted(&request["params"][0]),
                    false => status("INVALID", &Value::Null),
                }
            }
            "engine_forkchoiceUpdatedV2" | "engine_forkchoiceUpdatedV3" => known.chosen(&request["params"]),
            "engine_getPayloadV2" | "engine_getPayloadV3" => known.built(),
            "engine_getPayloadV4" => {
                let mut built = known.built();
                built["executionRequests"] = json!([REQUEST]);
                built
            }
            _ => Value::Null,
        };
        Step::json(200, &json!({ "jsonrpc": "2.0", "id": request["id"], "result": result }))
    }
}

/// Whether what goes with a payload is right: since Cancun no blobs and the root it was built with, which is kept as its state's,
/// since Prague the request.
fn beside(method: &str, params: &Value) -> bool {
    let of_cancun = params[1] == json!([]) && params[2] == params[0]["stateRoot"];
    match method {
        "engine_newPayloadV2" => params.as_array().is_some_and(|params| params.len() == 1),
        "engine_newPayloadV3" => of_cancun && params[3].is_null(),
        _ => of_cancun && params[3] == json!([REQUEST]),
    }
}

fn status(word: &str, latest: &Value) -> Value {
    json!({ "status": word, "latestValidHash": latest, "validationError": null })
}

impl Known {
    fn has(&self, hash: &Value) -> bool {
        let hash = hash.as_str().unwrap_or_default();
        hash == genesis() || self.blocks.contains_key(hash)
    }

    fn submitted(&mut self, payload: &Value) -> Value {
        let (own, parent) = (&payload["blockHash"], &payload["parentHash"]);
        match self.wrong {
            Wrong::Syncing => return status("SYNCING", &Value::Null),
            Wrong::Accepts => return status("ACCEPTED", &Value::Null),
            Wrong::OwnInvalid | Wrong::RefusesPayload => return status("INVALID", parent),
            _ => {}
        }
        if *own != json!(hash(payload)) {
            return status("INVALID", parent);
        }
        if !self.has(parent) {
            return status("SYNCING", &Value::Null);
        }
        self.blocks.insert(own.as_str().unwrap_or_default().to_owned(), payload.clone());
        status("VALID", own)
    }

    fn chosen(&mut self, params: &Value) -> Value {
        let (choice, attributes) = (&params[0], &params[1]);
        let head = &choice["headBlockHash"];
        if self.wrong == Wrong::RefusesChoice {
            return json!({ "payloadStatus": status("INVALID", &json!(genesis())), "payloadId": null });
        }
        if self.wrong == Wrong::Syncing || !self.has(head) {
            return json!({ "payloadStatus": status("SYNCING", &Value::Null), "payloadId": null });
        }
        self.choice = Some(choice.clone());
        self.building = Some(attributes.clone()).filter(|attributes| !attributes.is_null());
        let builds = self.building.is_some() && self.wrong != Wrong::BuildsNothing;
        json!({ "payloadStatus": status("VALID", head), "payloadId": builds.then_some("0x0000000000000001") })
    }

    fn built(&self) -> Value {
        let attributes = self.building.clone().unwrap_or_default();
        let head = self.choice.as_ref().map(|choice| choice["headBlockHash"].clone()).unwrap_or_default();
        let parent = self.blocks.get(head.as_str().unwrap_or_default());
        let number = parent.and_then(|parent| number(&parent["blockNumber"])).unwrap_or(0) + 1;
        let time = number_of(&attributes["timestamp"]) + u64::from(self.wrong == Wrong::OtherTime);
        let head =
            if self.wrong == Wrong::OtherParent { json!(format!("0x{}", "09".repeat(32))) } else { head };
        let zero = |octets: usize| format!("0x{}", "00".repeat(octets));
        let mut payload = json!({
            "parentHash": head, "feeRecipient": attributes["suggestedFeeRecipient"], "stateRoot": zero(32),
            "receiptsRoot": zero(32), "logsBloom": zero(256), "prevRandao": attributes["prevRandao"],
            "blockNumber": format!("{number:#x}"), "gasLimit": "0x1", "gasUsed": "0x0", "timestamp": format!("{time:#x}"),
            "extraData": "0x", "baseFeePerGas": "0x7", "blockHash": null, "transactions": [], "withdrawals": [],
        });
        if self.wrong == Wrong::OtherRandomness {
            payload["prevRandao"] = json!(format!("0x{}", "09".repeat(32)));
        }
        let root = &attributes["parentBeaconBlockRoot"];
        if !root.is_null() {
            payload["stateRoot"] = root.clone();
            payload["blobGasUsed"] = json!("0x0");
            payload["excessBlobGas"] = json!("0x0");
        }
        payload["blockHash"] = json!(hash(&payload));
        json!({ "executionPayload": payload, "blockValue": "0x0" })
    }
}

fn number(value: &Value) -> Option<u64> {
    u64::from_str_radix(value.as_str()?.strip_prefix("0x")?, 16).ok()
}

fn number_of(value: &Value) -> u64 {
    number(value).unwrap_or(0)
}
