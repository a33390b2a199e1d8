//! Peers that fail, fall short and lead astray (SY-2, SY-6, SY-7).

use std::time::Duration;

use alys_engines::violation::{check_eq, violated};
use alys_wire::codes::FailureCode;
use alys_wire::protocol::Protocol;
use alys_wire::quota::{Quota, QuotaTable};

use super::alys::config::Settings;
use super::alys::engine::{Action, Answer};
use super::alys::peer::PeerId;
use super::alys::state::SyncState;
use super::script::{LATER, chain, expect_but_gate as expect, small, told};
use super::stage::Stage;
use crate::chains::{Certified, Realm, header, root};

const RATE_LIMITED: Answer = Answer::Refused { code: FailureCode::RateLimited };

/// One batch at a time, of two blocks each; nobody is asked twice where it is, and nobody rests for long.
fn settings() -> Settings {
    Settings {
        batch_max: 2,
        workers: 1,
        status_interval: 600_000,
        request_timeout: 600_000,
        backoff_min: 1,
        backoff_max: 1,
        breaker_failures: 1024,
        sample: 1,
        ..small()
    }
}

fn sends(actions: &[Action]) -> Vec<String> {
    actions.iter().filter(|one| matches!(one, Action::Send { .. })).map(told).collect()
}

fn score(stage: &Stage, peer: u64) -> u64 {
    stage.engine.score(PeerId(peer)).unwrap_or(0)
}

/// A success ends a rest at once, and being asked too often is no illness.
pub fn a_success_ends_a_rest() -> u64 {
    let realm = Realm::default();
    let blocks = chain(&realm, 20);
    let rests =
        Settings { workers: 2, backoff_min: 5_000, backoff_max: 5_000, breaker_failures: 3, ..settings() };
    let mut stage = Stage::new(&realm, rests, LATER);
    drop(stage.introduce(1, &blocks));
    let sent = stage.open_one(1, "1+2");
    expect("SY-7", "it fails at one", &[], &stage.answer(&sent, Answer::Unavailable));
    let told = stage.serve(1, "3+2", &blocks);
    expect("SY-7", "it succeeds at the other", &["ask 1: 1+2", "ask 1: 5+2"], &told);
    for _ in 0..4 {
        let sent = stage.open_one(1, "1+2");
        drop(stage.answer(&sent, RATE_LIMITED));
        drop(stage.wait(5_000));
    }
    check_eq(
        "SY-7",
        "it is asked again each time",
        &true,
        &stage.asked(1, |it| super::script::request(it) == "1+2").is_some(),
    );
    check_eq("SY-7", "what it cost", &455, &(score(&stage, 1) - 15));
    2
}

