//! A node over something durable that fails.

use std::cell::RefCell;
use std::num::NonZeroUsize;
use std::rc::Rc;
use std::sync::Arc;

use alys_engines::violation::check_eq;
use alys_wire::containers::{BlockBody, CertifiedBlock};

use super::super::alys::authorities::AuthoritySet;
use super::super::alys::engine::{Commit, Effect, Engine, Event, Importing, Settings, Signatures};
use super::super::alys::node::{Durable, Node, NodeError};
use super::super::alys::scheme::{Ideal, IdealKey, SignatureScheme};
use super::super::alys::transition::{Balances, TransferError, Transfers};

/// How many slots each node lives.
const SLOTS: u64 = 4;

/// What happened to a node, in order: what became durable together, and what was published.
type Log = Rc<RefCell<Vec<Entry>>>;

#[derive(Clone, Debug, PartialEq)]
enum Entry {
    Durable(Vec<String>),
    Published(Box<Effect<TransferError>>),
}

/// Makes so many things durable, those of a batch together, and keeps a log.
#[derive(Debug)]
struct Logged {
    left: usize,
    log: Log,
}

impl Logged {
    fn enter(&mut self, what: Vec<String>) -> Result<(), Blown> {
        self.left = self.left.checked_sub(1).ok_or(Blown)?;
        self.log.borrow_mut().push(Entry::Durable(what));
        Ok(())
    }
}

impl Durable for Logged {
    type Error = Blown;

    fn vote(&mut self, slot: u64) -> Result<(), Blown> {
        self.enter(vec![format!("vote {slot}")])
    }

    fn proposal(&mut self, slot: u64) -> Result<(), Blown> {
        self.enter(vec![format!("proposal {slot}")])
    }

    fn commit(&mut self, commit: &Commit) -> Result<(), Blown> {
        self.enter(vec![committed(commit)])
    }

    fn commits(&mut self, commits: &[Commit]) -> Result<(), Blown> {
        self.enter(commits.iter().map(committed).collect())
    }
}

