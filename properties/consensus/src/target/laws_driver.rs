//! The chain and its execution client together: blocks are built and taken in, the client dies, lies, forgets and is back.

use alys_chain::engine::{Effect, ProposeRefusal};
use alys_chain::node::Node;
use alys_chain::scheme::Ideal;
use alys_engines::violation::check_eq;
use alys_wire::containers::{BlockHeader, SignedBlock};
use serde_json::json;

use super::alys::driver::{
    DriveError, Driver, ExecutionTip, PayloadMismatch, Payloads, Received, RefusedBlock,
};
use super::alys::engine::client::EngineError;
use super::alys::engine::{Fork, PayloadOutcome};
use super::alys::octets::{Address, Fixed, Hash};
use super::laws_engine::client;
use super::support::{BEGIN, word};
use crate::execution::{Execution, Wrong, genesis};
use crate::hands::Hands;
use crate::realm::{Never, Nowhere, Realm};
use crate::stage::{Stage, run};

const FEES: Address = Fixed([0x77; 20]);

/// A driver with its client on a stage.
pub(super) struct Pair {
    fork: Fork,
    pub(super) realm: Realm,
    pub(super) execution: Execution,
    pub(super) driver: Driver<Ideal, Nowhere>,
    pub(super) stage: Stage,
}

/// Where the chain of the execution client begins.
pub(super) fn start() -> ExecutionTip {
    let hash = genesis().parse().unwrap_or_default();
    ExecutionTip { hash, number: 0, timestamp: 5 }
}

impl Pair {
    pub(super) async fn new() -> Self {
        Self::with(Fork::Shanghai).await
    }

    pub(super) async fn with(fork: Fork) -> Self {
        let execution = Execution::default();
        let hands = Hands::at(BEGIN);
        let script = execution.clone();
        let stage = Stage::open(hands.clone(), move |asked| script.step(asked)).await;
        let realm = Realm::of(1);
        let node = Node::new(realm.engine(Payloads, start()), Nowhere);
        let driver = Driver::new(node, client(&stage.url, fork, &hands), FEES);
        Pair { fork, realm, execution, driver, stage }
    }

    /// Proposes in a slot.
    pub(super) async fn propose(&mut self, slot: u64) -> Result<usize, DriveError<Never>> {
        let now = self.realm.time(slot);
        self.driver.propose(now).await.map(|effects| effects.len())
    }

    pub(super) fn height(&self) -> u64 {
        self.driver.node().engine().head().height
    }

    /// The tip's block of the execution client.
    pub(super) fn tip(&self) -> ExecutionTip {
        let engine = self.driver.node().engine();
        engine.tree().get(&engine.head().root).map_or_else(start, |node| node.state)
    }

    /// The header of the tip.
    pub(super) fn header(&self) -> BlockHeader {
        let engine = self.driver.node().engine();
        engine.tree().get(&engine.head().root).map(|node| node.header.clone()).unwrap_or_default()
    }

    /// A proposal of somebody else on the tip, with a payload of their own client's.
    pub(super) async fn foreign(&self, slot: u64) -> SignedBlock {
        let mut other = Pair::with(self.fork).await;
        let engine = self.driver.node().engine();
        let mut blocks: Vec<_> =
            engine.tree().chain(engine.head().root).filter_map(|(_, node)| node.block.clone()).collect();
        blocks.reverse();
        other.realm = self.realm.clone();
        other.driver = Driver::new(
            Node::new(self.realm.engine(Payloads, start()), Nowhere),
            client(&other.stage.url, self.fork, &Hands::at(BEGIN)),
            FEES,
        );
        for block in blocks {
            let slot = block.signed_block.block.header.slot;
            let _ =
                other.driver.hand(self.realm.import(block.signed_block.clone()), self.realm.time(slot)).await;
        }
        let made = other.driver.propose(self.realm.time(slot)).await.unwrap_or_default();
        let sent = made.into_iter().find_map(|effect| match effect {
            Effect::SendBlock(block) => Some(block),
            _ => None,
        });
        sent.unwrap_or_else(|| panic!("nothing was proposed in slot {slot}"))
    }
}

