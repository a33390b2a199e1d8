//! Makes what the fuzzer of sync begins with, from a fixed seed: a few inputs, and one for each planted fault that an input shows and no
//! earlier one does. `tools/fuzz-corpus` runs it; the dictionary is written by hand.
#![allow(clippy::print_stdout, reason = "a program for a terminal")]

use std::{error::Error, fs};

use alys_engines::{draw::SplitMix, fuzz::inputs, sources, violation::caught};
use alys_sync_properties::fuzz::{NAME, twin};
use alys_sync_properties::planted::CATALOGUE;

/// How many inputs are tried for each fault.
const TRIED: u64 = 300;

/// How many are kept whatever they show.
const KEPT: u64 = 32;

fn seeded(seed: u64) -> Vec<u8> {
    let mut mix = SplitMix(seed);
    let len = 100 + mix.next() as usize % 900;
    let mut bytes: Vec<u8> = (0..len.div_ceil(8)).flat_map(|_| mix.next().to_le_bytes()).collect();
    bytes.truncate(len);
    bytes
}

fn main() -> Result<(), Box<dyn Error>> {
    let corpus = sources::root().join("fuzz/corpus").join(NAME);
    fs::create_dir_all(&corpus)?;
    let keep = |seed: u64| fs::write(corpus.join(format!("seed-{seed:04}")), seeded(seed));
    (0..KEPT).try_for_each(keep)?;
    let stored = inputs(&format!("fuzz/corpus/{NAME}"))?;
    let mut kept: Vec<Vec<u8>> = stored.into_iter().map(|one| one.bytes).collect();
    for fault in CATALOGUE.live() {
        let _planted = CATALOGUE.plant(fault.id);
        let dies = |bytes: &[u8]| caught(|| twin(bytes)).is_err();
        if kept.iter().any(|bytes| dies(bytes)) {
            println!("{}", fault.id);
            continue;
        }
        if let Some(seed) = (0..TRIED).find(|seed| dies(&seeded(*seed))) {
            println!("{} (seed {seed})", fault.id);
            keep(seed)?;
            kept.push(seeded(seed));
        }
    }
    println!("{NAME}: {} inputs", kept.len());
    Ok(())
}
