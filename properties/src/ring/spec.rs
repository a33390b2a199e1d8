//! Histories of the ring: its model called by several threads, for what judges histories.

use alys_models::ring::{RingModel, RingOutcome, RingTransition as T};
use proptest::{prelude::Rng, test_runner::TestRng};

use crate::{
    draw::Draw,
    linearizability::{History, Operation, SequentialSpec},
};

/// The model, as what a history is judged by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RingSpec(pub RingModel);

impl SequentialSpec for RingSpec {
    type Call = T;
    type Return = RingOutcome;

    fn apply(&mut self, call: &T) -> RingOutcome {
        self.0.apply(call)
    }

    fn changes_nothing(call: &T, told: &RingOutcome) -> bool {
        matches!(
            (call, told),
            (T::Peek(_), _) | (T::Push(_), RingOutcome::Full) | (T::Pop, RingOutcome::Item(None))
        )
    }
}

/// How histories are drawn.
#[derive(Clone, Copy, Debug)]
pub struct Traffic {
    /// Threads, which make one call at a time.
    pub threads: usize,
    /// Calls in all.
    pub operations: usize,
    /// Places of the ring.
    pub capacity: usize,
    /// One answer in so many is one that was not given; 0 for none.
    pub flaws: u32,
}

/// A call on its way.
enum Stage {
    /// Nothing was called.
    Idle,
    /// It has not taken effect.
    Invoked(usize),
    /// It has, and was answered.
    Done(usize, RingOutcome),
}

impl Traffic {
    /// A history of pushes, pops and peeks: explained by the order in which they took effect, unless an answer is flawed.
    ///
    /// Whose turn it is, is drawn at each event, so that calls overlap in every way; the last ones may not return.
    pub fn history(&self, rng: &mut TestRng) -> History<T, RingOutcome> {
        let mut draw = Draw(rng);
        let mut model = RingModel::new(self.capacity);
        let mut history: History<T, RingOutcome> = Vec::with_capacity(self.operations);
        let mut stages: Vec<_> = (0..self.threads).map(|_| Stage::Idle).collect();
        let mut event = 0;
        // When all are invoked, so many more events let most of them return.
        let mut left = 2 * self.operations;
        while left > 0 {
            let thread = draw.index(self.threads);
            event += 1;
            left -= usize::from(history.len() == self.operations);
            stages[thread] = match std::mem::replace(&mut stages[thread], Stage::Idle) {
                Stage::Idle if history.len() < self.operations => {
                    let call = call(&mut draw);
                    history.push(Operation { thread, call, invoked: event, returned: None });
                    Stage::Invoked(history.len() - 1)
                }
                Stage::Idle => Stage::Idle,
                Stage::Invoked(index) => Stage::Done(index, model.apply(&history[index].call)),
                Stage::Done(index, answer) => {
                    let flawed = self.flaws > 0 && draw.once_in(self.flaws);
                    let told = if flawed { other(&mut draw, &history[index].call) } else { answer };
                    history[index].returned = Some((event, told));
                    Stage::Idle
                }
            };
        }
        history
    }
}

/// Pushes of few items, so that several explanations fit.
fn call<R: Rng>(draw: &mut Draw<'_, R>) -> T {
    match draw.below(8) {
        0..=3 => T::Push(draw.below(3) as u8),
        4..=6 => T::Pop,
        _ => T::Peek(0),
    }
}

/// Some answer that such a call can have.
fn other<R: Rng>(draw: &mut Draw<'_, R>, call: &T) -> RingOutcome {
    match call {
        T::Push(_) => draw.pick(&[RingOutcome::Accepted, RingOutcome::Full]),
        _ => RingOutcome::Item(draw.pick(&[None, Some(0), Some(1), Some(2)])),
    }
}
