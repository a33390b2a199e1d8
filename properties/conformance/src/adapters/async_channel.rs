//! `async-channel`, bounded.

use alys_models::mailbox::Policy;
use async_channel::{Receiver, SendError, Sender, TryRecvError, TrySendError, bounded};

use crate::{
    capabilities::Capabilities,
    mailbox::{Answer, MailboxUnderTest, Message, Parameters, Pending, Received, Seen},
};

/// The bounded channel, with one receiver.
#[derive(Debug)]
pub struct AsyncChannel {
    senders: Vec<Sender<Message>>,
    receiver: Option<Receiver<Message>>,
}

impl MailboxUnderTest for AsyncChannel {
    fn name() -> String {
        "async-channel, bounded".to_owned()
    }

    fn capabilities() -> Capabilities {
        Capabilities {
            try_sends: &["try_send", "try_send of an upgraded weak sender"],
            waiting_sends: &["send", "send of an upgraded weak sender"],
            try_receive: true,
            waiting_receive: true,
            policies: &[Policy::Backpressure],
            clone_sender: true,
            ends_with_senders: true,
            close_by_sender: true,
            close_by_receiver: true,
            drop_receiver: true,
            len: true,
            is_closed: true,
            ..Capabilities::NONE
        }
    }

    fn make(parameters: &Parameters) -> Option<Self> {
        let (sender, receiver) = bounded(parameters.capacity);
        Some(AsyncChannel { senders: vec![sender], receiver: Some(receiver) })
    }

    fn try_send(&mut self, from: usize, way: usize, message: Message) -> Answer {
        let sender = &self.senders[from];
        let upgraded = if way == 0 { Some(sender.clone()) } else { sender.downgrade().upgrade() };
        let Some(sender) = upgraded else { return Answer::Closed(Some(message)) };
        match sender.try_send(message) {
            Ok(()) => Answer::Accepted,
            Err(TrySendError::Full(message)) => Answer::Full(Some(message)),
            Err(TrySendError::Closed(message)) => Answer::Closed(Some(message)),
        }
    }

    fn try_receive(&mut self) -> Received {
        match self.receiver.as_ref().map(Receiver::try_recv) {
            Some(Ok(message)) => Received::Message(message),
            Some(Err(TryRecvError::Empty)) => Received::Empty,
            Some(Err(TryRecvError::Closed)) | None => Received::End,
        }
    }

    fn send(&mut self, from: usize, way: usize, message: Message) -> Pending<Answer> {
        let sender = self.senders[from].clone();
        Box::pin(async move {
            let upgraded = if way == 0 { Some(sender.clone()) } else { sender.downgrade().upgrade() };
            let Some(sender) = upgraded else { return Answer::Closed(Some(message)) };
            let sent = sender.send(message).await;
            sent.map_or_else(|SendError(message)| Answer::Closed(Some(message)), |()| Answer::Accepted)
        })
    }

    fn receive(&mut self) -> Pending<Received> {
        let receiver = self.receiver.clone();
        Box::pin(async move {
            let Some(receiver) = receiver else { return Received::End };
            receiver.recv().await.map_or(Received::End, Received::Message)
        })
    }

    fn clone_sender(&mut self, from: usize) {
        self.senders.push(self.senders[from].clone());
    }

    fn drop_sender(&mut self, from: usize) {
        self.senders.remove(from);
    }

    fn close_by_sender(&mut self, from: usize) {
        self.senders[from].close();
    }

    fn close_by_receiver(&mut self) {
        self.receiver.iter().for_each(|receiver| {
            receiver.close();
        });
    }

    fn drop_receiver(&mut self) {
        self.receiver = None;
    }

    fn seen(&self) -> Seen {
        let Some(receiver) = &self.receiver else { return Seen::default() };
        Seen { len: Some(receiver.len()), closed: Some(receiver.is_closed()), ..Seen::default() }
    }
}
