//! BLS signatures over BLS12-381, keys in G1 and signatures in G2, as `draft-irtf-cfrg-bls-signature` defines them.

use std::collections::BTreeMap;

use blst::min_pk::{AggregateSignature, PublicKey, SecretKey, Signature as Point};
use blst::{BLST_ERROR, MultiPoint as _};

use super::{
    COEFFICIENT_BYTES, Claim, Hashed, KeyError, PublicKeyBytes, Scheme, SignatureBytes, coefficients,
};

/// Separates signatures over messages from everything else (the ciphersuite with proofs of possession).
pub const SIGNATURE_DST: &[u8] = b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_";

/// Separates proofs of possession from signatures.
pub const POSSESSION_DST: &[u8] = b"BLS_POP_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_";

/// A key that is a point of the right subgroup, and no infinity.
pub type BlsPublicKey = PublicKey;

/// The scheme that nodes run.
///
/// ```
/// use alys_governance::scheme::{Bls, BlsSecretKey, Scheme};
///
/// let secret = BlsSecretKey::from_seed(&[7; 32]).unwrap();
/// let key = Bls.admit(&Bls.public_key(&secret), &Bls.prove_possession(&secret)).unwrap();
/// assert!(Bls.verify(&key, b"yes", &Bls.sign(&secret, b"yes")));
/// assert!(!Bls.verify(&key, b"no", &Bls.sign(&secret, b"yes")));
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

    /// Reads a key as the number that it is, most significant byte first; `None` when it is 0, or not below the order of
    /// the group.
    #[must_use]
    pub fn from_bytes(bytes: &[u8; 32]) -> Option<Self> {
        SecretKey::from_bytes(bytes).ok().map(Self)
    }
}

impl std::fmt::Debug for BlsSecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BlsSecretKey(..)")
    }
}

impl Bls {
    /// Reads a key: a point of the right subgroup in its one encoding, and no infinity.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn key(bytes: &[u8]) -> Result<BlsPublicKey, KeyError> {
        PublicKey::key_validate(bytes).map_err(|error| match error {
            BLST_ERROR::BLST_PK_IS_INFINITY => KeyError::Infinity,
            _ => KeyError::Malformed,
        })
    }

    /// Reads a signature as a point of the right subgroup in its one encoding. Infinity, which is the sum of no
    /// signatures, is such a point; it verifies for nobody.
    #[must_use]
    pub fn point(bytes: &[u8]) -> Option<Point> {
        Point::sig_validate(bytes, false).ok()
    }
}

impl Scheme for Bls {
    type SecretKey = BlsSecretKey;
    type PublicKey = BlsPublicKey;

    fn public_key(&self, secret: &BlsSecretKey) -> PublicKeyBytes {
        secret.0.sk_to_pk().compress().into()
    }

    fn prove_possession(&self, secret: &BlsSecretKey) -> SignatureBytes {
        let key = self.public_key(secret);
        secret.0.sign(key.as_slice(), POSSESSION_DST, &[]).compress().into()
    }

    fn sign(&self, secret: &BlsSecretKey, message: &[u8]) -> SignatureBytes {
        secret.0.sign(message, SIGNATURE_DST, &[]).compress().into()
    }

    fn admit(&self, key: &PublicKeyBytes, possession: &SignatureBytes) -> Result<BlsPublicKey, KeyError> {
        let admitted = Self::key(key.as_slice())?;
        match together(&[&admitted], key.as_slice(), possession, POSSESSION_DST) {
            true => Ok(admitted),
            false => Err(KeyError::NotPossessed),
        }
    }

    fn verify(&self, key: &BlsPublicKey, message: &[u8], signature: &SignatureBytes) -> bool {
        together(&[key], message, signature, SIGNATURE_DST)
    }

    /// Multiplies every signature with its coefficient, and so the keys; keys of one message then need one pairing together.
    fn verify_batch(&self, claims: &[Claim<'_, BlsPublicKey>]) -> bool {
        let points: Option<Vec<Point>> = claims.iter().map(|claim| signed(claim.signature)).collect();
        let Some(points) = points else { return false };
        if points.is_empty() {
            return true;
        }
        let (mut hashed, mut groups) = (Vec::with_capacity(claims.len()), BTreeMap::<_, Vec<usize>>::new());
        for (place, Claim { key, message, signature }) in claims.iter().enumerate() {
            hashed.push(Hashed { key: key.compress().into(), message, signature });
            groups.entry(*message).or_default().push(place);
        }
        let scalars = coefficients(&hashed);
        let sum = points.mult(&scalars, 8 * COEFFICIENT_BYTES).to_signature();
        let keys: Vec<PublicKey> =
            groups.values().map(|places| multiplied(claims, places, &scalars)).collect();
        let keys: Vec<&PublicKey> = keys.iter().collect();
        let messages: Vec<&[u8]> = groups.into_keys().collect();
        sum.aggregate_verify(false, &messages, SIGNATURE_DST, &keys, false) == BLST_ERROR::BLST_SUCCESS
    }

    fn verify_aggregate(&self, keys: &[&BlsPublicKey], message: &[u8], signature: &SignatureBytes) -> bool {
        together(keys, message, signature, SIGNATURE_DST)
    }

    fn aggregate(&self, signatures: &[SignatureBytes]) -> Option<SignatureBytes> {
        let points: Option<Vec<Point>> =
            signatures.iter().map(|signature| Self::point(signature.as_slice())).collect();
        let points = points?;
        let points: Vec<&Point> = points.iter().collect();
        let sum = AggregateSignature::aggregate(&points, false).ok()?;
        Some(sum.to_signature().compress().into())
    }
}

/// A signature of somebody: infinity is nobody's.
fn signed(signature: &SignatureBytes) -> Option<Point> {
    Point::sig_validate(signature.as_slice(), true).ok()
}

/// The sum of some claims' keys, each multiplied with its claim's coefficient.
fn multiplied(claims: &[Claim<'_, BlsPublicKey>], places: &[usize], scalars: &[u8]) -> PublicKey {
    let keys: Vec<PublicKey> = places.iter().map(|place| *claims[*place].key).collect();
    let of = |place: &usize| &scalars[place * COEFFICIENT_BYTES..][..COEFFICIENT_BYTES];
    let scalars: Vec<u8> = places.iter().flat_map(of).copied().collect();
    keys.mult(&scalars, 8 * COEFFICIENT_BYTES).to_public_key()
}

fn together(keys: &[&PublicKey], bytes: &[u8], signature: &SignatureBytes, dst: &[u8]) -> bool {
    let verified = |point: Point| point.fast_aggregate_verify(false, bytes, dst, keys);
    signed(signature).map(verified) == Some(BLST_ERROR::BLST_SUCCESS)
}
