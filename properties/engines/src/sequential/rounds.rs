//! Rounds: a suite as often as the environment asks for seconds, each time from the next seed.

use super::{RunReport, Settings, settings};
use crate::measure::Stopwatch;

/// What is known before the first round.
#[derive(Debug)]
pub(super) struct Rounds {
    settings: Settings,
    seconds: Option<u64>,
    watch: Stopwatch,
}

impl Rounds {
    /// Reads for how many seconds rounds are begun, so that a knob that says nothing is found out before anything runs.
    pub(super) fn of(settings: Settings) -> Self {
        Rounds { settings, seconds: settings::seconds_wanted(), watch: Stopwatch::start() }
    }

    /// Runs one round, and more as long as there are seconds left.
    pub(super) fn run<E>(
        mut self,
        mut round: impl FnMut(&Settings) -> Result<RunReport, E>,
    ) -> Result<RunReport, E> {
        let mut all = round(&self.settings)?;
        while self.seconds.is_some_and(|seconds| self.watch.elapsed().as_secs() < seconds) {
            self.settings.seed = self.settings.seed.wrapping_add(1);
            all = all.and(&round(&self.settings)?);
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn rounds_go_on_past_the_largest_seed() {
        let mut seeds = Vec::new();
        let settings = Settings::new("toy", 1, u64::MAX);
        let rounds = Rounds { settings, seconds: Some(u64::MAX), watch: Stopwatch::start() };
        let ended = rounds.run(|settings| {
            seeds.push(settings.seed);
            let report = RunReport {
                suite: "toy",
                cases: 1,
                replayed: 0,
                cases_held: 0,
                transitions: 2,
                seed: settings.seed,
                elapsed: Duration::ZERO,
            };
            if seeds.len() < 3 { Ok(report) } else { Err("enough") }
        });
        assert_eq!((ended.map(|report| report.cases), seeds), (Err("enough"), vec![u64::MAX, 0, 1]));
    }
}
