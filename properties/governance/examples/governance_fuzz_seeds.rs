//! Makes what the fuzzers of governance begin with, from a fixed seed: `make` writes a dictionary and large corpora, `complete`
//! adds to corpora that were minimised what the minimiser, which sees code alone, let go: an input for every situation that the
//! suite must meet, and for every planted fault. `tools/fuzz-corpus` does it all.
#![allow(clippy::print_stdout, reason = "a program for a terminal")]

use std::{collections::BTreeSet, error::Error, fs, process::ExitCode};

use alys_engines::{
    bytes::random,
    coverage::{self, Labels as _},
    fuzz::{dictionary, inputs, seeds},
    sources,
    violation::caught,
};
use alys_governance_properties::{
    fuzz::{GOVERNANCE_TRANSITIONS, VOTE_BYTES, vote_bytes_by_twin, votes},
    labels::GovernanceLabels,
    planted::{CATALOGUE, Engine},
};

/// How many inputs are looked at for situations that none before them has met.
const SEARCHED: usize = 100_000;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    match std::env::args().nth(1).as_deref() {
        Some("make") => make()?,
        Some("complete") => {
            with_situations()?;
            with_faults()?;
        }
        _ => {
            println!("usage: governance_fuzz_seeds make | complete");
            return Ok(ExitCode::FAILURE);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn make() -> Result<(), Box<dyn Error>> {
    let dictionaries = sources::root().join("fuzz/dictionaries");
    let words = format!("{}.dict", GOVERNANCE_TRANSITIONS.name);
    fs::write(dictionaries.join(words), dictionary(&GOVERNANCE_TRANSITIONS))?;
    for (number, input) in seeds(&GOVERNANCE_TRANSITIONS).enumerate() {
        add(GOVERNANCE_TRANSITIONS.name, number, &input)?;
    }
    votes().iter().enumerate().try_for_each(|(number, input)| add(VOTE_BYTES, number, input))
}

fn add(name: &str, number: usize, input: &[u8]) -> Result<(), Box<dyn Error>> {
    let corpus = sources::root().join("fuzz/corpus").join(name);
    fs::create_dir_all(&corpus)?;
    fs::write(corpus.join(format!("seed-{number:04}")), input)?;
    Ok(())
}

fn stored(name: &str) -> Result<Vec<Vec<u8>>, Box<dyn Error>> {
    Ok(inputs(&format!("fuzz/corpus/{name}"))?.into_iter().map(|one| one.bytes).collect())
}

/// The situations that an input meets.
fn met(input: &[u8]) -> BTreeSet<usize> {
    drop(coverage::take::<GovernanceLabels>());
    GOVERNANCE_TRANSITIONS.judge(input);
    let covered = coverage::take::<GovernanceLabels>();
    (0..GovernanceLabels::SITUATIONS.len()).filter(|situation| covered.situation(*situation) > 0).collect()
}

fn with_situations() -> Result<(), Box<dyn Error>> {
    let mut known: BTreeSet<_> =
        stored(GOVERNANCE_TRANSITIONS.name)?.iter().flat_map(|input| met(input)).collect();
    for number in 0..SEARCHED {
        if known.len() == GovernanceLabels::SITUATIONS.len() {
            break;
        }
        let input = random(number as u64, GOVERNANCE_TRANSITIONS.transitions);
        let new: Vec<_> = met(&input).difference(&known).copied().collect();
        if !new.is_empty() {
            println!("seed {number} meets {} more situations", new.len());
            add(GOVERNANCE_TRANSITIONS.name, number, &input)?;
            known.extend(new);
        }
    }
    println!("{} of {} situations", known.len(), GovernanceLabels::SITUATIONS.len());
    Ok(())
}

fn with_faults() -> Result<(), Box<dyn Error>> {
    let mut of_transitions = stored(GOVERNANCE_TRANSITIONS.name)?;
    let of_votes = stored(VOTE_BYTES)?;
    for fault in CATALOGUE.live() {
        let _planted = CATALOGUE.plant(fault.id);
        let dies = |input: &Vec<u8>| GOVERNANCE_TRANSITIONS.breaks_the_twin(input).is_some();
        let dies_as_vote = |input: &Vec<u8>| caught(|| vote_bytes_by_twin(input)).is_err();
        if of_transitions.iter().any(dies) || of_votes.iter().any(dies_as_vote) {
            continue;
        }
        if fault.engine != Engine::Machine {
            continue;
        }
        match seeds(&GOVERNANCE_TRANSITIONS).enumerate().find(|(_, input)| dies(input)) {
            Some((number, input)) => {
                println!("{} dies of seed {number}", fault.id);
                add(GOVERNANCE_TRANSITIONS.name, number, &input)?;
                of_transitions.push(input);
            }
            None => println!("{} dies of no seed", fault.id),
        }
    }
    Ok(())
}
