//! SHA-256 (FIPS 180-4), whose constants are computed from their definition.

use std::sync::LazyLock;

/// The first state and the constants of the rounds: fractions of square roots and of cube roots of the first primes.
static FRACTIONS: LazyLock<(Vec<u32>, Vec<u32>)> = LazyLock::new(|| {
    let primes: Vec<u64> = (2..).filter(|n| (2..*n).all(|d| n % d != 0)).take(64).collect();
    let fractions =
        |primes: &[u64], power| primes.iter().map(|prime| fraction_of_root(*prime, power)).collect();
    (fractions(&primes[..8], 2), fractions(&primes, 3))
});

/// Hashes some bytes.
#[must_use]
pub fn hash(bytes: &[u8]) -> [u8; 32] {
    let (mut state, constants) = (FRACTIONS.0.clone(), &FRACTIONS.1);
    let mut padded = bytes.to_vec();
    padded.push(0x80);
    while padded.len() % 64 != 56 {
        padded.push(0);
    }
    padded.extend((bytes.len() as u64 * 8).to_be_bytes());
    for block in padded.chunks(64) {
        compress(&mut state, block, constants);
    }
    let mut digest = [0; 32];
    for (place, word) in digest.chunks_mut(4).zip(state) {
        place.copy_from_slice(&word.to_be_bytes());
    }
    digest
}

/// Tells the first 32 bits of the fraction of a root: the largest number whose power is at most the shifted prime.
fn fraction_of_root(prime: u64, power: u32) -> u32 {
    let fits = |root: u128| match power {
        2 => root * root <= u128::from(prime) << 64,
        _ => root * root * root <= u128::from(prime) << 96,
    };
    let mut root = 0_u128;
    for bit in (0..40).rev() {
        if fits(root + (1 << bit)) {
            root += 1 << bit;
        }
    }
    root as u32
}

fn compress(state: &mut [u32], block: &[u8], constants: &[u32]) {
    let mut words: Vec<u32> = Vec::new();
    for bytes in block.chunks(4) {
        words.push(u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]));
    }
    for i in 16..64 {
        let (a, b) = (words[i - 15], words[i - 2]);
        let early = a.rotate_right(7) ^ a.rotate_right(18) ^ (a >> 3);
        let late = b.rotate_right(17) ^ b.rotate_right(19) ^ (b >> 10);
        words.push(words[i - 16].wrapping_add(early).wrapping_add(words[i - 7]).wrapping_add(late));
    }
    let mut v = state.to_vec();
    for (word, constant) in words.iter().zip(constants) {
        let mixed = v[4].rotate_right(6) ^ v[4].rotate_right(11) ^ v[4].rotate_right(25);
        let choice = (v[4] & v[5]) ^ (!v[4] & v[6]);
        let one = [mixed, choice, *constant, *word].iter().fold(v[7], |sum, term| sum.wrapping_add(*term));
        let mixed = v[0].rotate_right(2) ^ v[0].rotate_right(13) ^ v[0].rotate_right(22);
        let majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
        v.rotate_right(1);
        v[0] = one.wrapping_add(mixed).wrapping_add(majority);
        v[4] = v[4].wrapping_add(one);
    }
    for (sum, term) in state.iter_mut().zip(v) {
        *sum = sum.wrapping_add(term);
    }
}
