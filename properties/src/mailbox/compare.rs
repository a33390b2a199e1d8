//! Where the real mailbox and the model are held against each other, and which rule a difference breaks.

use alys_models::mailbox::{
    Answer, Death, Mailbox, MessageId, Observation, Outcome, Parameters, Rank, Received,
};

use crate::{
    trace::note,
    violation::{check_eq, violated},
};

/// The rule that an outcome other than the model's breaks.
fn rule_of_outcome(model: &Outcome, real: &Outcome) -> &'static str {
    match (model, real) {
        (Outcome::Sent(Answer::Closed(_)), _) | (_, Outcome::Sent(Answer::Closed(_))) => "MB-9",
        (Outcome::Sent(Answer::Accepted | Answer::Full(_)), _) => "MB-4",
        (Outcome::Sent(_), _) => "MB-12",
        (Outcome::Received(all), _) if all.contains(&Received::End) => "MB-9",
        (Outcome::Received(_), _) => "MB-2",
        (Outcome::Cleared(_), _) => "MB-5",
        (Outcome::Pending | Outcome::Done, _) => "MB-7",
    }
}

/// Compares the answers to one transition.
///
/// # Panics
///
/// Raises a violation when they differ.
pub fn outcomes(model: &Outcome, real: &Outcome) {
    note("answer", model, real);
    if model != real {
        check_eq(rule_of_outcome(model, real), "the answer", model, real);
    }
}

/// Compares what actors and tasks saw by themselves: futures that ended, or messages handled.
///
/// # Panics
///
/// Raises a violation of `rule` when they differ.
pub fn logs<T: PartialEq + std::fmt::Debug>(rule: &'static str, what: &str, model: &[T], real: &[T]) {
    note(what, &model, &real);
    check_eq(rule, what, model, real);
}

/// Compares how the futures of senders ended, by slot.
///
/// # Panics
///
/// Raises a violation when they differ: of MB-7 where one that must have ended is still pending.
pub fn endings(model: &[(u8, Answer)], real: &[(u8, Answer)]) {
    note("futures that ended", &model, &real);
    if model != real {
        let rule = match model.iter().zip(real).find(|(one, other)| one != other) {
            Some(((slot, expected), (other, answer))) if slot == other => {
                rule_of_outcome(&Outcome::Sent(*expected), &Outcome::Sent(*answer))
            }
            _ => "MB-7",
        };
        check_eq(rule, "the futures that ended", model, real);
    }
}

/// A dead letter as its owner sees it: the message, if it is in it, the lane and the reason.
pub type Letter = (Option<MessageId>, Rank, Death);

/// All that can be seen of a mailbox polled by hand after a transition, judged by nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The answer.
    pub answer: Outcome,
    /// The dead letters.
    pub dead: Vec<Letter>,
    /// For each slot whether a future is pending, and if so, whether it was woken.
    pub woken: [Option<bool>; 6],
    /// The same of a receive.
    pub receiving: Option<bool>,
    /// How many messages exist.
    pub messages: usize,
    /// What the mailbox counts, where somebody can look.
    pub stats: Option<Observation>,
}

/// The letter of a death in the model, which knows every message: one that was interrupted went with its handler.
#[must_use]
pub fn letter(&(id, lane, death): &(MessageId, Rank, Death)) -> Letter {
    ((death != Death::Interrupted).then_some(id), lane, death)
}

/// Deaths in the model, shown as the letters that they must be.
struct Letters<'a>(&'a [(MessageId, Rank, Death)]);

impl std::fmt::Debug for Letters<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(letter)).finish()
    }
}

/// Compares the dead letters of one transition.
///
/// # Panics
///
/// Raises a violation when they differ.
pub fn deaths(model: &[(MessageId, Rank, Death)], real: &[Letter]) {
    note("dead letters", &Letters(model), &real);
    if !model.iter().map(letter).eq(real.iter().copied()) {
        let model: Vec<_> = model.iter().map(letter).collect();
        let differing = model.iter().zip(real).find(|(one, other)| one != other);
        let first = differing.map(|(one, _)| one).or(model.get(real.len())).or(real.get(model.len()));
        let rule = match first.map(|(_, _, death)| death) {
            Some(Death::Evicted) => "MB-4",
            Some(Death::Expired) => "MB-10",
            Some(Death::Interrupted) => "SV-7",
            Some(Death::Drained) | None => "MB-5",
        };
        check_eq(rule, "the dead letters", &model[..], real);
    }
}

/// Compares whether a pending future must have been woken with whether it was.
///
/// # Panics
///
/// Raises a violation of MB-7 when they differ: a wake-up too few is a hang, one too many is the wrong waiter's.
pub fn woken(what: &str, index: usize, model: bool, real: bool) {
    note(format_args!("the wake-up of {what} {index}"), &model, &real);
    if model != real {
        check_eq("MB-7", &format!("the wake-up of {what} {index}"), &model, &real);
    }
}

/// Compares everything that can be seen from outside, and holds the real one to the laws that need no model.
///
/// # Panics
///
/// Raises a violation when they differ, or when a law does not hold.
pub fn observations(model: &Mailbox, real: &Observation) {
    let expected = model.observe();
    note("seen", &expected, real);
    laws(model.parameters(), real);
    if expected == *real {
        return;
    }
    check_eq("MB-6", "the backpressure state", &expected.backpressure, &real.backpressure);
    check_eq("MB-13", "the high-water mark", &expected.high_water, &real.high_water);
    check_eq("MB-9", "whether the mailbox is closed", &expected.closed, &real.closed);
    check_eq("MB-8", "the number of waiting senders", &expected.waiting, &real.waiting);
    check_eq("MB-10", "the number of expired messages", &expected.expired, &real.expired);
    check_eq("MB-4", "the number of evicted messages", &expected.evicted, &real.evicted);
    check_eq("MB-5", "what the mailbox counts", &expected, real);
}

/// The laws that hold for every mailbox at every instant: MB-1, MB-5, MB-6.
///
/// # Panics
///
/// Raises a violation when one does not hold.
pub fn laws(parameters: &Parameters, real: &Observation) {
    let len = real.len as u64;
    if real.len > parameters.capacity {
        violated("MB-1", format!("{len} messages are queued where {} may be", parameters.capacity));
    }
    let taken = [real.accepted, real.rejected, real.waiting, real.cancelled].iter().sum::<u64>();
    check_eq("MB-5", "offered = accepted + rejected + waiting + cancelled", &real.offered, &taken);
    let gone = [real.delivered, real.evicted, real.expired, real.drained, len].iter().sum::<u64>();
    check_eq("MB-5", "accepted = delivered + evicted + expired + drained + len", &real.accepted, &gone);
    let settled = real.answered + real.failed + real.in_handler;
    check_eq("MB-5", "delivered = answered + failed + in_handler", &real.delivered, &settled);
    check_eq("MB-5", "len = the sum of the lanes", &real.len, &real.lanes.iter().sum::<usize>());
    check_eq(
        "MB-6",
        "Blocked exactly when full",
        &(real.len == parameters.capacity),
        &(real.backpressure == 3),
    );
    if real.waiting > 0 && real.len < parameters.capacity {
        violated("MB-7", format!("{} senders wait although there is room", real.waiting));
    }
}
