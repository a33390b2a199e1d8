//! Strategies, adapters and faulty systems under test that hold the components of `crates/actor` to their models.
//!
//! A component is described once: its transitions and model in `alys-models`, its generator, labels and adapter here.
//! The engines that run the descriptions are those of `alys-engines`, which this library passes on. See
//! `docs/architecture.md` for the map and `docs/testing.md` for the suites.

pub mod bytes;
pub mod checker;
pub mod comm;
pub mod engines;
pub mod fuzz;
pub mod lifecycle;
pub mod machines;
pub mod mailbox;
pub mod optimum;
pub mod planted;
pub mod ring;
pub mod showcase;
pub mod supervision;
pub mod tracker;
pub mod twin;
pub mod under_loom;
pub mod under_shuttle;

pub use alys_engines::{
    cases, concurrent, counterexample, coverage, crash, differential, draw, exhaustive, interleavings,
    linearizability, manifests, measure, results, rules, scenarios, sequential, small, sources, trace,
    violation, wakes,
};
