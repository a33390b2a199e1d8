//! The one door to mutexes and atomics: beside another module of this name, the sources that use it compile again,
//! unchanged, under the model checkers.

pub(crate) use parking_lot::Mutex;
pub(crate) use std::sync::{
    Arc,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};