/// Whoever fails at batches three times in a row keeps back what it has proved to have, and is left; what fails at once counts once, and a
/// good one in between makes up for all.
pub fn who_never_brings_a_batch_is_left() -> u64 {
    let realm = Realm::default();
    let blocks = chain(&realm, 20);
    let mut stage = Stage::new(&realm, settings(), LATER);
    drop(stage.introduce(1, &blocks));
    let fails = |stage: &mut Stage, answer: Answer| {
        let sent = stage.open.first().cloned().unwrap_or_else(|| violated("SY-7", "nothing is asked"));
        let told = stage.answer(&sent, answer);
        drop(stage.wait(2_000));
        told
    };
    for _ in 0..2 {
        drop(fails(&mut stage, Answer::Unavailable));
        drop(fails(&mut stage, RATE_LIMITED));
    }
    drop(stage.serve(1, "1+2", &blocks));
    for round in 0..2 {
        drop(fails(&mut stage, Answer::Unavailable));
        check_eq("SY-7", &format!("after {round} more"), &Some(PeerId(1)), &stage.engine.peers().next());
    }
    let told = fails(&mut stage, Answer::Unavailable);
    expect("SY-7", "the third in a row", &["leave 1: BadScore", "say Idle"], &told);
    check_eq("SY-7", "it had score left", &true, &(score(&stage, 1) > 0));
    drop(stage.work_off());
    check_eq("SY-4", "its tip counts no more", &None, &stage.engine.best());
    // Four batches that fail at once are one failure.
    let mut stage = Stage::new(&realm, Settings { workers: 4, ..settings() }, LATER);
    drop(stage.introduce(1, &blocks));
    for sent in stage.open.clone() {
        drop(stage.answer(&sent, Answer::Unavailable));
    }
    check_eq("SY-7", "it is there after four at once", &1, &stage.engine.peers().count());
    check_eq("SY-7", "what they cost", &300, &score(&stage, 1));
    // It falls short just as well.
    let mut stage = Stage::new(&realm, settings(), LATER);
    drop(stage.introduce(1, &blocks));
    for place in 0..3 {
        check_eq("SY-7", &format!("it is there before {place}"), &1, &stage.engine.peers().count());
        let (_, start, count) = stage.ranges()[0];
        let first = &blocks[start as usize - 1..start as usize];
        let answer = if count == 2 { first } else { &first[..0] };
        drop(fails(&mut stage, Answer::Blocks(answer.to_vec())));
    }
    check_eq("SY-7", "it is left", &0, &stage.engine.peers().count());
    3
}

/// A short answer is taken as far as it goes; the rest is asked of somebody else.
pub fn a_short_answer_is_taken_as_far_as_it_goes() -> u64 {
    let realm = Realm::default();
    let blocks = chain(&realm, 20);
    let mut tried = 0;
    for came in 1..=3_usize {
        let mut stage = Stage::new(&realm, Settings { batch_min: 4, batch_max: 4, ..settings() }, LATER);
        drop(stage.introduce(1, &blocks));
        drop(stage.introduce(2, &blocks));
        let told = stage.send_blocks(1, "1+4", &blocks[..came]);
        let (enters, asked) = (format!("process 1..={came}"), format!("ask 2: {}+{}", came + 1, 4 - came));
        expect("SY-6", "what has come, and what has not", &[&enters, &asked], &told);
        check_eq("SY-7", "who fell short", &(400, 500), &(score(&stage, 1), score(&stage, 2)));
        check_eq("SY-10", "in flight", &5, &stage.engine.blocks_in_flight());
        drop(stage.work_off());
        check_eq("SY-6", "our tip", &(came as u64), &stage.head.head.height);
        drop(stage.wait(1));
        drop(stage.run_honestly(|_| &blocks));
        check_eq("SY-1", "the end", &SyncState::Synced, &stage.engine.state());
        let of = stage.engine.metrics().blocks_by_peer.clone();
        check_eq("SY-8", "all blocks are counted", &20, &of.values().sum());
        tried += 1;
    }
    tried
}

