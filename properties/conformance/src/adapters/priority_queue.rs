//! `priority-queue` as a mailbox: push and pop of its `PriorityQueue`, whose priority is the lane.

use std::collections::BTreeMap;

use alys_models::mailbox::{MessageId, Rank};
use priority_queue::PriorityQueue;

use crate::{
    capabilities::Capabilities,
    mailbox::{Answer, MailboxUnderTest, Message, Parameters, Received, Seen},
};

/// A queue of names; the messages are kept beside it, since its items must be hashed.
#[derive(Debug)]
pub struct PriorityQueueMailbox {
    queue: PriorityQueue<MessageId, Rank>,
    messages: BTreeMap<MessageId, Message>,
}

impl MailboxUnderTest for PriorityQueueMailbox {
    fn name() -> String {
        "priority-queue".to_owned()
    }

    fn capabilities() -> Capabilities {
        Capabilities { try_sends: &["push"], try_receive: true, lanes: 3, len: true, ..Capabilities::NONE }
    }

    fn make(_: &Parameters) -> Option<Self> {
        Some(PriorityQueueMailbox { queue: PriorityQueue::new(), messages: BTreeMap::new() })
    }

    fn try_send(&mut self, _: usize, _: usize, message: Message) -> Answer {
        self.queue.push(message.id, message.lane);
        self.messages.insert(message.id, message);
        Answer::Accepted
    }

    fn try_receive(&mut self) -> Received {
        let next = self.queue.pop().and_then(|(id, _)| self.messages.remove(&id));
        next.map_or(Received::Empty, Received::Message)
    }

    fn seen(&self) -> Seen {
        Seen { len: Some(self.queue.len()), ..Seen::default() }
    }
}
