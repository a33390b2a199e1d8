//! Nodes on a network of their own, where every message takes the same time.

mod breaking;
mod liars;
mod net;
mod producing;
mod serving;
pub(crate) mod truth;

use alys_chain::store::MemoryDisk;
use alys_chain::stored::Stored;
use alys_chain::transition::{Balances, Transfers};
use net::Net;
use truth::Truth;

use super::SyncNode;
use crate::config::Settings;
use crate::gate::Gate;
use crate::peer::PeerId;
use crate::state::SyncState;

fn quick() -> Settings {
    Settings { sample: 1, ..Settings::default() }
}

/// SY-1, SY-4, SY-5, SY-8, SY-10.
///
/// Engine: law
#[test]
fn a_node_comes_from_genesis_to_the_tip_of_thousands_of_blocks() {
    let truth = Truth::new(3000);
    let mut net = Net::new(truth.now());
    for _ in 0..8 {
        net.join(truth.node(3000, quick()));
    }
    let fresh = net.join(truth.node(0, quick()));
    net.connect_all(fresh);
    net.run(300_000);
    let node = net.node(fresh);
    assert_eq!(node.chain().head(), net.node(PeerId(0)).chain().head());
    assert_eq!((node.state(), node.gate()), (SyncState::Synced, Gate::Open));
    let metrics = node.sync().metrics();
    assert_eq!((metrics.blocks, metrics.conflicts, metrics.lies), (3000, 0, 0));
    assert_eq!(metrics.peers_used(), 8);
    assert!(metrics.balance() >= 700, "{}", metrics.balance());
    assert!(metrics.most_in_flight <= 1024 && metrics.most_in_flight > 64, "{}", metrics.most_in_flight);
    assert_eq!((metrics.timeouts, metrics.retries, metrics.malformed, metrics.bans), (0, 0, 0, 0));
    let said = net.requests_of(fresh);
    assert_eq!(metrics.requests, said.len() as u64);
    let downloaded: u64 = said.iter().map(|request| request.responses_max()).sum();
    assert!(downloaded < 3000 + said.len() as u64, "each block is asked for once, besides what proves tips");
}

/// SY-9.
///
/// Engine: law
#[test]
fn a_restored_node_goes_on_from_what_is_durable() {
    let truth = Truth::new(300);
    let disk = MemoryDisk::new();
    let open = || Stored::open(&disk, "chain", truth.config, Transfers, Balances::default()).unwrap();
    let restored = || SyncNode::restore(open(), truth.consensus(), None, quick().check().unwrap()).unwrap();

    let mut net = Net::new(truth.now());
    let (short, fresh) = (net.join(truth.node(120, quick())), net.join_boxed(Box::new(restored())));
    net.connect(short, fresh);
    net.run(60_000);
    assert_eq!(net.node(fresh).chain().head().height, 120);
    drop(net);

    let mut net = Net::new(truth.now());
    let (long, fresh) = (net.join(truth.node(300, quick())), net.join_boxed(Box::new(restored())));
    assert_eq!(net.node(fresh).chain().head().height, 120);
    net.connect(long, fresh);
    net.run(60_000);
    assert_eq!(net.node(fresh).chain().head().height, 300);
    assert_eq!(net.node(fresh).sync().metrics().blocks, 180, "nothing is downloaded again");
}
