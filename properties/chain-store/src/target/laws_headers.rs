//! Laws of the headers of the parent chain, beside a judge that knows the whole chain.

use std::{io, num::NonZeroU64};

use alys_engines::{
    draw::SplitMix,
    violation::{check_eq, violated},
};
use bitcoin::{
    CompactTarget, Target, TxMerkleNode,
    block::{Header, Version},
    consensus::{deserialize, serialize},
    hashes::Hash as _,
};
use ruint::{Uint, aliases::U256};

use super::{
    alys::pow::{
        HeaderError, HeaderReason, HeaderStreamError, Headers, Network, PrivateNetwork, RawHeader,
        StartError, validate,
    },
    mined::seeded,
};

/// A network that retargets every so many headers, at the least difficulty there is.
fn private(interval: u64, seconds: u64) -> Network {
    Network::Private(PrivateNetwork {
        limit: Network::Regtest.limit(),
        retarget_interval: NonZeroU64::new(interval).unwrap_or(NonZeroU64::MIN),
        retarget_seconds: NonZeroU64::new(seconds).unwrap_or(NonZeroU64::MIN),
    })
}

/// All headers of a chain, the genesis first: a judge that forgets nothing.
struct Judge {
    network: Network,
    chain: Vec<Header>,
}

impl Judge {
    fn new(network: Network) -> Self {
        Judge { network, chain: vec![network.genesis()] }
    }

    fn tip(&self) -> &Header {
        &self.chain[self.chain.len() - 1]
    }

    /// The bits of the next header, by definition.
    fn bits(&self) -> u32 {
        let (height, interval) = (self.chain.len(), self.network.retarget_interval() as usize);
        let old = self.tip().bits.to_consensus();
        if self.network == Network::Regtest || !height.is_multiple_of(interval) {
            return old;
        }
        let wanted = self.network.retarget_seconds() as i64;
        let took = i64::from(self.tip().time) - i64::from(self.chain[height - interval].time);
        let took = took.max(wanted / 4).min(wanted * 4) as u64;
        let old = U256::from_be_bytes(Target::from_compact(CompactTarget::from_consensus(old)).to_be_bytes());
        let next = Uint::<512, 8>::from(old) * Uint::from(took) / Uint::from(wanted as u64);
        let limit = Uint::<512, 8>::from(self.network.limit().target());
        let bytes = U256::from(next.min(limit)).to_be_bytes::<32>();
        Target::from_be_bytes(bytes).to_compact_lossy().to_consensus()
    }

    /// The median of the times of up to eleven headers, by definition.
    fn median(&self) -> u32 {
        let mut times: Vec<u32> = self.chain.iter().rev().take(11).map(|header| header.time).collect();
        times.sort_unstable();
        times[times.len() / 2]
    }

    fn verdict(&self, header: &Header) -> Result<u64, HeaderError> {
        let (height, tip, hash) = (self.chain.len() as u64, self.tip().block_hash(), header.block_hash());
        let (bits, required) = (header.bits.to_consensus(), self.bits());
        let (time, median) = (header.time, self.median());
        let reason = if header.prev_blockhash != tip {
            HeaderReason::Unlinked { named: header.prev_blockhash, tip }
        } else if bits != required {
            HeaderReason::WrongBits { bits, required }
        } else if !Target::from_compact(header.bits).is_met_by(hash) {
            HeaderReason::NoProofOfWork { hash, bits }
        } else if time <= median {
            HeaderReason::TooOld { time, median }
        } else {
            return Ok(height);
        };
        Err(HeaderError { height, reason })
    }

    /// A good header of this time.
    fn mine(&self, time: u32, seed: u64) -> Header {
        let mut header = Header {
            version: Version::from_consensus(4),
            prev_blockhash: self.tip().block_hash(),
            merkle_root: TxMerkleNode::from_byte_array([seed as u8; 32]),
            time,
            bits: CompactTarget::from_consensus(self.bits()),
            nonce: 0,
        };
        let target = Target::from_compact(header.bits);
        while !target.is_met_by(header.block_hash()) {
            header.nonce += 1;
        }
        header
    }
}

