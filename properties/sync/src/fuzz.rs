//! The fuzz target of sync: a Byzantine crowd's bytes against a whole node, judged by the truth.

pub use alys_engines::fuzz::aloud;

use crate::faulty;
pub use crate::real::fuzzed::sync_messages;

/// The name of its program, its corpus and its dictionary.
pub const NAME: &str = "sync_messages";

/// The same by the twin with the planted faults.
///
/// # Panics
///
/// When a rule is broken.
pub fn twin(bytes: &[u8]) {
    faulty::fuzzed::sync_messages(bytes);
}
