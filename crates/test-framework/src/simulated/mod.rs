//! A simulated chain: real blocks with real signatures, drawn from a seed.
//!
//! Nothing of it is a stand-in: blocks, certificates, state and signatures are those of `alys-wire` and `alys-chain`, and a
//! node that imports them verifies all of it. What is simulated is who made them: all authorities are here, and time is
//! a number of slots.

pub(crate) mod authorities;
mod block;
mod network;
mod node;
mod plan;
pub(crate) mod tip;

use std::{collections::VecDeque, sync::Arc};

use alys_chain::{
    engine::ChainConfig,
    scheme::{Bls, BlsSecretKey, Ideal, IdealKey, SignatureScheme},
    transition::Balances,
};
use alys_wire::containers::{BlockHeader, CertifiedBlock};
use fastrand::Rng;

use authorities::Authorities;
pub use block::{Branch, ChainStats, CheckpointData, Fork, SimulatedBlock};
pub use network::{MockP2PNetwork, MockPeer, NetworkError, NetworkMessage};
pub(crate) use node::STORE_FILE;
pub use node::SimulatedNode;
pub use plan::{ChainPlan, ChainPlanError};
use tip::{ACCOUNTS, Tip};

/// What each account has at genesis.
const GRANT: u64 = 1_000_000;

/// A chain that goes on for as long as it is asked to: an iterator over its blocks, in an order in which they can be
/// imported.
///
/// Memory does not grow with the length: of what it has given away it keeps the tip and what is not final yet.
///
/// # Examples
///
/// ```
/// use alys_test_framework::{ChainPlan, SimulatedBlockchain, SimulatedNode};
/// use alys_chain::store::{ChainStore as _, MemoryDisk};
///
/// let plan = ChainPlan { checkpoint_interval: 10, fork_every: 8, ..ChainPlan::default() };
/// let mut chain = SimulatedBlockchain::bls(plan)?;
/// let mut node = SimulatedNode::open(&MemoryDisk::new(), &chain)?;
/// for block in chain.by_ref().take(30) {
///     assert_eq!(node.import(&block)?, None, "a node verifies all of it, and refuses nothing");
/// }
/// assert_eq!((chain.height(), chain.stats().forks), (node.store().head().height, 3));
/// assert_eq!(node.store().verify()?.checked, chain.stats().checkpoints);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct SimulatedBlockchain<S: SignatureScheme> {
    plan: ChainPlan,
    config: ChainConfig,
    authorities: Authorities<S>,
    genesis: Balances,
    rng: Rng,
    tip: Tip,
    /// The last slot that was looked at.
    slot: u64,
    /// The slots of the last two canonical blocks, the genesis included.
    slots: [Option<u64>; 2],
    /// Checkpoints at heights that are not final yet.
    due: VecDeque<CheckpointData>,
    /// Blocks that are made and not yet given away.
    made: VecDeque<SimulatedBlock>,
    stats: ChainStats,
}

impl SimulatedBlockchain<Bls> {
    /// A chain with the signatures that nodes use.
    ///
    /// # Errors
    ///
    /// [`ChainPlanError`] says what is wrong with the plan.
    pub fn bls(plan: ChainPlan) -> Result<Self, ChainPlanError> {
        plan.validate()?;
        let mut rng = Rng::with_seed(plan.seed);
        let secrets = (0..plan.authorities).map(|index| {
            let seed: Vec<u8> = (0..32).map(|_| rng.u8(..)).collect();
            BlsSecretKey::from_seed(&seed).ok_or(ChainPlanError::Key { index })
        });
        let secrets = secrets.collect::<Result<_, _>>()?;
        Self::with(plan, Bls, secrets)
    }
}

impl SimulatedBlockchain<Ideal> {
    /// A chain with signatures that cost nothing and cannot be forged: for long ones.
    ///
    /// # Errors
    ///
    /// [`ChainPlanError`] says what is wrong with the plan.
    pub fn ideal(plan: ChainPlan) -> Result<Self, ChainPlanError> {
        plan.validate()?;
        Self::with(plan, Ideal::default(), (1..=plan.authorities).map(IdealKey).collect())
    }
}

impl<S: SignatureScheme + Clone> SimulatedBlockchain<S> {
    fn with(plan: ChainPlan, scheme: S, secrets: Vec<S::SecretKey>) -> Result<Self, ChainPlanError> {
        let config = plan.settings().check()?;
        let accounts: Vec<_> = (0..ACCOUNTS).map(|account| (account, GRANT)).collect();
        let genesis = Balances::genesis(&accounts)?;
        let tip = Tip::of_genesis(&config.clock, genesis.clone());
        Ok(Self {
            authorities: Authorities::new(scheme, secrets, config.chain_id)?,
            rng: Rng::with_seed(plan.seed),
            plan,
            config,
            genesis,
            tip,
            slot: 0,
            slots: [None, Some(0)],
            due: VecDeque::new(),
            made: VecDeque::new(),
            stats: ChainStats::default(),
        })
    }

