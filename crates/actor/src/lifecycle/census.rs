//! How many actors are in each state (LC-2).

use super::state::LifecycleState;

/// The number of actors in each state, at one moment.
///
/// # Examples
///
/// ```
/// use alys_actor::lifecycle::{LifecycleMonitor, LifecycleState};
///
/// let monitor = LifecycleMonitor::default();
/// monitor.register("chain")?;
/// let census = monitor.census();
/// assert_eq!(census.count(LifecycleState::Uninitialized), 1);
/// assert_eq!(census.total(), 1);
/// # Ok::<(), alys_actor::lifecycle::LifecycleError>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Census {
    counts: [usize; LifecycleState::COUNT],
}

impl Census {
    /// How many actors are in a state.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::lifecycle::{LifecycleMonitor, LifecycleState};
    ///
    /// assert_eq!(LifecycleMonitor::default().census().count(LifecycleState::Failed), 0);
    /// ```
    #[must_use]
    pub fn count(&self, state: LifecycleState) -> usize {
        self.counts[state.index()]
    }

    /// How many actors there are, the stopped ones that were not forgotten included.
    ///
    /// # Examples
    ///
    /// ```
    /// assert_eq!(alys_actor::lifecycle::LifecycleMonitor::default().census().total(), 0);
    /// ```
    #[must_use]
    pub fn total(&self) -> usize {
        self.counts.iter().sum()
    }

    /// One actor more in a state.
    pub(super) fn enter(&mut self, state: LifecycleState) {
        self.counts[state.index()] += 1;
    }

    /// One actor less in a state. There is one, since it entered; a bug elsewhere must not wrap the counter.
    pub(super) fn leave(&mut self, state: LifecycleState) {
        debug_assert!(self.counts[state.index()] > 0, "nobody is in {state}");
        self.counts[state.index()] = self.counts[state.index()].saturating_sub(1);
    }

    /// Both censuses together.
    pub(super) fn plus(mut self, other: &Self) -> Self {
        for (sum, more) in self.counts.iter_mut().zip(other.counts) {
            *sum += more;
        }
        self
    }
}
