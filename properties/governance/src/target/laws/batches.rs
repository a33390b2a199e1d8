//! Batches: coefficients, attacks on them, and which claim is wrong.

use std::collections::BTreeSet;

use alys_engines::draw::SplitMix;
use alys_engines::violation::{check_eq, violated};
use alys_models::governance::bytes;
use blst::MultiPoint as _;

use super::super::alys::scheme::{
    Bls, COEFFICIENT_BYTES, Claim, Hashed, PublicKeyBytes, Scheme, SignatureBytes, coefficients, verify_each,
};
use super::super::keys::{BlsKeys, IdealKeys, Key, Keyring};

const RULE: &str = "GV-4";

type Plain = ([u8; 48], Vec<u8>, [u8; 96]);

fn made(claims: &[Plain]) -> Vec<Vec<u8>> {
    let signatures: Vec<SignatureBytes> = claims.iter().map(|(.., one)| SignatureBytes::new(*one)).collect();
    let hashed: Vec<_> = claims
        .iter()
        .zip(&signatures)
        .map(|((key, message, _), signature)| Hashed { key: PublicKeyBytes::new(*key), message, signature })
        .collect();
    coefficients(&hashed).chunks(COEFFICIENT_BYTES).map(<[u8]>::to_vec).collect()
}

/// Every byte of every claim, and the order, changes every coefficient; they are as long as they should be, and what the
/// definition says.
pub(super) fn bound() {
    check_eq(RULE, "the length of a coefficient", &16, &COEFFICIENT_BYTES);
    let plain: Vec<Plain> = (1..4).map(|n| ([n; 48], vec![n; usize::from(n) + 3], [n + 9; 96])).collect();
    let mut variants = vec![plain.clone(), plain[..2].to_vec(), plain[1..].to_vec(), Vec::new()];
    for (place, at) in [(0, 0), (1, 20), (2, 47)] {
        let mut changed = [plain.clone(), plain.clone(), plain.clone()];
        changed[0][place].0[at] ^= 1;
        changed[1][place].1[at % 4] ^= 1;
        changed[2][place].2[at * 2] ^= 1;
        variants.extend(changed);
    }
    let (mut swapped, mut moved) = (plain.clone(), plain.clone());
    swapped.swap(0, 2);
    // The same bytes in a row, cut otherwise.
    let byte = moved[0].1.pop();
    moved[1].1.splice(0..0, byte);
    variants.extend([swapped, moved]);
    let (mut seen, mut count) = (BTreeSet::new(), 0);
    for variant in &variants {
        let expected: Vec<Vec<u8>> = bytes::coefficients(variant).iter().map(|one| one.to_vec()).collect();
        let made = made(variant);
        check_eq(RULE, "the coefficients of a batch", &expected, &made);
        count += made.len();
        seen.extend(made);
    }
    check_eq(RULE, "how many coefficients differ", &count, &seen.len());
}

/// Some signed messages: three messages, five keys.
struct Signed<K: Keyring> {
    scheme: K::Scheme,
    keys: Vec<Key<K>>,
    messages: Vec<Vec<u8>>,
    /// Key, message, signature.
    claims: Vec<(usize, usize, SignatureBytes)>,
}

impl<K: Keyring> Signed<K> {
    fn new(count: usize) -> Self {
        let scheme = K::scheme();
        let admitted = |who: u64| {
            let secret = K::secret(who);
            let stated = (scheme.public_key(&secret), scheme.prove_possession(&secret));
            let admitted = scheme.admit(&stated.0, &stated.1);
            admitted.unwrap_or_else(|error| violated("GV-2", format!("a sound key is refused: {error}")))
        };
        let keys = (0..count.min(5) as u64).map(admitted).collect();
        let messages: Vec<Vec<u8>> = (0..3).map(|number| vec![number; 57]).collect();
        let claims = (0..count).map(|place| {
            let (who, what) = (place % 5, place % 3);
            (who, what, scheme.sign(&K::secret(who as u64), &messages[what]))
        });
        let claims = claims.collect();
        Signed { scheme, keys, messages, claims }
    }

    fn claims(&self) -> Vec<Claim<'_, Key<K>>> {
        self.claims
            .iter()
            .map(|(who, what, signature)| Claim {
                key: &self.keys[*who],
                message: &self.messages[*what],
                signature,
            })
            .collect()
    }

    fn batch(&self) -> bool {
        self.scheme.verify_batch(&self.claims())
    }

    fn each(&self) -> Vec<bool> {
        verify_each(&self.scheme, &self.claims())
    }

    /// Whether the sum of all signatures is what it should be: what a check without coefficients would look at.
    fn adds_up(&self, sound: &Self) -> bool {
        let sum = |signed: &Self| {
            let all: Vec<_> = signed.claims.iter().map(|(.., signature)| *signature).collect();
            self.scheme.aggregate(&all)
        };
        sum(self) == sum(sound)
    }
}

