//! The ideal scheme: who signed what is looked up.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sha2::{Digest, Sha256};

use super::{Claim, KeyError, PublicKeyBytes, Scheme, SignatureBytes};

/// What a signature is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Use {
    Message,
    Possession,
}

/// A key, and what it has signed.
type Signed = (u64, Use, Vec<u8>);

/// A scheme in which forging is impossible by construction: a signature verifies only if the registry has the pair of
/// key and message, and only [`sign`](Scheme::sign) enters pairs.
///
/// Clones share the registry: they are the same scheme. As with BLS, signatures add up, and the sum over one message
/// verifies together for exactly the keys that it is of.
///
/// ```
/// use alys_governance::scheme::{Ideal, IdealKey, Scheme};
///
/// let ideal = Ideal::default();
/// let key = ideal.admit(&ideal.public_key(&IdealKey(3)), &ideal.prove_possession(&IdealKey(3))).unwrap();
/// let signature = ideal.sign(&IdealKey(3), b"yes");
/// assert!(ideal.verify(&key, b"yes", &signature));
/// assert!(!Ideal::default().verify(&key, b"yes", &signature), "nobody has signed anything there");
/// ```
#[derive(Clone, Default)]
pub struct Ideal {
    signed: Arc<Mutex<BTreeSet<Signed>>>,
}

/// A key of the ideal scheme, secret and public: a number. Zero plays the part of the point at infinity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IdealKey(pub u64);

impl fmt::Debug for Ideal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ideal({} signed)", self.registry().len())
    }
}

impl Ideal {
    /// The registry is only ever added to, so it is whole even if somebody panicked while holding it.
    fn registry(&self) -> MutexGuard<'_, BTreeSet<Signed>> {
        self.signed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, key: IdealKey, purpose: Use, bytes: &[u8]) -> SignatureBytes {
        self.registry().insert((key.0, purpose, bytes.to_vec()));
        written(tag(key, purpose, bytes))
    }

    fn together(&self, keys: &[&IdealKey], purpose: Use, bytes: &[u8], signature: &SignatureBytes) -> bool {
        let registry = self.registry();
        let sum = keys.iter().fold(0_u128, |sum, key| sum.wrapping_add(tag(**key, purpose, bytes)));
        !keys.is_empty()
            && keys.iter().all(|key| registry.contains(&(key.0, purpose, bytes.to_vec())))
            && *signature == written(sum)
    }
}

impl Scheme for Ideal {
    type SecretKey = IdealKey;
    type PublicKey = IdealKey;

    fn public_key(&self, secret: &IdealKey) -> PublicKeyBytes {
        let mut bytes = [0; 48];
        bytes[..8].copy_from_slice(&secret.0.to_le_bytes());
        bytes.into()
    }

    fn prove_possession(&self, secret: &IdealKey) -> SignatureBytes {
        self.enter(*secret, Use::Possession, &[])
    }

    fn sign(&self, secret: &IdealKey, message: &[u8]) -> SignatureBytes {
        self.enter(*secret, Use::Message, message)
    }

    fn admit(&self, key: &PublicKeyBytes, possession: &SignatureBytes) -> Result<IdealKey, KeyError> {
        let mut number = [0; 8];
        number.copy_from_slice(&key[..8]);
        let stated = IdealKey(u64::from_le_bytes(number));
        if self.public_key(&stated) != *key {
            return Err(KeyError::Malformed);
        }
        if stated == IdealKey(0) {
            return Err(KeyError::Infinity);
        }
        match self.together(&[&stated], Use::Possession, &[], possession) {
            true => Ok(stated),
            false => Err(KeyError::NotPossessed),
        }
    }

    fn verify(&self, key: &IdealKey, message: &[u8], signature: &SignatureBytes) -> bool {
        self.together(&[key], Use::Message, message, signature)
    }

    fn verify_batch(&self, claims: &[Claim<'_, IdealKey>]) -> bool {
        claims.iter().all(|claim| self.verify(claim.key, claim.message, claim.signature))
    }

    fn verify_aggregate(&self, keys: &[&IdealKey], message: &[u8], signature: &SignatureBytes) -> bool {
        self.together(keys, Use::Message, message, signature)
    }

    fn aggregate(&self, signatures: &[SignatureBytes]) -> Option<SignatureBytes> {
        let tags: Option<Vec<u128>> = signatures.iter().map(read).collect();
        tags?.into_iter().reduce(u128::wrapping_add).map(written)
    }
}

/// What a key adds to a signature: spread, so that other keys do not add up to the same by chance.
fn tag(key: IdealKey, purpose: Use, bytes: &[u8]) -> u128 {
    let hash = Sha256::new().chain_update(key.0.to_le_bytes()).chain_update([purpose as u8]);
    let mut tag = [0; 16];
    tag.copy_from_slice(&hash.chain_update(bytes).finalize()[..16]);
    u128::from_le_bytes(tag)
}

fn written(tag: u128) -> SignatureBytes {
    let mut bytes = [0; 96];
    bytes[..16].copy_from_slice(&tag.to_le_bytes());
    bytes.into()
}

fn read(signature: &SignatureBytes) -> Option<u128> {
    let mut tag = [0; 16];
    tag.copy_from_slice(&signature[..16]);
    let tag = u128::from_le_bytes(tag);
    (written(tag) == *signature).then_some(tag)
}
