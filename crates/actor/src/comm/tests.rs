//! What the types promise: every pattern can be run on another thread.

use super::{mailbox::Post, *};

fn sent<T: Send>(_: &T) {}

#[test]
fn patterns_can_be_spawned_anywhere() {
    // A message that threads can hand over, but not share.
    type Message = std::cell::Cell<u8>;
    fn check(stops: &[Stop<Message>], workflow: &Workflow<Message>, clock: &dyn mailbox::Clock) {
        let lane = mailbox::Lane::Low;
        sent(&route(stops, Message::new(0)));
        sent(&workflow.run(Message::new(0)));
        let senders: &[mailbox::Sender<Message, Message>] = &[];
        sent(&broadcast_waiting(senders, (lane, Message::new(0))));
        let limits = BatchLimits { within: std::time::Duration::MAX, in_flight: std::num::NonZeroUsize::MIN };
        let requests: Vec<_> = senders.iter().map(|to| (to, Post::new(lane, Message::new(0)))).collect();
        sent(&ask_all(requests, limits, clock));
    }
    let _: fn(&[Stop<_>], &Workflow<_>, &dyn mailbox::Clock) = check;
}
