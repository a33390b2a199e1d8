//! Shows planted faults: `list` names them, `show` finds one and draws its shortest counterexample, `record` stores that as
//! a case, `replay` runs the stored cases of a suite, with their faults and without.
#![allow(clippy::print_stdout, reason = "a program for a terminal")]

use std::process::ExitCode;

use alys_properties::{
    cases::Verdict,
    sequential,
    showcase::{self, ShowError},
};

const USAGE: &str = "usage: planted list | show FAULT | record FAULT... | replay SUITE";

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let words: Vec<_> = arguments.iter().map(String::as_str).collect();
    let done = match *words {
        ["list"] => list(),
        ["show", fault] => show(fault),
        ["record", ref faults @ ..] if !faults.is_empty() => {
            faults.iter().try_for_each(|fault| record(fault))
        }
        ["replay", suite] => replay(suite),
        _ => {
            println!("{USAGE}");
            return ExitCode::FAILURE;
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn list() -> Result<(), ShowError> {
    for fault in showcase::faults() {
        println!("{:40} {:?} {}", fault.id, fault.engine, fault.rules.join(", "));
    }
    Ok(())
}

fn show(fault: &str) -> Result<(), ShowError> {
    let found = showcase::show(fault)?;
    print!("{found}");
    match found.write() {
        Ok(written) => println!("page: {}", sequential::shown(&written.page)),
        Err(error) => println!("the page could not be written: {error}"),
    }
    Ok(())
}

fn record(fault: &str) -> Result<(), ShowError> {
    println!("stored: {}", sequential::shown(&showcase::record(fault)?));
    Ok(())
}

fn replay(suite: &str) -> Result<(), ShowError> {
    for (sound, with_fault) in showcase::replay(suite)? {
        let name = sound.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let fault = sound.fault.as_deref().unwrap_or("no fault");
        println!("{name}: {}", verdict(&sound.verdict));
        if let Some(with_fault) = with_fault {
            println!("{name} with {fault}: {}", verdict(&with_fault.verdict));
        }
    }
    Ok(())
}

fn verdict(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Holds => "the rule holds".to_owned(),
        Verdict::Broken(found) => format!("broken: {}", found.message),
        Verdict::Stale(why) => format!("stale: {why}"),
    }
}
