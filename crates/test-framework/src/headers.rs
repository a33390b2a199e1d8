//! Raw headers of Bitcoin from a node's REST interface, validated as they come and written to a file.
//!
//! A node that runs with `-rest` answers `/rest/blockhashbyheight/HEIGHT.hex` and `/rest/headers/COUNT/HASH.bin`. What it says is
//! not believed: every header is held to its link, its target, its proof of work and its time before it is written. The file takes
//! its name only when it is whole.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Read as _, Write as _},
    path::{Path, PathBuf},
};

use alys_chain::pow::{HeaderError, Headers, Network, RawHeader, StartError};
use thiserror::Error;

/// The length of a header in bytes.
const HEADER_LEN: usize = 80;

/// How many headers a node gives at once.
const PAGE: u64 = 2_000;

/// How long an answer may take, in seconds.
const TIMEOUT_SECONDS: u64 = 30;

/// How much of an answer's head is read.
const HEAD_BYTES_MAX: usize = 16 << 10;

/// Why there is no file of headers.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum HeadersError {
    /// The node cannot be asked, or does not answer to the end.
    #[error("{url} is not answered: {error}")]
    Request {
        /// What was asked for.
        url: String,
        /// Why.
        #[source]
        error: minreq::Error,
    },
    /// The node refuses.
    #[error("{url} is refused with status {status}; the node must run with `-rest`, and have the block")]
    Status {
        /// What was asked for.
        url: String,
        /// The status of the answer.
        status: i32,
    },
    /// The answer is longer than what was asked for.
    #[error("{url} is answered with more than {max} bytes")]
    TooLong {
        /// What was asked for.
        url: String,
        /// How many bytes are allowed.
        max: usize,
    },
    /// The answer ends inside a header.
    #[error("{url} is answered with {len} bytes: whole headers of {HEADER_LEN} are needed, at least one")]
    Truncated {
        /// What was asked for.
        url: String,
        /// How many bytes there are.
        len: usize,
    },
    /// The answer is no hash of a block.
    #[error("{url} is answered with no hash of a block: 64 hexadecimal digits are needed")]
    NoHash {
        /// What was asked for.
        url: String,
    },
    /// The first header is not the one that was asked for.
    #[error("{url} begins with another header than the one that it names")]
    OtherHeader {
        /// What was asked for.
        url: String,
    },
    /// Headers cannot begin where they were asked for.
    #[error(transparent)]
    Start(#[from] StartError),
    /// A header breaks a rule.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// The file cannot be written.
    #[error("{path}: {error}")]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        #[source]
        error: io::Error,
    },
}

/// Which headers are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Where the node listens, as in `http://127.0.0.1:8332`.
    pub from: String,
    /// Which chain it has.
    pub network: Network,
    /// The height of the first header: 0, or the first of those that share a target, which is trusted to be there.
    pub first: u64,
    /// How many at most; all when there is no bound.
    pub count: Option<u64>,
}

/// Fetches headers, validates them, and writes them one behind the other; returns how many there are.
///
/// The file is written under another name beside it, made durable, and then renamed; whatever fails, what was there under its name
/// stays.
///
/// # Errors
///
/// [`HeadersError`] says what was asked for and what is wrong.
pub fn write_headers(wanted: &Wanted, out: &Path) -> Result<u64, HeadersError> {
    let mut part = out.as_os_str().to_owned();
    part.push(".part");
    let part = PathBuf::from(part);
    let written = fetched(wanted, &part).and_then(|count| {
        fs::rename(&part, out).map_err(|error| HeadersError::File { path: out.to_owned(), error })?;
        Ok(count)
    });
    if written.is_err() {
        // It may not even be there; what failed is said already.
        drop(fs::remove_file(&part));
    }
    written
}

/// Writes what is fetched to a file of its own.
fn fetched(wanted: &Wanted, path: &Path) -> Result<u64, HeadersError> {
    let failed = |error| HeadersError::File { path: path.to_owned(), error };
    let mut file = BufWriter::new(File::create(path).map_err(failed)?);
    let count = stream(wanted, |header| file.write_all(header).map_err(failed))?;
    let file = file.into_inner().map_err(|error| failed(error.into_error()))?;
    file.sync_all().map_err(failed)?;
    Ok(count)
}

