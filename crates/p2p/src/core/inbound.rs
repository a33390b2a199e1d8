//! What peers ask of us: their streams, and their quotas.

use std::collections::BTreeMap;
use std::time::Duration;

use alys_sync::network::InboundId;
use alys_sync::peer::PeerId;
use alys_wire::message::Request;
use alys_wire::protocol::Protocol;
use alys_wire::quota::{QuotaTable, RateLimited, RateLimiter};

/// How many streams there may be, and how long they may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamLimits {
    /// The streams of one peer at once.
    pub per_peer: usize,
    /// The streams of all peers at once.
    pub total: usize,
    /// How long a request may take to arrive, in milliseconds.
    pub read_ms: u64,
    /// How long an answer may take to be read, in milliseconds.
    pub write_ms: u64,
    /// Of how many peers it is kept how much they have asked.
    pub remembered: usize,
}

/// How far a stream has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// The request arrives.
    Reading { deadline: u64 },
    /// The node is asked. It answers at once.
    Asked,
    /// The answer is read.
    Answering { deadline: u64 },
}

#[derive(Clone, Debug)]
struct Stream {
    peer: PeerId,
    protocol: Protocol,
    stage: Stage,
}

/// The streams that peers have opened, and what their quotas are.
#[derive(Clone, Debug)]
pub struct Inbound {
    limits: StreamLimits,
    quotas: QuotaTable,
    streams: BTreeMap<InboundId, Stream>,
    /// When a peer has asked last, and how much.
    limiters: BTreeMap<PeerId, (u64, RateLimiter)>,
    next: u64,
}

impl Inbound {
    /// Nobody asks anything.
    #[must_use]
    pub fn new(limits: StreamLimits, quotas: QuotaTable) -> Self {
        Inbound { limits, quotas, streams: BTreeMap::new(), limiters: BTreeMap::new(), next: 0 }
    }

    /// A peer opens a stream: its number, or nothing if there are too many.
    pub fn opened(&mut self, peer: PeerId, protocol: Protocol, now: u64) -> Option<InboundId> {
        let of_peer = self.streams.values().filter(|stream| stream.peer == peer).count();
        if of_peer >= self.limits.per_peer || self.streams.len() >= self.limits.total {
            return None;
        }
        let inbound = InboundId(self.next);
        self.next += 1;
        let stage = Stage::Reading { deadline: now.saturating_add(self.limits.read_ms) };
        self.streams.insert(inbound, Stream { peer, protocol, stage });
        Some(inbound)
    }

    /// The request of a stream is there: who asks, or nothing if that stream does not wait for one.
    ///
    /// # Errors
    ///
    /// The peer, and [`RateLimited`], if the request is over its quota; what is answered then is written until a deadline.
    pub fn asked(
        &mut self,
        inbound: InboundId,
        request: &Request,
        now: u64,
    ) -> Result<Option<PeerId>, (PeerId, RateLimited)> {
        let Some(stream) = self.streams.get_mut(&inbound) else { return Ok(None) };
        if !matches!(stream.stage, Stage::Reading { .. }) {
            return Ok(None);
        }
        let (peer, quotas) = (stream.peer, self.quotas);
        let (asked, limiter) = self.limiters.entry(peer).or_insert_with(|| (now, RateLimiter::new(quotas)));
        *asked = now;
        let taken = limiter.take(request.protocol(), request.cost(), Duration::from_millis(now));
        stream.stage = match taken {
            Ok(()) => Stage::Asked,
            Err(_) => Stage::Answering { deadline: now.saturating_add(self.limits.write_ms) },
        };
        self.forget();
        taken.map(|()| Some(peer)).map_err(|limited| (peer, limited))
    }

    /// Forgets who has not asked for longest, when there are too many.
    fn forget(&mut self) {
        if self.limiters.len() > self.limits.remembered
            && let Some((_, peer)) = self.limiters.iter().map(|(peer, (asked, _))| (*asked, *peer)).min()
        {
            self.limiters.remove(&peer);
        }
    }

    /// A peer is answered; tells whether this stream is its own and waits for it.
    pub fn answered(&mut self, peer: PeerId, inbound: InboundId, now: u64) -> bool {
        let deadline = now.saturating_add(self.limits.write_ms);
        let waiting = self
            .streams
            .get_mut(&inbound)
            .filter(|stream| stream.peer == peer && stream.stage == Stage::Asked);
        let Some(stream) = waiting else { return false };
        stream.stage = Stage::Answering { deadline };
        true
    }

    /// A stream has ended: whose it was, and on which protocol.
    pub fn closed(&mut self, inbound: InboundId) -> Option<(PeerId, Protocol)> {
        self.streams.remove(&inbound).map(|stream| (stream.peer, stream.protocol))
    }

    /// A peer has left: its streams.
    pub fn left(&mut self, peer: PeerId) -> Vec<InboundId> {
        self.streams.extract_if(.., |_, stream| stream.peer == peer).map(|(inbound, _)| inbound).collect()
    }

    /// Takes the streams that have taken too long at a time.
    pub fn overdue(&mut self, now: u64) -> Vec<InboundId> {
        let late = |stream: &Stream| deadline(stream).is_some_and(|deadline| deadline <= now);
        self.streams.extract_if(.., |_, stream| late(stream)).map(|(inbound, _)| inbound).collect()
    }

    /// When the next stream will have taken too long.
    #[must_use]
    pub fn next_deadline(&self) -> Option<u64> {
        self.streams.values().filter_map(deadline).min()
    }

    /// How many streams are open.
    #[must_use]
    pub fn len(&self) -> usize {
        self.streams.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.streams.is_empty()
    }

    /// Of how many peers it is kept how much they have asked.
    #[must_use]
    pub fn remembered(&self) -> usize {
        self.limiters.len()
    }
}

fn deadline(stream: &Stream) -> Option<u64> {
    match stream.stage {
        Stage::Reading { deadline } | Stage::Answering { deadline } => Some(deadline),
        Stage::Asked => None,
    }
}
