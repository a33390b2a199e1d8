//! The scenarios that loom explores: two threads, two or three calls each, one fact.

use alys_models::lifecycle::{LifecycleTransition, ModelState, ModelTrigger};

use super::history::Script;

/// A scenario, and the planted faults that it must refuse.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The fact that it is about.
    pub name: &'static str,
    /// What the threads do.
    pub script: Script,
    /// Ids of planted faults, each of which makes it fail.
    pub refuses: &'static [&'static str],
}

fn register(actor: u8, dependencies: &[u8]) -> LifecycleTransition {
    LifecycleTransition::Register { actor, dependencies: dependencies.to_vec() }
}

fn fire(actor: u8, trigger: ModelTrigger) -> LifecycleTransition {
    LifecycleTransition::Fire { actor, trigger, reason: None }
}

fn report(actor: u8, from: ModelState, to: ModelState) -> LifecycleTransition {
    LifecycleTransition::Report { actor, from, to, reason: None }
}

const CENSUS: LifecycleTransition = LifecycleTransition::Census;
const HISTORY: LifecycleTransition = LifecycleTransition::History { actor: 0 };

type Calls = Vec<LifecycleTransition>;

fn scenario(
    name: &'static str,
    before: Calls,
    one: Calls,
    other: Calls,
    refuses: &'static [&'static str],
) -> Scenario {
    Scenario { name, script: Script { before, threads: vec![one, other] }, refuses }
}

/// Returns every scenario.
#[must_use]
pub fn scenarios() -> Vec<Scenario> {
    [of_one_actor(), of_two_actors(), of_names()].concat()
}

fn of_one_actor() -> Vec<Scenario> {
    use ModelState::{Failed, Recovering, Running, Starting, Stopping};
    let started = || vec![register(0, &[]), fire(0, ModelTrigger::Start)];
    vec![
        scenario(
            "reports_race_from_one_state",
            started(),
            vec![report(0, Starting, Running), report(0, Running, Stopping)],
            vec![report(0, Starting, Failed), report(0, Failed, Recovering)],
            &["checked_in_a_first_step"],
        ),
        scenario(
            "the_same_reports_race",
            started(),
            vec![report(0, Starting, Running), report(0, Running, Failed)],
            vec![report(0, Starting, Running), report(0, Running, Stopping)],
            &["checked_in_a_first_step"],
        ),
        scenario(
            "a_stop_meets_a_failure",
            [started(), vec![fire(0, ModelTrigger::Started)]].concat(),
            vec![fire(0, ModelTrigger::Stop), fire(0, ModelTrigger::StopFinished)],
            vec![fire(0, ModelTrigger::HandlerFailed), fire(0, ModelTrigger::RestartGranted)],
            &["fired_in_two_steps"],
        ),
        scenario(
            "a_history_is_one_moment",
            started(),
            vec![report(0, Starting, Running), report(0, Running, Failed)],
            vec![HISTORY, HISTORY],
            &["history_in_two_steps"],
        ),
    ]
}

fn of_two_actors() -> Vec<Scenario> {
    use ModelState::{Running, Starting, Uninitialized};
    let two = || vec![register(0, &[]), register(1, &[])];
    vec![
        // Back at the first actor: whichever shard is read first, its actor can be seen before the other's moved.
        scenario(
            "a_census_is_one_moment_of_two_actors",
            two(),
            vec![
                report(0, Uninitialized, Starting),
                report(1, Uninitialized, Starting),
                report(0, Starting, Running),
            ],
            vec![CENSUS, CENSUS],
            &["census_shard_by_shard"],
        ),
        scenario(
            "a_census_is_as_late_as_a_history",
            two(),
            vec![report(0, Uninitialized, Starting), report(0, Starting, Running)],
            vec![HISTORY, CENSUS],
            &["census_of_late_transitions"],
        ),
    ]
}

fn of_names() -> Vec<Scenario> {
    let stop = |actor| fire(actor, ModelTrigger::Stop);
    let stopped = || vec![register(0, &[]), register(1, &[]), stop(0), stop(1)];
    vec![
        scenario(
            "one_name_is_registered_twice",
            vec![register(1, &[])],
            vec![register(0, &[]), stop(0)],
            vec![register(0, &[1]), LifecycleTransition::StartOrder],
            &["order_written_late"],
        ),
        scenario(
            "two_halves_of_a_cycle_race",
            stopped(),
            vec![register(0, &[1]), CENSUS],
            vec![register(1, &[0]), CENSUS],
            &["registered_in_two_steps"],
        ),
        scenario(
            "a_dependency_is_removed_while_it_is_declared",
            vec![register(0, &[]), stop(0)],
            vec![register(1, &[0])],
            vec![LifecycleTransition::Remove { actor: 0 }],
            &["removed_in_two_steps"],
        ),
    ]
}
