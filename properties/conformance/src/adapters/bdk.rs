//! `bdk_chain::local_chain::LocalChain`: the chain as a wallet keeps it, told by whoever knows the blocks.

use bdk_chain::{
    BlockId, ChainOracle as _, CheckPoint, Merge as _,
    bitcoin::{BlockHash, hashes::Hash as _},
    local_chain::{ChangeSet, LocalChain},
};

use crate::chain::{
    ChainAnswer, ChainBlock, ChainCapabilities, ChainParameters, ChainStoreUnderTest, ChainTip, Root, TipRule,
};

/// A local chain, and its change sets as its documentation has them stored: merged into one.
#[derive(Debug)]
pub struct BdkLocalChain {
    chain: LocalChain,
    stored: ChangeSet,
}

fn height(height: u64) -> u32 {
    u32::try_from(height).unwrap_or(u32::MAX)
}

fn id(block: &ChainBlock) -> BlockId {
    BlockId { height: height(block.height), hash: BlockHash::from_byte_array(block.root) }
}

impl BdkLocalChain {
    fn holds(&self, block: BlockId) -> bool {
        self.chain.get(block.height).is_some_and(|found| found.hash() == block.hash)
    }

    /// The block above this one, where this one is in the chain and not its tip.
    fn above(&self, block: BlockId) -> Option<BlockId> {
        let mut above = self.chain.iter_checkpoints().take_while(|found| found.height() > block.height);
        above.by_ref().last().map(|found| found.block_id()).filter(|_| self.holds(block))
    }
}

impl ChainStoreUnderTest for BdkLocalChain {
    fn name() -> String {
        "bdk_chain, LocalChain".to_owned()
    }

    fn capabilities() -> ChainCapabilities {
        ChainCapabilities { tip: Some(TipRule::Told), index: true, reopen: true, ..ChainCapabilities::NONE }
    }

    fn open(parameters: &ChainParameters) -> Result<Self, String> {
        let (chain, stored) = LocalChain::from_genesis_hash(id(&parameters.genesis).hash);
        Ok(BdkLocalChain { chain, stored })
    }

    fn head(&self) -> Result<ChainTip, String> {
        let Ok(tip) = self.chain.get_chain_tip();
        Ok(ChainTip { height: u64::from(tip.height), root: tip.hash.to_byte_array() })
    }

    /// A tip below the present one is reached by disconnecting what lies above, any other one by an update.
    fn move_to(&mut self, way: &[ChainBlock]) -> ChainAnswer {
        let Some(last) = way.last().map(id) else { return ChainAnswer::Refused };
        let changed = match self.above(last) {
            Some(above) => self.chain.disconnect_from(above).ok(),
            None => CheckPoint::from_block_ids(way.iter().map(id))
                .ok()
                .and_then(|update| self.chain.apply_update(update).ok()),
        };
        match changed {
            Some(changed) => {
                self.stored.merge(changed);
                ChainAnswer::Done
            }
            None => ChainAnswer::Refused,
        }
    }

    fn at(&self, at: u64) -> Result<Option<Root>, String> {
        Ok(self.chain.get(height(at)).map(|found| found.hash().to_byte_array()))
    }

    fn reopen(&mut self) -> Result<(), String> {
        self.chain = LocalChain::from_changeset(self.stored.clone()).map_err(|error| error.to_string())?;
        Ok(())
    }
}
