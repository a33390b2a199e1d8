//! Encoding, and the limits that it shares with decoding (WR-1, WR-6).

use std::fs;
use std::path::PathBuf;

use alys_engines::violation::{check_eq, violated};
use alys_models::wire::frame::{self, Fault};
use alys_models::wire::payload::{self, Payload};
use alys_models::wire::ssz::Value;

use super::{block, channels, content, encoded, mixed_block, ssz};
use crate::generate::{MAX_PAYLOAD, Scale};
use crate::judge::{self, judge};
use crate::sut::{BLOCKS_BY_RANGE, Channel, Content, NotSent, Streaming, Sut};

/// What is encoded decodes to itself, by the model as well, and the same message gives the same bytes.
///
/// # Panics
///
/// When it does not.
pub fn round_trip<S: Sut>(cases: u64) {
    let mut before = None;
    for seed in 0..cases {
        for channel in channels() {
            // A large message costs as much as many small ones.
            let scale = if seed % 50 == 7 { Scale::Large } else { Scale::Small };
            let message = content(seed, &channel, scale);
            if too_large(&channel, &message) {
                continue;
            }
            let bytes = encoded::<S>(&channel, std::slice::from_ref(&message));
            let brought = judge::<S>(&channel, &bytes, &[]);
            check_eq("WR-1", "the fault of a valid message", &None, &brought.fault);
            let came: Vec<_> = brought.messages.iter().map(|it| (it.code, it.value.clone())).collect();
            check_eq("WR-1", "what comes of a message", &vec![(message.code, message.value.clone())], &came);
            if channel.protocol == BLOCKS_BY_RANGE && channel.responses {
                // The same message after another one, with the same encoder.
                let previous = before.replace(message.clone()).unwrap_or_else(|| message.clone());
                let both = encoded::<S>(&channel, &[previous.clone(), message.clone()]);
                let apart = [encoded::<S>(&channel, &[previous]), bytes].concat();
                check_eq("WR-1", "the bytes of a message after another", &apart, &both);
            }
        }
    }
}

fn too_large(channel: &Channel, message: &Content) -> bool {
    let sizes = channel.stream().payload.map(|payload| payload::sizes(payload, channel.max_payload as usize));
    let stream = channel.stream();
    message.code.unwrap_or(0) == 0
        && stream.payload.zip(sizes).is_some_and(|(payload, (_, max))| ssz(payload, message).len() > max)
}

/// The table of limits is what follows from the types; nothing beyond it is sent, and what is just within it decodes.
///
/// # Panics
///
/// When it is not so.
pub fn limits<S: Sut>() {
    for max_payload in [0, 1, 1_023, (1 << 26) + 1, u32::MAX] {
        check_eq("WR-6", "a maximum that cannot be configured", &None, &S::sizes(Payload::Ping, max_payload));
    }
    for max_payload in [1_024, 1_025, 70_000, MAX_PAYLOAD, 1 << 26] {
        for payload in payload::ALL {
            let (min, max) = payload::sizes(payload, max_payload as usize);
            let real = S::sizes(payload, max_payload).unwrap_or_default();
            check_eq(
                "WR-6",
                "the sizes of a payload",
                &(payload, min as u32, max as u32),
                &(payload, real.0, real.1),
            );
        }
    }
    let channel = Channel { protocol: BLOCKS_BY_RANGE, responses: true, messages_max: 4, max_payload: 4_096 };
    let overhead = ssz(Payload::CertifiedBlock, &block(1, false)).len() - 1;
    for (size, sent) in [(4_095, true), (4_096, true), (4_097, false), (9_000, false)] {
        let message = block(size - overhead, false);
        let bytes = S::encode(&channel, std::slice::from_ref(&message));
        check_eq("WR-6", "whether a block of a size is sent", &sent, &bytes.is_ok());
        match bytes {
            Ok(bytes) => {
                check_eq("WR-6", "what is sent", &1, &judge::<S>(&channel, &bytes, &[]).messages.len())
            }
            Err(why) => check_eq("WR-6", "why a block is not sent", &NotSent::Size, &why),
        }
    }
    let roots = Channel { protocol: 3, responses: false, messages_max: 1, max_payload: MAX_PAYLOAD };
    let none = Content { code: None, value: Some(Value::Parts(Vec::new())) };
    check_eq("WR-6", "a request for nothing", &Err(NotSent::Size), &S::encode(&roots, &[none]));
    let silent = Content { code: Some(2), value: Some(Value::Bytes(Vec::new())) };
    check_eq("WR-6", "a failure without a word", &Err(NotSent::Size), &S::encode(&channel, &[silent]));
    let longest = Content { code: Some(3), value: Some(Value::Bytes(vec![b'x'; 256])) };
    let bytes = encoded::<S>(&channel, std::slice::from_ref(&longest));
    let came = judge::<S>(&channel, &bytes, &[]).messages.pop().and_then(|message| message.value);
    check_eq("WR-6", "the longest text", &longest.value, &came);
    frames_at_the_limits::<S>();
    lengths_at_the_limits::<S>();
}

