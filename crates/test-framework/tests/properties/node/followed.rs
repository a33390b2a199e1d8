//! Several followers, and sources that go and come.

use super::{
    process::{Process, durable, folder, synced},
    stores::read,
};

/// NW-4, SY-8: several nodes follow one at once, over TCP and over QUIC, each under an identity of its own, and all come to the same
/// store.
///
/// Engine: threads
#[test]
fn several_followers_come_to_the_same_store() {
    let folder = folder("several_followers");
    for (name, listen) in [("tcp", "/ip4/127.0.0.1/tcp/0"), ("quic", "/ip4/127.0.0.1/udp/0/quic-v1")] {
        let common = ["--seed", "3", "--log", "warn"];
        let data = format!("{name}-source");
        let arguments = [&["--listen", listen, "--data", &data, "--blocks", "420"], &common[..]].concat();
        let mut source = Process::node(&folder, &arguments);
        let from = source.address();
        assert!(from.contains(if name == "quic" { "/quic-v1/" } else { "/tcp/" }), "{from}");
        let follow = |identity: &str| {
            let data = format!("{name}-{identity}");
            let arguments = [&["--data", &data, "--identity", identity], &common[..]].concat();
            Process::sync(&folder, &from, &arguments)
        };
        let mut followers = ["0", "1", "7"].map(follow);
        for follower in &mut followers {
            assert_eq!(follower.wait(synced).height, 420);
        }
        for follower in followers {
            let ended = follower.end();
            assert!(ended.status.success(), "{}", ended.errors);
        }
        source.signal("INT");
        assert_eq!(source.end().status.code(), Some(0));
        let whole = read(3, &folder.join(data));
        for identity in ["0", "1", "7"] {
            assert!(read(3, &folder.join(format!("{name}-{identity}"))) == whole, "{name}, {identity}");
        }
    }
}

/// SY-1: a source that is killed while somebody follows it, and comes back, is followed to its tip: the one that follows waits for it.
///
/// Engine: threads
#[test]
fn a_follower_waits_for_its_source_to_come_back() {
    let folder = folder("a_follower_waits");
    let source = |listen: &str| {
        let arguments =
            ["--listen", listen, "--data", "source", "--seed", "4", "--blocks", "1800", "--log", "warn"];
        Process::node(&folder, &arguments)
    };
    let mut first = source("/ip4/127.0.0.1/tcp/0");
    let from = first.address();
    let mut follower = Process::sync(&folder, &from, &["--data", "follower", "--seed", "4", "--log", "warn"]);
    follower.wait(|report| durable(report).filter(|made| made.height > 0).cloned());
    first.kill();
    let listen = from.split("/p2p/").next().unwrap();
    let mut second = source(listen);
    assert_eq!(second.address(), from, "the same place, and the same key");
    assert_eq!(follower.wait(synced).height, 1800);
    assert!(follower.end().status.success());
    second.signal("TERM");
    assert_eq!(second.end().status.code(), Some(0));
    assert!(read(4, &folder.join("follower")) == read(4, &folder.join("source")));
}
