//! The generator of tracker cases: small names and caps that collide, and numbers that lie close to the last ones.
//!
//! One transition is one draw from a plain random generator, as in the mailbox suites.

use std::rc::Rc;

use alys_models::tracker::{TrackerLimits, TrackerTransition};
use proptest::{
    prelude::Rng,
    strategy::{NewTree, Strategy},
    test_runner::TestRunner,
};

use super::{
    memory::{ActorMemory, KeyMemory, Memory},
    reference::State,
};
use crate::draw::{Draw, Fixed, Simplifying};

/// The number of kinds of transitions, which is the number of weights.
pub(super) const KINDS: usize = 7;

/// How often each kind is drawn, in the order of [`super::labels::KIND_NAMES`]: mostly records.
const WEIGHTS: [u32; KINDS] = [120, 120, 12, 20, 20, 20, 20];

/// Where the word of a key ends, where a sign bit would begin, and where the numbers end.
const EDGES: [u64; 11] = [
    0,
    1,
    2,
    (1 << 63) - 3,
    (1 << 63) - 2,
    (1 << 63) - 1,
    1 << 63,
    (1 << 63) + 1,
    u64::MAX - 2,
    u64::MAX - 1,
    u64::MAX,
];

/// What a case draws from: part of the case, so that each explores a corner (swarm).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The sizes that the tracker is configured with.
    pub limits: TrackerLimits,
    /// The shards that it is configured with.
    pub shards: usize,
    weights: [u32; KINDS],
    actors: usize,
    senders: usize,
    /// How often an actor without records is given an expected order.
    ordering: u32,
    /// How often a number is one of the edges.
    edges: u32,
}

impl Profile {
    /// Everything there is, in a tracker that is configured like this.
    pub(super) fn whole(limits: TrackerLimits) -> Self {
        Profile { limits, shards: 1, weights: WEIGHTS, actors: 1, senders: 2, ordering: 1, edges: 0 }
    }
}

/// Draws the profile of a case.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start;

impl Strategy for Start {
    type Tree = Fixed<State>;
    type Value = State;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let mut draw = Draw(runner.rng());
        let mut weights = WEIGHTS;
        if draw.once_in(2) {
            for weight in weights.iter_mut().skip(1) {
                if draw.once_in(5) {
                    *weight = 0;
                }
            }
        }
        // The caps differ, so that one that is read for the other shows.
        let duplicates_kept = draw.pick(&[0, 1, 2, 1024]);
        let reorderings_kept = draw.pick(&[0, 1, 3, 1024]);
        let expected_max = draw.pick(&[0, 1, 2, 3, 3, 5, 8]);
        let profile = Profile {
            limits: TrackerLimits { duplicates_kept, reorderings_kept, expected_max },
            shards: draw.pick(&[1, 1, 2, 4, 128]),
            weights,
            actors: draw.pick(&[1, 2, 2, 3]),
            senders: draw.pick(&[1, 2, 2, 3]),
            ordering: draw.pick(&[0, 1, 1, 4]),
            edges: draw.pick(&[0, 1, 1, 4]),
        };
        Ok(Fixed(State::new(profile)))
    }
}

/// What the generator looks at in the state.
#[derive(Clone, Debug)]
pub(super) struct Next {
    profile: Profile,
    memory: Rc<Memory>,
}

impl Next {
    pub(super) fn after(state: &State) -> Self {
        Next { profile: state.profile, memory: Rc::clone(&state.memory) }
    }

    fn draw<R: Rng>(&self, draw: &mut Draw<'_, R>) -> TrackerTransition {
        let actor = draw.index(self.profile.actors);
        let sender = draw.index(self.profile.senders);
        let memory = &self.memory.actors[actor];
        let mut weights = self.profile.weights;
        // Before the first record an expected order is welcome, afterwards refused; one that is followed is not
        // disturbed.
        weights[3] = match (memory.records, &memory.expected) {
            (0, None) => weights[3] * 4 * self.profile.ordering,
            (0, Some(_)) => weights[3],
            _ => weights[3] / 5,
        };
        let kind = draw.weighted(&weights);
        let (to, from) = (actor as u8, sender as u8);
        let sequence =
            if kind < 2 { sequence(draw, memory, &memory.keys[sender], self.profile.edges) } else { 0 };
        match kind {
            0 => TrackerTransition::Record { actor: to, sender: from, sequence },
            1 => TrackerTransition::RecordByHandle { actor: to, sender: from, sequence },
            2 => TrackerTransition::Resolve { actor: to, sender: from },
            3 => TrackerTransition::SetExpected { actor: to, ordering: self.ordering(draw) },
            4 => TrackerTransition::Verify { actor: to },
            5 => TrackerTransition::Count { actor: to },
            _ => TrackerTransition::Report { actor: to },
        }
    }

