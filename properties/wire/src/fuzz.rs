//! The bodies of the fuzz targets: any bytes, judged by the model.
//!
//! Each is a function of bytes that panics when a rule is broken, so a plain test can run it on any bytes as well.

pub use alys_engines::fuzz::aloud;
use alys_engines::violation::check_eq;
use alys_models::wire::stream::{Brought, Message};
use arbitrary::{Result, Unstructured};

use crate::corruption::{self, Corruption};
use crate::faulty;
use crate::generate::{self, MAX_PAYLOAD, Scale};
use crate::judge::{hold_to_flip, judge};
use crate::laws::gossip;
use crate::real::Wire;
use crate::sut::{Channel, PROTOCOLS, Sut, TOPICS};

/// Some messages on a stream, and what happened to their bytes.
#[derive(Clone, Debug)]
pub struct Case {
    /// The stream.
    pub channel: Channel,
    /// How many messages were sent.
    pub messages: usize,
    /// What was sent.
    pub sent: Vec<u8>,
    /// What another stream carried.
    pub other: Vec<u8>,
    /// What happened.
    pub corruptions: Vec<Corruption>,
    /// In which pieces it arrived.
    pub cuts: Vec<u16>,
}

impl Case {
    /// Draws a case.
    ///
    /// # Errors
    ///
    /// None: missing bytes count as zeros.
    pub fn draw<S: Sut>(u: &mut Unstructured<'_>, scale: Scale) -> Result<Self> {
        let channel = Channel { max_payload: MAX_PAYLOAD, ..generate::channel(u)? };
        let corruptions = corruption::some(u)?;
        let cuts = (0..u.int_in_range(0..=2)?).map(|_| u.arbitrary()).collect::<Result<_>>()?;
        let messages =
            usize::try_from(channel.messages_max).unwrap_or(1).min(1 + usize::from(u.ratio(1, 4)?));
        let mut sent = Vec::new();
        for _ in 0..messages {
            let content = generate::content(u, &channel, scale)?;
            sent.extend(S::encode(&channel, &[content]).unwrap_or_default());
        }
        let spliced = corruptions.iter().any(|one| matches!(one, Corruption::Splice(..)));
        let other = if spliced {
            let content = generate::content(u, &channel, Scale::Small)?;
            S::encode(&channel, &[content]).unwrap_or_default()
        } else {
            Vec::new()
        };
        Ok(Self { channel, messages, sent, other, corruptions, cuts })
    }

    /// The messages as they were sent.
    #[must_use]
    pub fn sent_messages(&self) -> Vec<Message> {
        self.channel.stream().brought(&self.sent, true).messages
    }
}

/// Corrupts a stream and judges what it brings.
///
/// # Panics
///
/// When the model says otherwise.
pub fn corrupted<S: Sut>(case: &Case) -> Brought {
    let mut bytes = case.sent.clone();
    for corruption in &case.corruptions {
        corruption.apply(&mut bytes, case.channel.responses, &case.other);
    }
    let cuts: Vec<_> = case.cuts.iter().map(|cut| usize::from(*cut) % (bytes.len() + 1)).collect();
    judge::<S>(&case.channel, &bytes, &cuts)
}

/// A valid message of any kind and a list of corruptions: decoder and model agree, and no flip of a bit gives another
/// payload (WR-3, WR-4, WR-6).
///
/// # Panics
///
/// When a rule is broken.
pub fn corrupt_msg_by<S: Sut>(bytes: &[u8]) {
    let mut u = Unstructured::new(bytes);
    // One case in eight is gossip.
    let drawn = match u.int_in_range(0..=7) {
        Ok(0) => gossip::one::<S>(&mut u, Scale::Small).map(|()| None),
        _ => Case::draw::<S>(&mut u, Scale::Small).map(Some),
    };
    let Ok(Some(case)) = drawn else { return };
    let came = corrupted::<S>(&case);
    if let ([Corruption::Flip(at, _)], 1, 1..) = (&case.corruptions[..], case.messages, case.sent.len()) {
        let at = *at as usize % case.sent.len();
        hold_to_flip(case.channel.responses, at, &case.sent_messages(), &came);
    }
}

/// Raw bytes on any stream, in any pieces: decoder and model agree (WR-2, WR-3).
///
/// # Panics
///
/// When a rule is broken.
pub fn decode_stream_by<S: Sut>(bytes: &[u8]) {
    let Some((&[kind, cut, limit], stream)) = bytes.split_first_chunk() else { return };
    let protocol = usize::from(kind % 16) % PROTOCOLS.len();
    if kind & 0x80 != 0 {
        return gossip::read::<S>(protocol % TOPICS.len(), stream, 1_024 + u32::from(limit) * 16);
    }
    let responses = kind & 0x40 != 0;
    let messages_max = if responses { u64::from(kind >> 4 & 3) } else { 1 };
    let max_payload = 1_024 + u32::from(limit) * 256;
    let channel = Channel { protocol, responses, messages_max, max_payload };
    // Few cuts, or one every few bytes.
    let cuts: Vec<_> = match cut {
        0 => Vec::new(),
        1..128 => vec![usize::from(cut)],
        _ => (0..stream.len()).step_by(usize::from(cut - 127)).collect(),
    };
    drop(judge::<S>(&channel, stream, &cuts));
}

/// A valid message of any kind: what is encoded decodes to itself (WR-1, WR-6).
///
/// # Panics
///
/// When a rule is broken.
pub fn round_trip_by<S: Sut>(bytes: &[u8]) {
    let mut u = Unstructured::new(bytes);
    let drawn = generate::channel(&mut u).and_then(|channel| {
        let channel = Channel { messages_max: 1, ..channel };
        Ok((channel, generate::content(&mut u, &channel, Scale::Small)?))
    });
    let Ok((channel, content)) = drawn else { return };
    // What the limits of the stream do not allow is not sent.
    let Ok(bytes) = S::encode(&channel, std::slice::from_ref(&content)) else { return };
    let brought = judge::<S>(&channel, &bytes, &[bytes.len() / 2]);
    let came: Vec<_> = brought.messages.iter().map(|it| (it.code, it.value.clone())).collect();
    check_eq("WR-1", "what comes of a message", &vec![(content.code, content.value)], &came);
}

/// [`corrupt_msg_by`] the codec as it ships.
///
/// # Panics
///
/// When a rule is broken.
pub fn corrupt_msg(bytes: &[u8]) {
    corrupt_msg_by::<Wire>(bytes);
}

/// [`decode_stream_by`] the codec as it ships.
///
/// # Panics
///
/// When a rule is broken.
pub fn decode_stream(bytes: &[u8]) {
    decode_stream_by::<Wire>(bytes);
}

/// [`round_trip_by`] the codec as it ships.
///
/// # Panics
///
/// When a rule is broken.
pub fn round_trip(bytes: &[u8]) {
    round_trip_by::<Wire>(bytes);
}

/// A fuzz target of the wire format.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// The name of its program, its corpus and its dictionary.
    pub name: &'static str,
    /// Its body, by the codec as it ships.
    pub body: fn(&[u8]),
    /// The same by the twin with the planted faults.
    pub twin: fn(&[u8]),
}

/// Every fuzz target of the wire format.
pub const TARGETS: [Target; 3] = [
    Target { name: "corrupt_msg", body: corrupt_msg, twin: corrupt_msg_by::<faulty::Wire> },
    Target { name: "decode_stream", body: decode_stream, twin: decode_stream_by::<faulty::Wire> },
    Target { name: "round_trip", body: round_trip, twin: round_trip_by::<faulty::Wire> },
];
