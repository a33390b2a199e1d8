//! Makes what the fuzzers of the wire format begin with, from a fixed seed: `make` writes a large corpus for each target,
//! `complete` adds to a corpus that was minimised an input for each planted fault that the minimiser, which sees code
//! alone, let go. `tools/fuzz-corpus` does it all; the dictionaries are written by hand.
#![allow(clippy::print_stdout, reason = "a program for a terminal")]

use std::{error::Error, fs, process::ExitCode};

use alys_engines::{fuzz::inputs, sources, violation::caught};
use alys_wire_properties::{
    fuzz::{Case, TARGETS, Target},
    generate::{Scale, seeded},
    planted,
    real::Wire,
};
use arbitrary::Unstructured;

/// How many inputs of each target are made.
const SEEDS: u64 = 2_000;

/// What a stream of a case, whole or corrupted, is as an input of `decode_stream`: see there for the three bytes before it.
fn stream(seed: u64) -> Option<Vec<u8>> {
    let drawn = seeded(seed);
    let case = Case::draw::<Wire>(&mut Unstructured::new(&drawn), Scale::Small).ok()?;
    let mut bytes = case.sent.clone();
    if seed % 2 == 1 {
        case.corruptions.iter().for_each(|one| one.apply(&mut bytes, case.channel.responses, &case.other));
    }
    let messages = u8::try_from(case.channel.messages_max.min(3)).ok()?;
    let kind = u8::try_from(case.channel.protocol).ok()?
        | if case.channel.responses { 0x40 | messages << 4 } else { 0 };
    Some([&[kind, drawn[0], 0xFF], &bytes[..]].concat())
}

/// What makes the inputs of a target.
type Made = fn(u64) -> Option<Vec<u8>>;

fn made(name: &str) -> Made {
    if name == "decode_stream" { stream } else { |seed| Some(seeded(seed)) }
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let step = match std::env::args().nth(1).as_deref() {
        Some("make") => make,
        Some("complete") => complete,
        _ => {
            println!("usage: wire_fuzz_seeds make | complete");
            return Ok(ExitCode::FAILURE);
        }
    };
    TARGETS.iter().try_for_each(step)?;
    Ok(ExitCode::SUCCESS)
}

fn make(target: &Target) -> Result<(), Box<dyn Error>> {
    let made = made(target.name);
    (0..SEEDS)
        .filter_map(|seed| Some((seed, made(seed)?)))
        .try_for_each(|(seed, input)| add(target, seed, &input))
}

fn add(target: &Target, seed: u64, input: &[u8]) -> Result<(), Box<dyn Error>> {
    let corpus = sources::root().join("fuzz/corpus").join(target.name);
    fs::create_dir_all(&corpus)?;
    fs::write(corpus.join(format!("seed-{seed:04}")), input)?;
    Ok(())
}

/// Adds an input for every planted fault that some input shows, and none of the corpus.
fn complete(target: &Target) -> Result<(), Box<dyn Error>> {
    let (made, stored) = (made(target.name), inputs(&format!("fuzz/corpus/{}", target.name))?);
    for fault in planted::CATALOGUE.live() {
        let _planted = planted::plant(fault.id);
        let dies = |input: &[u8]| caught(|| (target.twin)(input)).is_err();
        if stored.iter().any(|one| dies(&one.bytes)) {
            continue;
        }
        let found = (0..SEEDS).filter_map(|seed| Some((seed, made(seed)?))).find(|(_, input)| dies(input));
        if let Some((seed, input)) = found {
            println!("{}: {} dies of seed {seed}", target.name, fault.id);
            add(target, seed, &input)?;
        }
    }
    Ok(())
}
