//! Unsigned varints: seven bits a byte, least first, the upper bit saying that there is another byte.

/// Writes a number with as few bytes as it needs.
#[must_use]
pub fn encode(mut number: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while number >= 128 {
        bytes.push((number % 128) as u8 + 128);
        number /= 128;
    }
    bytes.push(number as u8);
    bytes
}

/// What some bytes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// This number, in so many bytes.
    Number(u64, usize),
    /// After so many bytes: it is too small.
    Small(usize),
    /// It is too large, whatever follows: the least number it can be and that is not too small, and after how many bytes.
    Large(u64, usize),
    /// After so many bytes: it ends with a byte that it does not need.
    NotMinimal(usize),
    /// There is no telling yet.
    More,
}

/// Reads a number from `min` to `max`, which is below 2^32.
#[must_use]
pub fn read(bytes: &[u8], min: u64, max: u64) -> Said {
    let (mut number, mut worth) = (0, 1);
    for (index, byte) in bytes.iter().enumerate() {
        let seen = index + 1;
        number += u64::from(byte % 128) * worth;
        worth *= 128;
        if *byte < 128 {
            return match number {
                _ if *byte == 0 && index > 0 => Said::NotMinimal(seen),
                _ if number < min => Said::Small(seen),
                _ if number > max => Said::Large(number, seen),
                _ => Said::Number(number, seen),
            };
        }
        // It goes on: what it can become is this and one or more of the next digit.
        let possible = (number + worth..).step_by(worth as usize).find(|number| *number >= min);
        if let Some(least) = possible.filter(|least| *least > max) {
            return Said::Large(least, seen);
        }
    }
    Said::More
}
