//! Actors for real time: they write nothing down while they work, since threads would decide in which order.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use actix::Actor;
use alys_actor::{
    Handled, MailboxActor,
    lifecycle::LifecycleState,
    mailbox::{MailboxConfig, Sender},
    supervised::{Adopted, ChildContext, SupervisedActor, adopt, keep_time},
    supervision::{Supervision, SupervisionConfig},
    tracker::OrderingHandle,
};
use alys_properties::measure::Stopwatch;
use parking_lot::Mutex;

use crate::{
    event::TestEventType::{MessageReceived, Observed},
    stage::{DriveError, Driven, Stage},
};

/// How long a crew may take to stop, of its own and by force.
const STOP_WITHIN: Duration = Duration::from_secs(60);

/// What a porter is given: who sent it, which of that sender's it is, and when.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parcel {
    pub(super) from: usize,
    pub(super) number: u64,
    pub(super) sent: Stopwatch,
}

/// What a porter has got.
#[derive(Debug, Default)]
pub(super) struct Book {
    /// The numbers of each sender's parcels, in the order in which they came.
    pub(super) numbers: Vec<Vec<u64>>,
    /// How many there were.
    pub(super) count: u64,
    /// How long each was on its way, in nanoseconds.
    pub(super) latencies: Vec<u64>,
}

impl Book {
    fn note(&mut self, parcel: Parcel) {
        let elapsed = u64::try_from(parcel.sent.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.latencies.push(elapsed);
        self.count += 1;
        if self.numbers.len() <= parcel.from {
            self.numbers.resize_with(parcel.from + 1, Vec::new);
        }
        self.numbers[parcel.from].push(parcel.number);
    }
}

/// Notes each parcel, in its own book and with the tracker, and answers how many it has got.
struct Porter {
    book: Arc<Mutex<Book>>,
    tracked: Arc<[OrderingHandle]>,
    alive: Arc<AtomicU64>,
}

impl Porter {
    fn new(book: &Arc<Mutex<Book>>, tracked: &Arc<[OrderingHandle]>, alive: &Arc<AtomicU64>) -> Self {
        alive.fetch_add(1, Ordering::Relaxed);
        Self { book: Arc::clone(book), tracked: Arc::clone(tracked), alive: Arc::clone(alive) }
    }
}

impl Drop for Porter {
    fn drop(&mut self) {
        self.alive.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Actor for Porter {
    type Context = ChildContext<Self>;
}

impl MailboxActor<Parcel> for Porter {
    type Reply = u64;

    fn handle(&mut self, parcel: Parcel, _: &mut Self::Context) -> Handled<Self, u64> {
        if let Some(tracked) = self.tracked.get(parcel.from) {
            tracked.record(parcel.number);
        }
        let mut book = self.book.lock();
        book.note(parcel);
        Handled::Answer(book.count)
    }
}

impl SupervisedActor<Parcel> for Porter {}

/// A porter, as the test knows it.
#[derive(Clone)]
pub(super) struct Hand {
    pub(super) sender: Sender<Parcel, u64>,
    pub(super) book: Arc<Mutex<Book>>,
}

/// A supervised system of porters on the thread of the test.
pub(super) struct Crew {
    stage: Stage,
    system: Supervision,
    alive: Arc<AtomicU64>,
}

impl Crew {
    pub(super) fn new(stage: &Stage) -> Result<Self, DriveError> {
        let config = SupervisionConfig { seed: stage.seed(), ..SupervisionConfig::default() };
        let system =
            Supervision::new(&config, stage.clock()).map_err(|error| DriveError::new("root", error))?;
        actix::spawn(keep_time(system.clone()));
        Ok(Self { stage: stage.clone(), system, alive: Arc::default() })
    }

    /// Adds a porter that notes each sender's parcels with its own handle, if there are any.
    pub(super) fn hire(
        &self,
        name: &str,
        mailbox: MailboxConfig,
        tracked: Arc<[OrderingHandle]>,
    ) -> Result<Hand, DriveError> {
        let (book, alive) = (Arc::<Mutex<Book>>::default(), Arc::clone(&self.alive));
        let adopted = Adopted { mailbox, ..Adopted::new(name, "root") };
        let kept = Arc::clone(&book);
        let sender = adopt(&self.system, adopted, move || Porter::new(&kept, &tracked, &alive))
            .map_err(|error| DriveError::new(name, error))?;
        Ok(Hand { sender, book })
    }

    pub(super) fn start(&self) -> Driven {
        self.system.start("root").map_err(|error| DriveError::new("start", error))
    }

    /// Returns how many run, the root left out, and how many exist.
    pub(super) fn running(&self) -> (u64, u64) {
        let running = self.system.registry().monitor().census().count(LifecycleState::Running) as u64;
        (running.saturating_sub(1), self.alive.load(Ordering::Relaxed))
    }

    /// Stops everything, waits for it, and writes down how it ended and how many porters are left.
    pub(super) async fn end(self) {
        self.system.shut_down(STOP_WITHIN, STOP_WITHIN);
        let said = match self.system.ended().await {
            Ok(unresponsive) if unresponsive.is_empty() => "down".to_owned(),
            Ok(unresponsive) => format!("unresponsive: {}", unresponsive.len()),
            Err(fatal) => fatal.to_string(),
        };
        let left = self.alive.load(Ordering::Relaxed);
        self.stage.record(Observed, "crew", [("end", said.into()), ("left", left.into())]);
    }
}

/// Writes down what a porter got of each sender.
pub(super) fn record_book(stage: &Stage, name: &str, book: &Book) {
    for (from, numbers) in book.numbers.iter().enumerate() {
        let told = [("from", sender(from).into()), ("numbers", runs(numbers).into())];
        stage.record(MessageReceived, name, told);
    }
}

/// The name of a sender.
pub(super) fn sender(number: usize) -> String {
    format!("sender {number}")
}

/// Numbers in their order, those that follow each other drawn together: `0-4, 6, 5`.
fn runs(numbers: &[u64]) -> String {
    let follows = |one: &u64, other: &u64| one.checked_add(1) == Some(*other);
    let run = |run: &[u64]| match run {
        [first, .., last] => format!("{first}-{last}"),
        only => only.iter().map(ToString::to_string).collect(),
    };
    numbers.chunk_by(follows).map(run).collect::<Vec<_>>().join(", ")
}
