//! A transport that reaches this machine alone, whoever asks it to dial what.

use std::pin::Pin;
use std::task::{Context, Poll};

use libp2p::Multiaddr;
use libp2p::core::Transport;
use libp2p::core::transport::{DialOpts, ListenerId, TransportError, TransportEvent};

use crate::config::is_loopback;

/// A transport, and whether it reaches other machines.
///
/// Addresses come from peers too, by way of the routing tables, and are dialled by protocols that know no bounds. So the
/// bound is here, below all of them.
#[derive(Debug)]
pub(super) struct Guarded<T> {
    pub(super) inner: T,
    pub(super) beyond_loopback: bool,
}

impl<T: Transport> Guarded<T> {
    fn allows(&self, address: &Multiaddr) -> bool {
        self.beyond_loopback || is_loopback(address)
    }
}

impl<T: Transport + Unpin> Transport for Guarded<T> {
    type Output = T::Output;
    type Error = T::Error;
    type ListenerUpgrade = T::ListenerUpgrade;
    type Dial = T::Dial;

    fn listen_on(&mut self, id: ListenerId, address: Multiaddr) -> Result<(), TransportError<T::Error>> {
        if self.allows(&address) {
            self.inner.listen_on(id, address)
        } else {
            Err(TransportError::MultiaddrNotSupported(address))
        }
    }

    fn remove_listener(&mut self, id: ListenerId) -> bool {
        self.inner.remove_listener(id)
    }

    fn dial(&mut self, address: Multiaddr, options: DialOpts) -> Result<T::Dial, TransportError<T::Error>> {
        if self.allows(&address) {
            self.inner.dial(address, options)
        } else {
            Err(TransportError::MultiaddrNotSupported(address))
        }
    }

    fn poll(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<TransportEvent<T::ListenerUpgrade, T::Error>> {
        Pin::new(&mut self.inner).poll(cx)
    }
}
