//! The generator of cases: proposals that overlap, members that come and go, and votes of every kind around the limits.
//!
//! What comes next is mostly a vote that can count, so that weights come near what passes; and sometimes anything.

use alys_engines::draw::{Draw, Fixed, Simplifying};
use alys_models::governance::{ModelChoice, ModelDraft, ModelKey, ModelLimits, ModelState};
use proptest::prelude::Rng;
use proptest::strategy::{NewTree, Strategy};
use proptest::test_runner::TestRunner;

use crate::reference::{Ballot, Beginning, How, Proof, State, Step};

/// Draws the beginning of a case.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Start;

impl Strategy for Start {
    type Tree = Fixed<State>;
    type Value = State;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        Ok(Fixed(State::new(beginning(&mut Draw(runner.rng())))))
    }
}

fn beginning<R: Rng>(draw: &mut Draw<'_, R>) -> Beginning {
    let limits = ModelLimits {
        payload: draw.pick(&[3, 3, 64]),
        batch: draw.pick(&[2, 4, 16]),
        undecided: draw.pick(&[1, 2, 3, 8]),
    };
    let count = draw.pick(&[3, 4, 4, 5, 7, 9, 12, 15, 1, 0]);
    let equal = draw.once_in(3);
    let weight = |draw: &mut Draw<'_, R>| if equal { 1 } else { draw.pick(&WEIGHTS) };
    let members = (0..count).map(|owner| (owner, weight(draw))).collect();
    Beginning { chain_id: draw.pick(&[7, 7, 0, u64::MAX]), limits, members }
}

const WEIGHTS: [u64; 8] = [1, 1, 2, 3, 5, 10, 34, 100];

/// Shares as (above, below): the ends of the range, and what people choose.
const SHARES: [(u64, u64); 10] =
    [(2, 3), (2, 3), (2, 3), (1, 2), (1, 2), (1, 3), (3, 4), (0, 1), (99, 100), (u64::MAX - 1, u64::MAX)];

/// What the generator looks at in the state.
#[derive(Clone, Debug)]
pub(crate) struct Next(State);

impl Next {
    pub(crate) fn after(state: &State) -> Self {
        Next(state.clone())
    }

    fn draw<R: Rng>(&self, draw: &mut Draw<'_, R>) -> Step {
        let active = self.standing(&[ModelState::Active]);
        let open = u32::from(!active.is_empty());
        let some = u32::from(!self.0.model.proposals.is_empty());
        // Without an open proposal there is little else to do.
        let submit = 8 + 40 * (1 - open);
        match draw.weighted(&[submit, 60 * open, 14 * some, 12 * open, 8, 8 + 6 * some, 6 * some, 4, 4]) {
            0 => Step::Submit(self.draft(draw)),
            1 => Step::Vote(self.useful(draw, &active)),
            2 => Step::Vote(self.any(draw)),
            3 => self.finisher(draw, &active),
            4 => self.batch(draw, &active),
            5 => Step::Tick(self.while_(draw)),
            6 => Step::Execute(self.proposal(draw)),
            7 => self.admit(draw),
            _ => Step::Remove(self.member(draw)),
        }
    }

    /// The numbers of the proposals that stand so.
    fn standing(&self, states: &[ModelState]) -> Vec<u64> {
        let model = &self.0.model;
        let numbers = 0..model.proposals.len() as u64;
        numbers.filter(|number| model.state(*number).is_some_and(|state| states.contains(&state))).collect()
    }

    fn draft<R: Rng>(&self, draw: &mut Draw<'_, R>) -> ModelDraft {
        let (model, limits) = (&self.0.model, self.0.model.limits());
        let (total, threshold) = (model.total(), draw.pick(&SHARES));
        let third = total / 3;
        let quorum = draw.pick(&[0, 1, third, total / 2, total / 2, total - third, total]);
        let quorum = if draw.once_in(20) { total.saturating_add(1) } else { quorum };
        let payload = draw.pick(&[0, 1, 2, limits.payload]) + usize::from(draw.once_in(16));
        let opens = (model.now + draw.pick(&[0, 0, 1, 2, 5])).saturating_sub(draw.pick(&[0, 0, 0, 1, 3]));
        let lasts = if draw.once_in(12) { 0 } else { draw.pick(&[1, 4, 10, 10, 25]) };
        let closes = (opens + lasts).saturating_sub(u64::from(draw.once_in(30)));
        ModelDraft { payload, tag: draw.pick(&[0, 1, 255]), threshold, quorum, opens, closes }
    }

    /// A sound vote of somebody who may vote, most often of one who has not, and mostly for the proposal.
    fn useful<R: Rng>(&self, draw: &mut Draw<'_, R>, among: &[u64]) -> Ballot {
        let proposal = draw.pick(among);
        let model = &self.0.model.proposals[proposal as usize];
        let members: Vec<u64> = model.members.iter().map(|(number, ..)| *number).collect();
        let silent: Vec<u64> = members.iter().copied().filter(|one| model.choices(*one).is_empty()).collect();
        let again = silent.is_empty() || draw.once_in(8);
        let member = draw.pick(if again { &members } else { &silent });
        let liked = match proposal % 3 {
            0 => [ModelChoice::Approve; 2],
            1 => [ModelChoice::Approve, ModelChoice::Reject],
            _ => [ModelChoice::Approve, ModelChoice::Abstain],
        };
        let choice = if draw.once_in(4) { draw.pick(&ModelChoice::ALL) } else { draw.pick(&liked) };
        let how = if draw.once_in(10) { how(draw) } else { How::Well };
        Ballot { proposal, member, choice, how }
    }

