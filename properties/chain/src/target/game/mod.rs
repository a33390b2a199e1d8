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

mod adversary;
mod answers;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use alys_wire::containers::{AggregateApproval, Approval, Block, BlockBody, Hash256, SignedBlock};

use super::alys::authorities::AuthoritySet;
use super::alys::engine::{ChainConfig, Engine, Settings};
use super::alys::scheme::{Ideal, IdealKey, SignatureScheme};
use super::alys::transition::{Balances, Transfers};
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
        let genesis = Balances::default();
        let engine = Engine::new(config(), self.scheme.clone(), self.authorities.clone(), Transfers, genesis);
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
}

fn config() -> ChainConfig {
    let settings = Settings { chain_id: CHAIN_ID, slot_duration: 1, ..Settings::default() };
    settings.check().expect("a sound setting")
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
