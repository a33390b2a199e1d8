//! Execution clients that die and come back, and clocks that stand still.

use alys_consensus::engine::Fork;
use alys_consensus_properties::{execution::Wrong, hands::Hands, real::laws_token::issued_at, realm::Realm};
use std::time::Duration;

use super::{
    super::named,
    client::Pair,
    notes::{Notes, play},
};
use crate::{
    case::{Pace, TestCase},
    event::TestEventType::{FailureInjected, MessageSent, RecoveryCompleted, StateTransition},
    evidence::Evidence,
    judge::Judge,
    stage::Driven,
};

pub(super) const RESTART: TestCase =
    named::case(named::RESTART, Pace::Virtual, |stage| Box::pin(play(stage, restarts)), judge_restarts);

pub(super) const EXPIRY: TestCase =
    named::case(named::EXPIRY, Pace::Virtual, |stage| Box::pin(play(stage, expiry)), judge_expiry);

/// How a client comes back.
#[derive(Clone, Copy)]
enum Back {
    /// With all that it had.
    Whole,
    /// Without its last blocks.
    Short,
    /// With nothing.
    Empty,
}

const BACK: [(Back, &str); 3] = [(Back::Whole, "whole"), (Back::Short, "short"), (Back::Empty, "empty")];

/// How many blocks there are before the client dies.
const BEFORE: u64 = 6;

async fn restarts(seed: u64, notes: &mut Notes) -> Driven {
    let mut rng = fastrand::Rng::with_seed(seed);
    for (fork, version) in [(Fork::Shanghai, "V2"), (Fork::Prague, "V3")] {
        for (back, how) in BACK {
            let realm = Realm::of(1);
            let (mut ours, mut theirs) = (Pair::open(&realm, fork).await?, Pair::open(&realm, fork).await?);
            let mut slot = 0;
            for _ in 0..BEFORE {
                slot += rng.u64(1..4);
                theirs.import(ours.proposed(slot).await?).await?;
            }
            ours.lies(Wrong::Down);
            let failed = ours.propose(slot + 1).await.map(|_| "a proposal".to_owned());
            let failed = failed.unwrap_or_else(|word| word).replace(version, "");
            notes.note(FailureInjected, how, "a proposal without a client", failed);
            notes.note(StateTransition, how, "height without a client", ours.height());
            // The others go on.
            slot += 2;
            ours.import(theirs.proposed(slot).await?).await?;
            let said = format!("height {}, behind {}", ours.height(), ours.driver.is_behind());
            notes.note(FailureInjected, how, "a certified block without a client", said);
            match back {
                Back::Whole => {}
                Back::Short => ours.execution.falls_back(rng.u64(1..BEFORE)),
                Back::Empty => ours.execution.forgets(),
            }
            ours.lies(Wrong::Nothing);
            let proposed = ours.propose(slot + 1).await.map(|_| "a proposal".to_owned());
            notes.note(
                RecoveryCompleted,
                how,
                "a proposal when it is back",
                proposed.unwrap_or_else(|word| word),
            );
            notes.note(StateTransition, how, "height when it is back", ours.height());
            notes.note(StateTransition, how, "blocks of the client", ours.execution.known().blocks.len());
            let said = format!("told {}, behind {}", ours.is_told(), ours.driver.is_behind());
            notes.note(RecoveryCompleted, how, "the client at last", said);
            notes.note(MessageSent, how, "the slot of the last block", slot + 1);
        }
    }
    Ok(())
}

fn judge_restarts(seen: Evidence<'_>, judge: &mut Judge) {
    for (_, how) in BACK {
        for (_, slot) in seen.counts(MessageSent, how, "came") {
            // One slot a block, and one in which there was none.
            judge.at_least("CL-2", &format!("{how}: the slot of the last block"), BEFORE + 3, slot);
        }
        let during = ["engine_forkchoiceUpdated lost", "height 7, behind true"].repeat(2);
        judge.same(
            "CL-2",
            &format!("{how}: without a client"),
            &during,
            &seen.words(FailureInjected, how, "came"),
        );
        let after = ["a proposal", "told true, behind false"].repeat(2);
        judge.same(
            "CL-2",
            &format!("{how}: with it again"),
            &after,
            &seen.words(RecoveryCompleted, how, "came"),
        );
        // Nothing is lost, one block of others came, and one of ours: the client has all of them.
        let heights = [BEFORE, BEFORE + 2, BEFORE + 2].repeat(2);
        judge.same("CL-2", &format!("{how}: heights"), &heights, &seen.counts(StateTransition, how, "came"));
    }
}

/// How much time passes between two blocks, in seconds: one token would not last.
const BETWEEN: u64 = 3_600;

/// How many blocks there are with a clock that goes.
const DATED: u64 = 4;

async fn expiry(seed: u64, notes: &mut Notes) -> Driven {
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut pair = Pair::open(&Realm::of(1), Fork::Shanghai).await?;
    let mut slot = 0;
    for _ in 0..DATED {
        slot += rng.u64(1..9);
        pair.hands.pass(Duration::from_secs(BETWEEN));
        pair.proposed(slot).await?;
    }
    for asked in pair.requests("engine_") {
        let token = asked.header("authorization").and_then(|header| header.strip_prefix("Bearer "));
        let age = token.and_then(issued_at).map(|issued| asked.at.as_secs().abs_diff(issued));
        notes.note(MessageSent, "age of a token", asked.at.as_secs(), age.unwrap_or(u64::MAX));
    }
    // A machine that was suspended: its clock stands where it stood.
    // The wait before a second attempt takes it into the next second, so it is a second less late.
    for (seconds, late) in [(60, "as late as allowed"), (62, "later than allowed")] {
        let still = Hands::at(pair.hands.now());
        pair = pair.with_clock(&still);
        pair.hands.pass(Duration::from_secs(seconds));
        let before = pair.requests("engine_").len();
        slot += rng.u64(1..9);
        let said = pair.propose(slot).await.map(|_| "a proposal".to_owned()).unwrap_or_else(|word| word);
        notes.note(FailureInjected, "late clock", late, said);
        let asked = pair.requests("engine_").len() - before;
        notes.note(StateTransition, "requests", late, u64::from(asked == 2));
        notes.note(StateTransition, "height", late, pair.height());
    }
    let right = pair.hands.clone();
    pair = pair.with_clock(&right);
    pair.proposed(slot + 1).await?;
    notes.note(RecoveryCompleted, "clock set anew", "height", pair.height());
    notes.note(RecoveryCompleted, "clock set anew", "told", u64::from(pair.is_told()));
    Ok(())
}

fn judge_expiry(seen: Evidence<'_>, judge: &mut Judge) {
    let ages = seen.counts(MessageSent, "age of a token", "came");
    judge.at_least("CL-2", "requests with a clock that goes", 4 * DATED, ages.len());
    judge.same("CL-2", "ages of tokens", &vec![0; ages.len()], &ages);
    let words = ["a proposal", "engine_forkchoiceUpdatedV2 unauthorised"];
    judge.same("CL-2", "late clocks", &words, &seen.words(FailureInjected, "late clock", "came"));
    judge.same("CL-2", "two attempts", &[0, 1], &seen.counts(StateTransition, "requests", "came"));
    judge.same("CL-2", "heights", &[DATED + 1, DATED + 1], &seen.counts(StateTransition, "height", "came"));
    judge.same("CL-2", "at last", &[DATED + 2, 1], &seen.counts(RecoveryCompleted, "clock set anew", "came"));
}
