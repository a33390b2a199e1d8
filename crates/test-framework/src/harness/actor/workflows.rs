//! Communication: workflows of five actors.

use std::sync::Arc;

use alys_actor::comm::{Gather, Workflow};

use super::{
    cast::{Deed, Line},
    plan::{at_ms, instants, ms},
    reports::{engage, judge_report, stop, write_report},
    troupe::Reach,
};
use crate::{
    case::{Pace, TestCase, no_gates},
    event::TestEventType::MessageReceived,
    evidence::Evidence,
    judge::Judge,
    phase::MigrationPhase::ActorCore,
    stage::{Driven, Stage},
};

pub(super) const WORKFLOWS: TestCase = TestCase {
    name: "test_multi_actor_workflows",
    phase: ActorCore,
    category: "communication",
    summary: "Five actors work in sequence, side by side, with a fan-in, and by condition; failures go where they must.",
    pace: Pace::Virtual,
    suite: None,
    drive: |stage| Box::pin(workflows(stage)),
    judge: judge_workflows,
    gates: no_gates,
};

const SENDER: &str = "driver";
const ACTORS: [&str; 5] = ["Coordinator", "Worker1", "Worker2", "Aggregator", "Validator"];

/// The shape of a workflow.
#[derive(Clone, Copy)]
enum Kind {
    Sequential,
    Parallel,
    /// Nothing but the parallel part.
    Bare,
    FanOutFanIn,
    Conditional,
}

/// A run of a workflow: what goes in, what must become of each step, in the order of declaration, and what comes out.
///
/// All by hand: each actor answers with the double of what it gets.
struct Run {
    kind: Kind,
    number: u64,
    deed: Deed,
    steps: &'static [&'static str],
    result: &'static str,
}

const TAKES: u64 = 10;
const SLOWLY: Deed = Deed::AnswerAfter(ms(TAKES));

const RUNS: [Run; 9] = [
    Run {
        kind: Kind::Sequential,
        number: 1,
        deed: SLOWLY,
        steps: &["Coordinator: 2", "Worker1: 4", "Worker2: 8", "Aggregator: 16", "Validator: 32"],
        result: "32",
    },
    Run {
        kind: Kind::Sequential,
        number: 2,
        deed: Deed::FailAt("Worker2"),
        steps: &[
            "Coordinator: 4",
            "Worker1: 8",
            "Worker2: the handler failed",
            "Aggregator: not run",
            "Validator: not run",
        ],
        result: "step `Worker2`: the handler failed",
    },
    // Behind parallel parts the message goes on as it came.
    Run {
        kind: Kind::Parallel,
        number: 3,
        deed: SLOWLY,
        steps: &["Coordinator: 6", "Worker1: 12", "Worker2: 12", "Aggregator: 12", "Validator: 24"],
        result: "24",
    },
    Run {
        kind: Kind::Parallel,
        number: 4,
        deed: Deed::FailAt("Worker1"),
        steps: &[
            "Coordinator: 8",
            "Worker1: the handler failed",
            "Worker2: 16",
            "Aggregator: not run",
            "Validator: not run",
        ],
        result: "step `Worker1`: the handler failed",
    },
    // Of two failures the first in the order of declaration counts.
    Run {
        kind: Kind::Bare,
        number: 5,
        deed: Deed::Fail,
        steps: &["Worker1: the handler failed", "Worker2: the handler failed"],
        result: "step `Worker1`: the handler failed",
    },
    // The fan-in makes 24 and 48 into 48024.
    Run {
        kind: Kind::FanOutFanIn,
        number: 6,
        deed: SLOWLY,
        steps: &[
            "Coordinator: 12",
            "Worker1: 24",
            "Worker2: 24",
            "Worker1: 48",
            "Aggregator: 96048",
            "Validator: 192096",
        ],
        result: "192096",
    },
    // A branch that failed counts as 1: 28 and 1 are 1028.
    Run {
        kind: Kind::FanOutFanIn,
        number: 7,
        deed: Deed::FailAt("Worker2"),
        steps: &[
            "Coordinator: 14",
            "Worker1: 28",
            "Worker2: the handler failed",
            "Worker1: not run",
            "Aggregator: 2056",
            "Validator: 4112",
        ],
        result: "4112",
    },
    // The condition is judged on what the coordinator answers: from 100 on the first branch is taken.
    Run {
        kind: Kind::Conditional,
        number: 49,
        deed: Deed::Answer,
        steps: &["Coordinator: 98", "Worker1: not run", "Worker2: 196", "Aggregator: 392", "Validator: 784"],
        result: "784",
    },
    Run {
        kind: Kind::Conditional,
        number: 50,
        deed: Deed::Answer,
        steps: &[
            "Coordinator: 100",
            "Worker1: 200",
            "Worker2: not run",
            "Aggregator: not run",
            "Validator: 400",
        ],
        result: "400",
    },
];

