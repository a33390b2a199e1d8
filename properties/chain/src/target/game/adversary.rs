//! What the adversary can do in a slot.

use alys_models::chain::Payment;
use alys_wire::containers::{Block, BlockBody, BlockHeader, SignedBlock};

use super::super::alys::scheme::{Domain, Message, SignatureScheme};
use super::super::alys::transition::{Balances, StateTransition, Transfers};
use super::{Act, BlockId, CHAIN_ID, Game, N, NodeId, Slot, Who, World, key};

impl Game {
    /// Everything that can come of one slot.
    pub(super) fn slot(&mut self, world: World, slot: u64) -> Vec<(World, Slot)> {
        let mut after = vec![(world, [None; 3])];
        // A block of an older slot that the adversary brings out only now.
        let byzantine = self.byzantine;
        for older in (1..slot).filter(|older| older % N == byzantine) {
            for parent in self.notarised(world.0) {
                let block = self.forge(parent, older, 0);
                let late = self.spread(world, block, slot, 0);
                after.extend(
                    late.into_iter().map(|(there, who)| (there, [Some((false, block, who)), None, None])),
                );
            }
        }
        for (here, [late, ..]) in after.clone() {
            let moves = match slot % N == self.byzantine {
                true => self.byzantine_slot(here, slot),
                false => self.honest_slot(here, slot),
            };
            after.extend(moves.into_iter().map(|(there, [first, second])| (there, [late, first, second])));
        }
        after
    }

    /// An honest proposer has been shown any one chain, and proposes; any of the others see that.
    fn honest_slot(&mut self, world: World, slot: u64) -> Vec<(World, [Option<Act>; 2])> {
        let (observer, nodes) = world;
        let of = |id: &NodeId| self.nodes[*id].authority == Some(slot % N);
        let Some(place) = nodes.iter().position(of) else { return Vec::new() };
        let mut after = Vec::new();
        for shown in self.notarised(observer) {
            let Some((block, (proposer, vote))) = self.proposal(nodes[place], shown, slot) else { continue };
            let mut here = nodes;
            here[place] = proposer;
            let voter = vote.map_or(0, |vote| 1 << vote.validator_index);
            let moves = self.spread((observer, here), block, slot, voter);
            after.extend(moves.into_iter().map(|(there, who)| (there, [Some((false, block, who)), None])));
        }
        after
    }

    /// The adversary proposes a block, and perhaps another one, and everybody may crash in between.
    fn byzantine_slot(&mut self, world: World, slot: u64) -> Vec<(World, [Option<Act>; 2])> {
        let mut after = Vec::new();
        let parents = self.notarised(world.0);
        for parent in &parents {
            let block = self.forge(*parent, slot, 0);
            for (first, who) in self.spread(world, block, slot, 0) {
                let act = Some((false, block, who));
                after.push((first, [act, None]));
                let crashed = (first.0, first.1.map(|node| self.restart(node)));
                for other in &parents {
                    let block = self.forge(*other, slot, 1);
                    for (here, crash) in [(first, false), (crashed, true)] {
                        let moves = self.spread(here, block, slot, 0);
                        after.extend(
                            moves.into_iter().map(|(there, who)| (there, [act, Some((crash, block, who))])),
                        );
                    }
                }
            }
        }
        after
    }

    /// Any of those who would vote for a block see it, and it is notarised.
    fn spread(&mut self, world: World, block: BlockId, slot: u64, voted: Who) -> Vec<(World, Who)> {
        let (observer, nodes) = world;
        let mut willing = Vec::new();
        for (place, id) in nodes.into_iter().enumerate() {
            let is_other = self.nodes[id].authority.is_some_and(|one| voted >> one & 1 == 0);
            if let (true, (after, Some(vote))) = (is_other, self.see(id, block, slot)) {
                willing.push((place, after, vote.validator_index));
            }
        }
        let mut moves = Vec::new();
        for choice in 0..1_usize << willing.len() {
            let (mut here, mut voters) = (nodes, voted);
            let chosen = willing.iter().enumerate().filter(|(bit, _)| choice >> bit & 1 == 1);
            for (_, (place, after, voter)) in chosen {
                here[*place] = *after;
                voters |= 1 << voter;
            }
            if let Some(after) = self.certify(observer, block, voters) {
                moves.push(((after, here), voters));
            }
        }
        moves
    }

    /// The blocks that the observer has seen certificates of.
    fn notarised(&self, observer: NodeId) -> Vec<BlockId> {
        self.nodes[observer].engine.tree().iter().map(|(root, _)| self.numbers[root]).collect()
    }

    /// A block that the adversary proposes; two variants of one slot differ in when they were made.
    fn forge(&mut self, parent: BlockId, slot: u64, variant: u64) -> BlockId {
        if let Some(known) = self.forged.get(&(parent, slot, variant)) {
            return *known;
        }
        let below = &self.blocks[parent].block.header;
        let body = BlockBody { transactions: Default::default() };
        let header = BlockHeader {
            parent_root: below.root(),
            height: below.height + 1,
            slot,
            proposer_index: self.byzantine,
            state_root: Transfers.root(&Balances::default()),
            body_root: body.root(),
            timestamp: slot,
        };
        // Nothing moves from an account to itself: another block, and the same state.
        let body = match variant {
            0 => body,
            _ => crate::planned::body(&[Payment::Of { from: 1, to: 1, amount: 0 }]),
        };
        let header = BlockHeader { body_root: body.root(), ..header };
        let message = Message::new(Domain::Proposal, CHAIN_ID, slot, header.root());
        let signature = self.scheme.sign(&key(self.byzantine), &message);
        let block = self.block(SignedBlock { block: Block { header, body }, signature });
        self.forged.insert((parent, slot, variant), block);
        block
    }
}
