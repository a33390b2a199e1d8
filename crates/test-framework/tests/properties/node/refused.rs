//! What is refused: with 2, a sentence that says why, and everything left as it was.

use std::{
    collections::BTreeMap,
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
};

use redb::{Database, TableDefinition};

use super::{
    process::{Process, folder, program},
    stores::read,
};

/// A chain of ten blocks of a seed.
fn made(folder: &Path, data: &str, seed: &str) {
    let arguments = ["--data", data, "--seed", seed, "--blocks", "10", "--log", "warn"];
    let mut node = Process::node(folder, &arguments);
    node.address();
    node.signal("TERM");
    assert_eq!(node.end().status.code(), Some(0));
}

/// Every file below a folder, with its bytes, but for what other processes log.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(files(&path)),
            false if path.file_name().unwrap().to_string_lossy().starts_with("errors-") => {}
            false => _ = found.insert(path.clone(), fs::read(&path).unwrap()),
        }
    }
    found
}

/// Runs the program; it must end with 2, say these words, and leave every file in the folder as it was.
fn refused(folder: &Path, arguments: &[&str], words: &[&str]) {
    let before = files(folder);
    let said = ended_with_2(folder, arguments, words);
    assert!(files(folder) == before, "{arguments:?} has changed something: {said}");
}

/// Runs the program; it must end with 2 and say these words. Gives all that it has said.
fn ended_with_2(folder: &Path, arguments: &[&str], words: &[&str]) -> String {
    let output = program().current_dir(folder).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
    for word in words {
        assert!(said.contains(word), "{arguments:?} should say {word:?}: {said}");
    }
    said.into_owned()
}

/// FW-5: an address that is none, that may not be used or that is taken is said before anything is written.
///
/// Engine: law
#[test]
fn addresses_are_refused_before_anything_is_written() {
    let folder = folder("addresses_are_refused");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let in_use = format!("/ip4/127.0.0.1/tcp/{port}");
    let metrics = format!("127.0.0.1:{port}");
    let nodes: [(&[&str], &[&str]); 6] = [
        (&["--listen", "nonsense"], &["\"nonsense\" is no multiaddress"]),
        (&["--listen", "/ip4/127.0.0.1/udp/1"], &["of no transport that there is"]),
        (&["--listen", "/ip4/192.0.2.1/tcp/0"], &["/ip4/192.0.2.1/tcp/0 is not of this machine"]),
        (&["--listen", &in_use], &[&in_use, "is in use"]),
        (&["--metrics", &metrics], &["metrics cannot be served at", &metrics]),
        (&["--metrics", "192.0.2.1:0"], &["192.0.2.1:0 is not of this machine", "--allow-public"]),
    ];
    for (arguments, words) in nodes {
        refused(&folder, &[&["node", "--data", "data"], arguments].concat(), words);
    }
    let syncs: [(&str, &[&str]); 4] = [
        ("nonsense", &["\"nonsense\" is no multiaddress"]),
        ("/ip4/127.0.0.1/udp/1", &["of no transport that there is"]),
        ("/ip4/192.0.2.1/tcp/1", &["is not of this machine"]),
        // Somebody is there, who is no node.
        ("/ip4/127.0.0.1/tcp/1", &["nobody was reached at /ip4/127.0.0.1/tcp/1"]),
    ];
    for (from, words) in syncs {
        refused(&folder, &["sync", "--data", "data", "--from", from], words);
    }
    assert!(!folder.join("data").exists());
}

/// FW-5: with `--allow-public` other addresses are allowed.
///
/// Engine: law
#[test]
fn other_addresses_are_allowed_where_that_is_said() {
    let folder = folder("other_addresses_are_allowed");
    let everywhere = ["--listen", "/ip4/0.0.0.0/tcp/0", "--metrics", "0.0.0.0:0"];
    let common = ["--data", "data", "--blocks", "3", "--log", "warn"];
    refused(&folder, &[&["node"], &common[..], &everywhere[..2]].concat(), &["is not of this machine"]);
    refused(&folder, &[&["node"], &common[..], &everywhere[2..]].concat(), &["is not of this machine"]);
    let mut node = Process::node(&folder, &[&common[..], &everywhere[..], &["--allow-public"]].concat());
    assert!(node.address().starts_with("/ip4/"));
    node.signal("TERM");
    assert_eq!(node.end().status.code(), Some(0));
}

