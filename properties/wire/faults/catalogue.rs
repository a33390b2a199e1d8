//! The planted faults of the wire format: one-place text changes of the real source, each of which a law must find.

#[path = "catalogue/frames.rs"]
mod frames;
#[path = "catalogue/gossip.rs"]
mod gossip;
#[path = "catalogue/messages.rs"]
mod messages;
#[path = "catalogue/rates.rs"]
mod rates;

use alys_planting::Fault as Planted;

/// A planted fault of `crates/wire`.
pub type Fault = Planted<Law>;

/// The law that must find a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Law {
    /// What is encoded decodes to itself.
    RoundTrip,
    /// The table of limits.
    Limits,
    /// The bytes are those of the golden file.
    Golden,
    /// The codecs of framed streams.
    Framed,
    /// Codes, protocols and topics.
    Names,
    /// Streams that are cut anywhere.
    Splits,
    /// Single bits that are others.
    Flips,
    /// Frames made by hand.
    Crafted,
    /// Random corruptions.
    Corruptions,
    /// Gossip.
    Gossip,
    /// Hash-tree roots.
    Roots,
    /// Rates.
    Quota,
    /// The allocator, under hostile input.
    Memory,
    /// The streaming decoder as a state machine.
    Machine,
}

/// Returns every planted fault; the position in this order is the number of its switch.
pub fn all() -> impl Iterator<Item = &'static Fault> {
    [frames::FAULTS, messages::FAULTS, gossip::FAULTS, rates::FAULTS].into_iter().flatten()
}
