//! The kit on our mailbox with planted faults: what breaks is found, and belongs to the rule that the catalogue names.

use alys_conformance::{
    adapters::planted::AlysMailbox,
    clause::mailbox_clauses,
    court::Verdict,
    mailbox::{Subject, judge_subject},
};
use alys_properties::{
    planted::{self, Fault},
    sequential::announce,
};

/// Faults that the kit does not reach, with the reason: its cases are small, poll by hand, and do not ask.
const OUT_OF_REACH: [(&str, &str); 15] = [
    ("ask_overtakes", "asks"),
    ("evicted_asker_not_told", "asks"),
    ("reply_to_the_wrong_asker", "asks"),
    ("cancelled_not_counted", "a counter that no adapter gives"),
    ("overflow_spreads", "two mailboxes"),
    ("clock_read_for_nothing", "how often the clock is read"),
    ("age_in_32_bits", "billions of deliveries"),
    ("age_stops_at_255", "hundreds of deliveries"),
    ("close_refuses_32", "dozens of waiting senders"),
    ("clear_stops_at_64", "dozens of messages"),
    ("close_wakes_backwards", "the order of wake-ups"),
    ("waker_dropped_under_the_lock", "wakers that call back"),
    ("woken_receive_stays_registered", "how long a waker is kept"),
    ("replaced_waker_is_kept", "how long a waker is kept"),
    ("capacity_reserved_at_once", "memory"),
];

/// How the kit finds a fault: the clauses that break, those of the fault's own rules first.
fn found(fault: &Fault) -> Option<String> {
    let _planted = planted::plant(fault.id);
    let subject = Subject::of::<AlysMailbox>();
    let mut clauses = mailbox_clauses();
    clauses.sort_by_key(|clause| !fault.rules.contains(&clause.clause.rule));
    clauses.iter().find_map(|clause| match judge_subject(&subject, clause) {
        Verdict::Broken(found) => Some(format!("{} in {} steps", clause.clause.name, found.steps.len())),
        _ => None,
    })
}

/// MB-1 to MB-13: faults in the deciding files of our mailbox are found, each by a clause that breaks, in a case that was
/// shrunk; those that are out of reach are named with the reason, and not hunted.
///
/// Engine: sequential
#[test]
fn planted_faults_are_found() {
    let deciding = ["mailbox/core.rs", "mailbox/lanes.rs", "mailbox/waiters.rs"];
    let faults = planted::live().filter(|fault| deciding.iter().any(|file| fault.file.ends_with(file)));
    let (mut killed, mut offences) = (0, Vec::new());
    for fault in faults {
        if OUT_OF_REACH.iter().any(|(id, _)| *id == fault.id) {
            continue;
        }
        match found(fault) {
            Some(how) => {
                killed += 1;
                announce(&format!("{}: {how}", fault.id));
            }
            None => offences.push(format!("{} ({})", fault.id, fault.rules.join(", "))),
        }
    }
    announce(&format!("{killed} planted faults found, {} out of reach", OUT_OF_REACH.len()));
    assert!(offences.is_empty() && killed >= 30, "{killed} found, and not:\n{}", offences.join("\n"));
}
