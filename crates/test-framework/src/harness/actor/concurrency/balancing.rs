//! Instances of one service: whose turn it is, and who gets none.

use alys_actor::{
    comm::{Balance, Directory},
    supervision::SupervisorSpec,
};
use std::time::Duration;

use super::super::{
    cast::{Deed, Line},
    troupe::{Reach, Role, Troupe},
};
use crate::{
    case::{Pace, TestCase, no_gates},
    event::TestEventType::{MessageReceived, MessageSent, Observed},
    evidence::Evidence,
    judge::Judge,
    phase::MigrationPhase::ActorCore,
    stage::{DriveError, Driven, Stage},
};

pub(in super::super) const LOAD_BALANCING: TestCase = TestCase {
    name: "test_message_load_balancing",
    phase: ActorCore,
    category: "concurrency",
    summary: "Messages to a service go round its healthy instances in exact shares, or to the one with the least to do; \
              an unhealthy one gets none.",
    pace: Pace::Virtual,
    suite: None,
    drive: |stage| Box::pin(load_balancing(stage)),
    judge: |seen, judge| {
        judge_shares(seen, judge);
        judge_loads(seen, judge);
    },
    gates: no_gates,
};

const WORKERS: [&str; 5] = ["w1", "w2", "w3", "w4", "w5"];

