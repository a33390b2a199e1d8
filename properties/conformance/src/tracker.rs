//! The part of the kit that is about ordering trackers: the reference model beside an implementation, call by call.

use std::{
    cell::{Cell, RefCell},
    fmt,
};

use alys_models::tracker::{TrackerModel, TrackerOutcome, TrackerTransition};
pub use alys_models::tracker::{TrackerSenderReport, TrackerVerdict};
use alys_properties::{
    draw::{Draw, Simplifying},
    sequential::Suite,
    small::Small,
    violation::{caught, guarded},
};
use proptest::{
    strategy::{BoxedStrategy, Just, NewTree, Strategy},
    test_runner::TestRunner,
};
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

use crate::{
    clause::{Clause, EXPECTED, GAPS, KEYS, ORDERED, RECORDS, VERDICTS, VERIFIED},
    court::{self, Docket, Verdict, met},
    report::Report,
};

/// An ordering tracker that is held to the rules; what gives `None` is not judged.
#[allow(unused_variables, reason = "the names of the arguments are part of the documentation")]
pub trait OrderingTrackerUnderTest {
    /// What it is called in reports.
    fn name() -> String
    where
        Self: Sized;

    /// Makes a tracker that has seen nothing.
    fn make() -> Self
    where
        Self: Sized;

    /// Records a sequence number of a sender at an actor.
    fn record(&mut self, actor: u8, sender: u8, sequence: u64) -> Option<TrackerVerdict> {
        None
    }

    /// How many records an actor has.
    fn message_count(&self, actor: u8) -> Option<usize> {
        None
    }

    /// Whether no sender of an actor has a gap, a duplicate or a reordering.
    fn verify_ordering(&self, actor: u8) -> Option<bool> {
        None
    }

    /// Says which numbers are expected at an actor, in which order, from all its senders together; gives whether that was accepted.
    fn set_expected_ordering(&mut self, actor: u8, order: &[u64]) -> Option<bool> {
        None
    }

    /// The open gaps of a sender at an actor, first to last, in order.
    fn gaps(&self, actor: u8, sender: u8) -> Option<Vec<(u64, u64)>> {
        None
    }
}

/// One record: the actor, the sender, the sequence number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record(pub u8, pub u8, pub u64);

/// One step of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrackerStep {
    /// A record is made.
    Record(Record),
    /// An order is expected at an actor.
    Expect(u8, Vec<u64>),
}

type Make = fn() -> Box<dyn OrderingTrackerUnderTest>;

thread_local! {
    static MAKE: RefCell<Option<Make>> = const { RefCell::new(None) };
    /// Whether orders are expected.
    static ORDERS: Cell<bool> = const { Cell::new(false) };
}

/// Draws a step, an order now and then, else a record: few actors and senders, small numbers that collide, and the largest there is.
#[derive(Clone, Copy, Debug)]
struct Next;

impl Strategy for Next {
    type Tree = Simplifying<TrackerStep>;
    type Value = TrackerStep;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let mut draw = Draw(runner.rng());
        if ORDERS.get() && draw.once_in(6) {
            let (actor, length) = (draw.index(2) as u8, draw.index(4));
            let step = TrackerStep::Expect(actor, (0..length).map(|_| u64::from(draw.below(3))).collect());
            return Ok(Simplifying::new(step, |step, nth| simpler(step).into_iter().nth(nth)));
        }
        let sequence = if draw.once_in(40) { u64::MAX } else { u64::from(draw.below(6)) };
        let record = Record(draw.index(2) as u8, draw.index(2) as u8, sequence);
        let step = TrackerStep::Record(record);
        Ok(Simplifying::new(step, |step, nth| simpler(step).into_iter().nth(nth)))
    }
}

fn simpler(step: &TrackerStep) -> Vec<TrackerStep> {
    match step {
        TrackerStep::Record(record) => {
            simpler_records(*record).into_iter().map(TrackerStep::Record).collect()
        }
        TrackerStep::Expect(actor, order) => {
            let shorter = order.split_last().map(|(_, order)| TrackerStep::Expect(*actor, order.to_vec()));
            shorter.into_iter().chain((*actor > 0).then(|| TrackerStep::Expect(0, order.clone()))).collect()
        }
    }
}

fn simpler_records(Record(actor, sender, sequence): Record) -> Vec<Record> {
    let smaller = (0..sequence.min(3)).map(|smaller| Record(actor, sender, smaller));
    let plainer = [Record(0, sender, sequence), Record(actor, 0, sequence)].into_iter();
    plainer.filter(|other| *other != Record(actor, sender, sequence)).chain(smaller).collect()
}

/// Cases of trackers; every step is allowed everywhere.
#[derive(Clone, Copy, Debug)]
struct Cases;

impl ReferenceStateMachine for Cases {
    type State = ();
    type Transition = TrackerStep;

