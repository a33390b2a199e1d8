//! The table of published implementations.

use alys_conformance::table;
use alys_properties::sources;

/// MB-1 to MB-13, OT-1 to OT-4, SV-1 to SV-10, CH-1, CH-3, CH-5 to CH-8, SY-1 to SY-10, WR-5: our own implementations obey every clause that
/// applies to them, and the committed table is what its command gives.
///
/// Engine: sequential
#[test]
fn the_committed_table_is_what_the_command_gives() {
    let reports = table::reports();
    for (published, report) in &reports {
        assert!(!published.package.starts_with("alys-") || report.all_hold(), "{report}");
    }
    let text = table::text(&reports);
    let committed = sources::read("docs/conformance.md");
    assert!(
        text == committed,
        "write it again: cargo run --release -p alys-conformance -- --write docs/conformance.md"
    );
}
