//! The properties, each for the crate as it ships and for a twin with a fault.

pub mod corruptions;
pub mod encoding;
pub mod gossip;
pub mod hostile;
pub mod names;
pub mod quota;
pub mod roots;
pub mod streams;

use alys_engines::draw::SplitMix;
use alys_engines::violation::caught;
use alys_models::wire::payload::{self, Payload};
use alys_models::wire::ssz::Value;
use arbitrary::{Result, Unstructured};

use crate::generate::{self, MAX_PAYLOAD, Scale};
use crate::planted::Law;
use crate::sut::{BLOCKS_BY_RANGE, Channel, Content, PROTOCOLS, Sut};

/// How a law measures what the allocator gives while something runs: the most bytes at once.
pub type Measure<'a> = &'a dyn Fn(&mut dyn FnMut()) -> u64;

/// Runs a law as a test: what it raises is shown.
///
/// # Panics
///
/// With the broken rule and both sides, when the law does not hold.
pub fn hold<T>(law: impl FnOnce() -> T) -> T {
    caught(law).unwrap_or_else(|broken| panic!("{broken}"))
}

/// Runs a law with as many cases as a hunt for a planted fault takes.
///
/// # Panics
///
/// When the law does not hold.
pub fn hunt<S: Sut>(law: Law, measure: Measure<'_>) {
    match law {
        Law::RoundTrip => encoding::round_trip::<S>(400),
        Law::Limits => encoding::limits::<S>(),
        Law::Golden => encoding::golden::<S>(),
        Law::Framed => encoding::framed::<S>(),
        Law::Names => names::all::<S>(),
        Law::Splits => streams::splits::<S>(6),
        Law::Flips => streams::flips::<S>(2),
        Law::Crafted => streams::crafted::<S>(),
        Law::Corruptions => drop(corruptions::counted::<S>(0, 4_000)),
        Law::Gossip => gossip::all::<S>(1_500),
        Law::Roots => roots::all::<S>(2),
        Law::Quota => quota::all::<S>(300),
        Law::Memory => hostile::memory::<S>(measure),
        Law::Machine => crate::streaming::hunt::<S>(),
    }
}

/// Every stream, with the default limits and room for several blocks.
#[must_use]
pub fn channels() -> Vec<Channel> {
    let channel = |protocol, responses| {
        let messages_max = if responses && protocol == BLOCKS_BY_RANGE { 4 } else { 1 };
        Channel { protocol, responses, messages_max, max_payload: MAX_PAYLOAD }
    };
    (0..PROTOCOLS.len()).flat_map(|protocol| [channel(protocol, false), channel(protocol, true)]).collect()
}

/// Something drawn from the bytes of a seed.
///
/// # Panics
///
/// Never: generators make do with any bytes.
pub fn drawn<T>(seed: u64, draw: impl FnOnce(&mut Unstructured<'_>) -> Result<T>) -> T {
    let bytes = generate::seeded(seed);
    draw(&mut Unstructured::new(&bytes)).unwrap_or_else(|error| panic!("the generator gave up: {error}"))
}

/// A message for a stream that follows from a seed.
#[must_use]
pub fn content(seed: u64, channel: &Channel, scale: Scale) -> Content {
    drawn(seed, |u| generate::content(u, channel, scale))
}

/// Encodes messages of the suite's own.
///
/// # Panics
///
/// When they are not sent.
#[must_use]
pub fn encoded<S: Sut>(channel: &Channel, messages: &[Content]) -> Vec<u8> {
    S::encode(channel, messages).unwrap_or_else(|why| panic!("WR-6: {messages:?} is not sent: {why:?}"))
}

/// A block as a response, whose body is so many bytes of a kind, in transactions that are as long as may be.
#[must_use]
pub fn block(bytes: usize, compressible: bool) -> Content {
    let mut mix = SplitMix(bytes as u64);
    let byte = |at: usize| if compressible { (at / 37 % 251) as u8 } else { mix.next() as u8 };
    let bytes: Vec<_> = (0..bytes).map(byte).collect();
    block_of(bytes.chunks(65_536).map(<[u8]>::to_vec))
}

/// A block as a response: a chunk without any order, one that only begins like that, and two that end like that.
#[must_use]
pub fn mixed_block() -> Content {
    let mut mix = SplitMix(5);
    let mut random = |count: usize| -> Vec<u8> { (0..count).map(|_| mix.next() as u8).collect() };
    let zeros = |count: usize| vec![0; count];
    let second = [random(6_000), zeros(59_000)].concat();
    block_of([random(65_500), second, zeros(65_536), [zeros(40_000), random(20_000)].concat()])
}

fn block_of(transactions: impl IntoIterator<Item = Vec<u8>>) -> Content {
    let numbers = |count: u64| (0..count).map(Value::Number);
    let root = || Value::Bytes(vec![7; 32]);
    let header = [root()].into_iter().chain(numbers(3)).chain([root(), root(), Value::Number(1 << 40)]);
    let body = Value::Parts(vec![Value::Parts(transactions.into_iter().map(Value::Bytes).collect())]);
    let block = Value::Parts(vec![Value::Parts(header.collect()), body]);
    let signed = Value::Parts(vec![block, Value::Bytes((0..96).collect())]);
    let bits = Value::Bits((0..9).map(|bit| bit % 3 == 0).collect());
    let certificate = Value::Parts(vec![root(), Value::Number(3), bits, Value::Bytes(vec![9; 96])]);
    Content { code: Some(0), value: Some(Value::Parts(vec![signed, certificate])) }
}

/// The SSZ of a message.
#[must_use]
pub fn ssz(payload: Payload, content: &Content) -> Vec<u8> {
    content.value.as_ref().map(|value| payload::type_of(payload).encode(value)).unwrap_or_default()
}
