//! Blocks of others that come in: what the chain makes of them once the client has called their payloads valid.

use alys_chain::candidate::BlockRefusal;
use alys_chain::engine::{Effect, Event, ImportRefusal};
use alys_chain::transition::StateTransition as _;
use alys_engines::violation::check_eq;
use alys_wire::containers::SignedBlock;
use serde_json::json;

use super::alys::driver::body::Carried;
use super::alys::driver::{ExecutionTip, Payloads, Received, Unfit};
use super::alys::engine::{ExecutionPayload, Withdrawal};
use super::alys::octets::Octets;
use super::laws_driver::{Pair, wrong};
use crate::execution::{Wrong, hash};
use crate::stage::run;

/// A proposal whose payload is valid is taken only when the chain takes the block: the client cannot know who must sign.
pub fn the_chain_may_refuse_what_the_client_takes() -> u64 {
    run(async {
        let mut pair = Pair::new().await;
        check_eq("CL-2", "a block", &true, &pair.propose(1).await.is_ok());
        let block = pair.foreign(2).await;
        let now = pair.realm.time(2);
        let mut unsigned = block.clone();
        unsigned.signature = Default::default();
        let refused = Received::RefusedByChain(vec![Effect::BlockRefused {
            root: block.block.root(),
            refusal: BlockRefusal::BadProposerSignature { proposer: 0 },
        }]);
        let received = pair.driver.receive(unsigned, now).await;
        check_eq("CL-2", "a proposal that nobody has signed", &Ok(refused), &received);
        check_eq("CL-2", "the height", &1, &pair.height());
        let taken = pair.driver.receive(block.clone(), now).await;
        check_eq("CL-2", "the same, signed", &true, &matches!(taken, Ok(Received::Taken(_))));
        check_eq("CL-2", "the height", &2, &pair.height());
        let again = pair.driver.receive(block, now).await;
        check_eq("CL-2", "the same again", &true, &matches!(again, Ok(Received::Taken(_))));
        // A block of the same slot that has waited for this one is refused with it: that is not this one.
        let (next, now) = (pair.foreign(3).await, pair.realm.time(3));
        let child = pair.realm.proposal(&next.block.header, 3, Default::default(), Default::default());
        let waits = pair.driver.hand(Event::Block(child), now).await;
        check_eq(
            "CL-2",
            "that one waits",
            &true,
            &matches!(waits.as_deref(), Ok([Effect::BlockWaits { .. }])),
        );
        let taken = pair.driver.receive(next, now).await;
        let Ok(Received::Taken(effects)) = taken else { panic!("it is not taken: {taken:?}") };
        let refuses = effects.iter().any(|effect| matches!(effect, Effect::BlockRefused { .. }));
        check_eq("CL-2", "whether another one is refused", &(true, 3), &(refuses, pair.height()));
    });
    4
}

/// A proposal like another one with a payload that is changed: hashed, executed and signed as it must be.
fn forged(pair: &Pair, block: &SignedBlock, change: fn(&mut ExecutionPayload)) -> SignedBlock {
    let header = &block.block.header;
    let mut carried = Carried::of(&block.block.body).unwrap_or_else(|error| panic!("{error}"));
    change(&mut carried.payload);
    let payload = serde_json::to_value(&carried.payload).unwrap_or_default();
    carried.payload.block_hash = hash(&payload).parse().unwrap_or_default();
    let tip = ExecutionTip {
        hash: carried.payload.block_hash,
        number: carried.payload.block_number.0,
        timestamp: carried.payload.timestamp.0,
    };
    let body = carried.to_body().unwrap_or_default();
    pair.realm.proposal(&pair.header(), header.slot, body, Payloads.root(&tip))
}

/// Whoever proposes chooses no withdrawals, time or randomness of its payload: a block with another choice is taken in neither
/// as a proposal nor as certified, although the client calls the payload valid.
pub fn proposers_choose_nothing_but_transactions() -> u64 {
    type Change = fn(&mut ExecutionPayload);
    let changes: [(Change, bool); 6] = [
        (|_| {}, true),
        (|payload| payload.extra_data = Octets(vec![1]), true),
        (|payload| payload.withdrawals = Some(vec![Withdrawal::default()]), false),
        (|payload| payload.timestamp.0 += 1, false),
        (|payload| payload.timestamp.0 -= 1, false),
        (|payload| payload.prev_randao.0[31] ^= 1, false),
    ];
    for (number, (change, fits)) in changes.into_iter().enumerate() {
        for certified in [false, true] {
            run(incoming(number, change, fits, certified));
        }
    }
    12
}

