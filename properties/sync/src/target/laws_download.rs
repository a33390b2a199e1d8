//! Batches and blocks: who is asked for what, when, and what enters the chain (SY-1, SY-2, SY-3, SY-6, SY-8, SY-10).

use alys_engines::violation::check_eq;
use alys_wire::codes::FailureCode;

use super::alys::config::Settings;
use super::alys::engine::{Action, Answer, Event};
use super::alys::peer::PeerId;
use super::alys::state::SyncState;
use super::script::{LATER, chain, expect_but_gate, small, told};
use super::stage::Stage;
use crate::chains::{Certified, Realm, forged, root};

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

/// One peer, from genesis to its tip: batches grow, blocks enter in order, and what was done is counted.
pub fn one_peer_brings_everything() -> u64 {
    let realm = Realm::default();
    let blocks = chain(&realm, 17);
    let mut stage = Stage::new(&realm, Settings { workers: 1, ..settings() }, LATER);
    drop(stage.connect(1));
    drop(stage.claim(1, &blocks));
    let told = stage.prove(1, &blocks);
    expect_but_gate("SY-1", "a proved tip", &["ask 1: 1+2", "say Downloading"], &told);
    check_eq("SY-10", "in flight: a batch, and the tip that was shown", &3, &stage.engine.blocks_in_flight());
    let batches = [("1+2", "process 1..=2", "ask 1: 3+4"), ("3+4", "process 3..=6", "ask 1: 7+4")];
    for (asked, enters, next) in batches {
        stage.now += 100;
        expect_but_gate("SY-3", asked, &[enters, next], &stage.serve(1, asked, &blocks));
        drop(stage.work_off());
    }
    drop(stage.serve(1, "7+4", &blocks));
    drop(stage.work_off());
    drop(stage.serve(1, "11+4", &blocks));
    drop(stage.work_off());
    expect_traffic("SY-1", "all that is left is known", &[], &[]);
    check_eq("SY-8", "the last batch", &vec![(1, 15, 2)], &stage.ranges());
    drop(stage.serve(1, "15+2", &blocks));
    stage.now += 50;
    let told = stage.work_off();
    let end = &["process 17..=17", "say Synced", "gate open"];
    check_eq(
        "SY-4",
        "the end",
        &true,
        &told.iter().map(super::script::told).collect::<Vec<_>>().ends_with(&end.map(str::to_owned)),
    );
    check_eq("SY-10", "in flight at the end", &0, &stage.engine.blocks_in_flight());
    check_eq("SY-1", "our tip", &root(&blocks[16]), &stage.head.head.root);
    let metrics = stage.engine.metrics().clone();
    let counted = (metrics.blocks, metrics.requests, metrics.retries, metrics.timeouts, metrics.conflicts);
    check_eq("SY-8", "blocks, requests, retries, timeouts, conflicts", &(17, 7, 0, 0, 0), &counted);
    let times = (metrics.first_block_at, metrics.last_block_at);
    check_eq("SY-8", "when blocks were taken", &(Some(LATER + 100), Some(LATER + 250)), &times);
    check_eq("SY-8", "blocks a second", &Some(17_000 / 150), &metrics.blocks_per_second());
    check_eq("SY-8", "peers and balance", &(1, 1_000), &(metrics.peers_used(), metrics.balance()));
    check_eq("SY-10", "the most in flight", &9, &metrics.most_in_flight);
    check_eq("SY-8", "changes of state", &stage.watch.states_said, &metrics.state_changes);
    1
}

/// Whatever order batches come in, children enter after their parents, and one batch at a time.
pub fn children_enter_after_parents() -> u64 {
    let realm = Realm::default();
    let blocks = chain(&realm, 12);
    let mut stage = Stage::new(&realm, Settings { workers: 4, batch_max: 2, ..settings() }, LATER);
    let told = stage.introduce(1, &blocks);
    let asked = ["ask 1: 1+2", "ask 1: 3+2", "ask 1: 5+2", "ask 1: 7+2"];
    expect_traffic("SY-10", "four workers", &asked, &told);
    expect_traffic("SY-3", "the fourth batch", &["ask 1: 9+2"], &stage.serve(1, "7+2", &blocks));
    expect_traffic("SY-3", "the second", &["ask 1: 11+1"], &stage.serve(1, "3+2", &blocks));
    expect_but_gate("SY-3", "the third", &[], &stage.serve(1, "5+2", &blocks));
    check_eq("SY-3", "nothing has entered", &(0, 0), &(stage.work.len(), stage.head.head.height));
    expect_but_gate("SY-3", "the first", &["process 1..=2"], &stage.serve(1, "1+2", &blocks));
    drop(stage.serve(1, "9+2", &blocks));
    check_eq("SY-3", "one at a time", &1, &stage.work.len());
    let other = Event::Processed { ticket: super::alys::engine::Ticket(9_999), taken: 2, stopped: None };
    expect_but_gate("SY-3", "the result of nothing", &[], &stage.event_unwatched(other));
    let other = Event::Verified { ticket: super::alys::engine::Ticket(9_999), valid: true };
    expect_but_gate("SY-4", "another", &[], &stage.event_unwatched(other));
    for enters in ["process 3..=4", "process 5..=6", "process 7..=8", "process 9..=10"] {
        expect_but_gate("SY-3", "the next", &[enters], &stage.do_work().unwrap_or_default());
    }
    expect_but_gate("SY-3", "the next is not there", &[], &stage.do_work().unwrap_or_default());
    drop(stage.serve(1, "11+1", &blocks));
    drop(stage.work_off());
    check_eq("SY-4", "the end", &SyncState::Synced, &stage.engine.state());
    1
}

