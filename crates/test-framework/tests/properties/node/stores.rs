//! What processes have left, opened.

use std::path::Path;

use alys_chain::{
    checkpoint::Checkpoint,
    store::{ChainStore as _, StoredBlock, Tip},
};
use alys_test_framework::NodeChain;

/// A whole store.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Whole {
    pub(super) head: Tip,
    pub(super) finalised: Tip,
    pub(super) blocks: Vec<StoredBlock>,
    pub(super) checkpoints: Vec<Checkpoint>,
}

/// Reads a store that nobody has open, all of whose checkpoints must be good.
pub(super) fn read(seed: u64, folder: &Path) -> Whole {
    let stored = NodeChain::new(seed).unwrap().open(folder).unwrap();
    let store = stored.store();
    let verified = store.verify().unwrap();
    assert_eq!(verified.damaged, None);
    let blocks: Vec<_> = store.blocks(0).unwrap().collect::<Result<_, _>>().unwrap();
    let due = store.interval().due(0, store.finalised().height);
    let checkpoints: Vec<_> = due.map(|height| store.checkpoint(height).unwrap().unwrap()).collect();
    assert_eq!(verified.checked, checkpoints.len() as u64);
    assert_eq!(blocks.len() as u64, store.head().height + 1, "every height has a block, genesis included");
    Whole { head: store.head(), finalised: store.finalised(), blocks, checkpoints }
}
