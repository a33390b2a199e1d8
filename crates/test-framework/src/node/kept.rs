//! A store that tells what has become durable in it.

use std::{fmt, rc::Rc, sync::Arc};

use alys_chain::{
    engine::Commit,
    node::Durable,
    store::{ChainStore as _, StoreError},
    stored::{Stored, StoredError},
    transition::{TransferError, Transfers},
};
use alys_wire::containers::Hash256;
use thiserror::Error;
use tokio::sync::watch;

use super::report::{CheckpointReport, Position};

/// Why something is not durable, for all who want to know.
#[derive(Clone, Debug, Error)]
#[error(transparent)]
pub struct Lost(Arc<StoredError<TransferError>>);

impl From<StoreError> for Lost {
    fn from(error: StoreError) -> Self {
        Self(Arc::new(error.into()))
    }
}

/// What is durable, or why no more can be.
pub(super) type Kept = Result<Position, Lost>;

/// Whom it is told what is durable.
pub(super) type Told = Rc<dyn Fn(&Position)>;

/// A store that tells of each commit, as soon as it is durable and before anything follows from it.
pub(super) struct Keeper {
    stored: Stored<Transfers>,
    told: Told,
    kept: watch::Sender<Kept>,
}

impl fmt::Debug for Keeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keeper").field("kept", &*self.kept.borrow()).finish_non_exhaustive()
    }
}

impl Keeper {
    /// A store whose commits are told. The end that it gives knows what is durable now.
    ///
    /// # Errors
    ///
    /// When the last checkpoint cannot be read.
    pub(super) fn new(stored: Stored<Transfers>, told: Told) -> Result<(Self, watch::Receiver<Kept>), Lost> {
        let (kept, known) = watch::channel(Ok(position(&stored, None)?));
        Ok((Self { stored, told, kept }, known))
    }

    /// Does something to the store, and tells what came of it.
    fn keep(
        &mut self,
        keep: impl FnOnce(&mut Stored<Transfers>) -> Result<(), StoredError<TransferError>>,
    ) -> Result<(), Lost> {
        let before = self.kept.borrow().as_ref().ok().and_then(|before| before.checkpoint.clone());
        let kept = keep(&mut self.stored).map_err(|error| Lost(Arc::new(error)));
        let kept = kept.and_then(|()| position(&self.stored, before));
        let done = kept.as_ref().map(|position| (self.told)(position)).map_err(Clone::clone);
        self.kept.send_modify(|known| *known = kept);
        done
    }
}

/// How far a store is, with the last checkpoint, which is read only where it is a new one.
fn position(stored: &Stored<Transfers>, before: Option<CheckpointReport>) -> Kept {
    let store = stored.store();
    let (head, finalised) = (store.head(), store.finalised().height);
    let due = store.interval().last_due(finalised);
    let checkpoint = match before {
        Some(before) if before.height == due => Some(before),
        _ => store.checkpoint(due)?.map(CheckpointReport::from),
    };
    Ok(Position { height: head.height, root: Hash256::from(head.root).to_string(), finalised, checkpoint })
}

impl Durable for Keeper {
    type Error = Lost;

    fn vote(&mut self, slot: u64) -> Result<(), Lost> {
        self.keep(|stored| stored.vote(slot))
    }

    fn proposal(&mut self, slot: u64) -> Result<(), Lost> {
        self.keep(|stored| stored.proposal(slot))
    }

    fn commit(&mut self, commit: &Commit) -> Result<(), Lost> {
        self.keep(|stored| stored.commit(commit))
    }

    fn commits(&mut self, commits: &[Commit]) -> Result<(), Lost> {
        self.keep(|stored| stored.commits(commits))
    }
}
