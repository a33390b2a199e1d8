//! What a ring is asked, and what it answers.

/// A call of the ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum RingTransition {
    /// Put an item behind the others.
    Push(u8),
    /// Take the oldest item out.
    Pop,
    /// Look at the item that would be popped after so many others.
    Peek(u8),
    /// Throw all items away.
    Clear,
    /// Have another number of places.
    Resize(u8),
}

/// An answer of the ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RingOutcome {
    /// The item was put in.
    Accepted,
    /// There was no room for it.
    Full,
    /// The item that was asked for, if there is one.
    Item(Option<u8>),
    /// So many items were thrown away.
    Cleared(usize),
    /// The capacity is the one that was asked for.
    Resized,
    /// The items would not fit: nothing was changed.
    TooSmall,
}
