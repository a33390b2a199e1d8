//! The work bench: a supervisor on a paused runtime of its own beside the model; everything runs until nothing can.

use std::{
    fmt,
    sync::Arc,
    task::{Context, Poll, Waker},
    time::Duration,
};

use alys_models::supervision::WorldTransition;
use alys_properties::{
    violation::caught,
    wakes::{CountingWaker, settle},
};
use tokio::{
    runtime::{Builder, Runtime},
    task::LocalSet,
};

use super::{
    Pending,
    blame::Scene,
    capabilities::SupervisorCapabilities,
    clauses::{SIBLINGS, SILENT},
    judge::SupervisorSubject,
    life::{Task, Watch},
    past::Past,
    steps::SupervisorStep,
    subject::{Answered, SupervisorParameters, SupervisorUnderTest},
    world::{Moment, Observed, World, sorted},
};
use crate::court::Differences;

/// A tick; tokio's timers count milliseconds.
const TICK: Duration = Duration::from_millis(1);

/// A supervisor, what is asked of it, and the model.
pub(super) struct Bench {
    asking: Vec<(u32, Pending<Answered>)>,
    subject: Box<dyn SupervisorUnderTest>,
    local: LocalSet,
    runtime: Runtime,
    able: SupervisorCapabilities,
    watch: Watch,
    wakes: CountingWaker,
    world: World,
    past: Past,
    answers: Vec<(u32, Answered)>,
    token: Arc<()>,
    asked: u32,
    now: u64,
}

impl fmt::Debug for Bench {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bench").field("past", &self.past).finish_non_exhaustive()
    }
}

impl Bench {
    /// Makes a supervisor with its children; `None` with the differences where they do not run.
    pub(super) fn new(
        subject: &SupervisorSubject,
        parameters: &SupervisorParameters,
    ) -> (Option<Self>, Differences) {
        let made = caught(|| {
            let mut bench = Self::made(subject, parameters);
            let seen = bench.seen();
            (bench, seen)
        });
        match made {
            Ok((bench, seen)) => {
                let expected = bench.world.stands();
                if expected == seen {
                    return (Some(bench), Vec::new());
                }
                let message = format!("the children do not run: {seen:?}, and the rules say {expected:?}");
                (None, vec![(&SILENT, message)])
            }
            Err(panic) => (None, vec![(&SILENT, format!("it is not made: {panic}"))]),
        }
    }

    fn made(subject: &SupervisorSubject, parameters: &SupervisorParameters) -> Self {
        let runtime = Builder::new_current_thread().enable_time().start_paused(true).build();
        let runtime = runtime.expect("a runtime without drivers of input and output can be made");
        let (local, watch) = (LocalSet::new(), Watch::new(parameters.children.len()));
        let made = {
            let (_runtime, _local) = (runtime.enter(), local.enter());
            (subject.make)(parameters, &watch)
        };
        let mut bench = Bench {
            asking: Vec::new(),
            subject: made,
            local,
            runtime,
            able: subject.capabilities,
            watch,
            wakes: CountingWaker::new(),
            world: World::new(parameters),
            past: Past::new(parameters),
            answers: Vec::new(),
            token: Arc::new(()),
            asked: 0,
            now: 0,
        };
        bench.run();
        bench
    }

    /// Makes one step and says what differs after it; time passes tick by tick.
    pub(super) fn step(&mut self, step: SupervisorStep) -> Differences {
        let times = if let SupervisorStep::Advance(ticks) = step { ticks } else { 1 };
        for _ in 0..times {
            let Some(transition) = self.world.transition(step) else { return Vec::new() };
            if self.is_about_the_lost(step) {
                return Vec::new();
            }
            let differences = self.step_once(step, &transition);
            if !differences.is_empty() {
                return differences;
            }
        }
        Vec::new()
    }

    fn is_about_the_lost(&self, step: SupervisorStep) -> bool {
        let lost = |child: u8| self.past.lost.contains(&(usize::from(child) % self.past.why.len()));
        match step {
            SupervisorStep::Ask(child, _)
            | SupervisorStep::Release(child, ..)
            | SupervisorStep::Stop(child)
            | SupervisorStep::Restart(child) => lost(child),
            SupervisorStep::Advance(_) => false,
        }
    }

