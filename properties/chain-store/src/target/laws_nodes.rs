//! A node on the store, crashed at every operation of its disk.

use alys_chain::engine::Effect;
use alys_engines::{
    crash::{Disk, Fuse, Survivors},
    violation::{caught, check_eq, violated},
};

use super::nodes::{Came, Kept, found, happen, make, opened};
use crate::runs::{Held, Run, Told, What, is_durable};

/// Behind how many recoveries one is closed and opened once more.
const AGAIN: u64 = 3;

/// How many crashes there are for one that is followed by another while the node is restored.
const TWICE: u64 = 5;

/// About how many operations of the disk it takes to open a store after a crash.
const OPENING: u64 = 12;

/// What the runs met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Met {
    /// How often a node was restored.
    pub recoveries: u64,
    /// How often more was durable than was acknowledged.
    pub ahead: u64,
    /// How many votes left.
    pub votes: usize,
    /// How many proposals left.
    pub proposals: usize,
    /// How many changes of the tip were reorgs.
    pub reorgs: usize,
    /// How many rollbacks there were.
    pub rollbacks: usize,
    /// How often the base moved.
    pub prunes: usize,
    /// How many checkpoints there were.
    pub checkpoints: usize,
    /// How many runs ended in a violation.
    pub violations: usize,
    /// How many batches of blocks made several things durable together.
    pub batches: usize,
}

impl Met {
    fn see(&mut self, effect: &Told) {
        match effect {
            Effect::SendApproval(_) => self.votes += 1,
            Effect::SendBlock(_) => self.proposals += 1,
            Effect::HeadChanged(change) => self.reorgs += usize::from(!change.disconnected.is_empty()),
            Effect::Violated(_) => self.violations += 1,
            Effect::Commit(commit) => {
                self.rollbacks += usize::from(commit.base.is_none() && !commit.removed.is_empty());
                self.prunes += usize::from(commit.base.is_some());
                self.checkpoints += commit.checkpoints.len();
            }
            _ => {}
        }
    }
}

/// So many runs, each crashed at every operation of the disk, or at every fourth with an error of that one: whatever survives, the node
/// that is restored knows what was acknowledged (CH-8), with the slot of every vote and proposal that has left (CH-5),
/// and comes to the same chain as one that never crashed (CH-3).
///
/// # Panics
///
/// Raises a violation at the first difference.
#[must_use]
pub fn a_node_survives_every_crash(runs: u64) -> Met {
    let mut met = Met::default();
    for seed in 0..runs {
        let run = Run::drawn(seed);
        run.told().for_each(|effect| met.see(effect));
        let batches = run.steps.iter().filter(|step| matches!(step.what, What::Batch(_)));
        met.batches +=
            batches.filter(|step| step.told.iter().filter(|it| is_durable(it)).count() > 1).count();
        let empty = Disk::new();
        let node =
            opened(&empty, &run).unwrap_or_else(|error| violated("CH-8", format!("a new node: {error}")));
        node.into_durable().close().unwrap_or_else(|error| violated("CH-8", format!("a new store: {error}")));
        for operation in 0..operations(&empty, &run) {
            // An error of a single operation is told in the same places as a crash.
            let fuse =
                if operation % 4 == seed % 4 { Fuse::ErrsAt(operation) } else { Fuse::BlowsAt(operation) };
            let crashed = caught(|| crash(&run, &empty.copy(fuse), seed << 32 | operation, &mut met));
            crashed.unwrap_or_else(|message| panic!("{message}\nin run {seed}, {fuse}"));
        }
    }
    met
}

/// A run without a crash: how many operations it has.
fn operations(empty: &Disk, run: &Run) -> u64 {
    let disk = empty.copy(Fuse::Whole);
    let mut node =
        opened(&disk, run).unwrap_or_else(|error| violated("CH-8", format!("an old node: {error}")));
    let came = make(&mut node, run);
    check_eq("CH-8", "how many steps are handled", &run.steps.len(), &came.handled);
    check_eq("CH-8", "what is durable at last", run.held.last().unwrap_or(&run.held[0]), &found(&node));
    disk.operations()
}

/// One run until it fails, and a node restored from what survives.
fn crash(run: &Run, disk: &Disk, salt: u64, met: &mut Met) {
    let came = match opened(disk, run) {
        Ok(mut node) => make(&mut node, run),
        Err(_) => Came { handled: 0, durable: 0, published: Vec::new() },
    };
    let survivors = Survivors::one_of_each(disk.pending(), salt);
    let image = disk.image(survivors[salt as usize % survivors.len()]);
    let image = if salt.is_multiple_of(TWICE) { crashed_again(&image, run, salt) } else { image };
    let mut node =
        opened(&image, run).unwrap_or_else(|error| violated("CH-8", format!("it is not restored: {error}")));
    met.recoveries += 1;
    let held = found(&node);
    slots(&came, &held);
    let next = run.with.get(came.durable).map(|count| &run.held[*count]);
    if held != run.held[came.durable] && next == Some(&held) {
        met.ahead += 1;
    } else {
        check_eq("CH-8", "what is durable", &run.held[came.durable], &held);
    }
    catch_up(&mut node, run, came.handled);
    if met.recoveries.is_multiple_of(AGAIN) {
        let before = found(&node);
        node.into_durable().close().unwrap_or_else(|error| violated("CH-8", format!("closing: {error}")));
        let again =
            opened(&image, run).unwrap_or_else(|error| violated("CH-8", format!("opened again: {error}")));
        check_eq("CH-8", "what is found once more", &before, &found(&again));
    }
}

/// What a crash leaves while a node is restored.
fn crashed_again(image: &Disk, run: &Run, salt: u64) -> Disk {
    let disk = image.copy(Fuse::BlowsAt(salt / TWICE % OPENING));
    // It may be restored before the fuse blows.
    drop(opened(&disk, run));
    let survivors = Survivors::one_of_each(disk.pending(), salt / TWICE);
    disk.image(survivors[(salt / TWICE) as usize % survivors.len()])
}

/// No vote and no proposal that has left is forgotten.
fn slots(came: &Came, held: &Held) {
    for effect in &came.published {
        match effect {
            Effect::SendApproval(vote) if vote.slot > held.duties.0 => {
                violated("CH-5", format!("a vote in slot {} has left, and is forgotten", vote.slot))
            }
            Effect::SendBlock(proposal) if proposal.block.header.slot > held.duties.1 => {
                let slot = proposal.block.header.slot;
                violated("CH-5", format!("a proposal in slot {slot} has left, and is forgotten"))
            }
            _ => {}
        }
    }
}

/// Makes the steps from the one that failed on, and comes to where the run has ended.
fn catch_up(node: &mut Kept, run: &Run, from: usize) {
    for (index, step) in run.steps.iter().enumerate().skip(from) {
        let what = if index == from { run.again(step) } else { step.what.clone() };
        let done = happen(node, &what, step.now, drop);
        done.unwrap_or_else(|error| violated("CH-8", format!("a restored node fails: {error}")));
    }
    let end = run.held.last().unwrap_or(&run.held[0]);
    let reached = found(node);
    // A slot that was used up before the crash is not used again, whoever brings its block.
    let expected = Held { duties: reached.duties, ..end.clone() };
    check_eq("CH-3", "the chain after a crash", &expected, &reached);
}
