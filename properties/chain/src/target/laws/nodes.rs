//! A node over something durable that fails.

use alys_engines::violation::check_eq;
use alys_wire::containers::BlockBody;

use super::super::alys::authorities::AuthoritySet;
use super::super::alys::engine::{Commit, Effect, Engine, Event, Settings};
use super::super::alys::node::{Durable, Node, NodeError};
use super::super::alys::scheme::{Ideal, IdealKey, SignatureScheme};
use super::super::alys::transition::{Balances, TransferError, Transfers};

/// How many slots each node lives.
const SLOTS: u64 = 4;

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
        self.burn(format!("commit {:?}", commit.head.as_ref().map(|change| change.head.height)))
    }
}

/// The engine of a chain's only authority, whose every proposal enters the tree at once.
fn engine() -> Engine<Ideal, Transfers> {
    let (scheme, key) = (Ideal::default(), IdealKey(1));
    let stated = [(scheme.public_key(&key), scheme.prove_possession(&key))];
    let authorities = AuthoritySet::new(&scheme, &stated).expect("a sound key");
    let config = Settings { slot_duration: 1, ..Settings::default() }.check().expect("a sound setting");
    let engine = Engine::new(config, scheme, authorities, Transfers, Balances::default());
    engine.with_identity(0, key).expect("its own key")
}

/// What must be durable, or what is published, of an effect.
fn durable(effect: &Effect<TransferError>) -> Option<String> {
    match effect {
        Effect::PersistVote { slot } => Some(format!("vote {slot}")),
        Effect::PersistProposal { slot } => Some(format!("proposal {slot}")),
        Effect::Commit(commit) => {
            Some(format!("commit {:?}", commit.head.as_ref().map(|change| change.head.height)))
        }
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
