//! Handing a client the blocks that it lacks.

use alys_chain::node::Durable;
use alys_chain::scheme::SignatureScheme;

use crate::engine::PayloadOutcome;
use crate::octets::Hash;

use super::Driver;
use super::body::Carried;
use super::error::{DriveError, RefusedBlock};

impl<S: SignatureScheme, D: Durable> Driver<S, D> {
    /// Hands over the payloads of the chain, from the bottom of the tree up to the tip; a client takes what it has already for
    /// valid at once.
    pub(super) async fn replay(&self) -> Result<(), DriveError<D::Error>> {
        let engine = self.node.engine();
        let mut blocks: Vec<_> =
            engine.tree().chain(engine.head().root).filter_map(|(_, node)| node.block.clone()).collect();
        blocks.reverse();
        for block in blocks {
            let block = &block.signed_block.block;
            let carried = Carried::of(&block.body).map_err(DriveError::Body)?;
            let hash: Hash = carried.payload.block_hash;
            match self.judge(&carried, &block.header).await? {
                PayloadOutcome::Invalid { latest_valid, reason } => {
                    return Err(DriveError::BlockRefused(RefusedBlock { hash, latest_valid, reason }));
                }
                // What does not extend the client's tip may be accepted only; the choice that follows executes it.
                PayloadOutcome::Valid | PayloadOutcome::Accepted => {}
                PayloadOutcome::Syncing => return Err(DriveError::ClientSyncing),
            }
        }
        Ok(())
    }
}
