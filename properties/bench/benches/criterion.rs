//! The same arms as in `ratios`, one after another, for criterion's statistics and its comparison with earlier runs.
//!
//! Its figures drift with the machine from arm to arm: ratios are read from `ratios`.

use std::time::Duration;

use alys_bench::{comparisons, ratio::Comparison};
use criterion::{BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};

/// Units of work in one iteration, as a part of those in a round.
const PART: u64 = 20;

fn group(criterion: &mut Criterion, comparison: Comparison) {
    let Comparison { title, units, arms, .. } = comparison;
    let units = units / PART;
    let mut group = criterion.benchmark_group(title);
    group.sampling_mode(SamplingMode::Flat).sample_size(10);
    group.warm_up_time(Duration::from_millis(50)).measurement_time(Duration::from_millis(250));
    group.throughput(Throughput::Elements(units));
    for mut arm in arms {
        group.bench_function(BenchmarkId::from_parameter(arm.name), |bencher| {
            bencher.iter_custom(|iterations| (0..iterations).map(|_| arm.run(units)).sum());
        });
    }
    group.finish();
}

fn everything(criterion: &mut Criterion) {
    comparisons().into_iter().for_each(|comparison| group(criterion, comparison));
}

criterion_group!(groups, everything);
criterion_main!(groups);
