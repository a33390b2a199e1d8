//! Carrying out what the engines ask for.

use std::collections::VecDeque;
use std::error::Error;
use std::sync::Arc;

use alys_chain::engine::{self as chain, Effect, Engine, ImportRefusal, Importing, Signatures, Until};
use alys_chain::node::Durable;
use alys_chain::scheme::SignatureScheme;
use alys_chain::transition::StateTransition;
use alys_wire::containers::CertifiedBlock;
use alys_wire::gossip::GossipMessage;

use super::SyncNode;
use super::canonical::Canonical;
use super::verify::is_certified;
use crate::engine::{Action, Event, Local, Stop};
use crate::network::NetworkCommand;

/// Our chain, as the engine of sync is told of it.
pub(super) fn local<S: SignatureScheme, T: StateTransition>(engine: &Engine<S, T>) -> Local {
    let (head, finalised) = (engine.head(), engine.finalised());
    let head_slot = engine.tree().get(&head.root).map_or(0, |node| node.header.slot);
    Local { head, head_slot, finalised }
}

impl<S, T, D> SyncNode<S, T, D>
where
    S: SignatureScheme + Sync,
    S::PublicKey: Sync,
    T: StateTransition,
    T::Error: Send,
    D: Durable,
{
    /// Tells the engine of sync what has happened, and does what it asks for, until it asks for nothing more.
    ///
    /// All that an event leads to is done before anything else happens: a peer is asked before it may be left for another
    /// reason.
    pub(super) fn sync_event(&mut self, event: Event, now: u64) {
        let mut events = VecDeque::from([event]);
        while let Some(event) = events.pop_front() {
            for action in self.sync.handle(event, now) {
                match action {
                    Action::Verify { ticket, block } => {
                        let valid = is_certified(&self.consensus, &block);
                        events.push_back(Event::Verified { ticket, valid });
                    }
                    Action::Process { ticket, blocks } => {
                        let (taken, stopped) = self.process(&blocks, now);
                        // What could not be made durable is not told.
                        if stopped != Some(Stop::Failed) {
                            events.push_back(Event::Local(local(self.chain.engine())));
                        }
                        events.push_back(Event::Processed { ticket, taken, stopped });
                    }
                    other => self.commands.extend(command(other)),
                }
            }
        }
    }

    /// Hands the chain an event, and tells the engine of sync what has changed.
    pub(super) fn local_event(&mut self, event: chain::Event, now: u64) {
        match self.handed(event, now).and_then(|()| self.prune(now)) {
            Ok(()) => self.sync_event(Event::Local(local(self.chain.engine())), now),
            Err(Failed) => self.sync_event(Event::Failed, now),
        }
    }

    /// Lets blocks enter the chain, in order, up to the first that cannot. Tells how many have, and why the next has not.
    ///
    /// Those behind a block that is refused are refused too, for their parent is not there.
    fn process(&mut self, blocks: &[Arc<CertifiedBlock>], now: u64) -> (usize, Option<Stop>) {
        let importing = Importing { signatures: Signatures::Verified, threads: self.threads };
        let (canonical, commands, mut refused) = (&mut self.canonical, &mut self.commands, None);
        let done = self.chain.import(blocks, importing, now / 1000, |effect| match effect {
            Effect::ImportRefused { root, refusal } => {
                refused.get_or_insert((root, why(&refusal)));
            }
            other => publish(other, canonical, commands),
        });
        if let Err(error) = done {
            self.failure.get_or_insert(error);
            return (0, Some(Stop::Failed));
        }
        if self.prune(now).is_err() {
            return (0, Some(Stop::Failed));
        }
        let Some((root, stop)) = refused else { return (blocks.len(), None) };
        let taken = blocks.iter().take_while(|block| block.signed_block.block.root() != root).count();
        (taken, Some(stop))
    }

    /// Forgets what need not be kept: what lies below the highest checkpoint with enough final blocks above it (CH-9).
    fn prune(&mut self, now: u64) -> Result<(), Failed> {
        let Some(keep) = self.keep else { return Ok(()) };
        let (engine, interval) = (self.chain.engine(), self.consensus.chain.checkpoint_interval.get());
        let height = engine.finalised().height.saturating_sub(keep) / interval * interval;
        let base = engine.tree().get(&engine.tree().base()).map_or(0, |node| node.header.height);
        if height <= base {
            return Ok(());
        }
        self.handed(chain::Event::Prune { height }, now)
    }

    /// Hands the chain an event and publishes what it makes known.
    fn handed(&mut self, event: chain::Event, now: u64) -> Result<(), Failed> {
        let (canonical, commands) = (&mut self.canonical, &mut self.commands);
        let done = self.chain.handle(event, now / 1000, |effect| publish(effect, canonical, commands));
        if let Err(error) = done {
            // The first failure is the one that says why.
            self.failure.get_or_insert(error);
            return Err(Failed);
        }
        let tree = self.chain.engine().tree();
        self.canonical.prune(tree.get(&tree.base()).map_or(0, |node| node.header.height));
        Ok(())
    }
}

/// Follows what the chain makes known, and publishes what it sends.
fn publish<E: Error>(effect: Effect<E>, canonical: &mut Canonical, commands: &mut Vec<NetworkCommand>) {
    let message = match effect {
        Effect::HeadChanged(change) => return canonical.follow(&change),
        Effect::SendBlock(block) => GossipMessage::ConsensusBlock(Box::new(block)),
        Effect::SendApproval(approval) => GossipMessage::ApproveBlock(approval),
        _ => return,
    };
    commands.push(NetworkCommand::Publish { message });
}

/// The chain cannot be made durable any more.
struct Failed;

/// What the network must do for an action. The state and the gate are there to be asked for.
fn command(action: Action) -> Option<NetworkCommand> {
    match action {
        Action::Send { peer, request, message } => Some(NetworkCommand::Request { peer, request, message }),
        Action::Cancel { peer, request } => Some(NetworkCommand::Cancel { peer, request }),
        Action::Disconnect { peer, reason } => Some(NetworkCommand::Disconnect { peer, reason }),
        Action::Ban { peer, until } => Some(NetworkCommand::Ban { peer, until }),
        Action::Verify { .. } | Action::Process { .. } | Action::Say(_) | Action::Gate(_) => None,
    }
}

/// Why a block is not imported, as far as the engine of sync must know.
fn why<E: Error>(refusal: &ImportRefusal<E>) -> Stop {
    match refusal {
        ImportRefusal::ForeignCertificate { .. }
        | ImportRefusal::NoQuorum { .. }
        | ImportRefusal::Certificate(_) => Stop::BadCertificate,
        ImportRefusal::Waits(Until::Parent(_)) => Stop::Unlinked,
        ImportRefusal::Waits(Until::Slot(_)) => Stop::AheadOfClock,
        _ => Stop::Invalid,
    }
}
