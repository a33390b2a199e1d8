//! Connections that end in their time.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use alys_actor::mailbox::{Clock, Sleep};
use libp2p::core::muxing::{StreamMuxer, StreamMuxerEvent};

/// A connection that is dropped when it takes too long to close.
///
/// What is written when a connection closes waits behind all that its peer has not read yet. Without a bound, whoever reads
/// nothing would keep the connection, and its place among those that are allowed, as long as it likes.
pub(super) struct Closing<M> {
    inner: M,
    time: Duration,
    clock: Arc<dyn Clock>,
    until: Option<Sleep>,
}

impl<M> fmt::Debug for Closing<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Closing").field("time", &self.time).finish_non_exhaustive()
    }
}

impl<M> Closing<M> {
    /// A connection, and how long it may take to close.
    pub(super) fn new(inner: M, time: Duration, clock: Arc<dyn Clock>) -> Self {
        Closing { inner, time, clock, until: None }
    }
}

impl<M: StreamMuxer + Unpin> StreamMuxer for Closing<M> {
    type Substream = M::Substream;
    type Error = M::Error;

    fn poll_inbound(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Self::Substream, Self::Error>> {
        Pin::new(&mut self.inner).poll_inbound(cx)
    }

    fn poll_outbound(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Self::Substream, Self::Error>> {
        Pin::new(&mut self.inner).poll_outbound(cx)
    }

    fn poll_close(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        if let Poll::Ready(closed) = Pin::new(&mut self.inner).poll_close(cx) {
            return Poll::Ready(closed);
        }
        let Self { time, clock, until, .. } = &mut *self;
        let until = until.get_or_insert_with(|| clock.sleep_until(clock.now().saturating_add(*time)));
        until.as_mut().poll(cx).map(Ok)
    }

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<StreamMuxerEvent, Self::Error>> {
        Pin::new(&mut self.inner).poll(cx)
    }
}