/// Frames whose declared length is at or beyond a limit.
fn frames_at_the_limits<S: Sut>() {
    for (min, max) in
        [(1, 1), (8, 8), (32, 32_768), (1, 128), (127, 129), (1, 16_384), (16_383, 16_385), (200, 300)]
    {
        for length in [0, 1, min - 1, min, min + 1, max - 1, max, max + 1, 2 * max] {
            let bytes = frame::encode_plain(None, &vec![5; length as usize]);
            let expected =
                frame::Expected { coded: false, success: (min as usize, max as usize), failure: (1, 1) };
            let model = match frame::decode(&bytes, &expected) {
                frame::Outcome::Whole(frame) => Ok(Some((frame.code, frame.payload, frame.used))),
                frame::Outcome::Hopeless(at, fault) => Err((at, fault)),
                frame::Outcome::More => Ok(None),
            };
            let real = crate::sut::Frames::decode(&mut S::frames((min, max), None), &bytes);
            check_eq("WR-3", "a frame at a limit", &model, &real);
        }
    }
}

/// The beginnings of frames on every stream, whose declared lengths are at and beyond the limits.
fn lengths_at_the_limits<S: Sut>() {
    for channel in channels() {
        for code in [0, 1, 200].into_iter().filter(|code| channel.responses || *code == 0) {
            let expected = channel.stream().expected();
            let (min, max) = if code == 0 { expected.success } else { expected.failure };
            for length in
                [0, 1, min.saturating_sub(1), min, min + 1, max.saturating_sub(1), max, max + 1, max * 2]
            {
                let mut bytes: Vec<_> = channel.responses.then_some(code).into_iter().collect();
                bytes.extend(alys_models::wire::varint::encode(length as u64));
                judge::<S>(&channel, &bytes, &[1]);
            }
        }
    }
}

/// Where the committed frames are.
#[must_use]
pub fn vectors() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors")
}

/// The messages of the golden file, each with the name of its line.
#[must_use]
pub fn golden_messages() -> Vec<(String, Channel, Content)> {
    let mut named = Vec::new();
    for channel in channels() {
        let (name, ..) = crate::sut::PROTOCOLS[channel.protocol];
        let direction = if channel.responses { "response" } else { "request" };
        for seed in 0..4 {
            let message = content(seed * 7, &channel, Scale::Small);
            named.push((format!("{name} {direction} {seed}"), channel, message));
        }
    }
    let blocks =
        Channel { protocol: BLOCKS_BY_RANGE, responses: true, messages_max: 1, max_payload: MAX_PAYLOAD };
    for (size, compressible) in
        [(0, true), (900, true), (900, false), (65_000, true), (140_000, true), (140_000, false)]
    {
        named.push((format!("block {size} {compressible}"), blocks, block(size, compressible)));
    }
    named.push(("block mixed".to_owned(), blocks, mixed_block()));
    named
}

/// The text of the golden file: a line a message, with its bytes, or where they are many a hash of them.
#[must_use]
pub fn golden_text<S: Sut>() -> String {
    let lines = golden_messages().into_iter().map(|(name, channel, message)| {
        let bytes = encoded::<S>(&channel, &[message]);
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let shown = if bytes.len() <= 1_024 {
            hex(&bytes)
        } else {
            format!("sha256 {}", hex(&alys_models::wire::sha256::hash(&bytes)))
        };
        format!("{name}: {} bytes {shown}\n", bytes.len())
    });
    lines.collect()
}

