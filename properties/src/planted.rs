//! The planted faults of the components of `crates/actor`, and their switches.

#[path = "../faults/catalogue.rs"]
pub mod catalogue;

use alys_engines::planted::Catalogue;

pub use alys_engines::planted::{Kind, Planted, spawn};
pub use catalogue::{Engine, Fault};

/// Every fault, with the switches that the twins ask.
pub static CATALOGUE: Catalogue<Engine> = Catalogue {
    name: "actor",
    all: || catalogue::all().collect(),
    stale: include!(concat!(env!("OUT_DIR"), "/stale.rs")),
};

/// Says whether the switch of this number is on; called from the places where a fault is planted.
#[inline]
#[must_use]
pub fn is(number: usize) -> bool {
    CATALOGUE.is(number)
}

/// Returns the faults that are compiled in.
pub fn live() -> impl Iterator<Item = &'static Fault> {
    CATALOGUE.live()
}

/// Plants a fault on this thread.
///
/// # Panics
///
/// As [`Catalogue::plant`].
pub fn plant(id: &str) -> Planted {
    CATALOGUE.plant(id)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_id_is_unique() {
        let mut seen = BTreeSet::new();
        let twice: Vec<_> = catalogue::all().filter(|fault| !seen.insert(fault.id)).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }
}
