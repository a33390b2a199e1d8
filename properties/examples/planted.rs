//! Shows planted faults: `list` names them, `show` finds one and draws its shortest counterexample, `record` stores that as
//! a case, `replay` runs the stored cases of a suite, with their faults and without.
#![allow(clippy::print_stdout, reason = "a program for a terminal")]

use std::process::ExitCode;

use alys_properties::{
    cases::Verdict,
    sequential,
    showcase::{self, ShowError, Twice},
};

const USAGE: &str = "usage: planted list | show FAULT | record FAULT... | replay SUITE";

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let words: Vec<_> = arguments.iter().map(String::as_str).collect();
    let done = match *words {
        ["list"] => {
            list();
            Ok(true)
        }
        ["show", fault] => show(fault).map(|()| true),
        ["record", ref faults @ ..] if !faults.is_empty() => {
            faults.iter().try_for_each(|fault| record(fault)).map(|()| true)
        }
        ["replay", suite] => replay(suite),
        _ => {
            println!("{USAGE}");
            return ExitCode::FAILURE;
        }
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn list() {
    for fault in showcase::faults() {
        println!("{:40} {:?} {}", fault.id, fault.engine, fault.rules.join(", "));
    }
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

/// Says whether every case holds where nothing is planted and breaks its rule with its fault.
fn replay(suite: &str) -> Result<bool, ShowError> {
    let all = showcase::replay(suite)?;
    for Twice { sound, with_fault } in &all {
        let name = sound.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let fault = sound.expected.fault().unwrap_or("no fault");
        println!("{name}: {}", verdict(&sound.verdict));
        if let Some(with_fault) = with_fault {
            println!("{name} with {fault}: {}", verdict(&with_fault.verdict));
        }
    }
    let expected = all.iter().filter(|case| case.is_as_expected()).count();
    println!("{suite}: {expected} of {} cases are as expected", all.len());
    Ok(expected == all.len())
}

fn verdict(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Holds => "the rule holds".to_owned(),
        Verdict::Broken(found) => format!("broken: {}", found.message),
        Verdict::Stale(why) => format!("stale: {why}"),
    }
}
