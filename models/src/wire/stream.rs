//! What the stream of one request carries, as a function of all bytes that have arrived.

use super::frame::{self, Expected, Fault, Outcome};
use super::payload::{self, Payload};
use super::ssz::Value;

/// A stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stream {
    /// What its frames consist of: nothing if a message has no body.
    pub payload: Option<Payload>,
    /// Whether it carries responses.
    pub responses: bool,
    /// How many messages at most.
    pub messages_max: u64,
    /// The configured maximum of a payload.
    pub max_payload: usize,
}

/// A message on a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The result byte.
    pub code: Option<u8>,
    /// What it consists of.
    pub payload: Option<Payload>,
    /// The content, if there is any.
    pub value: Option<Value>,
    /// How many bytes of the stream it was.
    pub used: usize,
}

/// What the bytes of a stream have brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brought {
    /// The messages.
    pub messages: Vec<Message>,
    /// What made the stream end badly, and after how many bytes since the end of the last message.
    pub fault: Option<(usize, Fault)>,
}

impl Stream {
    /// Tells what frames it carries.
    #[must_use]
    pub fn expected(&self) -> Expected {
        let success = self.payload.map_or((1, 0), |payload| payload::sizes(payload, self.max_payload));
        let failure = payload::sizes(Payload::ErrorText, self.max_payload);
        Expected { coded: self.responses, success, failure }
    }

    /// Tells what the bytes have brought, and whether that is all there will be.
    #[must_use]
    pub fn brought(&self, bytes: &[u8], ended: bool) -> Brought {
        let (mut rest, mut messages, mut left) = (bytes, Vec::new(), self.messages_max);
        let fault = loop {
            if self.payload.is_none() {
                // The end of an empty stream is the message.
                let message = Message { code: None, payload: None, value: None, used: 0 };
                messages.extend((ended && rest.is_empty()).then_some(message));
                break trailing(rest);
            }
            if left == 0 {
                break trailing(rest);
            }
            match frame::decode(rest, &self.expected()) {
                Outcome::Hopeless(at, fault) => break Some((at, fault)),
                Outcome::More if ended && !(self.responses && rest.is_empty()) => {
                    break Some((rest.len(), Fault::Truncated));
                }
                Outcome::More => break None,
                Outcome::Whole(frame) => {
                    let failed = frame.code.unwrap_or(0) != 0;
                    let payload = if failed { Some(Payload::ErrorText) } else { self.payload };
                    let kind = payload.map(payload::type_of);
                    let Some(Ok(value)) = kind.map(|kind| kind.decode(&frame.payload)) else {
                        break Some((frame.used, Fault::NotSsz));
                    };
                    messages.push(Message {
                        code: frame.code,
                        payload,
                        value: Some(value),
                        used: frame.used,
                    });
                    rest = &rest[frame.used..];
                    left = if failed { 0 } else { left - 1 };
                }
            }
        };
        Brought { messages, fault }
    }
}

fn trailing(rest: &[u8]) -> Option<(usize, Fault)> {
    (!rest.is_empty()).then_some((1, Fault::Trailing))
}
