//! Nodes that are killed, and go on.

use std::{fs, os::unix::process::ExitStatusExt as _, path::Path};

use alys_properties::sequential::announce;
use alys_test_framework::{NodeReport, Position};
use fastrand::Rng;

use super::{
    process::{Process, durable, folder, opened, synced},
    stores::read,
};

/// The number of SIGKILL.
const SIGKILL: i32 = 9;

/// Lets a process run until it says that a height is durable, and kills it there; tells the last position that it has said, and
/// the most memory that it had.
fn killed(mut process: Process, height: u64, before: &Position) -> (Position, u64) {
    let begins = process.wait(opened);
    assert!(begins.height >= before.height, "it begins at {begins:?} and had said {before:?}");
    assert!(begins.finalised >= before.finalised, "it begins at {begins:?} and had said {before:?}");
    let mut last = begins;
    while last.height < height {
        last = process.wait(|report| durable(report).cloned());
    }
    let peak = process.peak();
    let ended = process.kill();
    assert_eq!(ended.status.signal(), Some(SIGKILL), "it had ended before: {}", ended.errors);
    (ended.said.iter().filter_map(durable).next_back().cloned().unwrap_or(last), peak)
}

fn nothing() -> Position {
    Position { height: 0, root: String::new(), finalised: 0, checkpoint: None }
}

/// Heights at which to kill, in their order: one in each of so many equal parts of a chain, the last two parts left out.
fn moments(rng: &mut Rng, count: u64, blocks: u64) -> Vec<u64> {
    let part = blocks / (count + 2);
    (0..count).map(|number| number * part + rng.u64(1..=part)).collect()
}

fn bytes(folder: &Path) -> u64 {
    fs::metadata(folder.join("chain.redb")).unwrap().len()
}

/// SY-9, CH-8: a node that follows another one is killed at ten moments; each time it begins at what it had said to be durable or
/// above, and in the end it has the tip, the blocks and the checkpoints of the other one.
///
/// Engine: crash
#[test]
fn a_sync_that_is_killed_ten_times_ends_at_the_tip_of_its_source() {
    let (seed, blocks, folder) = (41, 2400, folder("a_sync_that_is_killed"));
    let arguments = ["--data", "source", "--seed", "41", "--blocks", "2400", "--log", "warn"];
    let mut source = Process::node(&folder, &arguments);
    let from = source.address();
    let follow = || Process::sync(&folder, &from, &["--data", "follower", "--seed", "41", "--log", "warn"]);
    let (mut last, mut peak, mut heights) = (nothing(), 0, Vec::new());
    for height in moments(&mut Rng::with_seed(seed), 10, blocks) {
        let (said, most) = killed(follow(), height, &last);
        heights.push(said.height);
        (last, peak) = (said, peak.max(most));
    }
    let mut follower = follow();
    let begins = follower.wait(opened);
    assert!(begins.height >= last.height && begins.height < blocks, "{begins:?} after {last:?}");
    let end = follower.wait(synced);
    assert!(follower.end().status.success());
    let source_peak = source.peak();
    source.signal("TERM");
    assert_eq!(source.end().status.code(), Some(0));
    let (one, other) = (read(seed, &folder.join("source")), read(seed, &folder.join("follower")));
    assert_eq!((one.head.height, one.checkpoints.len()), (blocks, 23), "100 to 2300 are final");
    assert_eq!((end.height, end.checkpoint.map(|last| last.height)), (blocks, Some(2300)));
    assert!(one == other, "{:?} and {:?}", one.head, other.head);
    let sizes = [bytes(&folder.join("source")), bytes(&folder.join("follower"))];
    announce(&format!(
        "node: 10 kills at heights {heights:?}; {blocks} blocks, {sizes:?} bytes of stores, peak memory {peak} bytes, of the source \
         {source_peak}"
    ));
}

/// CH-8: a chain that is made in pieces, with kills between them, is the chain that is made at once, byte for byte.
///
/// Engine: crash
#[test]
fn a_chain_that_is_made_in_pieces_is_the_chain_that_is_made_at_once() {
    let (seed, folder) = (42, folder("a_chain_that_is_made_in_pieces"));
    let make = |data: &str, blocks: &str| {
        Process::node(&folder, &["--data", data, "--seed", "42", "--blocks", blocks, "--log", "warn"])
    };
    let mut last = nothing();
    for height in moments(&mut Rng::with_seed(seed), 4, 900) {
        last = killed(make("pieces", "900"), height, &last).0;
    }
    for (data, blocks) in [("pieces", "900"), ("at once", "900"), ("pieces", "937"), ("at once", "937")] {
        let mut node = make(data, blocks);
        node.address();
        node.signal("TERM");
        assert_eq!(node.end().status.code(), Some(0));
    }
    let (one, other) = (read(seed, &folder.join("pieces")), read(seed, &folder.join("at once")));
    assert_eq!(one.head.height, 937);
    assert!(one == other, "{:?} and {:?}", one.head, other.head);
    let mut shorter = make("pieces", "10");
    let begins = shorter.wait(opened);
    assert_eq!(begins.height, 937, "what is there stays");
    assert!(!matches!(shorter.next(), Some(NodeReport::Durable(_))));
}