    fn init_state() -> BoxedStrategy<()> {
        Just(()).boxed()
    }

    fn transitions((): &()) -> BoxedStrategy<TrackerStep> {
        Next.boxed()
    }

    fn apply((): (), _: &TrackerStep) {}
}

impl Small for Cases {
    fn simpler(step: &TrackerStep) -> Vec<TrackerStep> {
        simpler(step)
    }

    fn starts() -> Vec<()> {
        vec![()]
    }

    fn alphabet((): &()) -> Vec<TrackerStep> {
        let sequences = (0..3).flat_map(|sequence| [Record(0, 0, sequence), Record(1, 1, sequence)]);
        let records = sequences.chain([Record(0, 1, 0), Record(1, 0, 0)]).map(TrackerStep::Record);
        let orders = [vec![], vec![0], vec![1]].map(|order| TrackerStep::Expect(0, order));
        records.chain(orders.into_iter().filter(|_| ORDERS.get())).collect()
    }
}

/// A tracker beside the model; nothing once a case has ended without a verdict.
struct Machine {
    pair: Option<Pair>,
}

struct Pair {
    tracker: Box<dyn OrderingTrackerUnderTest>,
    model: TrackerModel,
    /// Whether an order is expected at each actor.
    ordered: [bool; 2],
}

impl fmt::Debug for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Machine").finish_non_exhaustive()
    }
}

impl StateMachineTest for Machine {
    type SystemUnderTest = Machine;
    type Reference = Cases;

    fn init_test((): &()) -> Machine {
        let make = MAKE.with_borrow(|make| *make).expect("a clause is judged only after it was taken up");
        let tracker = caught(make).inspect_err(|panic| {
            court::may_go_on(&vec![(&VERDICTS, format!("it is not made: {panic}"))]);
        });
        let pair = |tracker| Pair { tracker, model: TrackerModel::default(), ordered: [false; 2] };
        Machine { pair: tracker.ok().map(pair) }
    }

    fn apply(machine: Machine, (): &(), step: TrackerStep) -> Machine {
        guarded(machine, |machine| {
            let Some(pair) = &mut machine.pair else { return };
            let differences = match caught(|| pair.make(&step)) {
                Ok(differences) => differences,
                Err(panic) => vec![(&VERDICTS, format!("{step:?} panics: {panic}"))],
            };
            if !court::may_go_on(&differences) {
                std::mem::forget(machine.pair.take());
            }
        })
    }

    fn teardown(machine: Machine, (): ()) {
        if let Err(panic) = caught(|| drop(machine)) {
            court::may_go_on(&vec![(&VERDICTS, format!("it panics when it is dropped: {panic}"))]);
        }
    }
}

impl Pair {
    /// Makes a step, and looks at both actors afterwards.
    fn make(&mut self, step: &TrackerStep) -> court::Differences {
        let (actor, mut differences) = match step {
            TrackerStep::Record(record) => (record.0, self.record(*record)),
            TrackerStep::Expect(actor, order) => (*actor, self.expect(*actor, order)),
        };
        for looked_at in [0, 1] {
            self.look(looked_at, actor, &mut differences);
            self.look_at_gaps(looked_at, actor, &mut differences);
        }
        differences
    }

    fn expect(&mut self, actor: u8, order: &[u64]) -> court::Differences {
        let expected = self.model.set_expected(actor, order) == TrackerOutcome::ExpectedSet;
        self.ordered[usize::from(actor)] |= expected;
        let Some(accepted) = self.tracker.set_expected_ordering(actor, order) else { return Vec::new() };
        met(&EXPECTED);
        if accepted == expected {
            return Vec::new();
        }
        let order = format!("the order {order:?} at actor {actor}");
        vec![(&EXPECTED, format!("{order} is accepted: {accepted}, and should be: {expected}"))]
    }

    fn record(&mut self, record: Record) -> court::Differences {
        let Record(actor, sender, sequence) = record;
        let expected = self.model.record(actor, sender, sequence);
        let Some(verdict) = self.tracker.record(actor, sender, sequence) else { return Vec::new() };
        met(&VERDICTS);
        if verdict == expected {
            return Vec::new();
        }
        vec![(&VERDICTS, format!("{record:?} is {verdict:?}, and the rules say {expected:?}"))]
    }

    /// Looks at an actor after a step at `actor`.
    fn look(&mut self, looked_at: u8, actor: u8, differences: &mut court::Differences) {
        let clause = |own: &'static Clause| if looked_at == actor { own } else { &KEYS };
        if let Some(count) = self.tracker.message_count(looked_at) {
            met(clause(&RECORDS));
            let expected = self.model.count(looked_at);
            if count != expected {
                let message = format!("actor {looked_at} counts {count} records of {expected}");
                differences.push((clause(&RECORDS), message));
            }
        }
        if let Some(verified) = self.tracker.verify_ordering(looked_at) {
            let ordered = self.ordered[usize::from(looked_at)];
            let clause = clause(if ordered { &ORDERED } else { &VERIFIED });
            met(clause);
            let expected = self.model.verify(looked_at);
            if verified != expected {
                let message =
                    format!("the order at actor {looked_at} is verified: {verified}, and it is {expected}");
                differences.push((clause, message));
            }
        }
    }

