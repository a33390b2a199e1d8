//! What holds of the scenarios, from their events alone.

use super::{
    ground::is_cut,
    record::{GROUNDS, of},
    scenario::{Goal, Scenario, Step},
};
use crate::{
    event::{
        TestEvent,
        TestEventType::{FailureInjected, MessageReceived, NetworkEvent, Observed},
    },
    evidence::Evidence,
    judge::Judge,
};

/// What must not have happened to messages, and the rule that forbids it.
const BROKEN: [(&str, &str); 5] = [
    ("NW-1", "duplicates"),
    ("NW-1", "forged"),
    ("NW-1", "strangers"),
    ("NW-1", "malformed"),
    ("NW-2", "crossings"),
];

/// What both networks must bring every node to.
const COMPARED: [&str; 7] = ["height", "root", "finalised", "says", "connected", "due", "heard"];

/// Judges each scenario on both networks, and both beside each other.
pub(super) fn all(seen: Evidence<'_>, judge: &mut Judge, scenarios: &[Scenario]) {
    for scenario in scenarios {
        for ground in GROUNDS {
            goals(seen, judge, scenario, ground);
            messages(seen, judge, scenario, ground);
            nodes(seen, judge, scenario, ground);
        }
        alike(seen, judge, scenario);
    }
}

/// Each goal came as often as the scenario waits for it.
fn goals(seen: Evidence<'_>, judge: &mut Judge, scenario: &Scenario, ground: &str) {
    let mut goals: Vec<Goal> = Vec::new();
    let awaited = || {
        scenario.steps.iter().filter_map(|step| if let Step::Until(goal) = step { Some(*goal) } else { None })
    };
    for goal in awaited() {
        if !goals.iter().any(|other| other.name() == goal.name()) {
            goals.push(goal);
        }
    }
    for goal in goals {
        let who = of(scenario, ground, goal.name());
        let kind = if matches!(goal, Goal::Harmed(_)) { FailureInjected } else { NetworkEvent };
        let held = seen.from(kind, &who).filter(|event| event.count("held") == Some(1)).count();
        let wanted = awaited().filter(|other| other.name() == goal.name()).count();
        judge.equal(goal.rule(), &who, wanted, held);
    }
}

fn messages(seen: Evidence<'_>, judge: &mut Judge, scenario: &Scenario, ground: &str) {
    let who = of(scenario, ground, "messages");
    let found = seen.from(MessageReceived, &who).last();
    for (rule, what) in BROKEN {
        let count = found.and_then(|event| event.count(what));
        // What was not counted is no zero.
        judge.equal(rule, &format!("{who}: {what}"), 0_u64, count.unwrap_or(u64::MAX));
    }
}

/// The nodes that run in the end, by their numbers.
fn running(scenario: &Scenario) -> impl Iterator<Item = usize> {
    let mut running = std::collections::BTreeSet::new();
    for step in scenario.steps {
        match step {
            Step::Start(node, _) => drop(running.insert(*node)),
            Step::Leave(node) => drop(running.remove(node)),
            _ => {}
        }
    }
    running.into_iter()
}

fn end<'a>(seen: Evidence<'a>, scenario: &Scenario, ground: &str, node: usize) -> Option<&'a TestEvent> {
    seen.from(Observed, &of(scenario, ground, format!("node {node}"))).last()
}

/// With whom a node is connected in the end, when all is well.
fn neighbours(scenario: &Scenario, node: usize) -> String {
    let may_meet = |other: &usize| if scenario.in_line { node.abs_diff(*other) == 1 } else { node != *other };
    let neighbours: Vec<_> = running(scenario).filter(may_meet).map(|other| other.to_string()).collect();
    neighbours.join(" ")
}

/// What a node should have heard in the end, by the steps alone: whatever others said since it started last, and could come to it. Things
/// that are said are numbered in their order; a list that is empty is a dash.
fn due(scenario: &Scenario, node: usize) -> String {
    let (mut due, mut said, mut groups) = (Vec::new(), 0_u64, None);
    for step in scenario.steps {
        match *step {
            Step::Start(one, _) if one == node => due.clear(),
            Step::Partition(parts) => groups = Some(parts),
            Step::Heal => groups = None,
            Step::Say(by, count) => {
                let comes = by != node && groups.is_none_or(|parts| !is_cut(parts, by, node));
                due.extend((said..said + count).filter(|_| comes).map(|number| number.to_string()));
                said += count;
            }
            _ => {}
        }
    }
    if due.is_empty() { "-".to_owned() } else { due.join(" ") }
}

/// Each node has the tip, is connected with all that it may meet, and has heard what it should.
fn nodes(seen: Evidence<'_>, judge: &mut Judge, scenario: &Scenario, ground: &str) {
    let chain = seen.from(Observed, &of(scenario, ground, "chain")).last();
    let grown: u64 =
        scenario.steps.iter().map(|step| if let Step::Grow(_, blocks) = step { *blocks } else { 0 }).sum();
    judge.equal(
        "NW-2",
        &of(scenario, ground, "height of the chain"),
        grown,
        chain.and_then(|event| event.count("height")).unwrap_or_default(),
    );
    for node in running(scenario) {
        let who = of(scenario, ground, format!("node {node}"));
        let words = |key| end(seen, scenario, ground, node).map_or("not seen", |event| event.words(key));
        let root = chain.map_or("not made", |event| event.words("root"));
        judge.equal("NW-2", &format!("{who}: tip"), root, words("root"));
        judge.equal("NW-2", &format!("{who}: says"), "Synced", words("says"));
        judge.equal(
            "NW-3",
            &format!("{who}: connected with"),
            neighbours(scenario, node),
            words("connected"),
        );
        let due = due(scenario, node);
        judge.equal("NW-1", &format!("{who}: due"), due.as_str(), words("due"));
        judge.equal("NW-1", &format!("{who}: heard"), due.as_str(), words("heard"));
    }
}

/// Both networks have brought each node to the same end.
fn alike(seen: Evidence<'_>, judge: &mut Judge, scenario: &Scenario) {
    for node in running(scenario) {
        let [one, other] = GROUNDS.map(|ground| end(seen, scenario, ground, node));
        let shown = |event: Option<&TestEvent>| {
            let of = |key: &&str| {
                let value = event.and_then(|event| event.get(key));
                format!("{key} {}", value.map_or_else(|| "not seen".to_owned(), ToString::to_string))
            };
            COMPARED.iter().map(of).collect::<Vec<_>>().join(", ")
        };
        let who = format!("{}: node {node} on both networks", scenario.name);
        judge.equal("NW-4", &who, shown(one), shown(other));
    }
}
