//! Signatures: what is signed, and the scheme as a trait.
//!
//! The trait has two uses. [`Bls`] is what nodes run. [`Ideal`] keeps a registry of what was signed, so that forging is
//! impossible by construction and a signature costs a look-up: for model checking and large simulations.

mod bls;
mod ideal;

use std::fmt::Debug;

use alloy_primitives::FixedBytes;
use alys_wire::containers::{Hash256, Signature};

pub use bls::{
    Bls, BlsPublicKey, BlsSecretKey, COEFFICIENT_BYTES, Coefficient, POSSESSION_DST, SIGNATURE_DST,
};
pub use ideal::{Ideal, IdealKey};

/// A public key as its owner states it: for BLS a compressed point in G1.
pub type PublicKeyBytes = FixedBytes<48>;

/// The length of a [`Message`] in bytes.
pub const MESSAGE_BYTES: usize = 56;

/// What a signature is for; one made for one use verifies in no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Domain {
    /// A proposer signs its block.
    Proposal,
    /// An authority approves a block.
    Approval,
}

impl Domain {
    /// The bytes that stand for the domain, all of one length.
    fn tag(self) -> [u8; 8] {
        match self {
            Self::Proposal => *b"alys/prp",
            Self::Approval => *b"alys/apr",
        }
    }
}

/// What is signed: domain, chain id, slot and block root (CH-2), each at a place of its own.
///
/// ```
/// use alys_chain::scheme::{Domain, Message};
/// use alys_wire::containers::Hash256;
///
/// let proposal = Message::new(Domain::Proposal, 1, 7, Hash256::ZERO);
/// assert_ne!(proposal, Message::new(Domain::Approval, 1, 7, Hash256::ZERO));
/// assert_ne!(proposal, Message::new(Domain::Proposal, 2, 7, Hash256::ZERO));
/// assert_eq!(&proposal.as_bytes()[..8], b"alys/prp");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Message([u8; MESSAGE_BYTES]);

impl Message {
    /// Composes a message; numbers are little-endian, as in SSZ.
    #[must_use]
    pub fn new(domain: Domain, chain_id: u64, slot: u64, block_root: Hash256) -> Self {
        let mut bytes = [0; MESSAGE_BYTES];
        bytes[..8].copy_from_slice(&domain.tag());
        bytes[8..16].copy_from_slice(&chain_id.to_le_bytes());
        bytes[16..24].copy_from_slice(&slot.to_le_bytes());
        bytes[24..].copy_from_slice(block_root.as_slice());
        Message(bytes)
    }

    /// The bytes that are signed.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; MESSAGE_BYTES] {
        &self.0
    }
}

/// Why a key is not admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// The bytes are no key of the scheme.
    #[error("the bytes are no public key of the scheme")]
    Malformed,
    /// The key is the point at infinity, for which everybody can sign.
    #[error("the key is the point at infinity, for which everybody can sign")]
    Infinity,
    /// The proof of possession does not verify.
    #[error("the proof that the owner has the secret key does not verify")]
    NotPossessed,
}

/// That these keys, each once, have signed a message together.
#[derive(Clone, Debug)]
pub struct Claim<'a, K> {
    /// Whose keys they are said to be.
    pub keys: Vec<&'a K>,
    /// What is said to be signed.
    pub message: Message,
    /// The signature that is to show it.
    pub signature: Signature,
}

/// A signature scheme whose signatures over one message can be made one.
pub trait SignatureScheme {
    /// What signs.
    type SecretKey: Clone + Debug;
    /// A key that was admitted.
    type PublicKey: Clone + Debug + PartialEq;

    /// Tells the public key of a secret one.
    fn public_key(&self, secret: &Self::SecretKey) -> PublicKeyBytes;

    /// Proves to [`admit`](Self::admit) that the owner of a public key has the secret one.
    fn prove_possession(&self, secret: &Self::SecretKey) -> Signature;

    /// Signs a message.
    fn sign(&self, secret: &Self::SecretKey, message: &Message) -> Signature;

    /// Admits a key whose owner has proved that it has the secret one: without that, a key made from other people's
    /// keys could sign for them in an aggregate.
    ///
    /// # Errors
    ///
    /// What is wrong with the key or the proof.
    fn admit(&self, key: &PublicKeyBytes, possession: &Signature) -> Result<Self::PublicKey, KeyError>;

    /// Whether exactly the owners of these keys, each once, have signed the message together. Nobody has signed nothing.
    fn verify(&self, keys: &[&Self::PublicKey], message: &Message, signature: &Signature) -> bool;

    /// Whether all of these claims hold, each as [`verify`](Self::verify) judges it; of none they do.
    ///
    /// A scheme may verify them together, if an error in any of them is still found.
    fn verify_all(&self, claims: &[Claim<'_, Self::PublicKey>]) -> bool {
        claims.iter().all(|claim| self.verify(&claim.keys, &claim.message, &claim.signature))
    }

    /// Makes signatures over one message one; `None` when one of them is no signature, or there is none.
    fn aggregate(&self, signatures: &[Signature]) -> Option<Signature>;
}
