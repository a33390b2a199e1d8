//! Verifying many claims at once.
//!
//! The sum of two wrong signatures can be right. So each claim is multiplied with a number that whoever made the claims
//! could not choose them by: 128 bits hashed from all of them, keys, messages and signatures. (Bellare, Garay and Rabin,
//! EUROCRYPT 1998, with the random numbers made as Fiat and Shamir do.) A claim that is wrong passes with a chance of
//! 2^-128 a try.

use sha2::{Digest, Sha256};

use super::{Claim, PublicKeyBytes, Scheme, SignatureBytes};

/// How long a coefficient is.
pub const COEFFICIENT_BYTES: usize = 16;

/// Separates these hashes from all others.
const DOMAIN: &[u8] = b"alys/gov/batch";

/// What of a claim its batch's coefficients depend on: all of it.
#[derive(Clone, Copy, Debug)]
pub struct Hashed<'a> {
    /// The key.
    pub key: PublicKeyBytes,
    /// The message.
    pub message: &'a [u8],
    /// The signature.
    pub signature: &'a SignatureBytes,
}

/// The coefficients of a batch, [`COEFFICIENT_BYTES`] for each claim, as little-endian numbers.
///
/// The seed is the hash of the domain and of every claim's key, message (after its length) and signature; the
/// coefficient of a claim is the beginning of the hash of the domain, the seed and the claim's place.
#[must_use]
pub fn coefficients(claims: &[Hashed<'_>]) -> Vec<u8> {
    let mut seed = Sha256::new_with_prefix(DOMAIN);
    for Hashed { key, message, signature } in claims {
        seed.update(key);
        seed.update((message.len() as u64).to_le_bytes());
        seed.update(message);
        seed.update(signature);
    }
    let seed = seed.finalize();
    let mut coefficients = Vec::with_capacity(claims.len() * COEFFICIENT_BYTES);
    for place in 0..claims.len() as u64 {
        let hash = Sha256::new_with_prefix(DOMAIN).chain_update(seed).chain_update(place.to_le_bytes());
        coefficients.extend_from_slice(&hash.finalize()[..COEFFICIENT_BYTES]);
    }
    coefficients
}

/// Says of each claim whether it is true: all at once, and where that fails each half for itself.
///
/// Note that a batch with `k` wrong claims costs up to `k` times the logarithm of its length in batches.
#[must_use]
pub fn verify_each<S: Scheme>(scheme: &S, claims: &[Claim<'_, S::PublicKey>]) -> Vec<bool> {
    let mut verdicts = Vec::with_capacity(claims.len());
    settle(scheme, claims, &mut verdicts);
    verdicts
}

fn settle<S: Scheme>(scheme: &S, claims: &[Claim<'_, S::PublicKey>], verdicts: &mut Vec<bool>) {
    match claims {
        [] => {}
        [one] => verdicts.push(scheme.verify(one.key, one.message, one.signature)),
        _ if scheme.verify_batch(claims) => verdicts.extend(claims.iter().map(|_| true)),
        _ => {
            let (left, right) = claims.split_at(claims.len() / 2);
            settle(scheme, left, verdicts);
            settle(scheme, right, verdicts);
        }
    }
}
