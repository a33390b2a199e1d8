//! The generator: parameters skewed to the edges, and steps that an implementation is able to make.

use alys_models::mailbox::Policy;
use alys_properties::draw::{Draw, Fixed, Simplifying};
use proptest::{
    prelude::Rng,
    strategy::{NewTree, Strategy},
    test_runner::TestRunner,
};

use super::{
    machine::{Case, brief},
    operation::{self, Post, Step},
    subject::Parameters,
};
use crate::{
    capabilities::{Capabilities, evicts},
    clause::{AGING, Clause, JudgedBy, ZERO},
};

/// The thresholds where nothing else is the matter.
pub(super) const THRESHOLDS: (u16, u16) = (700, 900);

/// The number of kinds of steps.
pub(super) const KINDS: usize = 22;

/// The kinds that a case may do without; the others are rare enough.
const SWARMED: usize = 17;

/// How often each kind is drawn, in the order of [`step_of`]. Sends outweigh receives, so that small mailboxes are full most
/// of the time; what ends a case early is rare.
const WEIGHTS: [u16; KINDS] =
    [180, 150, 20, 110, 50, 60, 120, 100, 30, 25, 12, 12, 20, 14, 14, 5, 60, 60, 40, 30, 60, 20];

/// Draws the beginning of a case.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start;

impl Strategy for Start {
    type Tree = Fixed<Case>;
    type Value = Case;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let brief = brief();
        let mut draw = Draw(runner.rng());
        let able = &brief.subject.capabilities;
        let by_model = match brief.judged_by {
            JudgedBy::Ledger => false,
            JudgedBy::Model => true,
            JudgedBy::Both => draw.once_in(2) || !able.has_a_ledger(),
        };
        let parameters = parameters(&mut draw, able, by_model, brief.clause);
        let mut weights = weights(able, by_model);
        if draw.once_in(2) {
            // Half of the cases do without some kinds (swarm): what is frequent hides what is rare.
            weights[..SWARMED].iter_mut().filter(|_| draw.once_in(5)).for_each(|weight| *weight = 0);
        }
        // Few lanes collide; all of them are used as well.
        let lanes = draw.pick(&[1, 2, 2, 3, 6]).max(if *brief.clause == AGING { 2 } else { 1 });
        let lanes = brief.subject.capabilities.lanes.min(lanes);
        Ok(Fixed(Case { lanes, ..Case::new(brief.subject, parameters, by_model, weights) }))
    }
}

fn parameters<R: Rng>(
    draw: &mut Draw<'_, R>,
    able: &Capabilities,
    by_model: bool,
    clause: &Clause,
) -> Parameters {
    let kept = |policy: &&Policy| by_model || !evicts(**policy);
    let policies: Vec<_> = able.policies.iter().filter(kept).copied().collect();
    let policy = if policies.is_empty() { operation::plainest(able) } else { draw.pick(&policies) };
    let capacity: usize = draw.pick(&[1, 1, 1, 2, 2, 2, 3, 3, 4, 5]);
    // Lanes age only where several messages wait for their turn.
    let capacity = if *clause == AGING { capacity + 3 } else { capacity };
    let capacity = if able.policies.is_empty() { super::UNBOUNDED } else { capacity };
    let aging = draw.pick(&[None, Some(1), Some(2), Some(3)]).or((*clause == AGING).then_some(1));
    let thresholds = draw.pick(&[(700, 900), (500, 500), (1, 1000), (1000, 1000), (333, 667), (1, 1)]);
    Parameters {
        capacity: if *clause == ZERO { 0 } else { capacity },
        policy,
        aging: aging.filter(|_| able.aging && by_model),
        thresholds: if able.thresholds { thresholds } else { THRESHOLDS },
        eager: by_model,
    }
}

/// The weights of the kinds of steps that an implementation is able to make and that a judge can follow.
pub(super) fn weights(able: &Capabilities, by_model: bool) -> [u16; KINDS] {
    let mut weights = WEIGHTS;
    for (kind, weight) in weights.iter_mut().enumerate() {
        let step = step_of(kind, super::PLAIN, 0);
        if !operation::is_possible(able, &step) || !operation::is_followed(by_model, &step) {
            *weight = 0;
        }
    }
    weights
}

fn step_of(kind: usize, post: Post, nth: u8) -> Step {
    match kind {
        0 => Step::TrySend(post),
        1 => Step::Send(post),
        2 => Step::SendUnpolled(post),
        3 => Step::Poll(nth),
        4 => Step::PollAnew(nth),
        5 => Step::Cancel(nth),
        6 => Step::TryReceive,
        7 => Step::Receive,
        8 => Step::ReceiveAnew,
        9 => Step::CancelReceive,
        10 => Step::CloseBySender,
        11 => Step::CloseByReceiver,
        12 => Step::Clear,
        13 => Step::CloneSender(nth),
        14 => Step::DropSender(nth),
        15 => Step::DropReceiver,
        16 => Step::Advance(1 + u64::from(nth)),
        17 => Step::KeepPlace(nth),
        18 => Step::SendKept(nth),
        19 => Step::GivePlaceBack(nth),
        20 => Step::ReceiveMany(1 + nth),
        _ => Step::WatchClosed(nth),
    }
}

/// Draws one step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Next {
    weights: [u16; KINDS],
    able: Capabilities,
    by_model: bool,
    lanes: u8,
}

impl Next {
    pub(super) fn of(case: &Case) -> Self {
        Next {
            weights: case.weights,
            able: case.subject.capabilities,
            by_model: case.by_model,
            lanes: case.lanes,
        }
    }

    fn draw<R: Rng>(&self, draw: &mut Draw<'_, R>) -> Step {
        let kind = draw.weighted(&self.weights.map(u32::from));
        let ways = match kind {
            0 => self.able.try_sends.len(),
            1 | 2 => self.able.waiting_sends.len(),
            _ => 1,
        };
        let timed = self.able.expiry && self.by_model && draw.once_in(3);
        let post = Post {
            from: if self.able.clone_sender { draw.index(3) as u8 } else { 0 },
            way: draw.index(ways.max(1)) as u8,
            lane: draw.index(usize::from(self.lanes.max(1))) as u8,
            ttl: timed.then(|| u64::from(draw.below(4))),
        };
        step_of(kind, post, draw.index(3) as u8)
    }
}

impl Strategy for Next {
    type Tree = Simplifying<Step>;
    type Value = Step;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let step = self.draw(&mut Draw(runner.rng()));
        Ok(Simplifying::new(step, |step, nth| operation::simpler(step).into_iter().nth(nth)))
    }
}
