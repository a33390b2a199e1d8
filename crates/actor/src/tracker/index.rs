//! Sharded map from names to what they stand for.

use std::hash::Hasher;

use rustc_hash::{FxHashMap, FxHasher};

use super::sync::Mutex;

/// Hashes a name, or a pair of names, without an allocation and the same in every run.
///
/// Each write mixes in its length: the terminators that `str` adds against `("ab", "c") == ("a", "bc")` would only
/// cost time.
#[inline]
pub(super) fn hash_of<const N: usize>(names: [&str; N]) -> u64 {
    let mut hasher = FxHasher::default();
    names.iter().for_each(|name| hasher.write(name.as_bytes()));
    hasher.finish()
}

/// Values by the hash of their name, spread over shards that do not wait for each other (OT-4).
///
/// Nothing is ever removed.
pub(super) struct Index<V> {
    // invariant: a power of two of them.
    shards: Box<[Shard<V>]>,
}

/// A cache line to itself, so that the locks of two shards never share one.
#[repr(align(64))]
struct Shard<V>(Mutex<Slots<V>>);

impl<V> Index<V> {
    pub(super) fn new(shards: usize) -> Self {
        debug_assert!(shards.is_power_of_two(), "{shards} shards");
        Self { shards: (0..shards).map(|_| Shard(Mutex::new(Slots::default()))).collect() }
    }

    /// Visits the value of a name, if it has one.
    #[inline]
    pub(super) fn visit<R>(
        &self,
        hash: u64,
        is: impl Fn(&V) -> bool,
        visit: impl FnOnce(&V) -> R,
    ) -> Option<R> {
        self.shard(hash).lock().get(hash, is).map(visit)
    }

    fn shard(&self, hash: u64) -> &Mutex<Slots<V>> {
        &self.shards[hash as usize & (self.shards.len() - 1)].0
    }
}

impl<V: Clone> Index<V> {
    /// Answers the value of a name, which `make` supplies the first time, under the lock of the shard.
    pub(super) fn get_or_make(&self, hash: u64, is: impl Fn(&V) -> bool, make: impl FnOnce() -> V) -> V {
        self.shard(hash).lock().get_or_make(hash, is, make).clone()
    }
}

/// The values of one shard. One whose hash is taken by another name lives at the next free number: since nothing is
/// removed, a search never stops short of it.
pub(super) struct Slots<V>(FxHashMap<u64, V>);

impl<V> Default for Slots<V> {
    fn default() -> Self {
        Self(FxHashMap::default())
    }
}

impl<V> Slots<V> {
    #[inline]
    pub(super) fn get(&self, hash: u64, is: impl Fn(&V) -> bool) -> Option<&V> {
        let mut slot = hash;
        loop {
            let value = self.0.get(&slot)?;
            if is(value) {
                return Some(value);
            }
            slot = slot.wrapping_add(1);
        }
    }

    pub(super) fn get_or_make(&mut self, hash: u64, is: impl Fn(&V) -> bool, make: impl FnOnce() -> V) -> &V {
        let mut slot = hash;
        while self.0.get(&slot).is_some_and(|value| !is(value)) {
            slot = slot.wrapping_add(1);
        }
        self.0.entry(slot).or_insert_with(make)
    }
}
