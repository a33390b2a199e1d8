//! What the process took of its machine, as the operating system says (FW-4).

use std::time::Duration;

use alys_properties::measure::Stopwatch;
use serde::{Deserialize, Serialize};

use super::system::{self, Counters};

/// How many points a series has at most; beyond it every second one goes, and from then on every second one is kept.
const POINTS_MAX: usize = 240;

/// What the process took of its machine while a phase ran.
///
/// Memory, processor, threads and open files are those of the process; what went over the network is that of its
/// network namespace, since the system counts it for nobody else.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceMetrics {
    /// How often the system was asked.
    pub samples: u64,
    /// For how long it was watched.
    pub watched: Duration,
    /// The most resident memory that any sample saw, in bytes.
    pub memory_peak_bytes: u64,
    /// The mean of the resident memory over the samples, in bytes.
    pub memory_mean_bytes: u64,
    /// The time that all its threads ran on processors.
    pub cpu: Duration,
    /// The most threads that any sample saw.
    pub threads_peak: u64,
    /// The most open files that any sample saw.
    pub open_files_peak: u64,
    /// What was received from and sent to the network, in bytes; `None` where the system does not say.
    pub network: Option<Transferred>,
    /// What was read from and written to disks, in bytes; `None` where the system does not say.
    pub disk: Option<Transferred>,
    /// How memory and processor went.
    pub series: Vec<ResourcePoint>,
    /// Why figures are missing, where some are.
    pub missing: Option<String>,
}

/// Bytes that went in and out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transferred {
    /// Received, or read.
    pub in_bytes: u64,
    /// Sent, or written.
    pub out_bytes: u64,
}

impl Transferred {
    fn since(self, before: Self) -> Self {
        Self {
            in_bytes: self.in_bytes.saturating_sub(before.in_bytes),
            out_bytes: self.out_bytes.saturating_sub(before.out_bytes),
        }
    }

    fn and(self, other: Self) -> Self {
        Self { in_bytes: self.in_bytes + other.in_bytes, out_bytes: self.out_bytes + other.out_bytes }
    }
}

/// One sample of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourcePoint {
    /// The time since the watch began.
    pub at: Duration,
    /// The resident memory in bytes.
    pub memory_bytes: u64,
    /// The time on processors so far.
    pub cpu: Duration,
}

impl ResourceMetrics {
    /// Returns the share of one processor in percent; more than 100 where several worked; `None` of no time.
    #[must_use]
    pub fn cpu_percent(&self) -> Option<f64> {
        let watched = self.watched.as_secs_f64();
        (watched > 0.0).then(|| self.cpu.as_secs_f64() / watched * 100.0)
    }

    /// Returns what two processes took that ran the shares of one phase: peaks are the higher ones, totals are added.
    ///
    /// The series is that of the first: points of two machines make no line.
    #[must_use]
    pub fn joined(self, other: &Self) -> Self {
        let samples = self.samples + other.samples;
        let weighted = |one: &Self| u128::from(one.memory_mean_bytes) * u128::from(one.samples);
        let mean = (weighted(&self) + weighted(other)).checked_div(u128::from(samples)).unwrap_or(0);
        let both = |one: Option<Transferred>, other: Option<Transferred>| Some(one?.and(other?));
        Self {
            samples,
            watched: self.watched + other.watched,
            memory_peak_bytes: self.memory_peak_bytes.max(other.memory_peak_bytes),
            // A mean is not above the higher of two that fit.
            memory_mean_bytes: u64::try_from(mean).unwrap_or(u64::MAX),
            cpu: self.cpu + other.cpu,
            threads_peak: self.threads_peak.max(other.threads_peak),
            open_files_peak: self.open_files_peak.max(other.open_files_peak),
            network: both(self.network, other.network),
            disk: both(self.disk, other.disk),
            series: self.series,
            missing: self.missing.or_else(|| other.missing.clone()),
        }
    }
}

