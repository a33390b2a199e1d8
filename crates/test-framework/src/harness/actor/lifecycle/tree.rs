//! The supervision tree: who starts and stops when, whom a failure takes along, and how far up it goes.

use std::time::Duration;

use alys_actor::supervision::{Group, SupervisorSpec};

use super::super::{
    cast::{Deed, Line},
    troupe::{PLAIN, Reach, Role, Troupe},
};
use crate::{
    case::{Pace, Suite, TestCase, no_gates},
    event::TestEventType::{ActorCreated, MessageReceived, Observed, ReplyReceived, StateTransition},
    evidence::Evidence,
    judge::Judge,
    phase::MigrationPhase::ActorCore,
    stage::{DriveError, Driven, Stage},
};

pub(in super::super) const SUPERVISION_TREE: TestCase = TestCase {
    name: "test_actor_supervision_tree",
    phase: ActorCore,
    category: "lifecycle",
    summary: "Three levels start parents and dependencies first and stop in reverse; a failure takes along whom the \
              policy says, and goes up exactly its path.",
    pace: Pace::Virtual,
    suite: Some(Suite::Supervision),
    drive: |stage| Box::pin(supervision_tree(stage)),
    judge: |seen, judge| {
        judge_order(seen, judge);
        judge_groups(seen, judge);
        judge_escalation(seen, judge);
        let ends = seen.words(Observed, "system", "end");
        let fatal = "the system stopped: too many failures at root -> high -> low -> leaf";
        judge.same("SV-6", "how the systems ended", &["down", "down", fatal], &ends);
    },
    gates: no_gates,
};

async fn supervision_tree(stage: Stage) -> Driven {
    order(&stage).await?;
    groups(&stage).await?;
    escalation(&stage).await
}

/// The hooks of some actors, in the order in which they ran: whose, and which.
fn hooks<'a>(seen: Evidence<'a>, actors: &[&str]) -> Vec<(u64, (&'a str, &'a str))> {
    let all = seen.told(Observed, "hook").into_iter();
    all.filter(|(_, (actor, _))| actors.contains(actor)).collect()
}

/// The actors of the ordered tree in the order in which they must start, each with how many run at that moment: three
/// supervisors, and whoever came before.
const STARTS: [(&str, u64); 4] = [("states", 3), ("blocks", 4), ("engine", 5), ("api", 6)];

async fn order(stage: &Stage) -> Driven {
    let mut troupe = Troupe::new(stage, SupervisorSpec::default())?;
    troupe.supervisor("node", "root", SupervisorSpec::default())?;
    troupe.supervisor("storage", "node", SupervisorSpec::default())?;
    let below = |parent| Role { parent, ..Role::default() };
    let first = troupe.engage("blocks", below("storage"))?;
    let engine = troupe.engage("engine", Role { dependencies: &["blocks"], ..below("node") })?;
    let api = troupe.engage("api", Role { dependencies: &["engine"], ..Role::default() })?;
    let states = troupe.engage("states", below("storage"))?;
    // It comes anew, after those who depend on it: the order of registration is not the order of the start any more.
    troupe.system().stop("blocks").map_err(|error| DriveError::new("stop", error))?;
    let blocks = troupe.engage("blocks", below("storage"))?;
    drop(first);
    troupe.start("root")?;
    for reach in [&states, &blocks, &engine, &api] {
        reach.ask(Line::new("visitor", 1)).await;
    }
    // Who has no way to be reached any more would stop: they are kept until here.
    troupe.end().await
}

fn judge_order(seen: Evidence<'_>, judge: &mut Judge) {
    let names = STARTS.map(|(name, _)| name);
    let hooked = hooks(seen, &names);
    let starts = STARTS.iter().map(|(name, _)| (*name, "start"));
    let stops = STARTS.iter().rev().map(|(name, _)| (*name, "stop"));
    judge.same("LC-6", "hooks of the ordered tree", &starts.chain(stops).collect::<Vec<_>>(), &hooked);
    for (name, running) in STARTS {
        let ran = seen.counts(Observed, name, "running");
        judge.same(
            "LC-6",
            &format!("who ran when {name} started, and when it stopped"),
            &[running, running],
            &ran,
        );
    }
    judge.same(
        "LC-6",
        "answers of the ordered tree",
        &[2; 4],
        &seen.counts(ReplyReceived, "visitor", "answer"),
    );
}

