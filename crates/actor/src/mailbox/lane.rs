//! Lanes: the priorities of a mailbox.

use std::fmt;

/// A priority: one first-in first-out queue inside a mailbox.
///
/// Lanes compare by urgency, so `Lane::Emergency > Lane::Background`.
///
/// # Examples
///
/// ```
/// use alys_actor::mailbox::Lane;
///
/// assert!(Lane::Emergency > Lane::Critical);
/// assert_eq!(Lane::ALL.iter().max(), Some(&Lane::Emergency));
/// ```
// A whole word: written as a byte and copied as a word inside its message, it would stall the processor.
#[repr(usize)]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lane {
    /// Work that may wait for everything else.
    Background,
    /// Work that should happen soon, but after the ordinary.
    Low,
    /// Ordinary work.
    Normal,
    /// Work that other work waits for.
    High,
    /// Work that the node's safety depends on.
    Critical,
    /// Work that must never be refused while anything lower waits.
    Emergency,
}

impl Lane {
    /// The number of lanes.
    pub const COUNT: usize = 6;

    /// Every lane, the most urgent first.
    pub const ALL: [Lane; Lane::COUNT] =
        [Lane::Emergency, Lane::Critical, Lane::High, Lane::Normal, Lane::Low, Lane::Background];

    /// The lane's rank: 0 for [`Lane::Background`] up to 5 for [`Lane::Emergency`].
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::mailbox::Lane;
    ///
    /// assert_eq!(Lane::Background.rank(), 0);
    /// assert_eq!(Lane::Emergency.rank(), 5);
    /// ```
    #[must_use]
    #[inline]
    pub const fn rank(self) -> usize {
        self as usize
    }

    /// The lane of a rank, or `None` when there is no such lane.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::mailbox::Lane;
    ///
    /// assert_eq!(Lane::from_rank(5), Some(Lane::Emergency));
    /// assert_eq!(Lane::from_rank(6), None);
    /// ```
    #[must_use]
    #[inline]
    pub const fn from_rank(rank: usize) -> Option<Lane> {
        match rank {
            0 => Some(Lane::Background),
            1 => Some(Lane::Low),
            2 => Some(Lane::Normal),
            3 => Some(Lane::High),
            4 => Some(Lane::Critical),
            5 => Some(Lane::Emergency),
            _ => None,
        }
    }
}

impl fmt::Display for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Lane::Background => "background",
            Lane::Low => "low",
            Lane::Normal => "normal",
            Lane::High => "high",
            Lane::Critical => "critical",
            Lane::Emergency => "emergency",
        })
    }
}
