//! The engine, held to what it promises on a toy: a counter that may forget an addition.

use shuttle::{sync::Mutex, thread};

use std::path::Path;

use super::*;
use crate::cases::{Case, Verdict};
use crate::linearizability::{self, Recorder, SequentialSpec};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
enum Act {
    Add,
    Read,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Sum(u64);

impl SequentialSpec for Sum {
    type Call = Act;
    type Return = u64;

    fn apply(&mut self, call: &Act) -> u64 {
        self.0 += u64::from(*call == Act::Add);
        self.0
    }
}

/// Adds under one lock, or under two when `TORN`; a program without branches when `IDLE`.
struct Counter<const TORN: bool, const IDLE: bool>;

fn act<const TORN: bool>(counter: &Mutex<u64>, act: Act) -> u64 {
    let locked = || counter.lock().expect("nobody panics with the lock");
    match act {
        Act::Read => *locked(),
        Act::Add if TORN => {
            let before = *locked();
            *locked() = before + 1;
            before + 1
        }
        Act::Add => {
            let mut counter = locked();
            *counter += 1;
            *counter
        }
    }
}

impl<const TORN: bool, const IDLE: bool> Racing for Counter<TORN, IDLE> {
    type Parameters = ();
    type Action = Act;

    const SUITE: &'static str = "toy_counter";
    const TEST_PATH: &'static str = "properties::toy";

    fn program(seed: u64) -> Program<(), Act> {
        let branch = |thread: u64| {
            (0..3).map(move |nth| if (seed >> (thread + nth)) & 1 == 0 { Act::Add } else { Act::Read })
        };
        let branches =
            if IDLE { Vec::new() } else { (0..3).map(|thread| branch(thread).collect()).collect() };
        Program { parameters: (), prefix: vec![Act::Add, Act::Read], branches }
    }

    fn small() -> Vec<Program<(), Act>> {
        let two = vec![vec![Act::Add], vec![Act::Add]];
        if IDLE { Vec::new() } else { vec![Program { parameters: (), prefix: Vec::new(), branches: two }] }
    }

