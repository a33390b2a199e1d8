//! Players and the truth that they play in, looked at directly.

use super::*;
use crate::sync::{steps::Behaviour, words::root_behind, world::SLOT};

const TIMEOUT: u64 = 10_000;

/// What a peer answers in a world of twelve honest blocks.
fn answer(behaviour: Behaviour, what: SyncAsk) -> (World, Option<SyncAnswer>) {
    let (world, _) = World::new(root_behind, 12, 0);
    let answer = Player::new(behaviour).answer(&world, &what);
    (world, answer)
}

/// The blocks that a peer sends for a range.
fn sent(behaviour: Behaviour, start: u64, count: u64) -> (World, Vec<SyncBlock>) {
    match answer(behaviour, SyncAsk::Range { start, count }) {
        (world, Some(SyncAnswer::Blocks(blocks))) => (world, blocks),
        (_, other) => panic!("{behaviour:?}: {other:?}"),
    }
}

fn claimed(behaviour: Behaviour) -> (World, SyncTip) {
    match answer(behaviour, SyncAsk::Status) {
        (world, Some(SyncAnswer::Status(status))) => (world, status.head),
        (_, other) => panic!("{behaviour:?}: {other:?}"),
    }
}

fn heights(blocks: &[SyncBlock]) -> Vec<u64> {
    blocks.iter().map(|block| block.height).collect()
}

/// SY-1: who is honest sends what was asked for of its chain, and claims its tip.
///
/// Engine: law
#[test]
fn honest_peers_answer_out_of_their_chain() {
    let (world, blocks) = sent(Behaviour::Honest, 5, 8);
    assert_eq!(blocks, world.honest[4..12]);
    assert_eq!(sent(Behaviour::Honest, 11, 8).1, world.honest[10..]);
    assert_eq!(sent(Behaviour::Honest, 13, 8).1, []);
    assert_eq!(claimed(Behaviour::Honest).1, world.honest[11].tip());
    for root in [world.honest[3].root, world.fork[8].root, world.genesis.root] {
        let found = answer(Behaviour::Honest, SyncAsk::Root(root)).1;
        assert!(matches!(&found, Some(SyncAnswer::Blocks(blocks)) if blocks[0].root == root), "{found:?}");
    }
    let (_, claim) = claimed(Behaviour::Stale);
    assert_eq!(claim, world.honest[5].tip());
    assert_eq!(sent(Behaviour::Stale, 5, 8).1, world.honest[4..6]);
}

/// SY-3, SY-6: who sends less or of another fork does so out of certified blocks that are linked.
///
/// Engine: law
#[test]
fn who_withholds_sends_nothing_false() {
    let (world, honest) = sent(Behaviour::Honest, 1, 8);
    assert_eq!(sent(Behaviour::Empty, 1, 8).1, []);
    assert_eq!(sent(Behaviour::Short, 1, 8).1, honest[..4]);
    assert_eq!(sent(Behaviour::Short, 1, 7).1, honest[..4]);
    assert_eq!(sent(Behaviour::Short, 1, 1).1, honest[..1]);
    for behaviour in [Behaviour::OnFork, Behaviour::WrongFork] {
        let (_, fork) = sent(behaviour, 5, 8);
        assert_eq!(heights(&fork), [5, 6, 7, 8, 9, 10, 11]);
        assert_eq!(fork[..2], world.honest[4..6], "the lower half is the honest one");
        assert!(fork.iter().skip(2).all(|block| world.honest.iter().all(|other| other.root != block.root)));
        assert!(fork.windows(2).all(|pair| pair[1].parent == pair[0].root));
        assert!(fork.iter().all(|block| block.certified));
    }
    assert_eq!(claimed(Behaviour::WrongFork).1, world.honest[11].tip());
    assert_eq!(claimed(Behaviour::OnFork).1, world.fork[10].tip());
    assert_eq!(answer(Behaviour::Withholds, SyncAsk::Range { start: 1, count: 8 }).1, None);
    assert!(answer(Behaviour::Withholds, SyncAsk::Status).1.is_some());
    assert_eq!(answer(Behaviour::Silent, SyncAsk::Status).1, None);
    let range = SyncAsk::Range { start: 1, count: 8 };
    assert_eq!(answer(Behaviour::Refuses, range).1, Some(SyncAnswer::Refused));
    assert_eq!(answer(Behaviour::Garbles, range).1, Some(SyncAnswer::Malformed));
}

