//! `tokio::sync::mpsc`. Futures are polled outside of the runtime, whose cooperative budget would hide wake-ups.

use std::{cell::RefCell, future::poll_fn, rc::Rc, task::Poll};

use alys_models::mailbox::Policy;
use tokio::sync::mpsc::{
    self,
    error::{SendError, TryRecvError, TrySendError},
};

use crate::{
    capabilities::Capabilities,
    mailbox::{Answer, MailboxUnderTest, Message, Parameters, Pending, Place, Received, Seen},
};

/// The bounded channel.
#[derive(Debug)]
pub struct TokioBounded {
    senders: Vec<mpsc::Sender<Message>>,
    receiver: Option<Rc<RefCell<mpsc::Receiver<Message>>>>,
    places: Vec<mpsc::OwnedPermit<Message>>,
}

fn tried(result: Result<(), TrySendError<Message>>) -> Answer {
    match result {
        Ok(()) => Answer::Accepted,
        Err(TrySendError::Full(message)) => Answer::Full(Some(message)),
        Err(TrySendError::Closed(message)) => Answer::Closed(Some(message)),
    }
}

fn sent(result: Result<(), SendError<Message>>) -> Answer {
    result.map_or_else(|SendError(message)| Answer::Closed(Some(message)), |()| Answer::Accepted)
}

/// A permit comes without the message, which stays with its owner when there is none.
fn by_permit<P>(
    permit: Result<P, TrySendError<()>>,
    message: Message,
    send: impl FnOnce(P, Message),
) -> Answer {
    match permit {
        Ok(permit) => {
            send(permit, message);
            Answer::Accepted
        }
        Err(TrySendError::Full(())) => Answer::Full(Some(message)),
        Err(TrySendError::Closed(())) => Answer::Closed(Some(message)),
    }
}

fn taken(result: Result<Message, TryRecvError>) -> Received {
    match result {
        Ok(message) => Received::Message(message),
        Err(TryRecvError::Empty) => Received::Empty,
        Err(TryRecvError::Disconnected) => Received::End,
    }
}

impl MailboxUnderTest for TokioBounded {
    fn name() -> String {
        "tokio::sync::mpsc, bounded".to_owned()
    }

    fn capabilities() -> Capabilities {
        Capabilities {
            try_sends: &[
                "try_send",
                "try_reserve",
                "try_reserve_owned",
                "try_reserve_many",
                "try_send of an upgraded weak sender",
            ],
            waiting_sends: &[
                "send",
                "reserve",
                "reserve_owned",
                "reserve_many",
                "send of an upgraded weak sender",
            ],
            try_receive: true,
            waiting_receive: true,
            policies: &[Policy::Backpressure],
            clone_sender: true,
            ends_with_senders: true,
            close_by_receiver: true,
            places: true,
            receive_many: true,
            watch_closed: true,
            drop_receiver: true,
            len: true,
            is_closed: true,
            ..Capabilities::NONE
        }
    }

    fn make(parameters: &Parameters) -> Option<Self> {
        let (sender, receiver) = mpsc::channel(parameters.capacity);
        let receiver = Some(Rc::new(RefCell::new(receiver)));
        Some(TokioBounded { senders: vec![sender], receiver, places: Vec::new() })
    }

    fn try_send(&mut self, from: usize, way: usize, message: Message) -> Answer {
        let sender = &self.senders[from];
        match way {
            0 => tried(sender.try_send(message)),
            1 => by_permit(sender.try_reserve(), message, |permit, message| permit.send(message)),
            2 => {
                let permit = sender.clone().try_reserve_owned().map_err(|refused| match refused {
                    TrySendError::Full(_) => TrySendError::Full(()),
                    TrySendError::Closed(_) => TrySendError::Closed(()),
                });
                by_permit(permit, message, |permit, message| drop(permit.send(message)))
            }
            3 => by_permit(sender.try_reserve_many(1), message, |mut permits, message| {
                permits.next().expect("one was reserved").send(message);
            }),
            _ => match sender.downgrade().upgrade() {
                Some(upgraded) => tried(upgraded.try_send(message)),
                None => Answer::Closed(Some(message)),
            },
        }
    }

    fn try_receive(&mut self) -> Received {
        self.receiver.as_ref().map_or(Received::End, |receiver| taken(receiver.borrow_mut().try_recv()))
    }

    fn send(&mut self, from: usize, way: usize, message: Message) -> Pending<Answer> {
        let sender = self.senders[from].clone();
        Box::pin(async move {
            match way {
                0 => sent(sender.send(message).await),
                1 => {
                    by_permit(closed(sender.reserve().await), message, |permit, message| permit.send(message))
                }
                2 => by_permit(closed(sender.reserve_owned().await), message, |permit, message| {
                    drop(permit.send(message));
                }),
                3 => by_permit(closed(sender.reserve_many(1).await), message, |mut permits, message| {
                    permits.next().expect("one was reserved").send(message);
                }),
                _ => match sender.downgrade().upgrade() {
                    Some(upgraded) => sent(upgraded.send(message).await),
                    None => Answer::Closed(Some(message)),
                },
            }
        })
    }

    fn receive(&mut self) -> Pending<Received> {
        let receiver = self.receiver.clone();
        Box::pin(poll_fn(move |context| {
            let Some(receiver) = &receiver else { return Poll::Ready(Received::End) };
            receiver
                .borrow_mut()
                .poll_recv(context)
                .map(|taken| taken.map_or(Received::End, Received::Message))
        }))
    }

