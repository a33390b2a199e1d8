//! Communication: a message on its way along a chain of actors.

use alys_actor::{comm::route, mailbox::Lane};

use super::{
    cast::{Deed, Line},
    plan::{HOLDER, at_ms, got, hold, instants, ms, numbers},
    reports::{engage, judge_report, stop, write_report},
};
use crate::{
    case::{Pace, TestCase, no_gates},
    event::TestEventType::{MessageReceived, Observed},
    evidence::Evidence,
    judge::Judge,
    phase::MigrationPhase::ActorCore,
    stage::{Driven, Stage},
};

const SENDER: &str = "driver";
const FILLER: &str = "filler";

pub(super) const CHAINS: TestCase = TestCase {
    name: "test_message_routing_chains",
    phase: ActorCore,
    category: "communication",
    summary: "Five messages go through four actors, each with what the one before it answered; a failure ends the way.",
    pace: Pace::Virtual,
    suite: None,
    drive: |stage| Box::pin(chains(stage)),
    judge: judge_chains,
    gates: no_gates,
};

const CHAIN: [&str; 4] = ["Router", "Processor1", "Processor2", "Sink"];
const ROUTED: u64 = 5;
/// The message that fails in the middle, and the one that is too slow there.
const FAILS: u64 = 100;
const IS_LATE: u64 = 200;
/// The message that goes past others at the last stop.
const URGENT: u64 = 300;
const TAKES: u64 = 10;

async fn chains(stage: Stage) -> Driven {
    let (troupe, players) = engage(&stage, &CHAIN)?;
    let chain: Vec<_> = players.iter().map(stop).collect();
    for number in 1..=ROUTED {
        write_report(&stage, number, route(&chain, Line::new(SENDER, number)).await);
    }
    let fails = Line::new(SENDER, FAILS).with(Deed::FailAt(CHAIN[2]));
    write_report(&stage, FAILS, route(&chain, fails).await);
    let hurried = players.iter().map(|player| {
        let stop = stop(player);
        if *player.name == *CHAIN[2] { stop.within(ms(TAKES - 1)) } else { stop }
    });
    let hurried: Vec<_> = hurried.collect();
    let late = Line::new(SENDER, IS_LATE).with(Deed::AnswerAfter(ms(TAKES)));
    write_report(&stage, IS_LATE, route(&hurried, late).await);
    stage.pass(ms(TAKES)).await;
    let sink = &players[CHAIN.len() - 1];
    hold(sink, 0, ms(TAKES)).await;
    sink.try_send(Line::new(FILLER, 0));
    let urgent: Vec<_> = players.iter().map(|player| stop(player).in_lane(Lane::High)).collect();
    write_report(&stage, URGENT, route(&urgent, Line::new(SENDER, URGENT)).await);
    stage.pass(ms(TAKES)).await;
    troupe.end().await
}

fn judge_chains(seen: Evidence<'_>, judge: &mut Judge) {
    let answered = |place: usize, number: u64| format!("{}: {}", CHAIN[place], number << (place + 1));
    for number in (1..=ROUTED).chain([URGENT]) {
        let steps: Vec<_> = (0..CHAIN.len()).map(|place| answered(place, number)).collect();
        judge_report(seen, judge, "CM-3", number, &steps, &(number << CHAIN.len()).to_string());
    }
    let failures = [(FAILS, "the handler failed"), (IS_LATE, "no reply came in time")];
    for (number, why) in failures {
        let (failed, not_run) = (format!("{}: {why}", CHAIN[2]), format!("{}: not run", CHAIN[3]));
        let steps = [answered(0, number), answered(1, number), failed, not_run];
        judge_report(seen, judge, "CM-3", number, &steps, &format!("step `{}`: {why}", CHAIN[2]));
    }
    // Each gets what the one before it answered; the last gets nothing that failed before it.
    let senders = [SENDER, CHAIN[0], CHAIN[1], CHAIN[2]];
    let mut delivered = 0;
    for (place, (name, from)) in CHAIN.into_iter().zip(senders).enumerate() {
        let failing = [FAILS, IS_LATE].into_iter().filter(|_| place < 3);
        let expected: Vec<_> =
            (1..=ROUTED).chain(failing).chain([URGENT]).map(|number| number << place).collect();
        let arrived = numbers(got(seen, name, from));
        judge.same("CM-3", &format!("numbers that {name} got from {from}"), &expected, &arrived);
        delivered += arrived.len() as u64;
    }
    // In the lane of its stop: the filler was there before, in lane Normal.
    let all = seen.words(MessageReceived, CHAIN[3], "from");
    let last: Vec<_> = all.into_iter().skip(usize::try_from(ROUTED).unwrap_or(usize::MAX)).collect();
    judge.same("CM-3", "whose messages the last stop gets in the end", &[HOLDER, CHAIN[2], FILLER], &last);
    let due = (ROUTED + 1) * 4 + 2 * 3;
    judge.equal("gate", "messages delivered, in percent", 100_u64, delivered * 100 / due);
    // Two stops take their time, the third has a little less.
    let told = seen.from(Observed, "report").filter(|event| event.count("of") == Some(IS_LATE));
    let late = at_ms(2 * TAKES + TAKES - 1);
    judge.same(
        "CM-3",
        "instant of the report that one is late",
        &vec![late; CHAIN.len() + 1],
        &instants(told),
    );
}
