//! What is judged: a clause is a part of a rule that can hold or not by itself.

use crate::capabilities::Capabilities;

/// A part of a rule, judged by itself.
#[derive(Clone, Copy, Debug)]
pub struct Clause {
    /// The rule in docs/rules.md, such as `MB-7`.
    pub rule: &'static str,
    /// The name of its test: the rule, and what is claimed.
    pub name: &'static str,
    /// What is claimed, as a sentence.
    pub claim: &'static str,
    /// How often its situation must be met, or a run without a difference is worth nothing.
    pub met_min: u64,
}

impl PartialEq for Clause {
    /// Names are unique.
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// Says which capability is missing, if one is.
pub type Missing = fn(&Capabilities) -> Option<&'static str>;

/// A clause about mailboxes, and when it applies.
#[derive(Clone, Copy, Debug)]
pub struct MailboxClause {
    /// What is judged.
    pub clause: &'static Clause,
    /// How its cases are judged.
    pub judged_by: JudgedBy,
    /// The capability that is missing, if it does not apply.
    pub missing: Missing,
}

/// What a case of a clause is held to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JudgedBy {
    /// What the kit has seen itself: every schedule of polls is tried, whatever way of admission an implementation has.
    Ledger,
    /// The reference model, side by side; woken senders are polled at once.
    Model,
    /// One case in two by either.
    Both,
}

/// Makes the constants of the clauses.
macro_rules! clauses {
    ($($constant:ident = $rule:literal $name:literal $met:literal $claim:literal;)*) => {
        $(#[doc = $claim] pub static $constant: Clause = Clause {
            rule: $rule, name: $name, claim: $claim, met_min: $met,
        };)*
    };
}

pub(crate) use clauses;

clauses! {
    CAPACITY = "MB-1" "mb_1_capacity_is_never_exceeded" 50 "No more messages are queued than there are places.";
    ZERO = "MB-1" "mb_1_capacity_zero_is_refused" 1 "Capacity 0 is refused at construction.";
    TURNS = "MB-2" "mb_2_the_oldest_of_the_highest_lane_comes_next" 50 "The next message is the oldest accepted one of the highest lane.";
    FIFO = "MB-3" "mb_3_messages_of_a_sender_keep_their_order" 50 "Messages of one sender and lane arrive in the order in which they were offered, however they were sent.";
    POLICY = "MB-4" "mb_4_a_full_mailbox_does_what_its_policy_says" 50 "Refused, made to wait or evicted is only what the policy says, only when full; a refused message is given back.";
    CONSERVED = "MB-5" "mb_5_nothing_vanishes_and_nothing_comes_twice" 50 "An accepted message is delivered once or dies for a reason; a refused one is never delivered.";
    PRESSURE = "MB-6" "mb_6_the_backpressure_state_is_right" 50 "The backpressure state follows from length and thresholds after every step.";
    WAKES = "MB-7" "mb_7_no_wake_up_is_lost" 50 "Where messages and a receiver wait, or room and a sender, one of them is woken and finds what it was woken for.";
    CANCEL = "MB-7" "mb_7_a_dropped_future_leaves_nothing_behind" 50 "A dropped send was accepted once or not at all and takes no place with it; a dropped receive takes no message with it.";
    HANDOVER = "MB-7" "mb_7_room_admits_a_waiting_message_at_once" 20 "The step that makes room takes the message of a waiting sender in.";
    OVERTAKING = "MB-8" "mb_8_nobody_overtakes_a_waiting_sender" 20 "No message is accepted while a sender of an equal or higher lane waits.";
    WAITERS = "MB-8" "mb_8_waiting_senders_are_admitted_in_order" 20 "Waiting senders are admitted by lane, then first come first served.";
    REFUSED = "MB-9" "mb_9_a_closed_mailbox_refuses_with_the_message" 20 "Once closed, new and waiting senders are told so and get their message back.";
    END = "MB-9" "mb_9_what_was_accepted_comes_before_the_end" 20 "What was accepted before the close is delivered, then the end is told, and it differs from empty.";
    DRAINED = "MB-9" "mb_9_a_dropped_receiver_drains_the_queue" 20 "When the receiver is dropped, the queued messages are drained.";
    EXPIRY = "MB-10" "mb_10_a_message_past_its_deadline_is_not_delivered" 50 "A message whose turn comes at its deadline or later expires.";
    AGING = "MB-11" "mb_11_an_aged_lane_has_its_turn" 20 "A lower lane has its turn after so many deliveries from above.";
    COUNTERS = "MB-13" "mb_13_the_counters_are_right" 50 "Counters are those of what happened, and the high-water mark is the maximum length.";
    VERDICTS = "OT-1" "ot_1_every_record_has_its_verdict" 50 "A record is in order, opens a gap, is a duplicate or fills a gap, for its actor and sender.";
    RECORDS = "OT-2" "ot_2_no_record_is_lost_or_counted_twice" 50 "The count of an actor is the number of its records.";
    VERIFIED = "OT-3" "ot_3_only_a_faultless_order_is_verified" 50 "An order is verified when no sender has a gap, a duplicate or a reordering.";
    EXPECTED = "OT-3" "ot_3_an_order_is_expected_before_the_first_record" 50 "An expected order is accepted before the first record of its actor, and refused afterwards.";
    ORDERED = "OT-3" "ot_3_records_are_held_to_the_expected_order" 50 "Where an order is expected, it is verified when the recorded one equals it.";
    GAPS = "OT-3" "ot_3_every_open_gap_is_named" 50 "The open gaps are those that no record has filled.";
    KEYS = "OT-4" "ot_4_keys_are_independent" 50 "Records of one actor change nothing at another.";
}

