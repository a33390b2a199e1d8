//! The generator of cases: trees of a few blocks that fork, skip slots and lie, and deliveries in any order.
//!
//! A case has habits (swarm): how often slots are missed, chains fork, blocks are wrong, and how much the pool holds. What comes
//! next is mostly what the model can use, so that chains grow, and sometimes anything.

use alys_engines::draw::{Draw, Fixed, Simplifying};
use alys_models::chain::{ChainSetting, Flaw, Payment};
use proptest::prelude::Rng;
use proptest::strategy::{NewTree, Strategy};
use proptest::test_runner::TestRunner;

use crate::planned::{ACCOUNTS, Draft};
use crate::reference::{Beginning, Signed, State, Step};

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
    let authorities = draw.pick(&[4, 4, 4, 1, 2, 3, 5, 6, 7]);
    let setting = ChainSetting {
        authorities,
        me: draw.pick(&[true, true, false]).then(|| u64::from(draw.below(authorities as u32))),
        genesis_time: draw.pick(&[0, 50]),
        slot_duration: draw.pick(&[1, 2, 3]),
        interval: draw.pick(&[1, 2, 3, 4]),
        per_owner: draw.pick(&[1, 2, 3, 9, 16]),
        total: draw.pick(&[2, 5, 9, 40, 40, 64]),
    };
    let late = draw.pick(&[0, 1, 6, 40, 40, 40]);
    let time =
        (setting.genesis_time + late * setting.slot_duration).saturating_sub(u64::from(draw.once_in(8)));
    let habits = Habits {
        skips: draw.pick(&[0, 0, 30, 80]),
        forks: draw.pick(&[5, 20, 40]),
        wrong: draw.pick(&[0, 0, 8, 25]),
        pays: draw.pick(&[0, 30, 70]),
    };
    let count = draw.pick(&[3, 6, 9, 12, 16]);
    let mut drafts: Vec<Draft> = Vec::with_capacity(count);
    for number in 0..count {
        let parent = if draw.below(100) < habits.forks { draw.index(number + 1) } else { number };
        drafts.push(habits.draft(draw, parent, &setting));
    }
    Beginning { setting, time, drafts }
}

/// What a case does often, in per cent.
struct Habits {
    skips: u32,
    forks: u32,
    wrong: u32,
    pays: u32,
}

impl Habits {
    fn draft<R: Rng>(&self, draw: &mut Draw<'_, R>, parent: usize, setting: &ChainSetting) -> Draft {
        let skipped = if draw.below(100) < self.skips { i64::from(draw.pick(&[1_u8, 1, 2, 5])) } else { 0 };
        let amount =
            |draw: &mut Draw<'_, R>| if draw.below(100) < self.pays { draw.pick(&[1, 1, 2, 3]) } else { 0 };
        let payments = (0..amount(draw)).map(|_| payment(draw, self.wrong > 0)).collect();
        let inside = draw.below(setting.slot_duration as u32);
        let mut draft = Draft {
            parent,
            after: 1 + skipped,
            height_off: 0,
            proposer_off: 0,
            seconds: i64::from(inside),
            payments,
            flaw: None,
        };
        if draw.below(100) < self.wrong {
            match draw.below(8) {
                0 => draft.height_off = draw.pick(&[-1, 1, 2]),
                1 => draft.proposer_off = 1,
                2 => draft.seconds = draw.pick(&[-1, -1000, setting.slot_duration as i64]),
                3 => draft.after = draw.pick(&[0, 0, -1]),
                4 => draft.flaw = Some(Flaw::Body),
                5 => draft.flaw = Some(Flaw::Signature),
                _ => draft.flaw = Some(Flaw::State),
            }
        }
        draft
    }
}

