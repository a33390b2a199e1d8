//! Signatures, aggregates, keys and authority sets, of both schemes.

use alys_engines::violation::check_eq;
use alys_wire::containers::{Hash256, MAX_AUTHORITIES, Signature};

use super::super::alys::authorities::{AuthorityError, AuthoritySet};
use super::super::alys::scheme::{
    Bls, BlsSecretKey, Domain, KeyError, Message, PublicKeyBytes, SignatureScheme,
};
use super::super::keys::{BlsKeys, IdealKeys, Keyring};

const ROOT: Hash256 = Hash256::repeat_byte(3);

/// Messages that differ from the first in one part each.
fn contexts_of() -> [Message; 5] {
    [
        Message::new(Domain::Approval, 1, 2, ROOT),
        Message::new(Domain::Proposal, 1, 2, ROOT),
        Message::new(Domain::Approval, 2, 2, ROOT),
        Message::new(Domain::Approval, 1, 1, ROOT),
        Message::new(Domain::Approval, 1, 2, Hash256::repeat_byte(4)),
    ]
}

pub(super) fn messages() {
    let written = |domain: &[u8], chain: u64, slot: u64, root: Hash256| {
        [domain, &chain.to_le_bytes(), &slot.to_le_bytes(), root.as_slice()].concat()
    };
    for (chain, slot) in [(1, 2), (u64::MAX, 1 << 40), (0, 0)] {
        for (domain, tag) in [(Domain::Proposal, b"alys/prp"), (Domain::Approval, b"alys/apr")] {
            let message = Message::new(domain, chain, slot, ROOT);
            check_eq("CH-2", "a message", &written(tag, chain, slot, ROOT)[..], &message.as_bytes()[..]);
        }
    }
}

pub(super) fn contexts() {
    context_of::<IdealKeys>();
    context_of::<BlsKeys>();
}

fn context_of<K: Keyring>() {
    let scheme = K::scheme();
    let [key, other] = [0, 1].map(|who| admitted::<K>(&scheme, who));
    let messages = contexts_of();
    for (place, signed) in messages.iter().enumerate() {
        let signature = scheme.sign(&K::secret(0), signed);
        for (asked, message) in messages.iter().enumerate() {
            let verifies = scheme.verify(&[&key], message, &signature);
            check_eq(
                "CH-2",
                "whether a signature of one message holds for another",
                &(asked == place),
                &verifies,
            );
        }
        check_eq(
            "CH-2",
            "whether it is somebody else's",
            &false,
            &scheme.verify(&[&other], signed, &signature),
        );
        for at in [0, 1, 47, 95] {
            let mut flipped = signature;
            flipped[at] ^= 1;
            check_eq(
                "CH-2",
                "whether it holds with a bit flipped",
                &false,
                &scheme.verify(&[&key], signed, &flipped),
            );
        }
    }
}

fn admitted<K: Keyring>(scheme: &K::Scheme, who: u64) -> <K::Scheme as SignatureScheme>::PublicKey {
    let secret = K::secret(who);
    let stated = (scheme.public_key(&secret), scheme.prove_possession(&secret));
    scheme.admit(&stated.0, &stated.1).expect("a sound key")
}

pub(super) fn aggregates() {
    aggregates_of::<IdealKeys>();
    aggregates_of::<BlsKeys>();
    // What was signed elsewhere is not signed here, alone or together with what was.
    let ([here, there], message) = ([IdealKeys::scheme(), IdealKeys::scheme()], contexts_of()[0]);
    let keys = [0, 1].map(|who| admitted::<IdealKeys>(&here, who));
    let parts = [here.sign(&IdealKeys::secret(0), &message), there.sign(&IdealKeys::secret(1), &message)];
    let whole = here.aggregate(&parts).expect("sound signatures");
    check_eq(
        "CH-2",
        "whether both have signed",
        &false,
        &here.verify(&[&keys[0], &keys[1]], &message, &whole),
    );
    check_eq("CH-2", "whether the other has", &false, &here.verify(&[&keys[1]], &message, &parts[1]));
    // The point at infinity is the sum of no signatures, and signs for nobody.
    let mut infinity = Signature::ZERO;
    infinity[0] = 0xC0;
    let key = admitted::<BlsKeys>(&Bls, 0);
    check_eq(
        "CH-2",
        "whether infinity is a signature",
        &false,
        &Bls.verify(&[&key], &contexts_of()[0], &infinity),
    );
    check_eq("CH-2", "whether infinity is added", &None, &Bls.aggregate(&[infinity]));
}

