//! What a server answers, within which quotas, and whom it remembers; and that a node serves its canonical chain.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use alys_chain::engine::{Engine, Event, Signatures};
use alys_chain::node::Node;
use alys_chain::scheme::{Ideal, IdealKey};
use alys_chain::transition::Transfers;
use alys_engines::violation::{check_eq, violated};
use alys_wire::codes::{FailureCode, GoodbyeReason};
use alys_wire::containers::{CertifiedBlock, Hash256};
use alys_wire::message::{BlocksByRange, BlocksByRoot, Request, Response, ResponseBody, Status};
use alys_wire::protocol::Protocol;
use alys_wire::quota::{Quota, QuotaTable};

use super::alys::config::Settings;
use super::alys::network::{InboundId, NetworkCommand, NetworkEvent};
use super::alys::node::{Consensus, SyncNode};
use super::alys::peer::PeerId;
use super::alys::serve::{BLOCKS_MAX, ChainView, Server};
use super::alys::simulated::{Journal, Truth, TruthPlan};
use crate::chains::{Certified, Realm, header, root};

/// A chain from height 1 on, where one block is missing if that is said.
struct Shelf {
    blocks: Vec<Certified>,
    missing: u64,
}

impl ChainView for Shelf {
    fn status(&self) -> Status {
        Status { head_slot: 77, finalised_height: 5, ..Status::default() }
    }

    fn by_height(&self, height: u64) -> Option<Arc<CertifiedBlock>> {
        let place = usize::try_from(height.checked_sub(1)?).ok()?;
        self.blocks.get(place).filter(|_| height != self.missing).cloned()
    }

    fn by_root(&self, wanted: &Hash256) -> Option<Arc<CertifiedBlock>> {
        self.blocks.iter().find(|block| root(block) == *wanted).cloned()
    }
}

/// An answer in words: heights of blocks, or what else it is.
fn told(responses: &[Response]) -> Vec<String> {
    let of = |response: &Response| match response {
        Response::Success(ResponseBody::Block(block)) => header(block).height.to_string(),
        Response::Success(ResponseBody::Status(status)) => {
            format!("status {} {}", status.head_slot, status.finalised_height)
        }
        Response::Success(ResponseBody::Goodbye(reason)) => format!("{reason:?}"),
        Response::Success(ResponseBody::Ping(number)) => format!("ping {number}"),
        Response::Success(ResponseBody::MetaData(data)) => {
            let topics: Vec<_> =
                (0..data.topics.len()).filter(|one| data.topics.get(*one) == Ok(true)).collect();
            format!("metadata {} {topics:?}", data.sequence)
        }
        Response::Failure(failure) => {
            let text = String::from_utf8_lossy(&failure.text).into_owned();
            format!("{:?}: {text}", failure.code)
        }
    };
    responses.iter().map(of).collect()
}

fn range(start: u64, count: u64, step: u64) -> Request {
    Request::BlocksByRange(BlocksByRange { start, count, step })
}

fn by_roots(roots: &[Hash256]) -> Request {
    let mut all = BlocksByRoot::default();
    roots.iter().for_each(|root| all.push(*root).expect("few roots"));
    Request::BlocksByRoot(all)
}

