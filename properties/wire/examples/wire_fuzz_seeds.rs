//! Makes what the fuzzers of the wire format begin with: a corpus for each target, from a fixed seed. It is not minimised
//! yet; `tools/fuzz-corpus` does both.
#![allow(clippy::print_stdout, reason = "a program for a terminal")]

use std::{fs, io};

use alys_engines::sources;
use alys_wire_properties::{
    fuzz::Case,
    generate::{Scale, seeded},
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

fn main() -> io::Result<()> {
    let targets: [(&str, Made); 3] = [
        ("corrupt_msg", |seed| Some(seeded(seed))),
        ("decode_stream", stream),
        ("round_trip", |seed| Some(seeded(seed))),
    ];
    for (name, made) in targets {
        let corpus = sources::root().join("fuzz/corpus").join(name);
        fs::create_dir_all(&corpus)?;
        let mut written = 0;
        for (seed, input) in (0..SEEDS).filter_map(|seed| Some((seed, made(seed)?))) {
            fs::write(corpus.join(format!("seed-{seed:04}")), input)?;
            written += 1;
        }
        println!("{name}: {written} inputs");
    }
    Ok(())
}