/// What went wrong, as a word.
#[must_use]
pub fn wrong(error: DriveError<Never>) -> String {
    match error {
        DriveError::Client(EngineError::Call { method, error }) => {
            format!("{method} {}", word(&error.failure))
        }
        DriveError::ClientSyncing => "syncing".to_owned(),
        DriveError::NothingBuilt => "nothing".to_owned(),
        DriveError::Mismatch(PayloadMismatch::Parent { .. }) => "parent".to_owned(),
        DriveError::Mismatch(PayloadMismatch::Timestamp { asked, found }) => {
            format!("time {}", found.abs_diff(asked))
        }
        DriveError::Mismatch(PayloadMismatch::Randomness { .. }) => "randomness".to_owned(),
        DriveError::OwnPayload { outcome: PayloadOutcome::Invalid { .. } } => "own invalid".to_owned(),
        DriveError::OwnPayload { outcome } => format!("own {outcome:?}"),
        DriveError::TipRefused(RefusedBlock { latest_valid: Some(_), .. }) => "tip".to_owned(),
        DriveError::BlockRefused(_) => "block".to_owned(),
        other => format!("{other:?}"),
    }
}

/// Blocks are built, imported and made known, one after the other; what was asked for is what the chain knows.
pub fn blocks_are_built_and_followed() -> u64 {
    [Fork::Shanghai, Fork::Cancun, Fork::Prague].into_iter().map(built_and_followed).sum()
}

fn built_and_followed(fork: Fork) -> u64 {
    run(async {
        let mut pair = Pair::with(fork).await;
        check_eq("CL-2", "a client knows nothing at first", &true, &pair.driver.is_behind());
        for slot in 1..=8 {
            let before = pair.header();
            let parent = pair.tip();
            let proposed = pair.propose(slot).await.map_err(wrong);
            check_eq("CL-2", &format!("whether block {slot} is proposed"), &true, &proposed.is_ok());
            let tip = pair.tip();
            let told = json!(tip.hash);
            check_eq("CL-2", "the height, and the number", &(slot, slot), &(pair.height(), tip.number));
            check_eq("CL-2", "the time", &pair.realm.time(slot), &tip.timestamp);
            check_eq("CL-2", "what the client was told", &told, &pair.execution.head());
            check_eq("CL-2", "whether the client is behind", &false, &pair.driver.is_behind());
            let known = pair.execution.known();
            let payload = &known.blocks[&tip.hash.to_string()];
            let asked = json!([
                parent.hash,
                FEES,
                Hash::from(before.root()),
                format!("{:#x}", pair.realm.time(slot))
            ]);
            let real = json!([
                payload["parentHash"],
                payload["feeRecipient"],
                payload["prevRandao"],
                payload["timestamp"]
            ]);
            check_eq("CL-2", "what was asked for", &asked, &real);
            // Slots 0, 1 and 2 in a row make 1 final, and so on.
            let finalised =
                known.choice.as_ref().map(|choice| choice["finalizedBlockHash"].clone()).unwrap_or_default();
            let model = if slot < 2 { json!(Hash::default()) } else { json!(parent.hash) };
            check_eq("CL-2", &format!("what is final after {slot}"), &model, &finalised);
            let safe =
                known.choice.as_ref().map(|choice| choice["safeBlockHash"].clone()).unwrap_or_default();
            check_eq("CL-2", "what is safe", &model, &safe);
        }
        let again = pair.driver.propose(pair.realm.time(8)).await.unwrap_or_default();
        let refused = matches!(again[..], [Effect::ProposeRefused(ProposeRefusal::AlreadyProposed { .. })]);
        check_eq("CL-2", "a second block in a slot", &true, &refused);
    });
    8
}

