//! Signatures and keys of both schemes.

use alys_engines::violation::{check_eq, violated};
use alys_models::governance::{ModelChoice, bytes};
use blst::MultiPoint as _;

use super::super::alys::scheme::{
    Bls, BlsSecretKey, Ideal, IdealKey, KeyError, POSSESSION_DST, PublicKeyBytes, SIGNATURE_DST, Scheme,
    SignatureBytes,
};
use super::super::keys::{BlsKeys, IdealKeys, Key, Keyring, MALFORMED, seed};
use super::super::vectors as held;
use crate::vectors;

fn admitted<K: Keyring>(scheme: &K::Scheme, who: u64) -> Key<K> {
    let secret = K::secret(who);
    let stated = (scheme.public_key(&secret), scheme.prove_possession(&secret));
    let admitted = scheme.admit(&stated.0, &stated.1);
    admitted.unwrap_or_else(|error| violated("GV-2", format!("a sound key is refused: {error}")))
}

/// Messages that differ from the first in one part each.
fn messages_of() -> Vec<Vec<u8>> {
    let [content, other] = [[1; 32], [2; 32]];
    vec![
        bytes::message(1, 2, &content, ModelChoice::Approve),
        bytes::message(9, 2, &content, ModelChoice::Approve),
        bytes::message(1, 3, &content, ModelChoice::Approve),
        bytes::message(1, 2, &other, ModelChoice::Approve),
        bytes::message(1, 2, &content, ModelChoice::Reject),
        [b"alys/apr", &bytes::message(1, 2, &content, ModelChoice::Approve)[8..]].concat(),
        Vec::new(),
    ]
}

pub(super) fn contexts() {
    contexts_of::<IdealKeys>();
    contexts_of::<BlsKeys>();
}

fn contexts_of<K: Keyring>() {
    let scheme = K::scheme();
    let [key, other] = [0, 1].map(|who| admitted::<K>(&scheme, who));
    let messages = messages_of();
    let signatures: Vec<_> = messages.iter().map(|one| scheme.sign(&K::secret(0), one)).collect();
    for (place, signature) in signatures.iter().enumerate() {
        for (asked, message) in messages.iter().enumerate().filter(|(asked, _)| *asked == place || place == 0)
        {
            let verifies = scheme.verify(&key, message, signature);
            check_eq("GV-1", "whether a signature holds here", &(asked == place), &verifies);
        }
    }
    let (message, signature) = (&messages[0], &signatures[0]);
    check_eq("GV-1", "whether it is another's", &false, &scheme.verify(&other, message, signature));
    for at in [0, 1, 47, 95] {
        let mut flipped = *signature;
        flipped[at] ^= 1;
        check_eq(
            "GV-7",
            "whether it holds with a bit flipped",
            &false,
            &scheme.verify(&key, message, &flipped),
        );
    }
    let negated = K::negated(signature);
    check_eq("GV-1", "whether its opposite holds", &false, &scheme.verify(&key, message, &negated));
}

pub(super) fn ideal() {
    let ([here, there], message) = ([IdealKeys::scheme(), IdealKeys::scheme()], b"yes");
    let keys = [0, 1].map(|who| admitted::<IdealKeys>(&here, who));
    let signed = |scheme: &Ideal, who| scheme.sign(&IdealKeys::secret(who), message);
    let (mine, elsewhere) = (signed(&here, 0), signed(&there, 1));
    check_eq("GV-1", "whether it is signed", &true, &here.verify(&keys[0], message, &mine));
    check_eq("GV-1", "whether it is signed here", &false, &here.verify(&keys[1], message, &elsewhere));
    let whole = here.aggregate(&[mine, elsewhere]).expect("sound signatures");
    let both = here.verify_aggregate(&[&keys[0], &keys[1]], message, &whole);
    check_eq("GV-4", "whether both have signed here", &false, &both);
    check_eq("GV-1", "what is shown of it", "Ideal(3 signed)", &format!("{here:?}"));
    // A proof of possession of nothing is no signature over nothing, and none the other way round.
    let (proof, empty) = (here.prove_possession(&IdealKey(1)), here.sign(&IdealKey(1), b""));
    check_eq("GV-2", "whether a proof is a signature", &false, &here.verify(&keys[0], b"", &proof));
    let key = here.public_key(&IdealKey(1));
    let refused = Err(KeyError::NotPossessed);
    check_eq("GV-2", "whether a signature is a proof", &refused, &here.admit(&key, &empty));
    let mut long = key;
    long[47] = 1;
    check_eq("GV-2", "a key with more behind it", &Err(KeyError::Malformed), &here.admit(&long, &proof));
    let mut garbled = mine;
    garbled[95] = 1;
    check_eq("GV-4", "a sum with no signature", &None, &here.aggregate(&[mine, garbled]));
    check_eq("GV-4", "a sum of nothing", &None, &here.aggregate(&[]));
}

