//! Holds the test framework itself to its rules: verdicts come from what ran, records rebuild them, figures are those that
//! were measured, and configurations are refused by name (FW-1 to FW-5).
//!
//! [`real`] are the laws about `alys-test-framework` as it ships, [`faulty`] the same laws about a copy in which faults are
//! planted. The copy has a harness of its own, of a few tests with the names of real ones: whose verdicts are judged
//! says nothing of how they are.

pub mod faulty;
pub mod harness;
pub mod hunt;
pub mod planted;
pub mod real;
pub mod twin;
