//! Chaos: things are made to go wrong in the real actor system, by a plan, and each is looked for in what the system
//! itself says.
//!
//! A step that was tried and of which nothing was seen is reported as tried and not effective (FW-1).

mod error;
mod memory;
mod plan;
mod report;
mod strategy;

use std::path::PathBuf;

pub use error::PlanError;
pub use memory::chaos_child;
pub use plan::{ChaosPlan, ChaosStep};
pub use report::{ChaosReport, InjectionReport};
pub(crate) use report::{Probed, Seen, name};
pub use strategy::{ChaosTime, ClientFailure, ClientLie, DiskFailure, Strategy};

use crate::harness::chaos;

/// Runs one plan.
///
/// # Examples
///
/// ```
/// use alys_test_framework::{ChaosPlan, ChaosTestFramework};
///
/// let plan = ChaosPlan::from_toml("[[steps]]\nat_ms = 100\nstrategy.panics = { count = 2 }")?;
/// let report = ChaosTestFramework::new(plan)?.run();
/// assert_eq!((report.attempted, report.effective, report.recoveries), (2, 2, 2));
/// # Ok::<(), alys_test_framework::PlanError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ChaosTestFramework {
    plan: ChaosPlan,
    program: Option<PathBuf>,
}

impl ChaosTestFramework {
    /// Makes it for a plan.
    ///
    /// Memory pressure needs a process of its own: the program `alys-test`, this one or beside this one.
    ///
    /// # Errors
    ///
    /// * What [`ChaosPlan::validate`] says.
    pub fn new(plan: ChaosPlan) -> Result<Self, PlanError> {
        plan.validate()?;
        Ok(Self { plan, program: memory::program() })
    }

    /// Takes another program for processes of their own; its `main` must call [`chaos_child`] first.
    #[must_use]
    pub fn with_program(self, program: PathBuf) -> Self {
        Self { program: Some(program), ..self }
    }

    /// Runs the plan: its steps in virtual time on one system, then those in real time, each on one of its own.
    ///
    /// It blocks the thread that calls it until all is over.
    #[must_use]
    pub fn run(&self) -> ChaosReport {
        let (mut seen, probed) = chaos::course(&self.plan);
        let mut injections = Vec::new();
        for (at, step) in self.plan.steps.iter().enumerate() {
            let seen = match step.strategy.time() {
                ChaosTime::Virtual => {
                    seen.remove(&at).unwrap_or_else(|| Seen::failed("the course did not come so far"))
                }
                ChaosTime::Real => self.in_real_time(&step.strategy),
            };
            injections.push(InjectionReport::new(at, &step.strategy, seen));
        }
        ChaosReport::new(&self.plan, injections, probed)
    }

    fn in_real_time(&self, strategy: &Strategy) -> Seen {
        let seed = self.plan.seed;
        let seen = match *strategy {
            Strategy::KilledArbiter {} => chaos::kill_an_arbiter(seed),
            Strategy::CpuStress { threads, iterations, slowdown_permille_min } => {
                chaos::stress(seed, threads, iterations, slowdown_permille_min)
            }
            Strategy::MemoryPressure { .. } => memory::press(self.program.as_deref(), strategy),
            _ => Err(format!("{} does not run in real time", strategy.name())),
        };
        seen.unwrap_or_else(Seen::failed)
    }
}
