//! The ordering tracker, held to its model.

use alys_properties::{
    planted, results,
    sequential::{Persistence, Seed, announce, expect_covered, fail},
    tracker::{TrackerLabels, faulty, real, suites, traffic},
};

/// OT-1..5: every answer, and the whole state after each transition: that of the key that was touched, and of all others.
///
/// Engine: sequential
#[test]
fn every_answer_and_the_whole_state_are_the_models() {
    expect_covered::<real::machine::Machine, TrackerLabels>(&suites::TRACKER);
}

/// OT-1..3: an actor behind a mailbox records what tasks and other actors send it; in order where the lane is FIFO,
/// and else exactly the gaps, duplicates and reorderings of what it handled.
///
/// Engine: actor
#[test]
fn an_actor_records_what_it_handles() {
    let under_way = results::begin(suites::TRACKER_ACTOR.name);
    let report = traffic::run(Persistence::Committed, Seed::FromEnvironment, real::actor::check);
    let report = report.unwrap_or_else(|found| fail(&found));
    announce(&report.to_string());
    under_way.passed(&report.to_json());
}

/// OT-1..3: the actor suite is worth its name: it finds faults that the sequential one finds.
///
/// Engine: actor
#[test]
fn an_actor_that_records_into_a_faulty_tracker_is_found_out() {
    for id in ["filled_number_stays_open", "every_key_thawed", "closed_gaps_forgiven"] {
        let _planted = planted::plant(id);
        let outcome = traffic::run(Persistence::None, Seed::Fixed, faulty::actor::check);
        let Err(found) = outcome else { panic!("`{id}` survived") };
        let rule = found.rule().unwrap_or("a panic");
        announce(&format!("tracker_actor: {id} dies in case {} of {rule}", found.generated_cases()));
    }
}
