//! A supervised system over loom: every interleaving of two threads that report, ask and look at the same moment.
//!
//! Each scenario ends in the same questions: is every history a chain that ends in the state of its node, does the census
//! count these states, and has every child the order that goes with its state; then in one of its own.

use std::{
    panic::resume_unwind,
    sync::{
        Arc as Untracked,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use loom::{sync::Arc, thread};

#[path = "on_loom_waits.rs"]
mod waits;

use crate::{
    interleavings,
    planted::Fault,
    scenarios::Broken,
    sequential::Kill,
    under_loom::{
        lifecycle::{LifecycleConfig, LifecycleState},
        mailbox::{Clock, Sleep, Time},
        supervision::{
            ChildSpec, Event, FailureReason, Group, IncarnationId, NodeId, Notice, Order, RestartStrategy,
            Signal, Supervision, SupervisionConfig, SupervisorSpec, Verdict,
        },
    },
    violation::{caught, check_eq, violated},
    wakes::CountingWaker,
};

/// A scenario, and the planted faults that it must refuse.
#[derive(Clone, Copy, Debug)]
pub struct Scenario {
    /// The fact that it is about.
    pub name: &'static str,
    run: fn(),
    /// Ids of planted faults, each of which makes it fail.
    pub refuses: &'static [&'static str],
}

/// Every scenario.
pub const SCENARIOS: &[Scenario] = &[
    Scenario { name: "one_failure_reported_twice", run: reported_twice, refuses: &["old_reports_heard"] },
    Scenario { name: "failure_and_stop", run: failure_and_stop, refuses: &["recorded_in_a_second_step"] },
    Scenario { name: "siblings_fail_together", run: siblings_fail, refuses: &["recorded_in_a_second_step"] },
    Scenario {
        name: "backoff_ends_and_stop",
        run: backoff_and_stop,
        refuses: &["recorded_in_a_second_step"],
    },
    Scenario { name: "started_and_stop", run: started_and_stop, refuses: &["recorded_in_a_second_step"] },
    Scenario { name: "the_last_grant", run: last_grant, refuses: &["recorded_in_a_second_step"] },
    Scenario {
        name: "the_earlier_backoff_is_armed",
        run: waits::earlier_backoff,
        refuses: &["timer_armed_late"],
    },
    Scenario {
        name: "the_timekeeper_hears_of_a_timer",
        run: waits::timekeeper,
        refuses: &["timer_read_too_early"],
    },
    Scenario { name: "the_end_is_heard_of", run: waits::end, refuses: &["end_waited_for_too_late"] },
    Scenario {
        name: "a_name_is_taken_over_while_it_is_stopped",
        run: waits::name_taken_over,
        refuses: &["node_found_too_early"],
    },
    Scenario {
        name: "a_call_and_a_look",
        run: call_and_look,
        refuses: &["looked_in_two_steps", "raised_in_two_steps", "calls_are_not_kept"],
    },
];

/// A clock that the model checker does not see: it stands still while threads run.
#[derive(Debug, Default)]
struct Standing(AtomicU64);

impl Clock for Standing {
    fn now(&self) -> Time {
        Time::from_nanos(self.0.load(Ordering::SeqCst))
    }

    fn sleep_until(&self, _: Time) -> Sleep {
        Box::pin(std::future::pending())
    }
}

/// A system with children that run, named by their numbers, and what their shells know.
struct System {
    supervision: Supervision,
    clock: Untracked<Standing>,
    children: Vec<(NodeId, IncarnationId)>,
}

fn system(group: Group, max_restarts: u32, children: &[RestartStrategy], running: bool) -> System {
    let clock = Untracked::new(Standing::default());
    let spec = SupervisorSpec { group, max_restarts, ..SupervisorSpec::default() };
    let lifecycle = LifecycleConfig { shards: 1, history_kept: 64 };
    let config = SupervisionConfig { spec, lifecycle, ..SupervisionConfig::default() };
    let supervision = must(Supervision::new(&config, clock.clone()));
    let add = |(child, restart): (usize, &RestartStrategy)| {
        let spec = ChildSpec { restart: *restart, ..ChildSpec::default() };
        must(supervision.add_child(&child.to_string(), "root", &[], &spec)).0
    };
    let nodes: Vec<NodeId> = children.iter().enumerate().map(add).collect();
    must(supervision.start("root"));
    let children = nodes.into_iter().map(|node| {
        let Some((incarnation, _)) = supervision.order(node) else { violated("SV-10", "nothing to start") };
        if running {
            must(supervision.handle(Event::Started(node, incarnation)));
        }
        (node, incarnation)
    });
    let children = children.collect();
    System { supervision, clock, children }
}

fn must<T, E: std::fmt::Display>(result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| violated("SV-9", format!("refused: {error}")))
}

