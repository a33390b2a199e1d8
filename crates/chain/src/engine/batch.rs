//! Importing many blocks at once: what does not depend on the tree is judged on several threads, and signatures together.

use std::error::Error;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use alys_wire::containers::{CertifiedBlock, Hash256};

use super::judge::Judge;
use super::{Effects, Engine, ImportRefusal, Signatures};
use crate::scheme::{Claim, SignatureScheme};
use crate::transition::StateTransition;

/// Of how many blocks the signatures are verified in one equation, at most. The equation itself costs as much as a few
/// signatures; and where one of them is bad, all of these are verified once more, one by one.
const TOGETHER: usize = 64;

/// How a batch is imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Importing {
    /// Whether the signatures of its blocks are verified.
    pub signatures: Signatures,
    /// How many threads judge blocks; with one it is the caller's alone.
    pub threads: NonZeroUsize,
}

/// A block that came in with its root, and whether it is in the tree.
struct Named<'a> {
    root: Hash256,
    block: &'a Arc<CertifiedBlock>,
    known: bool,
}

impl<S, T> Engine<S, T>
where
    S: SignatureScheme<PublicKey: Sync> + Sync,
    T: StateTransition<Error: Send>,
{
    /// Imports blocks in their order.
    ///
    /// The effects are those of an [`Event::Import`](super::Event::Import) for each, one after another, whatever the number of
    /// threads: a block that is refused is answered as it would be alone, and those behind it are answered too.
    ///
    /// # Panics
    ///
    /// When the signature scheme does.
    pub fn import_all(
        &mut self,
        blocks: &[Arc<CertifiedBlock>],
        importing: Importing,
        now: u64,
    ) -> Effects<T> {
        let roots = blocks.iter().map(|block| (block.signed_block.block.root(), block));
        let named = roots.map(|(root, block)| {
            let known = self.tree.contains(&root);
            Named { root, block, known }
        });
        let named: Vec<Named<'_>> = named.collect();
        let judge = self.judging();
        let judged = spread(&named, importing.threads, |part| judge.all(part, importing.signatures));
        let mut effects = Vec::new();
        for (Named { root, block, .. }, judged) in named.into_iter().zip(judged) {
            self.import_judged(root, Arc::clone(block), judged, now, &mut effects);
            self.settle(now, &mut effects);
        }
        effects
    }
}

impl<S: SignatureScheme> Judge<'_, S> {
    /// Judges blocks as [`block`](Judge::block) does each, but for those that are known: they need no judgement.
    fn all<E: Error>(
        &self,
        blocks: &[Named<'_>],
        signatures: Signatures,
    ) -> Vec<Result<(), ImportRefusal<E>>> {
        let form = |it: &Named<'_>| if it.known { Ok(()) } else { self.form(it.root, it.block) };
        let mut judged: Vec<_> = blocks.iter().map(form).collect();
        if signatures == Signatures::Trusted {
            return judged;
        }
        let sound = |(it, judged): &(&Named<'_>, &Result<(), ImportRefusal<E>>)| judged.is_ok() && !it.known;
        let claims =
            blocks.iter().zip(&judged).filter(sound).map(|(it, _)| self.claims::<E>(it.root, it.block));
        let together: Result<Vec<[Claim<'_, S::PublicKey>; 2]>, _> = claims.collect();
        if together.is_ok_and(|claims| self.scheme.verify_all(claims.as_flattened())) {
            return judged;
        }
        for (it, judged) in blocks.iter().zip(&mut judged) {
            if judged.is_ok() && !it.known {
                *judged = self.signed(it.block);
            }
        }
        judged
    }
}

/// Does work on parts of some items, on so many threads, and puts together what comes of it in the order of the items.
///
/// The parts are of one length as nearly as that goes, and as many for each thread.
fn spread<I: Sync, R: Send>(
    items: &[I],
    threads: NonZeroUsize,
    work: impl Fn(&[I]) -> Vec<R> + Sync,
) -> Vec<R> {
    let parts = items.len().div_ceil(TOGETHER).next_multiple_of(threads.get());
    let len = items.len().div_ceil(parts.max(1)).max(1);
    if threads.get() == 1 {
        return items.chunks(len).flat_map(work).collect();
    }
    let (left, done) = (Mutex::new(items.chunks(len).enumerate()), Mutex::new(Vec::new()));
    let worker = || {
        loop {
            let next = left.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some((place, part)) = next else { return };
            let results = work(part);
            done.lock().unwrap_or_else(PoisonError::into_inner).push((place, results));
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads.get() {
            scope.spawn(worker);
        }
        worker();
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_unstable_by_key(|(place, _)| *place);
    done.into_iter().flat_map(|(_, results)| results).collect()
}
