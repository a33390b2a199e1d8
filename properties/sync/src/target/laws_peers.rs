//! What peers do wrong, and what follows (SY-7, WR-5).

use alys_engines::violation::check_eq;
use alys_wire::codes::FailureCode;
use alys_wire::fault::{Channel, PeerFault};
use alys_wire::protocol::Protocol;

use super::alys::config::Settings;
use super::alys::engine::{Action, Answer, Event};
use super::alys::peer::{Offence, PeerId};
use super::script::{LATER, chain, expect, small};
use super::stage::Stage;
use crate::chains::{Realm, forged};

/// A peer says that it was asked too often: a failure that costs no score.
const RATE_LIMITED: Answer = Answer::Refused { code: FailureCode::RateLimited };

/// Peers are asked where they are at once and again, and nothing but backoff and breaker keeps them from it.
fn eager() -> Settings {
    Settings { status_interval: 1, request_timeout: 600_000, ..small() }
}

/// The same with a breaker that never opens.
fn unbroken() -> Settings {
    Settings { breaker_failures: 1024, ..eager() }
}

/// The same with the shortest backoff.
fn unresting() -> Settings {
    Settings { backoff_min: 1, backoff_max: 1, ..eager() }
}

fn fault() -> PeerFault {
    use alys_wire::gossip::{GossipMessage, TopicKind};
    use alys_wire::limits::Limits;
    let limits = Limits::default();
    let error = GossipMessage::decode(TopicKind::ConsensusBlock, &[0xFF; 9], &limits).expect_err("no block");
    PeerFault::new(Channel::Response(Protocol::Status), error)
}

/// Each offence costs what it must, and nothing but a lie counts towards a ban, nothing but line noise costs the connection.
pub fn offences_cost_what_they_must() -> u64 {
    let costs = [
        (Offence::Lie, 250),
        (Offence::Malformed, 200),
        (Offence::Timeout, 50),
        (Offence::Empty, 100),
        (Offence::Short, 100),
        (Offence::Astray, 100),
        (Offence::Refused, 50),
        (Offence::Unavailable, 50),
        (Offence::RateLimited, 0),
    ];
    check_eq("SY-7", "the offences", &costs.map(|(offence, _)| offence), &Offence::ALL);
    for (offence, cost) in costs {
        check_eq("SY-7", &format!("the cost of {offence:?}"), &cost, &offence.cost());
        let trips = offence != Offence::RateLimited;
        check_eq("SY-7", &format!("whether {offence:?} is a failure"), &trips, &offence.counts_as_failure());
        let (bans, leaves) = (offence == Offence::Lie, offence == Offence::Malformed);
        check_eq("SY-7", &format!("whether {offence:?} may ban"), &bans, &offence.counts_towards_ban());
        check_eq("WR-5", &format!("whether {offence:?} parts"), &leaves, &offence.costs_connection());
    }
    costs.len() as u64
}

/// A peer that fails is left alone for 1 s, 2 s and so on up to 30 s, and for 1 s again once it has succeeded.
pub fn a_backoff_doubles_until_a_success() -> u64 {
    let mut stage = Stage::new(&Realm::default(), unbroken(), LATER);
    expect("SY-7", "a peer comes", &["ask 1: status", "say Discovering"], &stage.connect(1));
    let fails = |stage: &mut Stage, delay: u64| {
        let (sent, at) = (stage.open_one(1, "status"), stage.now);
        expect("SY-7", "a refusal", &[], &stage.answer(&sent, RATE_LIMITED));
        check_eq("SY-7", "the next wake-up", &Some(at + delay), &stage.engine.next_wakeup());
        expect("SY-7", "while it rests", &[], &stage.wait_until(at + delay - 1));
        expect("SY-7", "when it has rested", &["ask 1: status"], &stage.wait_until(at + delay));
    };
    for delay in [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000] {
        fails(&mut stage, delay);
    }
    expect("SY-7", "a success", &[], &stage.claim(1, &[]));
    expect("SY-7", "after it", &["ask 1: status"], &stage.wait(1));
    for delay in [1_000, 2_000] {
        fails(&mut stage, delay);
    }
    // It is one backoff, whether the peer stays or comes back.
    let sent = stage.open_one(1, "status");
    expect("SY-7", "a third refusal", &[], &stage.answer(&sent, RATE_LIMITED));
    expect("SY-7", "it goes", &["say Idle"], &stage.disconnect(1));
    expect("SY-7", "it comes back", &["say Discovering"], &stage.connect(1));
    expect("SY-7", "still resting", &[], &stage.wait(3_999));
    expect("SY-7", "rested", &["ask 1: status"], &stage.wait(1));
    check_eq(
        "SY-7",
        "its score: being asked too often costs nothing",
        &Some(500),
        &stage.engine.score(PeerId(1)),
    );
    11
}

