//! The engines, held to what they promise: on the ring, whose faults have known optima.

use std::fs;

use alys_properties::{
    counterexample::Origin,
    coverage::artifacts,
    exhaustive::{Searched, search_states},
    optimum, results,
    ring::{self, RingFault},
    sequential::{Persistence, Seed, announce, fail, is_deep, run_drawn},
};

/// The share of seeds from which a counterexample must be as short as any, in percent.
const OPTIMAL: u64 = 99;

/// What is right passes: generated cases, and all states that eight transitions reach.
#[test]
fn the_ring_does_what_its_model_says() {
    let under_way = results::begin(ring::RING.name);
    let report = run_drawn::<ring::Sound>(&ring::RING, Persistence::Committed, Seed::FromEnvironment);
    let report = report.unwrap_or_else(|found| fail(&found));
    announce(&report.to_string());
    let searched = search_states::<ring::Sound>(8)
        .unwrap_or_else(|shortest| fail(&shortest.counterexample(ring::RING.name, ring::RING.test_path)));
    searched.check().unwrap_or_else(|nothing| results::refuse(ring::RING.name, &nothing));
    assert_eq!(searched, Searched { states: 396, transitions: 3_624, depth: 8 });
    under_way.passed(&report.to_json());
}

/// A failure of a case that its description drew is stored with its seed, and comes back first.
#[test]
fn a_drawn_failure_leaves_a_seed_that_the_next_run_replays_first() {
    let file = artifacts().join("replay-of-a-ring.txt");
    let _ = fs::remove_file(&file);
    let planted = ring::faulty::plant(RingFault::NinthLap);
    let run = || run_drawn::<ring::Faulty>(&ring::RING, Persistence::At(file.clone()), Seed::Fixed);
    let (found, again) = (run().unwrap_err(), run().unwrap_err());
    drop(planted);
    assert!(found.generated_cases() > 0, "{found}");
    assert_eq!(again.origin, Origin::StoredSeed, "{again}");
    assert_eq!(again.steps, found.steps);
    assert_eq!(run().unwrap().replayed, 1);
}

/// Each fault of the ring is found from every seed, and ends as short as breadth-first search says it can.
#[test]
fn counterexamples_of_the_ring_are_as_short_as_any() {
    let seeds = if is_deep() { 200 } else { 40 };
    let all: Vec<_> = RingFault::ALL.into_iter().map(|fault| optimum::judge_ring(fault, seeds)).collect();
    all.iter().for_each(|one| announce(&format!("shortest: {one}")));
    let longer: Vec<_> = all.iter().filter(|one| one.optimal * 100 < one.seeds * OPTIMAL).collect();
    assert!(longer.is_empty(), "too long: {longer:#?}");
}
