//! What the model is held beside after every step: the messages, the dead letters, the wake-ups, and what the mailbox says.

use alys_models::mailbox::{Death, MessageId};

use super::{
    beside::Beside,
    judge::Present,
    subject::{Counted, Seen},
};
use crate::{
    clause::{CAPACITY, CONSERVED, COUNTERS, Clause, END, EXPIRY, POLICY, PRESSURE, REFUSED, WAKES},
    court::met,
};

impl Beside {
    /// Queued messages exist, dead ones do not.
    pub(super) fn check_messages(&mut self, present: &Present<'_>) {
        let late = |id: &MessageId| self.is_late(*id);
        let queued = self.model.queue().iter().map(|message| message.id).filter(|id| !late(id));
        let lost: Vec<_> = queued.filter(|id| !present.is_alive(*id)).collect();
        let evicts = self.deaths.iter().any(|(_, death)| *death == Death::Evicted);
        if !lost.is_empty() {
            let clause = if evicts {
                &POLICY
            } else if self.model.closed() {
                &END
            } else {
                &CONSERVED
            };
            self.differ(clause, format!("the accepted messages {lost:?} are gone, and nobody received them"));
        }
        let left = |(id, death): &(MessageId, Death)| present.is_alive(*id).then_some((*id, *death));
        let left = self.deaths.iter().find_map(left);
        if let Some((id, death)) = left {
            self.differ(clause_of(death), format!("message {id} still exists, and it should be {death:?}"));
        }
    }

    pub(super) fn check_letters(&mut self, letters: Option<&Vec<(MessageId, Death)>>) {
        let Some(letters) = letters else { return };
        if *letters != self.deaths {
            let differing = letters.iter().zip(&self.deaths).find(|(one, other)| one != other);
            let first = differing.map(|(_, expected)| expected);
            let first = first.or(self.deaths.get(letters.len())).or(letters.get(self.deaths.len()));
            let clause = first.map_or(&CONSERVED, |(_, death)| clause_of(*death));
            self.differ(clause, format!("the dead letters are {letters:?}, and should be {:?}", self.deaths));
        }
    }

    pub(super) fn check_wakes(&mut self, present: &Present<'_>) {
        if let (Some(true), Some(real)) = (self.model.receiving(), present.receiving) {
            met(&WAKES);
            if !real {
                self.differ(&WAKES, "the receiver that waits is not woken for what there is".to_owned());
            }
        }
        for slot in &present.pending {
            let Some(view) = self.model.slot(usize::from(slot.place)) else { continue };
            if view.woken && !slot.woken {
                met(&WAKES);
                self.differ(&WAKES, format!("the sender of message {} is not woken", slot.id));
            }
        }
    }

    pub(super) fn check_seen(&mut self, seen: &Seen) {
        let model = self.model.observe();
        if let Some(len) = seen.len
            && len != model.len
        {
            let clause = if len > self.model.parameters().capacity { &CAPACITY } else { &CONSERVED };
            self.differ(
                clause,
                format!("it says that {len} messages are queued, and there are {}", model.len),
            );
        }
        if let Some(closed) = seen.closed
            && closed != model.closed
        {
            self.differ(&REFUSED, format!("it says closed: {closed}, and it is closed: {}", model.closed));
        }
        if let Some(state) = seen.backpressure {
            met(&PRESSURE);
            if state != model.backpressure {
                self.differ(
                    &PRESSURE,
                    format!("the backpressure state is {state}, and should be {}", model.backpressure),
                );
            }
        }
        if let Some(counted) = seen.counted {
            met(&COUNTERS);
            let expected = Counted {
                accepted: model.accepted,
                rejected: model.rejected,
                delivered: model.delivered,
                evicted: model.evicted,
                expired: model.expired,
                drained: model.drained,
                high_water: model.high_water,
            };
            if counted != expected {
                let message = format!("it counts {counted:?}, and should {expected:?}");
                // The maximum is no sum of what happened to messages.
                if (Counted { high_water: expected.high_water, ..counted }) != expected {
                    self.differ(&CONSERVED, message.clone());
                }
                self.differ(&COUNTERS, message);
            }
        }
    }
}

/// The clause that a death belongs to.
fn clause_of(death: Death) -> &'static Clause {
    match death {
        Death::Evicted => &POLICY,
        Death::Expired => &EXPIRY,
        Death::Drained | Death::Interrupted => &CONSERVED,
    }
}
