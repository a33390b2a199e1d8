//! Nodes that run out of disk.

use std::{fs, process::Command};

use super::{
    process::{Process, durable, folder, opened, program, synced},
    stores::read,
};

/// The program in a shell that lets no file be longer than so many blocks of 512 bytes: a write beyond fails, as on a full disk.
fn short_of_disk(blocks: u64, arguments: &[&str]) -> Command {
    let mut command = Command::new("sh");
    let limited = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
    command.args(["-c", &limited, "sh"]).arg(program().get_program()).args(arguments);
    command
}

/// How large a store is, in blocks of 512 bytes.
fn blocks_of(path: &std::path::Path) -> u64 {
    fs::metadata(path).unwrap().len() / 512
}

/// CH-8: a node whose disk is full ends with 2 and says what could not be written; what it has said to be durable is there, and with
/// more room it goes on from that.
///
/// Engine: crash
#[test]
fn a_node_whose_disk_is_full_says_so_and_goes_on_with_more_room() {
    let folder = folder("a_node_whose_disk_is_full");
    let common = ["--seed", "6", "--log", "warn"];
    let mut source =
        Process::node(&folder, &[&["--data", "source", "--blocks", "1200"], &common[..]].concat());
    let from = source.address();
    // As long as a store of 200 blocks gets.
    let mut short = Process::node(&folder, &[&["--data", "short", "--blocks", "200"], &common[..]].concat());
    short.address();
    short.signal("TERM");
    assert_eq!(short.end().status.code(), Some(0));
    let room = blocks_of(&folder.join("short/chain.redb"));

    let follow = [&["sync", "--from", &from, "--data", "follower"], &common[..]].concat();
    let make = [&["node", "--data", "short", "--blocks", "1200"], &common[..]].concat();
    for (data, arguments) in [("follower", follow), ("short", make)] {
        let mut node = Process::start(short_of_disk(room, &arguments), &folder);
        let mut last = node.wait(opened);
        let ended = loop {
            match node.next() {
                Some(report) => last = durable(&report).cloned().unwrap_or(last),
                None => break node.end(),
            }
        };
        assert_eq!(ended.status.code(), Some(2), "{data}: {}", ended.errors);
        let path = format!("{data}/chain.redb: the disk has failed: ");
        assert!(ended.errors.contains(&path), "{data}: {}", ended.errors);
        assert!(ended.errors.contains("what was durable before still is"), "{data}: {}", ended.errors);
        let left = read(6, &folder.join(data)).head.height;
        assert!(last.height <= left && left < 1200, "{data}: {left}, and it had said {last:?}");
    }

    let mut follower = Process::sync(&folder, &from, &[&["--data", "follower"], &common[..]].concat());
    assert_eq!(follower.wait(synced).height, 1200);
    assert!(follower.end().status.success());
    source.signal("TERM");
    assert_eq!(source.end().status.code(), Some(0));
    assert!(read(6, &folder.join("follower")) == read(6, &folder.join("source")));
}
