//! Streams that are cut anywhere, and streams of which one bit is another (WR-2 to WR-4).

use alys_engines::violation::check_eq;
use alys_models::wire::frame::{self, Fault, literal, other, plain, with_sum};
use alys_models::wire::payload::Payload;
use alys_models::wire::varint;

use super::{block, channels, content, encoded, mixed_block, ssz};
use crate::generate::{MAX_PAYLOAD, Scale};
use crate::judge::{self, hold_to_flip, judge};
use crate::sut::{BLOCKS_BY_RANGE, Channel, Streaming as _, Sut};

/// The stream of several blocks.
#[must_use]
pub fn blocks(messages_max: u64) -> Channel {
    Channel { protocol: BLOCKS_BY_RANGE, responses: true, messages_max, max_payload: MAX_PAYLOAD }
}

/// Every way to cut a stream in two, byte by byte as well, and several frames one after another, give the same messages.
///
/// # Panics
///
/// When they do not.
pub fn splits<S: Sut>(seeds: u64) {
    for channel in channels() {
        for seed in 0..seeds {
            let messages: Vec<_> = (0..channel.messages_max)
                .map(|more| content(seed + 100 * more, &channel, Scale::Small))
                .collect();
            let mut bytes = encoded::<S>(&channel, &messages);
            // What follows the last frame is kept, and is an error.
            bytes.extend((seed % 3 == 0).then_some(0));
            every_split::<S>(&channel, &bytes);
            if !channel.responses {
                late::<S>(&channel, &bytes);
            }
        }
    }
    judge::<S>(&blocks(2), &encoded::<S>(&blocks(2), &[mixed_block()]), &[70_000]);
    every_split::<S>(&blocks(2), &encoded::<S>(&blocks(2), &[block(700, false), block(900, true)]));
    let long = encoded::<S>(&blocks(2), &[block(140_000, false), block(140_000, true)]);
    let near = |at: usize| (at.saturating_sub(3)..at + 3).collect::<Vec<_>>();
    let edges = [20, 65_560, 65_570, 131_120, 139_000, long.len() - 1].map(near).concat();
    judge::<S>(&blocks(2), &long, &edges);
}

fn every_split<S: Sut>(channel: &Channel, bytes: &[u8]) {
    let all: Vec<_> = (0..bytes.len()).collect();
    judge::<S>(channel, bytes, &all);
    let model = channel.stream().brought(bytes, false);
    for cut in all {
        let in_two = judge::feed(&mut S::core(channel), bytes, &[cut]);
        check_eq("WR-2", "what a stream cut in two brings", &model, &in_two);
        // What the beginning alone says, at once.
        let begun = judge::feed(&mut S::core(channel), &bytes[..cut], &[]);
        check_eq(
            "WR-2",
            "what the beginning of a stream brings",
            &channel.stream().brought(&bytes[..cut], false),
            &begun,
        );
    }
}

/// A request that is looked at only when its stream has ended is the same, and alone.
fn late<S: Sut>(channel: &Channel, bytes: &[u8]) {
    let mut core = S::core(channel);
    core.arrive(bytes);
    let model = channel.stream().brought(bytes, true);
    let expected = model.fault.map_or_else(|| Ok(model.messages.first().cloned()), Err);
    check_eq("WR-4", "a request at the end of its stream", &expected, &core.end());
}

/// No flip of one bit, in frames of every kind and of up to 4 KiB, gives another payload.
///
/// # Panics
///
/// When one does, or when the model says otherwise.
pub fn flips<S: Sut>(seeds: u64) {
    for channel in channels() {
        for seed in 0..seeds {
            let message = content(seed, &channel, Scale::Small);
            every_flip::<S>(&channel, &encoded::<S>(&channel, &[message]));
        }
    }
    for message in [block(60, false), block(3_650, true)] {
        every_flip::<S>(&blocks(1), &encoded::<S>(&blocks(1), &[message]));
    }
}

/// The same for one frame.
///
/// # Panics
///
/// As [`flips`].
pub fn every_flip<S: Sut>(channel: &Channel, bytes: &[u8]) {
    let sent = channel.stream().brought(bytes, true).messages;
    let mut flipped = bytes.to_vec();
    for at in 0..bytes.len() {
        for bit in 0..8 {
            flipped[at] ^= 1 << bit;
            hold_to_flip(channel.responses, at, &sent, &judge::<S>(channel, &flipped, &[]));
            flipped[at] ^= 1 << bit;
        }
    }
}

