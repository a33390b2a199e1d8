//! Exchanges: a request on its way, and what has come back.

use std::collections::BTreeSet;

use alys_wire::{
    error::WireError,
    limits::Limits,
    message::{Request, Response},
    stream::ResponseDecoder,
};

use crate::engine::RequestId;
use crate::simulated::host::Host;
use crate::simulated::lines::Session;

/// One request and its answer.
#[derive(Debug)]
pub(super) struct Exchange {
    pub(super) asker: Host,
    pub(super) answerer: Host,
    pub(super) session: Session,
    /// What the asker calls it.
    pub(super) request: RequestId,
    pub(super) message: Request,
    pub(super) incoming: Option<Incoming>,
    /// The streams of which a partition has caught a piece: nothing of them arrives any more.
    pub(super) cut: BTreeSet<u64>,
}

impl Exchange {
    /// An exchange of which nothing has arrived yet.
    pub(super) fn new(
        asker: Host,
        answerer: Host,
        session: Session,
        request: RequestId,
        message: Request,
    ) -> Self {
        Exchange { asker, answerer, session, request, message, incoming: None, cut: BTreeSet::new() }
    }
}

/// A part of a stream of responses.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) exchange: u64,
    /// The stream: one that arrives twice is two.
    pub(super) stream: u64,
    pub(super) bytes: Vec<u8>,
    pub(super) end: End,
}

/// What comes behind a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Perhaps more.
    Open,
    /// The end of the stream.
    Ends,
    /// Nothing: the stream breaks.
    Breaks,
}

/// What comes back.
#[derive(Debug)]
pub(super) struct Incoming {
    pub(super) stream: u64,
    decoder: ResponseDecoder,
    buffer: Vec<u8>,
    used: usize,
    responses: Vec<Response>,
}

impl Incoming {
    pub(super) fn new(stream: u64, request: &Request, limits: &Limits) -> Self {
        let decoder = ResponseDecoder::answering(request, limits);
        Incoming { stream, decoder, buffer: Vec::new(), used: 0, responses: Vec::new() }
    }

    /// Takes bytes; gives all responses when the stream has ended with them.
    pub(super) fn take(&mut self, bytes: &[u8], ends: bool) -> Result<Option<Vec<Response>>, WireError> {
        self.buffer.extend_from_slice(bytes);
        while self.used < self.buffer.len() {
            let Some(decoded) = self.decoder.decode(&self.buffer[self.used..])? else { break };
            self.used += decoded.used;
            self.responses.push(decoded.message);
        }
        if !ends {
            return Ok(None);
        }
        self.decoder.finish(&self.buffer[self.used..])?;
        Ok(Some(std::mem::take(&mut self.responses)))
    }
}

impl Incoming {
    /// How many bytes were whole responses.
    pub(super) fn used_bytes(&self) -> u64 {
        self.used as u64
    }
}
