//! Four authorities of which one is Byzantine, over the real voter, tree and quorum, slot by slot: every run.
//!
//! Honest nodes are real engines with ideal signatures. The adversary owns one key and the network: it decides who sees which
//! certificate and which block, and when. Whatever an honest node does is decided by its engine alone.
//!
//! What is left out loses nothing. The adversary approves whatever somebody else approves: it may do so later anyway. It
//! shows a node a certificate only for the node to vote or to propose on it: seen earlier, it would only forbid votes. And it
//! shows a block only to those who then vote for it. A certificate that can be made exists; an observer, an engine as well,
//! sees all of them, and so knows of every two blocks that two honest nodes could be made to hold final.
//!
//! Nodes are interned: an engine's answer to one thing in one state is computed once, whatever the others do.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use alys_wire::containers::{
    AggregateApproval, Approval, ApprovalBits, Block, BlockBody, BlockHeader, Hash256, SignedBlock,
};

use super::alys::authorities::AuthoritySet;
use super::alys::engine::{Effect, Engine, Event, Settings};
use super::alys::scheme::{Domain, Ideal, IdealKey, Message, SignatureScheme};
use super::alys::transition::{Balances, StateTransition, Transfers};
use super::durable::Durable;

/// How many authorities there are.
const N: u64 = 4;

/// Which chain it is.
const CHAIN_ID: u64 = 1;

/// A node in one state, by number.
type NodeId = usize;

/// A block, by number; 0 is genesis.
type BlockId = usize;

/// An honest node or the observer, and what is durable of it.
#[derive(Clone, Debug)]
struct Node {
    engine: Engine<Ideal, Transfers>,
    durable: Durable,
    authority: Option<u64>,
}

/// What tells nodes apart: who it is, what it has seen, what waits, and its duties.
type NodeKey = (Option<u64>, Vec<Hash256>, Vec<Hash256>, (u64, u64));

/// A node that saw a block: how it is then, and its vote if it voted.
type Seen = (NodeId, Option<Approval>);

/// The state between two slots: what the observer has seen, and the honest nodes.
type World = (NodeId, [NodeId; 3]);

/// A set of authorities, a bit each.
type Who = u8;

/// A block that was notarised: whether all have crashed before, which block, and which honest nodes have voted for it.
type Act = (bool, BlockId, Who);

/// What happened in a slot: an older block brought out late, and up to two of the slot itself.
type Slot = [Option<Act>; 3];

/// What was met on the way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Played {
    /// The states after each slot.
    pub worlds: Vec<usize>,
    /// The answers that engines gave.
    pub answers: usize,
    /// States in which a block is final.
    pub is_final: usize,
    /// States in which two blocks of one height are notarised.
    pub forked: usize,
}

/// A run that ends with two final blocks that conflict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// What happened, slot by slot.
    pub moves: Vec<String>,
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.moves.iter().try_for_each(|one| writeln!(f, "  {one}"))
    }
}

/// Everything that was ever said in any run, and by whom.
struct Game {
    byzantine: u64,
    scheme: Ideal,
    authorities: AuthoritySet<IdealKey>,
    blocks: Vec<SignedBlock>,
    numbers: BTreeMap<Hash256, BlockId>,
    /// One certificate of each block that has any: which one does not matter to anybody.
    certificates: BTreeMap<BlockId, AggregateApproval>,
    nodes: Vec<Node>,
    keys: BTreeMap<NodeKey, NodeId>,
    seen: BTreeMap<(NodeId, BlockId, u64), Seen>,
    certified: BTreeMap<(NodeId, BlockId, Who), Option<NodeId>>,
    forged: BTreeMap<(BlockId, u64, u64), BlockId>,
    proposals: BTreeMap<(NodeId, BlockId, u64), Option<(BlockId, Seen)>>,
    restarted: BTreeMap<NodeId, NodeId>,
}

/// Plays all runs of so many slots in which this authority is Byzantine.
///
/// # Errors
///
/// A run that ends in a conflict, one of those with the fewest slots.
///
/// # Panics
///
/// When the engines refuse the game's own setting.
pub fn play(byzantine: u64, slots: u64) -> Result<Played, Conflict> {
    let (mut game, start) = Game::new(byzantine);
    let mut played = Played::default();
    // Every world that was reached, with the one before it and what happened in between.
    let mut reached: Vec<(World, usize, Slot)> = vec![(start, 0, [None; 3])];
    let mut level = 0..1;
    for slot in 1..=slots {
        let mut seen: BTreeSet<World> = BTreeSet::new();
        for from in level.clone() {
            for (world, how) in game.slot(reached[from].0, slot) {
                if !seen.insert(world) {
                    continue;
                }
                if game.nodes[world.0].engine.violation().is_some() {
                    return Err(game.told(&reached, from, how));
                }
                reached.push((world, from, how));
            }
        }
        level = level.end..reached.len();
        played.worlds.push(level.len());
    }
    for ((observer, _), ..) in &reached {
        let engine = &game.nodes[*observer].engine;
        played.is_final += usize::from(engine.finalised().height > 0);
        let heights: BTreeSet<u64> = engine.tree().iter().map(|(_, node)| node.header.height).collect();
        played.forked += usize::from(heights.len() < engine.tree().len());
    }
    played.answers = game.seen.len() + game.certified.len() + game.proposals.len();
    Ok(played)
}

