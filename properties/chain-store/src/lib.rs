//! Store, checkpoints and proof of work of `alys-chain`, held to their rules (CH-6 to CH-10).
//!
//! - [`mod@reference`] describes the store once, for the sequential engine and for the crash engine: its generator, on the
//!   model of `alys-models`.
//! - [`mod@runs`] draws what happens to a node, and says what must be durable of it when.
//! - [`oracle`] says what rows, ids and proofs must be, with no code of the component.
//! - `target/` holds the adapters and the laws. They are compiled twice: in [`real`] against the crate as it ships, in
//!   [`faulty`] against its twin in which faults can be planted; [`hunt`] looks for them.

// What decides has no faults here: the twin of what stores takes it from the crate, under the names that it has there.
use alys_chain::{authorities, engine, finality, scheme, transition};

pub mod faulty;
pub mod fuzz;
pub mod hunt;
pub mod oracle;
pub mod oracle_pow;
pub mod oracle_rows;
pub mod planted;
pub mod real;
pub mod reference;
pub mod runs;
pub mod suites;
pub mod twin;
