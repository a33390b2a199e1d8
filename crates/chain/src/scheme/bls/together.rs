//! Many signatures in one equation.
//!
//! A claim (key `k`, message `m`, signature `s`) holds if `e(g, s) = e(k, H(m))`. For claims with coefficients `r` it is
//! asked whether `e(g, sum of r s)` is the product of all `e(r k, H(m))`. If all claims hold, so does that. If one does not, it
//! does for one choice of coefficients in 2^127, since all points are of the subgroup of prime order: errors that cancel out
//! for some coefficients do not for others. So what counts is that nobody can choose signatures by their coefficients.

use blst::min_pk::{AggregatePublicKey, PublicKey, Signature as Point};
use blst::{BLST_ERROR, MultiPoint as _, Pairing, blst_fp12, blst_p1_affine, blst_p2_affine};
use ethereum_hashing::hash;

use super::{Bls, BlsPublicKey, Claim, SIGNATURE_DST, point};

/// The length of a [`Coefficient`] in bytes: long enough that nobody tries out contents until errors cancel out.
pub const COEFFICIENT_BYTES: usize = 16;

/// What a claim is multiplied by; little-endian, and never 0.
pub type Coefficient = [u8; COEFFICIENT_BYTES];

/// A claim with its keys made one, and its signature read.
struct Term<'a> {
    key: PublicKey,
    message: &'a [u8],
    signature: Point,
}

impl Bls {
    /// The coefficients by which claims are verified together: of claim `i` the first bytes of the hash of `i` behind a hash
    /// over keys, messages and signatures of all of them, made odd.
    ///
    /// They follow from what is claimed, so a run is a function of its input, as everywhere. Whoever changes one signature, so
    /// that its error cancels out against another one's, changes all of them; who made one block of a batch does not know the
    /// others.
    ///
    /// `None` when there is a claim without keys, or with a signature that is none.
    #[must_use]
    pub fn coefficients(claims: &[Claim<'_, BlsPublicKey>]) -> Option<Vec<Coefficient>> {
        terms(claims).map(|terms| of(&terms))
    }
}

fn terms<'a>(claims: &'a [Claim<'_, PublicKey>]) -> Option<Vec<Term<'a>>> {
    let term = |claim: &'a Claim<'_, PublicKey>| {
        let key = AggregatePublicKey::aggregate(&claim.keys, false).ok()?.to_public_key();
        let signature = point(&claim.signature)?;
        Some(Term { key, message: claim.message.as_bytes(), signature })
    };
    claims.iter().map(term).collect()
}

fn of(terms: &[Term<'_>]) -> Vec<Coefficient> {
    let mut content = Vec::new();
    for Term { key, message, signature } in terms {
        content.extend(key.compress());
        content.extend(*message);
        content.extend(signature.compress());
    }
    let content = hash(&content);
    let coefficient = |index: usize| {
        let digest = hash(&[content.as_slice(), &(index as u64).to_le_bytes()].concat());
        let mut bytes = [0; COEFFICIENT_BYTES];
        bytes.copy_from_slice(&digest[..COEFFICIENT_BYTES]);
        bytes[0] |= 1;
        bytes
    };
    (0..terms.len()).map(coefficient).collect()
}

/// Whether all claims hold; of none they do.
pub(super) fn hold(claims: &[Claim<'_, PublicKey>]) -> bool {
    terms(claims).is_some_and(|terms| terms.is_empty() || balanced(&terms))
}

/// Whether the equation holds.
fn balanced(terms: &[Term<'_>]) -> bool {
    let (coefficients, bits) = (of(terms), 8 * COEFFICIENT_BYTES);
    let mut pairing = Pairing::new(true, SIGNATURE_DST);
    for (term, coefficient) in terms.iter().zip(&coefficients) {
        let key: &blst_p1_affine = (&term.key).into();
        // The signatures are multiplied all at once, below: here is none.
        let added = pairing.mul_n_aggregate(key, false, &(), false, coefficient, bits, term.message, &[]);
        if added != BLST_ERROR::BLST_SUCCESS {
            return false;
        }
    }
    pairing.commit();
    let signatures: Vec<Point> = terms.iter().map(|term| term.signature).collect();
    let sum = signatures.mult(coefficients.as_flattened(), bits).to_signature();
    let (sum, mut other): (&blst_p2_affine, _) = ((&sum).into(), blst_fp12::default());
    Pairing::aggregated(&mut other, sum);
    pairing.finalverify(Some(&other))
}
