//! The chain of a seed: who its authorities are, what it begins with, and which block follows which.

use std::{path::Path, sync::Arc};

use alys_chain::{
    engine::{ChainConfig, Settings},
    scheme::{Bls, BlsSecretKey},
    store::Directory,
    stored::Stored,
    transition::{Balances, Transfers},
};
use alys_sync::node::Consensus;
use alys_wire::containers::{CertifiedBlock, Hash256};
use fastrand::Rng;

use super::error::NodeFailure;
use crate::simulated::{
    ChainPlanError, STORE_FILE,
    authorities::Authorities,
    tip::{ACCOUNTS, Tip},
};

/// How many authorities there are.
const AUTHORITIES: u64 = 4;

/// What an account has at genesis: at least the first, and less than both together.
const GRANTS: (u64, u64) = (1_000_000, 1_000_000);

/// How many transfers a block has.
const TRANSFERS: u32 = 2;

/// What keeps the random sources of neighbouring slots apart: 2^64 divided by the golden ratio.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// The chain of a seed, with a block in every slot and real signatures.
///
/// Each block follows from the one below it and the seed, so a chain goes on from wherever it is. The genesis follows from the
/// seed as well: no block of one seed is ever one of another.
///
/// # Examples
///
/// ```
/// use alys_test_framework::NodeChain;
///
/// let (one, same, other) = (NodeChain::new(7)?, NodeChain::new(7)?, NodeChain::new(8)?);
/// assert_eq!(one.fork_digest(), same.fork_digest());
/// assert_ne!(one.fork_digest(), other.fork_digest());
/// # Ok::<(), alys_test_framework::NodeFailure>(())
/// ```
#[derive(Clone, Debug)]
pub struct NodeChain {
    seed: u64,
    config: ChainConfig,
    authorities: Authorities<Bls>,
    genesis: Balances,
    root: Hash256,
}

impl NodeChain {
    /// The chain of a seed.
    ///
    /// # Errors
    ///
    /// [`NodeFailure::Chain`], which no seed is known to lead to: a drawn key that is none.
    pub fn new(seed: u64) -> Result<Self, NodeFailure> {
        Self::drawn(seed).map_err(|error| NodeFailure::Chain { seed, error })
    }

    fn drawn(seed: u64) -> Result<Self, ChainPlanError> {
        let mut rng = Rng::with_seed(seed);
        let secrets = (0..AUTHORITIES).map(|index| {
            let bytes: Vec<u8> = (0..32).map(|_| rng.u8(..)).collect();
            BlsSecretKey::from_seed(&bytes).ok_or(ChainPlanError::Key { index })
        });
        let secrets = secrets.collect::<Result<_, _>>()?;
        let grants: Vec<_> = (0..ACCOUNTS).map(|account| (account, GRANTS.0 + rng.u64(..GRANTS.1))).collect();
        let (genesis, config) = (Balances::genesis(&grants)?, Settings::default().check()?);
        Ok(Self {
            seed,
            authorities: Authorities::new(Bls, secrets, config.chain_id)?,
            root: Tip::of_genesis(&config.clock, genesis.clone()).root,
            genesis,
            config,
        })
    }

    /// Which chain it is, as peers tell each other: the first bytes of the root of its genesis.
    #[must_use]
    pub fn fork_digest(&self) -> [u8; 4] {
        let mut digest = [0; 4];
        digest.copy_from_slice(&self.root.0[..4]);
        digest
    }

    /// Opens the store of this chain in a folder, and makes both where there are none.
    ///
    /// # Errors
    ///
    /// [`NodeFailure`], when the folder cannot be used, or its file is none, of another chain or of a newer version; it is left as it
    /// was.
    pub fn open(&self, folder: &Path) -> Result<Stored<Transfers>, NodeFailure> {
        let unusable = |error| NodeFailure::Folder { path: folder.to_owned(), error };
        let disk = Directory::new(folder).map_err(unusable)?;
        Stored::open(&disk, STORE_FILE, self.config, Transfers, self.genesis.clone())
            .map_err(|error| NodeFailure::Store { path: folder.join(STORE_FILE), error: Box::new(error) })
    }

    /// What all nodes of the chain agree on.
    pub(super) fn consensus(&self) -> Consensus<Bls> {
        Consensus {
            scheme: *self.authorities.scheme(),
            authorities: self.authorities.set().clone(),
            chain: self.config,
            genesis: self.root,
        }
    }

    /// When the slot of a height begins, in seconds; every slot has a block.
    pub(super) fn starts(&self, height: u64) -> u64 {
        self.config.clock.start_of(height).unwrap_or(u64::MAX)
    }

    /// The block that follows on another one; `None` only where no clock shows its slot.
    pub(super) fn next(&self, tip: &Tip) -> Option<(Tip, Arc<CertifiedBlock>)> {
        let slot = tip.header.slot.checked_add(1)?;
        let mut rng = Rng::with_seed(self.seed.wrapping_add(slot.wrapping_mul(SPREAD)));
        let body = tip.body(&mut rng, TRANSFERS);
        let proposer = self.authorities.set().proposer(slot);
        let (next, block) = tip.grown(&self.config.clock, slot, proposer, body)?;
        Some((next, Arc::new(self.authorities.certified(block, &mut rng)?)))
    }
}
