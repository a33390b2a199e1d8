//! What is claimed of the model of the mailbox.

use alys_models::mailbox::{Handling, Mailbox, Post, Transition as T};
use proptest_state_machine::ReferenceStateMachine;

use super::Checked;
use crate::{
    mailbox::HandReference,
    small::{Keyed, Small},
};

/// MB-1, MB-5, MB-7, MB-13 in every state; and every way for a message to end is met.
#[must_use]
pub fn claims() -> Checked<HandReference> {
    Checked::default()
        .always("MB-1: no more messages than places", |_, model: &Mailbox| {
            model.queue().len() <= model.parameters().capacity
        })
        .always("MB-5: what was offered is accounted for", |_, model: &Mailbox| {
            let seen = model.observe();
            seen.offered == seen.accepted + seen.rejected + seen.waiting + seen.cancelled
        })
        .always("MB-5: what was accepted is accounted for", |_, model: &Mailbox| {
            let seen = model.observe();
            let gone = seen.delivered + seen.evicted + seen.expired + seen.drained;
            seen.accepted == gone + seen.len as u64
        })
        .always("MB-5: what was delivered is accounted for", |_, model: &Mailbox| {
            let seen = model.observe();
            seen.delivered == seen.answered + seen.failed + seen.in_handler
        })
        .always("MB-7: nobody waits beside a free place", |_, model: &Mailbox| {
            model.waiting().is_empty() || model.queue().len() == model.parameters().capacity
        })
        .always("MB-13: the high-water mark is not below the length", |_, model: &Mailbox| {
            model.counters().high_water >= model.queue().len()
        })
        .sometimes("two senders wait", |_, model: &Mailbox| model.waiting().len() == 2)
        .sometimes("a message is evicted", |_, model: &Mailbox| model.counters().evicted > 0)
        .sometimes("a message expires", |_, model: &Mailbox| model.counters().expired > 0)
        .sometimes("a message is drained", |_, model: &Mailbox| model.counters().drained > 0)
        .sometimes("a send is cancelled", |_, model: &Mailbox| model.counters().cancelled > 0)
        .sometimes("an answer is given", |_, model: &Mailbox| model.counters().answered > 0)
        .sometimes("closed with a message in it", |_, model: &Mailbox| {
            model.closed() && !model.queue().is_empty()
        })
}

/// MB-7: with two senders waiting, receiving alone brings everything out, whoever gives up meanwhile.
#[must_use]
pub fn drains() -> Checked<HandReference> {
    let post = |lane| Post { lane, ttl: None, handling: Handling::Answer };
    let crowd = [
        T::TrySend(post(2)),
        T::Send { slot: 0, post: post(0), unpolled: false },
        T::Send { slot: 1, post: post(5), unpolled: false },
    ];
    let crowded = |start| crowd.iter().fold(start, HandReference::apply);
    let waits = |state: &<HandReference as ReferenceStateMachine>::State| state.model.waiting().len() == 2;
    let starts: Vec<_> = HandReference::starts().into_iter().map(crowded).filter(waits).collect();
    let receive = |_: &_| vec![T::TryAcknowledge, T::Cancel { slot: 0 }, T::Cancel { slot: 1 }];
    Checked::new(&starts, receive).eventually("empty", |_, model: &<HandReference as Keyed>::Key| {
        model.queue().is_empty() && model.waiting().is_empty()
    })
}
