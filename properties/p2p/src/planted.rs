//! The planted faults, and their switches.

#[path = "../faults/catalogue.rs"]
pub mod catalogue;

use alys_engines::planted::Catalogue;

pub use catalogue::{Engine, Fault};

/// Every fault, with the switches that the twin asks.
pub static CATALOGUE: Catalogue<Engine> = Catalogue {
    name: "p2p",
    all: || catalogue::all().collect(),
    stale: include!(concat!(env!("OUT_DIR"), "/stale.rs")),
};

/// Says whether the switch of this number is on; called from the places where a fault is planted.
#[inline]
#[must_use]
pub fn is(number: usize) -> bool {
    CATALOGUE.is(number)
}