/// A payment within what somebody may have, or just beyond.
fn payment<R: Rng>(draw: &mut Draw<'_, R>, wrong: bool) -> Payment {
    if wrong && draw.once_in(30) {
        return Payment::Junk { len: draw.pick(&[0, 23, 25]) };
    }
    let [(from, has), (to, _)] = [draw.pick(&ACCOUNTS), draw.pick(&ACCOUNTS)];
    let beyond = u64::from(wrong && draw.once_in(4));
    Payment::Of {
        from,
        to: draw.pick(&[to, to, 1 << 63]),
        amount: draw.pick(&[0, 1, 1, has / 2, has + beyond]),
    }
}

/// What the generator looks at in the state.
#[derive(Clone, Debug)]
pub(crate) struct Next(State);

impl Next {
    pub(crate) fn after(state: &State) -> Self {
        Next(state.clone())
    }

    fn draw<R: Rng>(&self, draw: &mut Draw<'_, R>) -> Step {
        let step = self.plain(draw);
        let crashes = !matches!(step, Step::Restart | Step::Tick(_)) && draw.once_in(30);
        if crashes {
            Step::Crash { step: Box::new(step), kept: draw.pick(&[0, 1, 2, 2, 2, 3, 4, 5]) }
        } else {
            step
        }
    }

    fn plain<R: Rng>(&self, draw: &mut Draw<'_, R>) -> Step {
        let state = &self.0;
        let candidates =
            self.numbers(|state, block| state.model.pool().candidates().contains(&state.id(block)));
        let useful = self.numbers(|state, block| self.is_useful(state, block));
        let (some, none) = (u32::from(!candidates.is_empty()), u32::from(!useful.is_empty()));
        // The largest pools are for crowds of aggregates of a block that does not come.
        let crowd = if self.is_crowd() { 90 } else { 12 };
        match draw.weighted(&[60 * none, 12, 40 * some, 30 * some, 10, crowd, 14, 5, 3, 3, 2, 10 + 10 * none])
        {
            0 => Step::Deliver { block: draw.pick(&useful), spoil: None },
            1 => {
                let spoil = draw.pick(&[None, None, None, Some(Flaw::Signature), Some(Flaw::Body)]);
                Step::Deliver { block: self.any(draw), spoil }
            }
            2 => self.quorum(draw, &candidates),
            3 => self.approve(draw, &candidates),
            4 => {
                let any = [self.any(draw)];
                self.approve(draw, &any)
            }
            5 => {
                let any = [if self.is_crowd() { state.blocks.len() - 1 } else { self.any(draw) }];
                self.aggregate(draw, &any)
            }
            6 => Step::Tick(u64::from(draw.below(2 * state.model.setting().slot_duration as u32 + 2))),
            7 => {
                let payments = (0..draw.index(2)).map(|_| payment(draw, true)).collect();
                Step::Propose(payments)
            }
            8 => Step::Rollback(self.any(draw)),
            9 => Step::Prune(self.prunable(draw)),
            10 => Step::Restart,
            _ => {
                let block =
                    if useful.is_empty() || draw.once_in(3) { self.any(draw) } else { draw.pick(&useful) };
                self.import(draw, block)
            }
        }
    }

    /// A block with its certificate, mostly sound.
    fn import<R: Rng>(&self, draw: &mut Draw<'_, R>, block: usize) -> Step {
        let certified = if draw.once_in(12) { self.any(draw) } else { block };
        let aggregate =
            if draw.once_in(5) { self.aggregate(draw, &[block]) } else { self.quorum(draw, &[block]) };
        let verified = !draw.once_in(3);
        match aggregate {
            Step::Aggregate { after, signers, longer, signed, .. } => {
                let signed = if draw.once_in(8) { self::signed(draw) } else { signed };
                Step::Import { block, certified, after, signers, longer, signed, verified }
            }
            other => other,
        }
    }

    fn is_crowd(&self) -> bool {
        let setting = self.0.model.setting();
        setting.total == 64 && setting.authorities > 4
    }

