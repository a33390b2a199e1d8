//! `alys-consensus`, held to its rules (CL-1 and CL-2).
//!
//! - [`hands`] is a clock that only moves when something moves it, [`stage`] a server on loopback that does to each request
//!   what its script says: answer, be late, break off, lie.
//! - [`interop`] is what is tried against a real execution client.
//! - [`execution`] is a small execution client for such a server, [`realm`] a chain whose keys are known, [`schema`] what the
//!   published document says of answers.
//! - `target/` holds the laws. They are compiled twice: in [`real`] against the crate as it ships, in [`faulty`] against its
//!   twin in which faults can be planted; [`hunt`] looks for them.

pub mod execution;
pub mod faulty;
pub mod hands;
pub mod hunt;
pub mod interop;
pub mod planted;
pub mod real;
pub mod realm;
pub mod schema;
pub mod stage;
pub mod suites;
pub mod twin;
