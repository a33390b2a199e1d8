//! Many supervised actors under one supervisor: whether what an actor costs stays the same, however many there are.

use std::{cell::Cell, fmt, panic::resume_unwind, rc::Rc, sync::Arc, time::Duration};

use actix::Actor;
use alys_actor::{
    Handled, MailboxActor, TokioClock,
    lifecycle::LifecycleState,
    mailbox::{Lane, MailboxConfig, Sender},
    supervised::{Adopted, ChildContext, Hook, SupervisedActor, adopt},
    supervision::{Supervision, SupervisionConfig, SupervisorSpec},
};
use alys_properties::measure::Stopwatch;
use tokio::{
    runtime::Runtime,
    task::{LocalSet, yield_now},
};

use crate::{
    memory::{forget_peak, resident},
    ratio::median,
    runtimes::current_thread,
};

/// The words by which the curve is chosen.
pub const TITLE: &str = "supervision curve";

/// Actors under one supervisor; all rows have the same number in all, in so many systems as that takes.
const ACTORS: [u64; 3] = [100, 1_000, 10_000];

/// An actor may cost so many times what it costs in the row before, where ten times fewer live: memory that does not fit
/// the caches any more makes it dearer. If each looked at all others, it would be ten times.
const FLAT: f64 = 2.0;

/// What is done with all actors of a system, one step after the other.
const STEPS: [&str; 6] = ["adopt", "start", "fail once", "stop each", "anew", "stop all"];

/// How many times a start or restart hook was run.
type Starts = Rc<Cell<u64>>;

/// An actor that panics over whatever it gets.
struct Fragile(Starts);

impl Actor for Fragile {
    type Context = ChildContext<Self>;
}

impl MailboxActor<()> for Fragile {
    type Reply = ();

    fn handle(&mut self, (): (), _: &mut Self::Context) -> Handled<Self, ()> {
        resume_unwind(Box::new("on purpose"))
    }
}

impl SupervisedActor<()> for Fragile {
    fn start_hook(&mut self, _: &mut Self::Context) -> Hook<Self> {
        self.0.set(self.0.get() + 1);
        Hook::Done
    }
}

/// One point of the curve.
#[derive(Clone, Copy, Debug)]
pub struct Point {
    /// Actors under one supervisor.
    pub actors: u64,
    /// Median nanoseconds an actor, for each step.
    pub nanos: [f64; STEPS.len()],
    /// Kibibytes an actor, at the peak of the first round.
    pub kibibytes: f64,
}

/// The whole curve.
#[derive(Debug)]
pub struct Curve {
    /// Its points, the fewest actors first.
    pub points: Vec<Point>,
}

/// Measures the curve; the fewest actors come first, because memory that a row once had may stay resident.
#[must_use]
pub fn curve(rounds: usize, scale_down: u64) -> Curve {
    let runtime = current_thread();
    let before = resident().now;
    let mut taken = vec![Vec::new(); ACTORS.len()];
    let mut peaks = [0; ACTORS.len()];
    for round in 0..rounds {
        for (index, actors) in ACTORS.into_iter().enumerate() {
            forget_peak();
            taken[index].push(row(&runtime, (actors / scale_down).max(1), ACTORS[ACTORS.len() - 1] / actors));
            if round == 0 {
                peaks[index] = resident().peak.saturating_sub(before);
            }
        }
    }
    let point = |index: usize| Point {
        actors: ACTORS[index],
        nanos: std::array::from_fn(|step| median(taken[index].iter().map(|nanos| nanos[step]))),
        kibibytes: peaks[index] as f64 / ACTORS[index] as f64,
    };
    Curve { points: (0..ACTORS.len()).map(point).collect() }
}

