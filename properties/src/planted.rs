//! The switches of the planted faults.
//!
//! The build script compiles the real components once more with every fault of the [`catalogue`] behind a switch (see
//! [`crate::twin`]). One switch can be on at a time, and only for the thread that turned it: suites on other threads
//! go on undisturbed. Loom and shuttle run all threads of a model on the thread that started it, so the switch holds
//! for the whole model; threads of the operating system that a test starts itself do not see it.

#[path = "../faults/catalogue.rs"]
pub mod catalogue;
#[cfg(test)]
#[path = "../faults/patch.rs"]
mod patch;
#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::marker::PhantomData;
use std::thread::{self, JoinHandle};

pub use catalogue::{Engine, Fault, Kind};

/// The faults that are not compiled in, because their anchor does not occur exactly once any more, with the number of
/// times it does: somebody edited that very place, and the catalogue has to follow.
pub const STALE: &[(&str, usize)] = include!(concat!(env!("OUT_DIR"), "/stale.rs"));

/// The number of no switch.
const NONE: usize = usize::MAX;

thread_local! {
    static PLANTED: Cell<usize> = const { Cell::new(NONE) };
}

/// Says whether the switch of this number is on; called from the places where a fault is planted.
#[inline]
#[must_use]
pub fn is(number: usize) -> bool {
    PLANTED.get() == number
}

/// Returns the faults that are compiled in.
pub fn live() -> impl Iterator<Item = &'static Fault> {
    catalogue::all().filter(|fault| STALE.iter().all(|(id, _)| *id != fault.id))
}

/// Keeps a fault planted on this thread until it is dropped.
#[derive(Debug)]
#[must_use = "the fault is gone as soon as the guard is dropped"]
pub struct Planted {
    // Switching it off on another thread would leave it on here.
    _not_send: PhantomData<*const ()>,
}

impl Drop for Planted {
    fn drop(&mut self) {
        PLANTED.set(NONE);
    }
}

/// Plants a fault on this thread.
///
/// # Panics
///
/// When no fault has this id, when it is stale, or when this thread has one planted already.
pub fn plant(id: &str) -> Planted {
    let number = catalogue::all().position(|fault| fault.id == id);
    let number = number.unwrap_or_else(|| panic!("no planted fault is called `{id}`"));
    assert!(STALE.iter().all(|(stale, _)| *stale != id), "the planted fault `{id}` is stale");
    switch_on(number)
}

/// Starts a thread of the operating system on which the same fault is planted, if any.
pub fn spawn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    let number = PLANTED.get();
    thread::spawn(move || {
        PLANTED.set(number);
        work()
    })
}

fn switch_on(number: usize) -> Planted {
    assert_eq!(PLANTED.get(), NONE, "one fault at a time: number {} is planted already", PLANTED.get());
    PLANTED.set(number);
    Planted { _not_send: PhantomData }
}
