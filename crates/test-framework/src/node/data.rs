//! The chain of a node: opened, and made longer.

use std::{num::NonZeroUsize, path::Path, sync::Arc};

use alys_chain::{
    engine::{Effect, Importing, Signatures},
    node::{Node, NodeError},
    scheme::Bls,
    transition::Transfers,
};
use alys_wire::containers::CertifiedBlock;
use tokio::sync::watch;

use super::{
    chain::NodeChain,
    error::NodeFailure,
    kept::{Keeper, Kept, Lost, Told},
};
use crate::simulated::{STORE_FILE, tip::Tip};

/// How many blocks become durable together.
const BATCH: usize = 64;

/// A chain that is open.
pub(super) type Opened = Node<Bls, Transfers, Keeper>;

/// Opens the chain of a folder, and makes it where there is none.
pub(super) fn open(
    chain: &NodeChain,
    folder: &Path,
    told: Told,
) -> Result<(Opened, watch::Receiver<Kept>), NodeFailure> {
    let stored = chain.open(folder)?;
    let consensus = chain.consensus();
    let engine = stored
        .engine(consensus.scheme, consensus.authorities)
        .map_err(|error| NodeFailure::Store { path: folder.join(STORE_FILE), error: Box::new(error) })?;
    let (keeper, kept) = Keeper::new(stored, told).map_err(|error| undurable(folder, error))?;
    Ok((Node::new(engine, keeper), kept))
}

/// The failure of a store in a folder.
pub(super) fn undurable(folder: &Path, error: Lost) -> NodeFailure {
    NodeFailure::Durable { path: folder.join(STORE_FILE), error }
}

/// Makes a chain so high, if it is not. It lets others have a turn behind each batch: what it has made until then is durable.
pub(super) async fn grow(
    chain: &NodeChain,
    node: &mut Opened,
    blocks: u64,
    folder: &Path,
) -> Result<(), NodeFailure> {
    while node.engine().head().height < blocks {
        let head = node.engine().head();
        let top = node.engine().tree().get(&head.root);
        let Some(top) = top else { return Err(impossible(head.height, "the tip is not in the tree")) };
        let mut tip = Tip { header: top.header.clone(), root: head.root, state: top.state.clone() };
        let mut batch = Vec::new();
        while batch.len() < BATCH && tip.header.height < blocks {
            let above = tip.header.height;
            let made = chain.next(&tip).ok_or_else(|| impossible(above, "no clock shows its slot"))?;
            tip = made.0;
            batch.push(made.1);
        }
        import(node, &batch, chain.starts(tip.header.height), folder)?;
        tokio::task::yield_now().await;
    }
    Ok(())
}

fn impossible(above: u64, reason: impl ToString) -> NodeFailure {
    NodeFailure::Block { above, reason: reason.to_string() }
}

/// Lets blocks that we have signed ourselves enter the chain: their signatures need not be verified, everything else is.
fn import(
    node: &mut Opened,
    batch: &[Arc<CertifiedBlock>],
    now: u64,
    folder: &Path,
) -> Result<(), NodeFailure> {
    let above = node.engine().head().height;
    let importing = Importing { signatures: Signatures::Trusted, threads: NonZeroUsize::MIN };
    let mut refused = None;
    let done = node.import(batch, importing, now, |effect| {
        if let Effect::ImportRefused { refusal, .. } = effect {
            refused.get_or_insert_with(|| refusal.to_string());
        }
    });
    match (done, refused) {
        (Err(NodeError::Durable(error)), _) => Err(undurable(folder, error)),
        (Err(error @ NodeError::Failed), _) => Err(impossible(above, error)),
        (Ok(()), Some(reason)) => Err(impossible(above, reason)),
        (Ok(()), None) => Ok(()),
    }
}
