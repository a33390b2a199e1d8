//! The table of rules: which property checks each, and which planted fault dies of it.

use alys_properties::{
    mailbox::{faulty, suites},
    planted::{self, Engine},
    sequential::hunt,
};

/// Engine: house.
#[test]
fn every_rule_has_a_property_and_a_fault_that_dies() {
    for fault in planted::live() {
        let _planted = planted::plant(fault.id);
        let kill = match fault.engine {
            Engine::Mailbox => hunt::<faulty::hand::Hand>(&suites::BY_HAND, suites::BY_HAND.cases),
            Engine::MailboxActor => hunt::<faulty::actor::Drained>(&suites::BY_ACTOR, suites::BY_ACTOR.cases),
            _ => continue,
        };
        println!("{:40} {:?} {:?}", fault.id, fault.rules, kill.map(|k| (k.cases, k.steps, k.message)));
    }
    println!("{:?}", planted::STALE);
}