/// A client that dies midway leaves a typed error and no lost block, and is handed everything when it is back, even with nothing.
pub fn a_client_that_dies_is_handed_what_it_lacks() -> u64 {
    for (forgets, fork) in
        [(false, Fork::Shanghai), (true, Fork::Shanghai), (true, Fork::Cancun), (true, Fork::Prague)]
    {
        let choice = fork.forkchoice_updated();
        run(async {
            let mut pair = Pair::with(fork).await;
            for slot in 1..=3 {
                check_eq("CL-2", "a block", &true, &pair.propose(slot).await.is_ok());
            }
            pair.execution.does(Wrong::Down);
            let failed = pair.propose(4).await.map_err(wrong);
            check_eq("CL-2", "a proposal without a client", &Err(format!("{choice} lost")), &failed);
            check_eq("CL-2", "the height then", &3, &pair.height());
            // A block of others comes in as certified, while the client is down.
            let foreign = pair.foreign(5).await;
            let event = pair.realm.import(foreign.clone());
            let taken = pair.driver.hand(event, pair.realm.time(6)).await;
            check_eq("CL-2", "the chain goes on", &(true, 4), &(taken.is_ok(), pair.height()));
            check_eq("CL-2", "the client is behind", &true, &pair.driver.is_behind());
            check_eq(
                "CL-2",
                "that it cannot be told",
                &Err(format!("{choice} lost")),
                &pair.driver.follow().await.map_err(wrong),
            );
            pair.execution.does(Wrong::Nothing);
            if forgets {
                pair.execution.forgets();
            }
            let proposed = pair.propose(7).await.map_err(wrong);
            check_eq("CL-2", "the proposal when it is back", &true, &proposed.is_ok());
            check_eq("CL-2", "the height at last", &5, &pair.height());
            check_eq("CL-2", "the blocks that the client has", &5, &pair.execution.known().blocks.len());
            check_eq("CL-2", "the client's tip", &json!(pair.tip().hash), &pair.execution.head());
            check_eq("CL-2", "the client is not behind", &false, &pair.driver.is_behind());
        });
    }
    4
}

/// Proposals are taken in when their payload is valid, and only then.
pub fn proposals_wait_for_their_payloads() -> u64 {
    run(async {
        let mut pair = Pair::new().await;
        check_eq("CL-2", "a block", &true, &pair.propose(1).await.is_ok());
        let block = pair.foreign(2).await;
        let now = pair.realm.time(2);
        for (does, expected) in [(Wrong::Syncing, Received::Undecided), (Wrong::Accepts, Received::Undecided)]
        {
            pair.execution.does(does);
            let received = pair.driver.receive(block.clone(), now).await;
            check_eq("CL-2", &format!("a proposal when the client does {does:?}"), &Ok(expected), &received);
            check_eq("CL-2", "the height", &1, &pair.height());
        }
        pair.execution.does(Wrong::Down);
        let failed = pair.driver.receive(block.clone(), now).await.map_err(wrong);
        check_eq("CL-2", "a proposal without a client", &Err("engine_newPayloadV2 lost".to_owned()), &failed);
        pair.execution.does(Wrong::RefusesPayload);
        let refused = Received::Refused { latest_valid: Some(pair.tip().hash), reason: None };
        check_eq(
            "CL-2",
            "a proposal that is not valid",
            &Ok(refused),
            &pair.driver.receive(block.clone(), now).await,
        );
        let empty = pair.realm.proposal(&pair.header(), 2, Default::default(), Default::default());
        let failed = pair.driver.receive(empty, now).await;
        check_eq("CL-2", "a proposal without a payload", &true, &matches!(failed, Err(DriveError::Body(_))));
        check_eq("CL-2", "the height", &1, &pair.height());
        pair.execution.does(Wrong::Nothing);
        let taken = pair.driver.receive(block, now).await;
        check_eq("CL-2", "a proposal that is valid", &true, &matches!(taken, Ok(Received::Taken(_))));
        check_eq(
            "CL-2",
            "the height at last",
            &(2, json!(pair.tip().hash)),
            &(pair.height(), pair.execution.head()),
        );
    });
    7
}

