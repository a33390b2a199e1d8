//! Governance of an Alys node: who may vote, on what, and what came of it.
//!
//! Decisions are pure: [`engine`] takes events and the time, and answers with effects. [`registry`] has the members with
//! their weights and keys, [`terms`] what a proposal asks for, [`message`] what a vote signs, [`vote`] its bytes.
//! [`ballots`] keeps what was signed, [`tally`] decides, [`proposal`] holds the two together, and [`certificate`] and
//! [`evidence`] prove to others what was decided and who signed too much. [`scheme`] is the signatures, as a trait.
//! [`shell`] is the Actix actor around the engine.
//!
//! # Limitations
//!
//! Who may submit, admit and remove is not decided here: whoever hands in the events has decided it. Nothing is made
//! durable here. What was decided is kept for good: certificates and evidence are made from it.

pub mod ballots;
pub mod certificate;
pub mod engine;
pub mod evidence;
pub mod message;
pub mod proposal;
pub mod registry;
pub mod scheme;
pub mod shell;
pub mod tally;
pub mod terms;
pub mod vote;
