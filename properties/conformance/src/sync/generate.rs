//! The generator: what a case begins with, and steps by who has joined so far.

use alys_properties::draw::{Draw, Fixed, Simplifying};
use proptest::{
    prelude::Rng,
    strategy::{NewTree, Strategy},
    test_runner::TestRunner,
};

use super::{
    clauses::{
        ALONE, BANNED, BREAKER, CERTIFIED, CLAIM, DEADLINE, ELSEWHERE, EMPTY, FLIGHT, GENESIS, HALF_OPEN,
        INSTEAD, LATE, LIMITS, MINORITY, NO_BAN, NOISE, ONCE, PARENTS, REACHES, RESTARTED, RESUMES, SAYS,
        SCORE, SHARED, TOLD, TRUE, UNBANNED, UNKNOWN,
    },
    machine::{Case, brief},
    steps::{self, Behaviour, PASSES, PLAIN_START, SyncStart, SyncStep},
};
use crate::{clause::Clause, court};

/// How often each kind of step is drawn, in the order of [`Drawing::kind_of`].
const WEIGHTS: [u32; KINDS] = [28, 4, 8, 30, 8, 3, 4, 4, 10];

/// The number of kinds of steps.
const KINDS: usize = 9;

/// Which kinds are drawn more often where a clause is judged, whose situation comes about by them.
const OFTEN: [(&[&Clause], &[usize]); 4] = [
    (&[&REACHES, &SAYS, &SHARED], &[8]),
    (&[&RESTARTED], &[7, 7]),
    (&[&NOISE, &NO_BAN, &SCORE], &[6]),
    (&[&HALF_OPEN, &BREAKER, &UNBANNED, &BANNED], &[3]),
];

/// How much more often.
const TIMES: u32 = 3;

/// Which peers a clause is about, beside honest ones.
const AMONG: [(&[&Clause], &[Behaviour]); 9] = [
    (&[&CERTIFIED, &RESUMES], &[Behaviour::BadCertificate, Behaviour::ForgedTip]),
    (
        &[&ELSEWHERE, &ALONE],
        &[Behaviour::BadCertificate, Behaviour::Empty, Behaviour::Refuses, Behaviour::Unlinked],
    ),
    (&[&EMPTY, &CLAIM], &[Behaviour::Empty, Behaviour::ClaimsTooHigh, Behaviour::ForgedTip]),
    (
        &[&MINORITY, &TRUE, &UNKNOWN],
        &[Behaviour::Stale, Behaviour::Silent, Behaviour::Withholds, Behaviour::ClaimsTooHigh],
    ),
    (
        &[&BANNED, &UNBANNED],
        &[Behaviour::Oversized, Behaviour::Unlinked, Behaviour::ForgedTip, Behaviour::BadCertificate],
    ),
    (&[&DEADLINE, &INSTEAD, &LATE], &[Behaviour::Late, Behaviour::Withholds, Behaviour::Silent]),
    (&[&BREAKER, &HALF_OPEN], &[Behaviour::Silent, Behaviour::ClaimsTooHigh]),
    (
        &[&NOISE, &NO_BAN],
        &[Behaviour::Garbles, Behaviour::ClaimsTooHigh, Behaviour::Silent, Behaviour::Refuses],
    ),
    (&[&PARENTS, &ONCE], &[Behaviour::OnFork, Behaviour::WrongFork]),
];

/// The clauses that can be judged only where there is one chain.
const SINGLE: [&Clause; 6] = [&RESUMES, &ELSEWHERE, &INSTEAD, &RESTARTED, &FLIGHT, &BANNED];

