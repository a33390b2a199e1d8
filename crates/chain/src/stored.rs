//! A node on the store: what an engine asks to be made durable goes into one file, and an engine comes back from there
//! (CH-3, CH-5, CH-8).
//!
//! [`Stored`] is the [`Durable`] of a [`Node`](crate::node::Node): each commit of the engine is one commit of the store,
//! and a slot is durable before a vote or a proposal leaves. After a crash, or after anything has failed, the file is
//! opened again, and [`Stored::engine`] restores the engine from what is durable.

mod error;
mod rows;
mod saved;

use alys_wire::containers::Hash256;

pub use error::StoredError;

use crate::authorities::AuthoritySet;
use crate::checkpoint::{Interval, IntervalError};
use crate::engine::{self, ChainConfig, Engine, genesis_header};
use crate::node::Durable;
use crate::scheme::SignatureScheme;
use crate::store::{ChainStore, Commit, Disk, RedbStore, StoreConfig, StoredBlock, Tip};
use crate::transition::{StateTransition, StoredTransition};

/// What of a node is durable, in a store.
///
/// The store keeps the blocks of the tree above the base with their certificates, the slots, and the state at the base;
/// other states are computed from the blocks.
///
/// ```
/// use alys_chain::authorities::AuthoritySet;
/// use alys_chain::engine::{Event, Settings};
/// use alys_chain::node::Node;
/// use alys_chain::scheme::{Ideal, IdealKey, SignatureScheme};
/// use alys_chain::store::MemoryDisk;
/// use alys_chain::stored::Stored;
/// use alys_chain::transition::{Balances, Transfers};
/// use alys_wire::containers::BlockBody;
///
/// let (ideal, key, disk) = (Ideal::default(), IdealKey(1), MemoryDisk::new());
/// let stated = [(ideal.public_key(&key), ideal.prove_possession(&key))];
/// let authorities = AuthoritySet::new(&ideal, &stated)?;
/// let config = Settings { slot_duration: 2, ..Settings::default() }.check()?;
/// let open = || Stored::open(&disk, "chain.redb", config, Transfers, Balances::default());
///
/// let stored = open()?;
/// let engine = stored.engine(ideal.clone(), authorities.clone())?.with_identity(0, key)?;
/// let mut node = Node::new(engine, stored);
/// node.handle(Event::Propose(BlockBody::default()), 2, |_| {})?;
/// node.into_durable().close()?;
///
/// let engine = open()?.engine(ideal, authorities)?;
/// assert_eq!(engine.head().height, 1);
/// assert_eq!(engine.duties(), (1, 1), "the slot of the vote and that of the proposal");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Stored<T: StateTransition> {
    store: RedbStore,
    config: ChainConfig,
    transition: T,
    genesis: T::State,
}

/// How the store of a chain is opened: its genesis block and its interval follow from the chain's configuration.
///
/// # Errors
///
/// [`IntervalError::Zero`], which no checked configuration has.
pub fn store_config(
    name: &str,
    config: &ChainConfig,
    state_root: Hash256,
) -> Result<StoreConfig, IntervalError> {
    let genesis = StoredBlock {
        root: genesis_header(&config.clock, state_root).root().0,
        parent: [0; 32],
        height: 0,
        slot: 0,
        state_root: state_root.0,
        bytes: Vec::new(),
    };
    Ok(StoreConfig::new(name, genesis, Interval::new(config.checkpoint_interval.get())?))
}

impl<T: StoredTransition> Stored<T> {
    /// Opens the store of a chain, and makes it where there is none. The state is that of genesis.
    ///
    /// # Errors
    ///
    /// [`StoredError::Open`]; among others when the file holds another chain, or was made with another interval.
    pub fn open(
        disk: &dyn Disk,
        name: &str,
        config: ChainConfig,
        transition: T,
        genesis: T::State,
    ) -> Result<Self, StoredError<T::Error>> {
        let opening = store_config(name, &config, transition.root(&genesis))?;
        Ok(Stored { store: RedbStore::open(disk, &opening)?, config, transition, genesis })
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &RedbStore {
        &self.store
    }

    /// Restores the engine that knows exactly what is durable. It is no authority's until it is given an identity.
    ///
    /// # Errors
    ///
    /// [`StoredError`] says what of the store cannot be read, or is no chain.
    pub fn engine<S: SignatureScheme>(
        &self,
        scheme: S,
        authorities: AuthoritySet<S::PublicKey>,
    ) -> Result<Engine<S, T>, StoredError<T::Error>>
    where
        T: Clone,
    {
        Ok(Engine::restore(self.config, scheme, authorities, self.transition.clone(), self.saved()?)?)
    }

    /// Closes the store.
    ///
    /// # Errors
    ///
    /// When the disk fails. Nothing that is durable is lost by that.
    pub fn close(self) -> Result<(), StoredError<T::Error>> {
        Ok(self.store.close()?)
    }
}

impl<T: StoredTransition> Durable for Stored<T> {
    type Error = StoredError<T::Error>;

    fn vote(&mut self, slot: u64) -> Result<(), Self::Error> {
        Ok(self.store.vote(slot)?)
    }

    fn proposal(&mut self, slot: u64) -> Result<(), Self::Error> {
        Ok(self.store.propose(slot)?)
    }

    fn commit(&mut self, commit: &engine::Commit) -> Result<(), Self::Error> {
        // What goes by pruning is for the store to know: it keeps the blocks that checkpoints are made of.
        let (removed, state) = match commit.base {
            Some(base) => (Vec::new(), self.changes_up_to(base.height)?),
            None => (commit.removed.iter().map(|root| root.0).collect(), Vec::new()),
        };
        let base = commit.base.map(|base| Tip { height: base.height, root: base.root.0 });
        Ok(self.store.commit(&Commit { removed, base, state, ..rows::growth([commit]) })?)
    }

    /// Commits by which nothing but growth comes about are one commit of the store: of the blocks all, of everything else the
    /// last of each.
    fn commits(&mut self, commits: &[engine::Commit]) -> Result<(), Self::Error> {
        let grows = |commit: &engine::Commit| commit.removed.is_empty() && commit.base.is_none();
        for run in commits.chunk_by(|one, next| grows(one) && grows(next)) {
            match run {
                [one] => self.commit(one)?,
                several => self.store.commit(&rows::growth(several))?,
            }
        }
        Ok(())
    }
}
