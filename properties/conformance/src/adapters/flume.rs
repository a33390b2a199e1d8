//! `flume`, bounded.

use alys_models::mailbox::Policy;
use flume::{Receiver, SendError, Sender, TryRecvError, TrySendError, bounded};

use crate::{
    capabilities::Capabilities,
    mailbox::{Answer, MailboxUnderTest, Message, Parameters, Pending, Received, Seen},
};

/// The bounded channel, with one receiver.
#[derive(Debug)]
pub struct Flume {
    senders: Vec<Sender<Message>>,
    receiver: Option<Receiver<Message>>,
}

impl MailboxUnderTest for Flume {
    fn name() -> String {
        "flume, bounded".to_owned()
    }

    fn capabilities() -> Capabilities {
        Capabilities {
            try_sends: &["try_send"],
            waiting_sends: &["into_send_async"],
            try_receive: true,
            waiting_receive: true,
            policies: &[Policy::Backpressure],
            clone_sender: true,
            ends_with_senders: true,
            drop_receiver: true,
            is_closed: true,
            ..Capabilities::NONE
        }
    }

    fn make(parameters: &Parameters) -> Option<Self> {
        let (sender, receiver) = bounded(parameters.capacity);
        Some(Flume { senders: vec![sender], receiver: Some(receiver) })
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

    fn send(&mut self, from: usize, _: usize, message: Message) -> Pending<Answer> {
        let sending = self.senders[from].clone().into_send_async(message);
        Box::pin(async move {
            sending
                .await
                .map_or_else(|SendError(message)| Answer::Closed(Some(message)), |()| Answer::Accepted)
        })
    }

    fn receive(&mut self) -> Pending<Received> {
        let receiver = self.receiver.clone();
        Box::pin(async move {
            let Some(receiver) = receiver else { return Received::End };
            receiver.into_recv_async().await.map_or(Received::End, Received::Message)
        })
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
        // A pending receive keeps a receiver of its own, which goes before the receiver does.
        Seen { closed: self.receiver.as_ref().map(Receiver::is_disconnected), ..Seen::default() }
    }
}
