//! Planted faults as data, and what compiles them into a copy of the real source.
//!
//! A package that holds a component to rules lists one-place changes of the component's source as [`Fault`]s. Its build
//! script lets [`compile`] copy the source into the build directory with every fault behind a run-time switch: the
//! *twin*. One build then holds all faults, planting one by hand is the same edit in the real file, and with nothing
//! planted the twin behaves as the original does. A switch is written `crate::planted::is(number)`, so the package
//! has a module `planted` with such a function.

mod fault;
mod patch;
mod script;
#[cfg(test)]
mod tests;
mod twin;

pub use fault::{Fault, Kind};
pub use patch::{Overlap, Patched, patch, without_tests};
pub use script::{compile, compile_all};
pub use twin::{Plan, PlanError, Stale, modules, stale};
