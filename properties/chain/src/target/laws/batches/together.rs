//! Signatures that are verified in one equation.

use alys_engines::draw::SplitMix;
use alys_engines::violation::check_eq;
use alys_wire::containers::{Hash256, Signature};
use blst::MultiPoint as _;
use blst::min_pk::{AggregateSignature, PublicKey, Signature as Point};
use ethereum_hashing::hash;

use super::super::super::alys::scheme::{
    Bls, BlsPublicKey, Claim, Coefficient, Domain, Message, SignatureScheme,
};
use super::super::super::keys::{BlsKeys, IdealKeys, Keyring};

/// In how many ways a claim is wrong.
const WRONGS: u64 = 9;

/// The order of the group of BLS12-381, the lowest byte first.
const ORDER: [u8; 32] = [
    0x01, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE, 0x5B, 0xFE, 0xFF, 0x02, 0xA4, 0xBD, 0x53, 0x05,
    0xD8, 0xA1, 0x09, 0x08, 0xD8, 0x39, 0x33, 0x48, 0x7D, 0x9D, 0x29, 0x53, 0xA7, 0xED, 0x73,
];

type Key<K> = <<K as Keyring>::Scheme as SignatureScheme>::PublicKey;

fn message(slot: u64) -> Message {
    Message::new(Domain::Approval, 7, slot, Hash256::repeat_byte(5))
}

fn keys<K: Keyring>(scheme: &K::Scheme) -> Vec<Key<K>> {
    let stated = |who| (scheme.public_key(&K::secret(who)), scheme.prove_possession(&K::secret(who)));
    (0..4).map(|who| scheme.admit(&stated(who).0, &stated(who).1).expect("a sound key")).collect()
}

/// That the first so many have signed something of this slot; wrong in some way, or not.
fn claim<'a, K: Keyring>(
    scheme: &K::Scheme,
    keys: &'a [Key<K>],
    signers: usize,
    slot: u64,
    wrong: u64,
) -> Claim<'a, Key<K>> {
    let sign = |who: usize| scheme.sign(&K::secret(who as u64), &message(slot));
    let mut infinity = Signature::ZERO;
    infinity[0] = 0xC0;
    let all: Vec<_> = (0..signers).map(sign).collect();
    let mut claim = Claim {
        keys: keys[..signers].iter().collect(),
        message: message(slot),
        signature: scheme.aggregate(&all).expect("sound signatures"),
    };
    match wrong {
        0 => claim.message = message(slot + 1),
        1 => claim.signature = sign(3),
        2 => claim.signature = Signature::repeat_byte(0xFF),
        3 => claim.signature = infinity,
        4 => claim.keys.clear(),
        5 => claim.keys.push(&keys[3]),
        6 => claim.keys.push(&keys[0]),
        7 => drop(claim.keys.remove(0)),
        8 => (claim.keys, claim.signature) = (Vec::new(), infinity),
        _ => {}
    }
    claim
}

/// Claims are verified together exactly as they would be one by one.
pub(in super::super) fn claims() {
    claims_of::<IdealKeys>(400);
    claims_of::<BlsKeys>(40);
    opposite_keys();
}

fn claims_of<K: Keyring>(cases: u64) {
    let scheme = K::scheme();
    let keys = keys::<K>(&scheme);
    check_eq("CH-2", "whether no claims hold", &true, &scheme.verify_all(&[]));
    for seed in 0..cases {
        let mut mix = SplitMix(seed);
        let len = 1 + mix.next() % 5;
        let mut claims: Vec<_> = (0..len)
            .map(|slot| claim::<K>(&scheme, &keys, 1 + (mix.next() % 3) as usize, slot, WRONGS))
            .collect();
        let at = (mix.next() % len) as usize;
        match seed % 4 {
            0 => {}
            1 => {
                // The sum of all signatures stays the same.
                let other = (mix.next() % len) as usize;
                let (one, two) = (claims[at].signature, claims[other].signature);
                (claims[at].signature, claims[other].signature) = (two, one);
            }
            _ => claims[at] = claim::<K>(&scheme, &keys, 2, at as u64, mix.next() % WRONGS),
        }
        let alone = claims.iter().all(|it| scheme.verify(&it.keys, &it.message, &it.signature));
        check_eq("CH-2", "whether claims hold together", &alone, &scheme.verify_all(&claims));
    }
}

