//! The header chain of Bitcoin.

use bitcoin::{
    BlockHash,
    hashes::{Hash as _, sha256d},
};
use thiserror::Error;

use super::{Bits, BitsError, Network};

/// A header as it is sent and stored.
pub type RawHeader = [u8; 80];

/// Over how many headers the median of the time is taken.
const MEDIAN_SPAN: usize = 11;

/// What is wrong with a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum HeaderReason {
    /// It names another predecessor.
    #[error("its predecessor is {named}, not the tip {tip}")]
    Unlinked {
        /// The predecessor that it names.
        named: BlockHash,
        /// The hash of the header before it.
        tip: BlockHash,
    },
    /// Its bits are not those that its place asks for.
    #[error("its bits are {bits:#010x}, and {required:#010x} are required here")]
    WrongBits {
        /// Its bits.
        bits: u32,
        /// The bits of its place.
        required: u32,
    },
    /// Its hash is above its target.
    #[error("its hash {hash} does not meet the bits {bits:#010x}")]
    NoProofOfWork {
        /// Its hash.
        hash: BlockHash,
        /// Its bits.
        bits: u32,
    },
    /// Its time is not after the median of the headers before it.
    #[error("its time {time} is not after the median time past {median}")]
    TooOld {
        /// Its time.
        time: u32,
        /// The median of the times of the eleven headers before it.
        median: u32,
    },
}

/// A header that is refused: where, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the header at height {height} is refused: {reason}")]
pub struct HeaderError {
    /// The height that it would have.
    pub height: u64,
    /// What is wrong.
    pub reason: HeaderReason,
}

/// Why a chain of headers cannot begin at a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum StartError {
    /// The time at which its target began to hold is unknown.
    #[error("headers cannot begin at height {height}: the first of {interval} with one target is needed")]
    InsideInterval {
        /// The height.
        height: u64,
        /// How many headers share a target.
        interval: u64,
    },
    /// Its bits are no target of this network.
    #[error("the first header, at height {height}: {error}")]
    Bits {
        /// The height.
        height: u64,
        /// What is wrong with its bits.
        error: BitsError,
    },
    /// The header itself has no proof of work.
    #[error(transparent)]
    Header(HeaderError),
}

/// The state behind a validated header: all that the next one is judged by, and nothing that grows.
///
/// It begins at a trusted header, and each [`push`](Headers::push) holds the next one to the rules of Bitcoin: its link,
/// its bits, its proof of work, and its time. A header that is refused changes nothing.
///
/// Note that the median of the time is taken over fewer than eleven headers as long as there are fewer, as in Bitcoin
/// behind its genesis; behind another trusted start that makes the rule weaker for ten headers.
///
/// ```
/// use alys_chain::pow::{HeaderReason, Headers, Network};
///
/// let mut headers = Headers::of_genesis(Network::Regtest);
/// let refused = headers.push(&[0; 80]).unwrap_err();
/// assert_eq!(refused.height, 1);
/// assert!(matches!(refused.reason, HeaderReason::Unlinked { .. }));
/// assert_eq!(headers.height(), 0);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headers {
    network: Network,
    /// How many headers share a target.
    interval: u64,
    /// The place of the tip among them: counted, since a division a header is felt.
    place: u64,
    height: u64,
    tip: BlockHash,
    bits: Bits,
    /// The time of the tip.
    time: u32,
    /// When the first header with these bits was made.
    interval_began: u32,
    /// The times of the last headers, the one of a height at its remainder.
    times: [u32; MEDIAN_SPAN],
    /// How many of them there are.
    times_len: usize,
}

impl Headers {
    /// Begins behind the first header of the network.
    #[must_use]
    pub fn of_genesis(network: Network) -> Self {
        let genesis = network.genesis();
        let fields = Fields {
            previous: genesis.prev_blockhash,
            time: genesis.time,
            bits: genesis.bits.to_consensus(),
        };
        Headers::behind(network, 0, &fields, genesis.block_hash(), network.limit())
    }

    /// Begins behind a header that is trusted to be at this height.
    ///
    /// # Errors
    ///
    /// - [`StartError::InsideInterval`] when it is not the first one with its target.
    /// - [`StartError::Bits`] when its bits are no target of the network.
    /// - [`StartError::Header`] when it has no proof of work.
    pub fn starting(network: Network, height: u64, raw: &RawHeader) -> Result<Self, StartError> {
        let interval = network.retarget_interval();
        if !height.is_multiple_of(interval) {
            return Err(StartError::InsideInterval { height, interval });
        }
        let header = Fields::of(raw);
        let bits =
            Bits::within(header.bits, network.limit()).map_err(|error| StartError::Bits { height, error })?;
        let hash = worked(raw, bits).map_err(|reason| StartError::Header(HeaderError { height, reason }))?;
        Ok(Headers::behind(network, height, &header, hash, bits))
    }

