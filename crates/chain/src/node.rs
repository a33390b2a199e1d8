//! A node: an engine whose effects are carried out in their order, what must be durable before what depends on it.

use std::error::Error;
use std::mem;
use std::sync::Arc;

use alys_wire::containers::CertifiedBlock;

use crate::engine::{Commit, Effect, Effects, Engine, Event, Importing};
use crate::scheme::SignatureScheme;
use crate::transition::StateTransition;

/// What makes effects durable. When a method returns, a crash loses nothing of it.
pub trait Durable {
    /// Why something cannot be made durable.
    type Error: Error + 'static;

    /// Makes durable that this slot is voted in.
    ///
    /// # Errors
    ///
    /// What kept it from being durable. It may be durable all the same.
    fn vote(&mut self, slot: u64) -> Result<(), Self::Error>;

    /// Makes durable that this slot is proposed in.
    ///
    /// # Errors
    ///
    /// As [`vote`](Self::vote).
    fn proposal(&mut self, slot: u64) -> Result<(), Self::Error>;

    /// Makes all of a commit durable, or nothing of it.
    ///
    /// # Errors
    ///
    /// As [`vote`](Self::vote).
    fn commit(&mut self, commit: &Commit) -> Result<(), Self::Error>;

    /// Makes commits durable in their order: all of them at once where that can be done, else one by one.
    ///
    /// # Errors
    ///
    /// As [`vote`](Self::vote): some first ones of them may be durable.
    fn commits(&mut self, commits: &[Commit]) -> Result<(), Self::Error> {
        commits.iter().try_for_each(|commit| self.commit(commit))
    }
}

/// Why a node does nothing.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum NodeError<E: Error + 'static> {
    /// Something could not be made durable.
    #[error("an effect could not be made durable: {0}")]
    Durable(#[source] E),
    /// That happened before: the engine knows more than what is durable, and must be restored from that.
    #[error("the node has failed before, and must be restored from what is durable")]
    Failed,
}

/// An engine, and what makes its effects durable.
#[derive(Debug)]
pub struct Node<S: SignatureScheme, T: StateTransition, D: Durable> {
    engine: Engine<S, T>,
    durable: D,
    failed: bool,
}

impl<S: SignatureScheme, T: StateTransition, D: Durable> Node<S, T, D> {
    /// A node whose engine knows exactly what is durable.
    #[must_use]
    pub fn new(engine: Engine<S, T>, durable: D) -> Self {
        Node { engine, durable, failed: false }
    }

    /// The engine.
    #[must_use]
    pub fn engine(&self) -> &Engine<S, T> {
        &self.engine
    }

    /// What makes its effects durable.
    #[must_use]
    pub fn durable(&self) -> &D {
        &self.durable
    }

    /// Ends the node; what is durable stays, for the next one to be restored from.
    #[must_use]
    pub fn into_durable(self) -> D {
        self.durable
    }

    /// Takes an event and makes durable what must be. What is left to be sent, made known or answered is published in order,
    /// each only when everything before it is durable.
    ///
    /// # Errors
    ///
    /// The first thing that could not be made durable: nothing after it is published, and nothing is handled any more.
    pub fn handle(
        &mut self,
        event: Event,
        now: u64,
        mut publish: impl FnMut(Effect<T::Error>),
    ) -> Result<(), NodeError<D::Error>> {
        if self.failed {
            return Err(NodeError::Failed);
        }
        let effects = self.engine.handle(event, now);
        self.carry_out(effects, Durability::Each, &mut publish)
    }

    /// Imports blocks in their order, exactly as an [`Event::Import`] for each would one after another, but for what they cost:
    /// their signatures are verified together, on threads, and what enters the tree becomes durable in as few commits as what makes it
    /// durable can do with. All of what is answered is kept until then, so a batch should have some hundred blocks.
    ///
    /// # Errors
    ///
    /// As [`handle`](Self::handle).
    ///
    /// # Panics
    ///
    /// When the signature scheme does.
    pub fn import(
        &mut self,
        blocks: &[Arc<CertifiedBlock>],
        importing: Importing,
        now: u64,
        mut publish: impl FnMut(Effect<T::Error>),
    ) -> Result<(), NodeError<D::Error>>
    where
        S: SignatureScheme<PublicKey: Sync> + Sync,
        T: StateTransition<Error: Send>,
    {
        if self.failed {
            return Err(NodeError::Failed);
        }
        let effects = self.engine.import_all(blocks, importing, now);
        self.carry_out(effects, Durability::Together, &mut publish)
    }

    /// Carries effects out in their order.
    fn carry_out(
        &mut self,
        effects: Effects<T>,
        durability: Durability,
        publish: &mut impl FnMut(Effect<T::Error>),
    ) -> Result<(), NodeError<D::Error>> {
        let mut waiting = Waiting { commits: Vec::new(), told: Vec::new() };
        for effect in effects {
            match effect {
                Effect::PersistVote { slot } => {
                    self.settle(&mut waiting, publish)?;
                    self.keep(|durable| durable.vote(slot))?;
                }
                Effect::PersistProposal { slot } => {
                    self.settle(&mut waiting, publish)?;
                    self.keep(|durable| durable.proposal(slot))?;
                }
                Effect::Commit(commit) => {
                    waiting.commits.push(*commit);
                    if durability == Durability::Each {
                        self.settle(&mut waiting, publish)?;
                    }
                }
                told => match waiting.commits.as_slice() {
                    [] => publish(told),
                    _ => waiting.told.push(told),
                },
            }
        }
        self.settle(&mut waiting, publish)
    }

    /// Makes durable what waits for that, and then publishes what waits for that.
    fn settle(
        &mut self,
        waiting: &mut Waiting<T>,
        publish: &mut impl FnMut(Effect<T::Error>),
    ) -> Result<(), NodeError<D::Error>> {
        if !waiting.commits.is_empty() {
            let commits = mem::take(&mut waiting.commits);
            self.keep(|durable| durable.commits(&commits))?;
        }
        mem::take(&mut waiting.told).into_iter().for_each(publish);
        Ok(())
    }

    /// Makes something durable, and remembers it if that fails.
    fn keep(&mut self, keep: impl FnOnce(&mut D) -> Result<(), D::Error>) -> Result<(), NodeError<D::Error>> {
        let done = keep(&mut self.durable);
        self.failed = done.is_err();
        done.map_err(NodeError::Durable)
    }
}

/// When a commit becomes durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Durability {
    /// At once.
    Each,
    /// With the others that follow, before a vote or a proposal, or at the end.
    Together,
}

/// Commits that are to become durable, and what is to be published behind the first of them.
#[derive(Debug)]
struct Waiting<T: StateTransition> {
    commits: Vec<Commit>,
    told: Effects<T>,
}
