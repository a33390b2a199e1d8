//! Seeds and traces: a failure is kept and comes back first, and a seed is a trace.

use std::{env, fs, process::Command};

use alys_properties::{
    counterexample::Origin,
    coverage::artifacts,
    machines,
    mailbox::{faulty, real, suites},
    planted,
    sequential::{self, Persistence, Seed, Stopped, Suite},
    showcase, sources, trace,
};

/// MB-2, MB-8: a planted fault is found, shrunk, saved as a seed and as a case; the next run replays the case first, and a run
/// without the case replays the seed, each before anything is generated; without the fault both pass, and a case that does
/// not reach what it was made for is stale.
///
/// Engine: sequential
#[test]
fn a_planted_fault_leaves_what_the_next_run_replays_first() {
    let file = artifacts().join("replay-of-a-planted-fault.txt");
    let cases = file.with_extension("cases");
    let _ = (fs::remove_file(&file), fs::remove_dir_all(&cases));
    let run = || {
        let kept = Persistence::At(file.clone());
        sequential::run::<faulty::hand::Hand>(&suites::BY_HAND, kept, Seed::Fixed)
    };
    let failing = || run().unwrap_err().counterexample().unwrap();
    let planted = planted::plant("last_waiter_first");
    let found = failing();
    let seeds = fs::read_to_string(&file).unwrap();
    let again = failing();
    let case = fs::read_dir(&cases).unwrap().next().unwrap().unwrap().path();
    let text = fs::read_to_string(&case).unwrap();
    fs::remove_file(&case).unwrap();
    let from_the_seed = failing();
    drop(planted);
    assert!(matches!(found.origin, Origin::Generated { cases: 1.., .. }), "{found}");
    assert!(seeds.lines().any(|line| line.starts_with("cc ") && line.contains("shrinks to")), "{seeds}");
    assert!(matches!(&again.origin, Origin::StoredCase(name) if name.starts_with("mb-2-")), "{again}");
    assert!(again.to_string().contains(".ron, made with alys-engines "), "{again}");
    assert_eq!((&again.steps, &from_the_seed.steps), (&found.steps, &found.steps));
    assert_eq!(from_the_seed.origin, Origin::StoredSeed);
    assert!(again.transitions().len() <= 8, "not shrunk: {again}");
    assert!(again.to_string().contains("replay: cargo test --release"), "no replay command: {again}");
    fs::write(&case, &text).unwrap();
    let passed = run().unwrap();
    assert_eq!((passed.replayed, passed.cases_held), (1, 1));
    fs::write(&case, text.replace("model: \"", "model: \"perhaps ")).unwrap();
    let stale = run().unwrap_err();
    assert!(
        matches!(&*stale, Stopped::Stale(why) if why[0].contains("nobody compares") && why[0].contains("; made with alys-engines ")),
        "{stale}"
    );
}

/// The one suite whose only planted fault has no case: what it does in one case shows in the next.
const WITHOUT: &str = "mailbox_pair";

/// MB-1, MB-2, MB-7, MB-9, OT-1, OT-3, OT-5, LC-1, SV-1, SV-5, SV-8, SV-9, SV-10: every stored case holds where nothing
/// is planted, and with the fault that it was made with, it breaks its rule at once.
///
/// Engine: sequential
#[test]
fn stored_cases_break_with_their_faults_and_hold_without() {
    for engine in machines::ENGINES {
        let suite = machines::with(engine, machines::NameOf).unwrap();
        let replayed = showcase::replay(suite).unwrap();
        assert!(!replayed.is_empty() || suite == WITHOUT, "suite `{suite}` has no stored case");
        replayed.iter().for_each(|case| assert!(case.is_as_expected(), "{case:?}"));
    }
}

/// MB-7: a replay of no suite says which there are, a case that names no fault says so, and one that holds with its fault is
/// not what is expected of it.
///
/// Engine: sequential
#[test]
fn a_replay_that_shows_nothing_is_no_pass() {
    let unknown = showcase::replay("mailbocks").unwrap_err().to_string();
    assert!(
        unknown.starts_with("no suite is called `mailbocks`") && unknown.contains("mailbox_actor"),
        "{unknown}"
    );
    let directory = artifacts().join("replay-of-a-wrong-case.cases");
    fs::create_dir_all(&directory).unwrap();
    let text = sources::read("proptest-regressions/cases/mailbox/last_waiter_first.ron");
    let named = |fault: &str| {
        fs::write(directory.join("wrong.ron"), text.replace("\"last_waiter_first\"", &format!("{fault:?}")))
            .unwrap();
        showcase::replay_in("mailbox", &directory)
    };
    assert!(named("last_waiter_first").unwrap()[0].is_as_expected());
    assert!(!named("lowest_lane_first").unwrap()[0].is_as_expected(), "another fault breaks another rule");
    let refused = named("typo").unwrap_err().to_string();
    assert!(refused.contains("wrong.ron: no planted fault is called `typo`"), "{refused}");
}

/// MB-2, MB-10: what the README shows of a planted fault is what its command prints.
///
/// Engine: sequential
#[test]
fn the_readme_shows_what_its_command_prints() {
    let readme = sources::read("README.md");
    let found = showcase::show("deadline_off_by_one").unwrap().to_string();
    assert!(readme.contains(found.trim_end()), "the README should show:\n{found}");
}

/// Where the second process leaves its trace.
const TRACE_FILE: &str = "ALYS_TRACE_FILE";

/// Everything that the adapters see in some cases of two suites.
fn trace_of_the_suites() -> String {
    let some = |suite: Suite| Suite { cases: 60, ..suite };
    let run = |ended: bool| assert!(ended, "a suite failed");
    trace::of(|| {
        let (hand, actor) = (some(suites::BY_HAND), some(suites::BY_ACTOR));
        run(sequential::run_exactly::<real::hand::Hand>(&hand, Seed::Fixed).is_ok());
        run(sequential::run_exactly::<real::actor::Drained>(&actor, Seed::Fixed).is_ok());
    })
}

/// MB-2, MB-3, MB-7: the same seed gives the same trace of answers, wake-ups, dead letters and counters, byte for byte,
/// twice in one process and once more in another.
///
/// Engine: sequential
#[test]
fn a_seed_is_a_trace_in_every_process() {
    let trace = trace_of_the_suites();
    if let Ok(file) = env::var(TRACE_FILE) {
        return fs::write(file, trace).unwrap();
    }
    assert!(trace.lines().count() > 5_000, "the trace has only {} lines", trace.lines().count());
    assert!(trace == trace_of_the_suites(), "two runs of one seed in one process differ");
    let file = artifacts().join("trace-of-another-process.txt");
    let test = "properties::replay::a_seed_is_a_trace_in_every_process";
    let other =
        Command::new(env::current_exe().unwrap()).args(["--exact", test]).env(TRACE_FILE, &file).output();
    assert!(other.unwrap().status.success(), "the other process failed");
    assert!(
        trace == fs::read_to_string(&file).unwrap(),
        "two processes differ on one seed: see {}",
        file.display()
    );
}
