//! The atomic word of one key, which is all that a record in order touches.

use super::sync::{AtomicU64, Ordering};

/// Set while the word speaks for nobody: the state under the mutex of the actor is the true one.
const BUSY: u64 = 1;

/// The largest expected number that leaves room for the busy bit.
const EXPECTED_MAX: u64 = u64::MAX >> 1;

/// One (actor, sender), alone on its cache line: the words of two threads must not share one.
#[repr(align(64))]
pub(super) struct Key {
    // invariant: `expected << 1`, or anything with the busy bit. Only the holder of the actor's mutex sets or clears
    // the bit; only a record in order that meets a clear bit moves `expected`.
    word: AtomicU64,
    /// Place among the senders of the actor.
    pub(super) index: usize,
    /// Name of the sender.
    pub(super) sender: Box<str>,
}

impl Key {
    /// Makes the key of a sender without records; `open` admits records past the mutex.
    pub(super) fn new(sender: &str, index: usize, open: bool) -> Self {
        let word = AtomicU64::new(if open { 0 } else { BUSY });
        Self { word, index, sender: sender.into() }
    }

    /// Records `sequence` if it is the expected one and the key is not busy: the linearization point of the record.
    ///
    /// Acquires what an earlier question released and releases to the next one: a question that sees this record
    /// sees all that this thread recorded before it, and none that it recorded after the question.
    #[inline]
    pub(super) fn advance(&self, sequence: u64) -> bool {
        let word = sequence << 1;
        sequence < EXPECTED_MAX
            && self.word.compare_exchange(word, word + 2, Ordering::AcqRel, Ordering::Relaxed).is_ok()
    }

    /// Sets the key busy and answers the expected number that the word held, if it held one.
    ///
    /// A read-modify-write on purpose: a load and a store would lose a record that comes between them.
    pub(super) fn freeze(&self) -> Option<u64> {
        let word = self.word.fetch_or(BUSY, Ordering::AcqRel);
        (word & BUSY == 0).then_some(word >> 1)
    }

    /// Ends the busy time, unless the word has no room for the number expected next.
    pub(super) fn thaw(&self, expected: Option<u64>) {
        if let Some(expected) = expected.filter(|expected| *expected <= EXPECTED_MAX) {
            self.word.store(expected << 1, Ordering::Release);
        }
    }
}
