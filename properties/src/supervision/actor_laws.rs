//! The laws of supervised actors: what the generated cases do not come to.

use super::{faulty, real};
use crate::{
    scenarios::{self, Broken, Scenario},
    sequential::{Kill, Persistence},
    violation::caught,
};

/// A law with its name.
pub type Law = (&'static str, fn());

/// The laws of the crate as it ships.
#[must_use]
pub fn scenarios() -> Vec<Scenario> {
    named(real::actor_laws::LAWS)
}

/// Laws of no input as scenarios.
#[must_use]
pub fn named(laws: &[Law]) -> Vec<Scenario> {
    let scenario = |(name, law): &Law| {
        let law = *law;
        Scenario::new(*name, move || caught(law).map(|()| 1).map_err(|message| Broken { tried: 1, message }))
    };
    laws.iter().map(scenario).collect()
}

/// Looks for the planted fault with the laws of the twin.
pub(super) fn hunt() -> Option<Kill> {
    let found = scenarios::run("hunt", &Persistence::None, named(faulty::actor_laws::LAWS)).err()?;
    Some(Kill { cases: u32::try_from(found.tried).unwrap_or(u32::MAX), steps: 1, message: found.message })
}