/// Every clause about mailboxes, in the order of the rules.
#[must_use]
pub fn mailbox_clauses() -> Vec<MailboxClause> {
    let all: [(&'static Clause, JudgedBy, Missing); 18] = [
        (&CAPACITY, JudgedBy::Both, |able| lacks_transport(able).or(missing(bounded(able), "capacity"))),
        (&ZERO, JudgedBy::Model, |able| missing(bounded(able), "capacity")),
        (&TURNS, JudgedBy::Model, lacks_transport),
        (&FIFO, JudgedBy::Ledger, lacks_ledger),
        (&POLICY, JudgedBy::Both, |able| lacks_transport(able).or(missing(bounded(able), "capacity"))),
        (&CONSERVED, JudgedBy::Both, lacks_transport),
        (&PRESSURE, JudgedBy::Model, |able| lacks_transport(able).or(missing(able.thresholds, "thresholds"))),
        (&WAKES, JudgedBy::Both, |able| {
            lacks_transport(able).or(missing(able.waiting_receive || able.waits(), "futures that wait"))
        }),
        (&CANCEL, JudgedBy::Both, |able| {
            lacks_transport(able).or(missing(able.waiting_receive || able.waits(), "futures that wait"))
        }),
        (&HANDOVER, JudgedBy::Ledger, lacks_waiting),
        (&OVERTAKING, JudgedBy::Ledger, lacks_waiting),
        (&WAITERS, JudgedBy::Both, lacks_waiting),
        (&REFUSED, JudgedBy::Both, |able| lacks_transport(able).or(missing(able.closes(), "close"))),
        (&END, JudgedBy::Both, |able| {
            let keeps_receiver = able.close_by_sender || able.close_by_receiver || able.ends_with_senders;
            lacks_transport(able).or(missing(keeps_receiver, "close while the receiver stays"))
        }),
        (&DRAINED, JudgedBy::Ledger, |able| {
            lacks_ledger(able).or(missing(able.drop_receiver, "receiver to drop"))
        }),
        (&EXPIRY, JudgedBy::Model, |able| lacks_transport(able).or(missing(able.expiry, "deadlines"))),
        (&AGING, JudgedBy::Model, |able| lacks_transport(able).or(missing(able.aging, "lanes that age"))),
        (&COUNTERS, JudgedBy::Model, |able| lacks_transport(able).or(missing(able.counters, "counters"))),
    ];
    all.map(|(clause, judged_by, missing)| MailboxClause { clause, judged_by, missing }).to_vec()
}

/// Names a capability that is missing.
pub(crate) fn missing(has: bool, what: &'static str) -> Option<&'static str> {
    (!has).then_some(what)
}

fn bounded(able: &Capabilities) -> bool {
    !able.policies.is_empty()
}

fn lacks_transport(able: &Capabilities) -> Option<&'static str> {
    missing(able.sends(), "way to send").or(missing(able.receives(), "way to receive"))
}

fn lacks_ledger(able: &Capabilities) -> Option<&'static str> {
    lacks_transport(able).or(missing(able.has_a_ledger(), "policy without evictions"))
}

fn lacks_waiting(able: &Capabilities) -> Option<&'static str> {
    lacks_transport(able).or(missing(able.waits(), "senders that wait"))
}
