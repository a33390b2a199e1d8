//! The bodies of the fuzz targets: any bytes as a case of governance beside its model, and any bytes as a vote.

pub use alys_engines::fuzz::{Input, Machine, Named, Target, aloud, mutated};

use crate::suites::IDEAL;
use crate::{faulty, real};

/// Governance beside its model.
pub const GOVERNANCE_TRANSITIONS: Target = Target {
    name: "governance_transitions",
    transitions: 24,
    machines: &[Machine::of::<real::machine::Machine<real::keys::IdealKeys>>(&IDEAL)],
    twins: &[Machine::of::<faulty::machine::Machine<faulty::keys::IdealKeys>>(&IDEAL)],
};

/// [`GOVERNANCE_TRANSITIONS`] as a type.
#[derive(Clone, Copy, Debug)]
pub struct GovernanceTransitions;

impl Named for GovernanceTransitions {
    const TARGET: &'static Target = &GOVERNANCE_TRANSITIONS;
}

/// The name of the target whose body is [`vote_bytes`].
pub const VOTE_BYTES: &str = "vote_bytes";

/// Any bytes are a vote whose one encoding they are, or are refused; any signature is a point whose one encoding it is, or none;
/// and whatever they are, they count only where somebody has signed them (GV-1, GV-7).
///
/// # Panics
///
/// When a rule is broken.
pub fn vote_bytes(bytes: &[u8]) {
    real::laws::vote_bytes(bytes);
}

/// The same by the twin with the planted faults.
///
/// # Panics
///
/// When a rule is broken.
pub fn vote_bytes_by_twin(bytes: &[u8]) {
    faulty::laws::vote_bytes(bytes);
}

/// Inputs of [`vote_bytes`] to begin with: sound votes, votes of other lengths and choices, and points of every kind.
///
/// # Panics
///
/// When the vectors cannot be read.
#[must_use]
pub fn votes() -> Vec<Vec<u8>> {
    let vectors = crate::vectors::committed();
    let signatures: Vec<Vec<u8>> = ["votes", "verify", "together"]
        .into_iter()
        .flat_map(|part| crate::vectors::list(&vectors[part]))
        .map(|vector| crate::vectors::bytes(&vector["signature"]))
        .collect();
    let vote = |proposal: u8, member: u8, choice: u8, signature: &[u8]| {
        [&[proposal, 0, 0, 0, 0, 0, 0, 0, member, 0, 0, 0, 0, 0, 0, 0, choice], signature].concat()
    };
    let mut inputs: Vec<Vec<u8>> =
        (0..).zip(&signatures).map(|(place, one)| vote(place % 2, place % 4, 1 + place % 3, one)).collect();
    let sound = inputs[0].clone();
    inputs.extend([0, 1, 8, 16, 17, 112].map(|len| sound[..len].to_vec()));
    inputs.push([&sound[..], &[0]].concat());
    inputs.extend([0, 4, 255].map(|choice| vote(0, 0, choice, &signatures[0])));
    let mut flags =
        [0x00, 0x20, 0x40, 0xC0, 0xE0].map(|flag| vote(0, 0, 1, &[&[flag], &[0; 95][..]].concat()));
    inputs.extend(flags.iter().cloned());
    flags[3][112] = 1;
    inputs.push(flags[3].clone());
    // What the member of the body has signed, and a point of the curve that is outside of the group.
    inputs.push(real::laws::own_vote());
    inputs.push(vote(0, 0, 1, &crate::vectors::bytes(&vectors["cancelled"]["signature"])));
    inputs
}
