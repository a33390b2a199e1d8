//! A node on the store on a disk that fails.

use std::error::Error;
use std::num::NonZeroUsize;

use alys_chain::{
    engine::{Event, Importing, Signatures},
    finality::CheckpointDue,
    scheme::Ideal,
    transition::{TransferError, Transfers},
};
use alys_engines::{
    crash,
    violation::{check_eq, violated},
};
use alys_wire::containers::Hash256;

use super::{
    alys::{
        node::{Node, NodeError},
        store::{ChainStore as _, Disk},
        stored::{Stored, StoredError},
    },
    disk::{Simulated, Syncs},
};
use crate::{
    oracle::NAME,
    runs::{Held, KEY, Run, Told, What, is_durable},
};

/// How batches are imported here: all of what threads do happens in the engine, which has no faults here.
pub const IMPORTING: Importing = Importing { signatures: Signatures::Verified, threads: NonZeroUsize::MIN };

/// A node of these suites.
pub type Kept = Node<Ideal, Transfers, Stored<Transfers>>;

/// Why one could not be opened.
pub type Failed = Box<dyn Error>;

/// Opens what is durable of a node.
///
/// # Errors
///
/// What the store says.
pub fn stored(disk: &dyn Disk, run: &Run) -> Result<Stored<Transfers>, StoredError<TransferError>> {
    Stored::open(disk, NAME, run.config, Transfers, run.genesis.clone())
}

/// Opens a node: makes a new one on an empty disk, else restores what is there.
///
/// # Errors
///
/// When the disk fails, or what is there makes no sense.
pub fn opened(disk: &crash::Disk, run: &Run) -> Result<Kept, Failed> {
    let stored = stored(&Simulated::new(disk, Syncs::Truly), run)?;
    let engine = stored.engine(run.scheme.clone(), run.authorities.clone())?.with_identity(0, KEY)?;
    Ok(Node::new(engine, stored))
}

/// How far a node came until something failed.
#[derive(Debug)]
pub struct Came {
    /// How many steps were handled without an error.
    pub handled: usize,
    /// How much was made durable before what was acknowledged or published.
    pub durable: usize,
    /// What was published.
    pub published: Vec<Told>,
}

/// Lets something happen to a node.
///
/// # Errors
///
/// What the node says.
pub fn happen(
    node: &mut Kept,
    what: &What,
    now: u64,
    publish: impl FnMut(Told),
) -> Result<(), NodeError<StoredError<TransferError>>> {
    match what {
        What::Event(event) => node.handle(Event::clone(event), now, publish),
        What::Batch(blocks) => node.import(blocks, IMPORTING, now, publish),
    }
}

/// Makes the steps of a run until one fails, and holds what is published to what a node says that never crashes.
///
/// # Panics
///
/// Raises a violation of CH-8 when something else is published, or anything after a failure.
pub fn make(node: &mut Kept, run: &Run) -> Came {
    let (mut published, mut handled) = (Vec::new(), 0);
    for step in &run.steps {
        let done = happen(node, &step.what, step.now, |effect| published.push(effect));
        if done.is_err() {
            let before = published.len();
            let after = happen(node, &step.what, step.now, |effect| published.push(effect));
            check_eq("CH-8", "whether it is over", &true, &matches!(after, Err(NodeError::Failed)));
            check_eq("CH-8", "what is published after a failure", &before, &published.len());
            break;
        }
        handled += 1;
    }
    let expected: Vec<&Told> =
        run.told().filter(|effect| !is_durable(effect)).take(published.len()).collect();
    check_eq("CH-8", "what is published", &expected, &published.iter().collect());
    let durable = acknowledged(run, handled, published.len());
    Came { handled, durable, published }
}

/// How much comes before the last thing that was published, and before the end of the steps that were handled.
fn acknowledged(run: &Run, handled: usize, published: usize) -> usize {
    let of_steps =
        run.steps[..handled].iter().flat_map(|step| &step.told).filter(|it| is_durable(it)).count();
    let (mut durable, mut seen): (usize, _) = (0, 0);
    for effect in run.told() {
        if seen == published {
            break;
        }
        if is_durable(effect) {
            durable += 1;
        } else {
            seen += 1;
        }
    }
    let with_it = durable.checked_sub(1).map_or(0, |last| run.with[last]);
    of_steps.max(with_it)
}

/// All that a node is found to hold.
///
/// # Panics
///
/// Raises a violation when its store contradicts its engine.
#[must_use]
pub fn found(node: &Kept) -> Held {
    let store = node.durable().store();
    let mut held = Held::of(node.engine());
    let canonical: Vec<_> = held.canonical();
    for (height, root) in canonical {
        let stored = store.block_at(height).ok().flatten().map(|block| Hash256::from(block.root));
        check_eq("CH-8", &format!("the canonical block at height {height}"), &Some(root), &stored);
    }
    for height in store.interval().due(0, held.finalised.height) {
        let checkpoint = store.checkpoint(height).unwrap_or_else(|error| violated("CH-6", error.to_string()));
        held.checkpoints.extend(checkpoint.map(|it| CheckpointDue {
            height,
            block_root: it.block_root.into(),
            state_root: it.state_root.into(),
        }));
    }
    held
}
