//! The planted faults of the actor lifecycle.

use super::{Engine, Fault, by, expression, statement};

const ACTOR: &str = "lifecycle/actor.rs";
const CENSUS: &str = "lifecycle/census.rs";
const CORE: &str = "lifecycle/core.rs";
const DEPENDENCIES: &str = "lifecycle/dependencies.rs";
const MONITOR: &str = "lifecycle/monitor.rs";
const REGISTRY: &str = "lifecycle/registry.rs";
const TABLE: &str = "lifecycle/table.rs";

/// Several faults each share these anchors.
const TARGET: &str = "row.map(|(_, _, to)| *to)";
const ALLOWED: &str = "TRANSITIONS.iter().any(|(state, _, target)| *state == from && *target == to)";
const ALIVE: &str = "former.filter(|state| !state.is_terminal())";
const REPORTED: &str = "self.shard(actor_id).lock().report(actor_id, from, to, reason, self.history_kept)";
const MADE: &str = "self.monitor.register(name)";

/// What the sequential suite must find.
const fn alone(fault: Fault) -> Fault {
    by(Engine::Lifecycle, fault)
}

/// What loom must find.
const fn raced(fault: Fault) -> Fault {
    by(Engine::Loom, fault)
}

/// In the order of the rules they break first.
pub(super) const FAULTS: &[Fault] = &[
    alone(expression(
        "extra_edge: a running actor may be reported as stopped without stopping",
        &["LC-1"],
        TABLE,
        ALLOWED,
        "(from == LifecycleState::Running && to == LifecycleState::Stopped) \
         || TRANSITIONS.iter().any(|(state, _, target)| *state == from && *target == to)",
    )),
    alone(expression(
        "self_loop: a state may be reported to lead to itself",
        &["LC-1"],
        TABLE,
        ALLOWED,
        "from == to || TRANSITIONS.iter().any(|(state, _, target)| *state == from && *target == to)",
    )),
    alone(expression(
        "missing_edge: a failed actor cannot be stopped",
        &["LC-1"],
        TABLE,
        TARGET,
        "row.filter(|_| from != LifecycleState::Failed || trigger != Trigger::Stop).map(|(_, _, to)| *to)",
    )),
    alone(expression(
        "stop_while_stopping: a stop cuts the stop hook short",
        &["LC-1"],
        TABLE,
        TARGET,
        "row.map(|(_, _, to)| *to).or((from == LifecycleState::Stopping && trigger == Trigger::Stop)\
         .then_some(LifecycleState::Stopped))",
    )),
    alone(expression(
        "stale_report_taken: a report is taken whatever state the actor is in",
        &["LC-1", "LC-2", "LC-3"],
        CORE,
        "current != from",
        "false",
    )),
    raced(expression(
        "fired_in_two_steps: a trigger looks at the state in one step and reports in a second",
        &["LC-1"],
        MONITOR,
        "self.shard(actor_id).lock().fire(actor_id, trigger, reason, self.history_kept)",
        "match self.current_state(actor_id).map(|from| (from, super::table::next(from, trigger))) {
            Some((from, Ok(to))) => self.record_transition(actor_id, from, to, reason).map(|()| to),
            Some((_, Err(refused))) => Err(LifecycleError::Refused { actor: actor_id.to_owned(), refused }),
            None => Err(super::core::unknown(actor_id)),
        }",
    )),
    alone(statement(
        "refused_report_counted: a stale report changes the census",
        &["LC-2", "LC-1"],
        CORE,
        "return Err(LifecycleError::Stale { actor: name.to_owned(), from, to, current });",
        "self.census.enter(to); return Err(LifecycleError::Stale { actor: name.to_owned(), from, to, current });",
    )),
    alone(statement(
        "wrong_counter_falls: the state that is entered is counted down, below zero if need be",
        &["LC-2"],
        CORE,
        "self.census.leave(from);",
        "self.census.leave(to);",
    )),
    alone(statement(
        "former_still_counted: who makes way for a new actor of the name stays in the census",
        &["LC-2"],
        CORE,
        "if let Some(state) = former {\n            self.census.leave(state);\n        }",
        "",
    )),
    alone(statement(
        "removed_still_counted: an actor that was removed stays in the census",
        &["LC-2"],
        CORE,
        "self.census.leave(state);\n                self.actors.remove(name);",
        "self.actors.remove(name);",
    )),
    alone(statement(
        "shards_not_added: a census is the largest part of it",
        &["LC-2"],
        CENSUS,
        "*sum += more;",
        "*sum = more.max(*sum);",
    )),
    raced(expression(
        "census_shard_by_shard: a census reads one shard after the other",
        &["LC-2"],
        MONITOR,
        "held.iter().fold(Census::default(), |sum, core| sum.plus(&core.census))",
        "{ drop(held); self.shards.iter().fold(Census::default(), |sum, shard| sum.plus(&shard.lock().census)) }",
    )),
    raced(expression(
        "census_of_late_transitions: the census follows the state in a second step",
        &["LC-2"],
        MONITOR,
        REPORTED,
        "{
            let mut core = self.shard(actor_id).lock();
            let before = core.census;
            let done = core.report(actor_id, from, to, reason, self.history_kept);
            let after = std::mem::replace(&mut core.census, before);
            drop(core);
            self.shard(actor_id).lock().census = after;
            done
        }",
    )),
    raced(expression(
        "checked_in_a_first_step: a report is compared with the state in one step and made in a second",
        &["LC-3", "LC-1"],
        MONITOR,
        REPORTED,
        "{
            let seen = self.current_state(actor_id);
            let mut core = self.shard(actor_id).lock();
            let now = core.state(actor_id).unwrap_or(from);
            let from = if seen == Some(from) { now } else { from };
            core.report(actor_id, from, to, reason, self.history_kept)
        }",
    )),
    raced(expression(
        "history_in_two_steps: a history is older than the state it ends in",
        &["LC-3"],
        MONITOR,
        "self.shard(actor_id).lock().get(actor_id).map(|actor| actor.history())",
        "{
            let history = self.shard(actor_id).lock().get(actor_id).map(|actor| actor.history());
            let state = self.current_state(actor_id);
            history.zip(state).map(|(history, state)| ActorHistory { state, ..history })
        }",
    )),
    alone(statement(
        "newest_dropped: a full history drops the entry that is new",
        &["LC-3"],
        ACTOR,
        "self.kept.pop_front();",
        "self.kept.pop_back();",
    )),
    alone(expression(
        "one_entry_too_many: a history is longer than configured",
        &["LC-3"],
        ACTOR,
        "self.kept.len() > kept_max",
        "self.kept.len() > kept_max + 1",
    )),
    alone(expression(
        "numbers_start_again: entries are numbered by those that are kept",
        &["LC-3"],
        ACTOR,
        "StateTransition { from, to, reason, sequence: self.made }",
        "StateTransition { from, to, reason, sequence: self.kept.len() as u64 }",
    )),
    alone(statement(
        "history_outlives_its_actor: a new actor goes on with the history of the stopped one",
        &["LC-3", "LC-5"],
        CORE,
        "self.actors.insert(name.to_owned(), Actor::new());",
        "self.actors.entry(name.to_owned()).or_insert_with(Actor::new).state = LifecycleState::Uninitialized;",
    )),
    alone(expression(
        "dropped_entries_forgiven: a history is verified by what is left of it",
        &["LC-3"],
        ACTOR,
        "self.made == self.kept.len() as u64",
        "true",
    )),
    alone(expression(
        "second_replaces_first: a name in use is given away",
        &["LC-5"],
        CORE,
        ALIVE,
        "None::<LifecycleState>",
    )),
    alone(expression(
        "name_never_free: the name of a stopped actor stays taken",
        &["LC-5"],
        CORE,
        ALIVE,
        "former",
    )),
    alone(expression(
        "name_free_too_early: the name of a failed actor is given away",
        &["LC-5"],
        CORE,
        ALIVE,
        "former.filter(|state| !state.is_terminal() && *state != LifecycleState::Failed)",
    )),
    alone(expression(
        "refused_declaration_kept: a refused registration replaces the dependencies of the first",
        &["LC-5", "LC-6"],
        REGISTRY,
        MADE,
        "{ registered.insert(name, dependencies); self.monitor.register(name) }",
    )),
    raced(expression(
        "order_written_late: a name is taken before it has its place in the order",
        &["LC-5", "LC-6"],
        REGISTRY,
        "registered.insert(name, dependencies)",
        "{ drop(registered); self.dependencies.lock().insert(name, dependencies) }",
    )),
    raced(expression(
        "registered_in_two_steps: another registration passes between the look for a cycle and its own",
        &["LC-6"],
        REGISTRY,
        MADE,
        "{ drop(registered); registered = self.dependencies.lock(); self.monitor.register(name) }",
    )),
    raced(expression(
        "removed_in_two_steps: a registration passes between the look for dependents and the removal",
        &["LC-6"],
        REGISTRY,
        "self.monitor.forget(name)",
        "{ drop(registered); registered = self.dependencies.lock(); self.monitor.forget(name) }",
    )),
    alone(expression(
        "self_dependency_unnoticed: an actor may depend on itself",
        &["LC-6"],
        DEPENDENCIES,
        "last == name",
        "last == name && path.len() > 2",
    )),
    alone(expression(
        "cycle_of_three_unnoticed: a longer cycle than two is not found",
        &["LC-6"],
        DEPENDENCIES,
        "seen.insert(last)",
        "path.len() < 3 && seen.insert(last)",
    )),
    alone(expression(
        "a_cycle_is_named: the cycle that is named is not a shortest one",
        &["LC-6"],
        DEPENDENCIES,
        "paths.pop_front()",
        "paths.pop_back()",
    )),
    alone(expression(
        "unknown_dependency_taken: a dependency may be unknown",
        &["LC-6"],
        DEPENDENCIES,
        "dependency == name || self.of(dependency).is_some()",
        "dependency == name || dependency.len() > 5 || self.of(dependency).is_some()",
    )),
    alone(expression(
        "latest_first: of those that may come next, the one registered last does",
        &["LC-6"],
        DEPENDENCIES,
        "ready.pop()",
        "{
            let all: Vec<_> = ready.drain().collect();
            let last = all.iter().map(|place| place.0).max();
            ready.extend(all.into_iter().filter(|place| Some(place.0) != last));
            last.map(Reverse)
        }",
    )),
    alone(statement(
        "stop_order_not_reversed: actors stop in the order of their start",
        &["LC-6"],
        REGISTRY,
        "order.reverse();",
        "",
    )),
    alone(expression(
        "needed_actor_removed: an actor that others depend on is removed",
        &["LC-6"],
        REGISTRY,
        "!dependents.is_empty()",
        "false",
    )),
];
