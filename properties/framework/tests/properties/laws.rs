//! The laws of the framework, about the crate as it ships.

use alys_framework_properties::{planted::Law, real::laws::hold};

/// FW-1, FW-3: limits allow by the order of numbers, lists are equal or differ at an event, and a test passes when what it
/// checked holds, when it checked something, and when it came to its end.
///
/// Engine: law
#[test]
fn a_test_passes_by_what_it_checked() {
    hold(Law::Checks);
}

/// FW-5: every field of a configuration is allowed from its least value to its most, and refused beyond by its name, its
/// value and what is allowed.
///
/// Engine: law
#[test]
fn configurations_are_held_to_their_limits() {
    hold(Law::Configuration);
}

/// FW-4: percentiles are those of the sorted samples, counts those of the tests, and a regression is worse than what was
/// measured first by more than is allowed.
///
/// Engine: law
#[test]
fn figures_are_those_that_were_measured() {
    hold(Law::Figures);
}

/// FW-1, FW-3, FW-4: each test is in one shard, and shards merged are the whole run; runs of different kinds are refused by
/// what differs.
///
/// Engine: law
#[test]
fn shards_are_the_whole_run() {
    hold(Law::Merging);
}

/// FW-2, FW-3: what is written is read again, the event log has nothing that differs from run to run, and what is no record
/// is refused by its file and line.
///
/// Engine: law
#[test]
fn records_are_read_as_they_were_written() {
    hold(Law::Records);
}

/// FW-3: a record gives its verdicts and metrics again, and whatever of it was changed shows.
///
/// Engine: law
#[test]
fn replays_show_every_change() {
    hold(Law::Replaying);
}

/// FW-1, FW-3: a run comes to the worst of its phases, its exit code says so, and so do JUnit XML and trend.
///
/// Engine: law
#[test]
fn reports_tell_the_worst() {
    hold(Law::Reports);
}

/// FW-1, FW-2, FW-4, FW-5: one seed gives one event log; a failed phase ends the run and a skipped one does not; what
/// cannot be run is refused before anything is begun.
///
/// Engine: law
#[test]
fn runs_take_their_course() {
    hold(Law::Runs);
}

/// FW-1, FW-4: a phase comes to the worst of its tests, has run every category that it must have, and never passes by what
/// was skipped.
///
/// Engine: law
#[test]
fn phases_are_held_to_their_gates() {
    hold(Law::Validators);
}
