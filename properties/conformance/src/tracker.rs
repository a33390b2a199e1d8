//! The part of the kit that is about ordering trackers: the reference model beside an implementation, call by call.

use std::{cell::RefCell, fmt};

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
    clause::{Clause, GAPS, KEYS, RECORDS, VERDICTS, VERIFIED},
    court::{self, Verdict, met},
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

    /// The open gaps of a sender at an actor, first to last, in order.
    fn gaps(&self, actor: u8, sender: u8) -> Option<Vec<(u64, u64)>> {
        None
    }
}

/// One record: the actor, the sender, the sequence number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record(pub u8, pub u8, pub u64);

type Make = fn() -> Box<dyn OrderingTrackerUnderTest>;

thread_local! {
    static MAKE: RefCell<Option<Make>> = const { RefCell::new(None) };
}

/// Draws a record: few actors and senders, small numbers that collide, and the largest there is.
#[derive(Clone, Copy, Debug)]
struct Next;

impl Strategy for Next {
    type Tree = Simplifying<Record>;
    type Value = Record;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let mut draw = Draw(runner.rng());
        let sequence = if draw.once_in(40) { u64::MAX } else { u64::from(draw.below(6)) };
        let record = Record(draw.index(2) as u8, draw.index(2) as u8, sequence);
        Ok(Simplifying::new(record, |record, nth| simpler(record).into_iter().nth(nth)))
    }
}

fn simpler(&Record(actor, sender, sequence): &Record) -> Vec<Record> {
    let smaller = (0..sequence.min(3)).map(|smaller| Record(actor, sender, smaller));
    let plainer = [Record(0, sender, sequence), Record(actor, 0, sequence)].into_iter();
    plainer.filter(|other| *other != Record(actor, sender, sequence)).chain(smaller).collect()
}

/// Cases of trackers; every record is allowed everywhere.
#[derive(Clone, Copy, Debug)]
struct Cases;

impl ReferenceStateMachine for Cases {
    type State = ();
    type Transition = Record;

    fn init_state() -> BoxedStrategy<()> {
        Just(()).boxed()
    }

    fn transitions((): &()) -> BoxedStrategy<Record> {
        Next.boxed()
    }

    fn apply((): (), _: &Record) {}
}

impl Small for Cases {
    fn simpler(record: &Record) -> Vec<Record> {
        simpler(record)
    }

    fn starts() -> Vec<()> {
        vec![()]
    }

    fn alphabet((): &()) -> Vec<Record> {
        let sequences = (0..3).flat_map(|sequence| [Record(0, 0, sequence), Record(1, 1, sequence)]);
        sequences.chain([Record(0, 1, 0), Record(1, 0, 0)]).collect()
    }
}

/// A tracker beside the model; nothing once a case has ended without a verdict.
struct Machine {
    pair: Option<(Box<dyn OrderingTrackerUnderTest>, TrackerModel)>,
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
        Machine { pair: Some((make(), TrackerModel::default())) }
    }

    fn apply(machine: Machine, (): &(), record: Record) -> Machine {
        guarded(machine, |machine| {
            let Some((tracker, model)) = &mut machine.pair else { return };
            let differences = match caught(|| step(&mut **tracker, model, record)) {
                Ok(differences) => differences,
                Err(panic) => vec![(&VERDICTS, format!("{record:?} panics: {panic}"))],
            };
            if !court::may_go_on(&differences) {
                std::mem::forget(machine.pair.take());
            }
        })
    }
}

/// Records, and looks at both actors afterwards.
fn step(
    tracker: &mut dyn OrderingTrackerUnderTest,
    model: &mut TrackerModel,
    record: Record,
) -> court::Differences {
    let Record(actor, sender, sequence) = record;
    let mut differences = Vec::new();
    let expected = model.record(actor, sender, sequence);
    if let Some(verdict) = tracker.record(actor, sender, sequence) {
        met(&VERDICTS);
        if verdict != expected {
            differences
                .push((&VERDICTS, format!("{record:?} is {verdict:?}, and the rules say {expected:?}")));
        }
    }
    for looked_at in [0, 1] {
        let clause = |own: &'static Clause| if looked_at == actor { own } else { &KEYS };
        if let Some(count) = tracker.message_count(looked_at) {
            met(clause(&RECORDS));
            let expected = model.count(looked_at);
            if count != expected {
                differences.push((
                    clause(&RECORDS),
                    format!("actor {looked_at} counts {count} records of {expected}"),
                ));
            }
        }
        if let Some(verified) = tracker.verify_ordering(looked_at) {
            met(clause(&VERIFIED));
            let expected = model.verify(looked_at);
            if verified != expected {
                let message =
                    format!("the order at actor {looked_at} is verified: {verified}, and it is {expected}");
                differences.push((clause(&VERIFIED), message));
            }
        }
        let TrackerOutcome::Reported { senders, .. } =
            model.apply(&TrackerTransition::Report { actor: looked_at })
        else {
            continue;
        };
        for TrackerSenderReport { sender, gaps: expected, .. } in senders {
            let Some(gaps) = tracker.gaps(looked_at, sender) else { continue };
            met(clause(&GAPS));
            if gaps != expected {
                let message = format!(
                    "the open gaps of sender {sender} at actor {looked_at} are {gaps:?}, and should be {expected:?}"
                );
                differences.push((clause(&GAPS), message));
            }
        }
    }
    differences
}

/// What a tracker says anything about.
#[derive(Clone, Copy, Debug)]
struct Says {
    verdicts: bool,
    counts: bool,
    verification: bool,
    gaps: bool,
}

impl Says {
    fn of<T: OrderingTrackerUnderTest>() -> Self {
        let mut probe = T::make();
        Says {
            verdicts: probe.record(0, 0, 0).is_some(),
            counts: probe.message_count(0).is_some(),
            verification: probe.verify_ordering(0).is_some(),
            gaps: probe.gaps(0, 0).is_some(),
        }
    }

    /// The clauses, whether each applies, and what is missing where it does not.
    fn clauses(self) -> [(&'static Clause, bool, &'static str); 5] {
        [
            (&VERDICTS, self.verdicts, "verdicts on records"),
            (&RECORDS, self.counts, "count of records"),
            (&VERIFIED, self.verification, "verification"),
            (&GAPS, self.gaps, "gaps"),
            (&KEYS, self.counts || self.verification || self.gaps, "state to look at"),
        ]
    }
}

/// The clauses about trackers, in the order of the rules.
#[must_use]
pub fn tracker_clauses() -> [&'static Clause; 5] {
    let nothing = Says { verdicts: false, counts: false, verification: false, gaps: false };
    nothing.clauses().map(|(clause, ..)| clause)
}

fn judge_clause<T: OrderingTrackerUnderTest + 'static>(
    (clause, applies, missing): (&'static Clause, bool, &'static str),
) -> Verdict {
    if !applies {
        return Verdict::NotApplicable { missing };
    }
    MAKE.set(Some(|| Box::new(T::make())));
    let suite = Suite { name: clause.name, test_path: clause.name, cases: 1_500, transitions: 1..=24 };
    court::judge::<Machine>(&suite, clause)
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
/// When there is no clause of this name, and when it is broken, masked or not reached.
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
