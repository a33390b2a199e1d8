//! Scripts: what an engine does, in words, and peers that come and answer.

use alys_engines::violation::check_eq;
use alys_wire::message::Request;

use super::alys::config::Settings;
use super::alys::engine::{Action, Answer};
use super::alys::gate::Gate;
use super::stage::{Sent, Stage};
use crate::chains::{Certified, Realm, SLOT_SECONDS, header};

/// The time at which scripts begin, in milliseconds: long after the slots of their chains, and at no boundary.
pub const LATER: u64 = 10_000_000 + 1_234;

/// Small batches, few workers, and a sample of two.
#[must_use]
pub fn small() -> Settings {
    Settings {
        batch_min: 2,
        batch_max: 4,
        blocks_in_flight: 64,
        workers: 2,
        sample: 2,
        ..Settings::default()
    }
}

/// A chain of so many blocks.
#[must_use]
pub fn chain(realm: &Realm, count: u64) -> Vec<Certified> {
    realm.chain(&realm.genesis, count, 0)
}

/// When a slot begins, in milliseconds.
#[must_use]
pub fn slot_ms(slot: u64) -> u64 {
    slot * SLOT_SECONDS * 1_000
}

/// An action in words.
#[must_use]
pub fn told(action: &Action) -> String {
    match action {
        Action::Send { peer, message, .. } => format!("ask {}: {}", peer.0, request(message)),
        Action::Cancel { peer, .. } => format!("cancel {}", peer.0),
        Action::Verify { block, .. } => format!("verify {}", header(block).height),
        Action::Process { blocks, .. } => {
            let height = |block: Option<&Certified>| block.map_or(0, |block| header(block).height);
            format!("process {}..={}", height(blocks.first()), height(blocks.last()))
        }
        Action::Disconnect { peer, reason } => format!("leave {}: {reason:?}", peer.0),
        Action::Ban { peer, until } => format!("ban {} until {until}", peer.0),
        Action::Say(state) => format!("say {state:?}"),
        Action::Gate(Gate::Open) => "gate open".to_owned(),
        Action::Gate(Gate::Closed(why)) => format!("gate closed: {why}"),
    }
}

/// A request in words.
#[must_use]
pub fn request(message: &Request) -> String {
    match message {
        Request::Status(_) => "status".to_owned(),
        Request::BlocksByRange(range) => format!("{}+{}", range.start, range.count),
        Request::BlocksByRoot(roots) => format!("{} root", roots.len()),
        other => format!("{other:?}"),
    }
}

/// Holds what an engine did to what it should have done, the gate apart, to which the [watch](super::watch) holds it.
///
/// # Panics
///
/// Raises a violation when it did something else.
pub fn expect_but_gate(rule: &'static str, what: &str, expected: &[&str], actions: &[Action]) {
    let others: Vec<_> = actions.iter().filter(|one| !matches!(one, Action::Gate(_))).cloned().collect();
    expect(rule, what, expected, &others);
}

/// Holds what an engine did to what it should have done.
///
/// # Panics
///
/// Raises a violation when it did something else.
pub fn expect(rule: &'static str, what: &str, expected: &[&str], actions: &[Action]) {
    let told: Vec<_> = actions.iter().map(told).collect();
    let told: Vec<_> = told.iter().map(String::as_str).collect();
    check_eq(rule, what, expected, &told[..]);
}

impl Stage {
    /// The only open request to a peer that is of a kind: `status`, `root`, or the start of a range as in `7+`.
    ///
    /// # Panics
    ///
    /// When there is none.
    #[must_use]
    pub fn open_one(&self, peer: u64, kind: &str) -> Sent {
        let of = |message: &Request| request(message).contains(kind);
        self.asked(peer, of).unwrap_or_else(|| {
            let open: Vec<_> =
                self.open.iter().map(|sent| format!("{}: {}", sent.peer.0, request(&sent.message))).collect();
            panic!("peer {peer} was not asked for `{kind}`, open are {open:?}")
        })
    }

    /// A peer says that it has this tip, with which `chain` ends.
    pub fn claim(&mut self, peer: u64, chain: &[Certified]) -> Vec<Action> {
        let sent = self.open_one(peer, "status");
        self.honestly(&sent, chain)
    }

    /// A peer shows the block that it was asked for, which is verified; what follows from that.
    pub fn prove(&mut self, peer: u64, chain: &[Certified]) -> Vec<Action> {
        let sent = self.open_one(peer, "root");
        drop(self.honestly(&sent, chain));
        self.do_work().unwrap_or_default()
    }

    /// A peer comes, and proves that it has this chain; what follows from that.
    pub fn introduce(&mut self, peer: u64, chain: &[Certified]) -> Vec<Action> {
        drop(self.connect(peer));
        drop(self.claim(peer, chain));
        if chain.is_empty() { Vec::new() } else { self.prove(peer, chain) }
    }

    /// A peer answers its request that begins so, with these blocks.
    pub fn send_blocks(&mut self, peer: u64, kind: &str, blocks: &[Certified]) -> Vec<Action> {
        let sent = self.open_one(peer, kind);
        self.answer(&sent, Answer::Blocks(blocks.to_vec()))
    }

    /// A peer answers its request that begins so as if it had this chain.
    pub fn serve(&mut self, peer: u64, kind: &str, chain: &[Certified]) -> Vec<Action> {
        let sent = self.open_one(peer, kind);
        self.honestly(&sent, chain)
    }

    /// Everybody answers honestly what is open, each with its own chain, and all work is done, until nothing is open.
    ///
    /// # Panics
    ///
    /// When it never ends.
    pub fn run_honestly<'a>(&mut self, chain_of: impl Fn(u64) -> &'a [Certified]) -> Vec<Action> {
        let mut actions = self.work_off();
        for _ in 0..100_000 {
            let Some(sent) = self.open.first().cloned() else { return actions };
            actions.extend(self.honestly(&sent, chain_of(sent.peer.0)));
            actions.extend(self.work_off());
        }
        panic!("it does not end")
    }

    /// The ranges that are asked for, with whom.
    #[must_use]
    pub fn ranges(&self) -> Vec<(u64, u64, u64)> {
        let of = |sent: &Sent| match &sent.message {
            Request::BlocksByRange(range) => Some((sent.peer.0, range.start, range.count)),
            _ => None,
        };
        self.open.iter().filter_map(of).collect()
    }
}
