//! A plan that fails is kept, made simple, told and comes back first.

use std::fs;

use alys_engines::counterexample::{Counterexample, Origin};
use alys_engines::coverage::artifacts;
use alys_engines::sequential::{Persistence, Seed, Stopped, announce};
use alys_sync_properties::faulty::{drawn, plan_simpler, plan_story};
use alys_sync_properties::faulty::{plan_simpler::simpler, plan_suite, plans};
use alys_sync_properties::planted::CATALOGUE;
use alys_sync_properties::suites::PLANS;
use alys_sync_properties::twin::simulated::Plan;

fn stopped(file: &std::path::Path) -> Box<Stopped> {
    let ran = plan_suite::run(&PLANS, Persistence::At(file.to_owned()), Seed::Fixed);
    ran.expect_err("a planted fault")
}

fn failing(file: &std::path::Path) -> Counterexample {
    stopped(file).counterexample().expect("a counterexample")
}

/// The plan that a counterexample shows, read from what it shows.
fn plan_of(found: &Counterexample) -> Plan {
    let shown = found.initial_state.as_deref().and_then(|text| text.strip_prefix("the plan\n"));
    Plan::from_toml(shown.expect("a plan")).expect("a plan that can be read")
}

/// SY-4, NW-5: a fault that shows in nothing but the truth fails a plan; of what is left of it nothing can go, it is told as a file, as
/// what takes part and as messages between hosts, and it is stored as a seed and as a case. The next run plays the case first, a run
/// without it the seed. Without the fault both pass, and a case that compares nothing any more is stale.
///
/// Engine: sequential
#[test]
fn a_plan_that_fails_is_kept_and_comes_back_first() {
    let file = artifacts().join("plans-of-a-planted-fault.txt");
    let cases = file.with_extension("cases");
    let _ = (fs::remove_file(&file), fs::remove_dir_all(&cases));
    let planted = CATALOGUE.plant("shown_for_all");
    let found = failing(&file);
    let shown = plans::fails(&plan_of(&found));
    assert_eq!(shown.as_deref(), Some(&*found.message), "the plan as it is shown");
    let again = failing(&file);
    let case = fs::read_dir(&cases).unwrap().next().unwrap().unwrap().path();
    let text = fs::read_to_string(&case).unwrap();
    fs::remove_file(&case).unwrap();
    let from_the_seed = failing(&file);
    drop(planted);
    assert!(matches!(found.origin, Origin::Generated { cases: 1.., .. }), "{found}");
    assert_eq!(
        (found.rule(), again.rule(), from_the_seed.rule()),
        (Some("SY-4"), Some("SY-4"), Some("SY-4"))
    );
    assert!(matches!(&again.origin, Origin::StoredCase(name) if name.starts_with("sy-4-")), "{again}");
    assert_eq!(from_the_seed.origin, Origin::StoredSeed);
    assert_eq!((&again.steps, &from_the_seed.steps), (&found.steps, &found.steps));
    let told = found.to_string();
    for part in [
        "rule SY-4: Synced is said exactly when",
        "[[peers]]",
        "──▶",
        " asks peer 0 for status",
        "replay: cargo test --release properties::plans::nodes_come_to_the_honest_tip_through_every_plan",
    ] {
        assert!(told.contains(part), "{part} is not in\n{told}");
    }
    announce(&told);
    let passed = plan_suite::run(&PLANS, Persistence::At(file.clone()), Seed::Fixed);
    assert!(passed.is_ok(), "{passed:?}");
    fs::write(&case, &text).unwrap();
    let (report, _) = plan_suite::run(&PLANS, Persistence::At(file.clone()), Seed::Fixed).unwrap();
    assert_eq!((report.replayed, report.cases_held), (1, 1));
    fs::write(&case, text.replace("model: \"", "model: \"perhaps ")).unwrap();
    let stale = stopped(&file);
    assert!(matches!(&*stale, Stopped::Stale(why) if why[0].contains("nobody compares")), "{stale}");
}

/// What planted faults leave of a plan: the broken rule, and how many peers, faults and blocks at most.
const LEFT: [(&str, &str, (u32, usize, u64)); 3] = [
    ("shown_for_all", "SY-4: ", (1, 0, 1)),
    ("tip_untold", "SY-4: ", (1, 0, 5)),
    ("rest_dropped", "SY-1: ", (2, 0, 5)),
];

/// SY-1, SY-4: planted faults, one of which keeps a node from the tip for ever, leave plans of one or two peers, no fault and a few blocks, of
/// which nothing can go: whatever is simpler by one step does not fail, or of another rule.
///
/// Engine: sequential
#[test]
fn what_fails_is_as_simple_as_it_gets() {
    for (fault, rule, most) in LEFT {
        let _planted = CATALOGUE.plant(fault);
        let failing = (0..500).map(drawn::plan).find_map(|plan| Some((plans::fails(&plan)?, plan)));
        let (message, plan) = failing.unwrap_or_else(|| panic!("{fault} survives"));
        let least = plan_simpler::least(plan, message, &plans::fails);
        let toml = plan_story::toml(&least.plan);
        announce(&format!(
            "{fault} leaves of its plan, after {} runs: {}\n{toml}",
            least.runs, least.message
        ));
        assert!(least.message.starts_with(rule), "{fault}: {}", least.message);
        let parts = (least.plan.peer_count(), least.plan.faults.len(), least.plan.truth.blocks);
        assert!(
            parts.0 <= most.0 && parts.1 <= most.1 && parts.2 <= most.2,
            "{fault} leaves {parts:?}:\n{toml}"
        );
        for less in simpler(&least.plan) {
            let fails = plans::fails(&less).filter(|message| message.starts_with(rule));
            assert_eq!(fails, None, "{fault}: this is simpler:\n{}", plan_story::toml(&less));
        }
    }
}
