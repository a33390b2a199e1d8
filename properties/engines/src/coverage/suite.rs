//! One suite's part of the report, as it is written down and read again.

use proptest_state_machine::{ReferenceStateMachine as _, StateMachineTest};
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use super::CoverageReport;
use crate::{
    sequential::{RunReport, Seed, Suite, sequences},
    small::Small,
};

/// How many of a suite's cases are looked at state by state: the first ones, of the run's seed.
///
/// To look at every state takes from about as long as to run the cases to several times as long, so not all are.
pub const SAMPLED: u32 = 1_000;

/// In how many steps the growth of the number of states is told.
const STEPS: usize = 40;

/// What a suite went through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SuiteCoverage {
    /// The suite.
    pub suite: String,
    /// Whether it ran its own number of cases at least, which the minima of its situations are made for.
    pub whole: bool,
    /// Cases that were generated.
    pub cases: u32,
    /// Where the generator started.
    pub seed: u64,
    /// The transitions that were recorded.
    pub transitions: u64,
    /// The kinds of transitions.
    pub kinds: Vec<String>,
    /// The classes of model states.
    pub classes: Vec<String>,
    /// A row for each kind and outcome that occurred, by kind.
    pub rows: Vec<OutcomeRow>,
    /// The named situations.
    pub situations: Vec<SituationCount>,
    /// What was seen of the first cases.
    pub sample: Sample,
}

/// The transitions of one kind that ended in one outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutcomeRow {
    /// The kind.
    pub kind: String,
    /// The outcome.
    pub outcome: String,
    /// How many there were in each class of states.
    pub counts: Vec<u64>,
}

/// How often a situation was met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SituationCount {
    /// Its name.
    pub name: String,
    /// How often it was met.
    pub count: u64,
    /// How often it had to be; 0 where it is only counted.
    pub minimum: u64,
}

/// What the first cases of a suite are like.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// How many cases these are.
    pub cases: u32,
    /// Their transitions.
    pub transitions: u64,
    /// How many cases have as many transitions as the position says.
    pub lengths: Vec<u64>,
    /// How many states of the model had been seen after equal parts of the cases; empty where states are not told apart.
    pub growth: Vec<u64>,
}

impl Sample {
    /// Generates the first cases once more, without running them, and looks at each state of the model.
    #[must_use]
    pub fn of<T: StateMachineTest>(suite: &Suite, run: &RunReport) -> Self
    where
        T::Reference: Small,
    {
        let cases = SAMPLED.min(run.cases);
        let (mut sample, mut seen) = (Sample { cases, ..Sample::default() }, FxHashSet::default());
        let every = (cases as usize).div_ceil(STEPS).max(1);
        for (index, (mut state, transitions)) in
            (1..).zip(sequences::<T>(suite, cases, Seed::Number(run.seed)))
        {
            let len = transitions.len();
            sample.transitions += len as u64;
            sample.lengths.resize(sample.lengths.len().max(len + 1), 0);
            sample.lengths[len] += 1;
            seen.extend(T::Reference::fingerprint(&state));
            for transition in &transitions {
                state = T::Reference::apply(state, transition);
                seen.extend(T::Reference::fingerprint(&state));
            }
            if !seen.is_empty() && (index % every == 0 || index == cases as usize) {
                sample.growth.push(seen.len() as u64);
            }
        }
        sample
    }

    /// How many different states of the model the sample went through; `None` where they are not told apart.
    #[must_use]
    pub fn states(&self) -> Option<u64> {
        self.growth.last().copied()
    }
}

impl SituationCount {
    /// Whether it was met as often as required; `None` where nothing is.
    #[must_use]
    pub fn met(&self) -> Option<bool> {
        (self.minimum > 0).then_some(self.count >= self.minimum)
    }
}

impl SuiteCoverage {
    /// Puts together what a run of a suite has recorded.
    #[must_use]
    pub fn new(suite: &Suite, run: &RunReport, report: &CoverageReport, sample: Sample) -> Self {
        let owned = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        let row = |(kind, outcome, counts): (usize, usize, Vec<u64>)| OutcomeRow {
            kind: report.kinds[kind].to_owned(),
            outcome: report.outcomes[outcome].to_owned(),
            counts,
        };
        let situations = report.situations.iter().map(|(situation, count)| SituationCount {
            name: situation.name.to_owned(),
            count: *count,
            minimum: situation.minimum,
        });
        SuiteCoverage {
            suite: suite.name.to_owned(),
            whole: run.cases >= suite.cases,
            cases: run.cases,
            seed: run.seed,
            transitions: report.transitions(),
            kinds: owned(report.kinds),
            classes: owned(report.classes),
            rows: report.rows().map(row).collect(),
            situations: situations.collect(),
            sample,
        }
    }

    /// How many situations were met as often as required, and how many are required.
    #[must_use]
    pub fn required(&self) -> (usize, usize) {
        let verdicts = self.situations.iter().filter_map(SituationCount::met);
        (verdicts.clone().filter(|met| *met).count(), verdicts.count())
    }

    /// How often a kind of transition was made in a class of states, whatever its outcome.
    #[must_use]
    pub fn count(&self, kind: &str, class: usize) -> u64 {
        self.rows.iter().filter(|row| row.kind == kind).filter_map(|row| row.counts.get(class)).sum()
    }

    /// How many pairs of a kind and a class occurred, and how many there are.
    #[must_use]
    pub fn cells(&self) -> (usize, usize) {
        let classes = self.classes.len();
        let reached = |kind: &String| (0..classes).filter(|class| self.count(kind, *class) > 0).count();
        (self.kinds.iter().map(reached).sum(), self.kinds.len() * classes)
    }
}
