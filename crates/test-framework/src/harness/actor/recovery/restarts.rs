//! Restarts by strategy: whether, and at which very instant.

use std::time::Duration;

use alys_actor::{
    mailbox::Time,
    supervision::{ChildSpec, Ratio, RestartStrategy, SupervisorSpec, Verdict},
};
use tokio::task::JoinSet;

use super::{
    super::{
        cast::{Deed, Line},
        troupe::{Reach, Role, Troupe},
    },
    PATIENT, intensity,
};
use crate::{
    case::{Pace, Suite, TestCase, no_gates},
    event::TestEventType::{
        ActorCreated, MessageRefused, Observed, RecoveryCompleted, ReplyReceived, StateTransition,
    },
    evidence::Evidence,
    judge::Judge,
    phase::MigrationPhase::ActorCore,
    stage::{DriveError, Driven, Stage},
};

pub(in super::super) const SUPERVISOR_RESTART: TestCase = TestCase {
    name: "test_supervisor_restart_validation",
    phase: ActorCore,
    category: "recovery",
    summary: "Each strategy restarts at the instants that it promises, or not at all; one restart too many within the \
              window is a failure of the supervisor.",
    pace: Pace::Virtual,
    suite: Some(Suite::Supervision),
    drive: |stage| Box::pin(supervisor_restart(stage)),
    judge: |seen, judge| {
        for child in CHILDREN {
            judge_child(seen, judge, child);
        }
        judge_never(seen, judge);
        judge_shortened(seen, judge);
        intensity::judge(seen, judge);
        judge_rate(seen, judge);
    },
    gates: no_gates,
};

/// The window of the supervisors, which is also how long a child must run for its attempts to count from 0 again.
const WINDOW: Duration = Duration::from_secs(10);

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

const fn backoff(initial: u64, multiplier: Ratio, max: u64) -> RestartStrategy {
    RestartStrategy::ExponentialBackoff { initial: ms(initial), multiplier, max: ms(max) }
}

/// A child that fails again and again, and when it must be there again.
#[derive(Clone, Copy)]
struct Failing {
    name: &'static str,
    restart: RestartStrategy,
    /// How long it runs before each failure.
    runs: &'static [Duration],
    /// The number of each attempt, counted from 0, and the milliseconds before it.
    restarts: &'static [(u32, u64)],
}

const AT_ONCE: Duration = Duration::ZERO;

const CHILDREN: [Failing; 5] = [
    Failing {
        name: "always",
        restart: RestartStrategy::Always,
        runs: &[AT_ONCE; 4],
        restarts: &[(0, 0), (1, 0), (2, 0), (3, 0)],
    },
    Failing {
        name: "fixed",
        restart: RestartStrategy::FixedDelay { delay: ms(250) },
        runs: &[AT_ONCE; 3],
        restarts: &[(0, 250), (1, 250), (2, 250)],
    },
    Failing {
        name: "doubled",
        restart: backoff(100, Ratio::of(2, 1), 500),
        runs: &[AT_ONCE; 5],
        restarts: &[(0, 100), (1, 200), (2, 400), (3, 500), (4, 500)],
    },
    Failing {
        name: "half as much again",
        restart: backoff(80, Ratio::of(3, 2), 400),
        runs: &[AT_ONCE; 5],
        restarts: &[(0, 80), (1, 120), (2, 180), (3, 270), (4, 400)],
    },
    Failing {
        name: "forgiven",
        restart: backoff(100, Ratio::of(2, 1), 10_000),
        runs: &[AT_ONCE, ms(9_999), WINDOW, AT_ONCE],
        restarts: &[(0, 100), (1, 200), (0, 100), (1, 200)],
    },
];

/// One that is never restarted, and one whose delay is shortened at random.
const NEVER: &str = "never";
const SHORTENED: &str = "shortened";
const SHORTENED_DELAY_MS: u64 = 1000;
const SHORTENED_PERMILLE: u16 = 400;
const SHORTENED_TIMES: u32 = 8;

async fn supervisor_restart(stage: Stage) -> Driven {
    let mut troupe = Troupe::new(&stage, SupervisorSpec { window: WINDOW, ..PATIENT })?;
    let mut courses = JoinSet::new();
    for Failing { name, restart, runs, .. } in CHILDREN {
        let child = engage(&mut troupe, name, ChildSpec { restart, ..ChildSpec::default() })?;
        courses.spawn_local(fail_after_each(stage.clone(), child, runs.to_vec()));
    }
    let never =
        engage(&mut troupe, NEVER, ChildSpec { restart: RestartStrategy::Never, ..ChildSpec::default() })?;
    let restart = RestartStrategy::FixedDelay { delay: ms(SHORTENED_DELAY_MS) };
    let spec = ChildSpec { restart, jitter_permille: SHORTENED_PERMILLE, ..ChildSpec::default() };
    let shortened = engage(&mut troupe, SHORTENED, spec)?;
    courses.spawn_local(fail_after_each(stage.clone(), shortened, vec![AT_ONCE; SHORTENED_TIMES as usize]));
    let intense = intensity::engage(&mut troupe)?;
    troupe.start("root")?;
    never.ask(Line::new(NEVER, 0).with(Deed::Panic)).await;
    // Nobody may hear it, however late.
    stage.pass(Duration::from_secs(3600)).await;
    never.ask(Line::new(NEVER, 1)).await;
    never.try_send(Line::new(NEVER, 2));
    courses.join_all().await;
    intensity::drive(&stage, intense).await;
    troupe.end().await
}