impl System {
    fn fails(&self, child: usize) -> Event {
        let (node, incarnation) = self.children[child];
        Event::Ended(node, incarnation, Some(FailureReason::Erred("on purpose".to_owned())))
    }

    /// Runs two calls side by side.
    fn race(&self, one: impl Fn(&Supervision) + Send + 'static, other: impl Fn(&Supervision)) {
        let supervision = self.supervision.clone();
        let beside = thread::spawn(move || caught(|| one(&supervision)));
        let here = caught(|| other(&self.supervision));
        // Raised only now, when no thread is in the middle of a call.
        let there = beside.join().unwrap_or_else(|_| Err("a thread was taken back".to_owned()));
        if let Err(message) = here.and(there) {
            resume_unwind(Box::new(message));
        }
    }

    fn state(&self, child: usize) -> Option<LifecycleState> {
        self.supervision.registry().monitor().current_state(&child.to_string())
    }

    /// Whose restart was granted, and how many joined.
    fn granted(&self) -> (usize, usize) {
        let notices = self.supervision.take_notices().kept;
        let count = |wanted: fn(&Verdict) -> bool| {
            let decided =
                |notice: &&Notice| matches!(notice, Notice::Decided { verdict, .. } if wanted(verdict));
            notices.iter().filter(decided).count()
        };
        (count(|one| matches!(one, Verdict::Restart { .. })), count(|one| *one == Verdict::Join))
    }

    /// LC-2, LC-3, SV-9: what must hold whatever happened.
    fn check(&self) {
        let monitor = self.supervision.registry().monitor();
        let mut census = [0; LifecycleState::COUNT];
        for name in self.supervision.registry().start_order() {
            let Some(history) = monitor.history(&name) else { violated("LC-3", "somebody has no history") };
            census[history.state as usize] += 1;
            let mut state = LifecycleState::Uninitialized;
            for entry in history.transitions {
                check_eq("LC-3", "where a transition begins", &state, &entry.from);
                state = entry.to;
            }
            check_eq("LC-3", "where a history ends", &state, &history.state);
        }
        let counted = LifecycleState::ALL.map(|state| monitor.census().count(state));
        check_eq("LC-2", "the census", &census, &counted);
        for (child, (node, _)) in self.children.iter().enumerate() {
            let order = self.supervision.order(*node).map(|(_, order)| order);
            let fits = match self.state(child) {
                Some(LifecycleState::Running) => order == Some(Order::Run),
                Some(LifecycleState::Starting) => order == Some(Order::Start { first: true }),
                Some(LifecycleState::Stopping) => order == Some(Order::Stop),
                Some(LifecycleState::Recovering) => order != Some(Order::Run),
                _ => order.is_none(),
            };
            if !fits {
                violated("SV-9", format!("in {:?} a child has the order {order:?}", self.state(child)));
            }
        }
    }
}

fn reported_twice() {
    let system = system(Group::OneForOne, 9, &[RestartStrategy::Always], true);
    let (one, other) = (system.fails(0), system.fails(0));
    system.race(move |tree| must(tree.handle(one.clone())), |tree| must(tree.handle(other.clone())));
    system.check();
    check_eq("SV-9", "the restarts granted and joined", &(1, 0), &system.granted());
    check_eq("SV-9", "the state", &Some(LifecycleState::Recovering), &system.state(0));
}

