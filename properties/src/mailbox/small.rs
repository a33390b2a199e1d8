//! The small world of the mailbox: one or two places, a few kinds of messages, one of each call.

use alys_models::mailbox::{Consumer, Ending, Handling, Mailbox, Parameters, Policy, Post, Transition};

use super::{
    generate::{Profile, simpler},
    pair::{PairReference, PairState},
    reference::{HandReference, Reference, State},
};
use crate::{
    cases::Stored,
    small::{Keyed, Small, all, fingerprint},
};

/// What a simpler mailbox is configured with, where nothing else is the matter.
const PLAIN: Parameters = Parameters {
    capacity: 1,
    policy: Policy::Backpressure,
    aging: None,
    warning: 700,
    critical: 900,
    consumer: Consumer::Hand,
};

fn starting(parameters: Parameters) -> State {
    State::new(Mailbox::new(parameters), Profile::WHOLE)
}

impl<const ACTOR: bool> Small for Reference<ACTOR> {
    const SEARCHED_MAX: usize = if ACTOR { 4_000 } else { 24_000 };

    fn simpler_starts(state: &State) -> Vec<State> {
        let here = *state.model.parameters();
        let smaller = [1, 2, 3, 4, 5, 8].into_iter().filter(|capacity| *capacity < here.capacity);
        let smaller = smaller.map(|capacity| Parameters { capacity, ..here });
        let (warning, critical) = (PLAIN.warning, PLAIN.critical);
        let others = [
            Parameters { aging: None, ..here },
            Parameters { warning, critical, ..here },
            Parameters { policy: Policy::Backpressure, ..here },
        ];
        smaller.chain(others.into_iter().filter(|other| *other != here)).map(starting).collect()
    }

    fn simpler(transition: &Transition) -> Vec<Transition> {
        all(|n| simpler(transition, n))
    }

    fn participant(transition: &Transition) -> String {
        match transition {
            Transition::Send { slot, .. }
            | Transition::Ask { slot, .. }
            | Transition::Poll { slot, .. }
            | Transition::Cancel { slot } => format!("sender {slot}"),
            Transition::TrySend(_)
            | Transition::CloneSender
            | Transition::DropSender
            | Transition::Close { by_receiver: false } => "sender".to_owned(),
            Transition::Advance { .. } => "clock".to_owned(),
            _ => "receiver".to_owned(),
        }
    }

    fn starts() -> Vec<State> {
        let consumer = if ACTOR { Consumer::Actor } else { Consumer::Hand };
        let plain = Parameters { consumer, ..PLAIN };
        let policies = [Policy::Backpressure, Policy::Reject, Policy::DropOldest, Policy::DropLowest];
        let all = policies.map(|policy| Parameters { policy, ..plain });
        let two = Parameters { capacity: 2, aging: Some(1), ..plain };
        all.into_iter().chain([two]).map(starting).collect()
    }

    fn alphabet(state: &State) -> Vec<Transition> {
        let plain = Post { lane: 2, ttl: None, handling: Handling::Answer };
        let brief = Post { ttl: Some(0), ..plain };
        let (first, last) = (Post { lane: 0, ..plain }, Post { lane: 5, ..plain });
        let mut all: Vec<_> = [plain, first, last, brief].map(Transition::TrySend).to_vec();
        let is_free = |slot: &u8| state.model.slot(usize::from(*slot)).is_none();
        let slots = 0..Mailbox::slots() as u8;
        let free = slots.clone().find(is_free);
        all.extend(free.into_iter().flat_map(|slot| {
            let send = |post, unpolled| Transition::Send { slot, post, unpolled };
            let ask = |timeout| Transition::Ask { slot, post: plain, timeout, unpolled: false };
            [send(plain, false), send(first, false), send(plain, true), ask(None), ask(Some(1))]
        }));
        let taken = slots.filter(|slot| !is_free(slot));
        let polled = |slot| [Transition::Poll { slot, fresh: false }, Transition::Cancel { slot }];
        all.extend(taken.flat_map(polled));
        all.extend([
            Transition::TryRecv,
            Transition::TryAcknowledge,
            Transition::Recv,
            Transition::PollRecv { fresh: false },
            Transition::CancelRecv,
            Transition::Turn { receives: 2 },
            Transition::Settle { index: 0, ending: Ending::Answer },
            Transition::Close { by_receiver: false },
            Transition::Clear,
            Transition::CloneSender,
            Transition::DropSender,
            Transition::DropReceiver,
            Transition::Advance { ticks: 1 },
        ]);
        all
    }

    fn fingerprint(state: &State) -> Option<u64> {
        Some(fingerprint(&state.model))
    }
}

impl<const ACTOR: bool> Stored for Reference<ACTOR> {
    type Parameters = Parameters;

    fn parameters(initial: &State) -> Parameters {
        *initial.model.parameters()
    }

    fn initial(parameters: Parameters) -> State {
        starting(parameters)
    }
}

impl Stored for PairReference {
    type Parameters = [Parameters; 2];

    fn parameters(initial: &PairState) -> [Parameters; 2] {
        [0, 1].map(|side| *initial.sides[side].model.parameters())
    }

    fn initial(parameters: [Parameters; 2]) -> PairState {
        PairState { sides: parameters.map(starting) }
    }
}

impl<const ACTOR: bool> Keyed for Reference<ACTOR> {
    type Key = Mailbox;

    fn key(state: &State) -> Mailbox {
        state.model.clone()
    }

    fn state(model: &Mailbox) -> State {
        State::new(model.clone(), Profile::WHOLE)
    }
}

impl Small for PairReference {
    fn simpler((side, transition): &(usize, Transition)) -> Vec<(usize, Transition)> {
        HandReference::simpler(transition).into_iter().map(|simpler| (*side, simpler)).collect()
    }

    fn participant((side, transition): &(usize, Transition)) -> String {
        format!("{} at {side}", HandReference::participant(transition))
    }
}
