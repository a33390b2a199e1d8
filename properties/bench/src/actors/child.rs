//! A supervised actor, behind the mailbox that outlives its incarnations.

use std::sync::Arc;

use actix::Actor;
use alys_actor::{
    Handled, MailboxActor, TokioClock,
    mailbox::{Lane, MailboxConfig, Sender},
    supervised::{Adopted, ChildContext, SupervisedActor, adopt},
    supervision::{Supervision, SupervisionConfig},
};

use super::{Add, Adder, Sum};

/// The sending end of a supervised actor that adds.
#[derive(Clone, Debug)]
pub struct Child(Sender<Add>);

struct ChildActor(Sum);

impl Actor for ChildActor {
    type Context = ChildContext<Self>;
}

impl MailboxActor<Add> for ChildActor {
    type Reply = ();

    fn handle(&mut self, Add(amount): Add, _: &mut Self::Context) -> Handled<Self, ()> {
        self.0.set(self.0.get() + amount);
        Handled::Answer(())
    }
}

impl SupervisedActor<Add> for ChildActor {}

impl Adder for Child {
    fn start(capacity: usize, sum: &Sum) -> Self {
        let made = Supervision::new(&SupervisionConfig::default(), Arc::new(TokioClock::new()));
        let supervision = made.expect("the default is valid");
        let mailbox = MailboxConfig::with_capacity(capacity);
        let sum = sum.clone();
        let factory = move || ChildActor(sum.clone());
        let sender = adopt(&supervision, Adopted { mailbox, ..Adopted::new("child", "root") }, factory);
        supervision.start("root").expect("it was not started yet");
        Child(sender.expect("the name is new"))
    }

    fn give(&self, message: Add) {
        self.0.try_send((Lane::Normal, message)).expect("there is room");
    }

    async fn send(&self, message: Add) {
        self.0.send((Lane::Normal, message)).await.expect("the actor is there");
    }

    async fn ask(&self, message: Add) {
        self.0.ask((Lane::Normal, message)).await.expect("the actor answers");
    }
}
