//! What was refused, and how often.

use std::collections::BTreeMap;

/// Why something was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Refusal {
    /// A connection that never became one: what came was no handshake, or nothing came in time.
    NoHandshake,
    /// A connection over a limit on connections.
    TooManyConnections,
    /// A connection while the process uses too much memory.
    TooMuchMemory,
    /// A connection with a peer that is banned.
    Banned,
    /// A connection with an address that is not of this machine.
    NotLoopback,
    /// A connection of a peer to which we have said goodbye, or whose number another one has.
    Unwanted,
    /// A stream of a peer that has as many as it may have, or when all peers have as many as all may have.
    TooManyStreams,
    /// A stream on which the request, or the reading of our answer, has taken too long.
    TooSlow,
    /// A request over its quota.
    OverQuota,
    /// Bytes that are no request.
    MalformedRequest,
    /// Bytes that are no response.
    MalformedResponse,
    /// Bytes that are no message of their topic.
    MalformedGossip,
    /// A message that was heard already.
    HeardAlready,
    /// A stream that broke before its request was whole.
    Broken,
    /// A message of our own that the limits do not allow, or a request under the number of an open one.
    OurOwn,
    /// A request to a peer of whom as much is asked already as may be.
    TooManyRequests,
}

/// How often each thing was refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    refused: BTreeMap<Refusal, u64>,
}

impl Counts {
    /// Counts one more.
    pub fn note(&mut self, refusal: Refusal) {
        let count = self.refused.entry(refusal).or_default();
        *count = count.saturating_add(1);
    }

    /// How often something was refused for a reason.
    #[must_use]
    pub fn of(&self, refusal: Refusal) -> u64 {
        self.refused.get(&refusal).copied().unwrap_or(0)
    }

    /// Every reason there was, and how often.
    pub fn all(&self) -> impl Iterator<Item = (Refusal, u64)> {
        self.refused.iter().map(|(refusal, count)| (*refusal, *count))
    }
}
