//! Which bytes are signed, hashed and sent, written down one after the other.

use super::{ModelChoice, ModelDraft};
use crate::wire::sha256::hash;

/// The byte of a choice.
#[must_use]
pub fn choice(choice: ModelChoice) -> u8 {
    match choice {
        ModelChoice::Approve => 1,
        ModelChoice::Reject => 2,
        ModelChoice::Abstain => 3,
    }
}

/// What a vote signs.
#[must_use]
pub fn message(chain_id: u64, proposal: u64, content: &[u8; 32], voted: ModelChoice) -> Vec<u8> {
    let (chain_id, proposal) = (chain_id.to_le_bytes(), proposal.to_le_bytes());
    [&b"alys/gov"[..], &chain_id, &proposal, content, &[choice(voted)]].concat()
}

/// A vote as it is sent.
#[must_use]
pub fn vote(proposal: u64, member: u64, voted: ModelChoice, signature: &[u8; 96]) -> Vec<u8> {
    [&proposal.to_le_bytes()[..], &member.to_le_bytes(), &[choice(voted)], signature].concat()
}

/// What stands for a registry: of each member the number, the key and the weight.
#[must_use]
pub fn registry(members: &[(u64, [u8; 48], u64)]) -> [u8; 32] {
    let mut bytes = b"alys/gov/registry".to_vec();
    for (number, key, weight) in members {
        bytes.extend(number.to_le_bytes());
        bytes.extend(key);
        bytes.extend(weight.to_le_bytes());
    }
    hash(&bytes)
}

/// What stands for a proposal on the members of a registry.
#[must_use]
pub fn content(registry: &[u8; 32], draft: &ModelDraft) -> [u8; 32] {
    let mut bytes = [&b"alys/gov/content"[..], registry].concat();
    let ModelDraft { payload, tag, threshold, quorum, opens, closes } = *draft;
    for number in [threshold.0, threshold.1, quorum, opens, closes] {
        bytes.extend(number.to_le_bytes());
    }
    bytes.extend(vec![tag; payload]);
    hash(&bytes)
}

/// The coefficients of a batch, where a claim is a key, a message and a signature.
#[must_use]
pub fn coefficients(claims: &[([u8; 48], Vec<u8>, [u8; 96])]) -> Vec<[u8; 16]> {
    let mut all = b"alys/gov/batch".to_vec();
    for (key, message, signature) in claims {
        all.extend(key);
        all.extend((message.len() as u64).to_le_bytes());
        all.extend(message);
        all.extend(signature);
    }
    let seed = hash(&all);
    let of = |place: u64| {
        let hashed = hash(&[&b"alys/gov/batch"[..], &seed, &place.to_le_bytes()].concat());
        let mut first = [0; 16];
        first.copy_from_slice(&hashed[..16]);
        first
    };
    (0..claims.len() as u64).map(of).collect()
}
