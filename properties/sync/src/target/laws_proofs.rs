//! What peers have proved, and what may be said then (SY-4, SY-5).

use alys_engines::violation::check_eq;
use alys_wire::message::Status;

use super::alys::config::Settings;
use super::alys::engine::{Answer, Event};
use super::alys::gate::{Closed, Gate};
use super::alys::peer::PeerId;
use super::alys::state::SyncState;
use super::script::{LATER, chain, expect, slot_ms, small};
use super::stage::Stage;
use crate::chains::{Certified, Realm, forged, header, root};

/// Nobody is asked twice where it is, so that scripts are short.
fn settings() -> Settings {
    Settings { status_interval: 600_000, request_timeout: 600_000, ..small() }
}

/// A node that has these blocks already, with the clock so many slots behind its last one.
fn holding(realm: &Realm, settings: Settings, blocks: &[Certified], behind: u64) -> Stage {
    let slot = blocks.last().map_or(0, |block| header(block).slot);
    Stage::holding(realm, settings, slot_ms(slot + behind), blocks, 0)
}

/// What is claimed is no target and no tip, whoever claims it, and an empty answer proves nothing.
pub fn claims_without_proof_count_for_nothing() -> u64 {
    let realm = Realm::default();
    let (own, far) = (chain(&realm, 5), chain(&realm, 900));
    let mut stage = holding(&realm, settings(), &own, 50);
    for peer in 1..=4 {
        drop(stage.connect(peer));
        let asked = format!("ask {peer}: 1 root");
        expect("SY-4", "a claim is to be proved", &[&asked], &stage.claim(peer, &far));
    }
    check_eq("SY-4", "a tip that is claimed", &None, &stage.engine.best());
    check_eq("SY-5", "the gate", &Gate::Closed(Closed::Unknown), &stage.engine.gate());
    for peer in 1..=4 {
        let told = stage.send_blocks(peer, "root", &[]);
        expect("SY-4", "an empty answer", &[], &told);
    }
    check_eq("SY-4", "the state", &SyncState::Discovering, &stage.engine.state());
    // Our own tip, claimed by all: it must be shown as well.
    let mut stage = holding(&realm, settings(), &own, 50);
    for peer in 1..=3 {
        drop(stage.connect(peer));
        let asked = format!("ask {peer}: 1 root");
        expect("SY-4", "a claim of our tip", &[&asked], &stage.claim(peer, &own));
    }
    expect("SY-4", "a first proof", &[], &stage.prove(1, &own));
    expect("SY-4", "a second", &["say Synced", "gate open"], &stage.prove(2, &own));
    2
}

/// Peers that say nothing, or nothing that they prove, are in the sample; a tie is no majority, and a small sample none.
pub fn a_majority_is_of_all_who_are_connected() -> u64 {
    let realm = Realm::default();
    let own = chain(&realm, 300);
    let mut tried = 0;
    for sample in 1..=4 {
        for silent in 0..=3 {
            let mut stage = holding(&realm, Settings { sample, ..settings() }, &own, 50);
            for peer in 0..silent {
                drop(stage.connect(100 + peer));
            }
            for proving in 1..=5_u64 {
                drop(stage.introduce(proving, &own));
                let is_majority = proving + silent >= sample && proving > silent;
                let state = if is_majority { SyncState::Synced } else { SyncState::Discovering };
                let what = format!("with {proving} of {} peers, sample {sample}", proving + silent);
                check_eq("SY-4", &what, &state, &stage.engine.state());
                let gate = if is_majority { Gate::Open } else { Gate::Closed(Closed::Unknown) };
                check_eq("SY-5", &what, &gate, &stage.engine.gate());
                tried += 1;
            }
            // Who leaves is not in the sample, and neither is its proof.
            for peer in 0..silent {
                drop(stage.disconnect(100 + peer));
            }
            check_eq(
                "SY-4",
                "without the silent",
                &(5 >= sample),
                &(stage.engine.state() == SyncState::Synced),
            );
            for left in 1..=5 {
                drop(stage.disconnect(left));
                let state = match 5 - left {
                    0 => SyncState::Idle,
                    there if there >= sample => SyncState::Synced,
                    _ => SyncState::Discovering,
                };
                check_eq("SY-4", &format!("when {left} of 5 have left"), &state, &stage.engine.state());
            }
        }
    }
    tried
}

