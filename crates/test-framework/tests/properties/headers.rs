//! Headers from a node's REST interface: a real server on loopback that serves mined headers, and lies.

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::{TcpListener, TcpStream},
    path::PathBuf,
    thread,
};

use alys_chain::pow::{HeaderReason, Headers, Network, RawHeader, header_hash};
use alys_test_framework::{HeadersError, Wanted, write_headers};

use super::support::{folder, program, said};

/// What a server answers to a path: the whole answer, or the usual one.
type Lie = fn(&str, Vec<u8>) -> Vec<u8>;

/// A chain that is mined on the genesis of regtest, genesis included.
fn mined(len: u32) -> Vec<RawHeader> {
    let genesis = Network::Regtest.genesis();
    let mut raw: RawHeader = [0; 80];
    raw[..4].copy_from_slice(&genesis.version.to_consensus().to_le_bytes());
    raw[36..68].copy_from_slice(genesis.merkle_root.as_ref());
    raw[68..72].copy_from_slice(&genesis.time.to_le_bytes());
    raw[72..76].copy_from_slice(&genesis.bits.to_consensus().to_le_bytes());
    raw[76..].copy_from_slice(&genesis.nonce.to_le_bytes());
    let (mut chain, mut headers) = (vec![raw], Headers::of_genesis(Network::Regtest));
    assert_eq!(header_hash(&raw), headers.tip(), "the bytes of genesis");
    for place in 1..=len {
        raw[4..36].copy_from_slice(headers.tip().as_ref());
        raw[68..72].copy_from_slice(&(genesis.time + place).to_le_bytes());
        while headers.push(&raw).is_err() {
            let nonce = u32::from_le_bytes(raw[76..].try_into().unwrap()).wrapping_add(1);
            raw[76..].copy_from_slice(&nonce.to_le_bytes());
        }
        chain.push(raw);
    }
    chain
}

/// What an honest node says to a path.
fn honest(chain: &[RawHeader], path: &str) -> Option<Vec<u8>> {
    if let Some(height) = path.strip_prefix("/rest/blockhashbyheight/") {
        let header = chain.get(height.strip_suffix(".hex")?.parse::<usize>().ok()?)?;
        return Some(format!("{}\n", header_hash(header)).into_bytes());
    }
    let (count, hash) = path.strip_prefix("/rest/headers/")?.strip_suffix(".bin")?.split_once('/')?;
    let count: usize = count.parse().ok().filter(|count| (1..=2_000).contains(count))?;
    let at = chain.iter().position(|header| header_hash(header).to_string() == hash)?;
    Some(chain[at..].iter().take(count).flatten().copied().collect())
}

fn answer(mut stream: TcpStream, chain: &[RawHeader], lie: Lie) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let request = lines.next().unwrap().unwrap();
    lines.take_while(|line| line.as_ref().is_ok_and(|line| !line.is_empty())).for_each(drop);
    let path = request.split(' ').nth(1).unwrap();
    let told = match honest(chain, path) {
        Some(body) => {
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
            [head.into_bytes(), body].concat()
        }
        None => b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_vec(),
    };
    // Whoever has heard enough hangs up.
    drop(stream.write_all(&lie(path, told)));
}

/// A server that runs as long as the tests; returns where it listens.
fn server(chain: Vec<RawHeader>, lie: Lie) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let from = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || listener.incoming().flatten().for_each(|stream| answer(stream, &chain, lie)));
    from
}

fn wanted(from: String, count: Option<u64>) -> Wanted {
    Wanted { from, network: Network::Regtest, first: 0, count }
}

/// Fetches from a server that lies, and says why nothing came of it; what was there before is still there, and nothing else.
fn refused(name: &str, lie: Lie) -> HeadersError {
    let folder = folder(name);
    let out = folder.join("headers.bin");
    fs::write(&out, "before").unwrap();
    let from = server(mined(12), lie);
    let refused = write_headers(&wanted(from, None), &out).unwrap_err();
    assert_eq!(fs::read(&out).unwrap(), b"before", "{refused}");
    let left: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(left, [out], "{refused}");
    refused
}

