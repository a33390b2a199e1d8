//! The ideal scheme: who signed what is looked up.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use alys_wire::containers::{Hash256, Signature};
use ethereum_hashing::hash;

use super::{KeyError, MESSAGE_BYTES, Message, PublicKeyBytes, SignatureScheme};

/// A key, and a message or proof of possession that it has signed.
type Signed = (u64, [u8; MESSAGE_BYTES]);

/// A scheme in which forging is impossible by construction: a signature verifies only if the registry has the pair of
/// key and message, and only [`sign`](SignatureScheme::sign) enters pairs.
///
/// Clones share the registry: they are the same scheme. As with BLS, the signatures of several keys over one message
/// add up to one that verifies for exactly these keys, so an aggregate in which somebody counts twice does not verify.
///
/// ```
/// use alys_chain::scheme::{Domain, Ideal, IdealKey, Message, SignatureScheme};
/// use alys_wire::containers::Hash256;
///
/// let ideal = Ideal::default();
/// let key = ideal.admit(&ideal.public_key(&IdealKey(3)), &ideal.prove_possession(&IdealKey(3))).unwrap();
/// let message = Message::new(Domain::Approval, 1, 2, Hash256::ZERO);
/// let signature = ideal.sign(&IdealKey(3), &message);
/// assert!(ideal.verify(&[&key], &message, &signature));
/// assert!(!Ideal::default().verify(&[&key], &message, &signature), "nobody has signed anything there");
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

    fn enter(&self, key: IdealKey, bytes: [u8; MESSAGE_BYTES]) -> Signature {
        self.registry().insert((key.0, bytes));
        written(tag(key, &bytes))
    }

    fn together(&self, keys: &[IdealKey], bytes: [u8; MESSAGE_BYTES], signature: &Signature) -> bool {
        let registry = self.registry();
        let sum = keys.iter().fold(0_u128, |sum, key| sum.wrapping_add(tag(*key, &bytes)));
        !keys.is_empty()
            && keys.iter().all(|key| registry.contains(&(key.0, bytes)))
            && *signature == written(sum)
    }
}

impl SignatureScheme for Ideal {
    type SecretKey = IdealKey;
    type PublicKey = IdealKey;

    fn public_key(&self, secret: &IdealKey) -> PublicKeyBytes {
        let mut bytes = [0; 48];
        bytes[..8].copy_from_slice(&secret.0.to_le_bytes());
        bytes.into()
    }

    fn prove_possession(&self, secret: &IdealKey) -> Signature {
        self.enter(*secret, POSSESSION)
    }

    fn sign(&self, secret: &IdealKey, message: &Message) -> Signature {
        self.enter(*secret, *message.as_bytes())
    }

    fn admit(&self, key: &PublicKeyBytes, proof: &Signature) -> Result<IdealKey, KeyError> {
        let mut number = [0; 8];
        number.copy_from_slice(&key[..8]);
        let stated = IdealKey(u64::from_le_bytes(number));
        if self.public_key(&stated) != *key {
            return Err(KeyError::Malformed);
        }
        if stated == IdealKey(0) {
            return Err(KeyError::Infinity);
        }
        match self.together(&[stated], POSSESSION, proof) {
            true => Ok(stated),
            false => Err(KeyError::NotPossessed),
        }
    }

    fn verify(&self, keys: &[&IdealKey], message: &Message, signature: &Signature) -> bool {
        let keys: Vec<IdealKey> = keys.iter().map(|key| **key).collect();
        self.together(&keys, *message.as_bytes(), signature)
    }

    fn aggregate(&self, signatures: &[Signature]) -> Option<Signature> {
        let tags: Option<Vec<u128>> = signatures.iter().map(read).collect();
        let sum = tags?.into_iter().reduce(u128::wrapping_add)?;
        Some(written(sum))
    }
}

/// What a key signs to prove that its owner has it: no [`Message`], for its first bytes are no domain's.
const POSSESSION: [u8; MESSAGE_BYTES] = [0; MESSAGE_BYTES];

/// What a key adds to a signature over these bytes: spread, so that other keys do not add up to the same by chance.
fn tag(key: IdealKey, bytes: &[u8; MESSAGE_BYTES]) -> u128 {
    let digest = Hash256::from_slice(&hash(&[&key.0.to_le_bytes(), bytes.as_slice()].concat()));
    let mut tag = [0; 16];
    tag.copy_from_slice(&digest[..16]);
    u128::from_le_bytes(tag)
}

fn written(tag: u128) -> Signature {
    let mut bytes = [0; 96];
    bytes[..16].copy_from_slice(&tag.to_le_bytes());
    bytes.into()
}

fn read(signature: &Signature) -> Option<u128> {
    let mut tag = [0; 16];
    tag.copy_from_slice(&signature[..16]);
    let tag = u128::from_le_bytes(tag);
    (written(tag) == *signature).then_some(tag)
}
