//! What holds a download up, and what ends it: the clock, the store, forks (SY-1, SY-2, SY-3, SY-9).

use alys_engines::violation::check_eq;

use super::alys::config::Settings;
use super::alys::engine::{Action, Event};
use super::alys::gate::{Closed, Gate};
use super::alys::peer::PeerId;
use super::alys::state::SyncState;
use super::script::{LATER, chain, expect, expect_but_gate, small, told};
use super::stage::Stage;
use crate::chains::{Realm, header, root};

/// Nobody is asked twice where it is, and nobody rests for long.
fn settings() -> Settings {
    Settings {
        status_interval: 600_000,
        backoff_min: 1,
        backoff_max: 1,
        breaker_failures: 1024,
        sample: 1,
        ..small()
    }
}

/// What is sent and given up.
fn traffic(actions: &[Action]) -> Vec<String> {
    let is_traffic = |one: &&Action| matches!(one, Action::Send { .. } | Action::Cancel { .. });
    actions.iter().filter(is_traffic).map(told).collect()
}

fn expect_traffic(rule: &'static str, what: &str, expected: &[&str], actions: &[Action]) {
    check_eq(rule, what, &expected.iter().map(|one| (*one).to_owned()).collect(), &traffic(actions));
}

/// A tip of a slot that the clock does not show yet waits, and is tried again; nobody is blamed.
pub fn a_block_ahead_of_the_clock_waits() -> u64 {
    let realm = Realm::default();
    let blocks = chain(&realm, 6);
    let now = super::script::slot_ms(4) + 100;
    let mut stage = Stage::new(&realm, Settings { workers: 1, ..settings() }, now);
    drop(stage.introduce(1, &blocks));
    drop(stage.serve(1, "1+2", &blocks));
    drop(stage.work_off());
    drop(stage.serve(1, "3+3", &blocks));
    drop(stage.work_off());
    check_eq("SY-3", "up to the clock", &SyncState::Recovering, &stage.engine.state());
    check_eq("SY-3", "our tip", &4, &stage.head.head.height);
    check_eq("SY-7", "its score", &Some(540), &stage.engine.score(PeerId(1)));
    let told = stage.wait(2_000);
    expect_but_gate(
        "SY-1",
        "it is tried again",
        &["process 5..=5", "say Processing", "say Recovering"],
        &told,
    );
    drop(stage.wait(4_000));
    drop(stage.wait(4_000));
    check_eq("SY-1", "our tip, when its slot has come", &6, &stage.head.head.height);
    check_eq("SY-4", "the state", &SyncState::Synced, &stage.engine.state());
    check_eq(
        "SY-6",
        "what was asked again",
        &(0, 0),
        &(stage.engine.metrics().retries, stage.engine.metrics().lies),
    );
    1
}

/// A store that fails ends it all: nothing is asked, said or taken any more.
pub fn a_store_that_fails_ends_it() -> u64 {
    let realm = Realm::default();
    let blocks = chain(&realm, 20);
    let mut stage = Stage::new(&realm, settings(), LATER);
    drop(stage.introduce(1, &blocks));
    drop(stage.serve(1, "1+2", &blocks));
    stage.broken = true;
    let told = stage.do_work().unwrap_or_default();
    let closed = "gate closed: the chain cannot be made durable any more";
    expect("SY-5", "the store fails", &["say Failed", closed], &told);
    check_eq("SY-5", "the gate", &Gate::Closed(Closed::Failed), &stage.engine.gate());
    check_eq("SY-10", "when it wakes", &None, &stage.engine.next_wakeup());
    for event in [Event::Tick, Event::Connected { peer: PeerId(2) }, Event::Disconnected { peer: PeerId(1) }]
    {
        expect_but_gate("SY-1", "nothing follows", &[], &stage.engine.handle(event, stage.now + 100_000));
    }
    let mut stage = Stage::new(&realm, settings(), LATER);
    drop(stage.introduce(1, &blocks));
    expect(
        "SY-5",
        "a failure elsewhere",
        &["say Failed", closed],
        &stage.engine.handle(Event::Failed, stage.now),
    );
    2
}