/// A bad block is asked for again at its height, of another peer; what was good before it stays.
pub fn a_bad_block_is_asked_for_at_its_height() -> u64 {
    let realm = Realm::default();
    let blocks = chain(&realm, 10);
    let mut tried = 0;
    for bad in 1..=4_u64 {
        for spoil in [
            |_: &Realm, block: &Certified| forged(block),
            |realm: &Realm, block: &Certified| realm.uncertified(block),
        ] {
            let start = Settings { batch_min: 4, workers: 1, ..settings() };
            let mut stage = Stage::new(&realm, start, LATER);
            drop(stage.introduce(1, &blocks));
            drop(stage.introduce(2, &blocks));
            let mut sent = blocks[..4].to_vec();
            sent[bad as usize - 1] = spoil(&realm, &sent[bad as usize - 1]);
            drop(stage.send_blocks(1, "1+4", &sent));
            // The next batch is asked of the other one meanwhile.
            let told = stage.work_off();
            let resumed = format!("ask 2: {bad}+{}", 5 - bad);
            let of_others = |one: &String| one.starts_with("ask 2: 5+") || *one == resumed;
            let heights: Vec<_> = traffic(&told).into_iter().filter(of_others).collect();
            let mut open = stage.ranges();
            open.sort_unstable_by_key(|(_, start, _)| *start);
            check_eq("SY-6", "what stays", &(bad - 1), &stage.head.head.height);
            let score = if bad > 1 { 270 } else { 250 };
            check_eq("SY-7", "who has sent it", &Some(score), &stage.engine.score(PeerId(1)));
            if let Some(sent) = stage.asked(2, |message| super::script::request(message).starts_with("5+")) {
                drop(stage.honestly(&sent, &blocks));
                drop(stage.work_off());
            }
            let (peer, start, count) = stage.ranges()[0];
            check_eq(
                "SY-6",
                &format!("where it goes on, {heights:?} {open:?}"),
                &(2, bad, 5 - bad),
                &(peer, start, count),
            );
            drop(stage.run_honestly(|_| &blocks));
            check_eq(
                "SY-1",
                "the end",
                &(SyncState::Synced, 10),
                &(stage.engine.state(), stage.head.head.height),
            );
            check_eq("SY-6", "one lie", &1, &stage.engine.metrics().lies);
            tried += 1;
        }
    }
    tried
}

