//! Engines that drive a described component and its reference model side by side, and tell of what they find.
//!
//! A component is described once: a model with transitions, a generator, labels, an adapter. Each engine of this library
//! runs it from that description; none knows a component. See `docs/engines.md` for what each of them does.

pub mod bytes;
pub mod cases;
pub mod concurrent;
pub mod counterexample;
pub mod coverage;
pub mod crash;
pub mod differential;
pub mod draw;
pub mod exhaustive;
pub mod fuzz;
pub mod house;
pub mod interleavings;
pub mod linearizability;
pub mod manifests;
pub mod measure;
pub mod planted;
pub mod results;
pub mod rules;
pub mod scenarios;
pub mod sequential;
pub mod small;
pub mod sources;
pub mod trace;
pub mod violation;
pub mod wakes;