/// Who has failed at a batch is asked for it last, who has a low score is asked last for any.
pub fn who_has_failed_is_asked_last() -> u64 {
    let realm = Realm::default();
    let blocks = chain(&realm, 40);
    // Two peers rest at the same time, and the one with less load has failed at the batch.
    let mut stage = Stage::new(&realm, Settings { status_interval: 10_000, ..settings() }, LATER);
    drop(stage.introduce(2, &blocks));
    for start in ["1+2", "3+2"] {
        drop(stage.serve(2, start, &blocks));
        drop(stage.work_off());
    }
    drop(stage.wait(10_000));
    drop(stage.introduce(1, &blocks));
    drop(stage.serve(2, "5+2", &blocks));
    drop(stage.work_off());
    check_eq("SY-8", "the new one has least load", &vec![(1, 7, 2)], &stage.ranges());
    let status = stage.open_one(2, "status");
    drop(stage.answer(&status, RATE_LIMITED));
    let sent = stage.open_one(1, "7+2");
    drop(stage.answer(&sent, Answer::Unavailable));
    check_eq("SY-7", "both rest", &vec![], &stage.ranges());
    check_eq("SY-6", "who has not failed at it", &vec!["ask 2: 7+2".to_owned()], &sends(&stage.wait(1)));
    // One lie and one failure leave a score of 200.
    let mut stage = Stage::new(&realm, settings(), LATER);
    drop(stage.introduce(1, &blocks));
    drop(stage.introduce(2, &blocks));
    drop(stage.send_blocks(1, "1+2", &blocks[1..3]));
    let serve = |stage: &mut Stage, start: &str| {
        drop(stage.wait(1));
        let told = stage.serve(2, start, &blocks);
        drop(stage.work_off());
        sends(&told)
    };
    check_eq("SY-7", "as much load, more score", &vec!["ask 2: 3+2".to_owned()], &serve(&mut stage, "1+2"));
    check_eq("SY-7", "less load, a score of 250", &vec!["ask 1: 5+2".to_owned()], &serve(&mut stage, "3+2"));
    let sent = stage.open_one(1, "5+2");
    drop(stage.answer(&sent, Answer::Unavailable));
    check_eq("SY-7", "less load, a score of 200", &vec!["ask 2: 7+2".to_owned()], &serve(&mut stage, "5+2"));
    2
}

/// A peer is asked for no more than its quota allows, and again when there is room.
pub fn quotas_of_peers_are_heeded() -> u64 {
    let realm = Realm::default();
    let blocks = chain(&realm, 20);
    let quota = Quota::new(4, Duration::from_secs(10)).expect("a quota");
    let quotas = QuotaTable::default().with(Protocol::BlocksByRange, quota);
    let mut stage = Stage::new(&realm, Settings { quotas, workers: 3, ..settings() }, LATER);
    let told = stage.introduce(1, &blocks);
    expect("SY-7", "four blocks", &["ask 1: 1+2", "ask 1: 3+2", "say Downloading"], &told);
    drop(stage.serve(1, "1+2", &blocks));
    drop(stage.serve(1, "3+2", &blocks));
    drop(stage.work_off());
    check_eq("SY-1", "it waits", &SyncState::Recovering, &stage.engine.state());
    expect("SY-7", "a moment too early", &[], &stage.wait(4_999));
    expect("SY-7", "room for two", &["ask 1: 5+2", "say Downloading"], &stage.wait(1));
    expect(
        "SY-7",
        "a second one has a quota of its own",
        &["ask 2: 7+2", "ask 2: 9+2"],
        &stage.introduce(2, &blocks),
    );
    2
}

/// What leads to our tip, and a fork of it.
fn forked(realm: &Realm, count: u64) -> (Vec<Certified>, Vec<Certified>) {
    let own = chain(realm, 9);
    let mut fork = own[..4].to_vec();
    fork.extend(realm.chain(header(&own[3]), count, 1));
    (own, fork)
}

/// The roots of a fork are learned of those who have proved its tip; an answer that falls short or leads elsewhere is asked again.
pub fn roots_are_learned_of_who_has_proved_them() -> u64 {
    let realm = Realm::default();
    let (own, fork) = forked(&realm, 12);
    let mut stage = Stage::holding(&realm, Settings { batch_max: 4, ..settings() }, LATER, &own, 3);
    drop(stage.introduce(2, &own));
    drop(stage.introduce(1, &fork));
    drop(stage.serve(1, "10+2", &fork));
    drop(stage.work_off());
    check_eq("SY-2", "of who has proved it", &vec![(1, 12, 4)], &stage.ranges());
    let before = score(&stage, 1);
    drop(stage.send_blocks(1, "12+4", &fork[11..14]));
    check_eq("SY-7", "it falls short", &(before - 100), &score(&stage, 1));
    check_eq("SY-6", "all of it again", &vec!["ask 1: 12+4".to_owned()], &sends(&stage.wait(1)));
    let other = realm.chain(header(&fork[10]), 4, 2);
    drop(stage.send_blocks(1, "12+4", &other));
    check_eq("SY-7", "it leads elsewhere", &(before - 200), &score(&stage, 1));
    check_eq("SY-6", "once more", &vec!["ask 1: 12+4".to_owned()], &sends(&stage.wait(1)));
    let mut asked = Vec::new();
    while let Some(sent) = stage.open.first().cloned() {
        asked.extend(stage.ranges().iter().map(|(peer, ..)| *peer));
        drop(stage.honestly(&sent, if sent.peer == PeerId(1) { &fork } else { &own }));
        drop(stage.work_off());
    }
    asked.dedup();
    check_eq("SY-2", "who was asked", &vec![1], &asked);
    check_eq("SY-2", "our tip", &root(&fork[15]), &stage.head.head.root);
    2
}