/// A request that is not answered in time is given up exactly then; the batch goes to somebody else, and its peer is asked for less.
pub fn a_late_batch_goes_to_another_peer() -> u64 {
    let realm = Realm::default();
    let blocks = chain(&realm, 30);
    let timed = Settings { request_timeout: 700, workers: 1, batch_max: 16, ..settings() };
    let mut stage = Stage::new(&realm, timed, LATER);
    drop(stage.introduce(1, &blocks));
    for asked in ["1+2", "3+4"] {
        drop(stage.serve(1, asked, &blocks));
        drop(stage.work_off());
    }
    check_eq("SY-8", "it is trusted with eight", &vec![(1, 7, 8)], &stage.ranges());
    let late = stage.open_one(1, "7+8");
    check_eq("SY-10", "the deadline", &Some(LATER + 700), &stage.engine.next_wakeup());
    drop(stage.introduce(2, &blocks));
    expect_but_gate("SY-10", "just before it", &[], &stage.wait(699));
    expect_but_gate("SY-10", "at the deadline", &["cancel 1", "ask 2: 7+8"], &stage.wait(1));
    check_eq("SY-10", "in flight", &9, &stage.engine.blocks_in_flight());
    let answer = Answer::Blocks(blocks[6..14].to_vec());
    let late = Event::Answer { peer: late.peer, request: late.request, answer };
    expect_but_gate("SY-10", "the late answer", &[], &stage.event(late));
    check_eq(
        "SY-7",
        "the score",
        &(Some(540 - 50), Some(500)),
        &(stage.engine.score(PeerId(1)), stage.engine.score(PeerId(2))),
    );
    let told = stage.serve(2, "7+8", &blocks);
    // The first has answered more, the second has been asked for less.
    expect_but_gate("SY-10", "it goes on", &["process 7..=14", "ask 2: 15+4"], &told);
    drop(stage.wait(1));
    drop(stage.disconnect(2));
    check_eq("SY-8", "the first is trusted with half", &vec![(1, 15, 4)], &stage.ranges());
    check_eq(
        "SY-10",
        "what was counted",
        &(1, 2),
        &(stage.engine.metrics().timeouts, stage.engine.metrics().retries),
    );
    drop(stage.run_honestly(|_| &blocks));
    check_eq("SY-1", "the end", &SyncState::Synced, &stage.engine.state());
    // Alone, it is asked for the same batch again, and for half as much from then on.
    let mut stage = Stage::new(&realm, timed, LATER);
    drop(stage.introduce(1, &blocks));
    for asked in ["1+2", "3+4"] {
        drop(stage.serve(1, asked, &blocks));
        drop(stage.work_off());
    }
    drop(stage.wait(700));
    expect_but_gate("SY-10", "again", &["ask 1: 7+8", "say Downloading"], &stage.wait(1));
    drop(stage.serve(1, "7+8", &blocks));
    check_eq("SY-8", "twice a half", &vec![(1, 15, 8)], &stage.ranges());
    1
}

/// After three tries in vain a batch rests for two seconds, and is never lost.
pub fn a_batch_rests_after_three_tries() -> u64 {
    let realm = Realm::default();
    let blocks = chain(&realm, 3);
    let mut stage = Stage::new(&realm, Settings { workers: 1, ..settings() }, LATER);
    drop(stage.introduce(1, &blocks));
    let refused = |stage: &mut Stage| {
        let sent = stage.open_one(1, "1+2");
        stage.answer(&sent, Answer::Refused { code: FailureCode::RateLimited })
    };
    for round in 0..3 {
        for _ in 0..2 {
            expect_but_gate("SY-7", "a try in vain", &["say Recovering"], &refused(&mut stage));
            expect_but_gate("SY-7", "the next try", &["ask 1: 1+2", "say Downloading"], &stage.wait(1));
        }
        expect_but_gate("SY-7", "the third try", &["say Recovering"], &refused(&mut stage));
        expect_but_gate("SY-7", "it rests", &[], &stage.wait(1_999));
        expect_but_gate("SY-7", "it has rested", &["ask 1: 1+2", "say Downloading"], &stage.wait(1));
        check_eq("SY-7", "the retries", &(3 * round + 3), &stage.engine.metrics().retries);
    }
    drop(stage.run_honestly(|_| &blocks));
    check_eq("SY-1", "the end", &SyncState::Synced, &stage.engine.state());
    3
}

/// So many blocks are in flight and no more, those that wait for their parents included.
pub fn blocks_in_flight_are_bounded() -> u64 {
    let realm = Realm::default();
    let blocks = chain(&realm, 60);
    let mut tried = 0;
    for limit in [5, 6, 7, 9, 12] {
        let bound = Settings { blocks_in_flight: limit, workers: 16, ..settings() };
        let mut stage = Stage::new(&realm, bound, LATER);
        for peer in 1..=4 {
            drop(stage.introduce(peer, &blocks));
        }
        check_eq("SY-10", "all of the bound is used", &limit, &stage.engine.blocks_in_flight());
        // All but the first batch come: they wait, and nothing more is asked for.
        let asked: u64 = stage.ranges().iter().map(|(_, _, count)| count).sum();
        check_eq("SY-10", "what is asked for", &(limit - 1), &asked);
        while let Some(sent) =
            stage.open.iter().find(|one| !super::script::request(&one.message).starts_with("1+")).cloned()
        {
            expect_traffic("SY-10", "no room", &[], &stage.honestly(&sent, &blocks));
        }
        check_eq("SY-10", "they wait", &limit, &stage.engine.blocks_in_flight());
        drop(stage.run_honestly(|_| &blocks));
        check_eq("SY-10", "the most in flight", &limit, &stage.engine.metrics().most_in_flight);
        check_eq("SY-1", "the end", &SyncState::Synced, &stage.engine.state());
        tried += 1;
    }
    tried
}