/// Every kind of request has the answer that it must have.
pub fn requests_are_answered() -> u64 {
    let realm = Realm::default();
    let shelf = Shelf { blocks: realm.chain(&realm.genesis, 1_030, 0), missing: 1_028 };
    let heights = |from: u64, to: u64, step: usize| -> Vec<String> {
        (from..=to).step_by(step).map(|height| height.to_string()).collect()
    };
    let words = |words: &[&str]| -> Vec<String> { words.iter().map(|word| (*word).to_owned()).collect() };
    let wrong = words(&["InvalidRequest: from 1 to 1024 blocks are sent, 1 or more apart"]);
    let too_much = words(&["InvalidRequest: too much at once"]);
    let known = |height: usize| root(&shelf.blocks[height - 1]);
    let nobodys = Hash256::repeat_byte(9);
    let cases = [
        (Request::Status(Status::default()), words(&["status 77 5"])),
        (Request::Goodbye(GoodbyeReason::Fault), words(&["ClientShutdown"])),
        (Request::Ping(9), words(&["ping 0"])),
        (Request::MetaData, words(&["metadata 0 [0, 1, 2, 3]"])),
        (range(1, 3, 1), heights(1, 3, 1)),
        (range(1, 1, 1), heights(1, 1, 1)),
        (range(2, 3, 4), heights(2, 10, 4)),
        (range(1_026, 5, 1), heights(1_026, 1_027, 1)),
        (range(1_026, 3, 2), heights(1_026, 1_026, 1)),
        (range(1_029, 2, 1), heights(1_029, 1_030, 1)),
        (range(1_029, 9, 1), heights(1_029, 1_030, 1)),
        (range(1, BLOCKS_MAX, 1), heights(1, 1_024, 1)),
        (range(0, 4, 1), words(&[])),
        (range(1_031, 4, 1), words(&[])),
        (range(u64::MAX, 2, 1), words(&[])),
        (range(1, 2, u64::MAX), heights(1, 1, 1)),
        (range(1, 0, 1), wrong.clone()),
        (range(1, 4, 0), wrong),
        (range(1, BLOCKS_MAX + 1, 1), too_much),
        (by_roots(&[known(3), known(1), nobodys, known(1_030), known(3)]), words(&["3", "1", "1030", "3"])),
        (by_roots(&[nobodys]), words(&[])),
    ];
    let count = cases.len() as u64;
    for (request, expected) in cases {
        let mut server = Server::new(QuotaTable::default(), 4);
        let answer = told(&server.answer(PeerId(1), &request, &shelf, 1_000));
        check_eq("SY-1", &format!("the answer to {request:?}"), &expected, &answer);
    }
    let quotas = QuotaTable::default().with(Protocol::BlocksByRange, quota(4_096, 10));
    let answer = told(&Server::new(quotas, 4).answer(PeerId(1), &range(1, BLOCKS_MAX + 1, 1), &shelf, 0));
    let wrong = words(&["InvalidRequest: from 1 to 1024 blocks are sent, 1 or more apart"]);
    check_eq("SY-1", "the answer to one too many", &wrong, &answer);
    count + 1
}

fn quota(tokens: u32, seconds: u64) -> Quota {
    Quota::new(tokens, Duration::from_secs(seconds)).expect("a quota")
}

/// Who asks too often waits until there is room again, whoever else asks, and whatever is done to the clock.
pub fn quotas_are_each_peers_own() -> u64 {
    let shelf = Shelf { blocks: Vec::new(), missing: 0 };
    let mut server = Server::new(QuotaTable::default().with(Protocol::Ping, quota(2, 10)), 8);
    // At which time who asks, and whether that is answered.
    let course = [
        (100_000, 1, true),
        (100_000, 1, true),
        (100_000, 1, false),
        (104_999, 1, false),
        (104_999, 2, true),
        (105_000, 1, true),
        (105_000, 1, false),
        // The clock is set back, which makes nobody wait longer and nothing due.
        (50_000, 1, false),
        (54_999, 1, false),
        (55_000, 1, true),
        (55_000, 2, true),
        (55_000, 2, true),
        (55_000, 2, false),
    ];
    for (at, peer, answered) in course {
        let answer = told(&server.answer(PeerId(peer), &Request::Ping(1), &shelf, at));
        let expected = if answered { "ping 0" } else { "RateLimited: too many requests" };
        check_eq("SY-10", &format!("the answer to peer {peer} at {at}"), &vec![expected.to_owned()], &answer);
    }
    let other = told(&server.answer(PeerId(1), &Request::MetaData, &shelf, 55_000));
    check_eq("SY-10", "another protocol", &true, &other[0].starts_with("metadata"));
    course.len() as u64
}

