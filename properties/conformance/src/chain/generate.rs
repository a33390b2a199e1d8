//! The generator: what a case begins with, and steps that a store is able to make, by what was offered so far.

use alys_properties::draw::{Draw, Fixed, Simplifying};
use proptest::{
    prelude::Rng,
    strategy::{NewTree, Strategy},
    test_runner::TestRunner,
};

use super::{
    clauses::{
        BACKWARD, BOUND, CROSSED, DUE, EARLY, FINAL, HARMED, LOST, ORDER, REBUILT, REOPENED, SAME, VERIFIED,
        VOTED, WHOLE,
    },
    machine::{Case, GENESIS, brief},
    steps::{self, Act, ChainStep, Harm, NOBODY, Offer},
};
use crate::{clause::Clause, court};

/// How often each kind of step is drawn, in the order of [`kind_of`].
const WEIGHTS: [u32; KINDS] = [30, 24, 24, 5, 6, 4, 4, 4, 5, 5];

/// The number of kinds of steps.
const KINDS: usize = 10;

/// Which kinds are drawn more often where a clause is judged, whose situation comes about by them.
const OFTEN: [(&[&Clause], &[usize]); 7] = [
    (&[&BACKWARD, &CROSSED, &FINAL, &DUE, &BOUND, &SAME], &[1, 2]),
    (&[&VOTED], &[3]),
    (&[&HARMED, &VERIFIED, &REBUILT], &[2, 4]),
    (&[&REBUILT], &[4, 5, 5]),
    (&[&REOPENED], &[6]),
    (&[&LOST, &WHOLE, &EARLY], &[7, 8]),
    (&[&ORDER, &SAME], &[9, 9]),
];

/// How much more often.
const TIMES: u32 = 4;

/// How much more often a chain grows: where the last block that was offered is not the tip, it becomes it, else one is offered.
const GROWING: u32 = 4;

/// The kind that rebuilds checkpoints, which is drawn as much more often where there are damaged ones.
const REBUILDING: usize = 5;

/// The most blocks of a case.
const BLOCKS_MAX: usize = 60;

/// Draws the beginning of a case.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start;

impl Strategy for Start {
    type Tree = Fixed<Case>;
    type Value = Case;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let subject = brief().subject;
        let checkpoints = subject.capabilities.checkpoints;
        let interval = if checkpoints { Draw(runner.rng()).pick(&[1, 1, 2, 3]) } else { 1 };
        Ok(Fixed(Case::new(subject, interval)))
    }
}

/// Draws one step, by what was offered so far.
#[derive(Clone, Debug)]
pub(super) struct Next(pub(super) Case);

impl Strategy for Next {
    type Tree = Simplifying<ChainStep>;
    type Value = ChainStep;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let mut drawing = Drawing { draw: Draw(runner.rng()), case: &self.0 };
        let mut weights = WEIGHTS;
        let case = &self.0;
        let behind = case.book.last().is_some_and(|last| last.block != case.tip);
        weights[usize::from(behind && !case.subject.capabilities.chooses())] *= GROWING;
        if case.harmed {
            weights[REBUILDING] *= GROWING;
        }
        for (clauses, kinds) in OFTEN {
            if clauses.iter().any(|clause| court::is_judged(clause)) {
                kinds.iter().for_each(|kind| weights[*kind] *= TIMES);
            }
        }
        for (kind, weight) in weights.iter_mut().enumerate() {
            if !steps::is_possible(&self.0.subject.capabilities, drawing.kind_of(kind)) {
                *weight = 0;
            }
        }
        let kind = drawing.draw.weighted(&weights);
        let step = drawing.kind_of(kind);
        Ok(Simplifying::new(step, |step, nth| steps::simpler(*step).into_iter().nth(nth)))
    }
}

struct Drawing<'a, R: Rng> {
    draw: Draw<'a, R>,
    case: &'a Case,
}