/// CH-8, FW-5: a file that is none of ours, of another chain or of a newer version is said and left, byte for byte.
///
/// Engine: law
#[test]
fn what_is_no_chain_of_ours_is_left_as_it_was() {
    let folder = folder("what_is_no_chain_of_ours");
    fs::create_dir(folder.join("foreign")).unwrap();
    fs::write(folder.join("foreign/chain.redb"), "no database").unwrap();
    fs::write(folder.join("file"), "no folder").unwrap();
    made(&folder, "other", "8");
    made(&folder, "newer", "7");
    let database = Database::create(folder.join("newer/chain.redb")).unwrap();
    let transaction = database.begin_write().unwrap();
    let version = TableDefinition::<&str, u32>::new("schema");
    transaction.open_table(version).unwrap().insert("version", 1_000_000).unwrap();
    transaction.commit().unwrap();
    drop(database);
    let mut source = Process::node(&folder, &["--data", "source", "--seed", "7", "--blocks", "10"]);
    let from = source.address();
    let cases: [(&str, &[&str]); 5] = [
        ("foreign", &["foreign/chain.redb", "is no store of a chain", "it was left as it was"]),
        ("file", &["file cannot be used as a folder"]),
        ("other", &["other/chain.redb", "holds another chain"]),
        ("newer", &["newer/chain.redb", "schema version 1000000", "is supported"]),
        ("source", &["source/chain.redb", "open elsewhere"]),
    ];
    for (data, words) in cases {
        refused(&folder, &["node", "--data", data, "--seed", "7", "--log", "off"], words);
        refused(&folder, &["sync", "--from", &from, "--data", data, "--seed", "7", "--log", "off"], words);
    }
    source.signal("TERM");
    assert_eq!(source.end().status.code(), Some(0));
}

/// CH-2, FW-5: who has another seed is on another chain, by the fork digest: it is told so, takes nothing in, and its source goes on.
///
/// Engine: law
#[test]
fn a_source_of_another_seed_is_refused() {
    let folder = folder("a_source_of_another_seed");
    let mut source = Process::node(&folder, &["--data", "source", "--seed", "7", "--blocks", "30"]);
    let from = source.address();
    let arguments = ["sync", "--from", &from, "--data", "follower", "--seed", "8", "--log", "off"];
    made(&folder, "follower", "8");
    let words = [&from, "is on another chain than that of the seed 8", "both ends need one `--seed`"];
    let before = read(8, &folder.join("follower"));
    ended_with_2(&folder, &arguments, &words);
    ended_with_2(&folder, &arguments, &words);
    assert!(read(8, &folder.join("follower")) == before);
    let arguments = ["--data", "right", "--seed", "7", "--log", "warn"];
    let follower = Process::sync(&folder, &from, &arguments).end();
    assert!(follower.status.success(), "{}", follower.errors);
    source.signal("TERM");
    assert_eq!(source.end().status.code(), Some(0));
}

/// FW-5: numbers and filters that are out of their bounds are said with what is allowed, before anything is written.
///
/// Engine: law
#[test]
fn settings_out_of_their_bounds_are_refused() {
    let folder = folder("settings_out_of_their_bounds");
    let cases: [(&[&str], &str); 3] = [
        (&["--blocks", "1000001"], "`blocks` is 1000001; allowed is 0 to 1000000"),
        (
            &["--blocks", "50", "--now", "99"],
            "`now` is 99; allowed is 100, when the slot of height 50 begins",
        ),
        (&["--log", "alys=loud"], "`alys=loud` is no filter of logs"),
    ];
    for (arguments, word) in cases {
        refused(&folder, &[&["node", "--data", "data"], arguments].concat(), &[word]);
    }
    assert!(!folder.join("data").exists());
    let mut node = Process::node(&folder, &["--data", "data", "--blocks", "50", "--now", "100"]);
    let from = node.address();
    let follower = Process::sync(&folder, &from, &["--data", "follower", "--now", "100"]).end();
    assert!(follower.status.success(), "{}", follower.errors);
    let early = ["`now` is 99; allowed is 100, when the slot of height 50 begins"];
    ended_with_2(&folder, &["sync", "--from", &from, "--data", "follower", "--now", "99"], &early);
    node.signal("TERM");
    assert_eq!(node.end().status.code(), Some(0));
    ended_with_2(&folder, &["node", "--data", "data", "--blocks", "10", "--now", "99"], &early);
    assert!(
        read(2026, &folder.join("data")) == read(2026, &folder.join("follower")),
        "2026 is the seed of who says none"
    );
}
