//! The scenarios that loom explores: two threads, two calls each, one fact.

use alys_models::tracker::TrackerTransition;

use super::history::Script;

/// A scenario, and the planted faults that it must refuse.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The fact that it is about.
    pub name: &'static str,
    /// What the threads do.
    pub script: Script,
    /// Ids of planted faults, each of which makes it fail.
    pub refuses: &'static [&'static str],
}

fn record(sender: u8, sequence: u64) -> TrackerTransition {
    TrackerTransition::Record { actor: 0, sender, sequence }
}

fn by_handle(sender: u8, sequence: u64) -> TrackerTransition {
    TrackerTransition::RecordByHandle { actor: 0, sender, sequence }
}

fn resolve(sender: u8) -> TrackerTransition {
    TrackerTransition::Resolve { actor: 0, sender }
}

fn expect(ordering: &[u64]) -> TrackerTransition {
    TrackerTransition::SetExpected { actor: 0, ordering: ordering.to_vec() }
}

const COUNT: TrackerTransition = TrackerTransition::Count { actor: 0 };
const VERIFY: TrackerTransition = TrackerTransition::Verify { actor: 0 };
const REPORT: TrackerTransition = TrackerTransition::Report { actor: 0 };

type Calls = Vec<TrackerTransition>;

fn scenario(
    name: &'static str,
    before: Calls,
    one: Calls,
    other: Calls,
    refuses: &'static [&'static str],
) -> Scenario {
    Scenario { name, script: Script { before, threads: vec![one, other] }, refuses }
}

/// Returns every scenario.
#[must_use]
pub fn scenarios() -> Vec<Scenario> {
    [of_names(), of_questions(), of_expected_orders()].concat()
}

/// Returns every pair of calls, one a thread: of a key that is there, and of one that is not.
#[must_use]
pub fn pairs() -> Vec<Script> {
    let calls =
        [record(0, 0), by_handle(0, 0), record(0, 1), resolve(0), COUNT, VERIFY, REPORT, expect(&[0])];
    let starts = [vec![], vec![resolve(0)], vec![resolve(0), resolve(1), by_handle(1, 0)]];
    let mut pairs = Vec::new();
    for before in starts {
        for (place, one) in calls.iter().enumerate() {
            for other in &calls[place..] {
                let threads = vec![vec![one.clone()], vec![other.clone()]];
                pairs.push(Script { before: before.clone(), threads });
            }
        }
    }
    pairs
}

fn of_names() -> Vec<Scenario> {
    vec![
        scenario(
            "handles_race_for_the_same_numbers",
            vec![resolve(0)],
            vec![by_handle(0, 0), by_handle(0, 1)],
            vec![by_handle(0, 0), by_handle(0, 1)],
            &["fast_path_in_two_steps"],
        ),
        scenario(
            "first_records_race_for_a_key",
            vec![],
            vec![by_handle(0, 0), by_handle(0, 1)],
            vec![record(0, 0), COUNT],
            &["names_made_outside_the_lock"],
        ),
        scenario(
            "first_records_race_for_an_actor",
            vec![],
            vec![by_handle(0, 0), by_handle(0, 1)],
            vec![record(1, 0), REPORT],
            &["names_made_outside_the_lock"],
        ),
        scenario(
            "a_new_key_appears_between_questions",
            vec![resolve(0)],
            vec![resolve(1), by_handle(1, 0)],
            vec![COUNT, by_handle(0, 0)],
            &["thawed_before_read"],
        ),
        scenario(
            "the_word_of_a_key_ends",
            vec![resolve(0), record(0, (1 << 63) - 2)],
            vec![by_handle(0, (1 << 63) - 1), by_handle(0, 1 << 63)],
            vec![by_handle(0, (1 << 63) - 1), COUNT],
            &["word_overflows"],
        ),
    ]
}

fn of_questions() -> Vec<Scenario> {
    vec![
        scenario(
            "counts_meet_records_in_order",
            vec![resolve(0)],
            vec![by_handle(0, 0), by_handle(0, 1)],
            vec![COUNT, COUNT],
            &["freeze_in_two_steps", "thawed_before_read", "counted_without_a_freeze"],
        ),
        scenario(
            "a_report_is_one_moment_of_two_senders",
            vec![resolve(0), resolve(1)],
            vec![by_handle(0, 0), by_handle(1, 0)],
            vec![REPORT, COUNT],
            &["thawed_before_read", "freeze_in_two_steps"],
        ),
        scenario(
            "a_gap_meets_records_in_order",
            vec![resolve(0)],
            vec![by_handle(0, 0), by_handle(0, 1)],
            vec![by_handle(0, 2), VERIFY],
            &["freeze_in_two_steps", "fast_path_in_two_steps"],
        ),
        scenario(
            "a_gap_is_filled_while_it_is_reported",
            vec![resolve(0), record(0, 2)],
            vec![by_handle(0, 3), by_handle(0, 0)],
            vec![REPORT, by_handle(0, 1)],
            &["thawed_before_read"],
        ),
    ]
}

fn of_expected_orders() -> Vec<Scenario> {
    vec![
        scenario(
            "an_expected_order_meets_the_first_record",
            vec![resolve(0)],
            vec![by_handle(0, 0), VERIFY],
            vec![expect(&[0]), VERIFY],
            &["lateness_judged_too_early"],
        ),
        scenario(
            "an_expected_order_is_compared_in_the_order_of_the_verdicts",
            vec![resolve(0), expect(&[0, 1])],
            vec![by_handle(0, 0), VERIFY],
            vec![by_handle(0, 1), VERIFY],
            &["observed_in_a_second_step"],
        ),
        scenario(
            "an_expected_order_meets_a_new_key",
            vec![],
            vec![record(0, 0), VERIFY],
            vec![expect(&[0]), COUNT],
            &["lateness_judged_too_early", "names_made_outside_the_lock"],
        ),
        scenario(
            "an_expected_order_is_replaced_before_the_first_record_alone",
            vec![resolve(0)],
            vec![expect(&[0]), by_handle(0, 0)],
            vec![expect(&[0]), VERIFY],
            &["lateness_judged_too_early"],
        ),
    ]
}
