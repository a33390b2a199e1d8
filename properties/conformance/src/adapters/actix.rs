//! Actix's own mailbox: `Addr`, `Recipient` and their clones.
//!
//! The actor is let to take one message at a time: after each it waits for the kit's leave, so that what is queued
//! stays queued. The future of `Addr::send` ends with the answer of the handler and not with the acceptance of
//! the message, so it is polled once and then kept: the message counts as accepted unless the future says otherwise.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    future::Future,
    pin::{Pin, pin},
    rc::Rc,
    task::{Context, Poll, Waker},
};

use actix::{Actor, ActorContext, ActorFutureExt, Addr, AsyncContext, Handler, MailboxError, Recipient, fut};
use alys_models::mailbox::Policy;
use alys_properties::wakes::{CountingWaker, settle};
use tokio::task::LocalSet;

use crate::{
    capabilities::Capabilities,
    mailbox::{Answer, MailboxUnderTest, Message, Parameters, Received, Seen},
};

struct Letter(Message);

impl actix::Message for Letter {
    type Result = ();
}

/// What the kit and the actor share.
#[derive(Debug, Default)]
struct Leave {
    given: Cell<bool>,
    stop: Cell<bool>,
    stopped: Cell<bool>,
    waker: RefCell<Option<Waker>>,
    taken: RefCell<VecDeque<Message>>,
}

impl Leave {
    fn give(&self) {
        self.given.set(true);
        self.waker.take().into_iter().for_each(Waker::wake);
    }

    fn poll(&self, context: &Context<'_>) -> Poll<()> {
        if self.given.get() {
            return Poll::Ready(());
        }
        self.waker.replace(Some(context.waker().clone()));
        Poll::Pending
    }
}

struct Taker(Rc<Leave>);

impl Taker {
    /// Takes no message until there is leave.
    fn wait(&self, context: &mut actix::Context<Self>) {
        let leave = Rc::clone(&self.0);
        let leave = fut::wrap_future::<_, Self>(std::future::poll_fn(move |context| leave.poll(context)));
        context.wait(leave.map(|(), taker, context| {
            if taker.0.stop.get() {
                context.stop();
            }
        }));
    }
}

impl Actor for Taker {
    type Context = actix::Context<Self>;

    fn started(&mut self, context: &mut Self::Context) {
        self.wait(context);
    }

    fn stopped(&mut self, _: &mut Self::Context) {
        self.0.stopped.set(true);
    }
}

impl Handler<Letter> for Taker {
    type Result = ();

    fn handle(&mut self, Letter(message): Letter, context: &mut Self::Context) {
        if self.0.stop.get() {
            // It had leave for one more when it was told to stop.
            return context.stop();
        }
        self.0.taken.borrow_mut().push_back(message);
        self.0.given.set(false);
        self.wait(context);
    }
}

type Request = Pin<Box<dyn Future<Output = Result<(), MailboxError>>>>;

/// The mailbox of an actor.
pub struct ActixMailbox {
    local: LocalSet,
    wakes: CountingWaker,
    leave: Rc<Leave>,
    senders: Vec<(Addr<Taker>, Recipient<Letter>)>,
    requests: Vec<Request>,
}

impl std::fmt::Debug for ActixMailbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ActixMailbox").field("leave", &self.leave).finish_non_exhaustive()
    }
}

impl ActixMailbox {
    fn settle(&mut self) {
        assert!(settle(&mut self.local, &self.wakes), "the actor is woken for ever");
    }

    fn request(&mut self, request: impl Future<Output = Result<(), MailboxError>> + 'static) -> Answer {
        let mut request: Request = Box::pin(request);
        let polled = pin!(&mut request).poll(&mut Context::from_waker(Waker::noop()));
        if polled.is_ready() {
            return Answer::Closed(None);
        }
        self.requests.push(request);
        Answer::Accepted
    }
}

fn tried(result: Result<(), actix::prelude::SendError<Letter>>) -> Answer {
    match result {
        Ok(()) => Answer::Accepted,
        Err(actix::prelude::SendError::Full(Letter(message))) => Answer::Full(Some(message)),
        Err(actix::prelude::SendError::Closed(Letter(message))) => Answer::Closed(Some(message)),
    }
}

impl MailboxUnderTest for ActixMailbox {
    fn name() -> String {
        "actix, the mailbox of an actor".to_owned()
    }

    fn capabilities() -> Capabilities {
        Capabilities {
            try_sends: &[
                "Addr::try_send",
                "Recipient::try_send",
                "Addr::do_send",
                "Recipient::do_send",
                "Addr::send",
                "Recipient::send",
            ],
            try_receive: true,
            policies: &[Policy::Reject],
            clone_sender: true,
            drop_receiver: true,
            is_closed: true,
            ..Capabilities::NONE
        }
    }

    fn make(parameters: &Parameters) -> Option<Self> {
        let local = LocalSet::new();
        let leave = Rc::new(Leave::default());
        let entered = local.enter();
        let taker = Taker(Rc::clone(&leave));
        let capacity = parameters.capacity;
        let address = Taker::create(|context| {
            context.set_mailbox_capacity(capacity);
            taker
        });
        drop(entered);
        let senders = vec![(address.clone(), address.recipient())];
        let mut made =
            ActixMailbox { local, wakes: CountingWaker::new(), leave, senders, requests: Vec::new() };
        made.settle();
        Some(made)
    }

    fn try_send(&mut self, from: usize, way: usize, message: Message) -> Answer {
        let (address, recipient) = &self.senders[from];
        match way {
            0 => tried(address.try_send(Letter(message))),
            1 => tried(recipient.try_send(Letter(message))),
            2 | 3 if !address.connected() => Answer::Closed(None),
            2 => {
                address.do_send(Letter(message));
                Answer::Accepted
            }
            3 => {
                recipient.do_send(Letter(message));
                Answer::Accepted
            }
            4 => {
                let request = address.send(Letter(message));
                self.request(request)
            }
            _ => {
                let request = recipient.send(Letter(message));
                self.request(request)
            }
        }
    }

    fn try_receive(&mut self) -> Received {
        self.leave.give();
        self.settle();
        match self.leave.taken.borrow_mut().pop_front() {
            Some(message) => Received::Message(message),
            None if self.leave.stopped.get() => Received::End,
            None => Received::Empty,
        }
    }

    fn clone_sender(&mut self, from: usize) {
        self.senders.push(self.senders[from].clone());
    }

    fn drop_sender(&mut self, from: usize) {
        self.senders.remove(from);
    }

    fn drop_receiver(&mut self) {
        self.leave.stop.set(true);
        self.leave.give();
        self.settle();
    }

    fn seen(&self) -> Seen {
        Seen { closed: self.senders.first().map(|(address, _)| !address.connected()), ..Seen::default() }
    }
}
