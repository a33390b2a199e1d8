//! `crossbeam-channel`, bounded; it does not await.

use crossbeam_channel::{Receiver, Sender, bounded};

use super::{Blocking, Channel, Immediate};

/// The channel of threads.
#[derive(Debug)]
pub struct Crossbeam;

impl Channel for Crossbeam {
    type Sender = Sender<u64>;
    type Receiver = Receiver<u64>;
    const NAME: &'static str = "crossbeam-channel";

    fn make(capacity: usize) -> (Self::Sender, Self::Receiver) {
        bounded(capacity)
    }
}

impl Immediate for Crossbeam {
    fn try_send(sender: &Self::Sender, message: u64) -> bool {
        sender.try_send(message).is_ok()
    }

    fn try_recv(receiver: &mut Self::Receiver) -> Option<u64> {
        receiver.try_recv().ok()
    }
}

impl Blocking for Crossbeam {
    fn blocking_send(sender: &Self::Sender, message: u64) {
        sender.send(message).expect("the receiver is there");
    }

    fn blocking_drain(receiver: Self::Receiver) -> u64 {
        receiver.into_iter().count() as u64
    }
}
