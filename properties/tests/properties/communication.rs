//! How actors talk to each other, judged by what the receivers logged.

use alys_properties::{
    comm::{self, Law, real, scenarios},
    planted::{self, Engine},
    scenarios::expect_pass,
    violation::rule_of,
};

/// Runs the laws of one pattern under every schedule.
fn hold(suite: &str, test: &str, laws: &[Law]) {
    let path = format!("properties::communication::{test}");
    expect_pass(suite, &path, "schedules", scenarios(laws));
}

/// CM-1: what an account says was accepted, and only that, is what the receivers were handed or what died with them; a
/// receiver that is full, closed, slow or breaks changes nothing for the others.
///
/// Engine: actor
#[test]
fn a_broadcast_reaches_all_and_accounts_for_each() {
    hold("comm_broadcast", "a_broadcast_reaches_all_and_accounts_for_each", real::broadcast::LAWS);
}

/// CM-2: answers come in the order of the requests, each its own, by one deadline and within the bound in flight.
///
/// Engine: actor
#[test]
fn a_batch_is_answered_in_order_and_in_time() {
    hold("comm_batch", "a_batch_is_answered_in_order_and_in_time", real::batch::LAWS);
}

/// CM-3: a message goes past every stop in order, and a failure names the stop behind which nobody was asked.
///
/// Engine: actor
#[test]
fn a_chain_leads_past_every_stop() {
    hold("comm_chain", "a_chain_leads_past_every_stop", real::chain::LAWS);
}

/// CM-4, CM-5: who is handed what, the report and the time are those that an interpreter of the same workflow gives.
///
/// Engine: actor
#[test]
fn a_workflow_does_what_it_declares() {
    hold("comm_workflow", "a_workflow_does_what_it_declares", real::flow::LAWS);
}

/// CM-6: whatever comes, goes, gets ill or stops, what is handed out is healthy and is the one it is called.
///
/// Engine: actor
#[test]
fn only_what_is_healthy_is_found() {
    hold("comm_discovery", "only_what_is_healthy_is_found", real::discovery::LAWS);
}

/// CM-7: turns go round in the order of registration, or to the least loaded.
///
/// Engine: actor
#[test]
fn turns_are_shared_as_the_balance_says() {
    hold("comm_balance", "turns_are_shared_as_the_balance_says", real::balance::LAWS);
}

/// CM-8, CM-9: an account of a publication is what the subscribers were handed; nothing comes out of order, and nothing
/// after an unsubscribe.
///
/// Engine: actor
#[test]
fn a_bus_delivers_what_it_counts() {
    hold("comm_bus", "a_bus_delivers_what_it_counts", real::bus::LAWS);
}

/// CM-1..9: a planted fault is found by the laws of each rule that it breaks, and not by chance of another one.
///
/// Engine: actor
#[test]
fn a_planted_fault_dies_of_each_rule_it_breaks() {
    let mut offences = Vec::new();
    for fault in planted::live().filter(|fault| fault.engine == Engine::Communication) {
        let _planted = planted::plant(fault.id);
        for rule in fault.rules {
            let found = comm::hunt_by(&[rule]).map(|kill| kill.message);
            if found.as_deref().and_then(rule_of) != Some(rule) {
                offences.push(format!("{} breaks {rule}, found as {found:?}", fault.id));
            }
        }
    }
    assert!(offences.is_empty(), "{}", offences.join("\n"));
}