/// A clock that is set back stretches nothing: deadlines, rests and bans end when so much time has passed.
pub fn a_clock_set_back_stretches_nothing() -> u64 {
    let realm = Realm::default();
    let blocks = chain(&realm, 20);
    let mut stage = Stage::new(&realm, Settings { request_timeout: 1_000, workers: 1, ..settings() }, LATER);
    drop(stage.introduce(1, &blocks));
    drop(stage.wait(400));
    stage.now -= 300_000;
    expect_but_gate("SY-10", "the clock is set back", &[], &stage.event_unwatched(Event::Tick));
    check_eq("SY-10", "the deadline by the new clock", &Some(stage.now + 600), &stage.engine.next_wakeup());
    stage.now += 599;
    expect_but_gate("SY-10", "just before it", &[], &stage.event_unwatched(Event::Tick));
    stage.now += 1;
    expect_but_gate("SY-10", "at it", &["cancel 1", "say Recovering"], &stage.event_unwatched(Event::Tick));
    stage.now += 1;
    expect_but_gate(
        "SY-7",
        "its backoff",
        &["ask 1: 1+2", "say Downloading"],
        &stage.event_unwatched(Event::Tick),
    );
    // Set forward, the time has passed.
    stage.now += 1_000_000;
    let told = stage.event_unwatched(Event::Tick);
    expect_traffic("SY-10", "set forward", &["cancel 1", "ask 1: status"][..1], &told[..1]);
    1
}

/// A header without a chain behind it is of no use: what does not link is learned from the tip down, of those who have proved it.
pub fn a_fork_is_followed_from_its_tip_down() -> u64 {
    let realm = Realm::default();
    let own = chain(&realm, 9);
    let mut fork = own[..4].to_vec();
    fork.extend(realm.chain(header(&own[3]), 12, 1));
    let mut stage = Stage::holding(&realm, settings(), LATER, &own, 3);
    drop(stage.introduce(1, &fork));
    check_eq("SY-2", "first, what would follow ours", &vec![(1, 10, 2), (1, 12, 2)], &stage.ranges());
    drop(stage.serve(1, "10+2", &fork));
    let told = stage.work_off();
    // It does not link: the other request is of no use any more, and roots are learned down to our height, then further.
    expect_traffic("SY-2", "it does not link", &["cancel 1", "cancel 1", "ask 1: 12+4"], &told);
    expect_traffic("SY-2", "down to ours", &["ask 1: 10+2"], &stage.serve(1, "12+4", &fork));
    expect_traffic("SY-2", "below ours", &["ask 1: 6+4"], &stage.serve(1, "10+2", &fork));
    expect_traffic("SY-2", "to what is final", &["ask 1: 4+2"], &stage.serve(1, "6+4", &fork));
    let told = stage.serve(1, "4+2", &fork);
    expect_traffic("SY-9", "from there on it is downloaded", &["ask 1: 4+2", "ask 1: 6+4"], &told);
    check_eq("SY-2", "no height was lost meanwhile", &9, &stage.head.head.height);
    drop(stage.run_honestly(|_| &fork));
    check_eq(
        "SY-2",
        "the end",
        &(SyncState::Synced, root(&fork[15])),
        &(stage.engine.state(), stage.head.head.root),
    );
    let metrics = stage.engine.metrics();
    check_eq("SY-2", "conflicts and lies", &(1, 0), &(metrics.conflicts, metrics.lies));
    1
}

/// A tip from below what is final is nobody's honest one: who has proved it is left, and it is not planned for again.
pub fn a_fork_from_below_finality_is_refused() -> u64 {
    let realm = Realm::default();
    let own = chain(&realm, 9);
    let mut tried = 0;
    for finalised in [4_u64, 5] {
        let mut fork = own[..4].to_vec();
        fork.extend(realm.chain(header(&own[3]), 8, 1));
        let mut stage =
            Stage::holding(&realm, Settings { ban_after: 9, ..settings() }, LATER, &own, finalised);
        drop(stage.introduce(2, &own));
        drop(stage.introduce(1, &fork));
        drop(stage.run_honestly(|peer| if peer == 1 { &fork } else { &own }));
        let conflicts = finalised == 5;
        let (height, there) = if conflicts { (9, vec![PeerId(2)]) } else { (12, vec![PeerId(1), PeerId(2)]) };
        check_eq("SY-2", &format!("our tip, {finalised} final"), &height, &stage.head.head.height);
        check_eq("SY-7", "who stays", &there, &stage.engine.peers().collect());
        check_eq("SY-2", "what is held against it", &u64::from(conflicts), &stage.engine.metrics().lies);
        if conflicts {
            // It comes again with the same tip, which is nothing to plan for any more.
            drop(stage.wait(1));
            let before = stage.engine.metrics().requests;
            drop(stage.introduce(1, &fork));
            check_eq("SY-2", "nothing but status and proof", &(before + 2), &stage.engine.metrics().requests);
        }
        tried += 1;
    }
    tried
}
