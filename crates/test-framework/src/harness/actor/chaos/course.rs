//! The course of a plan in virtual time: workers, somebody who asks each of them all along, and the steps.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
    sync::Arc,
    time::Duration,
};

use alys_actor::{
    mailbox::MailboxConfig,
    supervision::{ChildSpec, RestartStrategy, SupervisorSpec},
};
use parking_lot::Mutex;
use tokio::task::spawn_local;

use super::{
    super::{
        cast::Line,
        troupe::{Reach, Role, Troupe},
    },
    skew::SkewedClock,
    staged,
};
use crate::{
    chaos::{ChaosPlan, ChaosStep, ChaosTime, Probed, Seen},
    stage::{DriveError, Stage},
};

/// What each step has seen, by its number in the plan.
type Steps = BTreeMap<usize, Seen>;

/// Runs those steps of a plan that run in virtual time.
pub(crate) fn course(plan: &ChaosPlan) -> (Steps, Probed) {
    // Kept outside, so that what was seen before a failure is not lost with it.
    let kept = Arc::new(Mutex::new((Steps::new(), Probed::default())));
    let (plan, given) = (plan.clone(), Arc::clone(&kept));
    let ended =
        staged(plan.seed, true, move |stage| async move { Course::begin(&stage, plan)?.run(&given).await });
    let (steps, probed) = std::mem::take(&mut *kept.lock());
    (steps, Probed { failure: ended.err(), ..probed })
}

/// One question to a worker.
struct Probe {
    worker: usize,
    asked_ns: u64,
    in_time: bool,
    late: bool,
}

/// A system on which steps are taken.
pub(super) struct Course {
    pub(super) stage: Stage,
    pub(super) plan: Rc<ChaosPlan>,
    pub(super) troupe: Troupe,
    pub(super) clock: Arc<SkewedClock>,
    workers: Vec<Reach>,
    probes: Rc<RefCell<Vec<Probe>>>,
}

impl Course {
    fn begin(stage: &Stage, plan: ChaosPlan) -> Result<Self, DriveError> {
        let ms = Duration::from_millis;
        let clock = Arc::new(SkewedClock::new(stage.clock()));
        let (max_restarts, window) = (plan.max_restarts, ms(plan.window_ms));
        let root = SupervisorSpec { max_restarts, window, ..SupervisorSpec::default() };
        let mut troupe = Troupe::with_clock(stage, root, clock.clone())?;
        let restart = RestartStrategy::FixedDelay { delay: ms(plan.backoff_ms) };
        let role = || Role {
            spec: ChildSpec { restart, ..ChildSpec::default() },
            mailbox: MailboxConfig::with_capacity(plan.mailbox_capacity),
            ..Role::default()
        };
        let named = (0..plan.workers).map(|worker| format!("worker {worker}"));
        let workers: Result<_, _> = named.map(|name| troupe.engage(&name, role())).collect();
        let (stage, plan, workers) = (stage.clone(), Rc::new(plan), workers?);
        Ok(Self { stage, plan, troupe, clock, workers, probes: Rc::default() })
    }

    async fn run(self, kept: &Mutex<(Steps, Probed)>) -> Result<(), DriveError> {
        self.troupe.start("root")?;
        let ended = Rc::new(Cell::new(false));
        let probing: Vec<_> =
            (0..self.workers.len()).map(|worker| spawn_local(self.probing(worker, &ended))).collect();
        let mut rng = self.stage.rng();
        for (at, step) in self.plan.steps.iter().enumerate() {
            // Drawn for each step, so that a step more or less leaves the others' workers as they are.
            let drawn = rng.usize(..self.workers.len());
            if step.strategy.time() == ChaosTime::Virtual {
                let seen = self.step(at, step, drawn).await;
                kept.lock().0.insert(at, seen);
            }
        }
        self.settle().await;
        ended.set(true);
        for probing in probing {
            probing.await.map_err(|error| DriveError::new("a prober", error))?;
        }
        kept.lock().1 = self.probed();
        self.troupe.end().await
    }

    async fn step(&self, at: usize, step: &ChaosStep, drawn: usize) -> Seen {
        let at_ns = Duration::from_millis(step.at_ms).as_nanos();
        let wait = at_ns.saturating_sub(u128::from(self.now_ns()));
        self.stage.pass(Duration::from_nanos(u64::try_from(wait).unwrap_or(u64::MAX))).await;
        let named = step.strategy.worker();
        let worker = named.flatten().map_or(drawn, |worker| worker as usize);
        let at_ns = Some(self.now_ns());
        // Of its own for each step, so that two of the same strategy differ.
        let seed = self.stage.seed().wrapping_add(at as u64);
        let seen = self.inject(&step.strategy, worker, seed).await;
        Seen { at_ns, worker: named.map(|_| self.workers[worker].name.to_string()), ..seen }
    }

    /// Asks a worker again and again; what it finds is written down.
    fn probing(&self, worker: usize, ended: &Rc<Cell<bool>>) -> impl Future<Output = ()> + use<> {
        let (stage, plan, probes) = (self.stage.clone(), Rc::clone(&self.plan), Rc::clone(&self.probes));
        let (reach, ended) = (self.workers[worker].clone(), Rc::clone(ended));
        async move {
            let clock = stage.clock();
            let timeout = Duration::from_millis(plan.probe_timeout_ms);
            for number in 0.. {
                if ended.get() {
                    return;
                }
                let asked_ns = clock.now().as_nanos();
                let in_time = reach.ask_within(Line::new("prober", number), timeout).await.is_some();
                let late = !in_time || clock.now().as_nanos() > asked_ns;
                probes.borrow_mut().push(Probe { worker, asked_ns, in_time, late });
                stage.pass(Duration::from_millis(plan.probe_every_ms)).await;
            }
        }
    }

    pub(super) fn worker(&self, worker: usize) -> &Reach {
        &self.workers[worker]
    }

    pub(super) fn now_ns(&self) -> u64 {
        self.stage.clock().now().as_nanos()
    }

    /// Lets every probe that is on its way come to its end.
    pub(super) async fn settle(&self) {
        self.stage.pass(Duration::from_millis(self.plan.probe_timeout_ms + self.plan.probe_every_ms)).await;
    }

    /// Counts the probes of a worker, asked from an instant on, that were late or not answered.
    pub(super) fn late_since(&self, worker: usize, since_ns: u64) -> u64 {
        let probes = self.probes.borrow();
        let of_it = probes.iter().filter(|probe| probe.worker == worker && probe.asked_ns >= since_ns);
        of_it.filter(|probe| probe.late).count() as u64
    }

    fn probed(&self) -> Probed {
        let probes = self.probes.borrow();
        let answered = probes.iter().filter(|probe| probe.in_time).count() as u64;
        Probed { probes: probes.len() as u64, answered, ended_ns: self.now_ns(), failure: None }
    }
}