/// Another body behind the same head.
fn with_body(told: &[u8], change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let at = told.windows(4).position(|end| end == b"\r\n\r\n").unwrap() + 4;
    let mut body = told[at..].to_vec();
    change(&mut body);
    [format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len()).into_bytes(), body].concat()
}

/// CH-10: what a node has is in the file, whole, in order, however many pages it took, and no more than was asked for.
///
/// Engine: law
#[test]
fn headers_of_a_node_are_written_whole() {
    let folder = folder("headers_of_a_node_are_written_whole");
    let chain = mined(4_100);
    let from = server(chain.clone(), |_, told| told);
    let counts = [Some(0), Some(1), Some(2), Some(1_999), Some(2_000), Some(2_001), Some(3_999), Some(4_000)];
    for count in counts.into_iter().chain([Some(4_101), Some(9_000), None]) {
        let out = folder.join("headers.bin");
        let written = write_headers(&wanted(from.clone(), count), &out).unwrap();
        let expected = usize::try_from(count.unwrap_or(u64::MAX)).unwrap().min(chain.len());
        assert_eq!(written, expected as u64, "{count:?}");
        assert_eq!(fs::read(&out).unwrap(), chain[..expected].as_flattened(), "{count:?}");
    }
}

/// CH-10: an answer that is truncated, too long, foreign or none is told with what was asked for, and leaves what was there.
///
/// Engine: law
#[test]
fn wrong_answers_are_told_and_leave_the_file() {
    let error = refused("headers_cut", |path, told| match path.contains("/headers/") {
        true => with_body(&told, |body| body.truncate(body.len() - 1)),
        false => told,
    });
    assert!(matches!(&error, HeadersError::Truncated { len: 1_039, .. }), "{error}");
    let error = refused("headers_none", |path, told| match path.contains("/headers/") {
        true => with_body(&told, Vec::clear),
        false => told,
    });
    assert!(matches!(&error, HeadersError::Truncated { len: 0, .. }), "{error}");
    let error = refused("headers_hang_up", |path, told| match path.contains("/headers/") {
        true => told[..told.len() - 80].to_vec(),
        false => told,
    });
    assert!(matches!(&error, HeadersError::Request { .. } | HeadersError::Truncated { .. }), "{error}");
    let error = refused("headers_flood", |path, told| match path.contains("/headers/") {
        true => with_body(&told, |body| body.resize(2_000 * 80 + 80, 0)),
        false => told,
    });
    assert!(matches!(&error, HeadersError::TooLong { max: 160_000, .. }), "{error}");
    let error = refused("headers_no_hash", |path, told| match path.contains("blockhash") {
        true => with_body(&told, |body| body[3] = b'x'),
        false => told,
    });
    assert!(matches!(&error, HeadersError::NoHash { .. }), "{error}");
    let error = refused("headers_long_hash", |path, told| match path.contains("blockhash") {
        true => with_body(&told, |body| body.extend([b'0'; 3])),
        false => told,
    });
    assert!(matches!(&error, HeadersError::TooLong { max: 66, .. }), "{error}");
    let error =
        refused("headers_404", |_, _| b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_vec());
    assert!(matches!(&error, HeadersError::Status { status: 404, .. }), "{error}");
    let error = refused("headers_redirect", |_, _| {
        b"HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n".to_vec()
    });
    assert!(matches!(&error, HeadersError::Status { status: 301, .. }), "{error}");
    let error = refused("headers_noise", |_, _| vec![0xFF; 100_000]);
    assert!(matches!(&error, HeadersError::Request { .. } | HeadersError::Status { .. }), "{error}");
    let error = refused("headers_silence", |_, _| Vec::new());
    assert!(matches!(&error, HeadersError::Request { .. } | HeadersError::Status { .. }), "{error}");
}