/// The same message gives the same bytes as when the golden file was written.
///
/// # Panics
///
/// When it does not, with the first line that differs.
pub fn golden<S: Sut>() {
    let committed = fs::read_to_string(vectors().join("golden.txt")).unwrap_or_default();
    let now = golden_text::<S>();
    for (before, now) in committed.lines().zip(now.lines()) {
        check_eq("WR-1", "a golden frame", before, now);
    }
    check_eq("WR-1", "the number of golden frames", &now.lines().count(), &committed.lines().count());
}

/// The codecs of framed streams do what the decoders and the encoder do, and send nothing that does not belong.
///
/// # Panics
///
/// When they do not.
pub fn framed<S: Sut>() {
    for channel in channels() {
        for seed in 0..6 {
            let message = content(seed, &channel, Scale::Small);
            let bytes = encoded::<S>(&channel, std::slice::from_ref(&message));
            let framed = S::encode_framed(&channel, &channel, std::slice::from_ref(&message));
            check_eq("WR-6", "what a framed stream sends", &Ok(bytes.clone()), &framed);
            for bytes in [bytes.clone(), [bytes.as_slice(), &[0]].concat(), bytes[..bytes.len() / 2].to_vec()]
            {
                let (open, ended) =
                    (channel.stream().brought(&bytes, false), channel.stream().brought(&bytes, true));
                let mut shell = S::shell(&channel);
                let mut brought = judge::feed(&mut shell, &bytes, &[bytes.len() / 3]);
                judge::agree("what a framed stream brings", &open, &brought);
                judge::end(&mut shell, &mut brought);
                judge::agree("what a framed stream brings at its end", &ended, &brought);
                // Without being asked before it ends.
                let mut late = S::shell(&channel);
                late.arrive(&bytes);
                let mut brought = alys_models::wire::stream::Brought { messages: Vec::new(), fault: None };
                judge::end(&mut late, &mut brought);
                if brought.messages.len() < ended.messages.len() {
                    violated(
                        "WR-2",
                        format!("{bytes:?} brought only {brought:?} at the end of a framed stream"),
                    );
                }
            }
        }
    }
    nothing_that_does_not_belong::<S>();
}

fn nothing_that_does_not_belong<S: Sut>() {
    for channel in channels() {
        let other = channels().into_iter().find(|other| {
            other.responses == channel.responses
                && if channel.responses {
                    other.stream().payload != channel.stream().payload
                } else {
                    other.protocol != channel.protocol
                }
        });
        let Some(other) = other else { continue };
        let strange = success(&other);
        let sent = S::encode_framed(&channel, &other, &[strange]);
        check_eq("WR-6", "a message on another stream", &Err(NotSent::WrongStream), &sent);
        if channel.responses {
            let failure = Content { code: Some(3), value: Some(Value::Bytes(b"gone".to_vec())) };
            let after = S::encode_framed(&channel, &channel, &[failure.clone(), success(&channel)]);
            check_eq("WR-6", "a response after a failure", &Err(NotSent::Finished), &after);
            let again = S::encode_framed(&channel, &channel, &[success(&channel), success(&channel)]);
            check_eq("WR-6", "a second response is the responder's business", &true, &again.is_ok());
            check_eq(
                "WR-6",
                "a failure is sent",
                &true,
                &S::encode_framed(&channel, &other, &[failure]).is_ok(),
            );
        } else {
            let twice = S::encode_framed(&channel, &channel, &[success(&channel), success(&channel)]);
            check_eq("WR-4", "a second request on a stream", &Err(NotSent::Finished), &twice);
        }
    }
    let mut unasked = S::shell(&Channel {
        protocol: BLOCKS_BY_RANGE,
        responses: true,
        messages_max: 0,
        max_payload: MAX_PAYLOAD,
    });
    unasked.arrive(&[0]);
    check_eq(
        "WR-3",
        "a response that was not asked for",
        &Err((1, Fault::Trailing)),
        &unasked.next().map(|_| ()),
    );
}

/// A message that is no failure.
fn success(channel: &Channel) -> Content {
    let found = (0..).map(|seed| content(seed, channel, Scale::Small)).find(|it| it.code.unwrap_or(0) == 0);
    found.unwrap_or_else(|| panic!("no seed makes a success"))
}