pub(super) fn possession() {
    possession_of::<IdealKeys>();
    possession_of::<BlsKeys>();
    // Signing its own key as if it were a message is no proof: the ciphersuite separates the two.
    let key = Bls.public_key(&BlsKeys::secret(0));
    let misused = Bls.sign(&BlsKeys::secret(0), key.as_slice());
    let refused = Bls.admit(&key, &misused).map(drop);
    check_eq("GV-2", "a signature as a proof", &Err(KeyError::NotPossessed), &refused);
    let dsts = [SIGNATURE_DST, POSSESSION_DST].map(<[u8]>::to_vec);
    let expected = [
        b"BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_".to_vec(),
        b"BLS_POP_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_".to_vec(),
    ];
    check_eq("GV-2", "what separates proofs and signatures", &expected, &dsts);
}

fn possession_of<K: Keyring>() {
    let scheme = K::scheme();
    let [mine, theirs] = [0, 1].map(K::secret);
    let (key, proof) = (scheme.public_key(&mine), scheme.prove_possession(&mine));
    check_eq("GV-2", "whether a key with its proof is admitted", &true, &scheme.admit(&key, &proof).is_ok());
    let foreign = scheme.prove_possession(&theirs);
    for proof in [foreign, scheme.sign(&mine, b"message"), SignatureBytes::ZERO] {
        let refused = scheme.admit(&key, &proof).map(drop);
        check_eq("GV-2", "a key without its proof", &Err(KeyError::NotPossessed), &refused);
    }
    let refused = scheme.admit(&MALFORMED, &proof).map(drop);
    check_eq("GV-2", "bytes that are no key", &Err(KeyError::Malformed), &refused);
    let refused = scheme.admit(&K::EVERYBODY, &proof).map(drop);
    check_eq("GV-2", "the key of everybody", &Err(KeyError::Infinity), &refused);
}

/// A key made of one's own and the opposite of another's signs for both, and has no proof.
pub(super) fn rogue() {
    let (victim, mine) = (admitted::<BlsKeys>(&Bls, 0), BlsKeys::secret(5));
    let own = Bls::key(Bls.public_key(&mine).as_slice()).expect("a key");
    let opposite = {
        let mut bytes = victim.compress();
        bytes[0] ^= 0x20;
        Bls::key(&bytes).expect("a key")
    };
    let rogue = [own, opposite].add().to_public_key();
    let (message, stated) = (b"yes", PublicKeyBytes::from(rogue.compress()));
    let alone = Bls.sign(&mine, message);
    let forged = Bls.verify_aggregate(&[&victim, &rogue], message, &alone);
    check_eq("GV-2", "whether the rogue key would sign for both", &true, &forged);
    for proof in [Bls.prove_possession(&mine), alone] {
        let refused = Bls.admit(&stated, &proof).map(drop);
        check_eq("GV-2", "the rogue key", &Err(KeyError::NotPossessed), &refused);
    }
}

