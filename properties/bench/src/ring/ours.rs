//! Our sequential engine, with its own generator and minimiser.

use alys_properties::{
    ring::{Faulty, RING, RingFault, Sound, faulty},
    sequential::{Persistence, Seed, Suite, hunt_drawn, run_drawn},
};

use super::Library;
use crate::hunts::Found;

/// The sequential engine.
pub(super) struct Ours;

impl Library for Ours {
    const NAME: &'static str = "alys";

    fn pass(seed: u64, cases: u32) -> u64 {
        let suite = Suite { cases, ..RING };
        let report = run_drawn::<Sound>(&suite, Persistence::None, Seed::Number(seed));
        report.expect("the ring is right").transitions
    }

    fn hunt(fault: RingFault, seed: u64, cases: u32) -> Option<Found> {
        let _planted = faulty::plant(fault);
        let kill = hunt_drawn::<Faulty>(&RING, cases, Seed::Number(seed))?;
        Some(Found { cases: kill.cases.into(), calls: kill.steps, rule: None })
    }
}
