//! A plain Actix actor.

use actix::{Actor, Addr, Context, Handler, dev::ToEnvelope, prelude::SendError};
use tokio::task::yield_now;

use super::{Add, Adder, Sum};

/// The address of an actor that adds.
#[derive(Clone, Debug)]
pub struct Plain(Addr<PlainActor>);

/// Adds what arrives by Actix's own mailbox.
struct PlainActor {
    capacity: usize,
    sum: Sum,
}

impl Actor for PlainActor {
    type Context = Context<Self>;

    fn started(&mut self, context: &mut Self::Context) {
        context.set_mailbox_capacity(self.capacity);
    }
}

impl Handler<Add> for PlainActor {
    type Result = ();

    fn handle(&mut self, Add(amount): Add, _: &mut Self::Context) {
        self.sum.set(self.sum.get() + amount);
    }
}

impl Adder for Plain {
    fn start(capacity: usize, sum: &Sum) -> Self {
        Plain(PlainActor { capacity, sum: sum.clone() }.start())
    }

    fn give(&self, message: Add) {
        self.0.do_send(message);
    }

    /// Actix has no send that waits for room alone: this one yields until there is some.
    async fn send(&self, message: Add) {
        try_until_sent(&self.0, message).await;
    }

    async fn ask(&self, message: Add) {
        self.0.send(message).await.expect("the actor is there");
    }
}

async fn try_until_sent<A>(address: &Addr<A>, mut message: Add)
where
    A: Actor + Handler<Add>,
    A::Context: ToEnvelope<A, Add>,
{
    while let Err(refused) = address.try_send(message) {
        let SendError::Full(back) = refused else { panic!("the actor is gone") };
        message = back;
        yield_now().await;
    }
}