/// A peer that leaves takes nothing with it: its batches are asked of others, its requests are no longer in flight.
pub fn who_leaves_takes_nothing_along() -> u64 {
    let realm = Realm::default();
    let blocks = chain(&realm, 20);
    let mut stage = Stage::new(&realm, settings(), LATER);
    drop(stage.introduce(1, &blocks));
    expect_traffic("SY-8", "the second", &[], &stage.introduce(2, &blocks));
    check_eq("SY-8", "both batches are asked of the first", &vec![(1, 1, 2), (1, 3, 2)], &stage.ranges());
    let gone = stage.open_one(1, "1+2");
    expect_but_gate("SY-10", "the first leaves", &["ask 2: 1+2", "ask 2: 3+2"], &stage.disconnect(1));
    check_eq("SY-10", "requests in flight", &2, &stage.engine.requests_in_flight());
    let answer = Answer::Blocks(blocks[..2].to_vec());
    let late = Event::Answer { peer: gone.peer, request: gone.request, answer };
    expect_but_gate("SY-10", "what it was asked", &[], &stage.event(late));
    expect_but_gate("SY-10", "the last leaves", &["say Idle"], &stage.disconnect(2));
    let nothing =
        (stage.engine.requests_in_flight(), stage.engine.blocks_in_flight(), stage.engine.next_wakeup());
    check_eq("SY-10", "what is in flight", &(0, 0, None), &nothing);
    // Half-way, and then from there.
    drop(stage.introduce(3, &blocks));
    for asked in ["1+2", "3+2"] {
        drop(stage.serve(3, asked, &blocks));
        drop(stage.work_off());
    }
    drop(stage.disconnect(3));
    let told = stage.introduce(4, &blocks);
    expect_traffic("SY-9", "it goes on where it was", &["ask 4: 5+2", "ask 4: 7+2"], &told);
    1
}

/// Load is spread: who is asked least and has least to answer comes next; who has failed at a batch comes last, and so does who is not
/// trusted.
pub fn load_is_spread() -> u64 {
    let realm = Realm::default();
    let blocks = chain(&realm, 40);
    let mut stage = Stage::new(&realm, Settings { workers: 1, batch_max: 2, ..settings() }, LATER);
    for peer in 1..=3 {
        drop(stage.introduce(peer, &blocks));
    }
    let mut asked = Vec::new();
    for _ in 0..9 {
        let (peer, start, _) = stage.ranges()[0];
        asked.push(peer);
        drop(stage.serve(peer, &format!("{start}+"), &blocks));
        drop(stage.work_off());
    }
    check_eq("SY-8", "who is asked in turn", &vec![1, 2, 3, 1, 2, 3, 1, 2, 3], &asked);
    // The first fails at the next batch, and is asked for the one after it.
    let sent = stage.open_one(1, "19+2");
    expect_traffic("SY-8", "another one", &["ask 2: 19+2"], &stage.answer(&sent, Answer::Unavailable));
    drop(stage.wait(1));
    let sent = stage.open_one(2, "19+2");
    expect_traffic("SY-8", "a third one", &["ask 3: 19+2"], &stage.answer(&sent, Answer::Unavailable));
    drop(stage.wait(1));
    let sent = stage.open_one(3, "19+2");
    let told = stage.answer(&sent, Answer::Unavailable);
    expect_traffic("SY-7", "all have failed, three times: it rests", &["ask 1: 21+2"], &told);
    1
}

/// A peer is asked for what it has proved to have, and not for more.
pub fn nobody_is_asked_for_what_it_has_not() -> u64 {
    let realm = Realm::default();
    let blocks = chain(&realm, 20);
    let mut stage = Stage::new(&realm, Settings { workers: 8, batch_max: 2, ..settings() }, LATER);
    drop(stage.introduce(1, &blocks[..3]));
    check_eq("SY-8", "up to its tip", &vec![(1, 1, 2)], &stage.ranges());
    drop(stage.connect(2));
    drop(stage.claim(2, &blocks));
    check_eq("SY-4", "a claim", &vec![(1, 1, 2)], &stage.ranges());
    drop(stage.prove(2, &blocks));
    drop(stage.run_honestly(|peer| if peer == 1 { &blocks[..3] } else { &blocks }));
    check_eq("SY-1", "the end", &20, &stage.head.head.height);
    check_eq(
        "SY-8",
        "lies and empty answers",
        &(0, 0),
        &(stage.engine.metrics().lies, stage.engine.metrics().retries),
    );
    1
}