/// What each actor gets in all runs: of whom, and the number.
const GOT: [&[&str]; 5] = [
    &["driver 1", "driver 2", "driver 3", "driver 4", "driver 6", "driver 7", "driver 49", "driver 50"],
    &[
        "Coordinator 2",
        "Coordinator 4",
        "Coordinator 6",
        "Coordinator 8",
        "driver 5",
        "Coordinator 12",
        "Worker2 24",
        "Coordinator 14",
        "Coordinator 100",
    ],
    &[
        "Worker1 4",
        "Worker1 8",
        "Coordinator 6",
        "Coordinator 8",
        "driver 5",
        "Coordinator 12",
        "Coordinator 14",
        "Coordinator 98",
    ],
    &["Worker2 8", "Coordinator 6", "fan-in 48024", "fan-in 1028", "Worker2 196"],
    &[
        "Aggregator 16",
        "Aggregator 12",
        "Aggregator 96048",
        "Aggregator 2056",
        "Aggregator 392",
        "Worker1 200",
    ],
];

/// What of the slow runs goes to both workers, and when: after one step of the third, and of the sixth.
const SIDE_BY_SIDE: [(u64, u64); 2] = [(6, 6 * TAKES), (12, 10 * TAKES)];

async fn workflows(stage: Stage) -> Driven {
    let (troupe, players) = engage(&stage, &ACTORS)?;
    for run in &RUNS {
        let workflow = workflow(run.kind, &players);
        let report = workflow.run(Line::new(SENDER, run.number).with(run.deed)).await;
        write_report(&stage, run.number, report);
    }
    troupe.end().await
}

fn workflow(kind: Kind, players: &[Reach]) -> Workflow<Line> {
    let [coordinator, worker1, worker2, aggregator, validator] =
        [0, 1, 2, 3, 4].map(|at: usize| move || Workflow::Step(stop(&players[at])));
    let middle = match kind {
        Kind::Sequential => Workflow::Sequence(vec![worker1(), worker2(), aggregator()]),
        Kind::Bare => return Workflow::Parallel(vec![worker1(), worker2()]),
        Kind::Parallel => {
            Workflow::Sequence(vec![Workflow::Parallel(vec![worker1(), worker2()]), aggregator()])
        }
        Kind::FanOutFanIn => {
            let branches = vec![worker1(), Workflow::Sequence(vec![worker2(), worker1()])];
            Workflow::Sequence(vec![Workflow::FanOut { branches, gather: fan_in() }, aggregator()])
        }
        Kind::Conditional => Workflow::Either {
            condition: Arc::new(|line: &Line| line.number >= 100),
            first: Box::new(worker1()),
            second: Box::new(Workflow::Sequence(vec![worker2(), aggregator()])),
        },
    };
    Workflow::Sequence(vec![coordinator(), middle, validator()])
}

/// Makes one number of all, each branch with three digits of its own; one that failed counts as 1.
fn fan_in() -> Gather<Line> {
    Arc::new(|results| {
        let deed = results.iter().flatten().next().map_or(Deed::Answer, |line| line.deed);
        let numbers = results.iter().map(|result| result.as_ref().map_or(1, |line| line.number));
        let number = numbers.rev().fold(0, |all, number| all * 1000 + number);
        Ok(Line::new("fan-in", number).with(deed))
    })
}

fn judge_workflows(seen: Evidence<'_>, judge: &mut Judge) {
    for Run { kind, number, steps, result, .. } in &RUNS {
        let rule = if matches!(kind, Kind::Sequential | Kind::Conditional) { "CM-4" } else { "CM-5" };
        judge_report(seen, judge, rule, *number, steps, result);
    }
    let (mut delivered, mut due) = (0, 0);
    for (name, expected) in ACTORS.into_iter().zip(GOT) {
        let shown = |event: &crate::event::TestEvent| {
            format!("{} {}", event.words("from"), event.count("number").unwrap_or(u64::MAX))
        };
        let arrived: Vec<_> =
            seen.from(MessageReceived, name).map(|event| (event.event_id, shown(event))).collect();
        let expected: Vec<_> = expected.iter().map(|one| (*one).to_owned()).collect();
        judge.same("CM-4", &format!("what {name} got"), &expected, &arrived);
        delivered += arrived.len();
        due += expected.len();
    }
    judge.equal("gate", "messages delivered, in percent", 100_usize, delivered * 100 / due);
    for (number, at) in SIDE_BY_SIDE {
        let workers = ACTORS[1..3].iter().flat_map(|name| seen.from(MessageReceived, name));
        let of_it =
            workers.filter(|event| event.count("number") == Some(number) && event.words("from") == ACTORS[0]);
        judge.same(
            "CM-5",
            &format!("instants at which both workers get {number}"),
            &[at_ms(at); 2],
            &instants(of_it),
        );
    }
}