fn raw(header: &Header) -> RawHeader {
    serialize(header).try_into().unwrap_or([0; 80])
}

/// A header with something wrong, more or less.
fn mutated(header: &Header, judge: &Judge, mix: &mut SplitMix) -> RawHeader {
    let mut bytes = raw(header);
    match mix.next() % 4 {
        0 => {
            let bit = mix.next() as usize % 640;
            bytes[bit / 8] ^= 1 << (bit % 8);
            bytes
        }
        // Mined as it should be, and too old by so little.
        1 => raw(&judge.mine(judge.median() - (mix.next() % 2) as u32, mix.next())),
        2 => {
            let bits =
                [header.bits.to_consensus() - 1, 0x207f_ffff, 0, 0xff12_3456][(mix.next() % 4) as usize];
            raw(&Header { bits: CompactTarget::from_consensus(bits), ..*header })
        }
        _ => raw(&Header { prev_blockhash: judge.chain[judge.chain.len() / 2].block_hash(), ..*header }),
    }
}

/// Every header, good and bad, is judged as by whoever knows the whole chain; a refused one changes nothing.
pub fn headers_are_judged_by_definition() -> u64 {
    let mut tried = 0;
    let networks = [Network::Regtest, private(5, 500), private(16, 1_600), private(2016, 1_209_600)];
    for (number, network) in (0..).zip(networks) {
        let (mut judge, mut mix) = (Judge::new(network), seeded(number));
        let mut headers = Headers::of_genesis(network);
        for step in 0..120_u64 {
            check_eq("CH-10", "the bits required", &judge.bits(), &headers.bits_required().compact());
            check_eq("CH-10", "the median", &judge.median(), &headers.median_time_past());
            // Fast, slow, and now and then back in time; slow where mining has become some hundred times harder.
            let hard = judge.bits() < 0x1f40_0000;
            let pace = if hard || step % 50 >= 25 { 700 } else { 30 };
            let ahead = judge.tip().time.max(judge.median()) + (mix.next() % pace) as u32 + 1;
            let back = !hard && mix.next().is_multiple_of(4);
            let time = if back { judge.median() + 1 } else { ahead };
            let good = judge.mine(time, mix.next());
            for _ in 0..6 {
                let bad = mutated(&good, &judge, &mut mix);
                let expected = judge.verdict(&deserialize(&bad).unwrap_or(good));
                let before = headers.clone();
                if expected.is_err() {
                    check_eq("CH-10", "a bad header", &expected, &headers.push(&bad));
                    check_eq("CH-10", "what it changes", &before, &headers);
                    tried += 1;
                }
            }
            check_eq("CH-10", "a good header", &Ok(judge.chain.len() as u64), &headers.push(&raw(&good)));
            judge.chain.push(good);
            check_eq(
                "CH-10",
                "the tip",
                &(judge.chain.len() as u64 - 1, good.block_hash()),
                &(headers.height(), headers.tip()),
            );
            tried += 1;
        }
    }
    tried
}

/// Behind a trusted header everything goes on as if all before it had been seen, once eleven headers have.
pub fn a_trusted_start_is_the_first_of_an_interval() -> u64 {
    let network = private(16, 1_600);
    let (mut judge, mut headers) = (Judge::new(network), Headers::of_genesis(network));
    let (mut started, mut tried) = (None, 0);
    for step in 1..60_u32 {
        let good = judge.mine(judge.tip().time + 40 + step, 1);
        let bytes = raw(&good);
        let start = Headers::starting(network, u64::from(step), &bytes);
        if step % 16 == 0 {
            check_eq("CH-10", "a start", &true, &start.is_ok());
            if step == 16 {
                started = start.ok();
            }
        } else {
            let refused = StartError::InsideInterval { height: u64::from(step), interval: 16 };
            check_eq("CH-10", "a start inside an interval", &Err(refused), &start);
        }
        if let (Some(started), true) = (&mut started, step > 16) {
            check_eq("CH-10", "behind a start", &Ok(u64::from(step)), &started.push(&bytes));
        }
        check_eq("CH-10", "a good header", &true, &headers.push(&bytes).is_ok());
        judge.chain.push(good);
        tried += 1;
    }
    check_eq("CH-10", "the state behind both", &Some(headers), &started);
    tried + refused_starts(network)
}

