//! An Actix actor behind our mailbox.

use actix::{Actor, Context};
use alys_actor::{
    Handled, MailboxActor, drain,
    mailbox::{Lane, MailboxConfig, Receiver, Sender, mailbox},
};

use super::{Add, Adder, Sum};
use crate::channels::environment;

/// The sending end of an actor that adds.
#[derive(Clone, Debug)]
pub struct Behind(Sender<Add>);

struct BehindActor {
    receiver: Option<Receiver<Add>>,
    sum: Sum,
}

impl Actor for BehindActor {
    type Context = Context<Self>;

    fn started(&mut self, context: &mut Self::Context) {
        if let Some(receiver) = self.receiver.take() {
            drain(receiver, context);
        }
    }
}

impl MailboxActor<Add> for BehindActor {
    type Reply = ();

    fn handle(&mut self, Add(amount): Add, _: &mut Self::Context) -> Handled<Self, ()> {
        self.sum.set(self.sum.get() + amount);
        Handled::Answer(())
    }
}

impl Adder for Behind {
    fn start(capacity: usize, sum: &Sum) -> Self {
        let made = mailbox(MailboxConfig::with_capacity(capacity), environment());
        let (sender, receiver) = made.expect("the capacity is positive");
        BehindActor { receiver: Some(receiver), sum: sum.clone() }.start();
        Behind(sender)
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