/// A tip is fresh up to so many slots from the clock on either side, and the engine wakes when it ceases to be.
pub fn a_tip_is_fresh_near_the_clock() -> u64 {
    let realm = Realm::default();
    let own = chain(&realm, 40);
    for freshness_slots in [0, 1, 4] {
        let settings = Settings { freshness_slots, sample: 1024, ..settings() };
        let mut stage = Stage::holding(&realm, settings, slot_ms(40 - freshness_slots) - 1, &own, 0);
        drop(stage.introduce(1, &own));
        check_eq("SY-4", "one slot too early", &SyncState::Discovering, &stage.engine.state());
        let wakes = slot_ms(40 - freshness_slots);
        check_eq("SY-5", "the engine wakes", &Some(wakes), &stage.engine.next_wakeup());
        expect("SY-4", "within the bound", &["say Synced", "gate open"], &stage.wait(1));
        let ends = slot_ms(41 + freshness_slots);
        check_eq("SY-5", "the engine wakes again", &Some(ends), &stage.engine.next_wakeup());
        expect("SY-4", "until the bound", &[], &stage.wait_until(ends - 1));
        let told = stage.wait_until(ends);
        expect(
            "SY-4",
            "behind the bound",
            &["say Discovering", "gate closed: it is not known where the tip is"],
            &told,
        );
    }
    3
}

/// The highest proved tip is the target, of two as high that with the smaller root; a peer that proves a lower one takes back
/// what it had.
pub fn the_highest_proved_tip_is_the_target() -> u64 {
    let realm = Realm::default();
    let one = chain(&realm, 5);
    let mut other = one[..4].to_vec();
    other.push(realm.block(header(&one[3]), 5, 1));
    let (small, large) = if root(&one[4]) < root(&other[4]) { (&one, &other) } else { (&other, &one) };
    let mut stage = Stage::new(&realm, Settings { status_interval: 1_000, ..settings() }, LATER);
    let best = |stage: &Stage| stage.engine.best().map(|tip| tip.block.root);
    drop(stage.introduce(1, large));
    check_eq("SY-4", "the only tip", &Some(root(&large[4])), &best(&stage));
    drop(stage.introduce(2, &one[..4]));
    check_eq("SY-4", "a lower tip", &Some(root(&large[4])), &best(&stage));
    drop(stage.introduce(3, small));
    check_eq("SY-4", "the smaller root", &Some(root(&small[4])), &best(&stage));
    // It is asked again, and now has a lower tip: what it says without proof changes nothing.
    drop(stage.wait(1_000));
    drop(stage.claim(3, &one[..3]));
    check_eq("SY-4", "a new claim", &Some(root(&small[4])), &best(&stage));
    drop(stage.prove(3, &one[..3]));
    check_eq("SY-4", "a new proof", &Some(root(&large[4])), &best(&stage));
    drop(stage.disconnect(1));
    check_eq("SY-4", "who has left", &Some(root(&one[3])), &best(&stage));
    let proved: Vec<_> = [1, 2, 3]
        .map(|peer| stage.engine.proved(PeerId(peer)).map(|tip| (tip.block.height, tip.slot)))
        .into();
    check_eq("SY-4", "what each has proved", &vec![None, Some((4, 4)), Some((3, 3))], &proved);
    5
}