/// A breaker opens at the third failure within a minute, successes between them or not, and lets one probe through after a minute.
pub fn a_breaker_opens_and_half_opens() -> u64 {
    let mut stage = Stage::new(&Realm::default(), unresting(), LATER);
    drop(stage.connect(1));
    let fails_at = |stage: &mut Stage, at: u64| {
        drop(stage.wait_until(LATER + at));
        let sent = stage.open_one(1, "status");
        drop(stage.answer(&sent, Answer::Unavailable));
    };
    // Three failures, the first of which is a minute old at the third.
    fails_at(&mut stage, 0);
    fails_at(&mut stage, 59_998);
    fails_at(&mut stage, 60_000);
    expect("SY-7", "two failures in a minute", &["ask 1: status"], &stage.wait(1));
    fails_at(&mut stage, 60_001);
    expect("SY-7", "an open breaker", &[], &stage.wait_until(LATER + 120_000));
    check_eq("SY-7", "when it half-opens", &Some(LATER + 120_001), &stage.engine.next_wakeup());
    expect("SY-7", "one probe", &["ask 1: status"], &stage.wait_until(LATER + 120_001));
    // The probe fails, and the breaker is open for another minute, whatever the window.
    fails_at(&mut stage, 130_000);
    expect("SY-7", "open again", &[], &stage.wait_until(LATER + 189_999));
    expect("SY-7", "another probe", &["ask 1: status"], &stage.wait_until(LATER + 190_000));
    // It succeeds: the breaker is closed, and two failures do not open it.
    expect("SY-7", "a probe that succeeds", &[], &stage.claim(1, &[]));
    for at in [190_001, 190_002] {
        fails_at(&mut stage, at);
        let told = stage.wait(1);
        expect("SY-7", "a closed breaker", &["ask 1: status"], &told);
    }
    // Successes do not make failures undone.
    drop(stage.claim(1, &[]));
    fails_at(&mut stage, 190_005);
    expect("SY-7", "three failures and a success", &[], &stage.wait_until(LATER + 250_004));
    expect("SY-7", "its probe", &["ask 1: status"], &stage.wait_until(LATER + 250_005));
    // A probe that is lost with its connection does not keep the breaker shut for ever.
    drop(stage.disconnect(1));
    expect("SY-7", "back", &["ask 1: status", "say Discovering"], &stage.connect(1));
    fails_at(&mut stage, 250_006);
    expect("SY-7", "the second probe has failed", &[], &stage.wait_until(LATER + 310_005));
    expect("SY-7", "the third", &["ask 1: status"], &stage.wait_until(LATER + 310_006));
    8
}

