//! The engine: events and the time in, effects out.
//!
//! [`Engine::handle`] decides and does nothing else: no clock, no disk, no network. Its effects are in the order in
//! which they must be carried out. What must be durable comes before what depends on it: a vote's slot before the vote,
//! a commit before what it makes known.

mod batch;
mod config;
mod effect;
mod import;
mod judge;
mod maintain;
mod propose;
mod receive;
mod restore;
mod settle;

use std::sync::Arc;

use alys_wire::containers::{AggregateApproval, Approval, BlockBody, CertifiedBlock, Hash256, SignedBlock};

pub use batch::Importing;
use config::Identity;
pub use config::{ChainConfig, ConfigError, Settings, genesis_header};
pub use effect::{
    Commit, Effect, Entered, HeadChange, ImportRefusal, ProposeRefusal, PruneRefusal, RollbackRefusal, Until,
};
pub use restore::{RestoreError, Saved};

use crate::authorities::AuthoritySet;
use crate::finality::FinalityViolation;
use crate::pool::Pool;
use crate::scheme::SignatureScheme;
use crate::transition::StateTransition;
use crate::tree::{BlockRef, Node, Tree};
use crate::voter::Voter;

/// What happens to an engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A proposal comes in.
    Block(SignedBlock),
    /// One authority's approval comes in.
    Approval(Approval),
    /// An approval by several comes in.
    Aggregate(AggregateApproval),
    /// A block comes in with its certificate, in the order of the chain: how a chain is caught up with.
    Import {
        /// The block.
        block: Arc<CertifiedBlock>,
        /// Whether its signatures are verified.
        signatures: Signatures,
    },
    /// Time has passed.
    Tick,
    /// A block with this body should be proposed, if it is our turn.
    Propose(BlockBody),
    /// Everything above a block should be forgotten.
    Rollback {
        /// The block that should be at the end of every chain.
        to: Hash256,
    },
    /// What is not needed above a checkpoint should be forgotten.
    Prune {
        /// The checkpoint's height.
        height: u64,
    },
}

/// What is done about the signatures of a block that is imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signatures {
    /// The proposer's and the certificate's are verified.
    Verified,
    /// They are not: the range is known to be certified, by a checkpoint above it that the operator trusts. Everything else
    /// is held to CH-1 all the same.
    Trusted,
}

/// What comes of an event, in order.
pub type Effects<T> = Vec<Effect<<T as StateTransition>::Error>>;

/// The chain as one node knows it.
///
/// ```
/// use alys_chain::authorities::AuthoritySet;
/// use alys_chain::engine::{Effect, Engine, Event, Settings};
/// use alys_chain::scheme::{Ideal, IdealKey, SignatureScheme};
/// use alys_chain::transition::{Balances, Transfers};
/// use alys_wire::containers::{BlockBody, SignedBlock};
///
/// let ideal = Ideal::default();
/// let key = IdealKey(1);
/// let stated = [(ideal.public_key(&key), ideal.prove_possession(&key))];
/// let authorities = AuthoritySet::new(&ideal, &stated).unwrap();
/// let config = Settings { slot_duration: 2, ..Settings::default() }.check().unwrap();
/// let genesis = Balances::genesis(&[(7, 100)]).unwrap();
/// let mut engine = Engine::new(config, ideal, authorities, Transfers, genesis).with_identity(0, key).unwrap();
///
/// let effects = engine.handle(Event::Propose(BlockBody::default()), 2);
/// assert!(matches!(effects[..2], [Effect::PersistProposal { slot: 1 }, Effect::SendBlock(_)]));
/// assert_eq!(engine.head().height, 1, "its own approval is a quorum of one");
/// ```
#[derive(Clone, Debug)]
pub struct Engine<S: SignatureScheme, T: StateTransition> {
    config: ChainConfig,
    scheme: S,
    authorities: AuthoritySet<S::PublicKey>,
    transition: T,
    identity: Option<Identity<S>>,
    voter: Voter,
    /// The last slot that was proposed in, by the same rule as votes.
    proposed: u64,
    pool: Pool<T::State>,
    tree: Tree<T::State>,
    // invariant: head and finalised are nodes, and the head descends from the finalised block unless violated
    head: BlockRef,
    finalised: BlockRef,
    violation: Option<FinalityViolation>,
}