/// Two wrong signatures whose sum is that of the right ones: two of one message, and two of different ones.
pub(super) fn cancelling() {
    cancelling_of::<IdealKeys>();
    cancelling_of::<BlsKeys>();
}

fn cancelling_of<K: Keyring>() {
    let sound = Signed::<K>::new(4);
    check_eq(RULE, "whether sound claims pass", &true, &sound.batch());
    let stray = sound.scheme.sign(&K::secret(99), b"stray");
    for (first, second) in [(0, 3), (0, 1)] {
        let mut wrong = Signed::<K>::new(4);
        for (place, by) in [(first, stray), (second, K::negated(&stray))] {
            let with = [wrong.claims[place].2, by];
            wrong.claims[place].2 = wrong.scheme.aggregate(&with).expect("sound points");
        }
        // Signatures are registered where they are made.
        wrong.scheme = sound.scheme.clone();
        check_eq(RULE, "whether the two add up", &true, &wrong.adds_up(&sound));
        check_eq(RULE, "whether claims that only add up pass", &false, &wrong.batch());
        let expected: Vec<bool> = (0..4).map(|place| place != first && place != second).collect();
        check_eq(RULE, "which claims are true", &expected, &wrong.each());
    }
}

/// Whoever knew the coefficients beforehand could shift two signatures so that they cancel: by those of the sound batch, by
/// small numbers, by one and the same.
pub(super) fn predicted() {
    let sound = Signed::<BlsKeys>::new(2);
    let keys: Vec<PublicKeyBytes> = sound.keys.iter().map(|key| key.compress().into()).collect();
    let hashed: Vec<_> = sound
        .claims
        .iter()
        .map(|(who, what, signature)| Hashed { key: keys[*who], message: &sound.messages[*what], signature })
        .collect();
    let before = coefficients(&hashed);
    let one_and_two = [[1; 1].as_slice(), &[0; 15], &[2], &[0; 15]].concat();
    let zero_and_one = [[0; 16].as_slice(), &[1], &[0; 15]].concat();
    for guess in [before, one_and_two, zero_and_one] {
        let stray = Bls.sign(&BlsKeys::secret(99), b"stray");
        let point = Bls::point(stray.as_slice()).expect("a signature");
        let times =
            |scalar: &[u8]| -> SignatureBytes { [point].mult(scalar, 128).to_signature().compress().into() };
        let mut wrong = Signed::<BlsKeys>::new(2);
        let shifts = [times(&guess[16..]), BlsKeys::negated(&times(&guess[..16]))];
        for (claim, by) in wrong.claims.iter_mut().zip(shifts) {
            claim.2 = Bls.aggregate(&[claim.2, by]).unwrap_or(claim.2);
        }
        let changed = wrong.claims != sound.claims;
        check_eq(RULE, "whether the claims are wrong", &true, &changed);
        check_eq(RULE, "whether claims that cancel pass", &false, &wrong.batch());
    }
}

pub(super) fn found_ideally() {
    found_of::<IdealKeys>(9, 512);
}

pub(super) fn found() {
    found_of::<BlsKeys>(6, 6);
}

/// Whichever claims are wrong, exactly these are said to be.
fn found_of<K: Keyring>(count: usize, patterns: u64) {
    let sound = Signed::<K>::new(count);
    let none = verify_each(&sound.scheme, &[]);
    check_eq(RULE, "what nobody claims", &(Vec::new(), true), &(none, sound.scheme.verify_batch(&[])));
    let mut mix = SplitMix(4);
    for _ in 0..patterns {
        let wrong = mix.next() % (1 << count);
        let mut signed = Signed::<K>::new(count);
        signed.scheme = sound.scheme.clone();
        for place in (0..count).filter(|place| wrong >> place & 1 == 1) {
            // Somebody else's, of another message, or nothing at all.
            signed.claims[place].2 = match place % 3 {
                0 => sound.claims[(place + 1) % count].2,
                1 => SignatureBytes::ZERO,
                _ => K::negated(&sound.claims[place].2),
            };
        }
        let expected: Vec<bool> = (0..count).map(|place| wrong >> place & 1 == 0).collect();
        check_eq(RULE, "whether all are true", &(wrong == 0), &signed.batch());
        check_eq(RULE, "which claims are true", &expected, &signed.each());
    }
    check_eq(RULE, "whether all sound ones are true", &vec![true; count], &sound.each());
    check_eq(RULE, "whether a sound batch passes", &true, &sound.batch());
}
