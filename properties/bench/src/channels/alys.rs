//! The mailbox of `alys-actor`; every message goes into one lane.

use std::sync::Arc;

use alys_actor::{
    TokioClock,
    mailbox::{Delivery, Environment, Lane, MailboxConfig, Receiver, Sender, mailbox},
};

use super::{Blocking, Channel, Immediate, Waiting};

/// Our mailbox, received from one message at a time.
#[derive(Debug)]
pub struct Alys;

/// Our mailbox, received from in turns, as an actor does.
#[derive(Debug)]
pub struct AlysTurn;

/// The surroundings of every mailbox that is measured.
#[must_use]
pub fn environment<M>() -> Environment<M> {
    Environment::new(Arc::new(TokioClock::new()))
}

fn make(capacity: usize) -> (Sender<u64>, Receiver<u64>) {
    mailbox(MailboxConfig::with_capacity(capacity), environment()).expect("the capacity is positive")
}

impl Channel for Alys {
    type Sender = Sender<u64>;
    type Receiver = Receiver<u64>;
    const NAME: &'static str = "alys";

    fn make(capacity: usize) -> (Self::Sender, Self::Receiver) {
        make(capacity)
    }
}

impl Immediate for Alys {
    fn try_send(sender: &Self::Sender, message: u64) -> bool {
        sender.try_send((Lane::Normal, message)).is_ok()
    }

    fn try_recv(receiver: &mut Self::Receiver) -> Option<u64> {
        Some(receiver.try_recv().ok()?.acknowledge())
    }
}

impl Waiting for Alys {
    async fn send(sender: &Self::Sender, message: u64) {
        sender.send((Lane::Normal, message)).await.expect("the receiver is there");
    }

    async fn recv(receiver: &mut Self::Receiver) -> Option<u64> {
        Some(receiver.recv().await?.acknowledge())
    }
}

impl Blocking for Alys {
    fn blocking_send(sender: &Self::Sender, message: u64) {
        sender.blocking_send((Lane::Normal, message)).expect("the receiver is there");
    }

    fn blocking_drain(mut receiver: Self::Receiver) -> u64 {
        let mut received = 0;
        while let Some(delivery) = receiver.blocking_recv() {
            delivery.acknowledge();
            received += 1;
        }
        received
    }
}

impl Channel for AlysTurn {
    type Sender = Sender<u64>;
    type Receiver = Receiver<u64>;
    const NAME: &'static str = "alys, in turns";

    fn make(capacity: usize) -> (Self::Sender, Self::Receiver) {
        make(capacity)
    }
}

impl Blocking for AlysTurn {
    fn blocking_send(sender: &Self::Sender, message: u64) {
        Alys::blocking_send(sender, message);
    }

    fn blocking_drain(mut receiver: Self::Receiver) -> u64 {
        let mut received = 0;
        while receiver.blocking_recv().map(Delivery::acknowledge).is_some() {
            received += 1;
            let mut turn = receiver.turn();
            while let Ok(delivery) = turn.try_recv() {
                delivery.acknowledge();
                received += 1;
            }
        }
        received
    }
}
