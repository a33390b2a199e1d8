//! The planted faults of the priority mailbox that break what it holds: MB-1 to MB-6, MB-10, MB-11, MB-13.

use super::{Engine, Fault, by, expression, statement};

const CORE: &str = "mailbox/core.rs";
const LANES: &str = "mailbox/lanes.rs";
const REPLY: &str = "mailbox/reply.rs";
const SHARED: &str = "mailbox/shared.rs";
const CONFIG: &str = "mailbox/config.rs";

/// Every one of them; the suite polled by hand finds what names no other engine.
pub(super) const FAULTS: &[Fault] = &[
    expression(
        "capacity_off_by_one: one message more than the capacity is accepted",
        &["MB-1"],
        CORE,
        "self.lanes.len() < self.config.capacity",
        "self.lanes.len() <= self.config.capacity",
    ),
    by(
        Engine::Law,
        expression(
            "capacity_zero_accepted: a mailbox without places can be made",
            &["MB-1"],
            CONFIG,
            "self.capacity == 0",
            "false",
        ),
    ),
    expression(
        "clear_admits_too_many: a clear admits every waiting sender, however little room there is",
        &["MB-1"],
        CORE,
        "self.has_room() && self.waiters.waiting() > 0",
        "self.waiters.waiting() > 0",
    ),
    expression(
        "lowest_lane_first: the lowest lane is served first",
        &["MB-2"],
        LANES,
        "self.occupied.checked_ilog2()? as usize",
        "{ self.occupied.checked_ilog2()?; self.occupied.trailing_zeros() as usize }",
    ),
    expression(
        "lane_order_by_clock: at odd instants the lowest lane is served first",
        &["MB-2"],
        CORE,
        "self.lanes.next_lane()",
        "if now.is_some_and(|now| now.as_nanos() % 2 == 1) { self.lanes.lowest_lane() } \
         else { self.lanes.next_lane() }",
    ),
    expression(
        "highest_due_lane_first: of several lanes that are due the highest is served",
        &["MB-2", "MB-11"],
        LANES,
        "(0..Lane::COUNT).find(|&rank| self.counts[rank] >= every)",
        "(0..Lane::COUNT).rev().find(|&rank| self.counts[rank] >= every)",
    ),
    statement(
        "third_overtakes: the third message of a lane overtakes the two before it",
        &["MB-2", "MB-3"],
        LANES,
        "self.queues[lane.rank()].push_back(item);",
        "if self.queues[lane.rank()].len() == 2 { self.queues[lane.rank()].push_front(item); } \
         else { self.queues[lane.rank()].push_back(item); }",
    ),
    expression(
        "ask_overtakes: an asked message overtakes a sent one of its lane",
        &["MB-3"],
        CORE,
        "self.lanes.push(envelope.lane, envelope)",
        "{ let (lane, ask) = (envelope.lane, envelope.asker.is_some()); self.lanes.push(lane, envelope); \
         if ask && self.lanes.lane_len(lane) == 2 && let Some(first) = self.lanes.pop_oldest(lane) { \
         self.lanes.push(lane, first); } }",
    ),
    expression(
        "drop_oldest_evicts_newest: DropOldest evicts the newest message",
        &["MB-4"],
        CORE,
        "self.lanes.pop_oldest(lowest)",
        "self.lanes.pop_newest(lowest)",
    ),
    expression(
        "drop_lowest_evicts_oldest: DropLowest evicts the oldest message",
        &["MB-4"],
        CORE,
        "self.lanes.pop_newest(lowest)",
        "self.lanes.pop_oldest(lowest)",
    ),
    expression(
        "drop_lowest_takes_its_equal: DropLowest evicts a message of the incoming one's own lane",
        &["MB-4"],
        CORE,
        "lowest < lane",
        "lowest <= lane",
    ),
    expression(
        "drop_oldest_takes_the_higher: DropOldest evicts a message above the incoming one",
        &["MB-4"],
        CORE,
        "lowest <= lane",
        "lowest <= lane || lane != Lane::Background",
    ),
    statement(
        "cancelled_not_counted: a withdrawn message is forgotten by the counters",
        &["MB-5"],
        CORE,
        "self.counters.cancelled += 1;",
        "",
    ),
    statement(
        "permit_released_early: a sender that gives up frees a place that it never had",
        &["MB-1", "MB-7"],
        CORE,
        "self.counters.cancelled += 1;",
        "self.counters.cancelled += 1; if let Some((lane, envelope, _)) = self.waiters.admit() { \
         self.counters.accepted += 1; self.lanes.push(lane, envelope); }",
    ),
    statement(
        "expired_vanish: an expired message becomes no dead letter, and its asker is told nothing",
        &["MB-5", "MB-10"],
        CORE,
        "self.bury(envelope, DeadReason::Expired, effects);",
        "self.deadlines -= 1;",
    ),
    statement(
        "drained_not_counted: drained messages are forgotten by the counters",
        &["MB-5"],
        CORE,
        "self.counters.drained += 1;",
        "",
    ),
    expression(
        "failure_counts_as_answer: a failed message is counted as answered",
        &["MB-5"],
        REPLY,
        "&ledger.failed",
        "&ledger.answered",
    ),
    expression(
        "acknowledged_ask_is_answered: an ask acknowledged without a reply counts as answered",
        &["MB-5"],
        REPLY,
        "self.asker.is_none()",
        "true",
    ),
    expression(
        "threshold_reached_late: a threshold that is met exactly does not count as reached",
        &["MB-6"],
        CONFIG,
        "1000 * len as u128 >= u128::from(permille) * self.capacity as u128",
        "1000 * len as u128 > u128::from(permille) * self.capacity as u128",
    ),
    by(
        Engine::Law,
        expression(
            "thresholds_out_of_order_accepted: a warning threshold above the critical one is accepted",
            &["MB-6"],
            CONFIG,
            "warning_permille > critical_permille",
            "false",
        ),
    ),
    by(
        Engine::Law,
        expression(
            "large_mailbox_in_32_bits: the fill of a large mailbox is compared in 32 bits",
            &["MB-6"],
            CONFIG,
            "len >= self.capacity",
            "(len as u32) >= (self.capacity as u32)",
        ),
    ),
    expression(
        "backpressure_stale_after_receive: the backpressure state does not fall when messages are taken",
        &["MB-6"],
        SHARED,
        "core.config().backpressure(lanes.len())",
        "core.config().backpressure(counters.high_water)",
    ),
    expression(
        "deadline_off_by_one: a message is still delivered at its deadline",
        &["MB-10"],
        CORE,
        "now >= deadline",
        "now > deadline",
    ),
    expression(
        "last_deadline_ignored: the clock is not read for the last message that has a deadline",
        &["MB-10"],
        CORE,
        "self.deadlines > 0",
        "self.deadlines > 1",
    ),
    statement(
        "own_age_survives_delivery: a lane that was served stays due",
        &["MB-11"],
        LANES,
        "self.counts[lane.rank()] = 0;",
        "if lane != Lane::Low { self.counts[lane.rank()] = 0; }",
    ),
    statement(
        "age_survives_an_empty_lane: a lane that ran empty keeps its age",
        &["MB-11"],
        LANES,
        "self.counts[rank] = 0;",
        "",
    ),
    by(
        Engine::Law,
        expression(
            "aging_zero_accepted: aging after no delivery at all is accepted",
            &["MB-11"],
            CONFIG,
            "self.fairness == (Fairness::Aging { every: 0 })",
            "false",
        ),
    ),
    expression(
        "high_water_follows_len: the high-water mark falls with the length",
        &["MB-13"],
        CORE,
        "self.counters.high_water.max(len)",
        "len",
    ),
];
