//! One stream, from its first byte to its last. The buffers are bounded by what the decoders accept.

use std::io;

use alys_sync::network::Outcome;
use alys_wire::error::WireError;
use alys_wire::fault::{Channel, PeerFault};
use alys_wire::message::{Request, Response};
use alys_wire::protocol::Protocol;
use alys_wire::stream::{ClientCodec, CodecError, ServerCodec};
use bytes::BytesMut;
use libp2p::Stream;
use libp2p::futures::{AsyncReadExt, AsyncWriteExt};
use tokio_util::codec::{Decoder, Encoder};

/// How much is read at once.
const CHUNK: usize = 16 * 1024;

/// Why a stream of a peer carries no request.
#[derive(Debug)]
pub(super) enum NoRequest {
    /// What came is malformed.
    Malformed(WireError),
    /// It broke.
    Broken,
}

impl From<CodecError> for NoRequest {
    fn from(error: CodecError) -> Self {
        match error {
            CodecError::Wire(error) => NoRequest::Malformed(error),
            _ => NoRequest::Broken,
        }
    }
}

/// Writes a request, and reads what is answered up to the end.
pub(super) async fn ask(
    mut stream: Stream,
    mut codec: ClientCodec,
    protocol: Protocol,
    request: BytesMut,
) -> Outcome {
    let answered = async {
        stream.write_all(&request).await?;
        stream.close().await?;
        let mut responses = Vec::new();
        read_all(&mut stream, &mut codec, |response| responses.push(response)).await?;
        Ok(responses)
    };
    match answered.await {
        Ok(responses) => Outcome::Answered(responses),
        Err(CodecError::Wire(error)) => {
            Outcome::Malformed(PeerFault::new(Channel::Response(protocol), error))
        }
        Err(_) => Outcome::Unavailable,
    }
}

/// Reads the one request that a stream carries, up to the end of what the peer writes.
pub(super) async fn hear(stream: &mut Stream, codec: &mut ServerCodec) -> Result<Request, NoRequest> {
    let mut heard = None;
    read_all(stream, codec, |request| heard = Some(request)).await?;
    heard.ok_or(NoRequest::Broken)
}

/// Writes an answer, and closes the stream. What the limits do not allow ends it: the asker sees less than it has asked for.
///
/// Tells whether all was allowed.
pub(super) async fn answer(mut stream: Stream, mut codec: ServerCodec, responses: Vec<Response>) -> bool {
    let mut allowed = true;
    for response in responses {
        let mut bytes = BytesMut::new();
        if codec.encode(response, &mut bytes).is_err() {
            allowed = false;
            break;
        }
        if stream.write_all(&bytes).await.is_err() {
            return allowed;
        }
    }
    // Who does not read it to its end does not want it.
    let _ = stream.close().await;
    allowed
}

/// Says goodbye, and waits for whatever the peer says to that, or for the end.
pub(super) async fn farewell(mut stream: Stream, goodbye: BytesMut) {
    let said = async {
        stream.write_all(&goodbye).await?;
        stream.close().await?;
        let mut heard = [0; 1];
        stream.read(&mut heard).await.map(drop)
    };
    let _: io::Result<()> = said.await;
}

/// Decodes everything up to the end of a stream.
async fn read_all<C, T>(stream: &mut Stream, codec: &mut C, mut each: impl FnMut(T)) -> Result<(), CodecError>
where
    C: Decoder<Item = T, Error = CodecError>,
{
    let (mut buffer, mut chunk) = (BytesMut::new(), vec![0; CHUNK]);
    loop {
        while let Some(item) = codec.decode(&mut buffer)? {
            each(item);
        }
        match stream.read(&mut chunk).await? {
            0 => break,
            read => buffer.extend_from_slice(&chunk[..read]),
        }
    }
    while let Some(item) = codec.decode_eof(&mut buffer)? {
        each(item);
    }
    Ok(())
}