/// While a breaker is half-open, one request is all that its peer gets, however much there is to ask.
pub fn a_half_open_breaker_lets_one_request_through() -> u64 {
    let realm = Realm::default();
    let (blocks, settings) =
        (chain(&realm, 40), Settings { status_interval: 600_000, workers: 4, ..unresting() });
    let mut stage = Stage::new(&realm, settings, LATER);
    let told = stage.introduce(1, &blocks);
    let asked = ["ask 1: 1+2", "ask 1: 3+2", "ask 1: 5+2", "ask 1: 7+2", "say Downloading"];
    expect("SY-10", "four workers", &asked, &told);
    for start in ["1+2", "3+2", "5+2"] {
        let sent = stage.open_one(1, start);
        drop(stage.answer(&sent, Answer::Unavailable));
    }
    // The fourth was asked before the breaker opened; its answer is none to a probe.
    let told = stage.serve(1, "7+2", &blocks);
    expect("SY-7", "an open breaker", &["say Recovering"], &told);
    expect("SY-7", "still open", &[], &stage.wait(59_999));
    expect("SY-7", "one probe", &["ask 1: 1+2", "say Downloading"], &stage.wait(1));
    let told = stage.serve(1, "1+2", &blocks);
    let told: Vec<_> = told.into_iter().filter(|one| matches!(one, Action::Send { .. })).collect();
    expect("SY-7", "a closed breaker", &["ask 1: 3+2", "ask 1: 5+2", "ask 1: 9+4", "ask 1: 13+4"], &told);
    3
}

/// Three proved lies ban a peer for ten minutes, and then it may come again; its lies are counted anew.
pub fn a_ban_follows_from_lies_and_ends() -> u64 {
    let realm = Realm::default();
    let (blocks, settings) = (chain(&realm, 3), Settings { status_interval: 1, ..unresting() });
    let mut stage = Stage::new(&realm, Settings { breaker_failures: 1024, ..settings }, LATER);
    let lie = |stage: &mut Stage| {
        drop(stage.claim(1, &blocks));
        stage.send_blocks(1, "root", &blocks[..1])
    };
    drop(stage.connect(1));
    expect("SY-7", "a first lie", &[], &lie(&mut stage));
    check_eq("SY-7", "the score after it", &Some(250), &stage.engine.score(PeerId(1)));
    drop(stage.wait(1));
    expect("SY-7", "a second lie", &["leave 1: BadScore", "say Idle"], &lie(&mut stage));
    check_eq("SY-7", "the least score", &Some(0), &stage.engine.score(PeerId(1)));
    drop(stage.wait(1));
    expect("SY-7", "it may come back", &["ask 1: status", "say Discovering"], &stage.connect(1));
    let until = stage.now + 600_000;
    let ban = format!("ban 1 until {until}");
    expect("SY-7", "a third lie", &["leave 1: Banned", &ban, "say Idle"], &lie(&mut stage));
    check_eq(
        "SY-7",
        "the bans that were counted",
        &(1, 3),
        &(stage.engine.metrics().bans, stage.engine.metrics().lies),
    );
    drop(stage.wait_until(until - 1));
    expect("SY-7", "it comes too early", &["leave 1: Banned"], &stage.connect(1));
    drop(stage.wait_until(until));
    expect("SY-7", "it comes in time", &["ask 1: status", "say Discovering"], &stage.connect(1));
    expect("SY-7", "a lie after the ban", &[], &lie(&mut stage));
    4
}

