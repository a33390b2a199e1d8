//! The search for a linearization.

use std::fmt;

use rustc_hash::FxHashSet;

use super::{Operation, SequentialSpec};

/// The longest history that can be judged: a set of operations is one machine word of this many bits.
pub const OPERATIONS_MAX: usize = 128;

/// A history that no sequential order explains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotLinearizable {
    /// The longest order that could be explained, as indices into the history.
    pub longest: Vec<usize>,
    /// For each operation that could have come next there: what it was told, and what the specification answers.
    pub refused: Vec<String>,
}

impl fmt::Display for NotLinearizable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "no sequential order explains the history; the longest that does is {:?}", self.longest)?;
        for line in &self.refused {
            writeln!(f, "  after it, {line}")?;
        }
        Ok(())
    }
}

impl std::error::Error for NotLinearizable {}

/// Finds an order of the operations that explains every answer, as indices into the history.
///
/// Every completed operation is in it; a pending one is in it when it had to take effect.
///
/// # Errors
///
/// [`NotLinearizable`] with the longest explained prefix.
///
/// # Panics
///
/// When the history is longer than [`OPERATIONS_MAX`].
pub fn check<S: SequentialSpec>(
    initial: S,
    history: &[Operation<S::Call, S::Return>],
) -> Result<Vec<usize>, NotLinearizable> {
    check_with(initial, history, |_| true)
}

/// Finds an order as [`check`] does that also ends in a state which `accepts` likes.
///
/// For what can be observed only after all threads are done, such as the number of messages left.
///
/// # Errors
///
/// [`NotLinearizable`] with the longest explained prefix.
///
/// # Panics
///
/// When the history is longer than [`OPERATIONS_MAX`].
pub fn check_with<S: SequentialSpec>(
    initial: S,
    history: &[Operation<S::Call, S::Return>],
    accepts: impl Fn(&S) -> bool,
) -> Result<Vec<usize>, NotLinearizable> {
    assert!(history.len() <= OPERATIONS_MAX, "{} operations, allowed are {OPERATIONS_MAX}", history.len());
    let completed = bits(history, |operation| operation.returned.is_some());
    let mut search = Search {
        history,
        completed,
        twins: (0..history.len()).map(|index| twins(history, index)).collect(),
        accepts,
        seen: FxHashSet::default(),
        order: Vec::with_capacity(history.len()),
        longest: None,
    };
    if search.explains(0, &initial) { Ok(search.order) } else { Err(search.into_error(initial)) }
}

struct Search<'a, S: SequentialSpec, A> {
    history: &'a [Operation<S::Call, S::Return>],
    completed: u128,
    /// For each operation its like that returned before it: such a one can as well come first.
    twins: Vec<u128>,
    accepts: A,
    /// Dead ends: no order that continues from here explains the rest.
    seen: FxHashSet<(u128, S)>,
    order: Vec<usize>,
    longest: Option<Vec<usize>>,
}

impl<S: SequentialSpec, A: Fn(&S) -> bool> Search<'_, S, A> {
    /// Extends `order`, whose operations are `done`, to a whole linearization.
    fn explains(&mut self, done: u128, state: &S) -> bool {
        if done & self.completed == self.completed && (self.accepts)(state) {
            return true;
        }
        if !self.seen.insert((done, state.clone())) {
            return false;
        }
        if self.longest.as_ref().is_none_or(|longest| longest.len() < self.order.len()) {
            self.longest = Some(self.order.clone());
        }
        let horizon = self.horizon(done);
        for index in 0..self.history.len() {
            let operation = &self.history[index];
            if done & (1 << index) != 0
                || operation.invoked > horizon
                || self.has_twin(self.twins[index] & !done, horizon)
            {
                continue;
            }
            let mut next = state.clone();
            let answer = next.apply(&operation.call);
            if operation.returned.as_ref().is_some_and(|(_, told)| *told != answer) {
                continue;
            }
            self.order.push(index);
            if self.explains(done | 1 << index, &next) {
                return true;
            }
            self.order.pop();
            // A call that never changes anything can as well come first: where the rest cannot be explained after it,
            // nothing can.
            if operation.returned.as_ref().is_some_and(|(_, told)| S::changes_nothing(&operation.call, told))
            {
                return false;
            }
        }
        false
    }

    /// Whether one of these could come next.
    fn has_twin(&self, mut twins: u128, horizon: u64) -> bool {
        while twins != 0 {
            if self.history[twins.trailing_zeros() as usize].invoked <= horizon {
                return true;
            }
            twins &= twins - 1;
        }
        false
    }

    /// The earliest return among the operations that are left: nothing invoked after it may come before it.
    fn horizon(&self, done: u128) -> u64 {
        let left = self.history.iter().enumerate().filter(|(index, _)| done & (1 << index) == 0);
        left.filter_map(|(_, operation)| operation.returned.as_ref().map(|(event, _)| *event))
            .min()
            .unwrap_or(u64::MAX)
    }

    /// Says what stood in the way at the end of the longest prefix.
    fn into_error(self, mut state: S) -> NotLinearizable {
        let longest = self.longest.clone().unwrap_or_default();
        let mut done = 0_u128;
        for &index in &longest {
            state.apply(&self.history[index].call);
            done |= 1 << index;
        }
        let horizon = self.horizon(done);
        let next = (0..self.history.len())
            .filter(|index| done & (1 << index) == 0 && self.history[*index].invoked <= horizon);
        let mut refused: Vec<_> = next.map(|index| self.refusal(index, &state)).collect();
        if refused.is_empty() {
            refused.push("the end state is refused".to_owned());
        }
        NotLinearizable { longest, refused }
    }

    fn refusal(&self, index: usize, state: &S) -> String {
        let Operation { thread, call, returned, .. } = &self.history[index];
        let answer = state.clone().apply(call);
        let told = returned.as_ref().map_or("nothing yet".to_owned(), |(_, told)| format!("{told:?}"));
        format!("{index}: {call:?} of thread {thread} was told {told}, the specification answers {answer:?}")
    }
}

/// The operations that made the same call as this one, were told the same, and returned before it did. Where both can come
/// next, exchanging them changes no state and breaks no order of real time, so the other one may be taken first.
fn twins<C: PartialEq, R: PartialEq>(history: &[Operation<C, R>], index: usize) -> u128 {
    let Operation { call, returned: Some((event, told)), .. } = &history[index] else { return 0 };
    bits(history, |other| {
        let earlier = other.returned.as_ref().is_some_and(|(end, answer)| end < event && answer == told);
        earlier && other.call == *call
    })
}

fn bits<T>(items: &[T], holds: impl Fn(&T) -> bool) -> u128 {
    items.iter().enumerate().filter(|(_, item)| holds(item)).fold(0, |set, (index, _)| set | 1 << index)
}
