//! Aura: time is cut into slots, and each slot has one proposer (CH-1).

use std::num::NonZeroU64;

/// Cuts time into slots.
///
/// ```
/// use std::num::NonZeroU64;
/// use alys_chain::slots::SlotClock;
///
/// let clock = SlotClock { genesis_time: 100, slot_duration: NonZeroU64::new(3).unwrap() };
/// assert_eq!(clock.slot_at(99), None);
/// assert_eq!(clock.slot_at(105), Some(1));
/// assert_eq!(clock.start_of(2), Some(106));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotClock {
    /// When slot 0 begins, in seconds since the Unix epoch.
    pub genesis_time: u64,
    /// How long a slot is, in seconds.
    pub slot_duration: NonZeroU64,
}

impl SlotClock {
    /// Tells the slot that a time lies in; `None` before genesis.
    #[must_use]
    pub fn slot_at(&self, time: u64) -> Option<u64> {
        Some(time.checked_sub(self.genesis_time)? / self.slot_duration)
    }

    /// Tells when a slot begins; `None` when no clock will ever show it.
    #[must_use]
    pub fn start_of(&self, slot: u64) -> Option<u64> {
        slot.checked_mul(self.slot_duration.get())?.checked_add(self.genesis_time)
    }
}
