//! What happens to a node, drawn from a seed beside a node that never crashes, and what must be durable of it when.
//!
//! The only authority of the chain is the node's, so its vote is a quorum: it proposes, votes, and is brought blocks of
//! the same authority made elsewhere, which fork, become final, and sometimes conflict.

mod held;

use std::num::NonZeroU64;
use std::sync::Arc;

use alys_chain::{
    authorities::AuthoritySet,
    engine::{ChainConfig, Effect, Engine, Event, Settings, Signatures},
    scheme::{Domain, Ideal, IdealKey, Message, SignatureScheme as _},
    transition::{Balances, StateTransition as _, Transfer, TransferError, Transfers},
};
use alys_engines::draw::SplitMix;
use alys_wire::containers::{
    AggregateApproval, ApprovalBits, Block, BlockBody, BlockHeader, CertifiedBlock, Hash256, SignedBlock,
};

pub use held::{Held, is_durable};

/// What a node answers.
pub type Told = Effect<TransferError>;

/// The key of the only authority.
pub const KEY: IdealKey = IdealKey(1);

/// How many events there are in a run.
const EVENTS: u64 = 14;

/// What happens to a node.
#[derive(Clone, Debug)]
pub enum What {
    /// An event.
    Event(Box<Event>),
    /// Blocks come in together.
    Batch(Vec<Arc<CertifiedBlock>>),
}

/// What happens, at which time, and what a node that never crashes says to it.
#[derive(Clone, Debug)]
pub struct Step {
    /// What it is.
    pub what: What,
    /// When it happens.
    pub now: u64,
    /// What is answered, in order.
    pub told: Vec<Told>,
}

/// A run of a node.
#[derive(Clone, Debug)]
pub struct Run {
    /// The signatures.
    pub scheme: Ideal,
    /// The only authority.
    pub authorities: AuthoritySet<IdealKey>,
    /// The chain.
    pub config: ChainConfig,
    /// The balances at genesis.
    pub genesis: Balances,
    /// What happens.
    pub steps: Vec<Step>,
    /// What is durable after so many things were made durable, from nothing on.
    pub held: Vec<Held>,
    /// For each of these things, how many are durable as soon as it is: those behind it that are made durable with it count.
    pub with: Vec<usize>,
}

impl Run {
    /// A run in which nothing happens.
    ///
    /// # Panics
    ///
    /// Never: settings, key and balances are sound.
    #[must_use]
    pub fn quiet(interval: NonZeroU64) -> Self {
        let scheme = Ideal::default();
        let stated = [(scheme.public_key(&KEY), scheme.prove_possession(&KEY))];
        let authorities = AuthoritySet::new(&scheme, &stated).expect("a sound key");
        let settings = Settings { chain_id: 7, slot_duration: 1, ..Settings::default() };
        let settings = Settings { checkpoint_interval: interval.get(), ..settings };
        let config = settings.check().expect("sound settings");
        let genesis = Balances::genesis(&[(0, 9), (1, 5)]).expect("little is given out");
        let (steps, held, with) = (Vec::new(), Vec::new(), Vec::new());
        let mut run = Run { scheme, authorities, config, genesis, steps, held, with };
        run.held.push(Held::of(&run.engine()));
        run
    }

    /// The run of a seed.
    #[must_use]
    pub fn drawn(seed: u64) -> Self {
        let mut mix = SplitMix(seed);
        let interval = NonZeroU64::MIN.saturating_add(mix.next() % 5 / 2);
        let mut run = Run::quiet(interval);
        let mut drawing = Drawing { engine: run.engine(), mix, rivals: seed % 3 * 35, now: 1 };
        for _ in 0..EVENTS {
            let what = drawing.what(&run);
            let (now, told) = (drawing.now, drawing.told(&what));
            run.push(Step { what, now, told });
        }
        run
    }

