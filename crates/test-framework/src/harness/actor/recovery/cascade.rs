//! One child fails again and again, and nobody else notices until its supervisor gives up; then nobody beyond that does.

use std::time::Duration;

use alys_actor::supervision::{ChildSpec, RestartStrategy, SupervisorSpec};

use super::{
    super::{
        cast::{Deed, Line},
        troupe::{PLAIN, Role, Troupe},
    },
    restarts::{decided, restart},
};
use crate::{
    case::{Pace, Suite, TestCase, no_gates},
    event::TestEventType::{
        ActorCreated, MessageDropped, MessageReceived, Observed, ReplyReceived, StateTransition,
    },
    evidence::Evidence,
    judge::Judge,
    phase::MigrationPhase::ActorCore,
    stage::{Driven, Stage},
};

pub(in super::super) const CASCADE: TestCase = TestCase {
    name: "test_cascading_failure_prevention",
    phase: ActorCore,
    category: "recovery",
    summary: "Siblings of a child that fails again and again answer at once all along; when its supervisor gives up, it \
              takes along those below it, and nobody else.",
    pace: Pace::Virtual,
    suite: Some(Suite::Supervision),
    drive: |stage| Box::pin(cascade(stage)),
    judge: |seen, judge| {
        judge_siblings(seen, judge);
        judge_failing(seen, judge);
        judge_end(seen, judge);
    },
    gates: no_gates,
};

/// How many failures its supervisor allows within a minute, and how long the failing child is away after each.
const ROUNDS: u32 = 4;
const AWAY_MS: u64 = 100;

/// How long an asker of somebody else waits: not until the failing one is back.
const PATIENCE: Duration = Duration::from_millis(AWAY_MS / 2);

/// Not restarted itself: what it cannot hold down stops with it.
const LIMITED: SupervisorSpec = SupervisorSpec {
    max_restarts: ROUNDS,
    window: Duration::from_secs(60),
    restart: RestartStrategy::Never,
    ..PLAIN
};

/// Under the same supervisor: before and after the failing one.
const SIBLINGS: [&str; 2] = ["elder", "younger"];
/// Under another supervisor, and directly under the root.
const OTHERS: [&str; 2] = ["cousin", "uncle"];

async fn cascade(stage: Stage) -> Driven {
    let mut troupe = Troupe::new(&stage, SupervisorSpec::default())?;
    troupe.supervisor("limited", "root", LIMITED)?;
    troupe.supervisor("other", "root", SupervisorSpec::default())?;
    let below = |parent| Role { parent, ..Role::default() };
    let elder = troupe.engage("elder", below("limited"))?;
    let restart = RestartStrategy::FixedDelay { delay: Duration::from_millis(AWAY_MS) };
    let spec = ChildSpec { restart, ..ChildSpec::default() };
    let failing = troupe.engage("failing", Role { spec, ..below("limited") })?;
    let younger = troupe.engage("younger", below("limited"))?;
    let cousin = troupe.engage("cousin", below("other"))?;
    let uncle = troupe.engage("uncle", below("root"))?;
    troupe.start("root")?;
    for round in 0..=u64::from(ROUNDS) {
        let deed = if round % 2 == 0 { Deed::Panic } else { Deed::Fail };
        failing.ask(Line::new("failing", round).with(deed)).await;
        // While it is away, which it is for good after the last round.
        for player in [&elder, &younger, &cousin, &uncle] {
            player.ask_within(Line::new(&player.name, round), PATIENCE).await;
        }
        // Answered by its next incarnation, if there is one.
        failing.ask(Line::new("failing", round)).await;
    }
    troupe.end().await
}

fn judge_siblings(seen: Evidence<'_>, judge: &mut Judge) {
    let rounds = u64::from(ROUNDS);
    for (name, answered, told_last) in SIBLINGS
        .map(|name| (name, rounds, "Closed"))
        .into_iter()
        .chain(OTHERS.map(|name| (name, rounds + 1, "")))
    {
        let answers: Vec<_> = (0..answered).map(|round| 2 * round).collect();
        judge.same(
            "SV-2",
            &format!("answers of the {name}"),
            &answers,
            &seen.counts(ReplyReceived, name, "answer"),
        );
        let instants: Vec<_> = (0..=rounds).map(|round| (round * AWAY_MS) as f64).collect();
        let at = seen.instants_ms(ReplyReceived, name);
        judge.same("SV-2", &format!("when askers of the {name} were told, in ms"), &instants, &at);
        let last = seen.words(ReplyReceived, name, "error").pop().unwrap_or_default().1;
        judge.equal(
            "SV-6",
            &format!("what the last asker of the {name} was told, beside answers"),
            told_last,
            last,
        );
        judge.equal(
            "SV-5",
            &format!("incarnations of the {name}"),
            1_u64,
            seen.count_from(ActorCreated, name),
        );
        let got: Vec<_> = (1..=answered).collect();
        let counted = seen.counts(MessageReceived, name, "got");
        judge.same("SV-8", &format!("how many messages the {name} had got"), &got, &counted);
    }
}

fn judge_failing(seen: Evidence<'_>, judge: &mut Judge) {
    let again = (0..ROUNDS).map(|round| restart(round, u64::from(round + 1) * AWAY_MS));
    let expected: Vec<_> = again.chain(["Escalate".to_owned()]).collect();
    judge.same("SV-4", "decisions about the failing one", &expected, &decided(seen, "failing"));
    judge.same("SV-6", "decisions about its supervisor", &["Stop".to_owned()], &decided(seen, "limited"));
    judge.same("SV-6", "decisions about the other supervisor", &[], &decided(seen, "other"));
    judge.same("SV-6", "decisions about the root", &[], &decided(seen, "root"));
    let answers: Vec<_> = (0..u64::from(ROUNDS)).map(|round| 2 * round).collect();
    let answered = seen.counts(ReplyReceived, "failing", "answer");
    judge.same("SV-10", "answers of the failing one", &answers, &answered);
    // The last message finds nobody.
    let last = seen.words(ReplyReceived, "failing", "error").pop().unwrap_or_default().1;
    judge.equal("MB-9", "what the last asker of the failing one was told", "Closed", last);
    // The panics of every other round.
    let dead = seen.words(MessageDropped, "failing", "reason");
    judge.same(
        "SV-7",
        "dead letters of the failing one",
        &vec!["interrupted"; ROUNDS as usize / 2 + 1],
        &dead,
    );
}

fn judge_end(seen: Evidence<'_>, judge: &mut Judge) {
    let stopped = ["Starting", "Running", "Stopping", "Stopped"];
    for name in SIBLINGS.into_iter().chain(OTHERS).chain(["other", "root"]) {
        judge.same(
            "SV-2",
            &format!("states of the {name}"),
            &stopped,
            &seen.words(StateTransition, name, "to"),
        );
    }
    let given_up = ["Starting", "Running", "Failed", "Stopped"];
    judge.same("SV-6", "states of the supervisor", &given_up, &seen.words(StateTransition, "limited", "to"));
    // Those who go with the supervisor have their stop hooks, the younger first; the others have theirs at the end.
    let hooks = seen.told(Observed, "hook").into_iter().filter(|(_, (_, hook))| *hook == "stop");
    let hooks: Vec<_> = hooks.map(|(event, (who, _))| (event, who)).collect();
    judge.same("LC-4", "who stopped", &["younger", "elder", "uncle", "cousin"], &hooks);
    judge.same("SV-6", "how the system ended", &["down"], &seen.words(Observed, "system", "end"));
}
