//! Noise on the line between two ends of a stream: frames of the wire format are corrupted on their way, and each is looked
//! for in what the codec at the other end says of it.

use std::collections::BTreeMap;

use alys_properties::draw::SplitMix;
use alys_wire_properties::{
    corruption::{CLASSES, Corruption},
    generate::{self, MAX_PAYLOAD, Scale},
    sut::{BLOCKS_BY_RANGE, Channel, Content, PROTOCOLS, Streaming, Sut},
};
use arbitrary::{Arbitrary as _, Unstructured};

use crate::chaos::{Seen, name};

/// How many answers the longest streams carry.
const ANSWERS: u64 = 8;

/// More messages than these never come of one frame.
const CAME_MAX: usize = 4;

/// Sends frames over one stream after the other, and corrupts the given share of them, rounded up.
///
/// A frame that was hit is the last of its stream: what became of it is known when that has ended. Its message is sent
/// again, intact, on a stream that is opened anew.
pub(super) fn noise<S: Sut>(seed: u64, frames: u32, permille: u16) -> Seen {
    let mut line = Line::<S>::new(seed);
    let mut hits = (u64::from(frames) * u64::from(permille)).div_ceil(1000);
    for left in (1..=u64::from(frames)).rev() {
        // So many of them, and each as likely as any other.
        let hit = line.rng.next() % left < hits;
        hits -= u64::from(hit);
        let sent = line.next_message();
        if hit { line.corrupted(&sent) } else { line.intact(&sent) }
    }
    line.seen()
}

/// What became of a frame that was hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    /// A typed error.
    Refused,
    /// A failure instead of the answer, or the end of the stream instead of a message.
    Noticed,
    /// The message as it was sent: the bytes that were hit carried nothing of it.
    Harmless,
    /// Another message.
    Other,
}

/// One direction of a stream, with the codec at its end; when it is spent or broken, the next is opened.
struct Line<S: Sut> {
    rng: SplitMix,
    channel: Channel,
    end: S::Shell,
    left: u64,
    streams: u64,
    intact: [u64; 2],
    fates: BTreeMap<Fate, u64>,
    classes: [u64; CLASSES.len()],
    recovered: u64,
}

impl<S: Sut> Line<S> {
    fn new(seed: u64) -> Self {
        let mut rng = SplitMix(seed);
        let channel = channel(&mut rng);
        Self {
            rng,
            channel,
            end: S::shell(&channel),
            left: channel.messages_max,
            streams: 1,
            intact: [0; 2],
            fates: BTreeMap::new(),
            classes: [0; CLASSES.len()],
            recovered: 0,
        }
    }

    /// Opens the next stream: one like the last, or of any kind.
    fn open(&mut self, alike: bool) {
        if !alike {
            self.channel = channel(&mut self.rng);
        }
        self.end = S::shell(&self.channel);
        self.left = self.channel.messages_max;
        self.streams += 1;
    }

    /// Makes the next message, on a stream that has room for it.
    fn next_message(&mut self) -> (Content, Vec<u8>) {
        if self.left == 0 {
            self.open(false);
        }
        let content = drawn(&mut self.rng, &self.channel);
        let frame = S::encode(&self.channel, std::slice::from_ref(&content)).unwrap_or_default();
        (content, frame)
    }

    /// Says whether a frame brings its message, whole and at once.
    fn arrives(&mut self, (content, frame): &(Content, Vec<u8>)) -> bool {
        self.left -= 1;
        self.end.arrive(frame);
        let came = self.end.next();
        let whole =
            matches!(&came, Ok(Some(came)) if came.code == content.code && came.value == content.value);
        whole && (self.left > 0 || matches!(self.end.end(), Ok(None)))
    }

    fn intact(&mut self, sent: &(Content, Vec<u8>)) {
        let arrived = self.arrives(sent);
        self.intact[usize::from(arrived)] += 1;
        if !arrived {
            self.open(false);
        }
    }

    fn corrupted(&mut self, sent: &(Content, Vec<u8>)) {
        let (content, mut frame) = sent.clone();
        self.classes[hit(&mut self.rng, &mut frame, self.channel.responses)] += 1;
        self.end.arrive(&frame);
        let fate = fate(&content, &mut self.end);
        *self.fates.entry(fate).or_default() += 1;
        self.open(true);
        if matches!(fate, Fate::Refused | Fate::Noticed) {
            self.recovered += u64::from(self.arrives(sent));
        }
    }

