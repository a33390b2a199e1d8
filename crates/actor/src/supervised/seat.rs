//! Where the receiving end of a mailbox is between two incarnations.

use std::{
    borrow::{Borrow, BorrowMut},
    cell::Cell,
    rc::Rc,
};

use super::super::mailbox::Receiver;

/// Keeps a receiver until an incarnation borrows it.
pub(super) struct Seat<M, R>(Rc<Cell<Option<Receiver<M, R>>>>);

impl<M, R> Seat<M, R> {
    pub(super) fn new(receiver: Receiver<M, R>) -> Self {
        Seat(Rc::new(Cell::new(Some(receiver))))
    }

    /// Lends the receiver out until the loan is dropped; `None` while it is lent already.
    pub(super) fn lend(&self) -> Option<Loan<M, R>> {
        self.0.take().map(|receiver| Loan { receiver: Some(receiver), seat: Rc::clone(&self.0) })
    }
}

impl<M, R> Clone for Seat<M, R> {
    fn clone(&self) -> Self {
        Seat(Rc::clone(&self.0))
    }
}

/// A receiver that goes back to its seat when this is dropped, whatever drops it.
pub(super) struct Loan<M, R> {
    // invariant: it is there until the loan is dropped.
    receiver: Option<Receiver<M, R>>,
    seat: Rc<Cell<Option<Receiver<M, R>>>>,
}

impl<M, R> Borrow<Receiver<M, R>> for Loan<M, R> {
    fn borrow(&self) -> &Receiver<M, R> {
        self.receiver.as_ref().expect("a loan has its receiver until it is dropped")
    }
}

impl<M, R> BorrowMut<Receiver<M, R>> for Loan<M, R> {
    fn borrow_mut(&mut self) -> &mut Receiver<M, R> {
        self.receiver.as_mut().expect("a loan has its receiver until it is dropped")
    }
}

impl<M, R> Drop for Loan<M, R> {
    fn drop(&mut self) {
        self.seat.set(self.receiver.take());
    }
}
