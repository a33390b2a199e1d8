//! Corrupted frames: what a decoder makes of them, and that nobody else is affected.

use alys_properties::{draw::SplitMix, violation::caught};
use alys_wire_properties::{
    corruption::{CLASSES, Corruption},
    fuzz::{self, Case},
    generate::Scale,
    judge::{Ended, ended},
    real::Wire,
};
use arbitrary::{Arbitrary as _, Unstructured};

use crate::{
    case::{Pace, TestCase, no_gates},
    event::TestEventType::{FailureInjected, MessageReceived, MessageRefused, MessageSent, Observed},
    evidence::Evidence,
    judge::{Judge, Quantity},
    phase::MigrationPhase::SyncImprovement,
    stage::{DriveError, Driven, Stage},
};

/// How many streams are corrupted, each in one place.
const STREAMS: u64 = 1_200;
/// How many peers send them, in turns.
const PEERS: u64 = 8;

pub(super) const HANDLING: TestCase = TestCase {
    name: "test_message_corruption_handling",
    phase: SyncImprovement,
    category: "resilience",
    summary: "Corrupted frames of every kind are refused as the model says, and other streams go on.",
    pace: Pace::Virtual,
    suite: None,
    drive: |stage| Box::pin(handling(stage)),
    judge: judge_handling,
    gates: no_gates,
};

fn peer(number: u64) -> String {
    format!("peer {}", number % PEERS)
}

async fn handling(stage: Stage) -> Driven {
    stage.record(Observed, "plan", [("streams", STREAMS.into())]);
    let mut rng = SplitMix(stage.seed());
    for number in 0..STREAMS {
        let case = draw(&mut rng).map_err(|error| DriveError::new("drawing a stream", error))?;
        one(&stage, number, &case);
    }
    Ok(())
}

/// A stream of a few messages, and one corruption of it.
fn draw(rng: &mut SplitMix) -> arbitrary::Result<Case> {
    let bytes: Vec<u8> = (0..160).flat_map(|_| rng.next().to_le_bytes()).collect();
    let mut unread = Unstructured::new(&bytes);
    let case = Case::draw::<Wire>(&mut unread, Scale::Small)?;
    let corruption = Corruption::arbitrary(&mut unread)?;
    Ok(Case { corruptions: vec![corruption], ..case })
}

/// Sends it twice: corrupted on one stream, and as it is on another one of the same peer.
fn one(stage: &Stage, number: u64, case: &Case) {
    let (peer, sent) = (peer(number), case.sent_messages());
    let class = CLASSES[case.corruptions[0].class()];
    let of = |event, words: &str| {
        stage.record(
            event,
            &peer,
            [("number", number.into()), ("class", class.into()), ("what", words.into())],
        );
    };
    of(FailureInjected, &format!("{:?}", case.corruptions[0]));
    match caught(|| fuzz::corrupted::<Wire>(case)) {
        Err(words) => stage.record(Observed, "model", [("number", number.into()), ("says", words.into())]),
        Ok(came) => match ended(&sent, &came) {
            Ended::Error(fault) => of(MessageRefused, &format!("{fault:?}")),
            other => of(MessageReceived, &format!("{other:?}")),
        },
    }
    let beside = Case { corruptions: Vec::new(), ..case.clone() };
    let arrived = caught(|| fuzz::corrupted::<Wire>(&beside)).is_ok_and(|came| came.messages == sent);
    let arrived = if arrived { sent.len() } else { 0 };
    let told: [(&str, Quantity); 2] = [("sent", sent.len().into()), ("arrived", arrived.into())];
    stage.record(MessageSent, &peer, told);
}

fn judge_handling(seen: Evidence<'_>, judge: &mut Judge) {
    let streams = seen.observed("plan", "streams").and_then(Quantity::count).unwrap_or_default();
    let (refused, received) = (seen.count(MessageRefused), seen.count(MessageReceived));
    judge.equal("WR-3", "streams that ended in a message or a typed error", streams, refused + received);
    let disagreed = seen.words(Observed, "model", "says");
    judge.same("WR-3", "what the model says otherwise", &[], &disagreed);
    let of_class = |class: &str, event| seen.of(event).filter(|event| event.words("class") == class).count();
    for class in CLASSES {
        let injected = of_class(class, FailureInjected);
        judge.at_least("gate", &format!("corruptions by {class}"), streams / 60, injected);
    }
    let flips = seen.of(MessageReceived).filter(|event| event.words("class") == CLASSES[0]);
    let others = flips.filter(|event| !["Same", "OtherCode"].contains(&event.words("what")));
    judge.equal("WR-4", "flipped bits that brought another payload", 0_u64, others.count());
    judge.at_least("WR-4", "flipped bits that were refused", 1_u64, of_class(CLASSES[0], MessageRefused));
    let sum = |key| seen.of(MessageSent).filter_map(|event| event.count(key)).sum::<u64>();
    // A stream may carry none: a request without a body is no bytes.
    judge.at_least("WR-5", "messages on streams beside the corrupted ones", streams * 9 / 10, sum("sent"));
    judge.equal("WR-5", "of these, arrived as they were sent", sum("sent"), sum("arrived"));
}