impl<S: SignatureScheme, T: StateTransition> Engine<S, T> {
    /// The engine of a node that knows genesis and nothing else, and that is no authority.
    #[must_use]
    pub fn new(
        config: ChainConfig,
        scheme: S,
        authorities: AuthoritySet<S::PublicKey>,
        transition: T,
        genesis: T::State,
    ) -> Self {
        let header = genesis_header(&config.clock, transition.root(&genesis));
        let genesis_ref = BlockRef { root: header.root(), height: 0 };
        Engine {
            tree: Tree::new(genesis_ref.root, Node { header, block: None, state: genesis }),
            pool: Pool::new(config.pool),
            config,
            scheme,
            authorities,
            transition,
            identity: None,
            voter: Voter::default(),
            proposed: 0,
            head: genesis_ref,
            finalised: genesis_ref,
            violation: None,
        }
    }

    /// Makes it the engine of an authority, which proposes and votes.
    ///
    /// # Errors
    ///
    /// [`ConfigError::UnknownAuthority`] when there is no authority of this index, [`ConfigError::ForeignKey`] when its
    /// key is another one.
    pub fn with_identity(mut self, index: u64, secret: S::SecretKey) -> Result<Self, ConfigError> {
        let n = self.authorities.len();
        let known = self.authorities.key(index).ok_or(ConfigError::UnknownAuthority { index, n })?;
        let (stated, proof) = (self.scheme.public_key(&secret), self.scheme.prove_possession(&secret));
        if self.scheme.admit(&stated, &proof).as_ref() != Ok(known) {
            return Err(ConfigError::ForeignKey { index });
        }
        self.identity = Some(Identity { index, secret });
        Ok(self)
    }

    /// Takes an event at a time, in seconds since the Unix epoch; tells what must be done, in order.
    pub fn handle(&mut self, event: Event, now: u64) -> Effects<T> {
        let mut effects = Vec::new();
        match event {
            Event::Block(proposal) => self.block(proposal, now, &mut effects),
            Event::Approval(approval) => self.approval(&approval, &mut effects),
            Event::Aggregate(approval) => self.aggregate(approval, &mut effects),
            Event::Import { block, signatures } => self.import(block, signatures, now, &mut effects),
            Event::Propose(body) => self.propose(body, now, &mut effects),
            Event::Rollback { to } => self.rollback(to, &mut effects),
            Event::Prune { height } => self.prune(height, &mut effects),
            Event::Tick => {}
        }
        self.settle(now, &mut effects);
        effects
    }

    /// The tip, by fork choice.
    #[must_use]
    pub fn head(&self) -> BlockRef {
        self.head
    }

    /// The last final block.
    #[must_use]
    pub fn finalised(&self) -> BlockRef {
        self.finalised
    }

    /// The tree of notarised blocks.
    #[must_use]
    pub fn tree(&self) -> &Tree<T::State> {
        &self.tree
    }

    /// The pool.
    #[must_use]
    pub fn pool(&self) -> &Pool<T::State> {
        &self.pool
    }

    /// The violation that has stopped this node, if one has.
    #[must_use]
    pub fn violation(&self) -> Option<&FinalityViolation> {
        self.violation.as_ref()
    }

    /// The last slots that were voted and proposed in; 0 for never.
    #[must_use]
    pub fn duties(&self) -> (u64, u64) {
        (self.voter.last(), self.proposed)
    }

    fn slot_at(&self, now: u64) -> Option<u64> {
        self.config.clock.slot_at(now)
    }
}