/// A tip of ours that is better than all proved ones is no reason to be out of sync, if it is fresh; one that is worse is.
pub fn our_tip_may_be_ahead() -> u64 {
    let realm = Realm::default();
    let own = chain(&realm, 20);
    let mut stage = holding(&realm, settings(), &own, 1);
    drop(stage.introduce(1, &own[..19]));
    check_eq("SY-4", "one block ahead, fresh", &SyncState::Synced, &stage.engine.state());
    check_eq("SY-2", "what is asked for", &Vec::new(), &stage.ranges());
    let mut stage = holding(&realm, settings(), &own, 50);
    for peer in 1..=3 {
        drop(stage.introduce(peer, &own[..19]));
    }
    check_eq("SY-4", "one block ahead, nobody has it", &SyncState::Discovering, &stage.engine.state());
    check_eq("SY-5", "the gate, whose target three have", &Gate::Open, &stage.engine.gate());
    let mut stage = holding(&realm, settings(), &own[..19], 1);
    drop(stage.introduce(1, &own));
    check_eq("SY-4", "one block behind", &false, &(stage.engine.state() == SyncState::Synced));
    check_eq("SY-5", "the gate", &Gate::Closed(Closed::Behind { lag: 1, target: 20 }), &stage.engine.gate());
    3
}

/// What is shown must be the block that was claimed, alone, with its certificate.
pub fn what_is_shown_must_be_what_was_claimed() -> u64 {
    let realm = Realm::default();
    let blocks = chain(&realm, 4);
    let shown = [
        vec![],
        vec![blocks[2].clone()],
        vec![blocks[3].clone(), blocks[3].clone()],
        vec![blocks[3].clone(), blocks[2].clone()],
        vec![forged(&blocks[3])],
        vec![realm.uncertified(&blocks[3])],
    ];
    let count = shown.len() as u64;
    for wrong in shown {
        let mut stage =
            Stage::new(&realm, Settings { backoff_min: 1, backoff_max: 1, ..settings() }, slot_ms(5));
        drop(stage.connect(1));
        drop(stage.claim(1, &blocks));
        drop(stage.send_blocks(1, "root", &wrong));
        drop(stage.do_work());
        check_eq("SY-4", "what is proved by that", &None, &stage.engine.best());
        check_eq("SY-5", "what is open by that", &Gate::Closed(Closed::Unknown), &stage.engine.gate());
    }
    count
}

/// Of two tips as high, ours must be the one with the smaller root.
pub fn a_smaller_root_is_better_than_ours() -> u64 {
    let realm = Realm::default();
    let one = chain(&realm, 5);
    let other = [&one[..4], &[realm.block(header(&one[3]), 5, 1)]].concat();
    let (smaller, larger) = if root(&one[4]) < root(&other[4]) { (&one, &other) } else { (&other, &one) };
    for (ours, theirs, synced) in
        [(smaller, larger, true), (larger, smaller, false), (smaller, smaller, true)]
    {
        let mut stage = holding(&realm, settings(), ours, 1);
        drop(stage.introduce(1, theirs));
        check_eq("SY-4", "whether it is synced", &synced, &(stage.engine.state() == SyncState::Synced));
    }
    3
}

/// The gate opens and closes where the lag passes its limits, and is told each time.
pub fn the_gate_follows_the_lag() -> u64 {
    let realm = Realm::default();
    let blocks = chain(&realm, 803);
    let settings = Settings { max_lag_blocks: 3, workers: 1, batch_max: 2, sample: 1, ..settings() };
    let mut stage = Stage::holding(&realm, settings, LATER, &blocks[..795], 0);
    let told = stage.introduce(1, &blocks[..800]);
    let told_gate = "gate closed: the tip is 5 blocks behind height 800";
    expect("SY-5", "a lag of 5 of 800", &["ask 1: 796+2", "say Downloading", told_gate], &told);
    drop(stage.serve(1, "796+", &blocks));
    let told = stage.work_off();
    expect("SY-5", "3 of 800: more than the share allows is 5, than the limit 4", &["gate open"], &told[..1]);
    drop(stage.run_honestly(|_| &blocks[..800]));
    check_eq("SY-4", "at the tip", &SyncState::Synced, &stage.engine.state());
    // Half a per cent of 800 are 4, of 799 are 3.
    for (own, limit, open) in [(796, 4, true), (796, 3, false), (795, 9, false), (797, 3, true)] {
        let settings = Settings { max_lag_blocks: limit, ..settings };
        let mut stage = Stage::holding(&realm, settings, LATER, &blocks[..own], 0);
        drop(stage.introduce(1, &blocks[..800]));
        let what = format!("{own} of 800, limit {limit}");
        check_eq("SY-5", &what, &open, &(stage.engine.gate() == Gate::Open));
    }
    5
}

