//! The same arms as in `ratios`, one after another, for criterion's statistics and its comparison with earlier runs.

use std::time::Duration;

use alys_wire_bench::comparisons;
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};

fn everything(criterion: &mut Criterion) {
    for comparison in comparisons() {
        let mut group = criterion.benchmark_group(comparison.title);
        group
            .sample_size(10)
            .warm_up_time(Duration::from_millis(50))
            .measurement_time(Duration::from_millis(250));
        for (name, mut work) in comparison.arms {
            group.bench_function(BenchmarkId::from_parameter(name), |bencher| bencher.iter(&mut work));
        }
        group.finish();
    }
}

criterion_group!(groups, everything);
criterion_main!(groups);
