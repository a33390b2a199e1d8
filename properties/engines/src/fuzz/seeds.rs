//! Where a fuzzer begins: inputs and words that follow from a fixed seed.

use std::{collections::BTreeMap, fmt::Write as _};

use super::Target;
use crate::bytes::{self, BLOCK, START};

/// How many inputs are made, of which `cargo fuzz cmin` keeps those that reach something new.
const SEEDS: u64 = 2_000;

/// How many words there are for each kind of transition.
const WORDS: usize = 2;

/// Returns the inputs that a corpus is made of, before it is minimised.
pub fn seeds(target: &Target) -> impl Iterator<Item = Vec<u8>> {
    (0..SEEDS).map(|seed| bytes::random(seed, target.transitions))
}

/// Returns the words of a target: whole blocks that were seen to decide a transition, by its kind.
///
/// A block means what the model's state makes of it, so a word stands for its kind often, not always.
#[must_use]
pub fn tokens(target: &Target) -> BTreeMap<String, Vec<Vec<u8>>> {
    let mut words: BTreeMap<String, Vec<Vec<u8>>> = BTreeMap::new();
    for input in seeds(target) {
        let (_, transitions) = target.told(&input);
        let blocks: Vec<_> = input[START..].chunks_exact(BLOCK).collect();
        // A transition that its precondition forbids is left out: then blocks and transitions do not correspond.
        if blocks.len() != transitions.len() {
            continue;
        }
        for (block, transition) in blocks.into_iter().zip(transitions) {
            let of_kind = words.entry(kind(&transition)).or_default();
            if of_kind.len() < WORDS {
                of_kind.push(block.to_vec());
            }
        }
    }
    words
}

/// The name of a transition's variant.
fn kind(transition: &str) -> String {
    transition.chars().take_while(|one| one.is_alphanumeric()).collect()
}

/// Returns the words of a target as libFuzzer reads them.
#[must_use]
pub fn dictionary(target: &Target) -> String {
    let mut text = format!(
        "# Blocks that decide one transition of `{}`. Made by `cargo run --release --example fuzz_seeds make`.\n",
        target.name
    );
    for (kind, blocks) in tokens(target) {
        for (number, block) in (1..).zip(blocks) {
            let _ = write!(text, "{kind}_{number}=\"");
            block.iter().for_each(|byte| {
                let _ = write!(text, "\\x{byte:02X}");
            });
            text.push_str("\"\n");
        }
    }
    text
}