/// SY-7: who lies does so in one way.
///
/// Engine: law
#[test]
fn who_lies_does_so_in_one_way() {
    let (world, honest) = sent(Behaviour::Honest, 1, 8);
    let (_, bad) = sent(Behaviour::BadCertificate, 1, 8);
    let uncertified: Vec<u64> =
        bad.iter().filter(|block| !block.certified).map(|block| block.height).collect();
    assert_eq!(uncertified, [5]);
    assert!(bad.iter().zip(&honest).all(|(bad, good)| bad.root == good.root));
    assert!(!sent(Behaviour::BadCertificate, 3, 1).1[0].certified);
    let (_, unlinked) = sent(Behaviour::Unlinked, 1, 8);
    assert_eq!((heights(&unlinked), &unlinked[..7]), ((1..=8).collect(), &honest[..7]));
    assert!(unlinked[7].parent == STRANGER && unlinked[7].certified);
    assert_eq!(heights(&sent(Behaviour::Unlinked, 3, 1).1), [4], "alone, another height was asked for");
    let (_, many) = sent(Behaviour::Oversized, 1, 8);
    assert_eq!((heights(&many), &many[..8]), ((1..=9).collect(), &honest[..]));
    assert_eq!(sent(Behaviour::Oversized, 12, 3).1.len(), 4);
    let (_, high) = claimed(Behaviour::ClaimsTooHigh);
    assert_eq!((high.height, high.root), (1_012, STRANGER));
    assert_eq!(answer(Behaviour::ClaimsTooHigh, SyncAsk::Root(STRANGER)).1, Some(SyncAnswer::Blocks(vec![])));
    let (_, forged) = claimed(Behaviour::ForgedTip);
    assert_eq!(forged.height, 13);
    match answer(Behaviour::ForgedTip, SyncAsk::Root(forged.root)).1 {
        Some(SyncAnswer::Blocks(blocks)) => {
            assert_eq!(blocks, [SyncBlock { certified: false, ..blocks[0] }]);
            assert_eq!((blocks[0].tip(), blocks[0].parent), (forged, world.honest[11].root));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(answer(Behaviour::Honest, SyncAsk::Root(forged.root)).1, Some(SyncAnswer::Blocks(vec![])));
}

/// SY-10: who is late for ranges answers after their deadline, and nobody else does.
///
/// Engine: law
#[test]
fn only_who_is_late_is_late() {
    let range = SyncAsk::Range { start: 1, count: 8 };
    for behaviour in Behaviour::ALL {
        let player = Player::new(behaviour);
        assert!(player.delay(0, &SyncAsk::Status, TIMEOUT) < 100);
        let late = player.delay(200, &range, TIMEOUT) > TIMEOUT;
        assert_eq!(late, behaviour == Behaviour::Late, "{behaviour:?}");
    }
}

/// SY-1, SY-2: honest chains are linked, in slots that have begun, with one slot left out before each block; one branch is left for
/// a higher one.
///
/// Engine: law
#[test]
fn honest_peers_leave_a_branch_for_a_higher_one() {
    let (mut world, mut now) = World::new(root_behind, 6, 3);
    let tip = world.tip();
    assert_eq!((now / SLOT, tip.height), (tip.slot + 3, 6));
    for (round, back) in [2, 3, 1, 20].into_iter().enumerate() {
        now += 2 * SLOT;
        let (before, kept) = (world.honest.clone(), world.honest.len() - back.min(world.honest.len()));
        world.reorg(back, now);
        assert_eq!(world.honest.len(), before.len() + 1);
        assert_eq!(world.honest[..kept], before[..kept]);
        assert!(world.honest[kept..].iter().zip(&before[kept..]).all(|(new, old)| new.root != old.root));
        assert!(before.iter().all(|block| world.find(&block.root) == Some(*block)));
        assert_eq!(usize::from(world.reorgs), round + 1);
        now += 2 * SLOT;
        world.grow(now);
    }
    let linked = |pair: &[SyncBlock]| {
        pair[1].parent == pair[0].root
            && pair[1].height == pair[0].height + 1
            && pair[1].slot >= pair[0].slot + 2
    };
    assert!(world.honest.windows(2).all(linked) && world.tip().slot <= now / SLOT);
    assert_eq!((world.height_at(0), world.height_at(now), world.height_at(now - 1)), (6, 14, 13));
}