impl<R: Rng> Drawing<'_, R> {
    fn kind_of(&mut self, kind: usize) -> ChainStep {
        match kind {
            0 => ChainStep::Do(Act::Insert(self.offer())),
            1 => ChainStep::Do(Act::Move(self.next_tip())),
            2 => ChainStep::Do(Act::Finalise(self.final_one())),
            3 => ChainStep::Do(Act::Vote(self.draw.below(6) as u8)),
            4 => {
                let bit = self.draw.below(1 << 12) as u16;
                let harm = if self.draw.once_in(3) { Harm::Lost } else { Harm::Flipped(bit) };
                ChainStep::Harm(self.due(), harm)
            }
            5 => ChainStep::Rebuild,
            6 => ChainStep::Reopen,
            7 => ChainStep::Crash(self.draw.below(8) as u8),
            8 => ChainStep::CrashIn(self.act(), self.draw.below(16) as u8, self.draw.below(8) as u8),
            _ => ChainStep::Again(self.draw.below(64) as u8),
        }
    }

    /// What a store is able to do when the power goes.
    fn act(&mut self) -> Act {
        let all = [Act::Insert(GENESIS), Act::Move(0), Act::Finalise(0), Act::Vote(0)];
        let able = &self.case.subject.capabilities;
        let weight = |(act, weight)| if steps::is_possible(able, ChainStep::Do(act)) { weight } else { 0 };
        let weights: Vec<u32> = all.into_iter().zip([4, 2, 1, 1]).map(weight).collect();
        match self.draw.weighted(&weights) {
            0 => Act::Insert(self.offer()),
            1 => Act::Move(self.next_tip()),
            2 => Act::Finalise(self.final_one()),
            _ => Act::Vote(self.draw.below(6) as u8),
        }
    }

    fn find(&self, block: u8) -> Option<&Offer> {
        self.case.book.iter().find(|offer| offer.block == block)
    }

    /// The number of a block that was offered, mostly of the last one.
    fn offered(&mut self) -> u8 {
        let last = self.case.book.len() - 1;
        // What leaves the final block branches off below it.
        let old = court::is_judged(&CROSSED) && self.draw.once_in(2);
        let back = match self.draw.below(6) {
            _ if old => self.draw.index(last + 1),
            0..3 => 0,
            3 => 1,
            _ => self.draw.index(last + 1),
        };
        self.case.book[last - back.min(last)].block
    }

    /// The number of a block to be the tip: mostly the last one that was offered.
    fn next_tip(&mut self) -> u8 {
        let last = self.case.book.last().map_or(0, |offer| offer.block);
        if court::is_judged(&CROSSED) || self.draw.once_in(3) { self.offered() } else { last }
    }

    /// The number of a block to be made final: mostly one of the last on the way to the tip.
    fn final_one(&mut self) -> u8 {
        if self.draw.once_in(5) {
            return self.offered();
        }
        let mut at = self.case.tip;
        for _ in 0..self.draw.below(3) {
            at = self.find(at).map_or(at, |offer| offer.parent);
        }
        at
    }

    /// A height at which there may be a checkpoint.
    fn due(&mut self) -> u8 {
        let height = self.find(self.case.settled).map_or(0, |offer| offer.height);
        let interval = self.case.interval as u8;
        interval * (1 + self.draw.below(u32::from(height / interval).max(1)) as u8)
    }

    fn offer(&mut self) -> Offer {
        let book = &self.case.book;
        if book.len() > BLOCKS_MAX || self.draw.once_in(20) {
            return self.draw.pick(book);
        }
        let block = book.len() as u8;
        if self.draw.once_in(20) {
            // Nobody knows the parent; now and then it has none, as another genesis.
            let height = self.draw.pick(&[0, 0, 1, 2]);
            return Offer { block, parent: NOBODY, height, slot: height };
        }
        let beside = self.draw.once_in(if court::is_judged(&CROSSED) { 2 } else { 3 });
        let parent = if !beside { self.case.tip } else { self.offered() };
        let (height, slot) = self.find(parent).map_or((0, 0), |offer| (offer.height, offer.slot));
        let above = if self.draw.once_in(20) { self.draw.pick(&[0, 2, 2]) } else { 1 };
        let later = self.draw.pick(&[1, 1, 1, 2, 3]);
        Offer { block, parent, height: height + above, slot: slot + later }
    }
}