    /// An order that the senders could keep, or a few numbers that agree with nothing; sometimes one too many.
    fn ordering<R: Rng>(&self, draw: &mut Draw<'_, R>) -> Vec<u64> {
        let max = self.profile.limits.expected_max;
        let len = match draw.below(8) {
            0 => max + 1,
            1 => max,
            _ => draw.index(max + 1),
        };
        let mut next = [0_u64; super::SENDERS];
        let odd = draw.once_in(4);
        let one = |_| {
            if odd {
                return if draw.once_in(6) { draw.pick(&EDGES) } else { u64::from(draw.below(3)) };
            }
            let sender = draw.index(self.profile.senders);
            next[sender] += 1;
            next[sender] - 1
        };
        (0..len).map(one).collect()
    }
}

/// A number that goes on, skips, fills, repeats, or lies at an edge.
fn sequence<R: Rng>(draw: &mut Draw<'_, R>, actor: &ActorMemory, key: &KeyMemory, edges: u32) -> u64 {
    if let Some(following) = actor.following()
        && !draw.once_in(10)
    {
        return following;
    }
    let next = key.next().unwrap_or(u64::MAX);
    let (gaps, seen) = (u32::from(!key.gaps.is_empty()), u32::from(key.records > 0));
    match draw.weighted(&[12, 4, 6 * gaps, 4 * seen, edges]) {
        0 => next,
        1 => next.saturating_add(1 + u64::from(draw.below(4))),
        2 => {
            let (first, last) = draw.pick(&key.gaps);
            let middle = first + (last - first) / 2;
            draw.pick(&[first, last, middle, (first + 1).min(last)])
        }
        3 => {
            let recent = &key.recent[..key.records.min(key.recent.len())];
            match draw.below(3) {
                0 => key.highest.unwrap_or(0),
                1 => key.filled.unwrap_or(0),
                _ => draw.pick(recent),
            }
        }
        // The same number but for its top bit, which a packed word might lose.
        _ if draw.once_in(4) => next ^ (1 << 63),
        _ => draw.pick(&EDGES),
    }
}

impl Strategy for Next {
    type Tree = Simplifying<TrackerTransition>;
    type Value = TrackerTransition;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let current = self.draw(&mut Draw(runner.rng()));
        Ok(Simplifying::new(current, simpler))
    }
}

/// The n-th way to simplify a transition, until there is none left.
pub(super) fn simpler(transition: &TrackerTransition, n: usize) -> Option<TrackerTransition> {
    use TrackerTransition as T;
    match (transition.clone(), n) {
        (T::Record { actor, sender, .. }, 0) => Some(T::Record { actor, sender, sequence: 0 }),
        (T::Record { actor, sender, .. }, 1) => Some(T::Record { actor, sender, sequence: 1 }),
        (T::Record { sender, sequence, .. }, 2) => Some(T::Record { actor: 0, sender, sequence }),
        (T::Record { actor, sequence, .. }, 3) => Some(T::Record { actor, sender: 0, sequence }),
        (T::RecordByHandle { actor, sender, sequence }, 0) => Some(T::Record { actor, sender, sequence }),
        (T::RecordByHandle { actor, sender, .. }, 1) => {
            Some(T::RecordByHandle { actor, sender, sequence: 0 })
        }
        (T::SetExpected { actor, .. }, 0) => Some(T::SetExpected { actor, ordering: Vec::new() }),
        (T::SetExpected { actor, mut ordering }, 1..=4) => {
            ordering.pop();
            Some(T::SetExpected { actor, ordering })
        }
        _ => None,
    }
}