fn aggregates_of<K: Keyring>() {
    let (scheme, message) = (K::scheme(), contexts_of()[0]);
    let keys: Vec<_> = (0..3).map(|who| admitted::<K>(&scheme, who)).collect();
    let signatures: Vec<_> = (0..3).map(|who| scheme.sign(&K::secret(who), &message)).collect();
    let sets: [&[usize]; 7] = [&[0], &[1], &[0, 1], &[1, 2], &[0, 1, 2], &[0, 0], &[0, 1, 1]];
    for signed in sets {
        let parts: Vec<_> = signed.iter().map(|one| signatures[*one]).collect();
        let whole = scheme.aggregate(&parts).expect("sound signatures");
        for asked in sets {
            let asked_keys: Vec<_> = asked.iter().map(|one| &keys[*one]).collect();
            let verifies = scheme.verify(&asked_keys, &message, &whole);
            check_eq("CH-2", "whether an aggregate is of these signers", &(signed == asked), &verifies);
        }
        check_eq("CH-2", "whether nobody has signed it", &false, &scheme.verify(&[], &message, &whole));
    }
    check_eq("CH-2", "what no signatures add up to", &None, &scheme.aggregate(&[]));
    let broken = Signature::repeat_byte(0xFF);
    check_eq("CH-2", "what no signature adds up to", &None, &scheme.aggregate(&[signatures[0], broken]));
    check_eq(
        "CH-2",
        "whether the empty signature is nobody's",
        &false,
        &scheme.verify(&[], &message, &Signature::ZERO),
    );
    check_eq("CH-2", "whether no signature verifies", &false, &scheme.verify(&[&keys[0]], &message, &broken));
}

pub(super) fn possession() {
    possession_of::<IdealKeys>();
    possession_of::<BlsKeys>();
    // Signing its own key as if it were a message is no proof: the ciphersuite separates the two.
    let (secret, key) = (BlsKeys::secret(0), Bls.public_key(&BlsKeys::secret(0)));
    let misused = blst::min_pk::SecretKey::key_gen(&seed(0), &[]).expect("a key");
    let misused =
        misused.sign(key.as_slice(), super::super::alys::scheme::SIGNATURE_DST, &[]).compress().into();
    check_eq(
        "CH-2",
        "a signature as a proof",
        &Err(KeyError::NotPossessed),
        &Bls.admit(&key, &misused).map(drop),
    );
    let mut infinity = PublicKeyBytes::ZERO;
    infinity[0] = 0xC0;
    let proof = Bls.prove_possession(&secret);
    check_eq("CH-2", "infinity as a key", &Err(KeyError::Infinity), &Bls.admit(&infinity, &proof).map(drop));
    let outside = outside_the_subgroup();
    check_eq(
        "CH-2",
        "a key outside the subgroup",
        &Err(KeyError::Malformed),
        &Bls.admit(&outside, &proof).map(drop),
    );
    check_eq("CH-2", "whether few bytes are a seed", &true, &BlsSecretKey::from_seed(&[1; 31]).is_none());
    let shown = format!("{secret:?}");
    check_eq("CH-2", "what is shown of a secret key", "BlsSecretKey(..)", &shown);
}

fn seed(who: u64) -> [u8; 32] {
    let mut seed = [9; 32];
    seed[..8].copy_from_slice(&who.to_le_bytes());
    seed
}