/// Line noise costs score and the connection, never a ban, and nobody else anything.
pub fn line_noise_is_no_ban() -> u64 {
    let realm = Realm::default();
    let blocks = chain(&realm, 9);
    let mut stage = Stage::new(
        &realm,
        Settings { breaker_failures: 1024, status_interval: 600_000, ..unresting() },
        LATER,
    );
    drop(stage.introduce(2, &blocks));
    let (others, tip) = (stage.open.clone(), stage.engine.best());
    let scores = [300, 100, 0, 0, 0, 0];
    for (score, is_answer) in scores.into_iter().zip([true, false].into_iter().cycle()) {
        let came = stage.connect(1);
        expect("WR-5", "it comes", &["ask 1: status"], &came);
        let told = if is_answer {
            let sent = stage.open_one(1, "status");
            stage.answer(&sent, Answer::Malformed(fault()))
        } else {
            stage.event(Event::Malformed { peer: PeerId(1), fault: fault() })
        };
        expect("WR-5", "line noise", &["leave 1: Fault"], &told);
        check_eq("WR-5", "its score", &Some(score), &stage.engine.score(PeerId(1)));
        drop(stage.wait(1));
    }
    let metrics = stage.engine.metrics();
    check_eq("WR-5", "what was counted", &(6, 0, 0), &(metrics.malformed, metrics.bans, metrics.lies));
    check_eq("WR-5", "what is open to the other", &others, &stage.open);
    check_eq("WR-5", "the score of the other", &Some(500), &stage.engine.score(PeerId(2)));
    check_eq("WR-5", "what the other has proved", &tip, &stage.engine.best());
    // What it has proved goes with the connection.
    drop(stage.wait(1_000));
    drop(stage.introduce(1, &chain(&realm, 12)));
    check_eq("WR-5", "a higher tip", &Some(12), &stage.engine.best().map(|tip| tip.block.height));
    drop(stage.event(Event::Malformed { peer: PeerId(1), fault: fault() }));
    check_eq("WR-5", "the tip of who is gone", &tip, &stage.engine.best());
    scores.len() as u64
}

/// A score recovers by one point a second up to where it began, and grows with good batches up to 1000.
pub fn scores_fall_and_recover() -> u64 {
    let realm = Realm::default();
    let blocks = chain(&realm, 160);
    let settings = Settings { batch_max: 2, workers: 1, status_interval: 600_000, ..unresting() };
    let mut stage = Stage::new(&realm, settings, LATER);
    drop(stage.introduce(1, &blocks));
    drop(stage.wait(100_000));
    // A lie: half of the score.
    let wrong = [blocks[0].clone(), blocks[2].clone()];
    drop(stage.send_blocks(1, "1+2", &wrong));
    for (wait, score) in [(0, 250), (999, 250), (1, 251), (248_999, 499), (1, 500), (200_000, 500)] {
        drop(stage.wait(wait));
        check_eq("SY-7", "a score that recovers", &Some(score), &stage.engine.score(PeerId(1)));
    }
    let mut scores = Vec::new();
    while let Some(sent) = stage.open.first().cloned() {
        drop(stage.honestly(&sent, &blocks));
        drop(stage.work_off());
        scores.extend(stage.engine.score(PeerId(1)));
    }
    let expected: Vec<_> = (1..=scores.len() as u64).map(|batch| (500 + 20 * batch).min(1_000)).collect();
    // The last batch is followed at once by the tip that was shown, which is one of its own.
    check_eq("SY-7", "scores that grow", &expected[..expected.len() - 1], &scores[..scores.len() - 1]);
    check_eq("SY-7", "the highest score", &Some(1_000), &stage.engine.score(PeerId(1)));
    drop(stage.wait(100_000));
    check_eq("SY-7", "the highest score later", &Some(1_000), &stage.engine.score(PeerId(1)));
    scores.len() as u64
}

/// Who is away is remembered, up to a number; whoever has been away longest goes first, but the banned last.
pub fn so_many_absent_peers_are_remembered() -> u64 {
    let realm = Realm::default();
    let blocks = chain(&realm, 2);
    let settings = Settings { remembered: 2, ban_after: 1, status_interval: 600_000, ..unresting() };
    let mut stage = Stage::new(&realm, settings, LATER);
    drop(stage.connect(9));
    drop(stage.claim(9, &blocks));
    let told = stage.send_blocks(9, "root", &[forged(&blocks[0])]);
    expect(
        "SY-7",
        "one lie is a ban here",
        &["leave 9: Banned", &format!("ban 9 until {}", stage.now + 600_000), "say Idle"],
        &told,
    );
    let known = |stage: &Stage| [9, 1, 2, 3].map(|peer| stage.engine.score(PeerId(peer)).is_some());
    for peer in [3, 1, 2] {
        drop(stage.connect(peer));
        drop(stage.wait(1));
    }
    for (peer, expected) in [(2, [true; 4]), (3, [true, true, false, true]), (1, [true, true, false, false])]
    {
        drop(stage.disconnect(peer));
        drop(stage.wait(1));
        check_eq("SY-7", &format!("who is remembered when {peer} has left"), &expected, &known(&stage));
    }
    3
}