/// Frames that are made by hand, one for each way in which chunks can be allowed or not.
///
/// # Panics
///
/// When the model says otherwise.
pub fn crafted<S: Sut>() {
    let payload = ssz(Payload::CertifiedBlock, &block(140_000, false));
    let (first, rest) = payload.split_at(65_536);
    let (second, third) = rest.split_at(65_536);
    let chunks = [plain(first), plain(second), plain(third)];
    let declared = payload.len() as u64;
    let large = |chunks: &[Vec<u8>]| frame::encode(Some(0), declared, chunks);
    let mut frames = vec![
        large(&chunks),
        large(&[chunks[0].clone(), chunks[0].clone(), chunks[2].clone()]),
        large(&[chunks[1].clone(), chunks[0].clone(), chunks[2].clone()]),
        large(&[plain(&payload[..65_537]), plain(&payload[65_537..])]),
        large(&[with_sum(0, &payload, &[varint::encode(declared).as_slice(), &[0; 9]].concat())]),
        large(&[
            plain(&payload[..1]),
            plain(&payload[1..65_537]),
            plain(&payload[65_537..131_073]),
            plain(&payload[131_073..]),
        ]),
        large(&[literal(first), literal(second), literal(third)]),
        // The stated exception: a length that ends with a chunk.
        frame::encode(Some(0), 65_536, &chunks),
        frame::encode(Some(0), 131_072, &chunks),
        frame::encode(Some(0), declared + 1, &chunks),
        frame::encode(Some(0), declared - 1, &chunks),
    ];
    frames.extend(small_frames());
    for bytes in &frames {
        let cuts: Vec<_> =
            if bytes.len() < 2_000 { (0..bytes.len()).collect() } else { vec![bytes.len() - 1] };
        judge::<S>(&blocks(2), bytes, &cuts);
        judge::<S>(&blocks(0), bytes, &[]);
    }
    // Roots that are not a whole number of them.
    let roots = Channel { protocol: 3, responses: false, messages_max: 1, max_payload: MAX_PAYLOAD };
    judge::<S>(&roots, &frame::encode_plain(None, &[1; 33]), &[40]);
    let mut unasked = S::core(&blocks(0));
    unasked.arrive(&frames[0]);
    check_eq(
        "WR-3",
        "a response at the end that nobody asked for",
        &Err((1, Fault::Trailing)),
        &unasked.end(),
    );
    check_eq("WR-3", "the same when asked again", &Err((1, Fault::Trailing)), &unasked.next());
}

/// Frames of one small block.
fn small_frames() -> Vec<Vec<u8>> {
    let payload = ssz(Payload::CertifiedBlock, &block(100, false));
    let length = payload.len();
    let budget = 32 + length + length / 6;
    let small = |chunks: &[Vec<u8>]| frame::encode(Some(0), length as u64, chunks);
    let whole = plain(&payload);
    // The room that a skipped chunk can take, its header included, so that the stream just fits.
    let room = budget - frame::IDENTIFIER.len() - whole.len();
    let mut frames = Vec::new();
    for spare in [room - 1, room, room + 1, room + 2, room + 300] {
        frames.push(small(&[other(0xfe, &vec![0; spare - 4]), whole.clone()]));
        frames.push(small(&[other(0x80, &vec![1; spare - 4]), whole.clone()]));
        frames.push(small(&[other(0xfe, &vec![0; spare - 4])]));
    }
    for kind in [0x02, 0x7f, 0x80, 0xfd, 0xfe, 0xff] {
        frames.push(small(&[other(kind, b""), whole.clone()]));
        frames.push(small(&[other(kind, b"skip"), whole.clone()]));
        frames.push(small(&[whole.clone(), other(kind, b"after")]));
    }
    for content in [&b""[..], b"abc", b"abcd", b"abcde"] {
        frames.push(small(&[other(0, content), whole.clone()]));
        frames.push(small(&[other(1, content), whole.clone()]));
    }
    for size in [0, 1, length as u64 - 1, length as u64 + 1, 1 << 16, (1 << 16) + 1, 1 << 21, u64::MAX] {
        let raw = [varint::encode(size), vec![0; 8]].concat();
        frames.push(small(&[with_sum(0, &payload, &raw)]));
    }
    frames.push(small(&[with_sum(0, &payload, &[0x85, 0x80, 0])]));
    frames.push(small(&[with_sum(0, &payload, &[0xff, 0xff])]));
    // A true checksum of what is no block: the stream ends, whatever follows.
    let strange = small(&[plain(&vec![0; length])]);
    frames.push([strange.clone(), small(std::slice::from_ref(&whole))].concat());
    frames.push(strange);
    frames.push(small(&[with_sum(1, b"another", &payload)]));
    frames.push(small(&[frame::IDENTIFIER.to_vec(), whole.clone()]));
    frames.push(small(&[plain(&payload[..9]), frame::IDENTIFIER.to_vec(), plain(&payload[9..])]));
    frames.push(small(&[plain(&payload[..9]), plain(&payload[8..])]));
    frames.push(small(&[plain(&payload[..9]), literal(&payload[9..])]));
    let bare = [vec![0], varint::encode(length as u64), whole].concat();
    frames.push(bare);
    frames.extend(
        [b"\xff\x05\0\0sNaPp".to_vec(), b"\xff\x06\0\0sNaPPy".to_vec(), b"\xff\x06\x01".to_vec()]
            .map(|wrong| [vec![0], varint::encode(length as u64), wrong].concat()),
    );
    for digits in [
        &[0x80, 0][..],
        &[0x85, 0],
        &[0xff; 10],
        &[0xff, 0xff, 0x7f],
        &[0],
        &[0x80, 0x80, 0x40],
        &[0x81, 0x80, 0x40],
    ] {
        frames.push([&[0], digits].concat());
        frames.push([&[1], digits].concat());
    }
    frames
}
