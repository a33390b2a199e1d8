//! Signatures, as a trait.
//!
//! [`Bls`] is what nodes run. [`Ideal`] looks up who has signed what, so that forging is impossible by construction and
//! a signature costs next to nothing: for model checking and large simulations.

mod batch;
mod bls;
mod ideal;

use std::fmt::Debug;

use alloy_primitives::FixedBytes;

pub use batch::{COEFFICIENT_BYTES, Hashed, coefficients, verify_each};
pub use bls::{Bls, BlsPublicKey, BlsSecretKey, POSSESSION_DST, SIGNATURE_DST};
pub use ideal::{Ideal, IdealKey};

/// A public key as its owner states it: for BLS a compressed point in G1.
pub type PublicKeyBytes = FixedBytes<48>;

/// A signature as it travels: for BLS a compressed point in G2.
pub type SignatureBytes = FixedBytes<96>;

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

/// That the owner of a key has signed a message: true or not.
#[derive(Debug)]
pub struct Claim<'a, K> {
    /// Who is said to have signed.
    pub key: &'a K,
    /// What is said to be signed.
    pub message: &'a [u8],
    /// The signature.
    pub signature: &'a SignatureBytes,
}

/// A signature scheme whose signatures over one message can be made one.
pub trait Scheme {
    /// What signs.
    type SecretKey: Clone + Debug;
    /// A key that was admitted.
    type PublicKey: Clone + Debug + PartialEq;

    /// Tells the public key of a secret one.
    fn public_key(&self, secret: &Self::SecretKey) -> PublicKeyBytes;

    /// Proves to [`admit`](Self::admit) that the owner of a public key has the secret one.
    fn prove_possession(&self, secret: &Self::SecretKey) -> SignatureBytes;

    /// Signs a message.
    fn sign(&self, secret: &Self::SecretKey, message: &[u8]) -> SignatureBytes;

    /// Admits a key whose owner has proved that it has the secret one: without that, a key made from other people's
    /// keys could sign for them in an aggregate.
    ///
    /// # Errors
    ///
    /// What is wrong with the key or the proof.
    fn admit(&self, key: &PublicKeyBytes, possession: &SignatureBytes) -> Result<Self::PublicKey, KeyError>;

    /// Whether the owner of the key has signed the message.
    fn verify(&self, key: &Self::PublicKey, message: &[u8], signature: &SignatureBytes) -> bool;

    /// Whether every claim is true, each for itself: claims that only add up do not pass. None of none is false.
    fn verify_batch(&self, claims: &[Claim<'_, Self::PublicKey>]) -> bool;

    /// Whether exactly the owners of these keys, each once, have signed the message together. Nobody has signed nothing.
    fn verify_aggregate(&self, keys: &[&Self::PublicKey], message: &[u8], signature: &SignatureBytes)
    -> bool;

    /// Makes signatures one; `None` when one of them is no signature, or there is none.
    fn aggregate(&self, signatures: &[SignatureBytes]) -> Option<SignatureBytes>;
}