/// CH-10: a header that does not follow, has no work, or is not the one that was asked for ends it with its height and reason.
///
/// Engine: law
#[test]
fn headers_that_break_a_rule_are_not_written() {
    let error = refused("headers_unlinked", |path, told| match path.contains("/headers/") {
        true => with_body(&told, |body| drop(body.drain(80 * 5..80 * 6))),
        false => told,
    });
    let HeadersError::Header(error) = error else { panic!("{error}") };
    assert!((error.height, matches!(error.reason, HeaderReason::Unlinked { .. })) == (5, true), "{error}");
    let error = refused("headers_flipped", |path, told| match path.contains("/headers/") {
        true => with_body(&told, |body| body[80 * 7 + 40] ^= 1),
        false => told,
    });
    let HeadersError::Header(error) = error else { panic!("{error}") };
    // Half of all hashes have the work that regtest asks for; then the next header is not linked.
    assert!(error.height == 7 || error.height == 8, "{error}");
    let error = refused("headers_other_start", |path, told| match path.contains("/headers/") {
        true => with_body(&told, |body| drop(body.drain(..80))),
        false => told,
    });
    assert!(matches!(&error, HeadersError::OtherHeader { .. }), "{error}");
    // A chain with another genesis, consistent with itself.
    let error = refused("headers_other_chain", |path, told| {
        let other = path.replace("/0.hex", "/1.hex");
        with_body(&told, |body| {
            if other != path {
                *body = honest(&mined(12), &other).unwrap();
            }
        })
    });
    assert!(matches!(&error, HeadersError::OtherHeader { .. }), "{error}");
}

/// CH-10: the page that goes on begins with the last header of the one before; where it does not, the chain has changed meanwhile.
///
/// Engine: law
#[test]
fn pages_are_linked() {
    let folder = folder("pages_are_linked");
    let from = server(mined(2_005), |path, told| match path.contains("/rest/headers/2000/") {
        // The second page leaves out what it should begin with.
        true if told.len() < 10_000 => with_body(&told, |body| drop(body.drain(..80))),
        _ => told,
    });
    let out = folder.join("headers.bin");
    let error = write_headers(&wanted(from, None), &out).unwrap_err();
    assert!(matches!(&error, HeadersError::OtherHeader { .. }), "{error}");
    assert!(!out.exists());
    let nowhere = folder.join("no folder").join("headers.bin");
    let error = write_headers(&wanted(server(mined(1), |_, told| told), None), &nowhere).unwrap_err();
    assert!(matches!(&error, HeadersError::File { .. }), "{error}");
}

/// CH-10, FW-5: the program writes the file and says what is in it; what goes wrong ends it with 2.
///
/// Engine: law
#[test]
fn the_program_writes_headers() {
    let folder = folder("the_program_writes_headers");
    let from = format!("{}/", server(mined(30), |_, told| told));
    let common = ["headers", "--from", &from, "--out", "headers.bin", "--network", "regtest"];
    let done = program(&folder, &[&common[..], &["--count", "20"]].concat());
    assert_eq!(done.status.code(), Some(0), "{}", said(&done));
    assert!(said(&done).contains("20 headers from height 0"), "{}", said(&done));
    assert_eq!(fs::metadata(folder.join("headers.bin")).unwrap().len(), 1_600);
    // Regtest never retargets, so headers can begin anywhere; there is no block so high.
    let missing = program(&folder, &[&common[..], &["--first", "99"]].concat());
    assert_eq!(missing.status.code(), Some(2), "{}", said(&missing));
    assert!(said(&missing).contains("404"), "{}", said(&missing));
    let mainnet = program(&folder, &["headers", "--from", &from, "--out", "other.bin", "--first", "5"]);
    assert_eq!(mainnet.status.code(), Some(2), "{}", said(&mainnet));
    assert!(said(&mainnet).contains("inside") || said(&mainnet).contains("height 5"), "{}", said(&mainnet));
    assert!(!folder.join("other.bin").exists());
}
