//! The runtimes that arms share, made once.

use std::rc::Rc;

use tokio::runtime::{Builder, Runtime};

/// A runtime on the calling thread.
#[must_use]
pub fn current_thread() -> Rc<Runtime> {
    Rc::new(Builder::new_current_thread().build().expect("a runtime"))
}

/// A runtime of two workers, one a core.
#[must_use]
pub fn two_workers() -> Rc<Runtime> {
    Rc::new(Builder::new_multi_thread().worker_threads(2).build().expect("a runtime"))
}

/// How many messages each of `producers` sends so that together they send `messages`.
pub fn shares(messages: u64, producers: u64) -> impl Iterator<Item = u64> {
    (0..producers).map(move |index| messages / producers + u64::from(index < messages % producers))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_add_up() {
        assert_eq!(shares(10, 4).collect::<Vec<_>>(), [3, 3, 2, 2]);
    }
}