/// What becomes of an instance before the messages of a round.
#[derive(Clone, Copy)]
enum Change {
    Nothing,
    ReportedBad(&'static str),
    ReportedGood(&'static str),
    Stopped(&'static str),
}

/// What is said in the end, when all are reported bad.
const NOBODY: &str = "service `work` has no healthy instance (of 5 registered)";

/// What happens, how many messages follow, and the share of each worker.
const ROUNDS: [(&str, Change, u64, [u64; 5]); 4] = [
    ("all are healthy", Change::Nothing, 1000, [200, 200, 200, 200, 200]),
    ("one is reported bad", Change::ReportedBad("w2"), 400, [100, 0, 100, 100, 100]),
    ("another has stopped", Change::Stopped("w4"), 300, [100, 0, 100, 0, 100]),
    ("the first is reported good", Change::ReportedGood("w2"), 400, [100, 100, 100, 0, 100]),
];

async fn load_balancing(stage: Stage) -> Driven {
    let mut troupe = Troupe::new(&stage, SupervisorSpec::default())?;
    let workers = engage(&mut troupe, &WORKERS)?;
    let loaded = engage(&mut troupe, &LOADED)?;
    troupe.start("root")?;
    let directory = Directory::default();
    register(&directory, "work", &workers)?;
    register(&directory, "burden", &loaded)?;
    for (round, change, messages, _) in ROUNDS {
        make(change, &directory, &troupe)?;
        stage.pass(Duration::from_millis(1)).await;
        for number in 0..messages {
            if let Some(worker) = picked(&stage, &directory, ("work", Balance::RoundRobin), &workers) {
                worker.send(Line::new(round, number)).await;
            }
        }
        // Until all were handled.
        stage.pass(Duration::from_millis(1)).await;
    }
    for worker in WORKERS {
        make(Change::ReportedBad(worker), &directory, &troupe)?;
    }
    picked(&stage, &directory, ("work", Balance::RoundRobin), &workers);
    burden(&stage, &directory, &loaded).await;
    drop(directory);
    troupe.end().await
}

fn engage(troupe: &mut Troupe, names: &[&str]) -> Result<Vec<Reach>, DriveError> {
    names.iter().map(|name| troupe.engage(name, Role::default())).collect()
}

type Services = Directory<Line, Line>;

fn register(directory: &Services, service: &str, instances: &[Reach]) -> Driven {
    for Reach { name, sender, .. } in instances {
        directory
            .register(service, name, sender.clone())
            .map_err(|error| DriveError::new("register", error))?;
    }
    Ok(())
}

fn make(change: Change, directory: &Services, troupe: &Troupe) -> Driven {
    let report =
        |name, good| directory.report_health(name, good).map_err(|error| DriveError::new("report", error));
    match change {
        Change::Nothing => Ok(()),
        Change::ReportedBad(name) => report(name, false),
        Change::ReportedGood(name) => report(name, true),
        Change::Stopped(name) => troupe.system().stop(name).map_err(|error| DriveError::new("stop", error)),
    }
}

/// Picks an instance, and writes down which or why none.
fn picked<'a>(
    stage: &Stage,
    directory: &Services,
    (service, balance): (&str, Balance),
    reaches: &'a [Reach],
) -> Option<&'a Reach> {
    match directory.pick(service, balance) {
        Ok(instance) => {
            stage.record(Observed, service, [("picked", instance.name.clone().into())]);
            reaches.iter().find(|reach| *reach.name == *instance.name)
        }
        Err(none) => {
            stage.record(Observed, service, [("picked", none.to_string().into())]);
            None
        }
    }
}

fn judge_shares(seen: Evidence<'_>, judge: &mut Judge) {
    let mut order = Vec::new();
    for (round, _, messages, shares) in ROUNDS {
        for (worker, share) in WORKERS.into_iter().zip(shares) {
            let got = seen.from(MessageReceived, worker).filter(|event| event.words("from") == round).count();
            judge.equal("CM-7", &format!("messages that {worker} got when {round}"), share, got);
        }
        let sent = seen.count_from(MessageSent, round);
        judge.equal("MB-5", &format!("messages sent when {round}"), messages, sent);
        let healthy =
            WORKERS.into_iter().zip(shares).filter(|(_, share)| *share > 0).map(|(worker, _)| worker);
        order.extend(healthy.cycle().take(usize::try_from(messages).unwrap_or_default()));
    }
    let mut picked = seen.words(Observed, "work", "picked");
    let none = picked.pop().unwrap_or_default().1;
    judge.same("CM-7", "whose turn it was", &order, &picked);
    judge.equal("CM-6", "whose turn it is where all are bad", NOBODY, none);
}

const LOADED: [&str; 3] = ["l1", "l2", "l3"];

/// How many messages wait at each before anything is picked: one more is in its hands.
const WAITING: [u64; 3] = [4, 0, 2];

/// Who has the least to do, one pick after another; of equal ones the first registered.
const LEAST: [&str; 9] = ["l2", "l2", "l2", "l3", "l2", "l3", "l1", "l2", "l3"];

/// How long each takes for its first message: nothing that waits is handled meanwhile.
const BUSY: Duration = Duration::from_secs(1);

async fn burden(stage: &Stage, directory: &Services, loaded: &[Reach]) {
    for (reach, waiting) in loaded.iter().zip(WAITING) {
        reach.try_send(Line::new("before", 0).with(Deed::AnswerAfter(BUSY)));
        stage.pass(Duration::from_millis(1)).await;
        for number in 1..=waiting {
            reach.try_send(Line::new("before", number));
        }
    }
    for number in 0..LEAST.len() as u64 {
        if let Some(reach) = picked(stage, directory, ("burden", Balance::LeastLoaded), loaded) {
            reach.try_send(Line::new("burden", number));
        }
    }
    stage.pass(2 * BUSY).await;
}

fn judge_loads(seen: Evidence<'_>, judge: &mut Judge) {
    judge.same("CM-7", "who had the least to do", &LEAST, &seen.words(Observed, "burden", "picked"));
    for name in LOADED {
        let numbers = (0..).zip(LEAST).filter(|(_, picked)| *picked == name).map(|(number, _)| number);
        let got = seen.from(MessageReceived, name).filter(|event| event.words("from") == "burden");
        let got: Vec<_> = got.filter_map(|event| Some((event.event_id, event.count("number")?))).collect();
        judge.same("MB-3", &format!("what {name} got"), &numbers.collect::<Vec<u64>>(), &got);
    }
}