    /// What brings the approving weight to what passes, or one short of it, where there is somebody who does.
    fn finisher<R: Rng>(&self, draw: &mut Draw<'_, R>, among: &[u64]) -> Step {
        let proposal = draw.pick(among);
        let model = &self.0.model.proposals[proposal as usize];
        let missing = model.passing().saturating_sub(model.tally().approve);
        let wanted = [missing, missing.saturating_sub(1)];
        let fits = |(number, _, weight): &&(u64, u64, u64)| {
            wanted.contains(weight) && model.choices(*number).is_empty()
        };
        match model.members.iter().find(fits) {
            Some((member, ..)) => {
                let (member, choice) = (*member, ModelChoice::Approve);
                Step::Vote(Ballot { proposal, member, choice, how: How::Well })
            }
            None => Step::Vote(self.useful(draw, among)),
        }
    }

    fn any<R: Rng>(&self, draw: &mut Draw<'_, R>) -> Ballot {
        let how = if draw.once_in(3) { how(draw) } else { How::Well };
        let (proposal, member) = (self.proposal(draw), self.member(draw));
        Ballot { proposal, member, choice: draw.pick(&ModelChoice::ALL), how }
    }

    /// Some votes at once; now and then two that are wrong and add up.
    fn batch<R: Rng>(&self, draw: &mut Draw<'_, R>, active: &[u64]) -> Step {
        let limit = self.0.model.limits().batch;
        let len = if draw.once_in(12) { limit + draw.index(2) } else { draw.index(5.min(limit) + 1) };
        let one = |draw: &mut Draw<'_, R>| match active.is_empty() || draw.once_in(5) {
            true => self.any(draw),
            false => self.useful(draw, active),
        };
        let mut ballots: Vec<Ballot> = (0..len).map(|_| one(draw)).collect();
        if let [first, second, ..] = &mut ballots[..]
            && draw.once_in(3)
        {
            (first.how, second.how) = (How::Up, How::Down);
        }
        if draw.once_in(4) && ballots.len() >= 2 {
            let last = ballots.len() - 1;
            ballots[last] = Ballot { how: ballots[last].how, ..ballots[0] };
        }
        Step::Votes(ballots)
    }

    /// To the next opening or closing, or just before it, or somewhere.
    fn while_<R: Rng>(&self, draw: &mut Draw<'_, R>) -> i64 {
        let until = self.0.model.next_due().map_or(1, |at| at.saturating_sub(self.0.time)) as i64;
        draw.pick(&[1, 1, until, until, until - 1, until + 7, 40, 0, -1, -5])
    }

    fn proposal<R: Rng>(&self, draw: &mut Draw<'_, R>) -> u64 {
        let count = self.0.model.proposals.len();
        if draw.once_in(15) { draw.pick(&[count as u64, u64::MAX]) } else { draw.index(count.max(1)) as u64 }
    }

    fn member<R: Rng>(&self, draw: &mut Draw<'_, R>) -> u64 {
        let count = self.0.owners.len();
        if draw.once_in(12) { draw.pick(&[count as u64, u64::MAX]) } else { draw.index(count.max(1)) as u64 }
    }

    fn admit<R: Rng>(&self, draw: &mut Draw<'_, R>) -> Step {
        let owner = u64::from(draw.below(20));
        let key = match draw.below(16) {
            0 => ModelKey::Malformed,
            1 => ModelKey::Infinity,
            _ => ModelKey::Of(owner),
        };
        let rest = u64::MAX - self.0.model.total();
        let weight = match draw.below(12) {
            0 => 0,
            1 => rest,
            2 => rest.saturating_add(1),
            _ => draw.pick(&WEIGHTS),
        };
        Step::Admit {
            key,
            proof: draw.pick(&[Proof::Own, Proof::Own, Proof::Own, Proof::Foreign, Proof::Nothing]),
            weight,
        }
    }
}

fn how<R: Rng>(draw: &mut Draw<'_, R>) -> How {
    use How::{
        ByAnother, Down, Flipped, ForAnotherChain, ForAnotherChoice, ForAnotherProposal, ForAnotherRegistry,
        Nothing, Summed, Up,
    };
    draw.pick(&[
        ForAnotherChain,
        ForAnotherProposal,
        ForAnotherRegistry,
        ForAnotherChoice,
        ByAnother,
        Flipped,
        Nothing,
        Summed,
        Up,
        Down,
    ])
}

impl Strategy for Next {
    type Tree = Simplifying<Step>;
    type Value = Step;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let step = self.draw(&mut Draw(runner.rng()));
        Ok(Simplifying::new(step, |step, n| simpler(step).into_iter().nth(n)))
    }
}

/// The ways to simplify a step.
pub(crate) fn simpler(step: &Step) -> Vec<Step> {
    match step.clone() {
        Step::Votes(ballots) => {
            let without = |place: usize| {
                let mut fewer = ballots.clone();
                fewer.remove(place);
                Step::Votes(fewer)
            };
            let single = ballots.first().filter(|_| ballots.len() == 1).map(|one| Step::Vote(*one));
            single.into_iter().chain((0..ballots.len()).map(without)).collect()
        }
        Step::Tick(by) if by > 1 => vec![Step::Tick(1), Step::Tick(by - 1)],
        Step::Submit(draft) if draft.payload > 0 => vec![Step::Submit(ModelDraft { payload: 0, ..draft })],
        _ => Vec::new(),
    }
}