fn failure_and_stop() {
    let system = system(Group::OneForOne, 9, &[RestartStrategy::Always], true);
    let fails = system.fails(0);
    system.race(move |tree| must(tree.handle(fails.clone())), |tree| must(tree.stop("0")));
    system.check();
    // Failed first: the new incarnation is to stop. Stopped first: the failure ended its stop hook.
    let state = system.state(0);
    if !matches!(state, Some(LifecycleState::Stopping | LifecycleState::Stopped)) {
        violated("SV-10", format!("a stopped child is in {state:?}"));
    }
}

fn siblings_fail() {
    let system = system(Group::OneForAll, 9, &[RestartStrategy::Always; 2], true);
    let (one, other) = (system.fails(0), system.fails(1));
    system.race(move |tree| must(tree.handle(one.clone())), |tree| must(tree.handle(other.clone())));
    system.check();
    check_eq("SV-5", "the restarts granted and joined", &(1, 0), &system.granted());
}

fn last_grant() {
    let system = system(Group::OneForOne, 1, &[RestartStrategy::Always; 2], true);
    let (one, other) = (system.fails(0), system.fails(1));
    system.race(move |tree| must(tree.handle(one.clone())), |tree| must(tree.handle(other.clone())));
    system.check();
    check_eq("SV-4", "the restarts granted", &1, &system.granted().0);
    let fatal = system.supervision.registry().monitor().current_state("root");
    check_eq("SV-6", "the state of the root", &false, &(fatal == Some(LifecycleState::Running)));
}

fn backoff_and_stop() {
    let delay = Duration::from_nanos(5);
    let system = system(Group::OneForOne, 9, &[RestartStrategy::FixedDelay { delay }], true);
    must(system.supervision.handle(system.fails(0)));
    system.clock.0.store(5, Ordering::SeqCst);
    system.race(|tree| must(tree.handle(Event::Tick)), |tree| must(tree.stop("0")));
    system.check();
    let state = system.state(0);
    if !matches!(state, Some(LifecycleState::Stopping | LifecycleState::Stopped)) {
        violated("SV-10", format!("a stopped child is in {state:?}"));
    }
}

fn started_and_stop() {
    let system = system(Group::OneForOne, 9, &[RestartStrategy::Always], false);
    let (node, incarnation) = system.children[0];
    let started = Event::Started(node, incarnation);
    system.race(move |tree| must(tree.handle(started.clone())), |tree| must(tree.stop("0")));
    system.check();
    check_eq("LC-1", "the state", &Some(LifecycleState::Stopping), &system.state(0));
}

fn call_and_look() {
    let signal = Arc::new(Signal::new());
    let (called, wakes) = (Arc::clone(&signal), CountingWaker::new());
    let caller = thread::spawn(move || called.raise());
    let heard = signal.look(&wakes.waker());
    drop(caller.join());
    if !heard && wakes.count() == 0 {
        violated("SV-10", "a call was lost");
    }
    check_eq(
        "SV-10",
        "whether the call is there or was heard",
        &true,
        &(heard || signal.look(&wakes.waker())),
    );
}

/// Explores every interleaving of a scenario, without a bound, and returns how many there were.
///
/// # Errors
///
/// The first execution that breaks a rule, or in which the code under test panics.
pub fn explore(scenario: &Scenario) -> Result<u64, Broken> {
    interleavings::explore(scenario.run)
}

/// Explores one scenario, without a word about panics of the code under test, and says how it failed, if it did.
#[must_use]
pub fn refuse(scenario: &Scenario) -> Option<Kill> {
    interleavings::quietly(|| explore(scenario)).map(|Broken { tried, message }| Kill {
        cases: u32::try_from(tried).unwrap_or(u32::MAX),
        message,
        steps: 2,
    })
}

/// Looks for the fault that is planted on this thread in the scenarios that name it.
#[must_use]
pub(super) fn hunt(fault: &Fault) -> Option<Kill> {
    SCENARIOS.iter().filter(|scenario| scenario.refuses.contains(&fault.id)).find_map(refuse)
}
