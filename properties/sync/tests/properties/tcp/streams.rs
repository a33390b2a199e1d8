//! What goes over a connection: nine bytes that say whose it is and what for, and then frames of the wire.

use std::{io, rc::Rc};

use alys_sync::{network::NetworkEvent, network::Outcome, peer::PeerId};
use alys_wire::{
    fault::{Channel, PeerFault},
    limits::Limits,
    message::{Request, Response},
    protocol::Protocol,
    stream::{MessageEncoder, RequestDecoder, ResponseDecoder},
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::oneshot;
use turmoil::net::{TcpListener, TcpStream};

use super::network::{Shared, Task};

/// Where every node listens.
pub(super) const PORT: u16 = 9_000;

/// How much is read at once: less than a frame, so that frames come in pieces.
const PIECE: usize = 300;

/// The host of a node.
pub(super) fn host(peer: PeerId) -> String {
    format!("node-{}", peer.0)
}

/// Whose a connection is, and what for.
fn hello(me: PeerId, protocol: Option<Protocol>) -> [u8; 9] {
    let place =
        |wanted: Protocol| Protocol::ALL.iter().position(|one| *one == wanted).unwrap_or_default() + 1;
    let mut bytes = [0; 9];
    bytes[..8].copy_from_slice(&me.0.to_be_bytes());
    bytes[8] = protocol.map_or(0, |protocol| place(protocol) as u8);
    bytes
}

/// Opens a link.
pub(super) async fn link(me: PeerId, peer: PeerId) -> io::Result<TcpStream> {
    opened(me, peer, None).await
}

async fn opened(me: PeerId, peer: PeerId, protocol: Option<Protocol>) -> io::Result<TcpStream> {
    let mut stream = TcpStream::connect((host(peer), PORT)).await?;
    stream.write_all(&hello(me, protocol)).await?;
    Ok(stream)
}

/// Waits until a link ends, or is to be ended. Nothing is said on it, so whoever says something has ended it.
pub(super) async fn until_closed(mut link: TcpStream, ended: oneshot::Receiver<()>) {
    let mut byte = [0];
    tokio::select! {
        biased;
        _ = ended => {}
        _ = link.read(&mut byte) => {}
    }
}

/// Asks a peer on a connection of its own.
pub(super) async fn ask(me: PeerId, peer: PeerId, request: &Request) -> Outcome {
    match exchanged(me, peer, request).await {
        Ok(Ok(responses)) => Outcome::Answered(responses),
        Ok(Err(fault)) => Outcome::Malformed(fault),
        Err(_) => Outcome::Unavailable,
    }
}

async fn exchanged(
    me: PeerId,
    peer: PeerId,
    request: &Request,
) -> io::Result<Result<Vec<Response>, PeerFault>> {
    let (limits, protocol, mut frame) = (Limits::default(), request.protocol(), Vec::new());
    MessageEncoder::new(limits).request(request, &mut frame).map_err(io::Error::other)?;
    let mut stream = opened(me, peer, Some(protocol)).await?;
    stream.write_all(&frame).await?;
    stream.shutdown().await?;
    let mut decoder = ResponseDecoder::answering(request, &limits);
    let (mut bytes, mut responses) = (Vec::new(), Vec::new());
    let malformed = |error| Ok(Err(PeerFault::new(Channel::Response(protocol), error)));
    loop {
        loop {
            match decoder.decode(&bytes) {
                Ok(Some(decoded)) => {
                    bytes.drain(..decoded.used);
                    responses.push(decoded.message);
                }
                Ok(None) => break,
                Err(error) => return malformed(error),
            }
        }
        if !read_on(&mut stream, &mut bytes).await? {
            return match decoder.finish(&bytes) {
                Ok(()) => Ok(Ok(responses)),
                Err(error) => malformed(error),
            };
        }
    }
}

/// Reads a piece more; says whether there was one.
async fn read_on(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> io::Result<bool> {
    let mut piece = [0; PIECE];
    let read = stream.read(&mut piece).await?;
    bytes.extend_from_slice(&piece[..read]);
    Ok(read > 0)
}

/// Takes connections in.
pub(super) async fn listen(shared: Rc<Shared>) {
    let listener = loop {
        match TcpListener::bind(("0.0.0.0", PORT)).await {
            Ok(listener) => break listener,
            // The listener before this one is about to go.
            Err(_) => tokio::task::yield_now().await,
        }
    };
    let mut tasks: Vec<Task> = Vec::new();
    while let Ok((stream, _)) = listener.accept().await {
        let shared = Rc::clone(&shared);
        tasks.retain(Task::is_running);
        tasks.push(Task::new(async move { drop(taken_in(shared, stream).await) }));
    }
}

async fn taken_in(shared: Rc<Shared>, mut stream: TcpStream) -> io::Result<()> {
    let mut hello = [0; 9];
    stream.read_exact(&mut hello).await?;
    let (number, what) = hello.split_at(8);
    let peer = PeerId(number.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)));
    if what[0] == 0 {
        if !shared.is_banned(peer) {
            shared.linked(peer, stream).await;
        }
        return Ok(());
    }
    let protocol = Protocol::ALL.get(usize::from(what[0]) - 1).ok_or(io::ErrorKind::InvalidData)?;
    if !shared.is_linked(peer) {
        return Ok(());
    }
    match requested(&mut stream, *protocol).await? {
        Ok(request) => {
            let (inbound, answered) = shared.asks();
            shared.tell(NetworkEvent::Request { peer, inbound, request });
            let Ok(responses) = answered.await else { return Ok(()) };
            let (mut encoder, mut frames) = (MessageEncoder::new(Limits::default()), Vec::new());
            for response in &responses {
                encoder.response(response, &mut frames).map_err(io::Error::other)?;
            }
            stream.write_all(&frames).await?;
            stream.shutdown().await
        }
        Err(fault) => {
            shared.tell(NetworkEvent::Malformed { peer, fault });
            Ok(())
        }
    }
}

/// The request of a connection.
async fn requested(stream: &mut TcpStream, protocol: Protocol) -> io::Result<Result<Request, PeerFault>> {
    let mut decoder = RequestDecoder::new(protocol, &Limits::default());
    let malformed = |error| Ok(Err(PeerFault::new(Channel::Request(protocol), error)));
    let mut bytes = Vec::new();
    loop {
        match decoder.decode(&bytes) {
            Ok(Some(decoded)) => return Ok(Ok(decoded.message)),
            Ok(None) => {}
            Err(error) => return malformed(error),
        }
        if !read_on(stream, &mut bytes).await? {
            return match decoder.finish(&bytes) {
                Ok(Some(request)) => Ok(Ok(request)),
                Ok(None) => Err(io::ErrorKind::UnexpectedEof.into()),
                Err(error) => malformed(error),
            };
        }
    }
}
