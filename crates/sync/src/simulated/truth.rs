//! The truth of a simulation: every block that the authorities have certified, and when.
//!
//! Blocks, certificates, states and signatures are those of `alys-wire` and `alys-chain`, and whoever imports them verifies
//! all of it. What is simulated is who made them: all authorities are here, and each slot is decided by the seed. A truth
//! is made once, and shared: many simulations may run on one.

mod authorities;
mod block;
mod make;
mod plan;
mod view;

use std::collections::BTreeMap;

use alys_chain::{
    authorities::AuthoritySet,
    engine::ChainConfig,
    scheme::{Bls, BlsSecretKey, Ideal, IdealKey, SignatureScheme},
    transition::Balances,
    tree::BlockRef,
};
use alys_wire::containers::Hash256;
use fastrand::Rng;

use authorities::Authorities;
pub use block::{Branch, TrueBlock};
use make::Maker;
pub use plan::{LongRange, TruthError, TruthPlan};
pub use view::View;

/// All certified blocks of a simulation.
///
/// ```
/// use alys_sync::simulated::{Truth, TruthPlan};
///
/// let truth = Truth::ideal(&TruthPlan { blocks: 20, fork_every: 8, ..TruthPlan::default() })?;
/// let view = truth.view(truth.starts(20).expect("there are 20 blocks"));
/// assert_eq!(view.head().height, 20);
/// assert!(view.finalised().height >= 10);
/// # Ok::<(), alys_sync::simulated::TruthError>(())
/// ```
#[derive(Debug)]
pub struct Truth<S: SignatureScheme> {
    plan: TruthPlan,
    config: ChainConfig,
    authorities: Authorities<S>,
    genesis: Balances,
    genesis_root: Hash256,
    /// What the authorities have agreed on, in the order of its slots.
    blocks: Vec<TrueBlock>,
    /// Which of them are canonical, from height 1 up.
    canonical: Vec<usize>,
    /// The tip and the last final height when so many of them and one more are there.
    seen: Vec<Seen>,
    /// The branch that nobody shows who is honest.
    hidden: Vec<TrueBlock>,
    by_root: BTreeMap<Hash256, Place>,
    /// The last fork block of each height.
    forks: BTreeMap<u64, usize>,
}

/// What a node knows that has all blocks up to one.
#[derive(Clone, Copy, Debug)]
struct Seen {
    tip: usize,
    finalised: u64,
}

/// Where a block is.
#[derive(Clone, Copy, Debug)]
enum Place {
    Shown(usize),
    Hidden(usize),
}

impl Truth<Ideal> {
    /// A truth whose signatures cost nothing and cannot be forged.
    ///
    /// # Errors
    ///
    /// [`TruthError`] says what is wrong with the plan.
    pub fn ideal(plan: &TruthPlan) -> Result<Self, TruthError> {
        plan.validate()?;
        Self::made(plan, Ideal::default(), (1..=plan.authorities).map(IdealKey).collect())
    }
}

impl Truth<Bls> {
    /// A truth with the signatures that nodes use.
    ///
    /// # Errors
    ///
    /// [`TruthError`] says what is wrong with the plan.
    pub fn bls(plan: &TruthPlan) -> Result<Self, TruthError> {
        plan.validate()?;
        let mut rng = Rng::with_seed(plan.seed);
        let secrets = (0..plan.authorities).map(|index| {
            let seed: Vec<u8> = (0..32).map(|_| rng.u8(..)).collect();
            BlsSecretKey::from_seed(&seed).ok_or(TruthError::Key { index })
        });
        Self::made(plan, Bls, secrets.collect::<Result<_, _>>()?)
    }
}

impl<S: SignatureScheme> Truth<S> {
    fn made(plan: &TruthPlan, scheme: S, secrets: Vec<S::SecretKey>) -> Result<Self, TruthError> {
        let config = plan.settings().check()?;
        let genesis = make::genesis()?;
        let authorities = Authorities::new(scheme, secrets, config.chain_id)?;
        let made = Maker::new(plan, &config, &authorities, &genesis).make()?;
        let mut truth = Truth {
            plan: plan.clone(),
            genesis_root: made.genesis_root,
            blocks: made.blocks,
            hidden: made.hidden,
            config,
            authorities,
            genesis,
            canonical: Vec::new(),
            seen: Vec::new(),
            by_root: BTreeMap::new(),
            forks: BTreeMap::new(),
        };
        truth.index();
        Ok(truth)
    }

