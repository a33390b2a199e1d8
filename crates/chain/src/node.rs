//! A node: an engine whose effects are carried out in their order, what must be durable before what depends on it.

use std::error::Error;

use crate::engine::{Commit, Effect, Effects, Engine, Event};
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
        let effects: Effects<T> = self.engine.handle(event, now);
        for effect in effects {
            let done = match &effect {
                Effect::PersistVote { slot } => self.durable.vote(*slot),
                Effect::PersistProposal { slot } => self.durable.proposal(*slot),
                Effect::Commit(commit) => self.durable.commit(commit),
                _ => {
                    publish(effect);
                    continue;
                }
            };
            if let Err(error) = done {
                self.failed = true;
                return Err(NodeError::Durable(error));
            }
        }
        Ok(())
    }
}
