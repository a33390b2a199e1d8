//! Makes what the fuzzer of nodes begins with, from a fixed seed: its dictionary, and a corpus of one input for each planted
//! fault that an input shows and no earlier one does. `tools/fuzz-corpus` runs it.
#![allow(clippy::print_stdout, reason = "a program for a terminal")]

use std::{error::Error, fs};

use alys_chain_properties::fuzz::CHAIN_TRANSITIONS as TARGET;
use alys_chain_properties::planted::{CATALOGUE, Engine};
use alys_engines::{fuzz, sources};

/// How many inputs are tried for each fault.
const TRIED: usize = 600;

fn main() -> Result<(), Box<dyn Error>> {
    let dictionary = sources::root().join("fuzz/dictionaries").join(format!("{}.dict", TARGET.name));
    fs::write(dictionary, fuzz::dictionary(&TARGET))?;
    let corpus = sources::root().join("fuzz/corpus").join(TARGET.name);
    fs::create_dir_all(&corpus)?;
    let mut kept: Vec<Vec<u8>> =
        fuzz::inputs(&format!("fuzz/corpus/{}", TARGET.name))?.into_iter().map(|one| one.bytes).collect();
    let seeds: Vec<Vec<u8>> = fuzz::seeds(&TARGET).take(TRIED).collect();
    for fault in CATALOGUE.live().filter(|fault| fault.engine == Engine::Node) {
        let _planted = CATALOGUE.plant(fault.id);
        let dies = |bytes: &[u8]| TARGET.breaks_the_twin(bytes).is_some();
        if kept.iter().any(|bytes| dies(bytes)) {
            continue;
        }
        match (0..).zip(&seeds).find(|(_, bytes)| dies(bytes)) {
            Some((number, bytes)) => {
                fs::write(corpus.join(format!("seed-{number:04}")), bytes)?;
                kept.push(bytes.clone());
            }
            None => println!("{} dies of no input", fault.id),
        }
    }
    println!("{}: {} inputs", TARGET.name, kept.len());
    Ok(())
}
