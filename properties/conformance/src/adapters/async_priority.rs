//! `async-priority-channel`, bounded; the lane is the priority.

use alys_models::mailbox::{Policy, Rank};
use async_priority_channel::{Receiver, SendError, Sender, TryRecvError, TrySendError, bounded};

use crate::{
    capabilities::Capabilities,
    mailbox::{Answer, MailboxUnderTest, Message, Parameters, Pending, Received, Seen},
};

/// The bounded channel, with one receiver.
#[derive(Debug)]
pub struct AsyncPriorityChannel {
    senders: Vec<Sender<Message, Rank>>,
    receiver: Option<Receiver<Message, Rank>>,
}

impl MailboxUnderTest for AsyncPriorityChannel {
    fn name() -> String {
        "async-priority-channel, bounded".to_owned()
    }

    fn capabilities() -> Capabilities {
        Capabilities {
            try_sends: &["try_send"],
            waiting_sends: &["send"],
            try_receive: true,
            waiting_receive: true,
            policies: &[Policy::Backpressure],
            lanes: 3,
            clone_sender: true,
            ends_with_senders: true,
            close_by_sender: true,
            drop_receiver: true,
            len: true,
            is_closed: true,
            ..Capabilities::NONE
        }
    }

    fn make(parameters: &Parameters) -> Option<Self> {
        let (sender, receiver) = bounded(parameters.capacity as u64);
        Some(AsyncPriorityChannel { senders: vec![sender], receiver: Some(receiver) })
    }

    fn try_send(&mut self, from: usize, _: usize, message: Message) -> Answer {
        let lane = message.lane;
        match self.senders[from].try_send(message, lane) {
            Ok(()) => Answer::Accepted,
            Err(TrySendError::Full((message, _))) => Answer::Full(Some(message)),
            Err(TrySendError::Closed((message, _))) => Answer::Closed(Some(message)),
        }
    }

    fn try_receive(&mut self) -> Received {
        match self.receiver.as_ref().map(Receiver::try_recv) {
            Some(Ok((message, _))) => Received::Message(message),
            Some(Err(TryRecvError::Empty)) => Received::Empty,
            Some(Err(TryRecvError::Closed)) | None => Received::End,
        }
    }

    fn send(&mut self, from: usize, _: usize, message: Message) -> Pending<Answer> {
        let sender = self.senders[from].clone();
        let lane = message.lane;
        Box::pin(async move {
            let sent = sender.send(message, lane).await;
            sent.map_or_else(|SendError((message, _))| Answer::Closed(Some(message)), |()| Answer::Accepted)
        })
    }

    fn receive(&mut self) -> Pending<Received> {
        let receiver = self.receiver.clone();
        Box::pin(async move {
            let Some(receiver) = receiver else { return Received::End };
            receiver.recv().await.map_or(Received::End, |(message, _)| Received::Message(message))
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

    fn drop_receiver(&mut self) {
        self.receiver = None;
    }

    fn seen(&self) -> Seen {
        let Some(receiver) = &self.receiver else { return Seen::default() };
        Seen {
            len: usize::try_from(receiver.len()).ok(),
            closed: Some(receiver.is_closed()),
            ..Seen::default()
        }
    }
}
