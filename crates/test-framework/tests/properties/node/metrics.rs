//! What a node counts, as it is scraped, and what it logs.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use alys_test_framework::NodeReport;

use super::process::{Process, durable, folder, synced};

/// Where a node serves its metrics.
fn metrics(process: &mut Process) -> String {
    process.wait(|report| match report {
        NodeReport::Metrics { address } => Some(address.clone()),
        _ => None,
    })
}

/// Says something to an address, and gives all that is answered.
fn asked(address: &str, words: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    // Who does not listen to the end says so before.
    let _ = stream.write_all(words.as_bytes());
    let mut answer = String::new();
    // It may hang up on what it did not read.
    let _ = stream.read_to_string(&mut answer);
    answer
}

/// The value of a line of metrics.
fn value(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(' ')));
    line?.rsplit(' ').next()?.parse().ok()
}

fn scraped(address: &str) -> String {
    let answer = asked(address, "GET /metrics HTTP/1.1\r\nHost: node\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\nContent-Type: application/openmetrics-text;"), "{answer}");
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.contains(&format!("Content-Length: {}", body.len())), "{head}");
    assert!(body.ends_with("# EOF\n"), "{body}");
    body.to_owned()
}

/// FW-4: both ends count what passes between them, and say so to whoever scrapes; other requests get their own answers.
///
/// Engine: law
#[test]
fn both_ends_count_what_passes_between_them() {
    let folder = folder("both_ends_count");
    let here = ["--metrics", "127.0.0.1:0", "--seed", "9"];
    let mut source = Process::node(&folder, &[&["--data", "source", "--blocks", "250"], &here[..]].concat());
    let from = source.address();
    let at_source = metrics(&mut source);
    let followed = [&["--data", "follower", "--stay"], &here[..]].concat();
    let mut follower = Process::sync(&folder, &from, &followed);
    let at_follower = metrics(&mut follower);
    let (mut target, mut commits) = (0, 0);
    let end = loop {
        let report = follower.next().unwrap();
        match &report {
            NodeReport::Target { height } => target = *height,
            NodeReport::Durable(_) => commits += 1,
            _ => {}
        }
        if let Some(end) = synced(&report) {
            break end;
        }
    };
    assert_eq!((target, end.height, end.finalised), (250, 250, 249));
    let (one, other) = (scraped(&at_source), scraped(&at_follower));
    for text in [&one, &other] {
        let heights = ["alys_height", "alys_finalised_height", "alys_checkpoint_height", "alys_peers"];
        assert_eq!(
            heights.map(|name| value(text, name)),
            [Some(250), Some(249), Some(200), Some(1)],
            "{text}"
        );
        assert_eq!(value(text, "alys_malformed_total"), Some(0), "{text}");
    }
    assert_eq!(value(&other, "alys_target_height"), Some(250), "{other}");
    assert_eq!(value(&other, "alys_commits_total"), Some(commits + 1), "what was there, and each commit");
    // The tip comes once more: it proves the claim.
    let received = value(&other, "alys_blocks_received_total").unwrap();
    assert!((250..=251).contains(&received), "{other}");
    assert_eq!(value(&one, "alys_blocks_sent_total"), Some(received), "{one}");
    let answered = value(&other, "alys_answers_total{kind=\"answered\"}").unwrap();
    assert!(answered > 0 && answered <= value(&other, "alys_requests_sent_total").unwrap(), "{other}");
    assert!(value(&one, "alys_requests_served_total").unwrap() >= answered, "{one}");
    for (kind, is) in [("synced", 1), ("downloading", 0), ("failed", 0)] {
        assert_eq!(value(&other, &format!("alys_sync_state{{kind=\"{kind}\"}}")), Some(is), "{other}");
    }
    let answers = [
        ("GET / HTTP/1.1\r\n\r\n", "404"),
        ("POST /metrics HTTP/1.1\r\n\r\n", "405"),
        ("nonsense\r\n\r\n", "405"),
        (&*format!("GET /metrics HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(5000)), "431"),
    ];
    for (request, code) in answers {
        let answer = asked(&at_source, request);
        assert!(answer.is_empty() || answer.starts_with(&format!("HTTP/1.1 {code} ")), "{answer}");
        assert!(code == "431" || !answer.is_empty(), "{request}");
    }
    // Who says nothing is left after a while.
    let silent = TcpStream::connect(&at_source).unwrap();
    scraped(&at_source);
    drop(silent);
    follower.signal("TERM");
    let ended = follower.end();
    assert_eq!(ended.status.code(), Some(0), "{}", ended.errors);
    // It notices when the connection has ended.
    while value(&scraped(&at_source), "alys_peers") != Some(0) {}
    source.signal("TERM");
    let ended = source.end();
    assert_eq!(ended.status.code(), Some(0), "{}", ended.errors);
}

/// FW-4: logs are filtered as is said, and dated by the clock that the node was given.
///
/// Engine: law
#[test]
fn logs_are_filtered_and_dated() {
    let folder = folder("logs_are_filtered_and_dated");
    let log = |filter: &str| {
        let arguments = ["--data", "data", "--seed", "9", "--blocks", "70", "--now", "5000", "--log", filter];
        let mut node = Process::node(&folder, &arguments);
        node.wait(|report| durable(report).filter(|made| made.height == 70).cloned());
        node.address();
        node.signal("TERM");
        node.end().errors
    };
    assert_eq!(log("off"), "");
    assert_eq!(log("warn,libp2p=off"), "");
    let info = log("alys_test_framework=info");
    assert!(
        info.lines().all(|line| line.starts_with("50") && line.contains("alys_test_framework")),
        "{info}"
    );
    assert!(info.contains("opened height=70 finalised=69"), "{info}");
    assert!(info.contains("listening address=\"/ip4/127.0.0.1/tcp/"), "{info}");
    assert!(info.contains("stopped signal=\"SIGTERM\""), "{info}");
}
