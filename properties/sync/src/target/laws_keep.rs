//! What a node keeps of its chain (CH-9).

use std::sync::Arc;

use alys_chain::engine::{Event, Signatures};
use alys_chain::store::ChainStore as _;
use alys_engines::violation::{check_eq, violated};
use alys_wire::message::{BlocksByRange, Request};

use super::alys::config::Settings;
use super::alys::network::{InboundId, NetworkCommand, NetworkEvent};
use super::alys::peer::PeerId;
use super::laws_nodes::Place;
use crate::chains::{Realm, header};

/// Every how many blocks there is a checkpoint.
const INTERVAL: u64 = 10;

/// How many blocks come in batches, and how many one by one after them.
const BLOCKS: (u64, u64) = (95, 30);

/// So many steps are enough for the batches.
const STEPS_MAX: u64 = 2_000;

/// Whatever way blocks come, and after a restart, the base is the highest checkpoint that has so many final blocks above it; genesis if
/// nothing is to be pruned. From there on the node serves, and from nowhere below.
pub fn a_node_keeps_what_it_is_told_to() -> u64 {
    let mut looks = 0;
    for keep in [None, Some(0), Some(1), Some(25), Some(40), Some(84), Some(500), Some(u64::MAX)] {
        let realm = Realm::with_interval(INTERVAL);
        let (batched, single) = BLOCKS;
        let all = realm.chain(&realm.genesis, batched + single, 0);
        let chain = &all[..batched as usize];
        let settings = Settings { keep, sample: 1, batch_max: 8, ..Settings::default() };
        let mut place = Place::new(realm, settings, (batched + single + 1) * 4_000);
        place.connect(1);
        let (mut restarted, mut steps) = (false, 0);
        while place.node.chain().head().height < batched {
            steps += 1;
            if steps > STEPS_MAX {
                violated("SY-1", format!("it does not end: {:?} of {batched}", place.node.chain().head()));
            }
            if place.open.is_empty() {
                place.pass()
            } else {
                place.answer(chain, |_| {})
            }
            held(&place, keep);
            if !restarted && place.node.chain().head().height > batched / 2 {
                restarted = true;
                place.crash();
                held(&place, keep);
            }
            looks += 1;
        }
        for block in &all[batched as usize..] {
            let event = Event::Import { block: Arc::clone(block), signatures: Signatures::Verified };
            drop(place.node.chain_event(event, (header(block).slot + 1) * 4_000));
            held(&place, keep);
            looks += 1;
        }
        serves(&mut place);
    }
    looks
}

fn base(place: &Place) -> u64 {
    let tree = place.node.chain().tree();
    tree.get(&tree.base()).map_or(0, |node| node.header.height)
}

/// The base is where it must be, in memory and in the store.
fn held(place: &Place, keep: Option<u64>) {
    let finalised = place.node.chain().finalised().height;
    let has_enough = |height: &u64| keep.is_some_and(|keep| finalised - height >= keep);
    let highest = (0..=finalised).filter(|height| height.is_multiple_of(INTERVAL)).filter(has_enough).max();
    let of_both = (base(place), place.node.durable().store().base());
    let wanted = highest.unwrap_or(0);
    check_eq(
        "CH-9",
        &format!("the base, of {finalised} final blocks, {keep:?} kept"),
        &(wanted, wanted),
        &of_both,
    );
}

/// Blocks are served from the base on.
fn serves(place: &mut Place) {
    let base = base(place);
    let mut blocks_from = |start: u64| {
        let request = Request::BlocksByRange(BlocksByRange { start, count: 3, step: 1 });
        let event = NetworkEvent::Request { peer: PeerId(50 + start), inbound: InboundId(start), request };
        let commands = place.node.handle(event, 1_000_000);
        let answered = commands.iter().find_map(|command| match command {
            NetworkCommand::Respond { responses, .. } => Some(responses.len()),
            _ => None,
        });
        answered.unwrap_or(usize::MAX)
    };
    check_eq("CH-9", "the blocks that are served from the base on", &3, &blocks_from(base.max(1)));
    if base > 1 {
        check_eq("CH-9", "the blocks that are served from below it", &0, &blocks_from(base - 1));
    }
}