    /// Adds a step, with what is durable when.
    fn push(&mut self, step: Step) {
        let together = matches!(step.what, What::Batch(_));
        // Where those begin that are made durable with the next one.
        let mut first = self.with.len();
        for effect in step.told.iter().filter(|effect| is_durable(effect)) {
            let next = self.held.last().map(|held| held.after(effect));
            self.held.extend(next);
            let joins = together && matches!(effect, Effect::Commit(_));
            first = if joins { first } else { self.with.len() };
            self.with.push(0);
            let count = self.with.len();
            self.with[first..].fill(count);
            first = if joins { first } else { count };
        }
        self.steps.push(step);
    }

    /// A node that knows genesis.
    ///
    /// # Panics
    ///
    /// Never: it is the authority's own key.
    #[must_use]
    pub fn engine(&self) -> Engine<Ideal, Transfers> {
        let (scheme, authorities) = (self.scheme.clone(), self.authorities.clone());
        let engine = Engine::new(self.config, scheme, authorities, Transfers, self.genesis.clone());
        engine.with_identity(0, KEY).expect("its own key")
    }

    /// All that is answered, in order.
    pub fn told(&self) -> impl Iterator<Item = &Told> {
        self.steps.iter().flat_map(|step| &step.told)
    }

    /// A step as it is made once more after a crash in it: the blocks that came of it are brought by somebody else, since
    /// a slot may be used up.
    #[must_use]
    pub fn again(&self, step: &Step) -> What {
        let entered = step.told.iter().filter_map(|effect| match effect {
            Effect::Commit(commit) => commit.entered.as_ref(),
            _ => None,
        });
        let entered: Vec<_> = entered.map(|entered| Arc::clone(&entered.block)).collect();
        if entered.is_empty() { step.what.clone() } else { What::Batch(entered) }
    }

    /// A proposal on a block.
    #[must_use]
    pub fn proposal(
        &self,
        parent: &BlockHeader,
        slot: u64,
        state: &Balances,
        body: BlockBody,
    ) -> SignedBlock {
        let header = BlockHeader {
            parent_root: parent.root(),
            height: parent.height + 1,
            slot,
            proposer_index: 0,
            state_root: state.root(),
            body_root: body.root(),
            timestamp: slot,
        };
        let signature = self.scheme.sign(&KEY, &Message::new(Domain::Proposal, 7, slot, header.root()));
        SignedBlock { block: Block { header, body }, signature }
    }

    /// A proposal with its certificate.
    ///
    /// # Panics
    ///
    /// Never: a list of one bit is a short one.
    #[must_use]
    pub fn certified(&self, proposal: SignedBlock) -> CertifiedBlock {
        let (block_root, slot) = (proposal.block.root(), proposal.block.header.slot);
        let mut bits = ApprovalBits::with_capacity(1).expect("a short list");
        bits.set(0, true).expect("the only one");
        let signature = self.scheme.sign(&KEY, &Message::new(Domain::Approval, 7, slot, block_root));
        let certificate = AggregateApproval { block_root, slot, bits, signature };
        CertifiedBlock { signed_block: proposal, certificate }
    }
}

/// A certified block that comes in.
#[must_use]
pub fn imported(block: Arc<CertifiedBlock>) -> Event {
    Event::Import { block, signatures: Signatures::Verified }
}

/// Draws what happens next to a node.
struct Drawing {
    engine: Engine<Ideal, Transfers>,
    mix: SplitMix,
    /// How many of a hundred blocks are on a rival of the final chain.
    rivals: u64,
    now: u64,
}

impl Drawing {
    fn below(&mut self, bound: u64) -> u64 {
        self.mix.next() % bound.max(1)
    }

    /// A block of the tree.
    fn any(&mut self) -> Hash256 {
        let index = self.below(self.engine.tree().len() as u64) as usize;
        self.engine.tree().iter().nth(index).map_or(self.engine.head().root, |(root, _)| *root)
    }

    /// The final block, or one that descends from it.
    fn any_above_finality(&mut self) -> Hash256 {
        if self.below(2) == 0 {
            return self.engine.finalised().root;
        }
        let above = self.engine.tree().above(self.engine.finalised().root);
        let index = self.below(above.len() as u64) as usize;
        above.into_iter().nth(index).unwrap_or(self.engine.head().root)
    }