/// A proof is judged: too much, another block, an uncertified or a forged one is a lie; nothing is an empty answer; another message is a
/// refusal.
pub fn answers_cost_what_they_are() -> u64 {
    let realm = Realm::default();
    let blocks = chain(&realm, 4);
    let tip = blocks[3].clone();
    // A block of height 2 on another parent.
    let beside = realm.chain(&realm.genesis, 2, 1)[1].clone();
    let refused = |code| Answer::Refused { code };
    let cases: Vec<(&str, Answer, u64, Option<u64>)> = vec![
        ("status", Answer::Blocks(vec![]), 50, None),
        ("status", Answer::Blocks(vec![tip.clone()]), 50, None),
        ("status", refused(FailureCode::ServerError), 50, None),
        ("status", Answer::Unavailable, 50, None),
        ("status", RATE_LIMITED, 0, None),
        ("root", Answer::Blocks(vec![]), 100, None),
        ("root", Answer::Blocks(vec![tip.clone(), tip.clone()]), 250, None),
        ("root", Answer::Blocks(vec![blocks[2].clone()]), 250, None),
        ("root", Answer::Blocks(vec![forged(&tip)]), 250, None),
        ("root", Answer::Blocks(vec![realm.uncertified(&tip)]), 250, None),
        ("root", refused(FailureCode::ResourceUnavailable), 50, None),
        ("root", Answer::Unavailable, 50, None),
        ("root", RATE_LIMITED, 0, None),
        ("root", Answer::Blocks(vec![tip.clone()]), 0, Some(4)),
        ("1+2", Answer::Blocks(vec![]), 100, Some(4)),
        ("1+2", Answer::Blocks(blocks[..3].to_vec()), 250, Some(4)),
        ("1+2", Answer::Blocks(blocks[1..3].to_vec()), 250, Some(4)),
        ("1+2", Answer::Blocks(vec![blocks[1].clone(), blocks[0].clone()]), 250, Some(4)),
        ("1+2", Answer::Blocks(vec![blocks[0].clone(), blocks[2].clone()]), 250, Some(4)),
        ("1+2", Answer::Blocks(vec![blocks[0].clone(), blocks[0].clone()]), 250, Some(4)),
        ("1+2", Answer::Blocks(vec![blocks[0].clone(), beside.clone()]), 250, Some(4)),
        ("1+2", Answer::Blocks(blocks[..1].to_vec()), 100, Some(4)),
        ("1+2", refused(FailureCode::ServerError), 50, Some(4)),
        ("1+2", Answer::Unavailable, 50, Some(4)),
        ("1+2", RATE_LIMITED, 0, Some(4)),
        ("1+2", Answer::Blocks(blocks[..2].to_vec()), 0, Some(4)),
    ];
    let count = cases.len() as u64;
    for (asked, answer, cost, proved) in cases {
        let mut stage = Stage::new(&realm, Settings { status_interval: 600_000, ..unresting() }, LATER);
        drop(stage.connect(1));
        if asked != "status" {
            drop(stage.claim(1, &blocks));
        }
        if asked != "status" && asked != "root" {
            drop(stage.prove(1, &blocks));
        }
        let sent = stage.open_one(1, asked);
        drop(stage.answer(&sent, answer.clone()));
        while let Some(super::stage::Work::Verify(..)) = stage.work.front() {
            drop(stage.do_work());
        }
        let what = format!("after {answer:?} to `{asked}`");
        check_eq("SY-7", &format!("the score {what}"), &Some(500 - cost), &stage.engine.score(PeerId(1)));
        let tip = stage.engine.best().map(|tip| tip.block.height);
        check_eq("SY-4", &format!("the proved height {what}"), &proved, &tip);
    }
    count
}
