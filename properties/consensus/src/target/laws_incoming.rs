//! Blocks of others that come in: what the chain makes of them once the client has called their payloads valid.

use alys_chain::candidate::BlockRefusal;
use alys_chain::engine::{Effect, Event, ImportRefusal};
use alys_chain::transition::StateTransition as _;
use alys_engines::violation::check_eq;
use alys_wire::containers::SignedBlock;
use serde_json::json;

use super::alys::driver::body::Carried;
use super::alys::driver::{ExecutionTip, Payloads, Received, RefusedBlock, Unfit};
use super::alys::engine::{ExecutionPayload, Fork, ShapeError, Withdrawal};
use super::alys::number::Quantity;
use super::alys::octets::Octets;
use super::laws_driver::{Pair, start, wrong};
use super::laws_engine::client;
use super::support::BEGIN;
use crate::execution::{Wrong, hash};
use crate::hands::Hands;
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
        let asked = pair.stage.asked().len();
        let received = pair.driver.receive(unsigned, now).await;
        check_eq("CL-2", "a proposal that nobody has signed", &Ok(refused), &received);
        check_eq("CL-2", "how much the client is asked about it", &asked, &pair.stage.asked().len());
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

/// A proposal like another one whose content is changed: hashed, executed and signed as it must be.
fn forged(pair: &Pair, block: &SignedBlock, change: impl Fn(&mut Carried)) -> SignedBlock {
    let header = &block.block.header;
    let mut carried = Carried::of(&block.block.body).unwrap_or_else(|error| panic!("{error}"));
    change(&mut carried);
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

/// A block that carries something of another fork is taken in neither as a proposal nor as certified: no client could be handed it.
pub fn what_is_of_another_fork_stays_outside() -> u64 {
    type Change = fn(&mut Carried);
    let changes: [(Fork, Change, &str, bool); 6] = [
        (Fork::Shanghai, |carried| carried.requests = Some(Vec::new()), "executionRequests", true),
        (Fork::Shanghai, |carried| carried.payload.withdrawals = None, "withdrawals", false),
        (Fork::Shanghai, |carried| carried.payload.blob_gas_used = Some(Quantity(0)), "blobGasUsed", true),
        (Fork::Cancun, |carried| carried.payload.excess_blob_gas = None, "excessBlobGas", false),
        (Fork::Cancun, |carried| carried.requests = Some(Vec::new()), "executionRequests", true),
        (Fork::Prague, |carried| carried.requests = None, "executionRequests", false),
    ];
    for (fork, change, field, is_there) in changes {
        for certified in [false, true] {
            run(async {
                let mut pair = Pair::with(fork).await;
                check_eq("CL-2", "a block", &true, &pair.propose(1).await.is_ok());
                let (block, now) = (pair.foreign(2).await, pair.realm.time(2));
                let block = forged(&pair, &block, change);
                let root = block.block.root();
                let refusal = BlockRefusal::Transition(Unfit::Shape(ShapeError { field, fork, is_there }));
                let asked = pair.stage.asked().len();
                let what = format!("a block with another `{field}` at {fork:?}, certified: {certified}");
                if certified {
                    let refused = Effect::ImportRefused { root, refusal: ImportRefusal::Block(refusal) };
                    let effects = pair.driver.hand(pair.realm.import(block), now).await;
                    check_eq("CL-2", &what, &Ok(vec![refused]), &effects);
                } else {
                    let refused = Received::RefusedByChain(vec![Effect::BlockRefused { root, refusal }]);
                    check_eq("CL-2", &what, &Ok(refused), &pair.driver.receive(block, now).await);
                }
                let seen = (pair.height(), pair.stage.asked().len());
                check_eq("CL-2", &format!("{what}: height, questions"), &(1, asked), &seen);
            });
        }
    }
    12
}

/// When the client calls a new tip invalid, the chain keeps it, and somebody can see that: until the client has taken it.
pub fn a_refused_tip_is_not_passed_over() -> u64 {
    for (does, forgets) in [(Wrong::RefusesChoice, false), (Wrong::RefusesPayload, true)] {
        run(async {
            let mut pair = Pair::new().await;
            check_eq("CL-2", "a block", &true, &pair.propose(1).await.is_ok());
            check_eq("CL-2", "nothing is refused", &None, &pair.driver.refused());
            let next = pair.foreign(2).await;
            if forgets {
                pair.execution.forgets();
            }
            pair.execution.does(does);
            let (first, before) = (pair.tip(), start().hash);
            let handed = pair.driver.hand(pair.realm.import(next), pair.realm.time(2)).await;
            check_eq("CL-2", "the chain has it", &(true, 2), &(handed.is_ok(), pair.height()));
            // Handed over from the bottom, the first block is the one that is refused.
            let hash = if forgets { first.hash } else { pair.tip().hash };
            let refused = RefusedBlock { hash, latest_valid: Some(before), reason: None };
            let seen = (pair.driver.refused().cloned(), pair.driver.is_behind());
            check_eq(
                "CL-2",
                &format!("what a client that does {does:?} refuses"),
                &(Some(refused.clone()), true),
                &seen,
            );
            pair.execution.does(Wrong::Down);
            check_eq("CL-2", "it cannot be told", &true, &pair.driver.follow().await.is_err());
            check_eq("CL-2", "it has not thought otherwise", &Some(&refused), &pair.driver.refused());
            pair.execution.does(Wrong::Nothing);
            check_eq("CL-2", "it is told", &Ok(()), &pair.driver.follow().await.map_err(wrong));
            check_eq("CL-2", "nothing is refused", &None, &pair.driver.refused());
        });
    }
    2
}

/// A node goes on with another client, which is handed all that it lacks, and whatever the one before has refused is of no account.
pub fn another_client_is_handed_the_chain() -> u64 {
    run(async {
        let (mut pair, other) = (Pair::new().await, Pair::new().await);
        for slot in 1..=2 {
            check_eq("CL-2", "a block", &true, &pair.propose(slot).await.is_ok());
        }
        pair.execution.does(Wrong::RefusesChoice);
        check_eq("CL-2", "it is refused", &true, &pair.driver.follow().await.is_err());
        let next = client(&other.stage.url, Fork::Shanghai, &Hands::at(BEGIN));
        let Pair { driver, realm, .. } = pair;
        let mut driver = driver.with_client(next);
        check_eq("CL-2", "what is known of it", &(true, None), &(driver.is_behind(), driver.refused()));
        let proposed = driver.propose(realm.time(3)).await.map_err(wrong);
        check_eq("CL-2", "a block", &true, &proposed.is_ok());
        let known = (driver.node().engine().head().height, other.execution.known().blocks.len());
        check_eq("CL-2", "the height, and the blocks of the other client", &(3, 3), &known);
    });
    1
}

async fn incoming(number: usize, change: fn(&mut ExecutionPayload), fits: bool, certified: bool) {
    let mut pair = Pair::new().await;
    check_eq("CL-2", "a block", &true, &pair.propose(1).await.is_ok());
    let (block, now) = (pair.foreign(2).await, pair.realm.time(2));
    let header = block.block.header.clone();
    let block = forged(&pair, &block, |carried| change(&mut carried.payload));
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
        let asked = pair.stage.asked().len();
        let received = pair.driver.receive(block, now).await;
        let refused = Received::RefusedByChain(vec![Effect::BlockRefused { root, refusal }]);
        check_eq("CL-2", &what, &fits, &(received != Ok(refused)));
        // Only what its block allows is for the client to judge; withdrawals are the chain's to refuse.
        let judged = number < 3;
        check_eq(
            "CL-2",
            &format!("{what}: the client is asked"),
            &judged,
            &(pair.stage.asked().len() > asked),
        );
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
