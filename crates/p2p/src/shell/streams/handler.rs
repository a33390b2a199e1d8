//! The streams of one connection.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::task::{Context, Poll, Waker};

use alys_wire::protocol::Protocol;
use libp2p::core::upgrade::{InboundUpgrade, OutboundUpgrade, UpgradeInfo};
use libp2p::swarm::handler::{
    ConnectionEvent, DialUpgradeError, FullyNegotiatedInbound, FullyNegotiatedOutbound,
};
use libp2p::swarm::{ConnectionHandler, ConnectionHandlerEvent, SubstreamProtocol};
use libp2p::{Stream, StreamProtocol};

use super::Token;

/// A stream is to be opened.
#[derive(Clone, Copy, Debug)]
pub(in crate::shell) struct Open {
    pub(super) token: Token,
    pub(super) protocol: Protocol,
}

/// What has become of a stream.
#[derive(Debug)]
pub(in crate::shell) enum Came {
    Inbound { protocol: Protocol, stream: Stream },
    Opened { token: Token, stream: Stream },
    Failed { token: Token },
}

/// Which protocols a stream may be of.
#[derive(Clone, Debug)]
pub(in crate::shell) struct Offer(Vec<Protocol>);

impl UpgradeInfo for Offer {
    type Info = StreamProtocol;
    type InfoIter = std::vec::IntoIter<StreamProtocol>;

    fn protocol_info(&self) -> Self::InfoIter {
        let names: Vec<_> = self.0.iter().map(|protocol| StreamProtocol::new(protocol.id())).collect();
        names.into_iter()
    }
}

impl InboundUpgrade<Stream> for Offer {
    type Output = (Stream, StreamProtocol);
    type Error = Infallible;
    type Future = Ready<Result<Self::Output, Infallible>>;

    fn upgrade_inbound(self, stream: Stream, name: StreamProtocol) -> Self::Future {
        ready(Ok((stream, name)))
    }
}

impl OutboundUpgrade<Stream> for Offer {
    type Output = Stream;
    type Error = Infallible;
    type Future = Ready<Result<Stream, Infallible>>;

    fn upgrade_outbound(self, stream: Stream, _: StreamProtocol) -> Self::Future {
        ready(Ok(stream))
    }
}

/// Opens and takes the streams of one connection. It keeps the connection: who wants to end it says so.
#[derive(Debug, Default)]
pub(in crate::shell) struct Handler {
    wanted: VecDeque<Open>,
    came: VecDeque<Came>,
    waker: Option<Waker>,
}

impl Handler {
    fn tell(&mut self, came: Came) {
        self.came.push_back(came);
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }
}

impl ConnectionHandler for Handler {
    type FromBehaviour = Open;
    type ToBehaviour = Came;
    type InboundProtocol = Offer;
    type OutboundProtocol = Offer;
    type InboundOpenInfo = ();
    type OutboundOpenInfo = Token;

    fn listen_protocol(&self) -> SubstreamProtocol<Offer> {
        SubstreamProtocol::new(Offer(Protocol::ALL.to_vec()), ())
    }

    fn connection_keep_alive(&self) -> bool {
        true
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<ConnectionHandlerEvent<Offer, Token, Came>> {
        if let Some(came) = self.came.pop_front() {
            return Poll::Ready(ConnectionHandlerEvent::NotifyBehaviour(came));
        }
        if let Some(Open { token, protocol }) = self.wanted.pop_front() {
            let protocol = SubstreamProtocol::new(Offer(vec![protocol]), token);
            return Poll::Ready(ConnectionHandlerEvent::OutboundSubstreamRequest { protocol });
        }
        self.waker = Some(cx.waker().clone());
        Poll::Pending
    }

    fn on_behaviour_event(&mut self, open: Open) {
        self.wanted.push_back(open);
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    fn on_connection_event(&mut self, event: ConnectionEvent<'_, Offer, Offer, (), Token>) {
        match event {
            ConnectionEvent::FullyNegotiatedInbound(FullyNegotiatedInbound {
                protocol: (stream, name),
                ..
            }) => {
                // Only what we offer is negotiated.
                if let Ok(protocol) = Protocol::from_id(name.as_ref()) {
                    self.tell(Came::Inbound { protocol, stream });
                }
            }
            ConnectionEvent::FullyNegotiatedOutbound(FullyNegotiatedOutbound {
                protocol: stream,
                info: token,
            }) => {
                self.tell(Came::Opened { token, stream });
            }
            ConnectionEvent::DialUpgradeError(DialUpgradeError { info: token, .. }) => {
                self.tell(Came::Failed { token });
            }
            _ => {}
        }
    }
}