/// So many peers are remembered, and who has not asked for longest is forgotten first.
pub fn who_asked_last_is_remembered() -> u64 {
    let shelf = Shelf { blocks: Vec::new(), missing: 0 };
    for remembered in 1..4_usize {
        let mut server = Server::new(QuotaTable::default().with(Protocol::Ping, quota(1, 600)), remembered);
        let mut is_answered = |peer: u64, at: u64| {
            told(&server.answer(PeerId(peer), &Request::Ping(0), &shelf, at)) == ["ping 0"]
        };
        let all = remembered as u64;
        // As many as are remembered have asked, the first one once more, last of all.
        let first: Vec<_> = (1..=all).map(|peer| is_answered(peer, peer * 10)).collect();
        check_eq("SY-10", "whether each is answered once", &vec![true; remembered], &first);
        let again: Vec<_> = (1..=all).rev().map(|peer| is_answered(peer, 1_000 - peer)).collect();
        check_eq("SY-10", "whether all are remembered", &vec![false; remembered], &again);
        // One more comes: the last of them has not asked for longest.
        check_eq("SY-10", "whether a new one is answered", &true, &is_answered(99, 2_000));
        if remembered > 1 {
            check_eq("SY-10", "whether the first is remembered", &false, &is_answered(1, 2_001));
        }
        check_eq("SY-10", "whether the last is forgotten", &true, &is_answered(all, 2_002));
    }
    3
}

/// A node on a medium that outlives it.
pub type Served = SyncNode<Ideal, Transfers, Journal>;

fn node(truth: &Truth<Ideal>, journal: &Journal) -> Served {
    node_of(truth, journal, Settings::default(), None)
}

/// The node that has what is durable, of an authority if that is said.
pub(super) fn node_of(
    truth: &Truth<Ideal>,
    journal: &Journal,
    settings: Settings,
    identity: Option<u64>,
) -> Served {
    let (scheme, authorities) = (truth.scheme().clone(), truth.authorities().clone());
    let engine = journal.engine(*truth.config(), scheme.clone(), authorities.clone());
    let mut engine: Engine<Ideal, Transfers> =
        engine.unwrap_or_else(|error| violated("SY-9", format!("what is durable is no chain: {error}")));
    if let Some(index) = identity {
        let identified = engine.with_identity(index, IdealKey(index + 1));
        engine = identified.unwrap_or_else(|error| violated("SY-9", format!("no identity: {error}")));
    }
    let genesis = truth.genesis_ref().root;
    let consensus = Consensus { scheme, authorities, chain: *truth.config(), genesis };
    let config = settings.check().expect("settings of a law");
    SyncNode::new(Node::new(engine, journal.clone()), consensus, config)
}

/// What a node answers to a request for everything from a height on.
fn served(node: &mut Served, start: u64, now: u64) -> Vec<Hash256> {
    let event =
        NetworkEvent::Request { peer: PeerId(now), inbound: InboundId(7), request: range(start, 500, 1) };
    let commands = node.handle(event, now);
    let [NetworkCommand::Respond { peer, inbound: InboundId(7), responses }] = &commands[..] else {
        violated("SY-1", format!("a request is answered by {commands:?}"))
    };
    check_eq("SY-1", "who is answered", &PeerId(now), peer);
    let of = |response: &Response| match response {
        Response::Success(ResponseBody::Block(block)) => root(block),
        other => violated("SY-1", format!("a range is answered with {other:?}")),
    };
    responses.iter().map(of).collect()
}

/// The blocks of the chain up to a block, by height, from the parents of each: what is to be served.
fn chain_to(blocks: &BTreeMap<Hash256, Certified>, tip: Hash256) -> BTreeMap<u64, Hash256> {
    let up = |root: &Hash256| blocks.get(root).map(|block| header(block).parent_root);
    let path = std::iter::successors(Some(tip), up).filter(|root| blocks.contains_key(root));
    path.map(|root| (header(&blocks[&root]).height, root)).collect()
}