fn refused_starts(network: Network) -> u64 {
    let mut header = network.genesis();
    while Target::from_compact(header.bits).is_met_by(header.block_hash()) {
        header.nonce += 1;
    }
    let refused = Headers::starting(network, 0, &raw(&header));
    let hash = header.block_hash();
    let reason = HeaderReason::NoProofOfWork { hash, bits: 0x207f_ffff };
    check_eq(
        "CH-10",
        "a start without work",
        &Err(StartError::Header(HeaderError { height: 0, reason })),
        &refused,
    );
    header.bits = CompactTarget::from_consensus(0x2100_8000);
    let refused = Headers::starting(network, 16, &raw(&header));
    check_eq("CH-10", "an easy start", &true, &matches!(refused, Err(StartError::Bits { height: 16, .. })));
    2
}

/// Gives bytes in small pieces, is interrupted between them, and may fail at the end.
struct Trickle<'a> {
    bytes: &'a [u8],
    piece: usize,
    interrupted: bool,
    end: Option<io::ErrorKind>,
}

impl io::Read for Trickle<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.interrupted = !self.interrupted;
        if self.interrupted {
            return Err(io::ErrorKind::Interrupted.into());
        }
        if let (true, Some(end)) = (self.bytes.is_empty(), self.end) {
            return Err(end.into());
        }
        let len = self.piece.min(into.len()).min(self.bytes.len());
        into[..len].copy_from_slice(&self.bytes[..len]);
        self.bytes = &self.bytes[len..];
        Ok(len)
    }
}

/// A stream in pieces of any size is validated to its end, and tells where it breaks off.
pub fn a_stream_tells_where_it_ends() -> u64 {
    let (network, mut judge) = (Network::Regtest, Judge::new(Network::Regtest));
    let mut bytes = Vec::new();
    for step in 0..9 {
        let good = judge.mine(judge.tip().time + 60, step);
        bytes.extend(raw(&good));
        judge.chain.push(good);
    }
    let mut tried = 0;
    for piece in [1, 7, 79, 80, 81, 1_000] {
        for end in [None, Some(io::ErrorKind::BrokenPipe)] {
            for len in [0, 1, 80, 81, 399, 720] {
                let mut headers = Headers::of_genesis(network);
                let stream = Trickle { bytes: &bytes[..len], piece, interrupted: false, end };
                let found = validate(&mut headers, stream);
                let (whole, rest) = (len as u64 / 80, len % 80);
                check_eq("CH-10", "how far a stream goes", &whole, &headers.height());
                let right = match (&found, end, rest) {
                    (Ok(count), None, 0) => *count == whole,
                    (Err(HeaderStreamError::Io { height, .. }), Some(_), _) => *height == whole + 1,
                    (Err(HeaderStreamError::Truncated { height, len }), None, rest) => {
                        (*height, *len) == (whole + 1, rest)
                    }
                    _ => false,
                };
                if !right {
                    violated("CH-10", format!("{len} bytes in pieces of {piece}, then {end:?}: {found:?}"));
                }
                tried += 1;
            }
        }
    }
    bytes[3 * 80 + 40] ^= 1;
    let mut headers = Headers::of_genesis(network);
    let found = validate(&mut headers, bytes.as_slice());
    let height = match found {
        Err(HeaderStreamError::Header(error)) => error.height,
        other => violated("CH-10", format!("a broken stream: {other:?}")),
    };
    // A flipped bit breaks the work of its header or the link of the next one.
    check_eq("CH-10", "where a stream is broken", &true, &(height == 4 || height == 5));
    check_eq("CH-10", "what stays validated", &(height - 1), &headers.height());
    tried + 1
}