/// A point of the curve that is no key: almost none lies in the subgroup.
fn outside_the_subgroup() -> PublicKeyBytes {
    let candidate = |x: u8| {
        let mut bytes = [0; 48];
        (bytes[0], bytes[47]) = (0x80, x);
        bytes
    };
    let on_curve = |bytes: &[u8; 48]| blst::min_pk::PublicKey::from_bytes(bytes).is_ok();
    (1..=u8::MAX).map(candidate).find(on_curve).expect("half of all numbers are a point's").into()
}

fn possession_of<K: Keyring>() {
    let scheme = K::scheme();
    let [mine, theirs] = [0, 1].map(K::secret);
    let key = scheme.public_key(&mine);
    let proof = scheme.prove_possession(&mine);
    check_eq("CH-2", "whether a key with its proof is admitted", &true, &scheme.admit(&key, &proof).is_ok());
    let foreign = scheme.prove_possession(&theirs);
    let message = scheme.sign(&mine, &Message::new(Domain::Approval, 1, 1, ROOT));
    for proof in [foreign, message, Signature::ZERO] {
        let refused = scheme.admit(&key, &proof).map(drop);
        check_eq("CH-2", "a key without its proof", &Err(KeyError::NotPossessed), &refused);
    }
    let malformed = PublicKeyBytes::repeat_byte(0xFF);
    let refused = scheme.admit(&malformed, &proof).map(drop);
    check_eq("CH-2", "bytes that are no key", &Err(KeyError::Malformed), &refused);
    if size_of::<K::Scheme>() > 0 {
        let nobody = scheme.admit(&PublicKeyBytes::ZERO, &proof).map(drop);
        check_eq("CH-2", "the key that everybody can sign for", &Err(KeyError::Infinity), &nobody);
    }
}

pub(super) fn sets() {
    let scheme = IdealKeys::scheme();
    let stated = |who: u64| {
        let secret = IdealKeys::secret(who);
        (scheme.public_key(&secret), scheme.prove_possession(&secret))
    };
    let made = |whose: &[u64]| {
        let stated: Vec<_> = whose.iter().map(|one| stated(*one)).collect();
        AuthoritySet::new(&scheme, &stated).map(|set| set.len())
    };
    check_eq("CH-2", "nobody", &Err(AuthorityError::Empty), &made(&[]));
    check_eq("CH-2", "four", &Ok(4), &made(&[0, 1, 2, 3]));
    let twice = AuthorityError::Duplicate { index: 3, first: 1 };
    check_eq("CH-2", "one twice", &Err(twice), &made(&[0, 1, 2, 1]));
    let most: Vec<u64> = (0..MAX_AUTHORITIES as u64).collect();
    check_eq("CH-2", "as many as there are bits", &Ok(MAX_AUTHORITIES), &made(&most));
    let more: Vec<u64> = (0..=MAX_AUTHORITIES as u64).collect();
    let count = MAX_AUTHORITIES + 1;
    check_eq("CH-2", "one too many", &Err(AuthorityError::TooMany { count }), &made(&more));
    let mut wrong = [stated(0), stated(1)];
    wrong[1].1 = wrong[0].1;
    let refused = AuthoritySet::new(&scheme, &wrong).map(|set| set.len());
    let expected = AuthorityError::Key { index: 1, error: KeyError::NotPossessed };
    check_eq("CH-2", "a key without its proof", &Err(expected), &refused);
    let stated: Vec<_> = (0..5).map(stated).collect();
    let set = AuthoritySet::new(&scheme, &stated).expect("sound keys");
    for index in 0..7 {
        let known = (index < 5).then(|| IdealKeys::secret(index));
        check_eq("CH-2", "the key of an authority", &known, &set.key(index).copied());
    }
    for slot in [0, 1, 4, 5, 12, u64::MAX] {
        check_eq("CH-1", "the proposer of a slot", &(slot % 5), &set.proposer(slot));
    }
}