    fn behind(network: Network, height: u64, header: &Fields, tip: BlockHash, bits: Bits) -> Self {
        let mut headers = Headers {
            network,
            interval: network.retarget_interval(),
            place: 0,
            height,
            tip,
            bits,
            time: header.time,
            interval_began: header.time,
            times: [0; MEDIAN_SPAN],
            times_len: 0,
        };
        headers.remember(height, header.time);
        headers
    }

    /// The height of the last header.
    #[must_use]
    pub fn height(&self) -> u64 {
        self.height
    }

    /// The hash of the last header.
    #[must_use]
    pub fn tip(&self) -> BlockHash {
        self.tip
    }

    /// The bits that the next header must have.
    #[must_use]
    pub fn bits_required(&self) -> Bits {
        if self.next_place() > 0 {
            return self.bits;
        }
        let seconds = i64::from(self.time) - i64::from(self.interval_began);
        self.network.next_bits(self.bits, seconds)
    }

    /// The place of the next header among those that share a target.
    fn next_place(&self) -> u64 {
        if self.place + 1 == self.interval { 0 } else { self.place + 1 }
    }

    /// The median of the times of the last eleven headers: the next one must be later.
    #[must_use]
    pub fn median_time_past(&self) -> u32 {
        let mut times = self.times;
        let times = &mut times[..self.times_len];
        times.sort_unstable();
        times[times.len() / 2]
    }

    /// Judges the next header, and goes on behind it; returns its height.
    ///
    /// # Errors
    ///
    /// [`HeaderError`] with the height and the first of its rules that is broken, in the order link, bits, proof of
    /// work, time.
    pub fn push(&mut self, raw: &RawHeader) -> Result<u64, HeaderError> {
        let header = Fields::of(raw);
        let height = self.height + 1;
        let (hash, bits) = self.judged(&header, raw).map_err(|reason| HeaderError { height, reason })?;
        self.place = self.next_place();
        if self.place == 0 {
            self.interval_began = header.time;
        }
        self.height = height;
        self.tip = hash;
        self.bits = bits;
        self.time = header.time;
        self.remember(height, header.time);
        Ok(height)
    }

    fn judged(&self, header: &Fields, raw: &RawHeader) -> Result<(BlockHash, Bits), HeaderReason> {
        if header.previous != self.tip {
            return Err(HeaderReason::Unlinked { named: header.previous, tip: self.tip });
        }
        let (bits, required) = (header.bits, self.bits_required());
        if bits != required.compact() {
            return Err(HeaderReason::WrongBits { bits, required: required.compact() });
        }
        let hash = worked(raw, required)?;
        // The median is at most the latest time: most headers are later than that.
        if self.times.iter().any(|time| header.time <= *time) {
            let median = self.median_time_past();
            if header.time <= median {
                return Err(HeaderReason::TooOld { time: header.time, median });
            }
        }
        Ok((hash, required))
    }

    fn remember(&mut self, height: u64, time: u32) {
        self.times[(height % MEDIAN_SPAN as u64) as usize] = time;
        self.times_len = MEDIAN_SPAN.min(self.times_len + 1);
    }
}

/// What a header is judged by, beside its hash.
#[derive(Debug)]
struct Fields {
    previous: BlockHash,
    time: u32,
    bits: u32,
}

impl Fields {
    /// Reads them: any 80 bytes are a header of version, predecessor, Merkle root, time, bits and nonce.
    fn of(raw: &RawHeader) -> Self {
        let number = |at: usize| u32::from_le_bytes([raw[at], raw[at + 1], raw[at + 2], raw[at + 3]]);
        let mut previous = [0; 32];
        previous.copy_from_slice(&raw[4..36]);
        Fields { previous: BlockHash::from_byte_array(previous), time: number(68), bits: number(72) }
    }
}

/// The hash of a header, whatever it says.
#[must_use]
pub fn header_hash(raw: &RawHeader) -> BlockHash {
    BlockHash::from_raw_hash(sha256d::Hash::hash(raw))
}

/// The hash of a header that meets its bits.
fn worked(raw: &RawHeader, bits: Bits) -> Result<BlockHash, HeaderReason> {
    let hash = header_hash(raw);
    if bits.is_met_by(hash) {
        Ok(hash)
    } else {
        Err(HeaderReason::NoProofOfWork { hash, bits: bits.compact() })
    }
}
