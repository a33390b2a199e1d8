//! Supervised nodes over TCP connections that break, in paused time: each host has a runtime, a node in its actor, and a medium that
//! outlives it; frames of the wire come in pieces.

mod network;
mod streams;
mod world;

use std::time::Duration;

use alys_engines::{
    draw::SplitMix,
    sequential::{announce, cases_wanted},
};

use world::{Seen, World};

/// How many seeds each scenario has.
const SEEDS: u32 = 4;

/// How many blocks the chain has.
const BLOCKS: u64 = 240;

/// The node that syncs, and four that have all of the chain.
const ALONE: [u64; 5] = [0, BLOCKS, BLOCKS, BLOCKS, BLOCKS];

/// Plays a scenario with each of its seeds, and tells what was seen.
fn play(name: &str, scenario: impl Fn(u64) -> Seen) -> Vec<Seen> {
    let seen: Vec<_> = (0..u64::from(cases_wanted(SEEDS))).map(&scenario).collect();
    let slowest = seen.iter().map(|seen| seen.took_ms).max().unwrap_or_default();
    let looks: u64 = seen.iter().map(|seen| seen.looks).sum();
    announce(&format!(
        "sync_tcp: {name}: {} worlds, {looks} looks, the slowest took {slowest} ms",
        seen.len()
    ));
    seen
}

fn quiet(seed: u64) -> Seen {
    World::new(seed, BLOCKS, &ALONE, 0.0).all_come_to_the_tip()
}

/// SY-1, SY-2, SY-4, SY-5: over connections of which every frame comes in pieces, a node comes to the tip, and says so when it is there.
///
/// Engine: actor
#[test]
fn a_node_syncs_over_tcp() {
    for seen in play("nothing fails", quiet) {
        assert!(seen.took_ms < 60_000 && seen.log.len() > 7, "{seen:?}");
    }
}

/// NW-5: one seed gives one story, to the millisecond, and another one another.
///
/// Engine: actor
#[test]
fn one_seed_gives_one_story_over_tcp() {
    let (one, again, other) = (quiet(7), quiet(7), quiet(8));
    assert_eq!(one, again);
    assert_ne!(one, other);
}

/// SY-1, SY-2, SY-10, NW-2: a node that nothing reaches any more takes nothing, and goes on where it was when it is reached again.
///
/// Engine: actor
#[test]
fn partitions_are_survived_over_tcp() {
    play("a partition", |seed| {
        let mut world = World::new(seed, BLOCKS, &ALONE, 0.0);
        world.reach(0, 1 + seed * 53 % 200);
        world.links(0, |sim, one, other| sim.partition(one, other));
        // What was on its way has come by then.
        world.pass(Duration::from_secs(1));
        let before = world.height(0);
        world.pass(Duration::from_secs(30));
        assert_eq!(world.height(0), before, "NW-2: something came through");
        world.links(0, |sim, one, other| sim.repair(one, other));
        world.all_come_to_the_tip()
    });
}

/// SY-1, SY-10, NW-2: what goes one way alone is as good as nothing, for as long as it lasts.
///
/// Engine: actor
#[test]
fn one_way_partitions_are_survived_over_tcp() {
    play("a partition in one direction", |seed| {
        let mut world = World::new(seed, BLOCKS, &ALONE, 0.0);
        world.reach(0, 1 + seed * 53 % 200);
        match seed % 2 {
            0 => world.links(0, |sim, one, other| sim.partition_oneway(one, other)),
            _ => world.links(0, |sim, one, other| sim.partition_oneway(other, one)),
        }
        world.pass(Duration::from_secs(20));
        world.links(0, |sim, one, other| sim.repair(one, other));
        world.all_come_to_the_tip()
    });
}

/// SY-1, SY-10: what is held back for longer than every deadline comes after all, and changes nothing.
///
/// Engine: actor
#[test]
fn late_answers_change_nothing_over_tcp() {
    play("everything is held back", |seed| {
        let mut world = World::new(seed, BLOCKS, &ALONE, 0.0);
        world.reach(0, 1 + seed * 53 % 200);
        world.links(0, |sim, one, other| sim.hold(one, other));
        world.pass(Duration::from_secs(15));
        world.links(0, |sim, one, other| sim.release(one, other));
        world.all_come_to_the_tip()
    });
}

/// SY-2, SY-9: a host that crashes again and again, wherever it is, goes on from what is durable.
///
/// Engine: actor
#[test]
fn crashes_of_the_node_are_survived_over_tcp() {
    play("the node crashes", |seed| {
        let (mut world, mut mix) = (World::new(seed, BLOCKS, &ALONE, 0.0), SplitMix(seed));
        for height in [1, 60, 120, 180] {
            world.reach(0, height + mix.next() % 30);
            let host = world.host(0);
            world.sim.crash(host.as_str());
            world.pass(Duration::from_millis(mix.next() % 5_000));
            world.sim.bounce(host.as_str());
        }
        world.all_come_to_the_tip()
    });
}

/// SY-9: a medium that fails ends the node; its supervisor makes the next one, on a whole medium, of what is durable.
///
/// Engine: actor
#[test]
fn failing_media_are_survived_over_tcp() {
    play("the medium fails", |seed| {
        let (mut world, mut mix) = (World::new(seed, BLOCKS, &ALONE, 0.0), SplitMix(seed));
        for height in [10, 80, 160] {
            world.reach(0, height);
            world.fail_after(0, mix.next() % 4, mix.next() % 2 == 0);
            world.pass(Duration::from_secs(3));
        }
        world.all_come_to_the_tip()
    });
}

/// SY-1, SY-6: peers that crash in the middle of an answer, one after another, cost their answers and nothing else.
///
/// Engine: actor
#[test]
fn crashes_of_peers_are_survived_over_tcp() {
    play("peers crash", |seed| {
        let (mut world, mut mix) = (World::new(seed, BLOCKS, &ALONE, 0.0), SplitMix(seed));
        for peer in 1..5 {
            world.reach(0, 45 * peer as u64);
            let host = world.host(peer);
            world.sim.crash(host.as_str());
            world.pass(Duration::from_millis(mix.next() % 3_000));
            world.sim.bounce(host.as_str());
        }
        world.all_come_to_the_tip()
    });
}

/// SY-1, SY-8: three nodes that know nothing sync from three that know all, and from each other.
///
/// Engine: actor
#[test]
fn several_nodes_sync_side_by_side_over_tcp() {
    play("three nodes at once", |seed| {
        World::new(seed, BLOCKS, &[0, 0, 0, BLOCKS, BLOCKS, BLOCKS], 0.0).all_come_to_the_tip()
    });
}

/// SY-1, SY-7: links that break at random, and are whole again, cost connections and not the sync.
///
/// Engine: actor
#[test]
fn breaking_links_are_survived_over_tcp() {
    play("links break", |seed| {
        let mut world = World::new(seed, BLOCKS, &ALONE, 0.01);
        world.reach(0, BLOCKS / 2);
        world.sim.set_fail_rate(0.0);
        world.all_come_to_the_tip()
    });
}
