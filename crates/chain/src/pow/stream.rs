//! Headers from a stream of bytes.

use std::io::{self, Read};

use thiserror::Error;

use super::{HeaderError, Headers, RawHeader};

/// Why a stream of headers does not validate.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum HeaderStreamError {
    /// A header is refused.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// The stream ends inside a header.
    #[error("the stream ends {len} bytes into the header at height {height}: 80 are needed")]
    Truncated {
        /// The height that the header would have.
        height: u64,
        /// How many of its bytes there are.
        len: usize,
    },
    /// The stream cannot be read.
    #[error("the header at height {height} cannot be read: {error}")]
    Io {
        /// The height that the header would have.
        height: u64,
        /// Why.
        error: io::Error,
    },
}

/// Validates raw headers of 80 bytes up to the end of a stream, and returns how many there were.
///
/// Whatever the length of the stream, one header is in memory. What was validated before an error stays validated:
/// `headers` is the state behind the last good one.
///
/// # Errors
///
/// [`HeaderStreamError`] with the height at which it ended.
pub fn validate(headers: &mut Headers, mut from: impl Read) -> Result<u64, HeaderStreamError> {
    let mut count = 0;
    let mut raw: RawHeader = [0; 80];
    loop {
        let height = headers.height() + 1;
        match filled(&mut from, &mut raw).map_err(|error| HeaderStreamError::Io { height, error })? {
            0 => return Ok(count),
            80 => headers.push(&raw)?,
            len => return Err(HeaderStreamError::Truncated { height, len }),
        };
        count += 1;
    }
}

/// Reads as many of the bytes as there are.
fn filled(from: &mut impl Read, raw: &mut RawHeader) -> io::Result<usize> {
    let mut len = 0;
    while len < raw.len() {
        match from.read(&mut raw[len..]) {
            Ok(0) => break,
            Ok(more) => len += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(len)
}