    fn step_once(&mut self, step: SupervisorStep, transition: &WorldTransition) -> Differences {
        let before = self.world.clone();
        let posted = self.asked;
        if let SupervisorStep::Ask(child, act) = step {
            self.past.asked.insert(posted, (usize::from(child) % before.stands().born.len(), act));
        }
        let (expected, moment) = self.world.apply(transition);
        self.past.take_up(step, &expected, &moment);
        let made = caught(|| {
            self.make(step, &before);
            self.run();
            self.seen()
        });
        match made {
            Ok(seen) => self.judge(step, &before, &expected, &moment, &seen),
            Err(panic) => vec![(&SIBLINGS, format!("{step:?} panics: {panic}"))],
        }
    }

    fn judge(
        &mut self,
        step: SupervisorStep,
        before: &World,
        expected: &Observed,
        moment: &Moment,
        seen: &Observed,
    ) -> Differences {
        let able = &self.able;
        let was = &before.stands().born;
        let lost = Scene { able, past: &self.past, step, moment, was, expected, seen }.lost();
        // Where something else is judged, a child that is not restarted after its panic is left alone from here on.
        self.past.lost.extend(lost);
        let scene = Scene { able, past: &self.past, step, moment, was, expected, seen };
        let differences = scene.differences();
        scene.meet(before);
        self.past.answered.extend(seen.answers.iter().map(|(id, _)| *id));
        self.past.begun.extend(expected.begun.iter().map(|(.., id)| *id));
        differences
    }

    fn make(&mut self, step: SupervisorStep, before: &World) {
        let runtime = self.runtime.handle().clone();
        let _runtime = runtime.enter();
        if let SupervisorStep::Advance(_) = step {
            self.now += 1;
            self.runtime.block_on(tokio::time::advance(TICK));
            self.subject.set_time(self.now);
            return;
        }
        let _local = self.local.enter();
        let children = self.past.why.len();
        let position = |child: u8| usize::from(child) % children;
        match step {
            SupervisorStep::Ask(child, act) => {
                let task = Task { id: self.asked, act, _token: Arc::clone(&self.token) };
                let asking = self.subject.ask(position(child), task);
                self.asking.push((self.asked, asking));
                self.asked += 1;
                self.poll_asking();
            }
            SupervisorStep::Release(child, nth, ending) => {
                let nth = usize::from(nth).checked_rem(before.waiting(position(child))).unwrap_or_default();
                self.watch.release(position(child), nth, ending);
            }
            SupervisorStep::Stop(child) => self.subject.stop(position(child)),
            SupervisorStep::Restart(child) => self.subject.restart(position(child)),
            SupervisorStep::Advance(_) => {}
        }
    }

    /// Lets everything run until nothing can, and sees which asks have ended.
    fn run(&mut self) {
        let _inside = self.runtime.enter();
        assert!(settle(&mut self.local, &self.wakes), "tasks are woken for ever");
        self.subject.run();
        self.poll_asking();
    }

    fn poll_asking(&mut self) {
        let answers = &mut self.answers;
        let mut context = Context::from_waker(Waker::noop());
        self.asking.retain_mut(|(id, asking)| match asking.as_mut().poll(&mut context) {
            Poll::Ready(answer) => {
                answers.push((*id, answer));
                false
            }
            Poll::Pending => true,
        });
    }

    /// What is seen now, and what was since the last look.
    fn seen(&mut self) -> Observed {
        let told = if self.able.tells { self.subject.told() } else { Vec::new() };
        let mut record = self.watch.0.borrow_mut();
        let mut seen = Observed {
            born: record.born.clone(),
            living: record.living.clone(),
            begun: std::mem::take(&mut record.begun),
            timers: std::mem::take(&mut record.timers),
            answers: std::mem::take(&mut self.answers),
            told: sorted(told),
        };
        seen.begun.sort_by_key(|(child, ..)| *child);
        seen.timers.sort_by_key(|(child, _)| *child);
        seen.answers.sort_by_key(|(id, _)| *id);
        seen
    }

    /// Drops everything, within the runtime, and says what is left.
    pub(super) fn end(self) -> Differences {
        let Bench { asking, subject, local, runtime, watch, token, .. } = self;
        let dropped = caught(|| {
            let inside = runtime.enter();
            drop((asking, subject, local));
            drop(inside);
            drop(runtime);
        });
        let living: u64 = watch.0.borrow().living.iter().sum();
        let messages = Arc::strong_count(&token) - 1;
        match dropped {
            Err(panic) => vec![(&SIBLINGS, format!("it panics when it is dropped: {panic}"))],
            Ok(()) if living + messages as u64 > 0 => {
                let left = "are left when everything has been dropped";
                vec![(&SILENT, format!("{living} incarnations and {messages} messages {left}"))]
            }
            Ok(()) => Vec::new(),
        }
    }
}
