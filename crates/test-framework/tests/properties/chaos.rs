//! Chaos: harm that happened, harm that did not, and plans that are refused.

use std::path::PathBuf;

use alys_properties::{sequential::announce, sources};
use alys_test_framework::{ChaosPlan, ChaosReport, ChaosTestFramework, InjectionReport, PlanError};

pub(crate) fn run(plan: &str) -> ChaosReport {
    ChaosTestFramework::new(ChaosPlan::from_toml(plan).unwrap()).unwrap().run()
}

/// At an instant at which no probe is on its way.
pub(crate) fn step(strategy: &str) -> ChaosReport {
    run(&format!("seed = 3\n[[steps]]\nat_ms = 105\nstrategy.{strategy}"))
}

/// The plan of the documentation.
fn documented() -> ChaosPlan {
    let page = sources::read("docs/chaos.md");
    let (_, plan) = page.split_once("```toml\n").unwrap();
    ChaosPlan::from_toml(plan.split_once("```").unwrap().0).unwrap()
}

/// FW-1, SV-1, SV-2, SV-10, MB-1, MB-12: every harm of the documented plan is seen in the real system, each worker
/// answers again, and workers that were not hit answer all along.
///
/// Engine: actor
#[test]
fn harm_is_seen_where_it_was_done_and_recovered_from() {
    let plan = documented();
    assert_eq!(plan.steps.len(), 6);
    let report = ChaosTestFramework::new(plan).unwrap().run();
    announce(&format!(
        "chaos: {} attempted, {} effective, {} recovered, {} of {} probes answered, {} permille, {:?} ns at most",
        report.attempted,
        report.effective,
        report.recoveries,
        report.probes_answered,
        report.probes,
        report.availability_permille().unwrap(),
        report.recover_ns_max()
    ));
    assert_eq!(report.failure, None);
    let (noise, actors) = report.injections.split_last().unwrap();
    let sum = |of: fn(&InjectionReport) -> u64| actors.iter().map(of).sum::<u64>();
    let sums = (sum(|one| one.attempted), sum(|one| one.effective), sum(|one| one.recovered));
    assert_eq!(sums, (6, 6, 6), "{report:#?}");
    assert_eq!((noise.attempted, noise.recovered), (50, noise.effective), "{report:#?}");
    assert_eq!(report.attempted, 56);
    assert!(report.holds() && noise.effective > 40, "{report:#?}");
    // The backoff is what a panic costs.
    assert_eq!(report.injections[0].recover_ns, [40_000_000, 40_000_000]);
    // 32 are queued and one is handled while the others are refused.
    let flood = &report.injections[2].counts;
    assert_eq!(flood["refused"] + flood["messages that were taken in"], 100);
    assert!(flood["longest queue so far"] <= 32, "{flood:?}");
    let availability = report.availability_permille().unwrap();
    assert!(report.probes > 300 && (800..1000).contains(&availability), "{report:#?}");
}

/// FW-2: in virtual time the same plan gives the same report, and another seed hits other workers.
///
/// Engine: actor
#[test]
fn the_same_plan_gives_the_same_report() {
    let plan = documented();
    let run = |seed| ChaosTestFramework::new(ChaosPlan { seed, ..plan.clone() }).unwrap().run();
    let first = run(7);
    assert_eq!(first, run(7));
    let hit = |report: &ChaosReport| report.injections[1].worker.clone();
    assert!((8..20).any(|seed| hit(&run(seed)) != hit(&first)), "every seed hits the same worker");
    let written = serde_json::to_string(&first).unwrap();
    assert_eq!(serde_json::from_str::<ChaosReport>(&written).unwrap(), first);
}

