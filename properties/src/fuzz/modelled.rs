//! The reference models as implementations: what they would show if they were real.

use alys_models::{
    mailbox::{Mailbox, Transition},
    tracker::{TrackerOutcome, TrackerTransition},
};

use crate::{
    differential::Observed,
    mailbox::{
        self, HandReference,
        compare::{Seen, letter},
    },
    tracker::{self, ACTORS, TrackerReference, compare::View},
};

/// The model of the mailbox, which shows what a real one must.
#[derive(Clone, Copy, Debug)]
pub struct ModelledMailbox;

impl Observed for ModelledMailbox {
    type Reference = HandReference;
    type Seen = Seen;

    fn begin(_: &mailbox::State) -> Self {
        ModelledMailbox
    }

    fn observe(&mut self, state: &mailbox::State, _: &Transition) -> Seen {
        let model = &state.model;
        Seen {
            answer: state.outcome.clone(),
            dead: model.deaths().iter().map(letter).collect(),
            woken: std::array::from_fn(|slot| model.slot(slot).map(|view| view.woken)),
            receiving: model.receiving(),
            messages: model.messages_alive(),
            stats: can_be_seen(model).then(|| model.observe()),
        }
    }
}

/// Whether somebody can ask for the counters: a sender, or the receiver while no receive has borrowed it.
fn can_be_seen(model: &Mailbox) -> bool {
    model.handles() > 0 || (model.receiver() && model.receiving().is_none())
}

/// The model of the ordering tracker.
#[derive(Clone, Copy, Debug)]
pub struct ModelledTracker;

impl Observed for ModelledTracker {
    type Reference = TrackerReference;
    type Seen = (TrackerOutcome, [View; ACTORS]);

    fn begin(_: &tracker::State) -> Self {
        ModelledTracker
    }

    fn observe(&mut self, state: &tracker::State, _: &TrackerTransition) -> Self::Seen {
        let views = std::array::from_fn(|actor| View::of(&state.model, actor as u8));
        (state.outcome.clone(), views)
    }
}