/// Supervisors, each with its policy and its three children; the one in the middle fails.
const GROUPS: [(&str, Group, Deed, [&str; 3]); 3] = [
    ("for one", Group::OneForOne, Deed::Panic, ["a1", "a2", "a3"]),
    ("for all", Group::OneForAll, Deed::Fail, ["b1", "b2", "b3"]),
    ("for rest", Group::RestForOne, Deed::Panic, ["c1", "c2", "c3"]),
];

/// The hooks of each group from its start to its end. Whoever failed has no stop hook.
const GROUP_HOOKS: [&[(&str, &str)]; 3] = [
    &[("a1", "start"), ("a2", "start"), ("a3", "start"), ("a2", "restart")],
    &[
        ("b1", "start"),
        ("b2", "start"),
        ("b3", "start"),
        ("b3", "stop"),
        ("b1", "stop"),
        ("b1", "restart"),
        ("b2", "restart"),
        ("b3", "restart"),
    ],
    &[
        ("c1", "start"),
        ("c2", "start"),
        ("c3", "start"),
        ("c3", "stop"),
        ("c2", "restart"),
        ("c3", "restart"),
    ],
];

/// The last incarnation of each child, counted from 0.
const LAST: [[u64; 3]; 3] = [[0, 1, 0], [1, 1, 1], [0, 1, 1]];

async fn groups(stage: &Stage) -> Driven {
    let mut troupe = Troupe::new(stage, SupervisorSpec::default())?;
    let mut children: Vec<Reach> = Vec::new();
    for (name, group, _, names) in GROUPS {
        troupe.supervisor(name, "root", SupervisorSpec { group, ..SupervisorSpec::default() })?;
        for child in names {
            children.push(troupe.engage(child, Role { parent: name, ..Role::default() })?);
        }
    }
    troupe.start("root")?;
    for ((_, _, deed, names), reaches) in GROUPS.into_iter().zip(children.chunks(3)) {
        for reach in reaches {
            reach.ask(Line::new(names[0], 1)).await;
        }
        reaches[1].ask(Line::new(names[0], 2).with(deed)).await;
        stage.pass(Duration::from_millis(1)).await;
        for reach in reaches {
            reach.ask(Line::new(names[0], 3)).await;
        }
    }
    troupe.end().await
}

fn judge_groups(seen: Evidence<'_>, judge: &mut Judge) {
    for (((group, _, _, names), hooked), last) in GROUPS.into_iter().zip(GROUP_HOOKS).zip(LAST) {
        let stops = names.iter().rev().map(|name| (*name, "stop"));
        let expected: Vec<_> = hooked.iter().copied().chain(stops).collect();
        judge.same("SV-5", &format!("hooks of one {group}"), &expected, &hooks(seen, &names));
        for (name, last) in names.into_iter().zip(last) {
            let incarnations = seen.counts(ActorCreated, name, "incarnation");
            let expected: Vec<_> = (0..=last).collect();
            judge.same("SV-5", &format!("incarnations of {name}"), &expected, &incarnations);
            let failed = name == names[1];
            let got = seen.counts(MessageReceived, name, "got");
            let afresh = if last == 1 { 1 } else { 2 };
            let expected = if failed { vec![1, 2, afresh] } else { vec![1, afresh] };
            judge.same(
                "SV-8",
                &format!("how many messages each incarnation of {name} had got"),
                &expected,
                &got,
            );
            judge.same("SV-5", &format!("states of {name}"), went(failed, last), &states(seen, name));
        }
        let answers = seen.counts(ReplyReceived, names[0], "answer");
        judge.same("SV-2", &format!("answers of one {group}"), &[2, 2, 2, 6, 6, 6], &answers);
    }
}

