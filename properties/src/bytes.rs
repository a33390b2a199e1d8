//! The bodies of fuzz targets: any bytes are a case of a component as it ships.

pub use alys_engines::bytes::{BLOCK, START, body, breaks, case, random, run};

use crate::{lifecycle, mailbox, supervision, tracker};

/// The body of the mailbox as it ships.
///
/// # Panics
///
/// As [`body`].
pub fn mailbox(bytes: &[u8]) {
    body::<mailbox::real::hand::Hand>(&mailbox::suites::BY_HAND, bytes);
}

/// The body of the tracker as it ships.
///
/// # Panics
///
/// As [`body`].
pub fn tracker(bytes: &[u8]) {
    body::<tracker::real::machine::Machine>(&tracker::suites::TRACKER, bytes);
}

/// The body of the lifecycle as it ships.
///
/// # Panics
///
/// As [`body`].
pub fn lifecycle(bytes: &[u8]) {
    body::<lifecycle::real::machine::Machine>(&lifecycle::suites::LIFECYCLE, bytes);
}

/// The body of supervision as it ships.
///
/// # Panics
///
/// As [`body`].
pub fn supervision(bytes: &[u8]) {
    body::<supervision::real::tree::Machine>(&supervision::suites::TREE, bytes);
}
