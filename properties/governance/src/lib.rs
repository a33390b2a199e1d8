//! Strategies, adapters and planted faults that hold the governance of `crates/governance` to its model.
//!
//! Governance is described once: its model and transitions in `alys-models`, its cases, labels, comparisons and adapter
//! here. `target/` is compiled twice: in [`real`] against the crate as it ships, in [`faulty`] against its twin in which
//! faults can be planted.

pub mod compare;
pub mod faulty;
pub mod fuzz;
pub mod generate;
pub mod hunt;
pub mod labels;
pub mod planted;
pub mod real;
pub mod reference;
pub mod suites;
pub mod table;
pub mod twin;
pub mod vectors;