    /// The numbers of the blocks of which something is true.
    fn numbers(&self, is: impl Fn(&State, usize) -> bool) -> Vec<usize> {
        (1..self.0.blocks.len()).filter(|block| is(&self.0, *block)).collect()
    }

    /// A block that is not known and whose parent is.
    fn is_useful(&self, state: &State, block: usize) -> bool {
        let (id, model) = (state.id(block), &state.model);
        let tree = &model.now().tree;
        !tree.has(id) && !model.pool().has(id) && tree.has(state.blocks[block].model.parent)
    }

    fn any<R: Rng>(&self, draw: &mut Draw<'_, R>) -> usize {
        draw.index(self.0.blocks.len())
    }

    /// Just enough of them, or one less; or all.
    fn quorum<R: Rng>(&self, draw: &mut Draw<'_, R>, blocks: &[usize]) -> Step {
        let n = self.0.model.setting().authorities;
        let least = n * 2 / 3 + 1;
        let size = draw.pick(&[least, least, least, n, least - 1]);
        let first = u64::from(draw.below(n as u32));
        let signers = (0..size).fold(0, |bits, next| bits | 1_u16 << ((first + next) % n));
        let block = draw.pick(blocks);
        Step::Aggregate { block, after: 0, signers, longer: 0, signed: Signed::Well }
    }

    fn approve<R: Rng>(&self, draw: &mut Draw<'_, R>, blocks: &[usize]) -> Step {
        let n = self.0.model.setting().authorities;
        let signer =
            if draw.once_in(20) { draw.pick(&[n, n + 1, u64::MAX]) } else { u64::from(draw.below(n as u32)) };
        let after = u64::from(draw.once_in(12));
        Step::Approve { block: draw.pick(blocks), after, signer, signed: signed(draw) }
    }

    fn aggregate<R: Rng>(&self, draw: &mut Draw<'_, R>, blocks: &[usize]) -> Step {
        let n = self.0.model.setting().authorities;
        let signers = draw.below(1 << n) as u16;
        // Bits behind the last authority, all of them set.
        let longer = if draw.once_in(10) { draw.pick(&[-1, 1, 3]) } else { 0 };
        let signers = if longer > 0 { signers | 0b111 << n } else { signers };
        let after = u64::from(draw.once_in(12));
        Step::Aggregate { block: draw.pick(blocks), after, signers, longer, signed: signed(draw) }
    }

    /// A height around the finalised one.
    fn prunable<R: Rng>(&self, draw: &mut Draw<'_, R>) -> u64 {
        let now = self.0.model.now();
        let height = now.tree.height(now.finalised);
        let interval = self.0.model.setting().interval;
        let last = height - height % interval;
        draw.pick(&[last, last, last, last + interval, last.saturating_sub(interval), height, 0])
    }
}

fn signed<R: Rng>(draw: &mut Draw<'_, R>) -> Signed {
    use Signed::{AsProposal, ByAnother, ForAnotherChain, ForAnotherSlot, Twice, Well};
    if draw.once_in(6) {
        draw.pick(&[ForAnotherChain, AsProposal, ForAnotherSlot, ByAnother, Twice])
    } else {
        Well
    }
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
        Step::Deliver { block, spoil: Some(_) } => vec![Step::Deliver { block, spoil: None }],
        Step::Crash { step, kept } => {
            let fewer = (kept > 0).then(|| Step::Crash { step: step.clone(), kept: kept - 1 });
            [*step, Step::Restart].into_iter().chain(fewer).collect()
        }
        Step::Tick(seconds) if seconds > 0 => vec![Step::Tick(seconds - 1)],
        Step::Propose(payments) if !payments.is_empty() => vec![Step::Propose(Vec::new())],
        Step::Aggregate { block, after, signers, longer, signed } if longer != 0 || after != 0 => {
            vec![
                Step::Aggregate { block, after, signers, longer: 0, signed },
                Step::Aggregate { block, after: 0, signers, longer, signed },
            ]
        }
        _ => Vec::new(),
    }
}
