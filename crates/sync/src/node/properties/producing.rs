//! Authorities that produce, approve and hear of one another.

use alys_chain::engine as chain;
use alys_wire::containers::BlockBody;
use alys_wire::gossip::GossipMessage;

use super::super::SyncNode;
use super::quick;
use super::truth::{Nothing, Truth};
use crate::config::Settings;
use crate::gate::Closed;
use crate::network::{NetworkCommand, NetworkEvent};
use crate::peer::PeerId;

type Node = SyncNode<alys_chain::scheme::Ideal, alys_chain::transition::Transfers, Nothing>;

/// Tells everybody what one of them has published, and what follows from that.
fn spread(nodes: &mut [Node], from: usize, commands: Vec<NetworkCommand>, now: u64) -> Vec<&'static str> {
    let mut said = Vec::new();
    let mut waiting = vec![(from, commands)];
    while let Some((from, commands)) = waiting.pop() {
        for command in commands {
            let NetworkCommand::Publish { message } = command else { continue };
            said.push(match &message {
                GossipMessage::ConsensusBlock(_) => "block",
                GossipMessage::ApproveBlock(_) => "approval",
                _ => "other",
            });
            for at in (0..nodes.len()).filter(|at| *at != from) {
                let heard = NetworkEvent::Gossip { peer: PeerId(from as u64), message: message.clone() };
                let commands = nodes[at].handle(heard, now);
                waiting.push((at, commands));
            }
        }
    }
    said
}

/// SY-5: a node proposes through its gate, and what it and others say about a block makes that a block of every chain.
///
/// Engine: law
#[test]
fn blocks_are_produced_through_the_gate() {
    let truth = Truth::new(0);
    let settings = Settings { bootstrap: true, ..quick() };
    let mut nodes: Vec<Node> = (0..4).map(|index| truth.authority(index, settings)).collect();
    for slot in 1..=6 {
        let now = truth.config.clock.start_of(slot).unwrap() * 1000;
        let proposer = (slot % 4) as usize;
        for (at, node) in nodes.iter_mut().enumerate().filter(|(at, _)| *at != proposer) {
            assert_eq!(node.propose(BlockBody::default(), now), Ok(vec![]), "{at} in {slot}");
        }
        let commands = nodes[proposer].propose(BlockBody::default(), now).unwrap();
        let said = spread(&mut nodes, proposer, commands, now);
        assert_eq!(said.iter().filter(|what| **what == "block").count(), 1);
        assert_eq!(said.iter().filter(|what| **what == "approval").count(), 4);
        for node in &nodes {
            assert_eq!(node.chain().head().height, slot);
            assert_eq!(node.sync().local().head, node.chain().head(), "sync is told");
            assert_eq!(node.sync().local().head_slot, slot);
        }
    }
    assert_eq!(nodes[0].sync().local().finalised.height, 5);
}

/// SY-5: through a closed gate nothing is proposed.
///
/// Engine: law
#[test]
fn nothing_is_produced_behind_a_closed_gate() {
    let truth = Truth::new(0);
    let mut node = truth.authority(1, quick());
    assert_eq!(node.propose(BlockBody::default(), 2_000), Err(Closed::Unknown));
    assert_eq!(node.chain().head().height, 0);
    assert_eq!(node.chain().duties(), (0, 0));
}

/// SY-3: a proposal of a later slot waits for that slot, and a tick brings it in.
///
/// Engine: law
#[test]
fn what_waits_for_its_slot_is_not_forgotten() {
    let truth = Truth::new(2);
    let mut node = truth.node(1, quick());
    let early = truth.now() - 2_000;
    let block = &truth.blocks[1];
    let proposal = GossipMessage::ConsensusBlock(Box::new(block.signed_block.clone()));
    let heard = NetworkEvent::Gossip { peer: PeerId(1), message: proposal };
    assert_eq!(node.handle(heard, early), []);
    let _ = node.chain_event(chain::Event::Aggregate(block.certificate.clone()), early);
    assert_eq!(node.chain().head().height, 1);
    let _ = node.tick(truth.now());
    assert_eq!(node.sync().local().head.height, 2);
}
