//! `tokio::sync::mpsc`, bounded.

use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::{Blocking, Channel, Immediate, Waiting};

/// The channel that most actors of tokio programs have for a mailbox: the baseline.
#[derive(Debug)]
pub struct Tokio;

impl Channel for Tokio {
    type Sender = Sender<u64>;
    type Receiver = Receiver<u64>;
    const NAME: &'static str = "tokio mpsc";

    fn make(capacity: usize) -> (Self::Sender, Self::Receiver) {
        channel(capacity)
    }
}

impl Immediate for Tokio {
    fn try_send(sender: &Self::Sender, message: u64) -> bool {
        sender.try_send(message).is_ok()
    }

    fn try_recv(receiver: &mut Self::Receiver) -> Option<u64> {
        receiver.try_recv().ok()
    }
}

impl Waiting for Tokio {
    async fn send(sender: &Self::Sender, message: u64) {
        sender.send(message).await.expect("the receiver is there");
    }

    async fn recv(receiver: &mut Self::Receiver) -> Option<u64> {
        receiver.recv().await
    }
}

impl Blocking for Tokio {
    fn blocking_send(sender: &Self::Sender, message: u64) {
        sender.blocking_send(message).expect("the receiver is there");
    }

    fn blocking_drain(mut receiver: Self::Receiver) -> u64 {
        std::iter::from_fn(|| receiver.blocking_recv()).count() as u64
    }
}