/// Whether one of these is judged.
fn judges(clauses: &[&'static Clause]) -> bool {
    clauses.iter().any(|clause| court::is_judged(clause))
}

/// Draws the beginning of a case.
#[derive(Clone, Copy, Debug)]
pub(super) struct Beginning;

impl Strategy for Beginning {
    type Tree = Fixed<Case>;
    type Value = Case;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let subject = brief();
        let mut draw = Draw(runner.rng());
        let mut start = SyncStart {
            height: draw.pick(&[0, 1, 2, 12, 12, 30]),
            age: draw.pick(&[0, 0, 100]),
            sample: draw.pick(&[1, 2, 3]),
            workers: draw.pick(&[1, 4]),
            peers: draw.pick(&[0, 0, 1, 2]),
            ..PLAIN_START
        };
        if judges(&[&LIMITS]) {
            (start.height, start.max_lag) = (draw.pick(&[199, 200, 400]), draw.pick(&[1, 2, 100]));
            start.held = start.height - draw.pick(&[0, 1, 2, 3]);
        }
        if judges(&[&GENESIS]) {
            start.height = draw.pick(&[0, 0, 1]);
            start.bootstrap = subject.capabilities.bootstrap && draw.once_in(4);
        }
        if judges(&[&TOLD, &TRUE, &MINORITY, &UNKNOWN]) {
            start.age = draw.pick(&[0, 100, 100]);
        }
        if judges(&[&MINORITY]) && subject.capabilities.held && draw.once_in(2) {
            // It has what a peer has that is behind, and an honest majority is about to show more.
            start.held = start.height / 2;
        }
        if judges(&[&RESUMES, &ELSEWHERE, &INSTEAD, &LATE, &BANNED, &FLIGHT]) {
            start.height = draw.pick(&[12, 30, 60]);
        }
        if judges(&[&RESTARTED]) {
            // It is to be ended on its way.
            (start.height, start.workers) = (draw.pick(&[60, 120]), 1);
        }
        if judges(&[&SHARED]) {
            (start.height, start.peers) = (draw.pick(&[200, 240]), 8);
        }
        Ok(Fixed(Case::new(subject, start)))
    }
}

/// Draws one step, by who has joined so far.
#[derive(Clone, Debug)]
pub(super) struct Next(pub(super) Case);

impl Strategy for Next {
    type Tree = Simplifying<SyncStep>;
    type Value = SyncStep;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let mut drawing = Drawing { draw: Draw(runner.rng()), case: &self.0 };
        let mut weights = WEIGHTS;
        for (clauses, kinds) in OFTEN {
            if judges(clauses) {
                kinds.iter().for_each(|kind| weights[*kind] *= TIMES);
            }
        }
        if judges(&SINGLE) {
            weights[REORG] = 0;
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

/// The kind by which honest peers leave a branch.
const REORG: usize = 5;

struct Drawing<'a, R: Rng> {
    draw: Draw<'a, R>,
    case: &'a Case,
}

impl<R: Rng> Drawing<'_, R> {
    fn kind_of(&mut self, kind: usize) -> SyncStep {
        match kind {
            0 => SyncStep::Join(self.draw.below(5) as u8, self.behaviour()),
            1 => SyncStep::Leave(self.one()),
            2 => SyncStep::Become(self.one(), self.behaviour()),
            3 => SyncStep::Pass(self.draw.pick(if judges(&[&RESTARTED]) { &PASSES[..2] } else { &PASSES })),
            4 => SyncStep::Grow(1 + self.draw.below(3) as u8),
            5 => SyncStep::Reorg(1 + self.draw.below(3) as u8),
            6 => SyncStep::Noise(self.one()),
            7 => SyncStep::Restart,
            _ => SyncStep::Settle,
        }
    }

    /// A peer that has joined, where there is one.
    fn one(&mut self) -> u8 {
        let joined: Vec<u8> = self.case.joined.keys().copied().collect();
        if joined.is_empty() { 0 } else { self.draw.pick(&joined) }
    }

    /// How a peer behaves: in the way that a clause is about, honestly, or in any way.
    fn behaviour(&mut self) -> Behaviour {
        let of_clause = AMONG.into_iter().find(|(clauses, _)| judges(clauses)).map(|(_, among)| among);
        let drawn = match (self.draw.below(6), of_clause) {
            (0..2, _) => Behaviour::Honest,
            (2..5, Some(among)) => self.draw.pick(among),
            _ => self.draw.pick(&Behaviour::ALL),
        };
        if judges(&SINGLE) && drawn.forks() { Behaviour::Honest } else { drawn }
    }
}
