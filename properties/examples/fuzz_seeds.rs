//! Makes what fuzzers begin with, from a fixed seed: `make` writes a dictionary and a large corpus for each target,
//! `complete` adds to a corpus that was minimised what the minimiser, which sees code alone, let go: an input for every
//! situation that a suite must meet, and for every planted fault. `tools/fuzz-corpus` does it all.
#![allow(clippy::print_stdout, reason = "a program for a terminal")]

use std::{collections::BTreeSet, error::Error, fs, process::ExitCode};

use alys_properties::{
    coverage::{self, Labels},
    fuzz::{self, DIFFERENTIAL, MAILBOX_TRANSITIONS, ORDERING_TRACKER, SUPERVISOR_TRANSITIONS, Target},
    mailbox::MailboxLabels,
    planted::{self, Engine},
    sources,
    supervision::SupervisionLabels,
    tracker::TrackerLabels,
};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    match std::env::args().nth(1).as_deref() {
        Some("make") => fuzz::TARGETS.into_iter().try_for_each(make)?,
        Some("complete") => {
            with_situations::<MailboxLabels<false>>(&MAILBOX_TRANSITIONS)?;
            with_situations::<TrackerLabels>(&ORDERING_TRACKER)?;
            with_situations::<SupervisionLabels>(&SUPERVISOR_TRANSITIONS)?;
            with_faults(&MAILBOX_TRANSITIONS, &[Engine::Mailbox])?;
            with_faults(&SUPERVISOR_TRANSITIONS, &[Engine::Supervision])?;
            with_faults(&ORDERING_TRACKER, &[Engine::Tracker])?;
            with_faults(&DIFFERENTIAL, &[Engine::Mailbox, Engine::Tracker])?;
        }
        _ => {
            println!("usage: fuzz_seeds make | complete");
            return Ok(ExitCode::FAILURE);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn make(target: &Target) -> Result<(), Box<dyn Error>> {
    let dictionaries = sources::root().join("fuzz/dictionaries");
    fs::create_dir_all(&dictionaries)?;
    fs::write(dictionaries.join(format!("{}.dict", target.name)), fuzz::dictionary(target))?;
    for (number, input) in fuzz::seeds(target).enumerate() {
        add(target, number, &input)?;
    }
    Ok(())
}

fn add(target: &Target, number: usize, input: &[u8]) -> Result<(), Box<dyn Error>> {
    let corpus = sources::root().join("fuzz/corpus").join(target.name);
    fs::create_dir_all(&corpus)?;
    fs::write(corpus.join(format!("seed-{number:04}")), input)?;
    Ok(())
}

fn corpus(target: &Target) -> Result<Vec<fuzz::Stored>, Box<dyn Error>> {
    Ok(fuzz::inputs(&format!("fuzz/corpus/{}", target.name))?)
}

/// The situations that an input meets.
fn met<L: Labels>(target: &Target, input: &[u8]) -> BTreeSet<usize> {
    drop(coverage::take::<L>());
    target.judge(input);
    let covered = coverage::take::<L>();
    (0..L::SITUATIONS.len()).filter(|situation| covered.situation(*situation) > 0).collect()
}

fn with_situations<L: Labels>(target: &Target) -> Result<(), Box<dyn Error>> {
    let stored = corpus(target)?;
    let mut known: BTreeSet<_> = stored.iter().flat_map(|one| met::<L>(target, &one.bytes)).collect();
    for (number, input) in fuzz::seeds(target).enumerate() {
        let new: Vec<_> = met::<L>(target, &input).difference(&known).copied().collect();
        if !new.is_empty() {
            println!("{}: seed {number} meets {} more situations", target.name, new.len());
            add(target, number, &input)?;
            known.extend(new);
        }
    }
    Ok(())
}

fn with_faults(target: &Target, engines: &[Engine]) -> Result<(), Box<dyn Error>> {
    let stored = corpus(target)?;
    for fault in planted::live().filter(|fault| engines.contains(&fault.engine)) {
        let _planted = planted::plant(fault.id);
        let dies = |input: &[u8]| target.breaks_the_twin(input).is_some();
        if stored.iter().any(|one| dies(&one.bytes)) {
            continue;
        }
        match fuzz::seeds(target).enumerate().find(|(_, input)| dies(input)) {
            Some((number, input)) => {
                println!("{}: {} dies of seed {number}", target.name, fault.id);
                add(target, number, &input)?;
            }
            None => println!("{}: {} dies of no seed", target.name, fault.id),
        }
    }
    Ok(())
}
