//! Communication between actors: each pattern is run under hundreds of schedules and judged by what its receivers
//! logged.
//!
//! `target/` holds the scenarios and the receivers. They are compiled twice: in [`real`] against the crate as it ships,
//! and in [`faulty`] against its twin in which faults can be planted.

mod dice;
pub mod faulty;
mod laws;
pub mod real;

pub use self::{
    dice::Dice,
    laws::{Law, hunt, hunt_by, scenarios},
};
