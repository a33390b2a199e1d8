//! CRC-32C, bit by bit (RFC 3720, appendix B.4), and the mask that the snappy framing format puts on it.

/// Computes the checksum of some bytes as it stands in a chunk.
#[must_use]
pub fn masked(bytes: &[u8]) -> u32 {
    let sum = crc32c(bytes);
    sum.rotate_right(15).wrapping_add(0xa282_ead8)
}

/// Divides the bytes, least bit first, by the Castagnoli polynomial.
#[must_use]
pub fn crc32c(bytes: &[u8]) -> u32 {
    let mut rest = u32::MAX;
    for byte in bytes {
        rest ^= u32::from(*byte);
        for _ in 0..8 {
            let out = rest & 1;
            rest >>= 1;
            if out == 1 {
                rest ^= 0x82f6_3b78;
            }
        }
    }
    !rest
}