    fn run(program: &Arc<Program<(), Act>>) -> Result<Ran, Unexplained> {
        let (counter, log) = (Arc::new(Mutex::new(0)), Arc::new(Recorder::new()));
        let calls = |thread: usize, acts: Vec<Act>| {
            let (counter, log) = (Arc::clone(&counter), Arc::clone(&log));
            move || {
                for one in acts {
                    log.call(thread, one, || act::<TORN>(&counter, one), |told| *told);
                }
            }
        };
        calls(0, program.prefix.clone())();
        let branches = program.branches.iter().enumerate();
        let threads: Vec<_> =
            branches.map(|(index, acts)| thread::spawn(calls(index + 1, acts.clone()))).collect();
        threads.into_iter().for_each(|thread| thread.join().expect("nobody panics"));
        let history = log.take();
        match linearizability::check(Sum(0), &history) {
            Ok(_) => Ok(ran(&history)),
            Err(error) => Err(Unexplained {
                message: "OT-2: no order explains it".to_owned(),
                history: shown(&history, &error),
            }),
        }
    }
}

type Sound = Counter<false, false>;
type Torn = Counter<true, false>;

const PLAN: Plan = Plan { seed: 0, programs: 40, schedules: 20 };

/// The schedules of two additions side by side.
const SOUND: u64 = 51;

#[test]
fn a_sound_component_is_explained_and_a_seed_is_its_histories() {
    let explored = explore::<Sound>(&PLAN).unwrap_or_else(|found| panic!("{:?}", found.unexplained));
    assert_eq!((explored.programs, explored.schedules), (40, 40 * 2 * 20));
    assert!(explored.overlaps > 1_000, "{explored:?}");
    assert_eq!(explored.check(), Ok(()));
    let again = explore::<Sound>(&PLAN).map_err(|_| ()).unwrap();
    assert_eq!(again, explored);
    let other = explore::<Sound>(&Plan { seed: 1_000, ..PLAN }).map_err(|_| ()).unwrap();
    assert_ne!(other.digest, explored.digest);
}

#[test]
fn a_torn_addition_is_found_shrunk_and_replayed() {
    let found = explore::<Torn>(&PLAN).map(drop).unwrap_err();
    assert_eq!(found.program.prefix, []);
    let mut branches = found.program.branches.clone();
    branches.retain(|branch| !branch.is_empty());
    assert_eq!(branches, [[Act::Add], [Act::Add]], "two additions are enough");
    assert!((1..=2).contains(&found.switches.0.len()), "{}", found.switches);
    let (made, broken) = replay::<Torn>(&found.program, &found.switches);
    assert_eq!((&made, broken.as_ref()), (&found.switches, Some(&found.unexplained)));
    assert_eq!(replay::<Sound>(&found.program, &found.switches).1, None);
    let told = found.counterexample("shuttle");
    assert_eq!(told.schedule.len(), found.switches.0.len());
    assert!(told.to_string().contains("the longest order that the model follows: ["), "{told}");
}

#[test]
fn a_case_keeps_the_program_and_its_schedule() {
    let found = explore::<Torn>(&PLAN).map(drop).unwrap_err();
    let text = crate::cases::text(&case_of(&found)).unwrap();
    let case = crate::cases::parse(Path::new("a.ron"), &text, "toy_counter").unwrap();
    let Verdict::Broken(again) = verdict_of::<Torn>(&case) else { panic!("it does not break again") };
    assert_eq!(again.message, found.unexplained.message);
    assert_eq!(again.concurrent, Some(found.unexplained.history));
}

/// A reason with the version of what made the case.
fn made(why: &str) -> String {
    format!("{why}; made with alys-engines {}", env!("CARGO_PKG_VERSION"))
}

fn verdict_of<R: Racing<Parameters = (), Action = Act>>(case: &Case<(), Act>) -> Verdict {
    verdict::<R>(Path::new("a.ron"), case).unwrap()
}

#[test]
fn a_case_that_reaches_its_order_holds_and_one_that_does_not_is_stale() {
    // Two reads beside each other, as they would be stored had they failed: the order is that of this very schedule.
    let program =
        Program { parameters: (), prefix: Vec::new(), branches: vec![vec![Act::Read], vec![Act::Read]] };
    let mut found = explore::<Torn>(&PLAN).map(drop).unwrap_err();
    let case = Case { branches: program.branches.clone(), schedule: Some(String::new()), ..case_of(&found) };
    let stale = verdict_of::<Sound>(&case);
    assert_eq!(stale, Verdict::Stale(made("the order in which calls begin and end is another one")));
    let call = |thread, invoked| Call {
        thread,
        call: "Read".to_owned(),
        invoked,
        returned: Some((invoked + 1, "0".to_owned())),
    };
    found.unexplained.history.calls = vec![call(1, 1), call(2, 3)];
    let case = Case { branches: program.branches, schedule: Some(String::new()), ..case_of(&found) };
    assert_eq!(verdict_of::<Sound>(&case), Verdict::Holds);
}

#[test]
fn what_is_no_program_with_a_schedule_is_no_pass() {
    let case = case_of(&explore::<Torn>(&PLAN).map(drop).unwrap_err());
    let refused = |case: &Case<(), Act>| verdict::<Sound>(Path::new("a.ron"), case).unwrap_err().to_string();
    let wrong = Case { schedule: Some("12-1".to_owned()), ..case.clone() };
    assert_eq!(
        refused(&wrong),
        "a.ron: the schedule is \"12-1\", allowed are switches such as \"12>1 20>0\""
    );
    assert!(refused(&Case { schedule: None, ..case.clone() }).contains("the schedule is \"none\""));
    assert_eq!(
        refused(&Case { branches: Vec::new(), ..case }),
        "a.ron: there are no branches, allowed is at least one"
    );
}

#[test]
fn a_stale_schedule_is_followed_as_far_as_it_goes_and_then_searched_for() {
    let mut found = explore::<Torn>(&PLAN).map(drop).unwrap_err();
    found.switches = Switches(vec![Switch { at: 5_000, to: 1 }]);
    assert!(matches!(verdict_of::<Torn>(&case_of(&found)), Verdict::Broken(_)));
    let stale = verdict_of::<Sound>(&case_of(&found));
    assert_eq!(stale, Verdict::Stale(made("of its schedule `5000>1` only `` could be made")));
}

#[test]
fn rounds_go_on_with_the_programs_that_come_next() {
    let (half, quarter) = (Plan { programs: 20, ..PLAN }, Plan { programs: 10, ..PLAN });
    let explored = |plan: &Plan| explore::<Sound>(plan).map_err(|_| ()).unwrap();
    let (whole, one, other) = (explored(&half), explored(&quarter), explored(&quarter.next()));
    let both = one.and(&other);
    assert_eq!((both.programs, both.schedules), (whole.programs, whole.schedules));
    assert_eq!(both.enumerated, whole.enumerated);
    assert_eq!(Plan { seed: u64::MAX, ..quarter }.next().seed, 9);
}

#[test]
fn small_programs_are_run_under_every_schedule() {
    let small = Plan { programs: 0, ..PLAN };
    let explored = explore::<Sound>(&small).map_err(|_| ()).unwrap();
    assert_eq!((explored.programs, explored.schedules), (0, 0));
    assert_eq!((explored.enumerated, explored.cut_short, explored.enumerated_schedules), (1, 0, SOUND));
    assert_eq!(explored.check_enumerated(), Ok(()));
    let found = explore::<Torn>(&small).map(drop).unwrap_err();
    assert!(found.tried > 1, "the first schedule of all runs one thread after the other");
}

#[test]
fn a_program_of_too_many_schedules_was_not_run_under_all() {
    let mut explored = Explored::default();
    assert!(run::enumerate::<Sound>(Sound::program(0), &mut explored).is_ok());
    assert_eq!((explored.enumerated, explored.cut_short), (0, 1));
    let unmet = explored.check_enumerated().unwrap_err().to_string();
    assert_eq!(unmet, "0 small programs were run under every schedule, and 1 have more than 20000");
    let none = explore::<Counter<false, true>>(&PLAN).map_err(|_| ()).unwrap();
    assert_eq!(none.check_enumerated(), Err(Unmet::NotEnumerated { enumerated: 0, cut_short: 0 }));
}

#[test]
fn where_nothing_is_concurrent_nothing_is_said() {
    let explored = explore::<Counter<true, true>>(&PLAN).map_err(|_| ()).unwrap();
    let unmet = explored.check().unwrap_err();
    assert!(unmet.to_string().ends_with("no two calls overlapped: nothing was concurrent"), "{unmet}");
}

#[test]
fn switches_are_read_as_they_are_written() {
    let switches = Switches(vec![Switch { at: 12, to: 1 }, Switch { at: 20, to: 0 }]);
    assert_eq!(switches.to_string(), "12>1 20>0");
    assert_eq!(Switches::parse("12>1 20>0"), Some(switches));
    assert_eq!((Switches::parse(""), Switches::parse("12-1")), (Some(Switches::default()), None));
}
