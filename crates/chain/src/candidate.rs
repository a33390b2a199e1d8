//! What a proposal must be to be a candidate (CH-1).

use std::error::Error;

use alys_wire::containers::{BlockHeader, Hash256, SignedBlock};

use crate::authorities::AuthoritySet;
use crate::scheme::{Claim, Domain, Message, SignatureScheme};
use crate::slots::SlotClock;
use crate::transition::StateTransition;

/// Why a proposal is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BlockRefusal<E: Error> {
    /// The timestamp does not lie in the slot.
    #[error("the block is of slot {slot}, its timestamp {timestamp} lies in {}", shown(*.computed))]
    SlotMismatch {
        /// What the header says.
        slot: u64,
        /// The header's time.
        timestamp: u64,
        /// The slot of that time; `None` before genesis.
        computed: Option<u64>,
    },
    /// Another authority proposes in this slot.
    #[error("authority {proposer} proposes in slot {slot}, which is authority {scheduled}'s")]
    WrongProposer {
        /// The slot.
        slot: u64,
        /// Who the header says proposes.
        proposer: u64,
        /// Whose slot it is.
        scheduled: u64,
    },
    /// The body is not the one that the header names.
    #[error("the body's root is {computed}, the header says {stated}")]
    BodyRootMismatch {
        /// What the header says.
        stated: Hash256,
        /// What the body hashes to.
        computed: Hash256,
    },
    /// The proposer has not signed this.
    #[error("the signature of proposer {proposer} does not verify")]
    BadProposerSignature {
        /// Who is said to propose.
        proposer: u64,
    },
    /// The height is not the one above the parent's.
    #[error("the block is of height {height}, its parent of {parent}")]
    WrongHeight {
        /// What the header says.
        height: u64,
        /// The parent's.
        parent: u64,
    },
    /// The slot is not after the parent's.
    #[error("the block is of slot {slot}, its parent of {parent}")]
    SlotNotAfterParent {
        /// What the header says.
        slot: u64,
        /// The parent's.
        parent: u64,
    },
    /// The body cannot be executed on the parent's state.
    #[error("the body cannot be executed: {0}")]
    Transition(E),
    /// Executing the body leads to another state.
    #[error("executing the body gives the state root {computed}, the header says {stated}")]
    StateRootMismatch {
        /// What the header says.
        stated: Hash256,
        /// The root of the state after the body.
        computed: Hash256,
    },
}

fn shown(slot: Option<u64>) -> String {
    slot.map_or("no slot: it is before genesis".to_owned(), |slot| format!("slot {slot}"))
}

/// Holds a proposal to what can be said without its parent and without signatures.
///
/// # Errors
///
/// The first thing that is wrong, in the order of [`BlockRefusal`].
pub fn check_header<K: Clone + PartialEq, E: Error>(
    authorities: &AuthoritySet<K>,
    clock: &SlotClock,
    proposal: &SignedBlock,
) -> Result<(), BlockRefusal<E>> {
    let BlockHeader { slot, timestamp, proposer_index: proposer, body_root: stated, .. } =
        proposal.block.header;
    let computed = clock.slot_at(timestamp);
    if computed != Some(slot) {
        return Err(BlockRefusal::SlotMismatch { slot, timestamp, computed });
    }
    let scheduled = authorities.proposer(slot);
    if proposer != scheduled {
        return Err(BlockRefusal::WrongProposer { slot, proposer, scheduled });
    }
    let computed = proposal.block.body.root();
    if computed != stated {
        return Err(BlockRefusal::BodyRootMismatch { stated, computed });
    }
    Ok(())
}

/// Holds a proposal to its proposer's signature: nothing waits in the pool that nobody has signed.
///
/// # Errors
///
/// [`BlockRefusal::BadProposerSignature`].
pub fn check_signature<S: SignatureScheme, E: Error>(
    scheme: &S,
    authorities: &AuthoritySet<S::PublicKey>,
    chain_id: u64,
    proposal: &SignedBlock,
) -> Result<(), BlockRefusal<E>> {
    let Claim { keys, message, signature } = claim(authorities, chain_id, proposal.block.root(), proposal)?;
    match scheme.verify(&keys, &message, &signature) {
        true => Ok(()),
        false => Err(BlockRefusal::BadProposerSignature { proposer: proposal.block.header.proposer_index }),
    }
}

/// What the signature of a proposal of this root must show.
///
/// # Errors
///
/// [`BlockRefusal::BadProposerSignature`] when there is no such proposer.
pub fn claim<'a, K: Clone + PartialEq, E: Error>(
    authorities: &'a AuthoritySet<K>,
    chain_id: u64,
    root: Hash256,
    proposal: &SignedBlock,
) -> Result<Claim<'a, K>, BlockRefusal<E>> {
    let BlockHeader { slot, proposer_index: proposer, .. } = proposal.block.header;
    let key = authorities.key(proposer).ok_or(BlockRefusal::BadProposerSignature { proposer })?;
    let message = Message::new(Domain::Proposal, chain_id, slot, root);
    Ok(Claim { keys: vec![key], message, signature: proposal.signature })
}

/// Holds a proposal to its parent, and tells the state after it.
///
/// # Errors
///
/// The first thing that is wrong, in the order of [`BlockRefusal`].
pub fn check_on_parent<T: StateTransition>(
    transition: &T,
    parent: &BlockHeader,
    state: &T::State,
    proposal: &SignedBlock,
) -> Result<T::State, BlockRefusal<T::Error>> {
    let BlockHeader { height, slot, state_root: stated, .. } = proposal.block.header;
    if Some(height) != parent.height.checked_add(1) {
        return Err(BlockRefusal::WrongHeight { height, parent: parent.height });
    }
    if slot <= parent.slot {
        return Err(BlockRefusal::SlotNotAfterParent { slot, parent: parent.slot });
    }
    let next = transition.apply(state, &proposal.block.body).map_err(BlockRefusal::Transition)?;
    let computed = transition.root(&next);
    if computed == stated { Ok(next) } else { Err(BlockRefusal::StateRootMismatch { stated, computed }) }
}
