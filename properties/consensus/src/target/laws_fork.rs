//! Forks: which version of a method is called, and what its structures hold.

use alys_engines::violation::check_eq;
use serde_json::{Value, json};

use super::alys::engine::{BuiltPayload, ExecutionPayload, Fork, PayloadAttributes, ShapeError, Withdrawal};
use super::alys::number::Quantity;
use super::alys::octets::{Hash, Octets};

/// What the specification says: `src/engine/{paris,shanghai,cancun,prague}.md`.
const METHODS: [(Fork, [&str; 3]); 4] = [
    (Fork::Paris, ["engine_newPayloadV1", "engine_forkchoiceUpdatedV1", "engine_getPayloadV1"]),
    (Fork::Shanghai, ["engine_newPayloadV2", "engine_forkchoiceUpdatedV2", "engine_getPayloadV2"]),
    (Fork::Cancun, ["engine_newPayloadV3", "engine_forkchoiceUpdatedV3", "engine_getPayloadV3"]),
    (Fork::Prague, ["engine_newPayloadV4", "engine_forkchoiceUpdatedV3", "engine_getPayloadV4"]),
];

/// A payload with a hash, of the shape of a fork.
#[must_use]
pub fn payload(fork: Fork, hash: Hash) -> ExecutionPayload {
    ExecutionPayload {
        block_hash: hash,
        withdrawals: (fork >= Fork::Shanghai).then(Vec::new),
        blob_gas_used: (fork >= Fork::Cancun).then(Quantity::default),
        excess_blob_gas: (fork >= Fork::Cancun).then(Quantity::default),
        ..ExecutionPayload::default()
    }
}

/// Every fork calls the versions that the specification names.
pub fn methods_have_the_version_of_the_fork() -> u64 {
    check_eq("CL-2", "the forks", &METHODS.map(|(fork, _)| fork), &Fork::ALL);
    for (fork, [new, updated, get]) in METHODS {
        let real = [fork.new_payload(), fork.forkchoice_updated(), fork.get_payload()];
        check_eq("CL-2", &format!("the methods of {fork:?}"), &[new, updated, get], &real);
        check_eq("CL-2", &format!("all methods of {fork:?}"), &[new, updated, get], &fork.methods());
    }
    4
}

/// A structure is of a fork exactly when it has what the fork has, and nothing of a later one.
pub fn structures_are_of_their_fork() -> u64 {
    let mut tried = 0;
    for fork in Fork::ALL {
        for mask in 0..8_u8 {
            let there = [mask & 1 > 0, mask & 2 > 0, mask & 4 > 0];
            let payload = ExecutionPayload {
                withdrawals: there[0].then(Vec::new),
                blob_gas_used: there[1].then(Quantity::default),
                excess_blob_gas: there[2].then(Quantity::default),
                ..ExecutionPayload::default()
            };
            let attributes = PayloadAttributes {
                withdrawals: there[0].then(Vec::new),
                parent_beacon_block_root: there[1].then(Hash::default),
                ..PayloadAttributes::default()
            };
            let wanted = [fork >= Fork::Shanghai, fork >= Fork::Cancun, fork >= Fork::Cancun];
            let first = |fields: &[&'static str]| {
                let wrong = (0..fields.len()).find(|at| there[*at] != wanted[*at]);
                wrong.map_or(Ok(()), |at| Err(ShapeError { field: fields[at], fork, is_there: there[at] }))
            };
            let model = first(&["withdrawals", "blobGasUsed", "excessBlobGas"]);
            check_eq(
                "CL-2",
                &format!("a payload at {fork:?}, {there:?}"),
                &model,
                &fork.check_payload(&payload),
            );
            let model = first(&["withdrawals", "parentBeaconBlockRoot"]);
            check_eq(
                "CL-2",
                &format!("attributes at {fork:?}, {there:?}"),
                &model,
                &fork.check_attributes(&attributes),
            );
            tried += 1;
        }
        for is_there in [false, true] {
            let fits = is_there == (fork == Fork::Prague);
            let model =
                if fits { Ok(()) } else { Err(ShapeError { field: "executionRequests", fork, is_there }) };
            check_eq("CL-2", &format!("requests at {fork:?}"), &model, &fork.check_requests(is_there));
            tried += 1;
        }
    }
    tried
}

