//! The generator of mailbox cases: parameters skewed to the edges, transitions that depend on the model's state.
//!
//! One transition is one draw from a plain random generator, not a tree of strategies: an order of magnitude faster,
//! and weights that depend on the state stay readable. proptest keeps the seeds, and its shrinker still deletes
//! transitions and simplifies them one by one.

use alys_models::mailbox::{Consumer, Ending, Handling, Mailbox, Parameters, Policy, Post, Transition};
use proptest::{
    prelude::Rng,
    strategy::{NewTree, Strategy},
    test_runner::TestRunner,
};

use super::reference::State;
use crate::draw::{Draw, Fixed, Simplifying};

/// The number of kinds of transitions, which is the number of weights.
pub(super) const KINDS: usize = 18;

/// How often each kind is drawn where it is allowed, in the order of [`super::labels::KIND_NAMES`].
///
/// Sends outweigh receives, so that small mailboxes are full most of the time; what ends a case early is rare.
const WEIGHTS: [u16; KINDS] = [200, 160, 130, 160, 60, 110, 30, 60, 90, 30, 40, 110, 5, 10, 15, 8, 3, 90];

/// What a case draws from: its weights and lanes are part of the case, so that each explores a corner (swarm).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    weights: [u16; KINDS],
    /// The lanes in use, a bit each.
    lanes: u8,
    /// Whether posts have deadlines and asks have timeouts.
    timed: bool,
}

impl Profile {
    /// Everything there is.
    pub(super) const WHOLE: Profile = Profile { weights: WEIGHTS, lanes: 0b11_1111, timed: true };
}

/// Draws the parameters and the profile of a case.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start(pub(super) Consumer);

impl Strategy for Start {
    type Tree = Fixed<State>;
    type Value = State;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let mut draw = Draw(runner.rng());
        // Capacity 1 and 2 collide in every way there is; 40 lets thresholds round.
        let capacity = draw.pick(&[1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 8, 13, 40]);
        let policy = draw.pick(&[
            Policy::Backpressure,
            Policy::Backpressure,
            Policy::Reject,
            Policy::DropOldest,
            Policy::DropLowest,
        ]);
        let aging = draw.pick(&[None, None, None, Some(1), Some(1), Some(2), Some(3), Some(5)]);
        let (warning, critical) =
            draw.pick(&[(700, 900), (500, 500), (1, 1000), (1000, 1000), (333, 667), (1, 1), (250, 999)]);
        let profile = draw_profile(&mut draw);
        let parameters = Parameters { capacity, policy, aging, warning, critical, consumer: self.0 };
        Ok(Fixed(State::new(Mailbox::new(parameters), profile)))
    }
}

/// Half of the cases switch each kind off with one chance in five, and use only some of the lanes.
fn draw_profile<R: Rng>(draw: &mut Draw<'_, R>) -> Profile {
    let mut weights = WEIGHTS;
    let mut lanes = 0b11_1111;
    if draw.once_in(2) {
        for weight in weights.iter_mut().skip(1) {
            if draw.once_in(5) {
                *weight = 0;
            }
        }
        lanes = draw.pick(&[0b11_1111, 0b10_0001, 0b00_0011, 0b11_0000, 0b01_0101, 0b00_1000, 0b10_0110]);
    }
    Profile { weights, lanes, timed: draw.once_in(2) }
}

/// What the generator looks at in the model's state.
#[derive(Clone, Copy, Debug)]
pub(super) struct Next {
    profile: Profile,
    hand: bool,
    handles: u8,
    slots_taken: u8,
    in_handler: usize,
    receiver: bool,
    receiving: bool,
}

impl Next {
    pub(super) fn after(state: &State) -> Self {
        let model = &state.model;
        let taken = (0..Mailbox::slots()).filter(|slot| model.slot(*slot).is_some());
        Next {
            profile: state.profile,
            hand: model.parameters().consumer == Consumer::Hand,
            handles: model.handles(),
            slots_taken: taken.fold(0, |bits, slot| bits | 1 << slot),
            in_handler: model.in_handler().len(),
            receiver: model.receiver(),
            receiving: model.receiving().is_some(),
        }
    }

    fn allowed(&self, kind: usize) -> bool {
        let sending = self.handles > 0;
        let receiving_free = self.hand && self.receiver && !self.receiving;
        match kind {
            0 | 12 | 15 => sending,
            1 | 2 => sending && self.slots_taken != 0b11_1111,
            3 => self.hand && self.slots_taken != 0,
            4 => self.slots_taken != 0,
            5 | 6 | 7 | 10 | 13 => receiving_free,
            8 | 9 => self.receiving,
            11 => self.in_handler > 0,
            14 => sending && self.handles < 3,
            16 => self.receiver && !self.receiving,
            _ => true,
        }
    }

    fn draw<R: Rng>(&self, draw: &mut Draw<'_, R>) -> Transition {
        let weight = |kind: usize| if self.allowed(kind) { u32::from(self.profile.weights[kind]) } else { 0 };
        let weights: [u32; KINDS] = std::array::from_fn(weight);
        if weights.iter().all(|weight| *weight == 0) {
            return Transition::Advance { ticks: 1 };
        }
        self.transition(draw.weighted(&weights), draw)
    }

