//! What a block of the chain and its payload must have in common, and what the fork asks of both. Neither the client nor the
//! chain sees all of it: the client knows no header, and executing a body is told neither header nor fork.

use alys_chain::candidate::BlockRefusal;
use alys_chain::engine::{Effect, Event, ImportRefusal};
use alys_wire::containers::BlockHeader;

use crate::engine::Fork;
use crate::octets::Hash;

use super::body::Carried;
use super::transition::Unfit;

/// The refusal of an event that brings a block with a payload of another one. A body that holds no payload is left to the chain,
/// which refuses it.
pub(super) fn refused(fork: Fork, event: &Event) -> Option<Effect<Unfit>> {
    let block = match event {
        Event::Block(proposal) => &proposal.block,
        Event::Import { block, .. } => &block.signed_block.block,
        _ => return None,
    };
    let carried = Carried::of(&block.body).ok()?;
    let unfit = check(fork, &carried, &block.header).err()?;
    let (root, refusal) = (block.root(), BlockRefusal::Transition(unfit));
    Some(match event {
        Event::Import { .. } => Effect::ImportRefused { root, refusal: ImportRefusal::Block(refusal) },
        _ => Effect::BlockRefused { root, refusal },
    })
}

/// Holds what a block carries to the fork and to the header of the block, as what we propose is: a client can be handed it, it is
/// of the block's time, and its randomness is the root of the block before, so that its proposer chooses neither.
pub(super) fn check(fork: Fork, carried: &Carried, header: &BlockHeader) -> Result<(), Unfit> {
    let Carried { payload, requests } = carried;
    fork.check_payload(payload)?;
    fork.check_requests(requests.is_some())?;
    if payload.timestamp.0 != header.timestamp {
        return Err(Unfit::BlockTime { block: header.timestamp, found: payload.timestamp.0 });
    }
    let parent = Hash::from(header.parent_root);
    if payload.prev_randao != parent {
        return Err(Unfit::Randomness { parent, found: payload.prev_randao });
    }
    Ok(())
}