impl Game {
    fn new(byzantine: u64) -> (Self, World) {
        let scheme = Ideal::default();
        let keys: Vec<_> = (0..N).map(key).collect();
        let stated: Vec<_> =
            keys.iter().map(|key| (scheme.public_key(key), scheme.prove_possession(key))).collect();
        let authorities = AuthoritySet::new(&scheme, &stated).expect("sound keys");
        let mut game = Game {
            byzantine,
            scheme,
            authorities,
            blocks: Vec::new(),
            numbers: BTreeMap::new(),
            certificates: BTreeMap::new(),
            nodes: Vec::new(),
            keys: BTreeMap::new(),
            seen: BTreeMap::new(),
            certified: BTreeMap::new(),
            forged: BTreeMap::new(),
            proposals: BTreeMap::new(),
            restarted: BTreeMap::new(),
        };
        let genesis = game.fresh(None).engine.tree().iter().map(|(_, node)| node.header.clone()).next();
        let header = genesis.expect("a tree has a base");
        game.block(SignedBlock {
            block: Block { header, body: BlockBody::default() },
            signature: Default::default(),
        });
        let observer = game.fresh(None);
        let observer = game.intern(observer);
        let honest: Vec<_> = (0..N).filter(|one| *one != byzantine).collect();
        let nodes = [0, 1, 2].map(|place| {
            let node = game.fresh(Some(honest[place]));
            game.intern(node)
        });
        (game, (observer, nodes))
    }

    fn fresh(&self, authority: Option<u64>) -> Node {
        let config = Settings { chain_id: CHAIN_ID, slot_duration: 1, ..Settings::default() }.check();
        let config = config.expect("a sound setting");
        let genesis = Balances::default();
        let engine = Engine::new(config, self.scheme.clone(), self.authorities.clone(), Transfers, genesis);
        let header = engine.tree().get(&engine.head().root).map(|node| node.header.clone());
        let durable = Durable::new(header.expect("the head is a node"));
        Node { engine: identified(engine, authority), durable, authority }
    }

    fn intern(&mut self, node: Node) -> NodeId {
        let tree = node.engine.tree().iter().map(|(root, _)| *root).collect();
        let pooled = self.numbers.keys().filter(|root| node.engine.pool().block(root).is_some());
        let key = (node.authority, tree, pooled.copied().collect(), node.engine.duties());
        let next = self.nodes.len();
        let id = *self.keys.entry(key).or_insert(next);
        if id == next {
            self.nodes.push(node);
        }
        id
    }

    fn block(&mut self, block: SignedBlock) -> BlockId {
        let next = self.blocks.len();
        let id = *self.numbers.entry(block.block.root()).or_insert(next);
        if id == next {
            self.blocks.push(block);
        }
        id
    }

    /// Everything that can come of one slot.
    fn slot(&mut self, world: World, slot: u64) -> Vec<(World, Slot)> {
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

    /// A run in words.
    fn told(&self, reached: &[(World, usize, Slot)], last: usize, how: Slot) -> Conflict {
        let mut slots = vec![how];
        let mut at = last;
        while at != 0 {
            let (_, before, how) = reached[at];
            slots.push(how);
            at = before;
        }
        let act = |(crash, block, who): &Act| {
            let header = &self.blocks[*block].block.header;
            let parent = self.numbers.get(&header.parent_root).copied().unwrap_or_default();
            let voters: Vec<u64> = (0..N).filter(|one| who >> one & 1 == 1).collect();
            let crash = if *crash { "all crash, " } else { "" };
            format!(
                "{crash}block {block} of slot {} on block {parent} by {voters:?} and {}",
                header.slot, self.byzantine
            )
        };
        let one = |(slot, how): (u64, &Slot)| {
            let acts: Vec<String> = how.iter().flatten().map(act).collect();
            format!("slot {slot}: {}", if acts.is_empty() { "nothing".to_owned() } else { acts.join("; ") })
        };
        Conflict { moves: (1..).zip(slots.iter().rev()).map(one).collect() }
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
            _ => crate::planned::body(&[alys_models::chain::Payment::Of { from: 1, to: 1, amount: 0 }]),
        };
        let header = BlockHeader { body_root: body.root(), ..header };
        let message = Message::new(Domain::Proposal, CHAIN_ID, slot, header.root());
        let signature = self.scheme.sign(&key(self.byzantine), &message);
        let block = self.block(SignedBlock { block: Block { header, body }, signature });
        self.forged.insert((parent, slot, variant), block);
        block
    }

    /// What an honest node does that is shown this chain, and then should propose.
    fn proposal(&mut self, id: NodeId, shown: BlockId, slot: u64) -> Option<(BlockId, Seen)> {
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
    fn see(&mut self, id: NodeId, block: BlockId, slot: u64) -> Seen {
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
    fn certify(&mut self, observer: NodeId, block: BlockId, voters: Who) -> Option<NodeId> {
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
    fn restart(&mut self, id: NodeId) -> NodeId {
        if let Some(known) = self.restarted.get(&id) {
            return *known;
        }
        let before = self.nodes[id].clone();
        let config = Settings { chain_id: CHAIN_ID, slot_duration: 1, ..Settings::default() }.check();
        let saved = before.durable.saved(&Default::default());
        let engine = Engine::restore(
            config.expect("a sound setting"),
            self.scheme.clone(),
            self.authorities.clone(),
            Transfers,
            saved,
        );
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

fn identified(engine: Engine<Ideal, Transfers>, authority: Option<u64>) -> Engine<Ideal, Transfers> {
    match authority {
        Some(index) => engine.with_identity(index, key(index)).expect("its own key"),
        None => engine,
    }
}

fn key(authority: u64) -> IdealKey {
    IdealKey(authority + 1)
}