    fn seen(&self) -> Seen {
        let of = |fate| self.fates.get(&fate).copied().unwrap_or(0);
        let attempted = self.fates.values().sum();
        let mut seen = Seen { attempted, recovered: self.recovered, ..Seen::default() };
        seen.count(name::FRAMES_REFUSED, of(Fate::Refused));
        seen.count(name::FRAMES_NOTICED, of(Fate::Noticed));
        seen.count("corrupted frames that brought their message all the same", of(Fate::Harmless));
        seen.count(name::TAKEN_FOR_ANOTHER, of(Fate::Other));
        seen.count(name::INTACT_LOST, self.intact[0]);
        seen.count("intact frames that arrived", self.intact[1]);
        seen.count("streams", self.streams);
        for (class, count) in CLASSES.iter().zip(self.classes) {
            seen.count(&format!("corrupted by {class}"), count);
        }
        seen
    }
}

/// A stream that carries something: the request without a body is no byte, which nothing can hit.
fn channel(rng: &mut SplitMix) -> Channel {
    let protocol = below(rng, PROTOCOLS.len());
    let responses = PROTOCOLS[protocol].1.is_none() || rng.coin();
    let long = responses && protocol == BLOCKS_BY_RANGE;
    let messages_max = if long { 1 + rng.next() % ANSWERS } else { 1 };
    Channel { protocol, responses, messages_max, max_payload: MAX_PAYLOAD }
}

/// A request, or a successful response.
fn drawn(rng: &mut SplitMix, channel: &Channel) -> Content {
    let bytes: Vec<u8> = (0..160).flat_map(|_| rng.next().to_le_bytes()).collect();
    let payload = channel.stream().payload;
    let value = payload
        .and_then(|payload| generate::value(&mut Unstructured::new(&bytes), payload, Scale::Small).ok());
    Content { code: channel.responses.then_some(0), value }
}

/// Corrupts a frame, and returns the class of what was done to it.
fn hit(rng: &mut SplitMix, frame: &mut Vec<u8>, coded: bool) -> usize {
    let bytes: Vec<u8> = (0..4).flat_map(|_| rng.next().to_le_bytes()).collect();
    let drawn = Corruption::arbitrary(&mut Unstructured::new(&bytes));
    let mut changed = frame.clone();
    let class = drawn.ok().map(|corruption| {
        // A splice goes on with a line that has been cut.
        corruption.apply(&mut changed, coded, &[]);
        corruption.class()
    });
    if let Some(class) = class.filter(|_| changed != *frame) {
        *frame = changed;
        return class;
    }
    // What was drawn leaves this frame as it is.
    let at = below(rng, frame.len());
    frame.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << (rng.next() % 8));
    Corruption::Flip(0, 0).class()
}

fn below(rng: &mut SplitMix, bound: usize) -> usize {
    usize::try_from(rng.next() % bound.max(1) as u64).unwrap_or(0)
}

/// Takes all that the end of a stream has to give, and compares it with what was sent.
fn fate(sent: &Content, end: &mut impl Streaming) -> Fate {
    let (mut came, mut ended) = (Vec::new(), false);
    let refused = loop {
        match if ended { end.end() } else { end.next() } {
            Err(_) => break true,
            Ok(None) if ended => break false,
            Ok(None) => ended = true,
            Ok(Some(message)) => came.push(message),
        }
        if came.len() > CAME_MAX {
            return Fate::Other;
        }
    };
    match &came[..] {
        [] if refused => Fate::Refused,
        [] => Fate::Noticed,
        [only] if only.code != sent.code => Fate::Noticed,
        [only] if only.value != sent.value => Fate::Other,
        [_] if refused => Fate::Refused,
        [_] => Fate::Harmless,
        _ => Fate::Other,
    }
}

#[cfg(test)]
mod properties {
    use alys_wire_properties::{faulty, planted, real};

    use super::*;

    fn counted(seen: &Seen, what: &str) -> u64 {
        seen.counts[what]
    }

    /// WR-4, FW-1: a decoder that does not compare checksums takes corrupted frames for others, and that is counted; the
    /// one that ships takes none of the same frames for another.
    #[test]
    fn a_decoder_that_takes_frames_for_others_is_seen() {
        let sound = noise::<real::Wire>(7, 2000, 500);
        assert_eq!(counted(&sound, name::TAKEN_FOR_ANOTHER), 0, "{sound:?}");
        assert_eq!(sound, noise::<faulty::Wire>(7, 2000, 500), "the twin without a fault");
        let _planted = planted::plant("checksum_unchecked");
        let faulty = noise::<faulty::Wire>(7, 2000, 500);
        assert!(counted(&faulty, name::TAKEN_FOR_ANOTHER) > 0, "{faulty:?}");
    }

    /// WR-2, FW-1: intact frames that a decoder does not take in are lost, and that is counted.
    #[test]
    fn a_decoder_that_loses_intact_frames_is_seen() {
        let _planted = planted::plant("needs_a_byte_more");
        let faulty = noise::<faulty::Wire>(7, 500, 1);
        assert!(counted(&faulty, name::INTACT_LOST) > 400, "{faulty:?}");
    }
}