/// After every block, whatever fork it is of, after a restart, and after pruning, a node serves the chain of its tip.
pub fn a_node_serves_its_canonical_chain() -> u64 {
    let mut looked = 0;
    for (seed, fork_every) in [(1, 6), (2, 7), (3, 0)] {
        let plan = TruthPlan { seed, blocks: 40, fork_every, ..TruthPlan::default() };
        let truth =
            Truth::ideal(&plan).unwrap_or_else(|error| violated("NW-5", format!("no truth: {error}")));
        let journal = Journal::new(truth.config(), truth.genesis());
        let (mut node, mut held) = (node(&truth, &journal), BTreeMap::new());
        let mut now = 1_000_000_000_000;
        let mut is_served = |node: &mut Served, held: &BTreeMap<Hash256, Certified>, base: u64| {
            let head = node.chain().head();
            let expected: Vec<_> = chain_to(held, head.root).into_iter().collect();
            for start in [base, base + 1, head.height, head.height + 1] {
                now += 1_000;
                let from = expected.iter().filter(|(height, _)| *height >= start && start > 0);
                let from: Vec<_> = from.map(|(_, root)| *root).collect();
                check_eq("SY-3", &format!("what is served from {start}"), &from, &served(node, start, now));
                looked += 1;
            }
        };
        for block in truth.blocks() {
            let event = Event::Import { block: Arc::clone(&block.block), signatures: Signatures::Verified };
            drop(node.chain_event(event, 1_000_000_000_000));
            held.insert(block.root, Arc::clone(&block.block));
            is_served(&mut node, &held, 0);
        }
        check_eq(
            "SY-2",
            "the tip",
            &truth.canonical(40).map(|block| block.root),
            &Some(node.chain().head().root),
        );
        node = self::node(&truth, &journal);
        is_served(&mut node, &held, 0);
        let to = node.chain().finalised();
        drop(node.chain_event(Event::Rollback { to: to.root }, 1_000_000_000_000));
        check_eq("SY-2", "the tip after going back", &to, &node.chain().head());
        is_served(&mut node, &held, 0);
        let height = 10;
        drop(node.chain_event(Event::Prune { height }, 1_000_000_000_000));
        held.retain(|_, block| header(block).height >= height);
        let base = node.chain().tree().base();
        check_eq("CH-6", "the base", &truth.canonical(height).map(|block| block.root), &Some(base));
        is_served(&mut node, &held, height);
        check_eq("SY-3", "what is served below the base", &Vec::new(), &served(&mut node, height - 1, 3));
        let (before, finalised) = (node.chain().head(), node.chain().finalised());
        node = self::node(&truth, &journal);
        check_eq(
            "SY-9",
            "tip and final block",
            &(before, finalised),
            &(node.chain().head(), node.chain().finalised()),
        );
        is_served(&mut node, &held, height);
    }
    looked
}

/// A node whose chain cannot be made durable serves nobody, says that it has failed, and asks for nothing.
pub fn a_node_that_has_failed_serves_nobody() -> u64 {
    let plan = TruthPlan { blocks: 12, ..TruthPlan::default() };
    let truth = Truth::ideal(&plan).unwrap_or_else(|error| violated("NW-5", format!("no truth: {error}")));
    let journal = Journal::new(truth.config(), truth.genesis());
    let mut node = node(&truth, &journal);
    let import = |height: u64| {
        let block = truth.canonical(height).map(|block| Arc::clone(&block.block)).expect("a block");
        Event::Import { block, signatures: Signatures::Verified }
    };
    let now = 1_000_000_000_000;
    drop(node.chain_event(import(1), now));
    check_eq("SY-9", "the tip", &1, &node.chain().head().height);
    journal.fail_after(0, false);
    drop(node.chain_event(import(2), now));
    check_eq("SY-9", "whether it has failed", &true, &node.failure().is_some());
    let event = NetworkEvent::Request { peer: PeerId(1), inbound: InboundId(3), request: range(1, 1, 1) };
    let answered = match &node.handle(event, now)[..] {
        [NetworkCommand::Respond { responses, .. }] => told(responses),
        other => violated("SY-9", format!("a node that has failed does {other:?}")),
    };
    let failed = vec![format!("{:?}: the chain cannot be made durable", FailureCode::ServerError)];
    check_eq("SY-9", "what it answers", &failed, &answered);
    let connected = node.handle(NetworkEvent::Connected { peer: PeerId(1) }, now);
    check_eq("SY-9", "what it asks", &Vec::new(), &connected);
    check_eq("SY-9", "what is durable", &truth.canonical(1).map(|block| block.root), &Some(journal.head()));
    journal.repair();
    let node = self::node(&truth, &journal);
    check_eq("SY-9", "the tip of the next one", &1, &node.chain().head().height);
    1
}