async fn incoming(number: usize, change: fn(&mut ExecutionPayload), fits: bool, certified: bool) {
    let mut pair = Pair::new().await;
    check_eq("CL-2", "a block", &true, &pair.propose(1).await.is_ok());
    let (block, now) = (pair.foreign(2).await, pair.realm.time(2));
    let header = block.block.header.clone();
    let block = forged(&pair, &block, change);
    let root = block.block.root();
    let payload = Carried::of(&block.block.body).map(|carried| carried.payload).unwrap_or_default();
    let refusal = BlockRefusal::Transition(match number {
        2 => Unfit::Withdrawals { found: 1 },
        3 | 4 => Unfit::BlockTime { block: header.timestamp, found: payload.timestamp.0 },
        _ => Unfit::Randomness { parent: header.parent_root.into(), found: payload.prev_randao },
    });
    let what = format!("whether block {number} is taken, certified: {certified}");
    if certified {
        let effects = pair.driver.hand(pair.realm.import(block), now).await;
        let refused = vec![Effect::ImportRefused { root, refusal: ImportRefusal::Block(refusal) }];
        check_eq("CL-2", &what, &fits, &(effects != Ok(refused)));
    } else {
        let received = pair.driver.receive(block, now).await;
        let refused = Received::RefusedByChain(vec![Effect::BlockRefused { root, refusal }]);
        check_eq("CL-2", &what, &fits, &(received != Ok(refused)));
    }
    check_eq("CL-2", &format!("{what}: the height"), &if fits { 2 } else { 1 }, &pair.height());
}

/// A client that was told the tip and comes back without its last blocks, or without any, is handed them when it says so: to a
/// choice, or to a proposal.
pub fn a_client_that_falls_back_is_handed_its_blocks_again() -> u64 {
    for to in 0..=3 {
        run(async {
            let mut pair = Pair::new().await;
            for slot in 1..=3 {
                check_eq("CL-2", "a block", &true, &pair.propose(slot).await.is_ok());
            }
            pair.execution.falls_back(to);
            check_eq("CL-2", "nobody knows", &false, &pair.driver.is_behind());
            let proposed = pair.propose(4).await.map_err(wrong);
            check_eq("CL-2", &format!("a proposal after a fall to {to}"), &true, &proposed.is_ok());
            check_eq("CL-2", "the height", &(4, 4), &(pair.height(), pair.execution.known().blocks.len()));
            check_eq("CL-2", "the client's tip", &json!(pair.tip().hash), &pair.execution.head());
            check_eq("CL-2", "it is not behind", &false, &pair.driver.is_behind());
            pair.execution.does(Wrong::Syncing);
            check_eq(
                "CL-2",
                "one that syncs",
                &Err("syncing".to_owned()),
                &pair.propose(5).await.map_err(wrong),
            );
            check_eq("CL-2", "it is behind", &true, &pair.driver.is_behind());
        });
    }
    run(async {
        let mut pair = Pair::new().await;
        for slot in 1..=3 {
            check_eq("CL-2", "a block", &true, &pair.propose(slot).await.is_ok());
        }
        let (block, now) = (pair.foreign(4).await, pair.realm.time(4));
        pair.execution.does(Wrong::Accepts);
        let received = pair.driver.receive(block.clone(), now).await;
        check_eq("CL-2", "accepted", &(Ok(Received::Undecided), false), &(received, pair.driver.is_behind()));
        pair.execution.does(Wrong::Nothing);
        pair.execution.falls_back(1);
        let received = pair.driver.receive(block.clone(), now).await;
        check_eq("CL-2", "syncing", &(Ok(Received::Undecided), true), &(received, pair.driver.is_behind()));
        pair.execution.does(Wrong::Accepts);
        let received = pair.driver.receive(block.clone(), now).await;
        check_eq(
            "CL-2",
            "still behind",
            &(Ok(Received::Undecided), true),
            &(received, pair.driver.is_behind()),
        );
        pair.execution.does(Wrong::Nothing);
        check_eq("CL-2", "it follows", &Ok(()), &pair.driver.follow().await.map_err(wrong));
        let taken = pair.driver.receive(block, now).await;
        check_eq("CL-2", "taken then", &true, &matches!(taken, Ok(Received::Taken(_))));
    });
    5
}
