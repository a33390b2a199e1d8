//! The bodies of the fuzz targets, on random bytes.

use alys_engines::draw::SplitMix;
use alys_engines::sequential::cases_wanted;
use alys_wire_properties::{fuzz, laws};

/// WR-1..4, WR-6: what the fuzz targets run holds for bytes without any guidance, too.
///
/// Engine: bytes
#[test]
fn fuzz_bodies_hold_for_random_bytes() {
    for (body, seed) in [(fuzz::corrupt_msg as fn(&[u8]), 1), (fuzz::decode_stream, 2), (fuzz::round_trip, 3)]
    {
        let mut mix = SplitMix(seed);
        for _ in 0..cases_wanted(4_000) {
            let words = mix.next() as usize % 60;
            let bytes: Vec<u8> = (0..words).flat_map(|_| mix.next().to_le_bytes()).collect();
            laws::hold(|| body(&bytes));
        }
        body(&[]);
    }
}