/// A client that does something wrong makes no block, and the error says what.
pub fn a_wrong_client_builds_no_block() -> u64 {
    let cases = [
        (Wrong::BuildsNothing, "nothing"),
        (Wrong::OtherParent, "parent"),
        (Wrong::OtherTime, "time 1"),
        (Wrong::OtherRandomness, "randomness"),
        (Wrong::OwnInvalid, "own invalid"),
        (Wrong::Accepts, "own Accepted"),
        (Wrong::RefusesChoice, "tip"),
        (Wrong::Syncing, "syncing"),
    ];
    for (does, expected) in cases {
        run(async {
            let mut pair = Pair::new().await;
            check_eq("CL-2", "a block", &true, &pair.propose(1).await.is_ok());
            pair.execution.does(does);
            let failed = pair.propose(2).await.map_err(wrong);
            check_eq(
                "CL-2",
                &format!("a proposal when the client does {does:?}"),
                &Err(expected.to_owned()),
                &failed,
            );
            check_eq("CL-2", "the height", &1, &pair.height());
        });
    }
    cases.len() as u64
}

/// A client that calls a block of the chain invalid, or is not there yet, is not made to believe.
pub fn a_wrong_client_is_not_handed_the_chain() -> u64 {
    for (does, expected) in [
        (Wrong::RefusesPayload, "block"),
        (Wrong::Syncing, "syncing"),
        (Wrong::RefusesChoice, "tip"),
        (Wrong::Accepts, "syncing"),
    ] {
        run(async {
            let mut pair = Pair::new().await;
            for slot in 1..=2 {
                check_eq("CL-2", "a block", &true, &pair.propose(slot).await.is_ok());
            }
            let next = pair.foreign(3).await;
            pair.execution.does(Wrong::Down);
            let _ = pair.driver.hand(pair.realm.import(next), pair.realm.time(4)).await;
            pair.execution.forgets();
            pair.execution.does(does);
            let failed = pair.driver.follow().await.map_err(wrong);
            check_eq("CL-2", &format!("a client that does {does:?}"), &Err(expected.to_owned()), &failed);
            check_eq("CL-2", "it is behind", &(true, 3), &(pair.driver.is_behind(), pair.height()));
        });
    }
    4
}

/// On a reorg the client is told the other branch, whose blocks it never had.
pub fn a_reorg_is_followed() -> u64 {
    run(async {
        let mut pair = Pair::new().await;
        check_eq("CL-2", "a block", &true, &pair.propose(1).await.is_ok());
        // Two blocks of others on the first one, in slots that make nothing final.
        let mut other = Pair::new().await;
        other.realm = pair.realm.clone();
        other.driver = Driver::new(
            Node::new(pair.realm.engine(Payloads, start()), Nowhere),
            client(&other.stage.url, Fork::Shanghai, &Hands::at(BEGIN)),
            FEES,
        );
        let first = pair
            .driver
            .node()
            .engine()
            .tree()
            .get(&pair.driver.node().engine().head().root)
            .and_then(|node| node.block.clone());
        let Some(first) = first else { panic!("the tip has no block") };
        let _ = other.driver.hand(pair.realm.import(first.signed_block.clone()), pair.realm.time(1)).await;
        check_eq("CL-2", "our second block", &true, &pair.propose(3).await.is_ok());
        let left = pair.tip();
        for slot in [5, 7] {
            let made = other.driver.propose(pair.realm.time(slot)).await.unwrap_or_default();
            for effect in made {
                if let Effect::SendBlock(block) = effect {
                    check_eq(
                        "CL-2",
                        "theirs",
                        &true,
                        &pair.driver.hand(pair.realm.import(block), pair.realm.time(slot)).await.is_ok(),
                    );
                }
            }
        }
        let tip = other.driver.node().engine().head();
        check_eq("CL-2", "the tip is theirs", &tip, &pair.driver.node().engine().head());
        check_eq("CL-2", "ours is left", &true, &(left.hash != pair.tip().hash));
        check_eq("CL-2", "the client follows", &json!(pair.tip().hash), &pair.execution.head());
        check_eq("CL-2", "our next block is on theirs", &true, &pair.propose(8).await.is_ok());
        check_eq("CL-2", "the height", &4, &pair.height());
    });
    2
}