/// Each child has a supervisor of its own: what one may restart, another does not count.
fn engage(troupe: &mut Troupe, name: &str, spec: ChildSpec) -> Result<Reach, DriveError> {
    let supervisor = format!("supervisor of {name}");
    troupe.supervisor(&supervisor, "root", SupervisorSpec { window: WINDOW, ..PATIENT })?;
    troupe.engage(name, Role { parent: &supervisor, spec, ..Role::default() })
}

/// Fails a child after it has run for so long each time; in the end it answers.
async fn fail_after_each(stage: Stage, child: Reach, runs: Vec<Duration>) {
    let name = child.name.to_string();
    for (number, runs) in (0..).zip(runs) {
        let deed = if number % 2 == 0 { Deed::Panic } else { Deed::Fail };
        // It is answered once the child runs.
        child.ask(Line::new(&name, number)).await;
        stage.pass(runs).await;
        child.ask(Line::new(&name, number).with(deed)).await;
    }
    child.ask(Line::new(&name, 99)).await;
}

/// What a supervisor decided about a child, in its own words.
pub(super) fn decided<'a>(seen: Evidence<'a>, name: &str) -> Vec<(u64, String)> {
    let of = seen.told(Observed, "decided").into_iter().filter(|(_, (who, _))| *who == name);
    of.map(|(event, (_, decided))| (event, decided.to_owned())).collect()
}

/// The words for a restart that begins so many milliseconds after the beginning.
pub(super) fn restart(attempt: u32, at_ms: u64) -> String {
    format!("{:?}", Verdict::Restart { attempt, at: Time::from_nanos(at_ms * 1_000_000) })
}

fn judge_child(seen: Evidence<'_>, judge: &mut Judge, child: Failing) {
    let Failing { name, runs, restarts, .. } = child;
    let (mut now, mut instants, mut verdicts) = (0, vec![0], Vec::new());
    for (runs, (attempt, delay)) in runs.iter().zip(restarts) {
        now += u64::try_from(runs.as_millis()).unwrap_or(u64::MAX) + delay;
        instants.push(now);
        verdicts.push(restart(*attempt, now));
    }
    let instants: Vec<_> = instants.into_iter().map(|at| at as f64).collect();
    let created = seen.instants_ms(ActorCreated, name);
    judge.same("SV-3", &format!("when the incarnations of `{name}` began, in ms"), &instants, &created);
    judge.same("SV-4", &format!("decisions about `{name}`"), &verdicts, &decided(seen, name));
    judge.equal(
        "SV-10",
        &format!("recoveries of `{name}`"),
        restarts.len(),
        seen.count_from(RecoveryCompleted, name),
    );
    let answers: Vec<_> = (0..runs.len() as u64).chain([99]).map(|number| 2 * number).collect();
    judge.same(
        "SV-10",
        &format!("answers of `{name}`"),
        &answers,
        &seen.counts(ReplyReceived, name, "answer"),
    );
}

fn judge_never(seen: Evidence<'_>, judge: &mut Judge) {
    judge.same(
        "SV-3",
        "when the incarnations of `never` began, in ms",
        &[0.0],
        &seen.instants_ms(ActorCreated, NEVER),
    );
    judge.same("SV-1", "decisions about `never`", &["Stop".to_owned()], &decided(seen, NEVER));
    let went = seen.words(StateTransition, NEVER, "to");
    judge.same("SV-3", "states of `never`", &["Starting", "Running", "Failed", "Stopped"], &went);
    judge.same(
        "MB-9",
        "answers of `never`",
        &["Failed", "Closed"],
        &seen.words(ReplyReceived, NEVER, "error"),
    );
    judge.same("MB-9", "refusals of `never`", &["closed"], &seen.words(MessageRefused, NEVER, "reason"));
}

fn judge_shortened(seen: Evidence<'_>, judge: &mut Judge) {
    let created = seen.instants_ms(ActorCreated, SHORTENED);
    let times = u64::from(SHORTENED_TIMES);
    judge.equal("SV-10", "incarnations of `shortened`", times + 1, created.len());
    let delays = created.windows(2).map(|pair| pair[1].1 - pair[0].1);
    let (least, most) =
        delays.fold((f64::INFINITY, 0.0_f64), |(least, most), delay| (least.min(delay), most.max(delay)));
    let shortest = SHORTENED_DELAY_MS * u64::from(1000 - SHORTENED_PERMILLE) / 1000;
    judge.at_least("SV-3", "the shortest delay of `shortened`, in ms", shortest, least);
    judge.at_most("SV-3", "the longest delay of `shortened`, in ms", SHORTENED_DELAY_MS, most);
    // So many draws that are all the same are no draws.
    judge.at_most(
        "SV-3",
        "the shortest delay of `shortened` beside the full one, in ms",
        SHORTENED_DELAY_MS - 1,
        least,
    );
}

/// The gate of the original framework.
const PERCENT_MIN: f64 = 95.0;

/// The share of the restarts that the plan has which ended with an actor that runs.
fn judge_rate(seen: Evidence<'_>, judge: &mut Judge) {
    let of_children = CHILDREN.iter().map(|child| (child.name, child.restarts.len()));
    let shortened = (SHORTENED, SHORTENED_TIMES as usize);
    let planned: Vec<_> = of_children.chain([shortened]).chain(intensity::RESTARTS).collect();
    let succeeded: usize = planned.iter().map(|(name, _)| seen.count_from(RecoveryCompleted, name)).sum();
    let planned: usize = planned.iter().map(|(_, restarts)| restarts).sum();
    let percent = succeeded as f64 * 100.0 / planned as f64;
    judge.at_least("SV-10", "planned restarts that succeeded, in percent", PERCENT_MIN, percent);
    judge.equal("SV-10", "planned restarts that succeeded", planned, succeeded);
}
