//! What engines answer, each computed once.

use alys_wire::containers::{AggregateApproval, Approval, ApprovalBits, Block, BlockBody, SignedBlock};

use super::super::alys::engine::{Effect, Engine, Event};
use super::super::alys::scheme::{Domain, Message, SignatureScheme};
use super::super::alys::transition::{StateTransition, Transfers};
use super::{BlockId, CHAIN_ID, Game, N, Node, NodeId, Seen, Who, config, identified, key};

impl Game {
    /// What an honest node does that is shown this chain, and then should propose.
    pub(super) fn proposal(&mut self, id: NodeId, shown: BlockId, slot: u64) -> Option<(BlockId, Seen)> {
        if let Some(known) = self.proposals.get(&(id, shown, slot)) {
            return known.clone();
        }
        let mut node = self.nodes[id].clone();
        self.show(&mut node, shown, slot);
        let effects = node.handle(Event::Propose(BlockBody::default()), slot);
        let sent = effects.iter().find_map(|effect| match effect {
            Effect::SendBlock(block) => Some(block.clone()),
            _ => None,
        });
        let answer = sent.map(|sent| {
            let block = self.block(sent);
            (block, (self.intern(node), vote_in(&effects)))
        });
        self.proposals.insert((id, shown, slot), answer.clone());
        answer
    }

    /// What an honest node does that sees a block, and the certificates below it.
    pub(super) fn see(&mut self, id: NodeId, block: BlockId, slot: u64) -> Seen {
        if let Some(known) = self.seen.get(&(id, block, slot)) {
            return known.clone();
        }
        let mut node = self.nodes[id].clone();
        let parent = self.blocks[block].block.header.parent_root;
        self.show(&mut node, self.numbers[&parent], slot);
        let effects = node.handle(Event::Block(self.blocks[block].clone()), slot);
        let root = self.blocks[block].block.root();
        let vote = vote_in(&effects).filter(|vote| vote.block_root == root);
        let answer = (self.intern(node), vote);
        self.seen.insert((id, block, slot), answer.clone());
        answer
    }

    /// Shows a node the certified chain up to a block.
    fn show(&self, node: &mut Node, block: BlockId, slot: u64) {
        let mut chain = Vec::new();
        let mut at = block;
        while at != 0 {
            chain.push(at);
            at = self.numbers[&self.blocks[at].block.header.parent_root];
        }
        for one in chain.into_iter().rev() {
            if let Some(certificate) = self.certificates.get(&one) {
                node.handle(Event::Block(self.blocks[one].clone()), slot);
                node.handle(Event::Aggregate(certificate.clone()), slot);
            }
        }
    }

    /// The observer after the approvals of these and of the adversary; `None` when they are no certificate.
    pub(super) fn certify(&mut self, observer: NodeId, block: BlockId, voters: Who) -> Option<NodeId> {
        let wanted = (observer, block, voters);
        if let Some(known) = self.certified.get(&wanted) {
            return *known;
        }
        let SignedBlock { block: Block { header, .. }, .. } = &self.blocks[block];
        let (slot, block_root) = (header.slot, header.root());
        let message = Message::new(Domain::Approval, CHAIN_ID, slot, block_root);
        let mut bits = ApprovalBits::with_capacity(N as usize).expect("few authorities");
        let mut signatures = Vec::new();
        let all = voters | 1 << self.byzantine;
        for voter in (0..N).filter(|one| all >> one & 1 == 1) {
            bits.set(voter as usize, true).expect("an authority");
            // Honest voters have signed just this: with an ideal scheme, doing it again makes the same.
            signatures.push(self.scheme.sign(&key(voter), &message));
        }
        let signature = self.scheme.aggregate(&signatures).expect("signatures");
        let certificate = AggregateApproval { block_root, slot, bits, signature };
        let mut node = self.nodes[observer].clone();
        node.handle(Event::Block(self.blocks[block].clone()), u64::MAX);
        node.handle(Event::Aggregate(certificate.clone()), u64::MAX);
        let answer = node.engine.tree().contains(&block_root).then(|| {
            self.certificates.entry(block).or_insert(certificate);
            self.intern(node)
        });
        let answer = answer.filter(|after| *after != observer);
        self.certified.insert(wanted, answer);
        answer
    }

    /// A node that crashes, and begins again with what is durable.
    pub(super) fn restart(&mut self, id: NodeId) -> NodeId {
        if let Some(known) = self.restarted.get(&id) {
            return *known;
        }
        let before = self.nodes[id].clone();
        let saved = before.durable.saved(&Default::default());
        let engine =
            Engine::restore(config(), self.scheme.clone(), self.authorities.clone(), Transfers, saved);
        let engine = engine.expect("what is durable is sound");
        let node = Node { engine: identified(engine, before.authority), ..before };
        let after = self.intern(node);
        self.restarted.insert(id, after);
        after
    }
}

impl Node {
    fn handle(&mut self, event: Event, now: u64) -> Vec<Effect<<Transfers as StateTransition>::Error>> {
        let effects = self.engine.handle(event, now);
        effects.iter().for_each(|effect| self.durable.carry_out(effect));
        effects
    }
}

fn vote_in(effects: &[Effect<<Transfers as StateTransition>::Error>]) -> Option<Approval> {
    effects.iter().find_map(|effect| match effect {
        Effect::SendApproval(approval) => Some(approval.clone()),
        _ => None,
    })
}