/// Two keys that add up to infinity have signed nothing together, alone or among others.
fn opposite_keys() {
    let key = keys::<BlsKeys>(&Bls)[0];
    let mut opposite = key.compress();
    opposite[0] ^= 0x20;
    let opposite: BlsPublicKey = PublicKey::from_bytes(&opposite).expect("a point of the curve");
    let sound = |slot| Bls.sign(&BlsKeys::secret(0), &message(slot));
    for signature in [sound(1), {
        let mut infinity = Signature::ZERO;
        infinity[0] = 0xC0;
        infinity
    }] {
        let both = Claim { keys: vec![&key, &opposite], message: message(1), signature };
        let other = Claim { keys: vec![&key], message: message(2), signature: sound(2) };
        let verified = Bls.verify(&both.keys, &both.message, &both.signature);
        check_eq("CH-2", "whether opposite keys have signed", &false, &verified);
        check_eq("CH-2", "whether they have among others", &false, &Bls.verify_all(&[other, both]));
    }
}

/// What the coefficients are, that all of them hang on everything, and that errors which cancel out by those of
/// sound claims are found.
pub(in super::super) fn coefficients() {
    let keys = keys::<BlsKeys>(&Bls);
    let sound = |slot| claim::<BlsKeys>(&Bls, &keys, 1, slot, WRONGS);
    let claims = [sound(1), sound(2), sound(3)];
    let found = Bls::coefficients(&claims).expect("sound claims");
    let mut content = Vec::new();
    for claim in &claims {
        content.extend(claim.keys[0].compress());
        content.extend(claim.message.as_bytes());
        content.extend(claim.signature);
    }
    let expected: Vec<Coefficient> = (0..3_u64).map(|index| expected(&content, index)).collect();
    check_eq("CH-2", "the coefficients", &expected, &found);
    let other = claim::<BlsKeys>(&Bls, &keys, 2, 3, WRONGS);
    for change in 0..3 {
        let mut changed = [sound(1), sound(2), sound(3)];
        match change {
            0 => changed[2].keys = vec![&keys[1]],
            1 => changed[2].message = message(4),
            _ => changed[2].signature = other.signature,
        }
        let changed = Bls::coefficients(&changed).expect("signatures all the same");
        let alike = found.iter().zip(&changed).filter(|(one, other)| one == other).count();
        check_eq("CH-2", "how many coefficients stay when the last claim changes", &0, &alike);
    }
    for wrong in [2, 3, 4, 8] {
        let broken = [sound(1), claim::<BlsKeys>(&Bls, &keys, 1, 2, wrong)];
        check_eq("CH-2", "the coefficients of no claims", &None, &Bls::coefficients(&broken));
    }
    cancelled_out(claims, &found);
}

/// The coefficient of a claim by its definition.
fn expected(content: &[u8], index: u64) -> Coefficient {
    let digest = hash(&[&hash(content)[..], &index.to_le_bytes()].concat());
    let mut bytes: Coefficient = digest[..16].try_into().expect("16 of 32 bytes");
    bytes[0] |= 1;
    bytes
}

/// The first two signatures get errors that cancel out by the coefficients of sound claims.
fn cancelled_out(mut claims: [Claim<'_, BlsPublicKey>; 3], by: &[Coefficient]) {
    let error = Bls.sign(&BlsKeys::secret(9), &message(9));
    let point = |signature: &Signature| Point::from_bytes(signature.as_slice()).expect("a signature");
    let weighed = |one: &Signature, by: &[u8; 32]| [point(one)][..].mult(by, 255);
    let (mut first, second) = ([0; 32], less(&by[0]));
    first[..16].copy_from_slice(&by[1]);
    let sum = |signatures: [&Signature; 2]| {
        let points = signatures.map(point);
        points[..].mult(by[..2].as_flattened(), 128).to_signature()
    };
    let before = sum([&claims[0].signature, &claims[1].signature]);
    for (claim, by) in claims.iter_mut().zip([first, second]) {
        let mut wrong: AggregateSignature = weighed(&error, &by);
        wrong.add_signature(&point(&claim.signature), false).expect("it is not asked whether it is one");
        claim.signature = wrong.to_signature().compress().into();
    }
    check_eq("CH-2", "the sum", &before, &sum([&claims[0].signature, &claims[1].signature]));
    check_eq("CH-2", "whether errors cancel out", &false, &Bls.verify_all(&claims));
}

/// The order of the group less a coefficient.
fn less(by: &Coefficient) -> [u8; 32] {
    let (mut rest, mut borrow) = (ORDER, 0_i16);
    for (place, byte) in rest.iter_mut().enumerate() {
        let digit = i16::from(*byte) - i16::from(by.get(place).copied().unwrap_or(0)) - borrow;
        borrow = i16::from(digit < 0);
        *byte = digit.rem_euclid(256) as u8;
    }
    rest
}
