//! What a stream brings, by the model and by the real thing.

use alys_engines::violation::{check_eq, violated};
use alys_models::wire::frame::Fault;
use alys_models::wire::payload;
use alys_models::wire::stream::{Brought, Message};

use crate::sut::{Channel, Streaming, Sut};

/// Takes everything that a decoder has to give now.
pub fn drain(real: &mut impl Streaming, brought: &mut Brought) {
    while brought.fault.is_none() {
        match real.next() {
            Ok(Some(message)) => brought.messages.push(message),
            Ok(None) => return,
            Err(fault) => brought.fault = Some(fault),
        }
    }
}

/// Feeds a decoder in pieces that end where `cuts` say.
pub fn feed(real: &mut impl Streaming, bytes: &[u8], cuts: &[usize]) -> Brought {
    let mut brought = Brought { messages: Vec::new(), fault: None };
    let mut cuts: Vec<_> = cuts.iter().map(|cut| (*cut).min(bytes.len())).chain([bytes.len()]).collect();
    cuts.sort_unstable();
    let mut begin = 0;
    for cut in cuts {
        real.arrive(&bytes[begin..cut]);
        drain(real, &mut brought);
        begin = cut;
    }
    brought
}

/// Says that nothing more arrives, and takes what is left.
///
/// # Panics
///
/// Raises a violation if messages come of nothing.
pub fn end(real: &mut impl Streaming, brought: &mut Brought) {
    let before = brought.messages.len();
    loop {
        if brought.messages.len() > before + 8 {
            violated(
                "WR-4",
                format!("a stream that has ended brings one message after another: {brought:?}"),
            );
        }
        match real.end() {
            Ok(Some(message)) => brought.messages.push(message),
            Ok(None) => return,
            Err(fault) => {
                brought.fault = Some(fault);
                return;
            }
        }
    }
}

/// Holds what was brought to the model.
///
/// # Panics
///
/// Raises a violation where they differ: of WR-1 if the bytes are valid, of WR-4 if a message was accepted that is none
/// or another, of WR-2 if only the place of the fault differs, of WR-3 if its kind does.
pub fn agree(what: &str, model: &Brought, real: &Brought) {
    if model.messages != real.messages {
        let rule = if model.fault.is_none() { "WR-1" } else { "WR-4" };
        check_eq(rule, what, &model.messages, &real.messages);
    }
    if model.fault.map(|fault| fault.1) != real.fault.map(|fault| fault.1) {
        let rule = if real.fault.is_none() { "WR-4" } else { "WR-3" };
        check_eq(rule, what, &model.fault, &real.fault);
    }
    check_eq("WR-2", what, &model.fault, &real.fault);
}

/// Judges the decoder on some bytes, at once and in pieces, and returns what the whole stream brings.
///
/// # Panics
///
/// Raises a violation where the model and the decoder differ.
pub fn judge<S: Sut>(channel: &Channel, bytes: &[u8], cuts: &[usize]) -> Brought {
    let stream = channel.stream();
    let mut real = S::core(channel);
    let mut brought = feed(&mut real, bytes, &[]);
    let model = stream.brought(bytes, false);
    agree("what the bytes bring", &model, &brought);
    // What is hopeless stays so at the end of the stream: the model, which is slow, need not say it twice.
    let whole = if model.fault.is_some() { model.clone() } else { stream.brought(bytes, true) };
    end(&mut real, &mut brought);
    agree("what the stream brings", &whole, &brought);
    if !cuts.is_empty() {
        let mut real = S::core(channel);
        let mut in_pieces = feed(&mut real, bytes, cuts);
        if in_pieces != model {
            check_eq("WR-2", "what the bytes bring in pieces", &model, &in_pieces);
        }
        end(&mut real, &mut in_pieces);
        if in_pieces != whole {
            check_eq("WR-2", "what the stream brings in pieces", &whole, &in_pieces);
        }
    }
    whole
}

/// How a corrupted stream ended, compared with what was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ended {
    /// The same messages.
    Same,
    /// The same payloads with other result bytes.
    OtherCode,
    /// A message with another payload was accepted: what only its content can tell.
    OtherPayload,
    /// Fewer messages, and no error: whole frames were lost.
    Fewer,
    /// An error.
    Error(Fault),
}

/// Compares what came with what was sent.
#[must_use]
pub fn ended(sent: &[Message], came: &Brought) -> Ended {
    let others = came.messages.iter().zip(sent).any(|(came, sent)| ssz(came) != ssz(sent));
    if others || came.messages.len() > sent.len() {
        return Ended::OtherPayload;
    }
    if let Some((_, fault)) = came.fault {
        return Ended::Error(fault);
    }
    if came.messages.len() < sent.len() {
        return Ended::Fewer;
    }
    let codes = |message: &Message| message.code;
    if came.messages.iter().map(codes).eq(sent.iter().map(codes)) { Ended::Same } else { Ended::OtherCode }
}

/// Holds a stream of which one bit was flipped to WR-4.
///
/// # Panics
///
/// Raises a violation if a message was accepted whose payload is another one: the stated exception is a strict prefix of
/// a payload of more than a chunk, after which the rest is an error.
pub fn hold_to_flip(coded: bool, at: usize, sent: &[Message], came: &Brought) {
    let outcome = ended(sent, came);
    let fine = match outcome {
        Ended::Same | Ended::Error(_) => true,
        Ended::OtherCode => coded && at == 0,
        Ended::Fewer => false,
        Ended::OtherPayload => came.fault.is_some() && is_prefix(sent, came),
    };
    if !fine {
        violated(
            "WR-4",
            format!("the flip of a bit of byte {at} brought {outcome:?}: sent {sent:?}, came {came:?}"),
        );
    }
}

/// Says whether the last message that came is a payload that was cut at the end of a chunk.
fn is_prefix(sent: &[Message], came: &Brought) -> bool {
    let Some(index) = came.messages.len().checked_sub(1) else { return false };
    let (came, sent) = (ssz(&came.messages[index]), sent.get(index).map(ssz).unwrap_or_default());
    sent.len() > 65_536 && came.len() < sent.len() && came.len() % 65_536 == 0 && sent.starts_with(&came)
}

/// The bytes of a payload: what a frame protects, whatever its result byte says they are.
fn ssz(message: &Message) -> Vec<u8> {
    match (message.payload, &message.value) {
        (Some(payload), Some(value)) => payload::type_of(payload).encode(value),
        _ => Vec::new(),
    }
}
