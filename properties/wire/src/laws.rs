//! The properties, each for the crate as it ships and for a twin with a fault.

pub mod corruptions;
pub mod encoding;
pub mod gossip;
pub mod hostile;
pub mod names;
pub mod quota;
pub mod streams;

use alys_engines::draw::SplitMix;
use alys_models::wire::payload::{self, Payload};
use alys_models::wire::ssz::Value;
use arbitrary::{Result, Unstructured};

use crate::generate::{self, MAX_PAYLOAD, Scale};
use crate::planted::Law;
use crate::sut::{BLOCKS_BY_RANGE, Channel, Content, PROTOCOLS, Sut};

/// How a law measures what the allocator gives while something runs: the most bytes at once.
pub type Measure<'a> = &'a dyn Fn(&mut dyn FnMut()) -> u64;

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

/// A block as a response, whose body is one transaction of so many bytes of a kind.
#[must_use]
pub fn block(transaction: usize, compressible: bool) -> Content {
    let mut mix = SplitMix(transaction as u64);
    let byte = |at: usize| (at / 37 % 251) as u8;
    let parts: Vec<_> = (0..transaction).collect();
    let transactions = parts.chunks(65_536).map(|part| {
        let bytes = part.iter().map(|at| if compressible { byte(*at) } else { mix.next() as u8 });
        Value::Bytes(bytes.collect())
    });
    let numbers = |count: u64| (0..count).map(Value::Number);
    let root = || Value::Bytes(vec![7; 32]);
    let header = [root()].into_iter().chain(numbers(3)).chain([root(), root(), Value::Number(1 << 40)]);
    let body = Value::Parts(vec![Value::Parts(transactions.collect())]);
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