/// Real headers: all validate, and every flipped bit of one is refused at its height by the state before it.
///
/// `share` of so many headers are flipped, each bit of them.
pub fn real_headers_validate(first: u64, bytes: &[u8], share: usize) -> u64 {
    let all: Vec<RawHeader> = bytes.chunks_exact(80).map(|raw| raw.try_into().unwrap_or([0; 80])).collect();
    check_eq("CH-10", "whole headers", &0, &(bytes.len() % 80));
    let mut headers = Headers::starting(Network::Mainnet, first, &all[0])
        .unwrap_or_else(|error| violated("CH-10", error.to_string()));
    let mut tried = 0;
    for (index, raw) in all.iter().enumerate().skip(1) {
        if index % share == 0 {
            tried += flipped(&mut headers, raw);
        }
        let height = first + index as u64;
        check_eq("CH-10", "a real header", &Ok(height), &headers.push(raw));
    }
    let count = validate_all(first, bytes);
    check_eq("CH-10", "headers of the stream", &(all.len() as u64 - 1), &count);
    tried + count + imported(first, &all)
}

fn validate_all(first: u64, bytes: &[u8]) -> u64 {
    let raw: RawHeader = bytes[..80].try_into().unwrap_or([0; 80]);
    let started = Headers::starting(Network::Mainnet, first, &raw);
    let mut headers = started.unwrap_or_else(|error| violated("CH-10", error.to_string()));
    validate(&mut headers, &bytes[80..]).unwrap_or_else(|error| violated("CH-10", error.to_string()))
}

fn flipped(headers: &mut Headers, raw: &RawHeader) -> u64 {
    let before = headers.clone();
    for bit in 0..640 {
        let mut other = *raw;
        other[bit / 8] ^= 1 << (bit % 8);
        match headers.push(&other) {
            Err(error) if error.height == before.height() + 1 => {
                let link = matches!(error.reason, HeaderReason::Unlinked { .. });
                let bits = matches!(error.reason, HeaderReason::WrongBits { .. });
                let expected = (matches!(bit / 8, 4..36), matches!(bit / 8, 72..76));
                check_eq(
                    "CH-10",
                    &format!("why a header with bit {bit} flipped is refused"),
                    &expected,
                    &(link, bits),
                );
            }
            other => violated(
                "CH-10",
                format!("a header with bit {bit} flipped at {}: {other:?}", before.height() + 1),
            ),
        }
    }
    check_eq("CH-10", "what refused headers change", &before, headers);
    640
}

/// A thousand single flips through the public import of a whole stream: refused where they are, or one later by the link.
fn imported(first: u64, all: &[RawHeader]) -> u64 {
    let mut mix = seeded(1_000);
    for _ in 0..1_000 {
        let index = 1 + mix.next() as usize % (all.len() - 1);
        // The import begins at the interval before the header.
        let start = index / 2016 * 2016 - if index.is_multiple_of(2016) { 2016 } else { 0 };
        let mut bytes = all[start..=index].as_flattened().to_vec();
        let (len, bit) = (bytes.len(), mix.next() as usize % 640);
        bytes[len - 80 + bit / 8] ^= 1 << (bit % 8);
        let raw: RawHeader = bytes[..80].try_into().unwrap_or([0; 80]);
        let mut headers = Headers::starting(Network::Mainnet, first + start as u64, &raw)
            .unwrap_or_else(|error| violated("CH-10", error.to_string()));
        let found = validate(&mut headers, &bytes[80..]);
        let height = first + index as u64;
        match found {
            Err(HeaderStreamError::Header(error)) if error.height == height => {}
            other => violated("CH-10", format!("a flipped bit of the header at {height}: {other:?}")),
        }
    }
    1_000
}