/// Fetches pages until there are enough, or the node has no more; each begins with the last header of the one before.
fn stream(
    wanted: &Wanted,
    mut write: impl FnMut(&RawHeader) -> Result<(), HeadersError>,
) -> Result<u64, HeadersError> {
    let count = wanted.count.unwrap_or(u64::MAX);
    let (mut hash, mut written, mut headers) = (hash_at(wanted)?, 0, None);
    while written < count {
        let known = u64::from(headers.is_some());
        let asked = PAGE.min((count - written).saturating_add(known));
        let url = format!("{}/rest/headers/{asked}/{hash}.bin", wanted.from);
        let page = page(&url, asked)?;
        for (header, place) in page.iter().zip(0..) {
            if place < known {
                if hash_of(header) != hash {
                    return Err(HeadersError::OtherHeader { url });
                }
                continue;
            }
            headers = Some(followed(wanted, headers, header, &hash, &url)?);
            write(header)?;
            written += 1;
        }
        hash = headers.as_ref().map_or(hash, |headers| headers.tip().to_string());
        if (page.len() as u64) < asked {
            break;
        }
    }
    Ok(written)
}

/// The state behind one more header.
fn followed(
    wanted: &Wanted,
    headers: Option<Headers>,
    header: &RawHeader,
    hash: &str,
    url: &str,
) -> Result<Headers, HeadersError> {
    match headers {
        Some(mut headers) => {
            headers.push(header)?;
            Ok(headers)
        }
        None if hash_of(header) != hash => Err(HeadersError::OtherHeader { url: url.to_owned() }),
        None if wanted.first == 0 => {
            let genesis = Headers::of_genesis(wanted.network);
            let same = genesis.tip().to_string() == hash;
            if same { Ok(genesis) } else { Err(HeadersError::OtherHeader { url: url.to_owned() }) }
        }
        None => Ok(Headers::starting(wanted.network, wanted.first, header)?),
    }
}

/// The hash of a header, as it is written.
fn hash_of(header: &RawHeader) -> String {
    alys_chain::pow::header_hash(header).to_string()
}

/// The hash of the first header, as the node says.
fn hash_at(wanted: &Wanted) -> Result<String, HeadersError> {
    let url = format!("{}/rest/blockhashbyheight/{}.hex", wanted.from, wanted.first);
    // A line that ends.
    let said = body(&url, 66)?;
    let hash = String::from_utf8(said).unwrap_or_default().trim().to_ascii_lowercase();
    let is_hash = hash.len() == 64 && hash.bytes().all(|digit| digit.is_ascii_hexdigit());
    if is_hash { Ok(hash) } else { Err(HeadersError::NoHash { url }) }
}

/// Some headers, one at least.
fn page(url: &str, asked: u64) -> Result<Vec<RawHeader>, HeadersError> {
    let max = usize::try_from(asked).unwrap_or(usize::MAX).saturating_mul(HEADER_LEN);
    let said = body(url, max)?;
    let (headers, rest) = said.as_chunks::<HEADER_LEN>();
    if headers.is_empty() || !rest.is_empty() {
        return Err(HeadersError::Truncated { url: url.to_owned(), len: said.len() });
    }
    Ok(headers.to_vec())
}

/// What the node answers; no more of it is read than is allowed.
fn body(url: &str, max: usize) -> Result<Vec<u8>, HeadersError> {
    let failed = |error| HeadersError::Request { url: url.to_owned(), error };
    let request = minreq::get(url)
        .with_timeout(TIMEOUT_SECONDS)
        .with_max_headers_size(HEAD_BYTES_MAX)
        .with_max_status_line_length(HEAD_BYTES_MAX)
        .with_follow_redirects(false);
    let answer = request.send_lazy().map_err(failed)?;
    if answer.status_code != 200 {
        return Err(HeadersError::Status { url: url.to_owned(), status: answer.status_code });
    }
    let stated: Option<usize> = answer.headers.get("content-length").and_then(|len| len.parse().ok());
    let mut said = Vec::new();
    let read = io::Read::take(answer, max as u64 + 1).read_to_end(&mut said);
    read.map_err(|error| failed(minreq::Error::IoError(error)))?;
    if said.len() > max {
        return Err(HeadersError::TooLong { url: url.to_owned(), max });
    }
    // Whoever hangs up between two headers has not said that there are no more.
    if stated.is_some_and(|stated| stated != said.len()) {
        return Err(HeadersError::Truncated { url: url.to_owned(), len: said.len() });
    }
    Ok(said)
}
