//! Tables of a database that may panic.

use std::{
    mem,
    ops::{Deref, DerefMut},
    thread,
};

/// A table that is not dropped while something panics.
///
/// A damaged file can make the database panic, which is caught ([`guarded`](super::open::guarded)). On the way there the
/// other tables of the transaction would be dropped; they would ask the database, which would panic once more, and a
/// second panic ends the process.
#[derive(Debug)]
pub(super) struct Kept<T>(Option<T>);

impl<T> Kept<T> {
    pub(super) fn new(table: T) -> Self {
        Kept(Some(table))
    }
}

impl<T> Deref for Kept<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.0.as_ref().expect("it is there until it is dropped")
    }
}

impl<T> DerefMut for Kept<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.0.as_mut().expect("it is there until it is dropped")
    }
}

impl<T> Drop for Kept<T> {
    fn drop(&mut self) {
        if thread::panicking() {
            mem::forget(self.0.take());
        }
    }
}
