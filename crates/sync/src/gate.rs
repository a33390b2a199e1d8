//! The production gate (SY-5).

/// Whether blocks may be produced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// They may not.
    Closed(Closed),
    /// They may.
    Open,
}

/// Why no blocks may be produced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Closed {
    /// It is not known where the tip is: the highest proved one is neither fresh nor that of a majority.
    #[error("it is not known where the tip is")]
    Unknown,
    /// Our tip is too far behind.
    #[error("the tip is {lag} blocks behind height {target}")]
    Behind {
        /// How many blocks are missing.
        lag: u64,
        /// The height of the highest proved tip.
        target: u64,
    },
    /// Too few peers have said that genesis is their tip.
    #[error("{answered} peers are at genesis, {needed} are needed")]
    Genesis {
        /// How many have said so.
        answered: u64,
        /// How many are needed.
        needed: u64,
    },
    /// The chain cannot be made durable any more.
    #[error("the chain cannot be made durable any more")]
    Failed,
}

/// What the gate is decided by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The height of our tip.
    pub height: u64,
    /// The height of the highest proved tip; `None` when it is not known.
    pub target: Option<u64>,
    /// How many connected peers have said that our genesis is their tip.
    pub at_genesis: u64,
}

/// Decides, by what is known, by how far the tip may be behind, how many peers are a sample, and whether the operator says
/// that this is the beginning.
///
/// ```
/// use alys_sync::gate::{Closed, Gate, Position, decide};
///
/// let at = |height| Position { height, target: Some(1000), at_genesis: 0 };
/// assert_eq!(decide(&at(995), 100, 3, false), Gate::Open);
/// assert_eq!(decide(&at(994), 100, 3, false), Gate::Closed(Closed::Behind { lag: 6, target: 1000 }));
/// ```
#[must_use]
pub fn decide(position: &Position, max_lag_blocks: u64, sample: u64, bootstrap: bool) -> Gate {
    let Position { height, target, at_genesis } = *position;
    match target {
        None => Gate::Closed(Closed::Unknown),
        Some(0) if bootstrap || at_genesis >= sample => Gate::Open,
        Some(0) => Gate::Closed(Closed::Genesis { answered: at_genesis, needed: sample }),
        Some(target) => {
            let lag = target.saturating_sub(height);
            match within(lag, target) && lag <= max_lag_blocks {
                true => Gate::Open,
                false => Gate::Closed(Closed::Behind { lag, target }),
            }
        }
    }
}

/// Whether a lag is at most half a per cent of the target.
fn within(lag: u64, target: u64) -> bool {
    1000 * u128::from(lag) <= 5 * u128::from(target)
}
