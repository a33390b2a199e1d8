//! The actor of the laws: it writes down what happens to it, and does what it is told.

use std::{cell::RefCell, panic::resume_unwind, rc::Rc, thread};

use actix::{Actor, Addr, AsyncContext, Handler, fut::wrap_future};

use super::alys::{
    Handled, MailboxActor,
    mailbox::Sender,
    supervised::{ChildContext, Hook, SupervisedActor},
};

/// What the actor of these laws does with a message.
pub(super) enum Deed {
    Echo(u32),
    Panic,
    PanicWith(Payload),
    /// A future that the actor spawns panics.
    SpawnPanicWith(Payload),
    Run(Box<dyn FnOnce() + Send>),
    Address,
}

pub(super) type Payload = Box<dyn std::any::Any + Send>;

pub(super) type Log = Rc<RefCell<Vec<String>>>;

pub(super) type Address = Sender<Deed, u32>;

pub(super) struct Child {
    pub(super) name: &'static str,
    pub(super) log: Log,
    /// The address of Actix of the incarnation that was asked for it.
    pub(super) address: Rc<RefCell<Option<Addr<Child>>>>,
    /// Dropped with it.
    pub(super) _bomb: Option<Bomb>,
}

/// Panics when it is dropped, unless the thread panics already.
pub(super) struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        if !thread::panicking() {
            resume_unwind(Box::new("dropped"));
        }
    }
}

/// Something for Actix's own mailbox.
struct Ping;

impl actix::Message for Ping {
    type Result = ();
}

impl Actor for Child {
    type Context = ChildContext<Self>;
}

impl Handler<Ping> for Child {
    type Result = ();

    fn handle(&mut self, _: Ping, _: &mut Self::Context) {
        self.log.borrow_mut().push(format!("{} pinged", self.name));
    }
}

impl MailboxActor<Deed> for Child {
    type Reply = u32;

    fn handle(&mut self, deed: Deed, context: &mut Self::Context) -> Handled<Self, u32> {
        match deed {
            Deed::Echo(number) => {
                self.log.borrow_mut().push(format!("{} {number}", self.name));
                return Handled::Answer(number);
            }
            Deed::Panic => resume_unwind(Box::new("on purpose")),
            Deed::PanicWith(payload) => resume_unwind(payload),
            Deed::SpawnPanicWith(payload) => {
                context.spawn(wrap_future(async move { resume_unwind(payload) }));
            }
            Deed::Run(action) => action(),
            Deed::Address => *self.address.borrow_mut() = Some(context.address()),
        }
        Handled::Answer(0)
    }
}

impl SupervisedActor<Deed> for Child {
    fn start_hook(&mut self, _: &mut ChildContext<Self>) -> Hook<Self> {
        self.log.borrow_mut().push(format!("{} starts", self.name));
        Hook::Done
    }

    fn restart_hook(&mut self, _: &mut ChildContext<Self>) -> Hook<Self> {
        let connected = self.address.borrow().as_ref().is_some_and(Addr::connected);
        self.log.borrow_mut().push(format!("{} restarts", self.name));
        if connected {
            self.log.borrow_mut().push("the old one lives".to_owned());
        }
        Hook::Done
    }

    fn stop_hook(&mut self, _: &mut ChildContext<Self>) -> Hook<Self> {
        self.log.borrow_mut().push(format!("{} stops", self.name));
        Hook::Done
    }
}
