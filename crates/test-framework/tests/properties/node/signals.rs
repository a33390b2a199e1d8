//! Nodes that are told to end.

use std::path::Path;

use alys_test_framework::NodeReport;

use super::{
    process::{Process, durable, folder, synced},
    stores::read,
};

/// The signals that end a node cleanly, each with what it ends with when it was not done.
const SIGNALS: [(&str, &str, i32); 2] = [("INT", "SIGINT", 130), ("TERM", "SIGTERM", 143)];

fn source(folder: &Path, blocks: &str) -> Process {
    Process::node(folder, &["--data", "source", "--seed", "5", "--blocks", blocks, "--log", "warn"])
}

/// SY-9: a signal ends a source with 0 while it serves, and with 128 and its number while it still makes its chain; what it has said to
/// be durable is there.
///
/// Engine: threads
#[test]
fn a_source_ends_when_it_is_told_to() {
    for (signal, name, unfinished) in SIGNALS {
        let folder = folder(&format!("a_source_ends_by_{name}"));
        let mut node = source(&folder, "3000");
        let made = node.wait(|report| durable(report).filter(|made| made.height > 0).cloned());
        node.signal(signal);
        let ended = node.end();
        assert_eq!(ended.status.code(), Some(unfinished), "{}", ended.errors);
        assert_eq!(ended.said.last(), Some(&NodeReport::Stopped { signal: name.to_owned() }));
        let left = read(5, &folder.join("source")).head.height;
        assert!(made.height <= left && left < 3000, "{left}");

        let mut node = source(&folder, &left.to_string());
        node.address();
        node.signal(signal);
        let ended = node.end();
        assert_eq!(ended.status.code(), Some(0), "{}", ended.errors);
        assert_eq!(ended.said.last(), Some(&NodeReport::Stopped { signal: name.to_owned() }));
        assert_eq!(read(5, &folder.join("source")).head.height, left);
    }
}

/// SY-9: a signal ends a follower with 128 and its number before it is synced, with 0 behind that; what it has said to be durable
/// is there, and its source goes on.
///
/// Engine: threads
#[test]
fn a_follower_ends_when_it_is_told_to() {
    let folder = folder("a_follower_ends_when_it_is_told_to");
    let mut node = source(&folder, "1500");
    let from = node.address();
    for (signal, name, unfinished) in SIGNALS {
        let arguments = ["--data", name, "--seed", "5", "--stay", "--log", "warn"];
        let mut follower = Process::sync(&folder, &from, &arguments);
        let made = follower.wait(|report| durable(report).filter(|made| made.height > 0).cloned());
        follower.signal(signal);
        let ended = follower.end();
        assert_eq!(ended.status.code(), Some(unfinished), "{}", ended.errors);
        assert_eq!(ended.said.last(), Some(&NodeReport::Stopped { signal: name.to_owned() }));
        let left = read(5, &folder.join(name)).head.height;
        assert!(made.height <= left && left < 1500, "{left}");

        let mut follower = Process::sync(&folder, &from, &arguments);
        assert_eq!(follower.wait(synced).height, 1500);
        follower.signal(signal);
        let ended = follower.end();
        assert_eq!(ended.status.code(), Some(0), "{}", ended.errors);
        assert_eq!(ended.said.last(), Some(&NodeReport::Stopped { signal: name.to_owned() }));
    }
    node.signal("TERM");
    assert_eq!(node.end().status.code(), Some(0));
    let whole = read(5, &folder.join("source"));
    for (_, name, _) in SIGNALS {
        assert!(read(5, &folder.join(name)) == whole, "{name}");
    }
}
