//! The model, held to its laws by hand.

use super::{RingModel, RingOutcome as O, RingTransition as T};

#[test]
fn items_come_out_in_order_and_a_full_ring_refuses() {
    let mut ring = RingModel::new(2);
    let answers = [T::Push(1), T::Push(2), T::Push(3), T::Peek(1), T::Pop, T::Pop, T::Pop]
        .map(|transition| ring.apply(&transition));
    let popped = |item| O::Item(Some(item));
    assert_eq!(answers, [O::Accepted, O::Accepted, O::Full, popped(2), popped(1), popped(2), O::Item(None)]);
}

#[test]
fn only_clears_that_find_something_count() {
    let mut ring = RingModel::new(2);
    let answers = [T::Clear, T::Push(1), T::Clear, T::Clear].map(|transition| ring.apply(&transition));
    assert_eq!(answers, [O::Cleared(0), O::Accepted, O::Cleared(1), O::Cleared(0)]);
    assert_eq!(ring.generation(), 1);
}

#[test]
fn a_resize_keeps_the_items_or_is_refused() {
    let mut ring = RingModel::new(2);
    let answers =
        [T::Push(1), T::Push(2), T::Resize(1), T::Resize(3)].map(|transition| ring.apply(&transition));
    assert_eq!(answers[2..], [O::TooSmall, O::Resized]);
    assert_eq!((ring.capacity(), ring.items()), (3, &[1, 2][..]));
}