/// What one test took of its machine: a difference of two readings, which others share unless it ran alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResourceUsage {
    /// The time that all threads of the process ran on processors.
    pub cpu: Duration,
    /// The resident memory at its beginning, in bytes.
    pub memory_start_bytes: u64,
    /// The resident memory at its end, in bytes.
    pub memory_end_bytes: u64,
    /// The most threads of the two readings.
    pub threads_peak: u64,
    /// The open files at its beginning.
    pub open_files_start: u64,
    /// The open files at its end.
    pub open_files_end: u64,
    /// What was read from and written to disks.
    pub disk: Option<Transferred>,
}

/// A reading before a test, to be followed by one after it.
#[derive(Debug)]
pub(crate) struct Before(Option<Counters>);

impl Before {
    /// Reads now.
    pub(crate) fn now() -> Self {
        Self(system::read().ok())
    }

    /// Reads again; `None` where the system does not say.
    pub(crate) fn used(self) -> Option<ResourceUsage> {
        let (before, after) = (self.0?, system::read().ok()?);
        Some(ResourceUsage {
            cpu: after.cpu.saturating_sub(before.cpu),
            memory_start_bytes: before.resident_bytes,
            memory_end_bytes: after.resident_bytes,
            threads_peak: before.threads.max(after.threads),
            open_files_start: before.open_files,
            open_files_end: after.open_files,
            disk: after.disk.zip(before.disk).map(|(after, before)| after.since(before)),
        })
    }
}

/// Adds readings up.
#[derive(Debug)]
pub struct ResourceWatch {
    watch: Stopwatch,
    first: Option<Counters>,
    memory_sum: u128,
    stride: u64,
    metrics: ResourceMetrics,
}

impl ResourceWatch {
    /// Begins with a first reading.
    #[must_use]
    pub fn start() -> Self {
        let (watch, metrics) = (Stopwatch::start(), ResourceMetrics::default());
        let mut this = Self { watch, first: None, memory_sum: 0, stride: 1, metrics };
        this.sample();
        this
    }

    /// Reads once more.
    pub fn sample(&mut self) {
        let read = match system::read() {
            Ok(read) => read,
            Err(missing) => {
                self.metrics.missing = Some(missing);
                return;
            }
        };
        let first = *self.first.get_or_insert(read);
        let (at, metrics) = (self.watch.elapsed(), &mut self.metrics);
        self.memory_sum += u128::from(read.resident_bytes);
        metrics.cpu = read.cpu.saturating_sub(first.cpu);
        metrics.memory_peak_bytes = metrics.memory_peak_bytes.max(read.resident_bytes);
        metrics.threads_peak = metrics.threads_peak.max(read.threads);
        metrics.open_files_peak = metrics.open_files_peak.max(read.open_files);
        metrics.network = read.network.zip(first.network).map(|(now, before)| now.since(before));
        metrics.disk = read.disk.zip(first.disk).map(|(now, before)| now.since(before));
        if metrics.samples.is_multiple_of(self.stride) {
            metrics.series.push(ResourcePoint { at, memory_bytes: read.resident_bytes, cpu: metrics.cpu });
        }
        metrics.samples += 1;
        if metrics.series.len() > POINTS_MAX {
            self.thin();
        }
    }

    /// Returns what was read so far; means and durations come with the end.
    #[must_use]
    pub fn so_far(&self) -> &ResourceMetrics {
        &self.metrics
    }

    fn thin(&mut self) {
        let mut number = 0;
        self.metrics.series.retain(|_| {
            number += 1;
            number % 2 == 1
        });
        self.stride *= 2;
    }

    /// Ends with a last reading.
    #[must_use]
    pub fn stop(mut self) -> ResourceMetrics {
        self.sample();
        let mut metrics = self.metrics;
        metrics.watched = self.watch.elapsed();
        let mean = self.memory_sum.checked_div(u128::from(metrics.samples)).unwrap_or(0);
        metrics.memory_mean_bytes = u64::try_from(mean).unwrap_or(u64::MAX);
        metrics
    }
}