/// FW-1, FW-4: harm that does nothing is attempted and not effective, and counts as no recovery: a stall that is over
/// before the next probe, a flood that fits, a jump that is too short, memory that is there.
///
/// Engine: actor
#[test]
fn harm_without_effect_is_reported_as_such() {
    let nothing = [
        "stalls = { for_ms = 1 }",
        "floods = { messages = 5, each_ms = 0 }",
        "slow_consumers = { messages = 1, each_ms = 1 }",
        "clock_skew = { by_ms = 100, timeout_ms = 400 }",
    ];
    for strategy in nothing {
        let report = step(strategy);
        assert_eq!(
            (report.attempted, report.effective, report.recoveries),
            (1, 0, 0),
            "{strategy}: {report:#?}"
        );
        assert_eq!(report.without_effect().count(), 1);
        assert_eq!(report.recover_ns_max(), None);
    }
}

/// SV-4, SV-6, FW-1: one restart more than is granted stops the system; what is done to it afterwards has no effect,
/// and nobody answers any more.
///
/// Engine: actor
#[test]
fn what_is_done_to_a_stopped_system_has_no_effect() {
    let report = run("
        max_restarts = 1
        window_ms = 60000
        steps = [
            { at_ms = 10, strategy.panics = { worker = 0, count = 3 } },
            { at_ms = 1000, strategy.stalls = { worker = 1, for_ms = 500 } },
            { at_ms = 2000, strategy.floods = { worker = 1, messages = 500, each_ms = 1 } },
            { at_ms = 3000, strategy.slow_consumers = { worker = 1, messages = 50, each_ms = 10 } },
            { at_ms = 4000, strategy.clock_skew = { worker = 1, by_ms = 5000, timeout_ms = 400 } },
        ]
    ");
    let (panics, others) = report.injections.split_first().unwrap();
    assert_eq!((panics.attempted, panics.effective, panics.recovered), (3, 2, 1), "{report:#?}");
    for other in others {
        assert_eq!((other.attempted, other.effective, other.recovered), (1, 0, 0), "{report:#?}");
    }
    assert!(panics.note.as_ref().is_some_and(|note| note.contains("stopped")), "{report:#?}");
    assert!(report.availability_permille().unwrap() < 500, "{report:#?}");
}

/// SV-2, LC-7: a killed arbiter takes its child along and nobody else; the shutdown names the child.
///
/// Engine: actor
#[test]
fn a_killed_arbiter_takes_nobody_else_along() {
    let report = step("killed_arbiter = {}");
    let killed = &report.injections[0];
    assert_eq!((killed.attempted, killed.effective, killed.recovered), (1, 1, 0), "{report:#?}");
    assert_eq!((killed.counts["answers before"], killed.counts["answers after"]), (10, 0));
    assert_eq!(killed.counts["answers of its sibling after"], 10);
    assert_eq!(killed.counts["children that the shutdown names as gone with their arbiter"], 1);
}

/// SV-1, SV-8, LC-4: a worker whose process gets no more memory fails, is restarted, and holds nothing of before; with a
/// budget that suffices nothing is refused, and without a program nothing is believed.
///
/// Engine: actor
#[test]
fn memory_pressure_is_the_systems() {
    let press = |chunks: u32, program: &str| {
        let plan = format!(
            "steps = [{{ at_ms = 0, strategy.memory_pressure = \
             {{ budget_bytes = 33554432, chunk_bytes = 1048576, chunks = {chunks} }} }}]"
        );
        let framework = ChaosTestFramework::new(ChaosPlan::from_toml(&plan).unwrap()).unwrap();
        framework.with_program(PathBuf::from(program)).run().injections.remove(0)
    };
    let program = env!("CARGO_BIN_EXE_alys-test");
    let pressed = press(64, program);
    announce(&format!(
        "memory pressure: {:?}, {:?}, note {:?}",
        pressed.counts, pressed.measured, pressed.note
    ));
    if cfg!(target_os = "linux") {
        assert_eq!((pressed.attempted, pressed.effective, pressed.recovered), (1, 1, 1), "{pressed:#?}");
        let held = pressed.measured["bytes held when it was refused"];
        assert!((16e6..=33_554_432.0).contains(&held), "{pressed:#?}");
        assert_eq!(pressed.counts["bytes held after the restart"], 1 << 20);
    }
    let roomy = press(4, program);
    assert_eq!((roomy.attempted, roomy.effective, roomy.recovered), (1, 0, 0), "{roomy:#?}");
    let nobody = press(64, "no/such/program");
    assert_eq!((nobody.attempted, nobody.effective), (1, 0));
    assert!(nobody.note.is_some_and(|note| note.contains("no/such/program")));
}

/// FW-1, FW-4: stress of the processor is the slowdown of answers that was measured; threads that are done at once slow
/// nothing down.
///
/// Engine: actor
#[test]
fn stress_is_what_it_slows_down() {
    let idle = step("cpu_stress = { threads = 1, iterations = 1, slowdown_permille_min = 1200 }");
    assert_eq!((idle.attempted, idle.effective, idle.recoveries), (1, 0, 0), "{idle:#?}");
    let busy = step("cpu_stress = { threads = 16, iterations = 60000000, slowdown_permille_min = 1200 }");
    let busy = &busy.injections[0];
    announce(&format!("processor stress: {:?}, {:?}", busy.counts, busy.measured));
    assert_eq!(busy.counts["steps that the threads computed"], 16 * 60_000_000);
    let slowdown = busy.measured["slowdown in thousandths"];
    assert_eq!(busy.effective == 1, slowdown >= 1200.0, "{busy:#?}");
}

/// WR-2, WR-3, WR-4, FW-1, FW-2: corrupted frames are refused with a typed error, or noticed by whoever waits for the answer,
/// or bring their message all the same, and none is taken for another; every intact frame arrives, and after each refusal
/// a stream that is opened anew carries the message. As many are corrupted as the plan says, and each kind of corruption is
/// among them.
///
/// Engine: actor
#[test]
fn corrupted_frames_are_refused_and_none_is_taken_for_another() {
    let report = step("message_corruption = { frames = 3000, permille = 333 }");
    let noise = &report.injections[0];
    announce(&format!("corrupted frames: {:?}", noise.counts));
    let count = |what: &str| noise.counts[what];
    let harmless = count("corrupted frames that brought their message all the same");
    assert_eq!((noise.attempted, noise.worker.as_deref()), (999, None), "{noise:#?}");
    assert_eq!(noise.effective + harmless, 999, "{noise:#?}");
    assert!(count("corrupted frames that were refused with a typed error") > 800, "{noise:#?}");
    assert!(count("corrupted frames that left a failure, or nothing, for an answer") > 0, "{noise:#?}");
    assert_eq!(noise.recovered, noise.effective, "{noise:#?}");
    assert_eq!((count("corrupted frames that were taken for another"), noise.broken()), (0, 0), "{noise:#?}");
    assert_eq!(count("intact frames that did not arrive"), 0, "{noise:#?}");
    assert_eq!(count("intact frames that arrived"), 2001, "{noise:#?}");
    let by_class: Vec<_> =
        noise.counts.iter().filter(|(what, _)| what.starts_with("corrupted by ")).collect();
    assert_eq!(by_class.len(), 12, "{by_class:?}");
    assert!(by_class.iter().all(|(_, count)| **count > 20), "{by_class:?}");
    assert!(report.holds() && report.availability_permille() == Some(1000), "{report:#?}");
    assert_eq!(report, step("message_corruption = { frames = 3000, permille = 333 }"));
}

/// FW-1, FW-2: the share is of frames and rounded up: the smallest corrupts one frame, the largest every one; two steps of
/// one plan differ.
///
/// Engine: actor
#[test]
fn the_share_of_corrupted_frames_is_the_plans() {
    for (frames, permille, corrupted) in
        [(1, 1, 1), (1000, 1, 1), (1001, 1, 2), (50, 1000, 50), (100, 999, 100)]
    {
        let report = step(&format!("message_corruption = {{ frames = {frames}, permille = {permille} }}"));
        let noise = &report.injections[0];
        assert_eq!((noise.attempted, noise.broken()), (corrupted, 0), "{noise:#?}");
        let intact = noise.counts["intact frames that arrived"];
        assert_eq!(intact, frames - corrupted, "{noise:#?}");
    }
    let one = "[[steps]]\nat_ms = 5\nstrategy.message_corruption = { frames = 200, permille = 500 }\n";
    let twice = run(&format!("{one}{one}")).injections;
    assert_ne!(twice[0].counts, twice[1].counts);
}

/// CH-6, CH-7, CH-8, FW-1, FW-2: a failing disk is told by a typed error, and the node stops; started again, it has every block
/// that it had acknowledged, its checkpoints are whole, and it goes on. No rotten checkpoint is served.
///
/// Engine: actor
#[test]
fn failing_disks_are_told_and_recovered_from() {
    for failure in ["write_error", "torn_write", "full_disk", "bit_rot"] {
        let report = step(&format!("disk_failures = {{ failure = \"{failure}\", count = 12 }}"));
        let disk = &report.injections[0];
        announce(&format!(
            "{failure}: {} of {} effective, {:?}",
            disk.effective, disk.attempted, disk.counts
        ));
        assert_eq!((disk.attempted, disk.effective, disk.recovered), (12, 12, 12), "{disk:#?}");
        assert_eq!(
            (disk.broken(), disk.note.as_deref(), disk.worker.as_deref()),
            (0, None, None),
            "{disk:#?}"
        );
        assert!(disk.counts["blocks of the chain"] >= 72, "{disk:#?}");
        assert!(report.holds());
        assert_eq!(report, step(&format!("disk_failures = {{ failure = \"{failure}\", count = 12 }}")));
    }
    let mut lost = step("disk_failures = { failure = \"torn_write\", count = 1 }");
    for never in ["failures that cost an acknowledged block", "rotten checkpoints that were served"] {
        let before = lost.injections[0].counts.insert(never.to_owned(), 1);
        assert!(before == Some(0) && !lost.holds(), "{never}");
        lost.injections[0].counts.insert(never.to_owned(), 0);
        assert!(lost.holds());
    }
}

/// GV-1, GV-3, GV-7, FW-1: whatever liars do in a council, alone or nearly all of it, is refused or kept as evidence, and
/// exactly the honest weight counts; a report in which a vote of a liar counted does not hold.
///
/// Engine: actor
#[test]
fn liars_in_a_council_are_noticed() {
    for (members, count) in [(2, 1), (7, 2), (9, 4), (64, 63), (5, 5)] {
        let planned = format!("byzantine_actors = {{ members = {members}, count = {count} }}");
        let mut report = step(&planned);
        let council = &report.injections[0];
        assert_eq!((council.attempted, council.effective), (4 * count, 4 * count), "{council:#?}");
        assert_eq!((council.recovered, council.broken()), (4 * count, 0), "{council:#?}");
        assert_eq!(council.counts["honest weight that counted"], members - count, "{council:#?}");
        assert!(report.holds());
        assert_eq!(report, step(&planned));
        let counted = "votes of liars that counted".to_owned();
        assert_eq!(report.injections[0].counts.insert(counted, 1), Some(0));
        assert!(!report.holds());
    }
}

/// FW-1: a report in which a corrupted frame was taken for another, or an intact one did not arrive, does not hold.
///
/// Engine: law
#[test]
fn a_frame_that_is_taken_for_another_is_no_success() {
    let report = step("message_corruption = { frames = 100, permille = 500 }");
    assert!(report.holds());
    for never in ["corrupted frames that were taken for another", "intact frames that did not arrive"] {
        let mut broken = report.clone();
        broken.injections[0].counts.insert(never.to_owned(), 1);
        assert!(!broken.holds(), "{never}");
    }
}

/// Plans that cannot be run, and what is said of each.
fn refused_plans() -> Vec<(String, &'static str)> {
    let in_step = |strategy: &str| format!("[[steps]]\nat_ms = 5\nstrategy.{strategy}");
    vec![
        ("workers = 65".to_owned(), "`workers` is 65; allowed is 1 to 64"),
        (
            "probes = 1".to_owned(),
            "line 1 (`probes = 1`): unknown field `probes`, expected one of `seed`, `workers`",
        ),
        ("seed = \"x\"".to_owned(), "line 1 (`seed = \"x\"`): invalid type: string \"x\", expected u64"),
        ("seed = ".to_owned(), "line 1"),
        (in_step("panics = { count = 0 }"), "`steps[0].strategy.panics.count` is 0; allowed is 1 to 100"),
        (
            in_step("panics = { count = 1, worker = 9 }"),
            "`steps[0].strategy.panics.worker` is 9; allowed is 0 to 3",
        ),
        (in_step("panics = { counts = 1 }"), "counts"),
        (in_step("panics = {}"), "missing field `count`"),
        (in_step("panic = { count = 1 }"), "unknown variant `panic`, expected one of `panics`, `stalls`"),
        (in_step("stalls = { for_ms = -1 }"), "line 3"),
        (in_step("clock_skew = { by_ms = -5, timeout_ms = 100 }"), "line 3"),
        (
            in_step("stalls = { for_ms = 1 }") + "\n[[steps]]\nat_ms = 4\nstrategy.killed_arbiter = {}",
            "`steps[1].at_ms` is 4; allowed is 5 to 86400000",
        ),
        (
            in_step("memory_pressure = { budget_bytes = 1048576, chunk_bytes = 2097152, chunks = 1 }"),
            "chunk_bytes` is 2097152; allowed is 262144 to 1048576",
        ),
        (
            in_step("message_corruption = { frames = 0, permille = 1 }"),
            "`steps[0].strategy.message_corruption.frames` is 0; allowed is 1 to 100000",
        ),
        (in_step("message_corruption = { frames = 100001, permille = 1 }"), "frames` is 100001; allowed"),
        (
            in_step("message_corruption = { frames = 1, permille = 0 }"),
            "`steps[0].strategy.message_corruption.permille` is 0; allowed is 1 to 1000",
        ),
        (in_step("message_corruption = { frames = 1, permille = 1001 }"), "permille` is 1001; allowed"),
        (in_step("message_corruption = { permille = 1 }"), "missing field `frames`"),
        (
            in_step("disk_failures = { failure = \"torn_write\", count = 0 }"),
            "`steps[0].strategy.disk_failures.count` is 0; allowed is 1 to 100",
        ),
        (
            in_step("disk_failures = { failure = \"bit_rot\", count = 101 }"),
            "count` is 101; allowed is 1 to 100",
        ),
        (
            in_step("disk_failures = { failure = \"fire\", count = 1 }"),
            "unknown variant `fire`, expected one of",
        ),
        (in_step("byzantine_actors = { count = 1 }"), "missing field `members`"),
        (
            in_step("byzantine_actors = { members = 1, count = 1 }"),
            "`steps[0].strategy.byzantine_actors.members` is 1; allowed is 2 to 64",
        ),
        (
            in_step("byzantine_actors = { members = 4, count = 5 }"),
            "`steps[0].strategy.byzantine_actors.count` is 5; allowed is 1 to 4",
        ),
    ]
}

/// FW-5: a plan that cannot be run is refused before anything starts, with the field, the value and what is allowed.
///
/// Engine: law
#[test]
fn plans_that_cannot_be_run_are_refused_by_field() {
    for (plan, words) in refused_plans() {
        let said = ChaosPlan::from_toml(&plan).expect_err(&plan).to_string();
        assert!(said.contains(words), "{plan}\n  said: {said}\n  expected: {words}");
    }
    let made = ChaosPlan { workers: 0, ..ChaosPlan::default() };
    assert!(matches!(ChaosTestFramework::new(made), Err(PlanError::OutOfRange { .. })));
    assert!(matches!(
        ChaosPlan::load(&PathBuf::from("no/such/plan.toml")),
        Err(PlanError::Unreadable { .. })
    ));
    assert!(ChaosPlan::default().validate().is_ok());
}
