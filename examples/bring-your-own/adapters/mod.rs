//! The adapter of the mailbox, and one that supports nothing.

use std::{cell::RefCell, future::poll_fn, rc::Rc};

use alys_conformance::{
    capabilities::Capabilities,
    mailbox::{Answer, MailboxUnderTest, Message, Parameters, Pending, Policy, Received},
};

use super::{
    Mailbox,
    wrong::{Next, Refused},
};

/// The mailbox with its five faults.
pub struct Wrong(Rc<RefCell<Mailbox<Message>>>);

fn received(next: Next<Message>) -> Received {
    match next {
        Next::Message(message) => Received::Message(message),
        Next::Empty => Received::Empty,
        Next::End => Received::End,
    }
}

impl MailboxUnderTest for Wrong {
    fn name() -> String {
        "bring your own".to_owned()
    }

    fn capabilities() -> Capabilities {
        Capabilities {
            try_sends: &["try_send"],
            try_receive: true,
            waiting_receive: true,
            policies: &[Policy::Reject],
            expiry: true,
            close_by_sender: true,
            ..Capabilities::NONE
        }
    }

    fn make(parameters: &Parameters) -> Option<Self> {
        Mailbox::new(parameters.capacity).map(|made| Wrong(Rc::new(RefCell::new(made))))
    }

    fn try_send(&mut self, _: usize, _: usize, message: Message) -> Answer {
        let deadline = message.deadline;
        match self.0.borrow_mut().try_send(message, deadline) {
            Ok(()) => Answer::Accepted,
            Err(Refused::Full(message)) => Answer::Full(Some(message)),
            Err(Refused::Closed) => Answer::Closed(None),
        }
    }

    fn try_receive(&mut self) -> Received {
        received(self.0.borrow_mut().try_receive())
    }

    fn receive(&mut self) -> Pending<Received> {
        let mailbox = Rc::clone(&self.0);
        Box::pin(poll_fn(move |context| mailbox.borrow_mut().poll_receive(context).map(received)))
    }

    fn close_by_sender(&mut self, _: usize) {
        self.0.borrow_mut().close();
    }

    fn set_time(&mut self, now: u64) {
        self.0.borrow_mut().set_time(now);
    }
}

/// Supports nothing: what cannot be called is never called.
pub struct Nothing;

impl MailboxUnderTest for Nothing {
    fn name() -> String {
        "nothing".to_owned()
    }

    fn capabilities() -> Capabilities {
        Capabilities::NONE
    }

    fn make(_: &Parameters) -> Option<Self> {
        Some(Nothing)
    }

    fn try_send(&mut self, _: usize, _: usize, message: Message) -> Answer {
        Answer::Full(Some(message))
    }

    fn try_receive(&mut self) -> Received {
        Received::Empty
    }
}
