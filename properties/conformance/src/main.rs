//! Judges the published implementations and prints the reports; with `--write <file>` writes the table instead.
//!
//! Exits with 0 when our own implementations obey every rule that applies to them: what others do is their choice.

use std::{env, fs, process::ExitCode};

use alys_conformance::table;
use alys_properties::sequential::announce;

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let reports = table::reports();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => reports.iter().for_each(|(_, report)| announce(&report.to_string())),
        ["--write", file] => {
            if let Err(error) = fs::write(file, table::text(&reports)) {
                announce(&format!("{file}: {error}"));
                return ExitCode::FAILURE;
            }
        }
        _ => {
            announce("usage: alys-conformance [--write <file>]");
            return ExitCode::FAILURE;
        }
    }
    let ours = || reports.iter().filter(|(published, _)| published.package.starts_with("alys-"));
    let obey = ours().count() > 0 && ours().all(|(_, report)| report.all_hold());
    if obey { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
