//! Seeds and traces: a failure is kept and comes back first, and a seed is a trace.

use std::{env, fs, process::Command};

use alys_properties::{
    coverage::artifacts,
    mailbox::{faulty, real, suites},
    planted,
    sequential::{self, Persistence, Seed, Suite},
    trace,
};

/// MB-8: a planted fault is found, shrunk, saved as a seed with the shrunk transitions, and replayed first by the next
/// run, which generates nothing before it fails; without the fault the stored seed passes.
///
/// Engine: sequential
#[test]
fn a_planted_fault_leaves_a_seed_that_the_next_run_replays_first() {
    let file = artifacts().join("replay-of-a-planted-fault.txt");
    let _ = fs::remove_file(&file);
    let run = || {
        let kept = Persistence::At(file.clone());
        sequential::run::<faulty::hand::Hand>(&suites::BY_HAND, kept, Seed::Fixed)
    };
    let planted = planted::plant("last_waiter_first");
    let found = run().unwrap_err();
    let seeds = fs::read_to_string(&file).unwrap();
    let again = run().unwrap_err();
    drop(planted);
    assert!(found.generated_cases > 0 && !found.from_stored_seed, "{found}");
    assert!(seeds.lines().any(|line| line.starts_with("cc ") && line.contains("shrinks to")), "{seeds}");
    assert!(again.from_stored_seed && again.generated_cases == 0, "{again}");
    assert_eq!(again.transitions, found.transitions);
    assert!(again.transitions.len() <= 8, "not shrunk: {again}");
    assert!(again.to_string().contains("cargo test --release"), "no replay command: {again}");
    let passed = run().unwrap();
    assert_eq!(passed.replayed, 1);
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
