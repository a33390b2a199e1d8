//! What can be wrong with a ring: plain slips, and slips that only show after something was done many times.

use std::cell::Cell;

use alys_models::ring::{RingOutcome, RingTransition};

use super::Ring;

/// A planted fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RingFault {
    /// Pop takes the newest item.
    PopsNewest,
    /// A ring of more than one place is full with one place free.
    FullTooEarly,
    /// The first item that wraps goes to the second place.
    WrapsBeyondTheFirst,
    /// A clear leaves the newest item where the items wrap.
    ClearSparesTheWrapped,
    /// A resize copies the places as they lie.
    ResizedWhileWrapped,
    /// The generation has four bits.
    GenerationInFourBits,
    /// Pushes are lost once the oldest item has gone round nine times.
    NinthLap,
    /// The twentieth refusal and all later ones overwrite the oldest item.
    TwentiethRefusal,
    /// Nothing can be popped after twenty peeks that saw something.
    TwentiethPeek,
    /// Newer items overtake once pops have emptied the ring ten times.
    EmptiedTenTimes,
    /// The pop that empties the ring finds nothing once twelve items have come and gone since the last clear.
    BalancedTraffic,
}

impl RingFault {
    /// Every fault.
    pub const ALL: [Self; 11] = [
        Self::PopsNewest,
        Self::FullTooEarly,
        Self::WrapsBeyondTheFirst,
        Self::ClearSparesTheWrapped,
        Self::ResizedWhileWrapped,
        Self::GenerationInFourBits,
        Self::NinthLap,
        Self::TwentiethRefusal,
        Self::TwentiethPeek,
        Self::EmptiedTenTimes,
        Self::BalancedTraffic,
    ];

    /// What tables call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::PopsNewest => "pops_newest",
            Self::FullTooEarly => "full_too_early",
            Self::WrapsBeyondTheFirst => "wraps_beyond_the_first",
            Self::ClearSparesTheWrapped => "clear_spares_the_wrapped",
            Self::ResizedWhileWrapped => "resized_while_wrapped",
            Self::GenerationInFourBits => "generation_in_four_bits",
            Self::NinthLap => "ninth_lap",
            Self::TwentiethRefusal => "twentieth_refusal",
            Self::TwentiethPeek => "twentieth_peek",
            Self::EmptiedTenTimes => "emptied_ten_times",
            Self::BalancedTraffic => "balanced_traffic",
        }
    }

    /// Counts what the fault waits for; a count stays where the fault has come.
    pub(super) fn count(self, ring: &mut Ring, transition: RingTransition, outcome: RingOutcome) {
        use {RingOutcome as O, RingTransition as T};
        let popped = matches!((transition, outcome), (T::Pop, O::Item(Some(_))));
        let seen = matches!((transition, outcome), (T::Peek(_), O::Item(Some(_))));
        let next = |limit: u8| (ring.tally + 1).min(limit);
        ring.tally = match self {
            Self::NinthLap if popped && ring.is_at_first_place() => next(9),
            Self::TwentiethRefusal if outcome == O::Full => next(20),
            Self::TwentiethPeek if seen => next(20),
            Self::EmptiedTenTimes if popped && ring.is_empty() => next(10),
            Self::BalancedTraffic if outcome == O::Accepted => next(12),
            Self::BalancedTraffic if transition == T::Clear => 0,
            _ => ring.tally,
        };
    }
}

thread_local! {
    static PLANTED: Cell<Option<RingFault>> = const { Cell::new(None) };
}

/// Takes the fault out again when it is dropped.
#[derive(Debug)]
#[must_use = "the fault is there only as long as this is"]
pub struct Planted(());

impl Drop for Planted {
    fn drop(&mut self) {
        PLANTED.set(None);
    }
}

/// Plants a fault into the rings that the faulty machine makes on this thread.
pub fn plant(fault: RingFault) -> Planted {
    PLANTED.set(Some(fault));
    Planted(())
}

/// The fault that is planted on this thread.
pub(super) fn planted() -> Option<RingFault> {
    PLANTED.get()
}