    fn transition<R: Rng>(&self, kind: usize, draw: &mut Draw<'_, R>) -> Transition {
        match kind {
            0 => Transition::TrySend(self.post(draw)),
            1 => Transition::Send {
                slot: self.slot(draw, false),
                post: self.post(draw),
                unpolled: self.unpolled(draw),
            },
            2 => Transition::Ask {
                slot: self.slot(draw, false),
                post: self.post(draw),
                timeout: (self.profile.timed && draw.once_in(2)).then(|| u64::from(draw.below(5))),
                unpolled: self.unpolled(draw),
            },
            3 => Transition::Poll { slot: self.slot(draw, true), fresh: draw.once_in(3) },
            4 => Transition::Cancel { slot: self.slot(draw, true) },
            5 => Transition::TryRecv,
            6 => Transition::TryAcknowledge,
            7 => Transition::Recv,
            8 => Transition::PollRecv { fresh: draw.once_in(3) },
            9 => Transition::CancelRecv,
            10 => Transition::Turn { receives: 1 + draw.index(4) as u8 },
            11 => Transition::Settle {
                index: draw.index(self.in_handler) as u8,
                ending: draw.pick(&[Ending::Answer, Ending::Answer, Ending::Fail, Ending::Forget]),
            },
            12 => Transition::Close {
                by_receiver: self.hand && self.receiver && !self.receiving && draw.once_in(2),
            },
            13 => Transition::Clear,
            14 => Transition::CloneSender,
            15 => Transition::DropSender,
            16 => Transition::DropReceiver,
            _ => Transition::Advance { ticks: 1 + u64::from(draw.below(3)) },
        }
    }

    fn unpolled<R: Rng>(&self, draw: &mut Draw<'_, R>) -> bool {
        self.hand && draw.once_in(6)
    }

    /// A slot that is taken, or one that is free.
    fn slot<R: Rng>(&self, draw: &mut Draw<'_, R>, taken: bool) -> u8 {
        let bits = if taken { self.slots_taken } else { !self.slots_taken & 0b11_1111 };
        nth_bit(bits, draw.index(bits.count_ones() as usize))
    }

    fn post<R: Rng>(&self, draw: &mut Draw<'_, R>) -> Post {
        let lane = nth_bit(self.profile.lanes, draw.index(self.profile.lanes.count_ones() as usize));
        // Deadlines from 'already past' on, so close together that several fall due at once.
        let ttl = (self.profile.timed && draw.once_in(3)).then(|| u64::from(draw.below(5)));
        let handling = if self.hand {
            Handling::Answer
        } else {
            const USUAL: [Handling; 7] = [
                Handling::Answer,
                Handling::Answer,
                Handling::Fail,
                Handling::Later,
                Handling::Exclusive,
                Handling::Exclusive,
                Handling::Exclusive,
            ];
            // Rare, since it ends the case for the actor.
            if draw.once_in(60) { Handling::Stop } else { draw.pick(&USUAL) }
        };
        Post { lane, ttl, handling }
    }
}

/// The position of the n-th set bit.
fn nth_bit(bits: u8, n: usize) -> u8 {
    (0..8).filter(|bit| bits & (1 << bit) != 0).nth(n).unwrap_or(0)
}

impl Strategy for Next {
    type Tree = Simplifying<Transition>;
    type Value = Transition;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let current = self.draw(&mut Draw(runner.rng()));
        Ok(Simplifying::new(current, simpler))
    }
}

/// The n-th way to simplify a transition, until there is none left.
pub(super) fn simpler(transition: &Transition, n: usize) -> Option<Transition> {
    let plain = |post: Post| match n {
        0 => Some(Post { lane: 2, ttl: None, handling: Handling::Answer }),
        1 => Some(Post { ttl: None, ..post }),
        2 => Some(Post { handling: Handling::Answer, ..post }),
        3 => Some(Post { lane: 2, ..post }),
        4 => Some(Post { ttl: post.ttl.map(|_| 0), ..post }),
        _ => None,
    };
    match *transition {
        Transition::TrySend(post) => plain(post).map(Transition::TrySend),
        Transition::Send { slot, post, unpolled } if n < 5 => {
            plain(post).map(|post| Transition::Send { slot, post, unpolled })
        }
        Transition::Send { slot, post, .. } if n == 5 => {
            Some(Transition::Send { slot, post, unpolled: false })
        }
        Transition::Ask { slot, post, timeout, unpolled } if n < 5 => {
            plain(post).map(|post| Transition::Ask { slot, post, timeout, unpolled })
        }
        Transition::Ask { slot, post, unpolled, .. } if n == 5 => {
            Some(Transition::Ask { slot, post, timeout: None, unpolled })
        }
        Transition::Ask { slot, post, timeout, .. } if n == 6 => {
            Some(Transition::Ask { slot, post, timeout, unpolled: false })
        }
        Transition::Poll { slot, .. } if n == 0 => Some(Transition::Poll { slot, fresh: false }),
        Transition::PollRecv { .. } if n == 0 => Some(Transition::PollRecv { fresh: false }),
        Transition::Turn { .. } if n == 0 => Some(Transition::TryRecv),
        Transition::Turn { receives } if n == 1 && receives > 2 => Some(Transition::Turn { receives: 2 }),
        Transition::Settle { index, .. } if n == 0 => {
            Some(Transition::Settle { index, ending: Ending::Answer })
        }
        Transition::Close { .. } if n == 0 => Some(Transition::Close { by_receiver: false }),
        Transition::Advance { .. } if n == 0 => Some(Transition::Advance { ticks: 1 }),
        _ => None,
    }
}