    /// Notes where each block is, and what is known with it.
    fn index(&mut self) {
        let mut seen: Option<Seen> = None;
        for (at, block) in self.blocks.iter().enumerate() {
            self.by_root.insert(block.root, Place::Shown(at));
            match block.branch {
                Branch::Canonical => self.canonical.push(at),
                _ => _ = self.forks.insert(block.height(), at),
            }
            let before = seen.map(|seen| &self.blocks[seen.tip]);
            let tip = match (seen, before) {
                (Some(seen), Some(before)) if before.rank() > block.rank() => seen.tip,
                _ => at,
            };
            let finalised = block.finalises.or(seen.map(|seen| seen.finalised)).unwrap_or_default();
            seen = Some(Seen { tip, finalised });
            self.seen.extend(seen);
        }
        let hidden = self.hidden.iter().enumerate();
        self.by_root.extend(hidden.map(|(at, block)| (block.root, Place::Hidden(at))));
    }

    /// The plan.
    #[must_use]
    pub fn plan(&self) -> &TruthPlan {
        &self.plan
    }

    /// How the chain of every node is configured.
    #[must_use]
    pub fn config(&self) -> &ChainConfig {
        &self.config
    }

    /// The signatures of the authorities.
    #[must_use]
    pub fn scheme(&self) -> &S {
        self.authorities.scheme()
    }

    /// Who they are.
    #[must_use]
    pub fn authorities(&self) -> &AuthoritySet<S::PublicKey> {
        self.authorities.set()
    }

    /// The state at genesis.
    #[must_use]
    pub fn genesis(&self) -> &Balances {
        &self.genesis
    }

    /// Genesis itself.
    #[must_use]
    pub fn genesis_ref(&self) -> BlockRef {
        BlockRef { root: self.genesis_root, height: 0 }
    }

    /// Every block that honest nodes ever see, in the order of its slots.
    #[must_use]
    pub fn blocks(&self) -> &[TrueBlock] {
        &self.blocks
    }

    /// The branch that honest nodes never see, from the bottom up: certified, below what is final, and lower than it.
    #[must_use]
    pub fn hidden(&self) -> &[TrueBlock] {
        &self.hidden
    }

    /// The canonical block of a height; `None` of genesis, and where there is none.
    #[must_use]
    pub fn canonical(&self, height: u64) -> Option<&TrueBlock> {
        let place = usize::try_from(height.checked_sub(1)?).ok()?;
        self.blocks.get(*self.canonical.get(place)?)
    }

    /// A block, whoever sees it.
    #[must_use]
    pub fn block(&self, root: &Hash256) -> Option<&TrueBlock> {
        match *self.by_root.get(root)? {
            Place::Shown(at) => self.blocks.get(at),
            Place::Hidden(at) => self.hidden.get(at),
        }
    }

    /// The block of a height on the chain up to a block; `None` of genesis, and above that block.
    #[must_use]
    pub fn below<'a>(&'a self, tip: &'a TrueBlock, height: u64) -> Option<&'a TrueBlock> {
        let mut block = tip;
        while block.height() > height {
            if block.branch == Branch::Canonical {
                return self.canonical(height);
            }
            block = self.block(&block.header().parent_root)?;
        }
        (block.height() == height).then_some(block)
    }

    /// A block of a fork at a height, where there is one.
    #[must_use]
    pub fn fork_at(&self, height: u64) -> Option<&TrueBlock> {
        self.blocks.get(*self.forks.get(&height)?)
    }

    /// The highest block of a fork whose slot has begun, in milliseconds; `None` when there was no fork yet.
    #[must_use]
    pub fn last_fork(&self, now: u64) -> Option<&TrueBlock> {
        let forks = self.forks.values().rev().filter_map(|at| self.blocks.get(*at));
        forks.into_iter().find(|block| self.begins(block).is_some_and(|begins| begins <= now))
    }

    /// When the slot of the canonical block of a height begins, in milliseconds; `None` where there is none.
    #[must_use]
    pub fn starts(&self, height: u64) -> Option<u64> {
        match height {
            0 => self.config.clock.genesis_time.checked_mul(1000),
            _ => self.begins(self.canonical(height)?),
        }
    }

    /// When the slot of a block begins, in milliseconds; `None` when no clock will ever show it.
    #[must_use]
    pub fn begins(&self, block: &TrueBlock) -> Option<u64> {
        self.config.clock.start_of(block.slot())?.checked_mul(1000)
    }

    /// What an honest node can know at a time, in milliseconds.
    #[must_use]
    pub fn view(&self, now: u64) -> View<'_, S> {
        let slot = self.config.clock.slot_at(now / 1000);
        let there = self.blocks.partition_point(|block| Some(block.slot()) <= slot);
        View::new(self, there)
    }
}
