//! Generators, laws, planted faults and fuzz bodies that hold `crates/wire` to its reference model.
//!
//! [`sut`] is what can be asked of the wire format, in the words of the model; [`real`] and [`faulty`] answer with the
//! crate as it ships and with its twin. [`generate`] makes messages, [`corruption`] breaks their frames, [`judge`] compares
//! what a stream brings, [`laws`] are the properties, [`streaming`] is the decoder as a state machine, and [`fuzz`] has the
//! bodies of the fuzz targets.

pub mod corruption;
pub mod faulty;
pub mod fuzz;
pub mod generate;
pub mod judge;
pub mod laws;
pub mod planted;
pub mod real;
pub mod streaming;
pub mod sut;
pub mod twin;
