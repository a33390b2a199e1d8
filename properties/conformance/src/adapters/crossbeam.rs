//! `crossbeam-channel`, bounded. Its waiting calls block their thread, so only the immediate ones are driven.

use alys_models::mailbox::Policy;
use crossbeam_channel::{Receiver, Sender, TryRecvError, TrySendError, bounded};

use crate::{
    capabilities::Capabilities,
    mailbox::{Answer, MailboxUnderTest, Message, Parameters, Received, Seen},
};

/// The bounded channel, with one receiver.
#[derive(Debug)]
pub struct Crossbeam {
    senders: Vec<Sender<Message>>,
    receiver: Option<Receiver<Message>>,
}

impl MailboxUnderTest for Crossbeam {
    fn name() -> String {
        "crossbeam-channel, bounded".to_owned()
    }

    fn capabilities() -> Capabilities {
        Capabilities {
            try_sends: &["try_send"],
            try_receive: true,
            policies: &[Policy::Backpressure],
            clone_sender: true,
            ends_with_senders: true,
            drop_receiver: true,
            len: true,
            ..Capabilities::NONE
        }
    }

    fn make(parameters: &Parameters) -> Option<Self> {
        let (sender, receiver) = bounded(parameters.capacity);
        Some(Crossbeam { senders: vec![sender], receiver: Some(receiver) })
    }

    fn try_send(&mut self, from: usize, _: usize, message: Message) -> Answer {
        match self.senders[from].try_send(message) {
            Ok(()) => Answer::Accepted,
            Err(TrySendError::Full(message)) => Answer::Full(Some(message)),
            Err(TrySendError::Disconnected(message)) => Answer::Closed(Some(message)),
        }
    }

    fn try_receive(&mut self) -> Received {
        match self.receiver.as_ref().map(Receiver::try_recv) {
            Some(Ok(message)) => Received::Message(message),
            Some(Err(TryRecvError::Empty)) => Received::Empty,
            Some(Err(TryRecvError::Disconnected)) | None => Received::End,
        }
    }

    fn clone_sender(&mut self, from: usize) {
        self.senders.push(self.senders[from].clone());
    }

    fn drop_sender(&mut self, from: usize) {
        self.senders.remove(from);
    }

    fn drop_receiver(&mut self) {
        self.receiver = None;
    }

    fn seen(&self) -> Seen {
        Seen { len: self.receiver.as_ref().map(Receiver::len), ..Seen::default() }
    }
}
