//! What the transport reaches.

use libp2p::Multiaddr;
use libp2p::core::transport::{DialOpts, ListenerId, PortUse, TransportError};
use libp2p::core::{Endpoint, Transport as _};
use libp2p::tcp;

use super::guarded::Guarded;

/// NW-7: unless other machines are allowed, the transport itself neither dials them nor listens for them, whoever asks.
///
/// Engine: law
#[test]
fn the_transport_reaches_this_machine_alone() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let _entered = runtime.enter();
    let options = DialOpts { role: Endpoint::Dialer, port_use: PortUse::New };
    let addresses = [
        "/ip4/127.0.0.1/tcp/1",
        "/ip6/::1/tcp/1",
        "/ip4/192.0.2.1/tcp/1",
        "/ip6/2001:db8::1/tcp/1",
        "/ip4/127.0.0.1/tcp/1/ip4/192.0.2.1/tcp/80",
    ];
    for beyond_loopback in [false, true] {
        for (place, address) in addresses.into_iter().enumerate() {
            let address: Multiaddr = address.parse().unwrap();
            let mut guarded = Guarded { inner: tcp::tokio::Transport::default(), beyond_loopback };
            let dialled = guarded.dial(address.clone(), options);
            assert_eq!(dialled.is_ok(), beyond_loopback || place < 2, "{address} is dialled");
            let listened = guarded.listen_on(ListenerId::next(), address.clone());
            let refused = matches!(listened, Err(TransportError::MultiaddrNotSupported(_)));
            assert_eq!(refused, !beyond_loopback && place >= 2, "{address} is not listened on");
        }
    }
}
