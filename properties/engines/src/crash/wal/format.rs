//! How records lie in a file: length, number, checksum, payload.

use super::{fault::Fault, reference::Record};

/// The bytes before a payload.
const HEAD: usize = 4 + 8 + 8;

/// A record as bytes.
pub(super) fn encode(number: u64, record: &Record) -> Vec<u8> {
    let payload = vec![record.value; record.len];
    let mut bytes = (record.len as u32).to_le_bytes().to_vec();
    bytes.extend(number.to_le_bytes());
    bytes.extend(checksum(number, &payload).to_le_bytes());
    bytes.extend(payload);
    bytes
}

/// Reads the record at the beginning, and says how many bytes it takes; `None` where there is no whole one.
pub(super) fn decode(bytes: &[u8]) -> Option<(u64, Record, usize)> {
    let (len, rest) = bytes.split_first_chunk()?;
    let (number, rest) = rest.split_first_chunk()?;
    let (sum, rest) = rest.split_first_chunk()?;
    let (len, number) = (u32::from_le_bytes(*len) as usize, u64::from_le_bytes(*number));
    let payload = rest.get(..len)?;
    let right = checksum(number, payload) == u64::from_le_bytes(*sum) || Fault::NoChecksum.is_planted();
    (right && len > 0).then(|| (number, Record::of(payload), HEAD + len))
}

/// FNV-1a over number and payload: not of zeros alone, which is what a torn write leaves.
fn checksum(number: u64, payload: &[u8]) -> u64 {
    let bytes = number.to_le_bytes().into_iter().chain(payload.iter().copied());
    bytes.fold(0xCBF2_9CE4_8422_2325, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}
