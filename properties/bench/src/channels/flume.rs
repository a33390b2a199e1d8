//! `flume`, bounded.

use flume::{Receiver, Sender, bounded};

use super::{Blocking, Channel, Immediate, Waiting};

/// A channel that blocks and awaits.
#[derive(Debug)]
pub struct Flume;

impl Channel for Flume {
    type Sender = Sender<u64>;
    type Receiver = Receiver<u64>;
    const NAME: &'static str = "flume";

    fn make(capacity: usize) -> (Self::Sender, Self::Receiver) {
        bounded(capacity)
    }
}

impl Immediate for Flume {
    fn try_send(sender: &Self::Sender, message: u64) -> bool {
        sender.try_send(message).is_ok()
    }

    fn try_recv(receiver: &mut Self::Receiver) -> Option<u64> {
        receiver.try_recv().ok()
    }
}

impl Waiting for Flume {
    async fn send(sender: &Self::Sender, message: u64) {
        sender.send_async(message).await.expect("the receiver is there");
    }

    async fn recv(receiver: &mut Self::Receiver) -> Option<u64> {
        receiver.recv_async().await.ok()
    }
}

impl Blocking for Flume {
    fn blocking_send(sender: &Self::Sender, message: u64) {
        sender.send(message).expect("the receiver is there");
    }

    fn blocking_drain(receiver: Self::Receiver) -> u64 {
        receiver.into_iter().count() as u64
    }
}
