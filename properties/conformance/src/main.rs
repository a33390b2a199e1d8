//! Judges the published implementations, and writes the table.

use std::process::ExitCode;

use alys_conformance::table;
use alys_properties::sequential::announce;

fn main() -> ExitCode {
    for report in table::reports() {
        announce(&report.to_string());
    }
    ExitCode::SUCCESS
}