fn committed(commit: &Commit) -> String {
    format!("commit {:?}", commit.head.as_ref().map(|change| change.head.height))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the fuse has blown")]
struct Blown;

/// Makes so many things durable, and counts them.
#[derive(Debug)]
struct Fuse {
    left: usize,
    done: Vec<String>,
}

impl Fuse {
    fn burn(&mut self, what: String) -> Result<(), Blown> {
        self.left = self.left.checked_sub(1).ok_or(Blown)?;
        self.done.push(what);
        Ok(())
    }
}

impl Durable for Fuse {
    type Error = Blown;

    fn vote(&mut self, slot: u64) -> Result<(), Blown> {
        self.burn(format!("vote {slot}"))
    }

    fn proposal(&mut self, slot: u64) -> Result<(), Blown> {
        self.burn(format!("proposal {slot}"))
    }

    fn commit(&mut self, commit: &Commit) -> Result<(), Blown> {
        self.burn(committed(commit))
    }
}

/// The engine of a chain's only authority, whose every proposal enters the tree at once.
fn engine() -> Engine<Ideal, Transfers> {
    engine_of(&Ideal::default())
}

fn engine_of(scheme: &Ideal) -> Engine<Ideal, Transfers> {
    let key = IdealKey(1);
    let stated = [(scheme.public_key(&key), scheme.prove_possession(&key))];
    let authorities = AuthoritySet::new(scheme, &stated).expect("a sound key");
    let config = Settings { slot_duration: 1, ..Settings::default() }.check().expect("a sound setting");
    let engine = Engine::new(config, scheme.clone(), authorities, Transfers, Balances::default());
    engine.with_identity(0, key).expect("its own key")
}

/// What must be durable, or what is published, of an effect.
fn durable(effect: &Effect<TransferError>) -> Option<String> {
    match effect {
        Effect::PersistVote { slot } => Some(format!("vote {slot}")),
        Effect::PersistProposal { slot } => Some(format!("proposal {slot}")),
        Effect::Commit(commit) => Some(committed(commit)),
        _ => None,
    }
}

/// Every fuse, from one that blows at once to one that never does.
pub(super) fn published() {
    let mut alone = engine();
    let propose = |slot| (Event::Propose(BlockBody::default()), slot);
    let effects: Vec<_> = (1..=SLOTS).flat_map(|slot| alone.handle(propose(slot).0, slot)).collect();
    let all = effects.iter().filter_map(durable).count();
    check_eq("CH-5", "what a slot makes durable", &(3 * SLOTS as usize), &all);
    for fuse in 0..=all {
        let mut node = Node::new(engine(), Fuse { left: fuse, done: Vec::new() });
        let mut published = Vec::new();
        let mut ends = Vec::new();
        for slot in 1..=SLOTS {
            let (event, now) = propose(slot);
            ends.push(node.handle(event, now, |effect| published.push(effect)));
        }
        let mut before = 0;
        let until_blown = effects.iter().take_while(|effect| {
            before += usize::from(durable(effect).is_some());
            before <= fuse
        });
        let (done, expected): (Vec<_>, Vec<_>) = until_blown.partition(|effect| durable(effect).is_some());
        check_eq("CH-5", "what is published", &expected, &published.iter().collect::<Vec<_>>());
        let done: Vec<_> = done.into_iter().filter_map(durable).collect();
        check_eq("CH-8", "what is durable", &done, &node.durable().done);
        let first = ends.iter().position(Result::is_err);
        check_eq("CH-8", "the slot of the first error", &(fuse < all).then_some(fuse / 3), &first);
        if let Some(first) = first {
            check_eq("CH-8", "the first error", &Err(NodeError::Durable(Blown)), &ends[first]);
            let after = ends[first + 1..].iter().all(|end| *end == Err(NodeError::Failed));
            check_eq("CH-8", "whether nothing is handled after it", &true, &after);
        } else {
            check_eq("CH-8", "the tip", &SLOTS, &node.engine().head().height);
        }
    }
}

/// A batch, behind whose second block one waits that is voted for: what becomes durable together, and what is published when. Every
/// fuse, from one that blows at once to one that never does; and what can only make one thing durable after another.
pub(super) fn batched() {
    let scheme = Ideal::default();
    let mut author = engine_of(&scheme);
    let effects = (1..=3).flat_map(|slot| author.handle(Event::Propose(BlockBody::default()), slot));
    let entered = effects.filter_map(|effect| match effect {
        Effect::Commit(commit) => commit.entered.map(|entered| entered.block),
        _ => None,
    });
    let blocks: Vec<Arc<CertifiedBlock>> = entered.collect();
    // The third one is known as a proposal: it is voted for as soon as the second one is there.
    let mut knowing = engine_of(&scheme);
    drop(knowing.handle(Event::Block(blocks[2].signed_block.clone()), 3));
    let batch = [&blocks[..], &blocks[..1]].concat();
    let importing = Importing { signatures: Signatures::Verified, threads: NonZeroUsize::MIN };
    let (done, whole) = logged(&knowing, &batch, importing, usize::MAX);
    check_eq("CH-8", "how a batch ends", &None, &done);
    let groups: Vec<_> = whole.iter().filter_map(Entry::durable).collect();
    let group = |entries: &[&str]| entries.iter().map(|entry| (*entry).to_owned()).collect::<Vec<_>>();
    let expected =
        [group(&["commit Some(1)", "commit Some(2)"]), group(&["vote 3"]), group(&["commit Some(3)"])];
    check_eq("CH-8", "what becomes durable together", &expected.iter().collect::<Vec<_>>(), &groups);
    in_order(&mut knowing.clone(), &batch, &whole);
    for fuse in 0..expected.len() {
        let (done, log) = logged(&knowing, &batch, importing, fuse);
        check_eq("CH-8", "how a batch ends", &Some(NodeError::Durable(Blown)), &done);
        let mut left = fuse;
        let reached = whole.iter().take_while(|entry| match entry.durable() {
            Some(_) if left == 0 => false,
            Some(_) => {
                left -= 1;
                true
            }
            None => true,
        });
        check_eq("CH-8", "how far a batch comes", &reached.cloned().collect::<Vec<_>>(), &log);
    }
    let mut node = Node::new(knowing, Fuse { left: usize::MAX, done: Vec::new() });
    check_eq("CH-8", "how a batch ends", &None, &node.import(&batch, importing, 3, drop).err());
    check_eq("CH-8", "what becomes durable alone", &expected.concat(), &node.durable().done);
}

impl Entry {
    fn durable(&self) -> Option<&Vec<String>> {
        if let Entry::Durable(what) = self { Some(what) } else { None }
    }
}

/// What happens to a node that a batch comes to, until its fuse blows; nothing is imported any more then.
fn logged(
    engine: &Engine<Ideal, Transfers>,
    batch: &[Arc<CertifiedBlock>],
    importing: Importing,
    fuse: usize,
) -> (Option<NodeError<Blown>>, Vec<Entry>) {
    let log = Log::default();
    let mut node = Node::new(engine.clone(), Logged { left: fuse, log: Rc::clone(&log) });
    let publish = |effect| log.borrow_mut().push(Entry::Published(Box::new(effect)));
    let done = node.import(batch, importing, 3, publish).err();
    let reached = log.borrow().clone();
    if done.is_some() {
        let after = node.import(batch, importing, 3, publish).err();
        check_eq("CH-8", "whether nothing is imported after a failure", &Some(NodeError::Failed), &after);
        check_eq("CH-8", "what happens after a failure", &reached, &*log.borrow());
    }
    (done, reached)
}

/// All that one block after another publishes is published in its order, each when all before it is durable.
fn in_order(engine: &mut Engine<Ideal, Transfers>, batch: &[Arc<CertifiedBlock>], log: &[Entry]) {
    let imports = batch.iter().map(|block| {
        let block = Arc::clone(block);
        Event::Import { block, signatures: Signatures::Verified }
    });
    let effects: Vec<_> = imports.flat_map(|event| engine.handle(event, 3)).collect();
    let mut log = log.iter();
    let (mut before, mut done) = (Vec::new(), Vec::new());
    for effect in &effects {
        if let Some(what) = durable(effect) {
            before.push(what);
            continue;
        }
        let published = log.by_ref().find_map(|entry| match entry {
            Entry::Durable(what) => {
                done.extend(what.clone());
                None
            }
            Entry::Published(effect) => Some(&**effect),
        });
        check_eq("CH-8", "what is published next", &Some(effect), &published);
        check_eq("CH-8", "what is durable before it", &before[..], &done[..before.len().min(done.len())]);
    }
}