/// Nanoseconds an actor for each step, over so many systems of so many actors.
fn row(runtime: &Runtime, actors: u64, systems: u64) -> [f64; STEPS.len()] {
    let mut sums = [Duration::ZERO; STEPS.len()];
    for _ in 0..systems {
        let times = system(runtime, actors);
        sums.iter_mut().zip(times).for_each(|(sum, time)| *sum += time);
    }
    sums.map(|sum| sum.as_nanos() as f64 / (actors * systems) as f64)
}

/// Takes one system through all steps.
fn system(runtime: &Runtime, actors: u64) -> [Duration; STEPS.len()] {
    let spec = SupervisorSpec { max_restarts: u32::MAX, ..SupervisorSpec::default() };
    let config = SupervisionConfig { spec, ..SupervisionConfig::default() };
    let names: Vec<_> = (0..actors).map(|number| format!("child {number}")).collect();
    let local = LocalSet::new();
    local.block_on(runtime, async move {
        let starts = Starts::default();
        let supervision = Supervision::new(&config, Arc::new(TokioClock::new())).expect("it is valid");
        let watch = Stopwatch::start();
        let senders: Vec<_> = names.iter().map(|name| child(&supervision, name, &starts)).collect();
        let adopted = watch.elapsed();
        supervision.start("root").expect("it was not started yet");
        until(&starts, actors).await;
        let started = watch.elapsed();
        senders.iter().for_each(|sender| sender.try_send((Lane::Normal, ())).expect("there is room"));
        until(&starts, 2 * actors).await;
        let failed = watch.elapsed();
        names.iter().for_each(|name| supervision.stop(name).expect("it is known"));
        while stopped(&supervision) < actors {
            yield_now().await;
        }
        let each = watch.elapsed();
        let _renewed: Vec<_> = names.iter().map(|name| child(&supervision, name, &starts)).collect();
        supervision.start("root").expect("it goes on");
        until(&starts, 3 * actors).await;
        let anew = watch.elapsed();
        supervision.shut_down(Duration::from_secs(60), Duration::from_secs(60));
        assert_eq!(supervision.ended().await, Ok(Vec::new()));
        let all = watch.elapsed();
        [adopted, started - adopted, failed - started, each - failed, anew - each, all - anew]
    })
}

fn child(supervision: &Supervision, name: &str, starts: &Starts) -> Sender<()> {
    let starts = Rc::clone(starts);
    let adopted = Adopted { mailbox: MailboxConfig::with_capacity(16), ..Adopted::new(name, "root") };
    adopt(supervision, adopted, move || Fragile(Rc::clone(&starts))).expect("the name is new")
}

fn stopped(supervision: &Supervision) -> u64 {
    supervision.registry().monitor().census().count(LifecycleState::Stopped) as u64
}

async fn until(starts: &Starts, wanted: u64) {
    while starts.get() < wanted {
        yield_now().await;
    }
}

impl Curve {
    /// How many times what it cost in the row before a step costs in a row, at most.
    fn growth(&self, step: usize) -> f64 {
        let growths = self.points.windows(2).map(|rows| rows[1].nanos[step] / rows[0].nanos[step]);
        growths.fold(0.0, f64::max)
    }
}

impl fmt::Display for Curve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n{TITLE}: ns an actor under one supervisor, one for one")?;
        write!(f, "  {:>10}", "actors")?;
        STEPS.iter().try_for_each(|step| write!(f, " {step:>12}"))?;
        writeln!(f, " {:>12}", "peak KiB")?;
        for Point { actors, nanos, kibibytes } in &self.points {
            write!(f, "  {actors:>10}")?;
            nanos.iter().try_for_each(|nanos| write!(f, " {nanos:>12.0}"))?;
            writeln!(f, " {kibibytes:>12.1}")?;
        }
        for (step, name) in STEPS.iter().enumerate() {
            let growth = self.growth(step);
            let verdict = if growth <= FLAT { "holds" } else { "MISSED" };
            writeln!(f, "  {verdict}: {name}, at most {FLAT:.1} times the row before: {growth:.2}")?;
        }
        Ok(())
    }
}