    fn receive_many(&mut self, limit: usize) -> Pending<Vec<Message>> {
        let (receiver, mut messages) = (self.receiver.clone(), Vec::new());
        Box::pin(poll_fn(move |context| {
            let Some(receiver) = &receiver else { return Poll::Ready(Vec::new()) };
            let taken = receiver.borrow_mut().poll_recv_many(context, &mut messages, limit);
            taken.map(|_| std::mem::take(&mut messages))
        }))
    }

    fn watch_closed(&mut self, from: usize) -> Pending<()> {
        let sender = self.senders[from].clone();
        Box::pin(async move { sender.closed().await })
    }

    fn keep_place(&mut self, from: usize) -> Place {
        match self.senders[from].clone().try_reserve_owned() {
            Ok(permit) => {
                self.places.push(permit);
                Place::Kept
            }
            Err(TrySendError::Full(_)) => Place::Full,
            Err(TrySendError::Closed(_)) => Place::Closed,
        }
    }

    fn send_kept(&mut self, place: usize, message: Message) -> Answer {
        drop(self.places.remove(place).send(message));
        Answer::Accepted
    }

    fn give_place_back(&mut self, place: usize) {
        drop(self.places.remove(place));
    }

    fn clone_sender(&mut self, from: usize) {
        self.senders.push(self.senders[from].clone());
    }

    fn drop_sender(&mut self, from: usize) {
        self.senders.remove(from);
    }

    fn close_by_receiver(&mut self) {
        self.receiver.iter().for_each(|receiver| receiver.borrow_mut().close());
    }

    fn drop_receiver(&mut self) {
        self.receiver = None;
    }

    fn seen(&self) -> Seen {
        let Some(receiver) = &self.receiver else { return Seen::default() };
        let receiver = receiver.borrow();
        // `Receiver::is_closed` also knows of senders that are gone; `Sender::is_closed` is the same flag.
        Seen {
            len: Some(receiver.len()),
            closed: Some(receiver.is_closed()),
            room: Some(receiver.capacity()),
            capacity: Some(receiver.max_capacity()),
            ..Seen::default()
        }
    }
}

fn closed<P>(permit: Result<P, SendError<()>>) -> Result<P, TrySendError<()>> {
    permit.map_err(|SendError(())| TrySendError::Closed(()))
}

/// The unbounded channel.
#[derive(Debug)]
pub struct TokioUnbounded {
    senders: Vec<mpsc::UnboundedSender<Message>>,
    receiver: Option<Rc<RefCell<mpsc::UnboundedReceiver<Message>>>>,
}

impl MailboxUnderTest for TokioUnbounded {
    fn name() -> String {
        "tokio::sync::mpsc, unbounded".to_owned()
    }

    fn capabilities() -> Capabilities {
        Capabilities {
            try_sends: &["send", "send of an upgraded weak sender"],
            try_receive: true,
            waiting_receive: true,
            clone_sender: true,
            ends_with_senders: true,
            close_by_receiver: true,
            receive_many: true,
            watch_closed: true,
            drop_receiver: true,
            len: true,
            is_closed: true,
            ..Capabilities::NONE
        }
    }

    fn make(_: &Parameters) -> Option<Self> {
        let (sender, receiver) = mpsc::unbounded_channel();
        Some(TokioUnbounded { senders: vec![sender], receiver: Some(Rc::new(RefCell::new(receiver))) })
    }

    fn try_send(&mut self, from: usize, way: usize, message: Message) -> Answer {
        let sender = &self.senders[from];
        match (way, sender.downgrade().upgrade()) {
            (0, _) => sent(sender.send(message)),
            (_, Some(upgraded)) => sent(upgraded.send(message)),
            (_, None) => Answer::Closed(Some(message)),
        }
    }

    fn try_receive(&mut self) -> Received {
        self.receiver.as_ref().map_or(Received::End, |receiver| taken(receiver.borrow_mut().try_recv()))
    }

    fn receive(&mut self) -> Pending<Received> {
        let receiver = self.receiver.clone();
        Box::pin(poll_fn(move |context| {
            let Some(receiver) = &receiver else { return Poll::Ready(Received::End) };
            receiver
                .borrow_mut()
                .poll_recv(context)
                .map(|taken| taken.map_or(Received::End, Received::Message))
        }))
    }

    fn receive_many(&mut self, limit: usize) -> Pending<Vec<Message>> {
        let (receiver, mut messages) = (self.receiver.clone(), Vec::new());
        Box::pin(poll_fn(move |context| {
            let Some(receiver) = &receiver else { return Poll::Ready(Vec::new()) };
            let taken = receiver.borrow_mut().poll_recv_many(context, &mut messages, limit);
            taken.map(|_| std::mem::take(&mut messages))
        }))
    }

    fn watch_closed(&mut self, from: usize) -> Pending<()> {
        let sender = self.senders[from].clone();
        Box::pin(async move { sender.closed().await })
    }

    fn clone_sender(&mut self, from: usize) {
        self.senders.push(self.senders[from].clone());
    }

    fn drop_sender(&mut self, from: usize) {
        self.senders.remove(from);
    }

    fn close_by_receiver(&mut self) {
        self.receiver.iter().for_each(|receiver| receiver.borrow_mut().close());
    }

    fn drop_receiver(&mut self) {
        self.receiver = None;
    }

    fn seen(&self) -> Seen {
        let Some(receiver) = &self.receiver else { return Seen::default() };
        let receiver = receiver.borrow();
        Seen { len: Some(receiver.len()), closed: Some(receiver.is_closed()), ..Seen::default() }
    }
}
