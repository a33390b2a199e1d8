//! The streams under way, each of which can be ended at any time.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use alys_sync::engine::RequestId;
use alys_sync::network::{InboundId, Outcome};
use alys_wire::message::{Request, Response};
use alys_wire::protocol::Protocol;
use alys_wire::stream::{ClientCodec, ServerCodec};
use bytes::BytesMut;
use libp2p::futures::StreamExt as _;
use libp2p::futures::future::{AbortHandle, Abortable};
use libp2p::futures::stream::FuturesUnordered;
use libp2p::{PeerId, Stream};

use super::exchange::{self, NoRequest};

/// A stream that a peer has opened, while its request is answered.
type Parked = (Stream, ServerCodec);

/// What has come of a stream.
#[derive(Debug)]
pub(super) enum Done {
    /// Of one on which we ask.
    Asked(RequestId, Outcome),
    /// Of one on which a peer asks.
    Heard(InboundId, Result<Request, NoRequest>),
    /// Of one on which we answer, and whether the limits allow all of it.
    Answered(InboundId, bool),
    /// Of a goodbye.
    Farewell(PeerId),
}

/// What a future gives: what has come of a stream, and the stream itself if it is still wanted.
type Given = (Done, Option<Parked>);

type Task = Abortable<Pin<Box<dyn Future<Output = Given> + Send>>>;

/// All streams under way.
#[derive(Debug, Default)]
pub(super) struct Tasks {
    running: FuturesUnordered<Task>,
    asked: BTreeMap<RequestId, AbortHandle>,
    inbound: BTreeMap<InboundId, AbortHandle>,
    parked: BTreeMap<InboundId, Parked>,
}

impl Tasks {
    fn spawn(&mut self, task: impl Future<Output = Given> + Send + 'static) -> AbortHandle {
        let (handle, registration) = AbortHandle::new_pair();
        let task: Pin<Box<dyn Future<Output = Given> + Send>> = Box::pin(task);
        self.running.push(Abortable::new(task, registration));
        handle
    }

    /// Asks on a stream.
    pub(super) fn ask(
        &mut self,
        request: RequestId,
        stream: Stream,
        codec: ClientCodec,
        protocol: Protocol,
        bytes: BytesMut,
    ) {
        let handle = self.spawn(async move {
            (Done::Asked(request, exchange::ask(stream, codec, protocol, bytes).await), None)
        });
        self.asked.insert(request, handle);
    }

    /// Reads the request on a stream.
    pub(super) fn hear(&mut self, inbound: InboundId, mut stream: Stream, mut codec: ServerCodec) {
        let handle = self.spawn(async move {
            let heard = exchange::hear(&mut stream, &mut codec).await;
            let parked = heard.is_ok().then_some((stream, codec));
            (Done::Heard(inbound, heard), parked)
        });
        self.inbound.insert(inbound, handle);
    }

    /// Answers on a stream.
    pub(super) fn answer(&mut self, inbound: InboundId, responses: Vec<Response>) {
        let Some((stream, codec)) = self.parked.remove(&inbound) else { return };
        let handle = self.spawn(async move {
            (Done::Answered(inbound, exchange::answer(stream, codec, responses).await), None)
        });
        self.inbound.insert(inbound, handle);
    }

    /// Says goodbye on a stream.
    pub(super) fn farewell(&mut self, peer: PeerId, stream: Stream, goodbye: BytesMut) {
        let _handle = self.spawn(async move {
            exchange::farewell(stream, goodbye).await;
            (Done::Farewell(peer), None)
        });
    }

    /// Closes the stream of a request.
    pub(super) fn drop_request(&mut self, request: RequestId) {
        if let Some(handle) = self.asked.remove(&request) {
            handle.abort();
        }
    }

    /// Closes a stream of a peer.
    pub(super) fn reset(&mut self, inbound: InboundId) {
        self.parked.remove(&inbound);
        if let Some(handle) = self.inbound.remove(&inbound) {
            handle.abort();
        }
    }

    /// What has come of a stream next; pending also when there is none.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Done> {
        loop {
            let Some(ended) = ready!(self.running.poll_next_unpin(cx)) else { return Poll::Pending };
            let Ok((done, parked)) = ended else { continue };
            match &done {
                Done::Asked(request, _) => drop(self.asked.remove(request)),
                Done::Heard(inbound, _) | Done::Answered(inbound, _) => drop(self.inbound.remove(inbound)),
                Done::Farewell(_) => {}
            }
            if let (Done::Heard(inbound, _), Some(parked)) = (&done, parked) {
                self.parked.insert(*inbound, parked);
            }
            return Poll::Ready(done);
        }
    }

    /// How many streams are held.
    pub(super) fn len(&self) -> usize {
        self.running.len() + self.parked.len()
    }
}