/// A descent ends at our own tip, and what is in the chain is not asked for again.
pub fn a_descent_ends_at_our_tip() -> u64 {
    let realm = Realm::default();
    let (own, fork) = forked(&realm, 9);
    let long = [&own[..], &realm.chain(header(&own[8]), 11, 0)].concat();
    let mut stage = Stage::holding(&realm, settings(), LATER, &own, 3);
    drop(stage.introduce(2, &long));
    drop(stage.introduce(1, &fork));
    drop(stage.serve(2, "10+2", &long));
    drop(stage.work_off());
    // The fork's peer is asked for what does not link to ours.
    drop(stage.serve(1, "12+2", &fork));
    drop(stage.work_off());
    let mut lowest = u64::MAX;
    while let Some(sent) = stage.open.first().cloned() {
        lowest = stage.ranges().iter().map(|(_, start, _)| *start).fold(lowest, u64::min);
        drop(stage.honestly(&sent, if sent.peer == PeerId(1) { &fork } else { &long }));
        drop(stage.work_off());
    }
    check_eq("SY-9", "the lowest height that was asked for", &12, &lowest);
    check_eq(
        "SY-2",
        "our tip, and conflicts",
        &(20, 1),
        &(stage.head.head.height, stage.engine.metrics().conflicts),
    );
    1
}

/// What cannot become ours is not planned for: a tip as high as what is final, or below ours.
pub fn what_cannot_become_ours_is_not_asked_for() -> u64 {
    let realm = Realm::default();
    let own = chain(&realm, 9);
    let tips = [1, 2, 3].map(|salt| realm.block(header(&own[7]), 9, salt));
    let smallest = tips.iter().min_by_key(|tip| root(tip)).expect("there are three");
    let (larger, smaller) = match root(smallest) < root(&own[8]) {
        true => (own[8].clone(), smallest.clone()),
        false => (tips[if smallest == &tips[0] { 1 } else { 0 }].clone(), smallest.clone()),
    };
    let ours = [&own[..8], &[larger]].concat();
    let theirs = [&own[..8], &[smaller]].concat();
    for finalised in [9_u64, 5] {
        let mut stage = Stage::holding(&realm, settings(), LATER, &ours, finalised);
        let told = stage.introduce(1, &theirs);
        let asked = sends(&told);
        check_eq(
            "SY-2",
            &format!("what is asked for with {finalised} final"),
            &(finalised == 5),
            &!asked.is_empty(),
        );
        check_eq("SY-4", "a better tip is proved", &false, &(stage.engine.state() == SyncState::Synced));
        drop(stage.run_honestly(|_| &theirs));
        let end = if finalised == 5 { root(&theirs[8]) } else { root(&ours[8]) };
        check_eq("SY-2", "our tip", &end, &stage.head.head.root);
    }
    let mut stage = Stage::holding(&realm, settings(), LATER, &own, 3);
    let told = stage.introduce(1, &own[..7]);
    check_eq("SY-2", "a tip below ours", &Vec::<String>::new(), &sends(&told));
    check_eq(
        "SY-2",
        "a tip below ours",
        &(Vec::new(), 0),
        &(stage.ranges(), stage.engine.blocks_in_flight()),
    );
    3
}
