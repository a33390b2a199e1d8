//! The kit on a mailbox with faults in what is kept, taken at once and waited for: the channel of tokio with a wrong adapter.

use alys_conformance::{
    adapters::TokioBounded,
    capabilities::Capabilities,
    clause::mailbox_clauses,
    court::Verdict,
    mailbox::{
        Answer, MailboxUnderTest, Message, Parameters, Pending, Place, Received, Seen, Subject, judge_subject,
    },
};

/// What is wrong with it.
const PLACE_LEAKS: u8 = 1;
const LAST_OF_MANY_LOST: u8 = 2;
const END_NOT_TOLD: u8 = 3;
const ROOM_ONE_TOO_MANY: u8 = 4;

/// The adapter of tokio, wrongly used. Places that have leaked stay in its list before the others.
struct Wrong<const FAULT: u8> {
    channel: TokioBounded,
    /// How many of the first places have leaked.
    leaked: usize,
}

impl<const FAULT: u8> MailboxUnderTest for Wrong<FAULT> {
    fn name() -> String {
        format!("tokio, with fault {FAULT}")
    }

    fn capabilities() -> Capabilities {
        Capabilities {
            try_sends: &["try_send"],
            waiting_sends: &["send"],
            clone_sender: false,
            ends_with_senders: false,
            ..TokioBounded::capabilities()
        }
    }

    fn make(parameters: &Parameters) -> Option<Self> {
        let channel = TokioBounded::make(parameters)?;
        Some(Wrong { channel, leaked: 0 })
    }

    fn try_send(&mut self, from: usize, way: usize, message: Message) -> Answer {
        self.channel.try_send(from, way, message)
    }

    fn try_receive(&mut self) -> Received {
        self.channel.try_receive()
    }

    fn send(&mut self, from: usize, way: usize, message: Message) -> Pending<Answer> {
        self.channel.send(from, way, message)
    }

    fn receive(&mut self) -> Pending<Received> {
        self.channel.receive()
    }

    fn receive_many(&mut self, limit: usize) -> Pending<Vec<Message>> {
        let received = self.channel.receive_many(limit);
        Box::pin(async move {
            let mut messages = received.await;
            if FAULT == LAST_OF_MANY_LOST && messages.len() > 1 {
                messages.pop();
            }
            messages
        })
    }

    fn keep_place(&mut self, from: usize) -> Place {
        self.channel.keep_place(from)
    }

    fn send_kept(&mut self, place: usize, message: Message) -> Answer {
        self.channel.send_kept(self.leaked + place, message)
    }

    fn give_place_back(&mut self, place: usize) {
        if FAULT == PLACE_LEAKS && place == 0 {
            self.leaked += 1;
        } else {
            self.channel.give_place_back(self.leaked + place);
        }
    }

    fn watch_closed(&mut self, from: usize) -> Pending<()> {
        let closed = self.channel.watch_closed(from);
        Box::pin(async move {
            closed.await;
            if FAULT == END_NOT_TOLD {
                std::future::pending::<()>().await;
            }
        })
    }

    fn close_by_receiver(&mut self) {
        self.channel.close_by_receiver();
    }

    fn drop_receiver(&mut self) {
        self.channel.drop_receiver();
    }

    fn seen(&self) -> Seen {
        let seen = self.channel.seen();
        let more = usize::from(FAULT == ROOM_ONE_TOO_MANY);
        Seen { room: seen.room.map(|room| room + more), ..seen }
    }
}

/// The steps of the shortest case that the kit finds for a clause.
fn steps<const FAULT: u8>(name: &str) -> Option<usize> {
    let clauses = mailbox_clauses();
    let clause = clauses.iter().find(|clause| clause.clause.name == name).expect("a clause of this name");
    match judge_subject(&Subject::of::<Wrong<FAULT>>(), clause) {
        Verdict::Broken(found) => Some(found.steps.len()),
        _ => None,
    }
}

/// MB-1, MB-5, MB-7, MB-9: a kept place that leaks when it is given back, a message lost among several, an end that its
/// waiter is not told and a wrong number of free places are found, each in the least number of steps.
///
/// Engine: sequential
#[test]
fn faults_of_what_is_kept_and_taken_at_once_are_found() {
    assert_eq!(steps::<PLACE_LEAKS>("mb_7_a_dropped_future_leaves_nothing_behind"), Some(2));
    assert_eq!(steps::<LAST_OF_MANY_LOST>("mb_5_nothing_vanishes_and_nothing_comes_twice"), Some(3));
    assert_eq!(steps::<END_NOT_TOLD>("mb_9_a_closed_mailbox_refuses_with_the_message"), Some(2));
    assert_eq!(steps::<ROOM_ONE_TOO_MANY>("mb_1_capacity_is_never_exceeded"), Some(1));
}
