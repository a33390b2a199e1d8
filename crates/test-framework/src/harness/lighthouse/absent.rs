//! What there is of the consensus layer in a program that is built without it: nothing.

use crate::{
    case::TestCase,
    chaos::{Seen, Strategy},
    result::Skip,
};

/// Nothing runs in process.
pub(super) static IN_PROCESS: &[TestCase] = &[];
/// Nothing runs against a real client.
pub(super) static REAL: &[TestCase] = &[];

/// A real client is of no use.
pub(super) fn install(_: &str) -> Result<(), Skip> {
    Ok(())
}

/// Nothing can fail.
pub(in crate::harness) fn failed(_: u64, strategy: &Strategy) -> Seen {
    let name = strategy.name();
    Seen::failed(format!("{name} needs the consensus layer: build with `--features {}`", super::FEATURE))
}
