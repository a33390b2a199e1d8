//! The switches of planted faults.
//!
//! A package compiles the component it holds to rules once more with every fault of its [`Catalogue`] behind a switch (see
//! [`alys_planting`]). One switch can be on at a time, and only for the thread that turned it: suites on other threads
//! go on undisturbed. Loom and shuttle run all threads of a model on the thread that started it, so the switch holds
//! for the whole model; threads of the operating system that a test starts itself see it when [`spawn`] starts them.

#[cfg(test)]
mod tests;

use std::cell::Cell;
use std::marker::PhantomData;
use std::thread::{self, JoinHandle};

pub use alys_planting::{Fault, Kind};

/// A switch: the catalogue, by its name, and the number in it.
type Switch = (&'static str, usize);

thread_local! {
    static PLANTED: Cell<Option<Switch>> = const { Cell::new(None) };
}

/// The planted faults of a package.
///
/// Several catalogues can live in one process: a fault of one is not seen by the twin of another.
#[derive(Debug)]
pub struct Catalogue<E: 'static> {
    /// Names it; unique among the packages.
    pub name: &'static str,
    /// Returns every fault, in the order of the switches' numbers.
    pub all: fn() -> Vec<&'static Fault<E>>,
    /// The faults that are not compiled in, because their anchor does not occur exactly once any more, with the number of
    /// times it does: somebody edited that very place, and the catalogue has to follow.
    pub stale: &'static [(&'static str, usize)],
}

impl<E> Catalogue<E> {
    /// Says whether a switch of this catalogue is on; called from the places where a fault is planted.
    #[inline]
    #[must_use]
    pub fn is(&self, number: usize) -> bool {
        // Names are compared only where a fault is planted at all, by a test that hunts it.
        PLANTED.get().is_some_and(|(name, planted)| planted == number && name == self.name)
    }

    /// Returns the faults that are compiled in.
    pub fn live(&self) -> impl Iterator<Item = &'static Fault<E>> + '_ {
        (self.all)().into_iter().filter(|fault| self.stale.iter().all(|(id, _)| *id != fault.id))
    }

    /// Plants a fault on this thread.
    ///
    /// # Panics
    ///
    /// When no fault has this id, when it is stale, or when this thread has one planted already.
    pub fn plant(&self, id: &str) -> Planted {
        let number = (self.all)().iter().position(|fault| fault.id == id);
        let number = number.unwrap_or_else(|| panic!("no planted fault is called `{id}`"));
        assert!(self.stale.iter().all(|(stale, _)| *stale != id), "the planted fault `{id}` is stale");
        self.switch_on(number)
    }

    fn switch_on(&self, number: usize) -> Planted {
        let taken = PLANTED.get();
        assert!(
            taken.is_none(),
            "one fault at a time: number {} is planted already",
            taken.map_or(0, |it| it.1)
        );
        PLANTED.set(Some((self.name, number)));
        Planted { _not_send: PhantomData }
    }
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
        PLANTED.set(None);
    }
}

/// Starts a thread of the operating system on which the same fault is planted, if any.
pub fn spawn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    let planted = PLANTED.get();
    thread::spawn(move || {
        PLANTED.set(planted);
        work()
    })
}