    /// The highest block beside the final chain; where there is none, one to begin such a chain on.
    fn rival(&mut self) -> Hash256 {
        let (tree, finalised) = (self.engine.tree(), self.engine.finalised().root);
        let beside = |root: &Hash256| !tree.descends(finalised, *root) && !tree.descends(*root, finalised);
        let rivals = tree.iter().filter(|(root, _)| beside(root));
        let highest = rivals.max_by_key(|(_, node)| node.header.height).map(|(root, _)| *root);
        let below = tree.chain(finalised).nth(1).map(|(root, _)| root);
        highest.or(below).unwrap_or_else(|| self.any())
    }

    /// The highest checkpoint above the base, or a height at which nothing is pruned.
    fn prunable(&mut self, run: &Run) -> u64 {
        let finalised = self.engine.finalised().height;
        if self.below(4) == 0 {
            finalised + 1
        } else {
            finalised - finalised % run.config.checkpoint_interval
        }
    }

    /// What a node that never crashes says.
    fn told(&mut self, what: &What) -> Vec<Told> {
        match what {
            What::Event(event) => self.engine.handle(Event::clone(event), self.now),
            What::Batch(blocks) => {
                let events = blocks.iter().map(|block| imported(Arc::clone(block)));
                events.flat_map(|event| self.engine.handle(event, self.now)).collect()
            }
        }
    }

    fn what(&mut self, run: &Run) -> What {
        if self.below(6) > 0 { What::Event(Box::new(self.event(run))) } else { What::Batch(self.batch(run)) }
    }

    /// Blocks that come in together, most of them each on the one before.
    fn batch(&mut self, run: &Run) -> Vec<Arc<CertifiedBlock>> {
        let before = self.engine.clone();
        let mut blocks = Vec::new();
        for _ in 0..2 + self.below(3) {
            let block = Arc::new(run.certified(self.block(run, false)));
            drop(self.engine.handle(imported(Arc::clone(&block)), self.now));
            blocks.push(block);
        }
        self.engine = before;
        blocks
    }

    fn event(&mut self, run: &Run) -> Event {
        match self.below(100) {
            0..50 => imported(Arc::new(run.certified(self.block(run, false)))),
            50..62 => {
                self.now += 1;
                Event::Propose(self.body(self.engine.head().root).0)
            }
            62..70 => Event::Block(self.block(run, true)),
            70..86 => Event::Rollback { to: self.any_above_finality() },
            86..98 => Event::Prune { height: self.prunable(run) },
            _ => Event::Tick,
        }
    }

    /// A new block: of the next slot on the tip if it should be voted for, else anywhere.
    fn block(&mut self, run: &Run, voted: bool) -> SignedBlock {
        let parent = match self.below(100) {
            _ if voted => self.engine.head().root,
            at if at < self.rivals => self.rival(),
            at if at < self.rivals + 20 => self.any(),
            _ => self.engine.head().root,
        };
        let (body, state) = self.body(parent);
        let skipped = u64::from(self.below(100) < 15);
        let header = self.engine.tree().get(&parent).map(|node| node.header.clone()).unwrap_or_default();
        let slot = if voted { self.now.max(header.slot) + 1 } else { header.slot + 1 + skipped };
        self.now = self.now.max(slot);
        run.proposal(&header, slot, &state, body)
    }

    /// What a block on this one may do, and the balances then.
    fn body(&mut self, parent: Hash256) -> (BlockBody, Balances) {
        let state = self.engine.tree().get(&parent).map(|node| node.state.clone()).unwrap_or_default();
        let accounts = state.accounts();
        let (from, balance) = accounts[self.below(accounts.len() as u64) as usize];
        // A third of the transfers leave nothing: then a row goes.
        let amount = if self.below(3) == 0 { balance } else { 1 + self.below(balance) };
        let mut body = BlockBody::default();
        let transfer = Transfer { from, to: self.below(4), amount };
        if self.below(4) > 0 {
            // One transfer is far fewer than a block may have.
            let _ = body.transactions.push(transfer.to_transaction());
        }
        let after = Transfers.apply(&state, &body).unwrap_or(state);
        (body, after)
    }
}
