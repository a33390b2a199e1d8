//! Cases of the actor suite: who sends which number when, through which lane.

use proptest::{collection::vec, prelude::*};

use super::{SENDERS, suites::TRACKER_ACTOR};
use crate::{
    counterexample::{Counterexample, Step},
    sequential::{Failure, Persistence, Seed, Settings, announce, cases_wanted, run_cases, told},
    violation::check_eq,
};
use crate::{measure::Stopwatch, sequential::RunReport};

/// How a sender numbers its next message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbering {
    /// As it should.
    Next,
    /// It leaves this many out.
    Skip(u8),
    /// It says the last number again.
    Repeat,
    /// It keeps the number for its next message, and says the one after it.
    Swap,
}

/// What everybody may do once a message was ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pause {
    /// Nothing: messages pile up at their senders.
    None,
    /// What one poll of all tasks and actors brings about.
    OnePoll,
    /// Everything that can be done.
    UntilIdle,
}

/// One message, as it is ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// Who sends it.
    pub sender: u8,
    /// How it is numbered.
    pub numbering: Numbering,
    /// The rank of its lane, where the case mixes them.
    pub lane: u8,
    /// What comes before the next order.
    pub pause: Pause,
}

/// A case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traffic {
    /// The capacity of the mailbox.
    pub capacity: usize,
    /// The senders that are tokio tasks, a bit each; the others are Actix actors.
    pub tasks: u8,
    /// The senders whose numbers are recorded through a handle, a bit each; the others by name.
    pub by_handle: u8,
    /// Whether a sender keeps to one lane, which is FIFO.
    pub one_lane: bool,
    /// The messages.
    pub orders: Vec<Order>,
}

/// One message, as it is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sent {
    /// Who sends it.
    pub sender: u8,
    /// Its number.
    pub sequence: u64,
    /// The rank of its lane.
    pub lane: u8,
}

impl Traffic {
    /// The messages with their numbers and lanes.
    #[must_use]
    pub fn sent(&self) -> Vec<Sent> {
        let mut next = [0_u64; SENDERS];
        let mut kept = [None; SENDERS];
        let sent = self.orders.iter().map(|order| {
            let place = usize::from(order.sender);
            let sequence = match (kept[place].take(), order.numbering) {
                (Some(kept), _) => kept,
                (None, Numbering::Repeat) if next[place] > 0 => next[place] - 1,
                (None, Numbering::Swap) => {
                    kept[place] = Some(next[place]);
                    next[place] += 2;
                    next[place] - 1
                }
                (None, numbering) => {
                    next[place] += 1 + if let Numbering::Skip(by) = numbering { u64::from(by) } else { 0 };
                    next[place] - 1
                }
            };
            let lane = if self.one_lane { order.sender } else { order.lane };
            Sent { sender: order.sender, sequence, lane }
        });
        sent.collect()
    }

    /// Whether every sender numbers its messages as it should and keeps to one lane.
    #[must_use]
    pub fn is_in_order(&self) -> bool {
        self.one_lane && self.orders.iter().all(|order| order.numbering == Numbering::Next)
    }
}

/// The strategy of the cases.
pub fn arb_traffic() -> impl Strategy<Value = Traffic> {
    let transitions = TRACKER_ACTOR.transitions;
    (1..=4_usize, 0..8_u8, 0..8_u8, any::<bool>(), any::<bool>()).prop_flat_map(
        move |(capacity, tasks, by_handle, one_lane, honest)| {
            vec(arb_order(honest), transitions.clone()).prop_map(move |orders| Traffic {
                capacity,
                tasks,
                by_handle,
                one_lane,
                orders,
            })
        },
    )
}

fn arb_order(honest: bool) -> impl Strategy<Value = Order> {
    let odd = if honest { 0 } else { 1 };
    let numbering = prop_oneof![
        6 => Just(Numbering::Next),
        odd => (1..3_u8).prop_map(Numbering::Skip),
        odd => Just(Numbering::Repeat),
        odd => Just(Numbering::Swap),
    ];
    let pause = prop_oneof![3 => Just(Pause::None), 1 => Just(Pause::OnePoll), 1 => Just(Pause::UntilIdle)];
    (0..SENDERS as u8, numbering, 0..3_u8, pause).prop_map(|(sender, numbering, lane, pause)| Order {
        sender,
        numbering,
        lane,
        pause,
    })
}

/// Runs the actor suite with a body; an honest part of the cases is guaranteed.
///
/// # Errors
///
/// The first counterexample, shrunk.
pub fn run(
    persistence: Persistence,
    seed: Seed,
    body: impl Fn(&Traffic),
) -> Result<RunReport, Box<Counterexample>> {
    let (watch, suite) = (Stopwatch::start(), &TRACKER_ACTOR);
    let settings =
        Settings { persistence, ..Settings::new(suite.name, cases_wanted(suite.cases), seed.number()) };
    let counts = std::cell::Cell::new((0_u64, 0_u32));
    let passed = run_cases(&settings, &arb_traffic(), |traffic| {
        let (sent, honest) = counts.get();
        counts.set((sent + traffic.orders.len() as u64, honest + u32::from(traffic.is_in_order())));
        body(&traffic);
    });
    let (transitions, honest) = counts.get();
    match passed {
        Ok(passed) => {
            check_eq("OT-1", "whether some case is all in order", &true, &(honest > passed.generated / 20));
            announce(&format!("{}: {honest} cases all in order", suite.name));
            Ok(RunReport {
                suite: suite.name,
                cases: passed.generated,
                replayed: passed.replayed,
                cases_held: 0,
                transitions,
                seed: settings.seed,
                elapsed: watch.elapsed(),
            })
        }
        Err(failure) => Err(Box::new(shown(&settings, &failure))),
    }
}

/// What was sent, in the order in which it was sent.
fn shown(settings: &Settings, failure: &Failure<Traffic>) -> Counterexample {
    let mut counterexample = told(&TRACKER_ACTOR, settings, failure);
    counterexample.engine = "actor".to_owned();
    let step = |by: String, transition: String| Step::plain(&by, None, transition);
    if let Some(traffic) = &failure.value {
        counterexample.initial_state = Some(format!("{traffic:?}"));
        counterexample.steps = vec![step(String::new(), "the beginning".to_owned())];
        let sent = traffic.sent().into_iter();
        counterexample.steps.extend(sent.map(|sent| step("senders".to_owned(), format!("{sent:?}"))));
    }
    counterexample
}
