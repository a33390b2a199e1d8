//! `async-channel`, bounded.

use async_channel::{Receiver, Sender, bounded};

use super::{Blocking, Channel, Immediate, Waiting};

/// A lock-free channel that blocks and awaits.
#[derive(Debug)]
pub struct AsyncChannel;

impl Channel for AsyncChannel {
    type Sender = Sender<u64>;
    type Receiver = Receiver<u64>;
    const NAME: &'static str = "async-channel";

    fn make(capacity: usize) -> (Self::Sender, Self::Receiver) {
        bounded(capacity)
    }
}

impl Immediate for AsyncChannel {
    fn try_send(sender: &Self::Sender, message: u64) -> bool {
        sender.try_send(message).is_ok()
    }

    fn try_recv(receiver: &mut Self::Receiver) -> Option<u64> {
        receiver.try_recv().ok()
    }
}

impl Waiting for AsyncChannel {
    async fn send(sender: &Self::Sender, message: u64) {
        sender.send(message).await.expect("the receiver is there");
    }

    async fn recv(receiver: &mut Self::Receiver) -> Option<u64> {
        receiver.recv().await.ok()
    }
}

impl Blocking for AsyncChannel {
    fn blocking_send(sender: &Self::Sender, message: u64) {
        sender.send_blocking(message).expect("the receiver is there");
    }

    fn blocking_drain(receiver: Self::Receiver) -> u64 {
        std::iter::from_fn(|| receiver.recv_blocking().ok()).count() as u64
    }
}
