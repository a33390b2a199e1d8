//! Who signs what in a case, right or wrong, by the bytes that the model says are signed.

use std::collections::BTreeMap;

use alys_models::governance::{ModelChoice, ModelProposal, bytes};

use super::alys::message::Choice;
use super::alys::registry::Application;
use super::alys::scheme::{PublicKeyBytes, Scheme, SignatureBytes};
use super::keys::{Keyring, MALFORMED};
use crate::reference::{Ballot, How, Proof, State};
use alys_models::governance::ModelKey;

/// A choice in the words of the crate.
#[must_use]
pub fn choice(choice: ModelChoice) -> Choice {
    match choice {
        ModelChoice::Approve => Choice::Approve,
        ModelChoice::Reject => Choice::Reject,
        ModelChoice::Abstain => Choice::Abstain,
    }
}

/// Everybody's keys, and what stands for the proposals.
#[derive(Debug)]
pub struct Signing<K: Keyring> {
    /// The scheme.
    pub scheme: K::Scheme,
    chain_id: u64,
    keys: BTreeMap<u64, [u8; 48]>,
    /// Of each proposal: what stands for it, and for the same one on another registry.
    contents: Vec<([u8; 32], [u8; 32])>,
}

impl<K: Keyring> Signing<K> {
    /// Signatures on one chain.
    #[must_use]
    pub fn new(chain_id: u64) -> Self {
        Signing { scheme: K::scheme(), chain_id, keys: BTreeMap::new(), contents: Vec::new() }
    }

    /// The bytes of somebody's key.
    pub fn key(&mut self, owner: u64) -> [u8; 48] {
        let scheme = &self.scheme;
        *self.keys.entry(owner).or_insert_with(|| scheme.public_key(&K::secret(owner)).0)
    }

    /// Takes in a proposal.
    pub fn submitted(&mut self, proposal: &ModelProposal) {
        let mut members: Vec<_> = proposal
            .members
            .iter()
            .map(|(number, owner, weight)| (*number, self.key(*owner), *weight))
            .collect();
        let content = bytes::content(&bytes::registry(&members), &proposal.draft);
        // Another registry: the last member weighs one more.
        members.iter_mut().rev().take(1).for_each(|(.., weight)| *weight = weight.wrapping_add(1));
        self.contents.push((content, bytes::content(&bytes::registry(&members), &proposal.draft)));
    }

    /// What stands for a proposal; for one that does not exist, nothing.
    #[must_use]
    pub fn content(&self, proposal: u64) -> [u8; 32] {
        self.known(proposal).0
    }

    fn known(&self, proposal: u64) -> ([u8; 32], [u8; 32]) {
        let known = usize::try_from(proposal).ok().and_then(|place| self.contents.get(place));
        known.copied().unwrap_or_default()
    }

    /// What somebody signs for a choice.
    #[must_use]
    pub fn sound(&self, owner: u64, proposal: u64, choice: ModelChoice) -> SignatureBytes {
        let message = bytes::message(self.chain_id, proposal, &self.content(proposal), choice);
        self.scheme.sign(&K::secret(owner), &message)
    }

    /// The signature of a vote, as the case wants it.
    #[must_use]
    pub fn signature(&self, state: &State, ballot: &Ballot) -> SignatureBytes {
        let Ballot { proposal, member, choice, how } = *ballot;
        let (owner, chain_id) = (state.owner(member), self.chain_id);
        let (content, elsewhere) = self.known(proposal);
        let sign = |message: Vec<u8>| self.scheme.sign(&K::secret(owner), &message);
        let sound = || self.sound(owner, proposal, choice);
        let summed = |with: SignatureBytes| self.scheme.aggregate(&[sound(), with]).unwrap_or_default();
        match how {
            How::Well => sound(),
            How::ForAnotherChain => sign(bytes::message(chain_id ^ 1, proposal, &content, choice)),
            How::ForAnotherProposal => sign(bytes::message(chain_id, proposal ^ 1, &content, choice)),
            How::ForAnotherRegistry => sign(bytes::message(chain_id, proposal, &elsewhere, choice)),
            How::ForAnotherChoice => {
                let other = ModelChoice::ALL[(choice as usize + 1) % 3];
                sign(bytes::message(chain_id, proposal, &content, other))
            }
            How::ByAnother => self.sound(owner ^ 1, proposal, choice),
            How::Flipped => {
                let mut flipped = sound();
                flipped[95] ^= 1;
                flipped
            }
            How::Nothing => SignatureBytes::ZERO,
            How::Summed => summed(self.sound(owner ^ 1, proposal, choice)),
            How::Up => summed(self.stray()),
            How::Down => summed(K::negated(&self.stray())),
        }
    }

    /// A signature of nobody, over nothing.
    fn stray(&self) -> SignatureBytes {
        self.scheme.sign(&K::secret(777), b"stray")
    }

    /// An application as the case wants it.
    pub fn application(&mut self, key: ModelKey, proof: Proof, weight: u64) -> Application {
        let (stated, owner) = match key {
            ModelKey::Of(owner) => (PublicKeyBytes::new(self.key(owner)), owner),
            ModelKey::Malformed => (MALFORMED, 0),
            ModelKey::Infinity => (K::EVERYBODY, 0),
        };
        let possession = match proof {
            Proof::Own => self.scheme.prove_possession(&K::secret(owner)),
            Proof::Foreign => self.scheme.prove_possession(&K::secret(owner ^ 1)),
            Proof::Nothing => SignatureBytes::ZERO,
        };
        Application { key: stated, possession, weight }
    }
}