/// The states of a child of a group.
fn went(failed: bool, last: u64) -> &'static [&'static str] {
    match (failed, last) {
        (true, _) => &["Starting", "Running", "Failed", "Recovering", "Running", "Stopping", "Stopped"],
        (false, 0) => &["Starting", "Running", "Stopping", "Stopped"],
        (false, _) => &["Starting", "Running", "Recovering", "Running", "Stopping", "Stopped"],
    }
}

fn states<'a>(seen: Evidence<'a>, name: &str) -> Vec<(u64, &'a str)> {
    seen.words(StateTransition, name, "to")
}

/// Grants nobody a restart; the root grants one.
const NONE: SupervisorSpec = SupervisorSpec { max_restarts: 0, ..PLAIN };
const ONE: SupervisorSpec = SupervisorSpec { max_restarts: 1, ..PLAIN };

/// Twice a leaf fails below two supervisors that restart nobody: once the root restarts the branch, then it is too much.
async fn escalation(stage: &Stage) -> Driven {
    let mut troupe = Troupe::new(stage, ONE)?;
    troupe.supervisor("high", "root", NONE)?;
    troupe.supervisor("low", "high", NONE)?;
    let leaf = troupe.engage("leaf", Role { parent: "low", ..Role::default() })?;
    let twig = troupe.engage("twig", Role { parent: "high", ..Role::default() })?;
    let beside = troupe.engage("beside", Role::default())?;
    troupe.start("root")?;
    leaf.ask(Line::new("driver", 0).with(Deed::Panic)).await;
    stage.pass(Duration::from_millis(1)).await;
    for reach in [&leaf, &twig, &beside] {
        reach.ask(Line::new("driver", 1)).await;
    }
    leaf.ask(Line::new("driver", 2).with(Deed::Fail)).await;
    troupe.end().await
}

/// Who decided what in the tree of escalation; everybody else is of the groups.
const DECIDED: [(&str, &str); 7] = [
    ("leaf", "Escalate"),
    ("low", "Escalate"),
    ("high", "Restart"),
    ("leaf", "Escalate"),
    ("low", "Escalate"),
    ("high", "Escalate"),
    ("root", "Stop"),
];

const BRANCH: [&str; 7] = ["Starting", "Running", "Failed", "Recovering", "Running", "Failed", "Stopped"];
const TWIG: [&str; 6] = ["Starting", "Running", "Recovering", "Running", "Stopping", "Stopped"];
const BESIDE: [&str; 4] = ["Starting", "Running", "Stopping", "Stopped"];

fn judge_escalation(seen: Evidence<'_>, judge: &mut Judge) {
    let in_the_groups = GROUPS.map(|(_, _, _, names)| names[1]);
    let decided = seen.told(Observed, "decided").into_iter();
    let decided =
        decided.map(|(event, (who, what))| (event, (who, what.split(' ').next().unwrap_or_default())));
    let (of_groups, of_branch): (Vec<_>, Vec<_>) =
        decided.partition(|(_, (who, _))| in_the_groups.contains(who));
    judge.same(
        "SV-1",
        "decisions about the groups",
        &in_the_groups.map(|name| (name, "Restart")),
        &of_groups,
    );
    judge.same("SV-6", "decisions on the way up", &DECIDED, &of_branch);
    for (name, expected) in
        [("leaf", &BRANCH[..]), ("low", &BRANCH), ("high", &BRANCH), ("twig", &TWIG), ("beside", &BESIDE)]
    {
        judge.same("SV-6", &format!("states of {name}"), expected, &states(seen, name));
    }
    for (name, incarnations) in [("leaf", 2_u64), ("twig", 2), ("beside", 1)] {
        let created = seen.count_from(ActorCreated, name);
        judge.equal("SV-6", &format!("incarnations of {name}"), incarnations, created);
    }
    let said = seen.from(ReplyReceived, "driver").map(|event| (event.event_id, event.words("error")));
    judge.same(
        "SV-1",
        "what askers of the branch were told",
        &["Failed", "", "", "", "Failed"],
        &said.collect::<Vec<_>>(),
    );
}
