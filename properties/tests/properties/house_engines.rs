//! The engines, held to what they promise: on the ring, whose faults have known optima.

use std::env;

use alys_properties::{
    exhaustive::search_states,
    optimum,
    ring::{self, RingFault},
    sequential::{Persistence, Seed, announce, run_drawn},
};

/// The share of seeds from which a counterexample must be as short as any, in percent.
const OPTIMAL: u64 = 99;

/// What is right passes: generated cases, and all states that eight transitions reach.
#[test]
fn the_ring_does_what_its_model_says() {
    match run_drawn::<ring::Sound>(&ring::RING, Persistence::Committed, Seed::FromEnvironment) {
        Ok(report) => announce(&report.to_string()),
        Err(found) => panic!("{found}"),
    }
    let searched = search_states::<ring::Sound>(8).unwrap();
    announce(&format!("ring: {searched:?}"));
}

/// Each fault of the ring is found from every seed, and ends as short as breadth-first search says it can.
#[test]
fn counterexamples_of_the_ring_are_as_short_as_any() {
    let seeds = if env::var("TIER").is_ok_and(|tier| tier == "deep") { 200 } else { 40 };
    let all: Vec<_> = RingFault::ALL.into_iter().map(|fault| optimum::judge_ring(fault, seeds)).collect();
    all.iter().for_each(|one| announce(&format!("shortest: {one}")));
    let longer: Vec<_> = all.iter().filter(|one| one.optimal * 100 < one.seeds * OPTIMAL).collect();
    assert!(longer.is_empty(), "too long: {longer:#?}");
}
