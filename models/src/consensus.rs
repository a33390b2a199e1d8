//! Reference model of the consensus layer's clients (rules CL-1 and CL-2), written from the published specifications.
//!
//! [`text`] says which texts are numbers and octets, [`said`] what an answer means, [`course`] when a call tries again and
//! when it gives up, [`stream`] which messages a stream of events holds, and [`node`] what a follower of a head may believe.
//! Each goes from the definition: nothing is parsed piece by piece, and nothing is remembered that can be counted again.
//! Time is in milliseconds, and an argument.

pub mod course;
pub mod node;
pub mod said;
pub mod stream;
#[cfg(test)]
mod tests;
pub mod text;
