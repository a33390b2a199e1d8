//! The planted faults of the log.

use std::{cell::Cell, marker::PhantomData};

/// What is wrong with the log of this thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A sync is acknowledged without one.
    AcknowledgedBeforeSync,
    /// Records have no checksum.
    NoChecksum,
    /// The checkpoint gets its name before its bytes are durable.
    RenamedBeforeSync,
    /// The log is emptied while the name of the checkpoint may still be lost.
    NoDirectorySync,
    /// The recovery cuts the last good record off as well.
    CutTooShort,
    /// A torn tail is left in the log, and what follows it is never read.
    TornTailKept,
    /// The cut of a torn tail is not made durable: what lies behind may come back.
    CutNotSynced,
    /// Records that the checkpoint holds are taken from the log once more.
    ReplayedTwice,
    /// An error of the sync is not looked at.
    ErrorIgnored,
    /// The log goes on after an error.
    GoesOnAfterError,
    /// The new log is written to before its name is durable.
    LogNotNamed,
    /// A new checkpoint that has no name yet is taken for the checkpoint.
    UnfinishedCheckpointRead,
    /// The log is emptied before the checkpoint is written.
    EmptiedTooEarly,
}

impl Fault {
    /// All of them.
    pub const ALL: [Fault; 13] = [
        Fault::AcknowledgedBeforeSync,
        Fault::NoChecksum,
        Fault::RenamedBeforeSync,
        Fault::NoDirectorySync,
        Fault::CutTooShort,
        Fault::TornTailKept,
        Fault::CutNotSynced,
        Fault::ReplayedTwice,
        Fault::ErrorIgnored,
        Fault::GoesOnAfterError,
        Fault::LogNotNamed,
        Fault::UnfinishedCheckpointRead,
        Fault::EmptiedTooEarly,
    ];

    /// Whether it is planted on this thread.
    pub(super) fn is_planted(self) -> bool {
        PLANTED.get() == Some(self)
    }

    /// Plants it on this thread until the guard is dropped.
    ///
    /// # Panics
    ///
    /// When another one is planted.
    pub fn plant(self) -> Planted {
        assert_eq!(PLANTED.get(), None, "one fault at a time");
        PLANTED.set(Some(self));
        Planted { _not_send: PhantomData }
    }
}

thread_local! {
    static PLANTED: Cell<Option<Fault>> = const { Cell::new(None) };
}

/// Keeps a fault planted on this thread.
#[derive(Debug)]
#[must_use = "the fault is gone as soon as the guard is dropped"]
pub struct Planted {
    // Dropped on another thread it would stay planted here.
    _not_send: PhantomData<*const ()>,
}

impl Drop for Planted {
    fn drop(&mut self) {
        PLANTED.set(None);
    }
}