/// Points outside the group, other encodings and infinity: no key and no signature of anybody.
pub(super) fn encodings() {
    let (key, secret) = (admitted::<BlsKeys>(&Bls, 0), BlsKeys::secret(0));
    let (stated, proof) = (Bls.public_key(&secret), Bls.prove_possession(&secret));
    let candidate = |x: u8| {
        let mut bytes = [0; 48];
        (bytes[0], bytes[47]) = (0x80, x);
        bytes
    };
    let on_curve = |bytes: &[u8; 48]| blst::min_pk::PublicKey::from_bytes(bytes).is_ok();
    let outside = (1..=u8::MAX).map(candidate).find(on_curve).expect("half of all numbers are a point's");
    let (mut plain, mut infinite, mut nothing) = (stated, stated, BlsKeys::EVERYBODY);
    plain[0] &= 0x7F;
    infinite[0] |= 0x40;
    nothing[47] = 1;
    for bytes in [outside.into(), plain, infinite, nothing, PublicKeyBytes::ZERO] {
        let refused = Bls.admit(&bytes, &proof).map(drop);
        check_eq("GV-2", "bytes that are no key", &Err(KeyError::Malformed), &refused);
    }
    let candidate = |x: u8| {
        let mut bytes = [0; 96];
        (bytes[0], bytes[95]) = (0x80, x);
        bytes
    };
    let on_curve = |bytes: &[u8; 96]| blst::min_pk::Signature::from_bytes(bytes).is_ok();
    let outside = (1..=u8::MAX).map(candidate).find(on_curve).expect("half of all numbers are a point's");
    check_eq("GV-7", "whether it is outside the group", &None, &Bls::point(&outside).map(drop));
    let mut infinity = SignatureBytes::ZERO;
    infinity[0] = 0xC0;
    let signature = Bls.sign(&secret, b"yes");
    check_eq("CL-3", "whether infinity is a point", &true, &Bls::point(infinity.as_slice()).is_some());
    for wrong in [SignatureBytes::new(outside), infinity] {
        check_eq("GV-7", "whether it verifies", &false, &Bls.verify(&key, b"yes", &wrong));
        check_eq("GV-7", "whether nobody has signed", &false, &Bls.verify_aggregate(&[], b"yes", &wrong));
    }
    check_eq("GV-4", "a sum with no point", &None, &Bls.aggregate(&[signature, outside.into()]));
    check_eq("GV-4", "a sum of nothing", &None, &Bls.aggregate(&[]));
    check_eq("GV-4", "a sum with infinity", &Some(signature), &Bls.aggregate(&[signature, infinity]));
    check_eq("GV-2", "whether few bytes are a seed", &true, &BlsSecretKey::from_seed(&[1; 31]).is_none());
    check_eq("GV-2", "whether 0 is a key", &true, &BlsSecretKey::from_bytes(&[0; 32]).is_none());
    check_eq("GV-2", "what is shown of a secret key", "BlsSecretKey(..)", &format!("{secret:?}"));
}

/// The sum of some signatures verifies for exactly those who signed, and is nobody's vote alone.
pub(super) fn sums() {
    sums_of::<IdealKeys>(&[&[0], &[1], &[0, 1], &[1, 2], &[0, 1, 2], &[0, 0], &[0, 1, 1]]);
    sums_of::<BlsKeys>(&[&[0, 1], &[1], &[0, 1, 1]]);
    check_eq("GV-1", "what a case derives keys from", &[9; 24][..], &seed(7)[8..]);
}

fn sums_of<K: Keyring>(sets: &[&[usize]]) {
    let (scheme, message) = (K::scheme(), b"yes");
    let keys: Vec<_> = (0..3).map(|who| admitted::<K>(&scheme, who)).collect();
    let signatures: Vec<_> = (0..3).map(|who| scheme.sign(&K::secret(who), message)).collect();
    for signed in sets {
        let parts: Vec<_> = signed.iter().map(|one| signatures[*one]).collect();
        let whole = scheme.aggregate(&parts).expect("sound signatures");
        for asked in sets {
            let asked_keys: Vec<_> = asked.iter().map(|one| &keys[*one]).collect();
            let verifies = scheme.verify_aggregate(&asked_keys, message, &whole);
            check_eq("GV-5", "whether a sum is of these signers", &(signed == asked), &verifies);
        }
        if signed.len() > 1 {
            let as_vote = scheme.verify(&keys[signed[0]], message, &whole);
            check_eq("GV-4", "whether a sum is a vote", &false, &as_vote);
        }
        for signature in [whole, SignatureBytes::ZERO] {
            let nobody = scheme.verify_aggregate(&[], message, &signature);
            check_eq("GV-5", "whether it is nobody's", &false, &nobody);
        }
    }
    let broken = SignatureBytes::repeat_byte(0xFF);
    check_eq("GV-5", "what no signature adds up to", &None, &scheme.aggregate(&[signatures[0], broken]));
}

pub(super) fn vectors() {
    held::committed(&vectors::committed());
}
