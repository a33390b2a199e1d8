//! The generator: parameters that suit the clause that is judged, and steps that a supervisor is able to make.

use alys_models::supervision::{ModelGroup, ModelStrategy};
use alys_properties::draw::{Draw, Fixed, Simplifying};
use proptest::{
    prelude::Rng,
    strategy::{NewTree, Strategy},
    test_runner::TestRunner,
};

use super::{
    capabilities::{RestartKind, SupervisorCapabilities},
    clauses::{ALL, BACKOFF, ESCALATED, FIXED, INTENSITY, NEVER, NOW, ONE, QUEUED, REST},
    machine::{Case, brief},
    steps::{self, Act, Ending, SupervisorStep},
    subject::SupervisorParameters,
};
use crate::{clause::Clause, court};

/// Restarts without a limit that a case could reach.
const UNLIMITED: usize = 1_000;

/// The number of kinds of steps.
const KINDS: usize = 12;

/// How often each kind is drawn, in the order of [`step_of`]. What ends a case early is rare.
const WEIGHTS: [u32; KINDS] = [160, 110, 110, 12, 110, 60, 60, 90, 60, 170, 12, 40];

/// The kind of a handler that waits alone, and how much more often it is drawn where queued messages are judged: messages
/// queue up behind such a one only.
const WAITING: usize = 4;
const WAITING_MORE: u32 = 3;

/// Draws the beginning of a case.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start;

impl Strategy for Start {
    type Tree = Fixed<Case>;
    type Value = Case;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let brief = brief();
        let parameters = parameters(&mut Draw(runner.rng()), &brief.subject.capabilities, brief.clause);
        Ok(Fixed(Case { subject: brief.subject, parameters }))
    }
}

fn parameters<R: Rng>(
    draw: &mut Draw<'_, R>,
    able: &SupervisorCapabilities,
    clause: &Clause,
) -> SupervisorParameters {
    let count = 1 + draw.index(usize::from(able.children.min(3)));
    let mut children: Vec<_> = (0..count).map(|_| strategy(draw, able.restarts)).collect();
    let of_clause = [
        (&NOW, RestartKind::Always),
        (&NEVER, RestartKind::Never),
        (&FIXED, RestartKind::Fixed),
        (&BACKOFF, RestartKind::Backoff),
    ];
    if let Some((_, kind)) = of_clause.iter().find(|(of, _)| **of == *clause) {
        children[0] = strategy(draw, &[*kind]);
    }
    let of_clause =
        [(&ONE, ModelGroup::OneForOne), (&ALL, ModelGroup::OneForAll), (&REST, ModelGroup::RestForOne)];
    let group = of_clause.iter().find(|(of, _)| **of == *clause).map(|(_, group)| *group);
    let limited = *clause == INTENSITY || *clause == ESCALATED;
    let max_restarts = if limited { draw.pick(&[0, 1, 1, 2]) } else { draw.pick(&[1, 2, 3, 4, 8]) };
    let above = able.above && (draw.once_in(3) || (*clause == ESCALATED && draw.once_in(2)));
    SupervisorParameters {
        children,
        group: group.unwrap_or_else(|| {
            if able.groups.is_empty() { ModelGroup::OneForOne } else { draw.pick(able.groups) }
        }),
        max_restarts: if able.intensity { max_restarts } else { UNLIMITED },
        window: if able.intensity { draw.pick(&[1, 2, 3, 5, 9]) } else { 1 },
        above: above.then(|| strategy(draw, able.restarts)),
    }
}

fn strategy<R: Rng>(draw: &mut Draw<'_, R>, kinds: &[RestartKind]) -> ModelStrategy {
    // Rarer than the others: a child that is never restarted ends its part of the case.
    let kind = draw.pick(kinds);
    let kind = if kind == RestartKind::Never { draw.pick(kinds) } else { kind };
    match kind {
        RestartKind::Always => ModelStrategy::Always,
        RestartKind::Never => ModelStrategy::Never,
        RestartKind::Fixed => ModelStrategy::Fixed(draw.pick(&[1, 2, 3])),
        RestartKind::Backoff => {
            // Whole multiples: where delays of parts of a tick are rounded is not judged.
            let (numerator, denominator) = draw.pick(&[(2, 1), (3, 1), (1, 1)]);
            let (initial, max) = (draw.pick(&[1, 2]), draw.pick(&[2, 4, 7]));
            ModelStrategy::Backoff { initial, numerator, denominator, max }
        }
    }
}

/// Beginnings that are simpler than this one.
pub(super) fn simpler_starts(
    able: &SupervisorCapabilities,
    here: &SupervisorParameters,
) -> Vec<SupervisorParameters> {
    let mut simpler = Vec::new();
    for one in 0..here.children.len() {
        let mut fewer = here.clone();
        fewer.children.remove(one);
        if !fewer.children.is_empty() {
            simpler.push(fewer);
        }
        if able.restarts.contains(&RestartKind::Always) && here.children[one] != ModelStrategy::Always {
            let mut plainer = here.clone();
            plainer.children[one] = ModelStrategy::Always;
            simpler.push(plainer);
        }
    }
    if here.above.is_some() {
        simpler.push(SupervisorParameters { above: None, ..here.clone() });
    }
    if here.group != ModelGroup::OneForOne {
        simpler.push(SupervisorParameters { group: ModelGroup::OneForOne, ..here.clone() });
    }
    simpler
}

fn step_of(kind: usize, child: u8, number: u8) -> SupervisorStep {
    let ask = |act| SupervisorStep::Ask(child, act);
    match kind {
        0 => ask(Act::Answer),
        1 => ask(Act::Fail),
        2 => ask(Act::Panic),
        3 => ask(Act::Stop),
        4 => ask(Act::Wait),
        5 => ask(Act::WaitAside),
        6 => ask(Act::SetTimer(1 + number)),
        7 => SupervisorStep::Release(child, number, Ending::Answer),
        8 => SupervisorStep::Release(child, number, Ending::Panic),
        9 => SupervisorStep::Advance(1 + number),
        10 => SupervisorStep::Stop(child),
        _ => SupervisorStep::Restart(child),
    }
}

/// Draws one step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Next {
    pub(super) able: SupervisorCapabilities,
    pub(super) children: usize,
}

impl Strategy for Next {
    type Tree = Simplifying<SupervisorStep>;
    type Value = SupervisorStep;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let mut draw = Draw(runner.rng());
        let mut weights = WEIGHTS;
        if court::is_judged(&QUEUED) {
            weights[WAITING] *= WAITING_MORE;
        }
        for (kind, weight) in weights.iter_mut().enumerate() {
            if !steps::is_possible(&self.able, step_of(kind, 0, 0)) {
                *weight = 0;
            }
        }
        let kind = draw.weighted(&weights);
        let step = step_of(kind, draw.index(self.children) as u8, draw.index(3) as u8);
        Ok(Simplifying::new(step, |step, nth| steps::simpler(*step).into_iter().nth(nth)))
    }
}
