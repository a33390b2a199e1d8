//! BLS signatures over BLS12-381, keys in G1 and signatures in G2, as `draft-irtf-cfrg-bls-signature` defines them.

mod together;

use alys_wire::containers::Signature;
use blst::BLST_ERROR;
use blst::min_pk::{AggregateSignature, PublicKey, SecretKey, Signature as Point};

pub use together::{COEFFICIENT_BYTES, Coefficient};

use super::{Claim, KeyError, Message, PublicKeyBytes, SignatureScheme};

/// Separates signatures over messages from everything else (the ciphersuite with proofs of possession).
pub const SIGNATURE_DST: &[u8] = b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_";

/// Separates proofs of possession from signatures.
pub const POSSESSION_DST: &[u8] = b"BLS_POP_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_";

/// A key that is a point of the right subgroup, and no infinity.
pub type BlsPublicKey = PublicKey;

/// The scheme that nodes run.
///
/// ```
/// use alys_chain::scheme::{Bls, BlsSecretKey, Domain, Message, SignatureScheme};
/// use alys_wire::containers::Hash256;
///
/// let secret = BlsSecretKey::from_seed(&[7; 32]).unwrap();
/// let key = Bls.admit(&Bls.public_key(&secret), &Bls.prove_possession(&secret)).unwrap();
/// let message = Message::new(Domain::Approval, 1, 2, Hash256::ZERO);
/// assert!(Bls.verify(&[&key], &message, &Bls.sign(&secret, &message)));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bls;

/// A secret key. It is not shown.
#[derive(Clone)]
pub struct BlsSecretKey(SecretKey);

impl BlsSecretKey {
    /// Derives a key from secret bytes; `None` when there are fewer than 32, as the standard asks.
    #[must_use]
    pub fn from_seed(seed: &[u8]) -> Option<Self> {
        SecretKey::key_gen(seed, &[]).ok().map(Self)
    }
}

impl std::fmt::Debug for BlsSecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BlsSecretKey(..)")
    }
}

impl SignatureScheme for Bls {
    type SecretKey = BlsSecretKey;
    type PublicKey = BlsPublicKey;

    fn public_key(&self, secret: &BlsSecretKey) -> PublicKeyBytes {
        secret.0.sk_to_pk().compress().into()
    }

    fn prove_possession(&self, secret: &BlsSecretKey) -> Signature {
        let key = self.public_key(secret);
        secret.0.sign(key.as_slice(), POSSESSION_DST, &[]).compress().into()
    }

    fn sign(&self, secret: &BlsSecretKey, message: &Message) -> Signature {
        secret.0.sign(message.as_bytes(), SIGNATURE_DST, &[]).compress().into()
    }

    fn admit(&self, key: &PublicKeyBytes, possession: &Signature) -> Result<BlsPublicKey, KeyError> {
        let admitted = PublicKey::key_validate(key.as_slice()).map_err(|error| match error {
            BLST_ERROR::BLST_PK_IS_INFINITY => KeyError::Infinity,
            _ => KeyError::Malformed,
        })?;
        match together(&[&admitted], key.as_slice(), possession, POSSESSION_DST) {
            true => Ok(admitted),
            false => Err(KeyError::NotPossessed),
        }
    }

    fn verify(&self, keys: &[&BlsPublicKey], message: &Message, signature: &Signature) -> bool {
        together(keys, message.as_bytes(), signature, SIGNATURE_DST)
    }

    /// By one equation over all of them, for less than half of the time: see [`coefficients`](Bls::coefficients).
    fn verify_all(&self, claims: &[Claim<'_, BlsPublicKey>]) -> bool {
        together::hold(claims)
    }

    fn aggregate(&self, signatures: &[Signature]) -> Option<Signature> {
        let points: Option<Vec<Point>> = signatures.iter().map(point).collect();
        let points = points?;
        let points: Vec<&Point> = points.iter().collect();
        let sum = AggregateSignature::aggregate(&points, false).ok()?;
        Some(sum.to_signature().compress().into())
    }
}

/// A signature as a point of the right subgroup. Infinity, which signs for nobody, is none.
fn point(signature: &Signature) -> Option<Point> {
    Point::sig_validate(signature.as_slice(), true).ok()
}

fn together(keys: &[&PublicKey], bytes: &[u8], signature: &Signature, dst: &[u8]) -> bool {
    let verified = |point: Point| point.fast_aggregate_verify(false, bytes, dst, keys);
    point(signature).map(verified) == Some(BLST_ERROR::BLST_SUCCESS)
}