    fn look_at_gaps(&mut self, looked_at: u8, actor: u8, differences: &mut court::Differences) {
        let clause = if looked_at == actor { &GAPS } else { &KEYS };
        let report = self.model.apply(&TrackerTransition::Report { actor: looked_at });
        let TrackerOutcome::Reported { senders, .. } = report else { return };
        for TrackerSenderReport { sender, gaps: expected, .. } in senders {
            let Some(gaps) = self.tracker.gaps(looked_at, sender) else { continue };
            met(clause);
            if gaps != expected {
                let open = format!("the open gaps of sender {sender} at actor {looked_at}");
                differences.push((clause, format!("{open} are {gaps:?}, and should be {expected:?}")));
            }
        }
    }
}

/// What a tracker says anything about.
#[derive(Clone, Copy, Debug)]
struct Says {
    verdicts: bool,
    counts: bool,
    verification: bool,
    gaps: bool,
    orders: bool,
}

impl Says {
    fn of<T: OrderingTrackerUnderTest>() -> Self {
        let mut probe = T::make();
        Says {
            verdicts: probe.record(0, 0, 0).is_some(),
            counts: probe.message_count(0).is_some(),
            verification: probe.verify_ordering(0).is_some(),
            gaps: probe.gaps(0, 0).is_some(),
            orders: probe.set_expected_ordering(1, &[]).is_some(),
        }
    }

    /// The clauses, whether each applies, and what is missing where it does not.
    fn clauses(self) -> [(&'static Clause, bool, &'static str); 7] {
        [
            (&VERDICTS, self.verdicts, "verdicts on records"),
            (&RECORDS, self.counts, "count of records"),
            (&VERIFIED, self.verification, "verification"),
            (&EXPECTED, self.orders, "expected orders"),
            (&ORDERED, self.orders && self.verification, "expected orders"),
            (&GAPS, self.gaps, "gaps"),
            (&KEYS, self.counts || self.verification || self.gaps, "state to look at"),
        ]
    }
}

/// The clauses about trackers, in the order of the rules.
#[must_use]
pub fn tracker_clauses() -> [&'static Clause; 7] {
    let nothing = Says { verdicts: false, counts: false, verification: false, gaps: false, orders: false };
    nothing.clauses().map(|(clause, ..)| clause)
}

fn judge_clause<T: OrderingTrackerUnderTest + 'static>(
    (clause, applies, missing): (&'static Clause, bool, &'static str),
) -> Verdict {
    if !applies {
        return Verdict::NotApplicable { missing };
    }
    MAKE.set(Some(|| Box::new(T::make())));
    ORDERS.set(T::make().set_expected_ordering(0, &[]).is_some());
    let suite = Suite { name: clause.name, test_path: clause.name, cases: 1_500, transitions: 1..=24 };
    let applicable = Says::of::<T>().clauses().into_iter().filter(|(_, applies, _)| *applies);
    // No clause applies to every tracker: what belongs to none breaks whatever is judged.
    let docket = Docket::new(clause, applicable.map(|(clause, ..)| clause).collect(), clause);
    court::judge::<Machine>(&suite, docket)
}

/// Judges every clause of a tracker.
#[must_use]
pub fn judge_tracker<T: OrderingTrackerUnderTest + 'static>() -> Report {
    let clauses = Says::of::<T>().clauses().into_iter();
    let verdicts = clauses.map(|clause| (clause.0, judge_clause::<T>(clause)));
    Report { name: T::name(), verdicts: verdicts.collect() }
}

/// Judges one clause by its name, as a test.
///
/// # Panics
///
/// When there is no clause of this name, and when it applies and does not hold.
pub fn expect_tracker_clause<T: OrderingTrackerUnderTest + 'static>(name: &str) {
    let found = Says::of::<T>().clauses().into_iter().find(|(clause, ..)| clause.name == name);
    let clause = found.unwrap_or_else(|| panic!("there is no clause {name}"));
    court::expect(&T::name(), clause.0, &judge_clause::<T>(clause));
}

/// Fails when no clause applies: a suite that judges nothing has not passed.
///
/// # Panics
///
/// When the tracker says nothing about anything.
pub fn expect_some_tracker_rule_applies<T: OrderingTrackerUnderTest + 'static>() {
    let applies = Says::of::<T>().clauses().iter().any(|(_, applies, _)| *applies);
    assert!(applies, "{}: no rule applies", T::name());
}
