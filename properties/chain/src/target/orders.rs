//! All orders in which the blocks of all small trees can arrive.

use alys_engines::violation::{check_eq, violated};
use alys_models::chain::ModelTree;
use alys_wire::containers::{AggregateApproval, ApprovalBits, SignedBlock};

use super::alys::authorities::AuthoritySet;
use super::alys::engine::{Engine, Event, Settings};
use super::alys::scheme::{Domain, Ideal, IdealKey, Message, SignatureScheme};
use super::alys::transition::{Balances, Transfers};
use super::words;
use crate::planned::{ACCOUNTS, Draft, PlannedBlock, id, plan};
use crate::trees;

/// A block with its certificate.
type Certified = (SignedBlock, AggregateApproval);

/// What all of it came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Arrived {
    /// The trees, each with its slots.
    pub trees: usize,
    /// The blocks that were delivered, in all orders.
    pub deliveries: usize,
    /// The trees in which final blocks conflict.
    pub conflicts: usize,
}

/// Delivers the blocks of every tree of up to this many in every order.
///
/// # Panics
///
/// Raises a violation of CH-3 when an order leads elsewhere than the set of blocks says.
pub fn all(blocks_max: usize) -> Arrived {
    let mut arrived = Arrived::default();
    for parents in trees::shapes(blocks_max) {
        for pattern in trees::PATTERNS {
            let drafts: Vec<Draft> = trees::drafts(&parents, pattern);
            arrived.trees += 1;
            tree(&drafts, &mut arrived);
        }
    }
    arrived
}

fn tree(drafts: &[Draft], arrived: &mut Arrived) {
    let setting = trees::setting();
    let blocks = plan(&setting, drafts);
    let expected = trees::model(&setting, &blocks);
    let conflicting = trees::conflicts(&expected);
    arrived.conflicts += usize::from(conflicting);
    let scheme = Ideal::default();
    let stated = [(scheme.public_key(&IdealKey(1)), scheme.prove_possession(&IdealKey(1)))];
    let authorities = AuthoritySet::new(&scheme, &stated).expect("a sound key");
    let settings = Settings { slot_duration: 10, pool_total: 64, ..Settings::default() };
    let config = settings.check().expect("a sound setting");
    let genesis = Balances::genesis(&ACCOUNTS).expect("little");
    let engine = Engine::new(config, scheme.clone(), authorities, Transfers, genesis);
    let certified: Vec<Certified> = blocks[1..].iter().map(|block| certified(&scheme, block)).collect();
    apart(&engine, &certified, &expected, conflicting);
    let left: Vec<usize> = (0..certified.len()).collect();
    deliver(&engine, &certified, &left, &expected, conflicting, arrived);
}

fn certified(scheme: &Ideal, block: &PlannedBlock) -> Certified {
    let (slot, block_root) = (block.model.slot, block.block.root());
    let sign = |domain| scheme.sign(&IdealKey(1), &Message::new(domain, 1, slot, block_root));
    let proposal = SignedBlock { block: block.block.clone(), signature: sign(Domain::Proposal) };
    let mut bits = ApprovalBits::with_capacity(1).expect("one authority");
    bits.set(0, true).expect("the first of one");
    (proposal, AggregateApproval { block_root, slot, bits, signature: sign(Domain::Approval) })
}

/// All certificates come before all blocks, or after them, children before their parents (CH-4).
fn apart(engine: &Engine<Ideal, Transfers>, blocks: &[Certified], expected: &ModelTree, conflicting: bool) {
    let proposals = blocks.iter().rev().map(|(proposal, _)| Event::Block(proposal.clone()));
    let certificates = blocks.iter().map(|(_, certificate)| Event::Aggregate(certificate.clone()));
    let (proposals, certificates): (Vec<_>, Vec<_>) = (proposals.collect(), certificates.collect());
    for events in [[&proposals[..], &certificates].concat(), [&certificates[..], &proposals].concat()] {
        let mut engine = engine.clone();
        events.into_iter().for_each(|event| drop(engine.handle(event, 10_000)));
        judge(&engine, expected, conflicting);
        check_eq("CH-4", "what is left in the pool", &0, &engine.pool().len());
    }
}

fn deliver(
    engine: &Engine<Ideal, Transfers>,
    blocks: &[Certified],
    left: &[usize],
    expected: &ModelTree,
    conflicting: bool,
    arrived: &mut Arrived,
) {
    if left.is_empty() {
        judge(engine, expected, conflicting);
    }
    for place in 0..left.len() {
        let mut left = left.to_vec();
        let (proposal, certificate) = &blocks[left.remove(place)];
        let mut engine = engine.clone();
        let first = engine.finalised().height;
        // Every other time the certificate comes first.
        let (one, other) = (Event::Block(proposal.clone()), Event::Aggregate(certificate.clone()));
        let events = if place % 2 == 0 { [one, other] } else { [other, one] };
        events.into_iter().for_each(|event| drop(engine.handle(event, 10_000)));
        let never_back = engine.finalised().height >= first;
        check_eq("CH-5", "whether the finalised height never decreases", &true, &never_back);
        arrived.deliveries += 1;
        deliver(&engine, blocks, &left, expected, conflicting, arrived);
    }
}

/// Holds a node to what the set of its blocks says by definition.
fn judge(engine: &Engine<Ideal, Transfers>, expected: &ModelTree, conflicting: bool) {
    let entered: Vec<_> = engine.tree().iter().map(|(root, _)| id(*root)).collect();
    check_eq("CH-3", "the set of notarised blocks", &expected.ids(), &entered);
    check_eq("CH-3", "whether final blocks conflict", &conflicting, &engine.violation().is_some());
    let (finalised, head) = (id(engine.finalised().root), id(engine.head().root));
    match engine.violation().map(words::conflict) {
        None => {
            let height = |one: &alys_models::chain::BlockId| expected.height(*one);
            let last = expected.middles().into_iter().max_by_key(height).unwrap_or(expected.base());
            check_eq("CH-5", "the finalised block", &last, &finalised);
            check_eq("CH-3", "the tip", &expected.tip(last), &head);
        }
        Some((one, other)) => {
            let middles = expected.middles();
            let both_final = middles.contains(&one) && middles.contains(&other);
            let apart = !expected.on_chain(one, other) && !expected.on_chain(other, one);
            if !both_final || !apart {
                violated("CH-3", format!("{one:?} and {other:?} are no final blocks that conflict"));
            }
            check_eq(
                "CH-3",
                "whether the tip descends from what froze",
                &true,
                &expected.on_chain(finalised, head),
            );
        }
    }
}
