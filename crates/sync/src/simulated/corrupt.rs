//! Corruption of encoded frames on their way.

use std::fmt;

use fastrand::Rng;

/// What happened to the bytes of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Corruption {
    /// A bit is another.
    Flipped,
    /// Up to 16 bytes in a row are others.
    Burst,
    /// The end is missing.
    Cut,
    /// Some bytes come twice.
    Repeated,
    /// Some bytes that nobody sent stand between the others.
    Inserted,
    /// Some bytes are missing from the middle.
    Removed,
}

impl fmt::Display for Corruption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Flipped => "flipped",
            Self::Burst => "burst",
            Self::Cut => "cut",
            Self::Repeated => "repeated",
            Self::Inserted => "inserted",
            Self::Removed => "removed",
        })
    }
}

/// Corrupts bytes in one place, and says how; `None` of no bytes, which cannot be corrupted.
pub(super) fn corrupt(bytes: &mut Vec<u8>, rng: &mut Rng) -> Option<Corruption> {
    if bytes.is_empty() {
        return None;
    }
    let at = rng.usize(..bytes.len());
    let span = rng.usize(1..=16).min(bytes.len() - at);
    let corruption = match rng.u8(..8) {
        // Line noise flips bits most of the time.
        0..=2 => Corruption::Flipped,
        3 => Corruption::Burst,
        4 => Corruption::Cut,
        5 => Corruption::Repeated,
        6 => Corruption::Inserted,
        _ => Corruption::Removed,
    };
    match corruption {
        Corruption::Flipped => bytes[at] ^= 1 << rng.u8(..8),
        Corruption::Burst => bytes[at..at + span].iter_mut().for_each(|byte| *byte ^= rng.u8(1..)),
        Corruption::Cut => bytes.truncate(at),
        Corruption::Repeated => {
            let again = bytes[at..at + span].to_vec();
            bytes.splice(at..at, again);
        }
        Corruption::Inserted => {
            let foreign: Vec<u8> = (0..span).map(|_| rng.u8(..)).collect();
            bytes.splice(at..at, foreign);
        }
        Corruption::Removed => {
            bytes.drain(at..at + span);
        }
    }
    Some(corruption)
}
