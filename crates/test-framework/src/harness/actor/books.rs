//! The books of a mailbox: what it has counted, written down, and held to the rules and to what the test itself saw.

use std::fmt::Display;

use super::troupe::Reach;
use crate::{
    event::{
        TestEvent,
        TestEventType::{MessageDropped, MessageReceived, MessageRefused, MessageSent, Observed},
    },
    evidence::Evidence,
    judge::{Judge, Limit, Quantity},
};

/// Writes down what a mailbox has counted up to now, on a page of this name.
pub(super) fn write(of: &Reach, page: &str) {
    let stats = of.sender.stats();
    let told = [
        ("page", page.into()),
        ("offered", stats.offered.into()),
        ("accepted", stats.accepted.into()),
        ("rejected", stats.rejected.into()),
        ("waiting", stats.waiting.into()),
        ("cancelled", stats.cancelled.into()),
        ("delivered", stats.delivered.into()),
        ("evicted", stats.evicted.into()),
        ("expired", stats.expired.into()),
        ("drained", stats.drained.into()),
        ("answered", stats.answered.into()),
        ("failed", stats.failed.into()),
        ("in_handler", stats.in_handler.into()),
        ("len", stats.len.into()),
        ("high_water", stats.high_water.into()),
        ("backpressure", format!("{:?}", stats.backpressure).into()),
    ];
    of.stage.record(Observed, &of.name, told);
}

/// Returns an entry of every page of a mailbox, in the order of writing, each with the number of its event.
pub(super) fn entries(seen: Evidence<'_>, of: &str, entry: &str) -> Vec<(u64, Quantity)> {
    let pages = seen.from(Observed, of).filter(|event| event.get("page").is_some());
    pages
        .map(|page| (page.event_id, page.get(entry).cloned().unwrap_or_else(|| "not written".into())))
        .collect()
}

/// Checks a page: that it is there, and that each of these entries is what it must be.
pub(super) fn check(
    judge: &mut Judge,
    seen: Evidence<'_>,
    of: &str,
    page: &str,
    expected: &[(&str, Quantity)],
) {
    let found = seen.from(Observed, of).find(|event| event.words("page") == page);
    judge.equal("MB-5", &format!("pages `{page}` of {of}"), 1_u64, u64::from(found.is_some()));
    let Some(found) = found else { return };
    for (entry, value) in expected {
        let rule = match *entry {
            "len" => "MB-1",
            "high_water" => "MB-13",
            "backpressure" => "MB-6",
            _ => "MB-5",
        };
        compare(judge, rule, &format!("{entry} of {of}, {page}"), value.clone(), found, entry);
    }
}

fn compare(judge: &mut Judge, rule: &str, subject: &str, expected: Quantity, page: &TestEvent, entry: &str) {
    let measured = page.get(entry).cloned().unwrap_or_else(|| "not written".into());
    judge.check(rule, subject, Limit::Exactly(expected), measured, Some(page.event_id));
}

/// Entries, each with those that must add up to it (MB-5).
const SUMS: [(&str, &[&str]); 3] = [
    ("offered", &["accepted", "rejected", "waiting", "cancelled"]),
    ("accepted", &["delivered", "evicted", "expired", "drained", "len"]),
    ("delivered", &["answered", "failed", "in_handler"]),
];

/// Entries that never fall (MB-13).
const GROWING: [&str; 11] = [
    "offered",
    "accepted",
    "rejected",
    "cancelled",
    "delivered",
    "evicted",
    "expired",
    "drained",
    "answered",
    "failed",
    "high_water",
];

/// Checks what holds on every page of a mailbox, and that its last page says what the test saw.
pub(super) fn audit(judge: &mut Judge, seen: Evidence<'_>, of: &str, capacity: impl Into<Quantity>) {
    let pages: Vec<_> = seen.from(Observed, of).filter(|event| event.get("page").is_some()).collect();
    judge.at_least("MB-5", &format!("pages of {of}"), 1_u64, pages.len());
    let count = |page: &TestEvent, entry: &str| page.count(entry).unwrap_or(u64::MAX);
    for (entry, parts) in SUMS {
        let sum = |page: &&TestEvent| parts.iter().map(|part| count(page, part)).fold(0, u64::wrapping_add);
        let sums: Vec<_> = pages.iter().map(sum).collect();
        let told: Vec<_> = pages.iter().map(|page| (page.event_id, count(page, entry))).collect();
        judge.same("MB-5", &format!("{entry} of {of}, as the sum of {}", parts.join(", ")), &sums, &told);
    }
    if pages.len() > 1 {
        let fell = |pair: &[&TestEvent], entry: &&str| count(pair[1], entry) < count(pair[0], entry);
        let falls =
            pages.windows(2).flat_map(|pair| GROWING.iter().filter(move |entry| fell(pair, entry))).count();
        judge.equal("MB-13", &format!("counters of {of} that fell from one page to the next"), 0_u64, falls);
    }
    let most = pages.iter().map(|page| count(page, "high_water").max(count(page, "len"))).max();
    judge.at_most("MB-1", &format!("most messages queued at {of}"), capacity, most.unwrap_or(u64::MAX));
    if let Some(last) = pages.last() {
        told_as_seen(judge, seen, of, last);
    }
}

/// The page must agree with the events that the two ends wrote down: the senders, the actor, and the dead letters.
fn told_as_seen(judge: &mut Judge, seen: Evidence<'_>, of: &str, page: &TestEvent) {
    let before = |event: &&TestEvent| event.event_id < page.event_id;
    let to = |event: &&TestEvent| event.words("to") == of;
    let at = |seen: &dyn Display| format!("{seen} {of}");
    let sent = seen.of(MessageSent).filter(before).filter(to).count();
    compare(judge, "MB-5", &at(&"accepted, as senders of"), sent.into(), page, "accepted");
    let refused = seen.of(MessageRefused).filter(before).filter(to).count();
    compare(judge, "MB-5", &at(&"rejected, as senders of"), refused.into(), page, "rejected");
    let received = seen.from(MessageReceived, of).filter(before).count();
    compare(judge, "MB-5", &at(&"delivered, as seen by"), received.into(), page, "delivered");
    let dead = |reason: &str| {
        seen.from(MessageDropped, of).filter(before).filter(|event| event.words("reason") == reason).count()
    };
    for reason in ["evicted", "expired", "drained"] {
        let subject = at(&format_args!("{reason}, as the dead letters of"));
        compare(judge, "MB-5", &subject, dead(reason).into(), page, reason);
    }
}
