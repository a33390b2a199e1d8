//! Numbers of which only the first bytes have arrived: what they can still become.

use unsigned_varint::decode;

/// Why no allowed number begins with the bytes, and after how many of them that was plain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    /// How many bytes it took.
    pub(crate) at: usize,
    /// What is wrong.
    pub(crate) why: Why,
}

/// What is wrong with a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// It is whole and too small.
    Small(u64),
    /// The least that it can be and that is not too small is too large.
    Large(u64),
    /// It has more bytes than it needs.
    NotMinimal,
}

/// Tells the least number from `min` on that is `low` plus a multiple of `step`.
pub(crate) fn least(low: u64, step: u64, min: u64) -> u64 {
    low + min.saturating_sub(low).div_ceil(step) * step
}

/// Reads a varint from `min` to `max`, both included, with the number of bytes that it has.
///
/// Nothing comes of bytes that can still become one.
///
/// `max` is below 2^32, so a number is refused long before it could overflow.
pub(crate) fn varint(bytes: &[u8], min: u64, max: u64) -> Result<Option<(u64, usize)>, Refused> {
    for at in 1..=bytes.len() {
        let refused = |why| Err(Refused { at, why });
        match decode::u64(&bytes[..at]) {
            Ok((value, _)) if value < min => return refused(Why::Small(value)),
            Ok((value, _)) if value > max => return refused(Why::Large(value)),
            Ok((value, _)) => return Ok(Some((value, at))),
            Err(decode::Error::Insufficient) => {
                let next = 1 << (7 * at);
                let low = low_bits(&bytes[..at]) + next;
                let least = least(low, next, min);
                if least > max {
                    return refused(Why::Large(least));
                }
            }
            Err(_) => return refused(Why::NotMinimal),
        }
    }
    Ok(None)
}

/// Reads the bits of a varint that goes on after these bytes.
fn low_bits(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |bits, byte| bits << 7 | u64::from(byte & 0x7f))
}