/// With peers at genesis there is nothing to know but that: a sample of them opens the gate, and so does the operator.
pub fn the_beginning_of_a_chain() -> u64 {
    let realm = Realm::default();
    let mut stage = Stage::new(&realm, Settings { sample: 3, ..settings() }, LATER);
    check_eq("SY-5", "nothing is known", &Gate::Closed(Closed::Unknown), &stage.engine.gate());
    drop(stage.connect(1));
    expect("SY-4", "genesis needs no proof", &[], &stage.claim(1, &[]));
    check_eq("SY-4", "what it has proved", &Some(0), &stage.engine.best().map(|tip| tip.block.height));
    drop(stage.connect(2));
    expect("SY-5", "two of three", &[], &stage.claim(2, &[]));
    drop(stage.connect(3));
    drop(stage.connect(4));
    expect("SY-5", "three of four", &["say Synced", "gate open"], &stage.claim(3, &[]));
    // The whole sample must be at genesis, however fresh that is.
    let mut stage = Stage::new(&realm, Settings { sample: 2, ..settings() }, slot_ms(1));
    drop(stage.connect(1));
    let told = stage.claim(1, &[]);
    expect("SY-5", "fresh", &["say Synced", "gate closed: 1 peers are at genesis, 2 are needed"], &told);
    drop(stage.connect(2));
    expect("SY-5", "both", &["gate open"], &stage.claim(2, &[]));
    // The operator knows that there is nobody.
    let bootstrap = Settings { bootstrap: true, ..settings() };
    let mut stage = Stage::new(&realm, bootstrap, LATER);
    check_eq("SY-5", "a first node", &Gate::Open, &stage.engine.gate());
    let blocks = chain(&realm, 9);
    drop(stage.connect(1));
    check_eq("SY-5", "a first peer", &Gate::Open, &stage.engine.gate());
    drop(stage.claim(1, &blocks));
    let told = stage.prove(1, &blocks);
    let closed = "gate closed: the tip is 9 blocks behind height 9";
    expect("SY-5", "somebody is ahead", &["ask 1: 1+2", "ask 1: 3+2", "say Downloading", closed], &told);
    6
}

/// Peers are asked again where they are, an interval after they have answered, with where we are.
pub fn peers_are_asked_again() -> u64 {
    let realm = Realm::default();
    let own = chain(&realm, 12);
    let mut stage = Stage::holding(&realm, Settings { status_interval: 5_000, ..settings() }, LATER, &own, 7);
    drop(stage.connect(1));
    let sent = stage.open_one(1, "status");
    let ours = Status {
        fork_digest: [0; 4].into(),
        finalised_root: root(&own[6]),
        finalised_height: 7,
        head_root: root(&own[11]),
        head_slot: 12,
    };
    check_eq("SY-4", "what we say", &alys_wire::message::Request::Status(ours), &sent.message);
    drop(stage.wait(300));
    drop(stage.claim(1, &own));
    drop(stage.prove(1, &own));
    expect("SY-4", "before the interval is over", &[], &stage.wait(4_999));
    expect("SY-4", "when it is over", &["ask 1: status"], &stage.wait(1));
    // It has proved that tip already.
    expect("SY-4", "the same claim", &[], &stage.claim(1, &own));
    expect("SY-4", "the next interval", &["ask 1: status"], &stage.wait(5_000));
    let longer = realm.chain(header(&own[11]), 1, 0);
    let longer = [own, longer].concat();
    expect("SY-4", "another claim", &["ask 1: 1 root"], &stage.claim(1, &longer));
    let sent = stage.open_one(1, "root");
    expect("SY-4", "what is shown is verified", &["verify 13"], &stage.honestly(&sent, &longer));
    expect("SY-4", "nothing is asked meanwhile", &[], &stage.wait(60_000));
    // Its only missing block is the one that it has shown.
    expect("SY-3", "its tip", &["process 13..=13", "say Processing"], &stage.do_work().unwrap_or_default());
    drop(stage.work_off());
    expect("SY-4", "where we are, after it", &["ask 1: status"], &stage.wait(5_000));
    4
}

