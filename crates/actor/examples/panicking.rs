//! A message makes an actor panic; what becomes of the message behind it, and of the address?

use std::{panic::resume_unwind, sync::Arc};

use actix::{Actor, Context, Handler, Message, Supervised, Supervisor};
use alys_actor::{
    Handled, MailboxActor, TokioClock,
    mailbox::Lane,
    supervised::{Adopted, ChildContext, SupervisedActor, adopt},
    supervision::{Supervision, SupervisionConfig},
};

#[derive(Message)]
#[rtype(result = "u32")]
struct Divide(u32);

fn hundred_by(divisor: u32) -> u32 {
    100_u32.checked_div(divisor).unwrap_or_else(|| resume_unwind(Box::new("divided by zero")))
}

struct Plain;
impl Actor for Plain { type Context = Context<Self>; }
impl Supervised for Plain {}
impl Handler<Divide> for Plain {
    type Result = u32;
    fn handle(&mut self, message: Divide, _: &mut Self::Context) -> u32 { hundred_by(message.0) }
}

struct Child;
impl Actor for Child { type Context = ChildContext<Self>; }
impl SupervisedActor<Divide> for Child {}
impl MailboxActor<Divide> for Child {
    type Reply = u32;
    fn handle(&mut self, message: Divide, _: &mut Self::Context) -> Handled<Self, u32> { Handled::Answer(hundred_by(message.0)) }
}
