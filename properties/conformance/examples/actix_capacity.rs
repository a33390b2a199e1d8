//! Two messages in an Actix mailbox of capacity 1: an `Addr` and its `Recipient` each have a place of their own.
//!
//! Exits with 0 when it is so, with 1 when the second message is refused, as the documentation of `try_send` says.

use std::process::ExitCode;

use actix::{Actor, Context, Handler, Message};
use tokio::task::LocalSet;

struct Letter;

impl Message for Letter {
    type Result = ();
}

struct Idle;

impl Actor for Idle {
    type Context = Context<Self>;
}

impl Handler<Letter> for Idle {
    type Result = ();

    fn handle(&mut self, _: Letter, _: &mut Context<Self>) {}
}

fn main() -> ExitCode {
    let local = LocalSet::new();
    let _entered = local.enter();
    // Nobody polls the actor here, so nothing is taken out.
    let address = Idle::create(|context| {
        context.set_mailbox_capacity(1);
        Idle
    });
    let recipient = address.clone().recipient();
    let (first, second) = (address.try_send(Letter).is_ok(), recipient.try_send(Letter).is_ok());
    let third = address.try_send(Letter).is_ok() || recipient.try_send(Letter).is_ok();
    if first && second && !third { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
