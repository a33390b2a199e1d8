//! `async-priority-channel`, bounded; every message has one priority.

use async_priority_channel::{Receiver, Sender, bounded};

use super::{Channel, Immediate, Waiting};

/// The channel that also knows priorities; it does not block.
#[derive(Debug)]
pub struct AsyncPriorityChannel;

impl Channel for AsyncPriorityChannel {
    type Sender = Sender<u64, u8>;
    type Receiver = Receiver<u64, u8>;
    const NAME: &'static str = "async-priority-channel";

    fn make(capacity: usize) -> (Self::Sender, Self::Receiver) {
        bounded(capacity as u64)
    }
}

impl Immediate for AsyncPriorityChannel {
    fn try_send(sender: &Self::Sender, message: u64) -> bool {
        sender.try_send(message, 2).is_ok()
    }

    fn try_recv(receiver: &mut Self::Receiver) -> Option<u64> {
        Some(receiver.try_recv().ok()?.0)
    }
}

impl Waiting for AsyncPriorityChannel {
    async fn send(sender: &Self::Sender, message: u64) {
        sender.send(message, 2).await.expect("the receiver is there");
    }

    async fn recv(receiver: &mut Self::Receiver) -> Option<u64> {
        Some(receiver.recv().await.ok()?.0)
    }
}
