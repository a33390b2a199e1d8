//! Makes what the fuzzers of store and proofs begin with, from a fixed seed: an input for each planted fault that one shows and
//! no earlier one does, and a few of every kind. `tools/fuzz-corpus` runs it; the dictionaries are written by hand.
#![allow(clippy::print_stdout, reason = "a program for a terminal")]

use std::{error::Error, fs};

use alys_chain_store_properties::{
    fuzz::{TARGETS, Target},
    planted::CATALOGUE,
};
use alys_engines::{draw::SplitMix, fuzz::inputs, sources, violation::caught};

/// How many inputs are tried.
const TRIED: u64 = 4_000;

/// How many are kept whatever they show.
const KEPT: u64 = 12;

fn seeded(seed: u64) -> Vec<u8> {
    let mut mix = SplitMix(seed);
    let len = 1 + mix.next() as usize % 200;
    let mut bytes: Vec<u8> = (0..len.div_ceil(8)).flat_map(|_| mix.next().to_le_bytes()).collect();
    bytes.truncate(len);
    bytes[0] = seed as u8;
    bytes
}

fn main() -> Result<(), Box<dyn Error>> {
    TARGETS.iter().try_for_each(make)
}

fn make(target: &Target) -> Result<(), Box<dyn Error>> {
    let corpus = sources::root().join("fuzz/corpus").join(target.name);
    fs::create_dir_all(&corpus)?;
    let keep = |seed: u64| fs::write(corpus.join(format!("seed-{seed:04}")), seeded(seed));
    (0..KEPT).try_for_each(keep)?;
    let stored = inputs(&format!("fuzz/corpus/{}", target.name))?;
    let mut kept: Vec<Vec<u8>> = stored.into_iter().map(|one| one.bytes).collect();
    for fault in CATALOGUE.live() {
        let _planted = CATALOGUE.plant(fault.id);
        let dies = |bytes: &[u8]| caught(|| (target.twin)(bytes)).is_err();
        if kept.iter().any(|bytes| dies(bytes)) {
            println!("{}: {}", target.name, fault.id);
            continue;
        }
        if let Some(seed) = (0..TRIED).find(|seed| dies(&seeded(*seed))) {
            println!("{}: {} (seed {seed})", target.name, fault.id);
            keep(seed)?;
            kept.push(seeded(seed));
        }
    }
    println!("{}: {} inputs", target.name, kept.len());
    Ok(())
}