/// A peer of another network is left, whatever else it says.
pub fn another_network_is_left() -> u64 {
    let realm = Realm::default();
    let blocks = chain(&realm, 3);
    let mut stage = Stage::new(&realm, Settings { fork_digest: [1, 2, 3, 4], ..settings() }, LATER);
    for (digest, tip) in [([1, 2, 3, 5], None), ([0; 4], Some(&blocks[2]))] {
        drop(stage.connect(1));
        let sent = stage.open_one(1, "status");
        let status = Status { fork_digest: digest.into(), ..stage.status(tip) };
        let told = stage.answer(&sent, Answer::Status(status));
        expect("SY-4", "another digest", &["leave 1: IrrelevantNetwork", "say Idle"], &told);
    }
    drop(stage.connect(1));
    expect("SY-4", "our digest", &["ask 1: 1 root"], &stage.claim(1, &blocks));
    3
}

/// Answers and results that nobody waits for mean nothing.
pub fn what_nobody_waits_for_means_nothing() -> u64 {
    let realm = Realm::default();
    let blocks = chain(&realm, 5);
    let mut stage =
        Stage::new(&realm, Settings { request_timeout: 1_000, breaker_failures: 1024, ..settings() }, LATER);
    drop(stage.connect(1));
    drop(stage.connect(2));
    let first = stage.open_one(1, "status");
    // Somebody else's answer.
    let foreign = Event::Answer { peer: PeerId(2), request: first.request, answer: Answer::Unavailable };
    expect("SY-10", "an answer of somebody else", &[], &stage.event(foreign));
    check_eq("SY-7", "its score", &Some(500), &stage.engine.score(PeerId(2)));
    expect("SY-10", "both are late", &["cancel 1", "cancel 2"], &stage.wait(1_000));
    let status = stage.status(blocks.last());
    let late = Event::Answer { peer: PeerId(1), request: first.request, answer: Answer::Status(status) };
    expect("SY-10", "a late answer", &[], &stage.event(late.clone()));
    check_eq("SY-7", "who was late", &Some(450), &stage.engine.score(PeerId(1)));
    drop(stage.disconnect(1));
    drop(stage.connect(1));
    expect("SY-10", "an answer of before the connection", &[], &stage.event(late));
    expect(
        "SY-4",
        "a ticket that was never given",
        &[],
        &stage
            .engine
            .handle(Event::Verified { ticket: super::alys::engine::Ticket(77), valid: true }, stage.now),
    );
    // A peer that leaves while what it has shown is verified has proved nothing, also when it is back.
    let mut stage = Stage::new(&realm, settings(), LATER);
    drop(stage.connect(1));
    drop(stage.claim(1, &blocks));
    let sent = stage.open_one(1, "root");
    drop(stage.honestly(&sent, &blocks));
    drop(stage.disconnect(1));
    drop(stage.connect(1));
    drop(stage.do_work());
    check_eq("SY-4", "what was shown before", &None, &stage.engine.best());
    5
}
