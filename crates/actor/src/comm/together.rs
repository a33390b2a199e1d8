//! Futures side by side in one task.

use std::{
    collections::BTreeMap,
    future::{Future, poll_fn},
    num::NonZeroUsize,
    pin::Pin,
    task::Poll,
};

/// Runs futures side by side, begins them in their order, and gives their outputs in that order.
///
/// At most `at_once` have begun and not ended. A wake-up polls all of these: made for tens, not for thousands.
pub(super) async fn together<F: Future>(futures: Vec<F>, at_once: NonZeroUsize) -> Vec<F::Output> {
    let mut to_begin = futures.into_iter().enumerate();
    let mut running: Vec<(usize, Pin<Box<F>>)> = Vec::new();
    let mut ended = BTreeMap::new();
    poll_fn(|cx| {
        loop {
            let room = at_once.get() - running.len();
            running.extend(to_begin.by_ref().take(room).map(|(place, future)| (place, Box::pin(future))));
            let begun = running.len();
            running.retain_mut(|(place, future)| match future.as_mut().poll(cx) {
                Poll::Ready(output) => {
                    ended.insert(*place, output);
                    false
                }
                Poll::Pending => true,
            });
            match running.len() {
                0 if begun == 0 => return Poll::Ready(()),
                left if left == begun => return Poll::Pending,
                // What ended made room.
                _ => {}
            }
        }
    })
    .await;
    ended.into_values().collect()
}
