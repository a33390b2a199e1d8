//! The kit's own honesty: no difference goes by because the clause that it would belong to does not apply.

use alys_conformance::{
    adapters::AlysSupervisor,
    mailbox::{Pending, judge_mailbox},
    supervisor::{
        Answered, RestartKind, SupervisorCapabilities, SupervisorParameters, SupervisorUnderTest, Task,
        Watch, judge_supervisor,
    },
    tracker::{OrderingTrackerUnderTest, judge_tracker},
};

use super::plain::{Plain, TRIES_EMPTY_FROM_THE_FOURTH, UNBOUNDED_FULL_NOW_AND_THEN};

/// MB-5, MB-7: a mailbox without futures that says that it is empty while messages are queued has lost them: there is no
/// waiting that MB-7 could be about.
///
/// Engine: sequential
#[test]
fn messages_that_are_withheld_without_futures_are_lost() {
    let report = judge_mailbox::<Plain<TRIES_EMPTY_FROM_THE_FOURTH>>();
    assert!(!report.all_hold(), "{report}");
    assert_eq!(report.broken_rules(), ["MB-5"], "{report}");
}

/// MB-4, MB-5: a mailbox without a bound that refuses now and then breaks what always applies: it has no policy.
///
/// Engine: sequential
#[test]
fn a_mailbox_without_a_bound_is_never_full() {
    let report = judge_mailbox::<Plain<UNBOUNDED_FULL_NOW_AND_THEN>>();
    assert!(!report.all_hold(), "{report}");
    assert_eq!(report.broken_rules(), ["MB-5"], "{report}");
}

/// Counts, gives no verdicts, and does not survive the largest number.
#[derive(Default)]
struct Counter([usize; 2]);

impl OrderingTrackerUnderTest for Counter {
    fn name() -> String {
        "a counter".to_owned()
    }

    fn make() -> Self {
        Counter::default()
    }

    fn record(
        &mut self,
        actor: u8,
        _: u8,
        sequence: u64,
    ) -> Option<alys_conformance::tracker::TrackerVerdict> {
        assert!(sequence < u64::MAX, "there is no next number");
        self.0[usize::from(actor)] += 1;
        None
    }

    fn message_count(&self, actor: u8) -> Option<usize> {
        Some(self.0[usize::from(actor)])
    }
}

/// OT-1, OT-2: a tracker that gives no verdicts and panics breaks whatever it is judged by.
///
/// Engine: sequential
#[test]
fn a_tracker_that_panics_breaks_what_is_judged() {
    let report = judge_tracker::<Counter>();
    assert!(!report.all_hold(), "{report}");
    assert_eq!(report.broken_rules(), ["OT-2", "OT-4"], "{report}");
}

/// Our own supervision with one child, which panics itself when it is asked too often.
struct Weary {
    inner: AlysSupervisor,
    asked: usize,
}

impl SupervisorUnderTest for Weary {
    fn name() -> String {
        "weary".to_owned()
    }

    fn capabilities() -> SupervisorCapabilities {
        SupervisorCapabilities {
            children: 1,
            restarts: &[RestartKind::Always],
            fails: true,
            ..SupervisorCapabilities::NONE
        }
    }

    fn make(parameters: &SupervisorParameters, watch: &Watch) -> Self {
        Weary { inner: AlysSupervisor::make(parameters, watch), asked: 0 }
    }

    fn ask(&mut self, child: usize, task: Task) -> Pending<Answered> {
        self.asked += 1;
        assert!(self.asked < 6, "enough");
        self.inner.ask(child, task)
    }
}

/// SV-1, SV-2: a supervisor of one child that panics breaks what always applies: there are no siblings.
///
/// Engine: sequential
#[test]
fn a_supervisor_that_panics_holds_nothing() {
    let report = judge_supervisor::<Weary>();
    assert!(!report.all_hold(), "{report}");
    assert_eq!(report.broken_rules(), ["SV-1"], "{report}");
}
