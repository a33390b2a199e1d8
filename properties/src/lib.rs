//! Engines, strategies, adapters and faulty systems under test that hold real components to the reference models.
//!
//! A component is described once: its transitions and model in `alys-models`, its generator, labels and adapter here.
//! See `docs/architecture.md` for the map and `docs/testing.md` for the suites.

pub mod bytes;
pub mod cases;
pub mod checker;
pub mod comm;
pub mod concurrent;
pub mod counterexample;
pub mod coverage;
pub mod crash;
pub mod differential;
pub mod draw;
pub mod engines;
pub mod exhaustive;
pub mod fuzz;
pub mod interleavings;
pub mod lifecycle;
pub mod linearizability;
pub mod machines;
pub mod mailbox;
pub mod manifests;
pub mod measure;
pub mod optimum;
pub mod planted;
pub mod results;
pub mod ring;
pub mod rules;
pub mod scenarios;
pub mod sequential;
pub mod showcase;
pub mod small;
pub mod sources;
pub mod supervision;
pub mod trace;
pub mod tracker;
pub mod twin;
pub mod under_loom;
pub mod under_shuttle;
pub mod violation;
pub mod wakes;
