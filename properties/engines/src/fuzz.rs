//! What fuzz targets call: a body each, which a plain test runs as well.
//!
//! A [`Target`] is a description under a name: it reads any bytes as a case (see [`crate::bytes`]), runs it, and panics with the
//! whole counterexample when a rule breaks. The program under `fuzz/fuzz_targets/` adds nothing but the fuzzer's entry
//! points; so what a fuzzer has found runs on a stable toolchain, without it. A body that is no description needs no
//! [`Target`]: [`aloud`] and [`replay`] take any function of bytes.

mod corpus;
mod mutate;
mod seeds;
mod target;

pub use corpus::{ReplayError, Replayed, Stored, crashes, inputs, replay};
pub use mutate::mutated;
pub use seeds::{dictionary, seeds, tokens};
pub use target::{Input, Machine, Named, Target};

use crate::violation::caught;

/// Runs a body that is no [`Target`], as a fuzzer wants it.
///
/// A violation passes the panic hook by, and a fuzzer prints what the hook is told: so it is raised once more, aloud.
///
/// # Panics
///
/// With what the body was stopped with.
pub fn aloud(body: impl FnOnce(&[u8]), bytes: &[u8]) {
    if let Err(message) = caught(|| body(bytes)) {
        panic!("{message}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::violation::violated;

    #[test]
    fn a_body_that_breaks_a_rule_is_heard() {
        let heard = |bytes: &[u8]| {
            caught(|| {
                aloud(
                    |bytes| {
                        if bytes == [1] {
                            violated("MB-1", "one")
                        }
                    },
                    bytes,
                )
            })
        };
        assert_eq!((heard(&[0]), heard(&[1])), (Ok(()), Err("MB-1: one".to_owned())));
    }
}
