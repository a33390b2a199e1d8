//! What fuzz targets call: a body each, which a plain test runs as well.
//!
//! A [`Target`] is a description under a name: it reads any bytes as a case (see [`crate::bytes`]), runs it, and panics with the
//! whole counterexample when a rule breaks. The program under `fuzz/fuzz_targets/` adds nothing but the fuzzer's entry
//! points; so what a fuzzer has found runs on a stable toolchain, without it. A body that is no description needs no
//! [`Target`]: [`replay`] takes any function of bytes.

mod corpus;
mod mutate;
mod seeds;
mod target;

pub use corpus::{ReplayError, Replayed, Stored, crashes, inputs, replay};
pub use mutate::mutated;
pub use seeds::{dictionary, seeds, tokens};
pub use target::{Input, Machine, Named, Target};