/// The fields of a structure, as they are sent.
fn keys(value: &Value) -> Vec<String> {
    value.as_object().map(|object| object.keys().cloned().collect()).unwrap_or_default()
}

/// Structures have the names of the specification, and come back as they were sent.
pub fn structures_are_written_as_the_specification_has_them() -> u64 {
    let full = payload(Fork::Cancun, Hash::default());
    let mut names = vec![
        "parentHash",
        "feeRecipient",
        "stateRoot",
        "receiptsRoot",
        "logsBloom",
        "prevRandao",
        "blockNumber",
        "gasLimit",
        "gasUsed",
        "timestamp",
        "extraData",
        "baseFeePerGas",
        "blockHash",
        "transactions",
        "withdrawals",
        "blobGasUsed",
        "excessBlobGas",
    ];
    names.sort_unstable();
    check_eq(
        "CL-2",
        "the fields of a payload",
        &names.iter().map(ToString::to_string).collect::<Vec<_>>(),
        &keys(&json!(full)),
    );
    let early = json!(payload(Fork::Paris, Hash::default()));
    check_eq("CL-2", "the fields of an early one", &14, &keys(&early).len());
    for fork in Fork::ALL {
        let sent = payload(fork, Hash::default());
        check_eq(
            "CL-2",
            "a payload that comes back",
            &Some(sent.clone()),
            &serde_json::from_value(json!(sent)).ok(),
        );
    }
    let attributes = PayloadAttributes {
        timestamp: Quantity(1),
        withdrawals: Some(Vec::new()),
        parent_beacon_block_root: Some(Hash::default()),
        ..PayloadAttributes::default()
    };
    let (root, nobody) = (format!("0x{}", "00".repeat(32)), format!("0x{}", "00".repeat(20)));
    let expected = json!({
        "timestamp": "0x1", "prevRandao": root, "suggestedFeeRecipient": nobody, "withdrawals": [],
        "parentBeaconBlockRoot": root,
    });
    check_eq("CL-2", "attributes", &expected, &json!(attributes));
    check_eq("CL-2", "the fields of early attributes", &3, &keys(&json!(PayloadAttributes::default())).len());
    let withdrawal = Withdrawal {
        index: Quantity(1),
        validator_index: Quantity(2),
        amount: Quantity(3),
        ..Withdrawal::default()
    };
    let zero = format!("0x{}", "00".repeat(20));
    let expected = json!({ "index": "0x1", "validatorIndex": "0x2", "address": zero, "amount": "0x3" });
    check_eq("CL-2", "a withdrawal", &expected, &json!(withdrawal));
    6
}

/// What was built is read as the fork has it, and refused in the shape of another one.
pub fn what_was_built_is_of_the_fork() -> u64 {
    let mut tried = 0;
    for sent in Fork::ALL {
        let payload = payload(sent, Hash::default());
        let requests = (sent >= Fork::Prague).then(|| vec![Octets(vec![1])]);
        let mut envelope = json!({ "executionPayload": payload, "blockValue": "0x5", "blobsBundle": {} });
        if let Some(requests) = &requests {
            envelope["executionRequests"] = json!(requests);
        }
        let answer = if sent == Fork::Paris { json!(payload) } else { envelope };
        for fork in Fork::ALL {
            let real = BuiltPayload::read(fork, answer.clone());
            check_eq(
                "CL-2",
                &format!("what was built at {sent:?} is read at {fork:?}"),
                &(fork == sent),
                &real.is_ok(),
            );
            if let Ok(built) = real {
                check_eq(
                    "CL-2",
                    "what was built",
                    &(&payload, &requests),
                    &(&built.payload, &built.requests),
                );
                let value = (fork > Fork::Paris).then(|| "0x5".to_owned());
                check_eq("CL-2", "its value", &value, &built.value.map(|value| value.to_string()));
            }
            tried += 1;
        }
    }
    tried
}
