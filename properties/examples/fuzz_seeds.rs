//! Makes what fuzzers begin with: a dictionary and a corpus for each target, from a fixed seed. The corpus is not
//! minimised yet; `tools/fuzz-corpus` does both.
#![allow(clippy::print_stdout, reason = "a program for a terminal")]

use std::{fs, io};

use alys_properties::{fuzz, sources};

fn main() -> io::Result<()> {
    let fuzzing = sources::root().join("fuzz");
    fs::create_dir_all(fuzzing.join("dictionaries"))?;
    for target in fuzz::TARGETS {
        let name = target.name;
        fs::write(fuzzing.join(format!("dictionaries/{name}.dict")), fuzz::dictionary(target))?;
        let corpus = fuzzing.join("corpus").join(name);
        fs::create_dir_all(&corpus)?;
        let mut written = 0;
        for (number, input) in fuzz::seeds(target).enumerate() {
            fs::write(corpus.join(format!("seed-{number:04}")), input)?;
            written += 1;
        }
        println!("{name}: a dictionary and {written} inputs");
    }
    Ok(())
}