    /// The plan.
    #[must_use]
    pub fn plan(&self) -> &ChainPlan {
        &self.plan
    }

    /// The height of the last canonical block that was made.
    #[must_use]
    pub fn height(&self) -> u64 {
        self.tip.header.height
    }

    /// What was made so far.
    #[must_use]
    pub fn stats(&self) -> ChainStats {
        self.stats
    }

    /// The time at which the last slot begins, in seconds: no block that was made is ahead of it.
    #[must_use]
    pub fn now(&self) -> u64 {
        self.config.clock.start_of(self.slot).unwrap_or(u64::MAX)
    }

    /// Goes on to the next slot that has a block.
    fn next_slot(&mut self) -> u64 {
        self.slot += 1;
        while self.rng.u64(..1000) >= self.plan.block_rate {
            self.slot += 1;
            self.stats.empty_slots += 1;
        }
        self.slot
    }

    /// Makes a block on another, in the next slot.
    fn on(&mut self, parent: &Tip) -> Option<(Tip, Arc<CertifiedBlock>)> {
        let slot = self.next_slot();
        let body = parent.body(&mut self.rng, self.plan.transfers);
        self.stats.transfers += body.transactions.len() as u64;
        let proposer = self.authorities.set().proposer(slot);
        let (tip, block) = parent.grown(&self.config.clock, slot, proposer, body)?;
        let block = self.authorities.certified(block, &mut self.rng)?;
        self.stats.signatures += 1 + self.authorities.quorum() as u64;
        Some((tip, Arc::new(block)))
    }

    /// Makes the next canonical block, and the fork beside it, where one is due.
    fn advance(&mut self) -> Option<()> {
        let parent = self.tip.clone();
        let (tip, block) = self.on(&parent)?;
        self.canonical(tip, block);
        let (height, every) = (self.height(), self.plan.fork_every);
        if every > 0 && height.is_multiple_of(every) {
            self.fork(parent)?;
        }
        Some(())
    }

    fn canonical(&mut self, tip: Tip, block: Arc<CertifiedBlock>) {
        let BlockHeader { height, slot, state_root, .. } = tip.header;
        let root = tip.root;
        if height.is_multiple_of(self.plan.checkpoint_interval) {
            self.due.push_back(CheckpointData { height, block_root: root, state_root });
        }
        // Three in consecutive slots make the middle one final.
        let consecutive = self.slots == [slot.checked_sub(2), slot.checked_sub(1)];
        let finalises = (consecutive && height > 1).then_some(height - 1);
        let final_now = |due: &CheckpointData| finalises.is_some_and(|height| due.height <= height);
        let ripe = self.due.iter().take_while(|due| final_now(due)).count();
        let checkpoints: Vec<_> = self.due.drain(..ripe).collect();
        self.slots = [self.slots[1], Some(slot)];
        self.tip = tip;
        self.stats.blocks += 1;
        self.stats.finalised = finalises.unwrap_or(self.stats.finalised);
        self.stats.checkpoints += checkpoints.len() as u64;
        self.made.push_back(SimulatedBlock {
            block,
            root,
            branch: Branch::Canonical,
            finalises,
            checkpoints,
        });
    }

    /// Makes one or two blocks beside the last canonical one. Three in a row could become final, and two never do.
    fn fork(&mut self, from: Tip) -> Option<()> {
        self.stats.forks += 1;
        let fork = Fork { number: self.stats.forks, from: from.header.height, depth: self.rng.u64(1..=2) };
        let mut tip = from;
        for _ in 0..fork.depth {
            let (next, block) = self.on(&tip)?;
            self.stats.fork_blocks += 1;
            self.made.push_back(SimulatedBlock {
                block,
                root: next.root,
                branch: Branch::Fork(fork),
                finalises: None,
                checkpoints: Vec::new(),
            });
            tip = next;
        }
        Some(())
    }
}

impl<S: SignatureScheme + Clone> Iterator for SimulatedBlockchain<S> {
    type Item = SimulatedBlock;

    /// The next block; `None` only where no clock shows its slot.
    fn next(&mut self) -> Option<SimulatedBlock> {
        if self.made.is_empty() {
            self.advance()?;
        }
        self.made.pop_front()
    }
}
