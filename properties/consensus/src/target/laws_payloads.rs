//! Payloads in bodies, and what a chain makes of them.

use alys_chain::transition::StateTransition as _;
use alys_engines::violation::check_eq;

use super::alys::driver::body::{BodyError, Carried};
use super::alys::driver::{ExecutionTip, Payloads, Unfit};
use super::alys::engine::{Fork, Withdrawal};
use super::alys::octets::{Fixed, Octets};
use super::laws_fork::payload;

/// A payload follows the one before, or the body does not fit; bodies carry payloads of any size, written in one way.
pub fn payloads_follow_one_another() -> u64 {
    let tip = ExecutionTip { hash: Fixed([4; 32]), number: 7, timestamp: 50 };
    let mut tried = 0;
    for parent in [tip.hash, Fixed([5; 32])] {
        for number in [0, 6, 7, 8, 9, u64::MAX] {
            for timestamp in [0, 49, 50, 51, u64::MAX] {
                let mut payload = payload(Fork::Paris, Fixed([6; 32]));
                payload.parent_hash = parent;
                (payload.block_number.0, payload.timestamp.0) = (number, timestamp);
                let body = Carried { payload, requests: None }.to_body().unwrap_or_default();
                let next = ExecutionTip { hash: Fixed([6; 32]), number, timestamp };
                let model = match (parent == tip.hash, number == 8, timestamp > 50) {
                    (false, ..) => Err(Unfit::Parent { tip: tip.hash, found: parent }),
                    (_, false, _) => Err(Unfit::Number { tip: 7, found: number }),
                    (.., false) => Err(Unfit::Timestamp { tip: 50, found: timestamp }),
                    _ => Ok(next),
                };
                check_eq(
                    "CL-2",
                    &format!("{number} at {timestamp} on {parent}"),
                    &model,
                    &Payloads.apply(&tip, &body),
                );
                check_eq("CL-2", "the root", &(next == tip), &(Payloads.root(&next) == Payloads.root(&tip)));
                tried += 1;
            }
        }
    }
    for other in [
        ExecutionTip { number: 8, ..tip },
        ExecutionTip { timestamp: 51, ..tip },
        ExecutionTip { hash: Fixed([9; 32]), ..tip },
    ] {
        check_eq("CL-2", "another root", &true, &(Payloads.root(&other) != Payloads.root(&tip)));
    }
    tried + withdrawals(&tip) + bodies()
}

/// The consensus layer holds nothing that could be withdrawn.
fn withdrawals(tip: &ExecutionTip) -> u64 {
    for (count, fits) in [(None, true), (Some(0), true), (Some(1), false), (Some(16), false)] {
        let mut payload = payload(Fork::Shanghai, Fixed([6; 32]));
        payload.parent_hash = tip.hash;
        (payload.block_number.0, payload.timestamp.0) = (8, 51);
        payload.withdrawals = count.map(|count| vec![Withdrawal::default(); count]);
        let body = Carried { payload, requests: None }.to_body().unwrap_or_default();
        let next = ExecutionTip { hash: Fixed([6; 32]), number: 8, timestamp: 51 };
        let found = count.unwrap_or(0);
        let model = if fits { Ok(next) } else { Err(Unfit::Withdrawals { found }) };
        check_eq("CL-2", &format!("{count:?} withdrawals"), &model, &Payloads.apply(tip, &body));
    }
    4
}

fn bodies() -> u64 {
    let text = |carried: &Carried| serde_json::to_vec(carried).map(|text| text.len()).unwrap_or(0);
    let mut carried =
        Carried { payload: payload(Fork::Cancun, Fixed([6; 32])), requests: Some(vec![Octets(vec![1])]) };
    for octets in [1, 32_000, 33_000, 65_000, 200_000] {
        carried.payload.transactions = vec![Octets(vec![7; octets])];
        let body = carried.to_body().unwrap_or_default();
        check_eq("CL-2", "how many pieces", &text(&carried).div_ceil(65_536), &body.transactions.len());
        check_eq("CL-2", "what a body carries", &Ok(carried.clone()), &Carried::of(&body));
        let mut spaced = body.clone();
        let piece = alys_wire::containers::Transaction::try_from(b" ".to_vec()).unwrap_or_default();
        let _ = spaced.transactions.push(piece);
        check_eq("CL-2", "the same with a space", &Err(BodyError::NotCanonical), &Carried::of(&spaced));
    }
    let empty = Carried::of(&Default::default());
    check_eq("CL-2", "an empty body", &true, &matches!(empty, Err(BodyError::Unreadable(_))));
    6
}
