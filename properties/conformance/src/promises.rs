//! What implementations document about the clauses that they break, in our words, and where it stands.

/// How a statement stands to what an implementation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stance {
    /// It says that this is so.
    Says,
    /// It says something about it, and not this.
    SaysNearby,
    /// It says the contrary.
    SaysOtherwise,
}

/// A statement of an implementation's documentation.
#[derive(Clone, Copy, Debug)]
pub struct Promise {
    column: &'static str,
    clause: &'static str,
    /// How it stands to what the implementation does.
    pub stance: Stance,
    /// What it says.
    pub says: &'static str,
    /// Where it stands.
    pub place: &'static str,
}

/// A statement, in a line of a table: column, clause, stance, what it says, and where.
type Row = (&'static str, &'static str, Stance, &'static str, &'static str);

/// What two queues say of messages of equal priority, which is the matter of two clauses each.
const HIGHEST_RECEIVED: &str =
    "the message of the highest priority is received; nothing is said of equal priorities";
const HIGHEST_EXTRACTED: &str =
    "the highest priority is extracted first; nothing is said of equal priorities";

const ROWS: [Row; 15] = [
    (
        "flume",
        "mb_1_capacity_zero_is_refused",
        Stance::Says,
        "rendezvous queues are among its features",
        "the front page of the crate",
    ),
    (
        "crossbeam",
        "mb_1_capacity_zero_is_refused",
        Stance::Says,
        "a channel of capacity zero holds nothing, and its operations meet in pairs",
        "crossbeam_channel::bounded",
    ),
    (
        "actix",
        "mb_1_capacity_is_never_exceeded",
        Stance::SaysOtherwise,
        "try_send fails when the mailbox is full; only do_send is said to queue its message even then. A comment inside \
         the crate adds that each sender has a place of its own on top of the capacity",
        "actix::Addr::try_send, actix::Recipient::try_send",
    ),
    (
        "actix",
        "mb_9_a_closed_mailbox_refuses_with_the_message",
        Stance::Says,
        "do_send drops the message silently when the mailbox is closed",
        "actix::Addr::do_send",
    ),
    (
        "tokio bounded",
        "mb_3_messages_of_a_sender_keep_their_order",
        Stance::SaysNearby,
        "data becomes available to the receiver in the order in which it was sent; a send that still waits may be taken \
         for not sent yet",
        "tokio::sync::mpsc::channel",
    ),
    (
        "async-channel",
        "mb_9_a_dropped_receiver_drains_the_queue",
        Stance::SaysNearby,
        "the channel is closed when all receivers are dropped; when the messages are dropped is not said",
        "the front page of the crate",
    ),
    (
        "crossbeam",
        "mb_9_a_dropped_receiver_drains_the_queue",
        Stance::SaysNearby,
        "the channel is disconnected when one side is gone; when the messages are dropped is not said",
        "the front page of the crate, under Disconnection",
    ),
    (
        "async-priority",
        "mb_9_a_dropped_receiver_drains_the_queue",
        Stance::SaysNearby,
        "the channel is closed when all receivers are dropped; when the messages are dropped is not said",
        "the front page of the crate",
    ),
    (
        "async-priority",
        "mb_2_the_oldest_of_the_highest_lane_comes_next",
        Stance::SaysNearby,
        HIGHEST_RECEIVED,
        "the front page of the crate",
    ),
    (
        "async-priority",
        "mb_3_messages_of_a_sender_keep_their_order",
        Stance::SaysNearby,
        HIGHEST_RECEIVED,
        "the front page of the crate",
    ),
    (
        "priority-queue",
        "mb_2_the_oldest_of_the_highest_lane_comes_next",
        Stance::SaysNearby,
        HIGHEST_EXTRACTED,
        "the README of the crate",
    ),
    (
        "priority-queue",
        "mb_3_messages_of_a_sender_keep_their_order",
        Stance::SaysNearby,
        HIGHEST_EXTRACTED,
        "the README of the crate",
    ),
    (
        "actix::Supervisor",
        "sv_8_restarted_state_is_fresh",
        Stance::Says,
        "a supervisor does not make its actor anew, it calls its method restarting, in which the actor may reset itself",
        "actix::Supervisor, actix::Supervised",
    ),
    (
        "actix::Supervisor",
        "sv_10_a_panic_ends_in_running",
        Stance::SaysNearby,
        "an actor that fails gets a new context and is restarted; whether a panic is such a failure is not said, and the \
         example fails by stopping its context",
        "actix::Supervisor",
    ),
    (
        "bdk LocalChain",
        "ch_1_a_block_enters_only_one_above_its_parent",
        Stance::Says,
        "checkpoints are a list of blocks of a sparse chain, each higher than the one before; an update has to connect to a \
         definite block of the chain, and may leave heights out",
        "bdk_chain::local_chain::CheckPoint, LocalChain::apply_update",
    ),
];

/// What an implementation documents about a clause.
#[must_use]
pub fn promise(column: &str, clause: &str) -> Option<Promise> {
    let promises = ROWS.iter().map(|&(column, clause, stance, says, place)| Promise {
        column,
        clause,
        stance,
        says,
        place,
    });
    promises.into_iter().find(|promise| promise.column == column && promise.clause == clause)
}
