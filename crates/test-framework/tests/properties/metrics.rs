//! Metrics: what was measured, and nothing else.

use std::{fs::File, hint::black_box, path::PathBuf, sync::Barrier};

use alys_properties::sequential::announce;
use alys_test_framework::{
    Identity, MigrationPhase, MigrationTestFramework, ResourceWatch, RunWriter, TestConfig, TestMetrics,
    read, replay,
};

use super::support::MEMORY;

const MIB: u64 = 1 << 20;

/// FW-4: memory, processor time, threads and open files are the system's: each moves when it is made to.
///
/// Engine: law
#[test]
fn resources_move_with_what_is_taken() {
    const FILES: usize = 200;
    const THREADS: usize = 24;
    // More than all other tests of the process hold together, so that what they take and free meanwhile cannot hide it.
    const HELD: u64 = 512 * MIB;
    let _alone = MEMORY.blocking_lock();
    let idle = ResourceWatch::start().stop();
    if let Some(missing) = idle.missing {
        return announce(&format!("resources are missing here: {missing}"));
    }
    assert_eq!(idle.samples, 2);
    assert!(idle.memory_peak_bytes > MIB && idle.threads_peak >= 1 && idle.open_files_peak >= 3, "{idle:?}");

    let mut watch = ResourceWatch::start();
    let held = black_box(vec![1_u8; usize::try_from(HELD).unwrap()]);
    let binary = std::env::current_exe().unwrap();
    let files: Vec<_> = (0..FILES).map(|_| File::open(&binary).unwrap()).collect();
    let (here, gone) = (Barrier::new(THREADS + 1), Barrier::new(THREADS + 1));
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| (here.wait(), gone.wait()));
        }
        here.wait();
        watch.sample();
        gone.wait();
    });
    // Ticks of the processor's clock are a hundredth of a second.
    let mut sum = 0_u64;
    while watch_cpu(&mut watch) < 30 {
        sum = (0..4_000_000).fold(sum, |sum, number| black_box(sum.wrapping_mul(31) ^ number));
    }
    drop((held, files));
    let taken = watch.stop();
    announce(&format!(
        "idle: {} MiB, {} threads, {} files; taken: {} MiB, {} threads, {} files, {:.0} % of a processor",
        idle.memory_peak_bytes / MIB,
        idle.threads_peak,
        idle.open_files_peak,
        taken.memory_peak_bytes / MIB,
        taken.threads_peak,
        taken.open_files_peak,
        taken.cpu_percent().unwrap()
    ));
    let last = taken.series.last().unwrap();
    assert!(
        taken.memory_peak_bytes >= HELD && last.memory_bytes + HELD / 2 <= taken.memory_peak_bytes,
        "{taken:?}"
    );
    assert!(taken.open_files_peak >= FILES as u64 + 3, "{taken:?}");
    // Threads of other tests of the process come and go meanwhile: those that were held are the least there can have been.
    assert!(taken.threads_peak > THREADS as u64, "{taken:?}");
    assert!(taken.memory_mean_bytes <= taken.memory_peak_bytes);
}

/// The time on processors so far, in milliseconds.
fn watch_cpu(watch: &mut ResourceWatch) -> u128 {
    watch.sample();
    watch.so_far().cpu.as_millis()
}

/// A folder of its own for a test, emptied.
fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    // It is there only where an earlier run has left it.
    let _ = std::fs::remove_dir_all(&folder);
    folder
}

/// Runs the first phase, and writes it down.
fn foundation(name: &str) -> (TestMetrics, PathBuf) {
    let mut config = TestConfig::development();
    config.test_data_dir = folder(name);
    let data = config.test_data_dir.clone();
    let (schema, version) = (1, "0.1.0".to_owned());
    let identity = Identity { schema, version, config: config.clone(), filter: None, shard: None };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let framework = MigrationTestFramework::new(config).unwrap();
        let result = framework.run_phase_validation(MigrationPhase::Foundation).await;
        let metrics = framework.collect_metrics().await;
        let mut writer = RunWriter::create(&data, &identity, None).unwrap();
        writer.phase(&result).unwrap();
        framework.shutdown().await.unwrap();
        let directory = writer.end(&metrics).unwrap();
        (metrics, directory)
    })
}

/// FW-1, FW-3, FW-4: a run measures its phase; what was written down gives the same metrics again, to the last bit.
///
/// Engine: law
#[test]
fn metrics_of_a_run_are_those_of_its_record() {
    let (metrics, directory) = foundation("metrics_of_a_run");
    let resources = &metrics.resources[&MigrationPhase::Foundation];
    assert!(resources.samples >= 2 && resources.memory_peak_bytes > MIB, "{resources:?}");
    assert!(metrics.performance.tests_per_second > 0.0, "{metrics:?}");
    let recorded = read(&directory).unwrap();
    let real = recorded.tests.iter().filter(|test| {
        test.measured.as_ref().is_some_and(|(measurement, _)| measurement.resources.is_some())
    });
    assert!(real.count() > 0, "no test in real time has its usage");
    let replayed = replay(&recorded);
    assert_eq!(replayed.differences, Vec::new());
    assert_eq!(replayed.metrics, metrics);

    let mut changed = recorded;
    changed.resources.get_mut(&MigrationPhase::Foundation).unwrap().memory_peak_bytes += 1;
    assert_eq!(replay(&changed).differences.len(), 1, "a changed figure must show");
}
