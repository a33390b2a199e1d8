//! The table of published implementations.

use alys_conformance::table;
use alys_properties::sources;

/// MB-1 to MB-13: the committed table is what its command gives.
///
/// Engine: sequential
#[test]
fn the_committed_table_is_what_the_command_gives() {
    let text = table::text(&table::reports());
    let committed = sources::read("docs/conformance.md");
    assert!(
        text == committed,
        "write it again: cargo run --release -p alys-conformance -- --write docs/conformance.md"
    );
}
