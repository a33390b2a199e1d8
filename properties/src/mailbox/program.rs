//! Programs for the threads of a controlled scheduler.

use alys_models::mailbox::{Consumer, Handling, Parameters, Policy, Post, Transition};
use proptest::{
    prelude::Rng,
    test_runner::{RngAlgorithm, TestRng},
};
use serde::{Deserialize, Serialize};

use crate::{concurrent, draw::Draw};

/// What each thread does; the receiver belongs to the first.
pub type Program = concurrent::Program<Parameters, Action>;

/// One thing that a thread does; it is left out where the thread does not have what it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// A transition of a sender, or a receive.
    Step(Transition),
    /// Answers the oldest message that this thread has taken and not answered.
    Answer,
    /// Looks at everything that can be seen.
    Look,
}

/// The operations that are paired exhaustively.
const OPERATIONS: [Operation; 8] = [
    Operation::Send,
    Operation::TrySend,
    Operation::Recv,
    Operation::TurnRecv,
    Operation::DropReceiver,
    Operation::Close,
    Operation::Cancel,
    Operation::Look,
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operation {
    Send,
    TrySend,
    Recv,
    TurnRecv,
    DropReceiver,
    Close,
    Cancel,
    Look,
}

impl Operation {
    /// Whether it needs the receiver, which only the first thread has.
    fn receives(self) -> bool {
        matches!(self, Operation::Recv | Operation::TurnRecv | Operation::DropReceiver)
    }

    /// What it is for a thread that does it for the `nth` time; threads use lanes and slots of their own.
    fn action(self, thread: u8, nth: u8) -> Action {
        let post = plain(1 + thread + 2 * nth);
        Action::Step(match self {
            Operation::Send => Transition::Send { slot: 2 * thread + nth, post, unpolled: false },
            Operation::TrySend => Transition::TrySend(post),
            Operation::Look => return Action::Look,
            Operation::Recv => Transition::Recv,
            Operation::TurnRecv => Transition::PollRecv { fresh: true },
            Operation::DropReceiver => Transition::DropReceiver,
            Operation::Close => Transition::Close { by_receiver: false },
            Operation::Cancel => Transition::Cancel { slot: 4 + thread },
        })
    }
}

/// A post without a deadline.
fn plain(lane: u8) -> Post {
    Post { lane, ttl: None, handling: Handling::Answer }
}

fn parameters(capacity: usize, policy: Policy) -> Parameters {
    Parameters { capacity, policy, aging: None, warning: 500, critical: 900, consumer: Consumer::Hand }
}

/// One message queued in the one place, and a waiting sender for each thread.
fn full() -> Vec<Action> {
    let waits = |slot: u8| Action::Step(Transition::Send { slot, post: plain(2), unpolled: false });
    vec![Action::Step(Transition::TrySend(plain(2))), waits(4), waits(5)]
}

/// Every pair of operations by two threads, at an empty mailbox and at a full one with waiting senders, each thread
/// doing `operations` of the pair, each with its name; two receives never race, since there is only one receiver.
#[must_use]
pub fn pairs(operations: usize) -> Vec<(String, Program)> {
    let mut programs = Vec::new();
    for (index, first) in OPERATIONS.into_iter().enumerate() {
        for second in OPERATIONS.into_iter().skip(index) {
            if first.receives() && second.receives() {
                continue;
            }
            for setup in [Vec::new(), full()] {
                programs.push(pair(first, second, operations, setup));
            }
        }
    }
    programs
}

/// The first thread does the pair in order, the second the other way round; what only the first can do comes first.
fn pair(first: Operation, second: Operation, operations: usize, prefix: Vec<Action>) -> (String, Program) {
    let (first, second) =
        if second.receives() && !first.receives() { (second, first) } else { (first, second) };
    let backward = if first.receives() { [second, second] } else { [second, first] };
    let actions = |thread: u8, order: [Operation; 2]| {
        let numbered = order.into_iter().zip(0..).take(operations);
        numbered.map(|(operation, nth)| operation.action(thread, nth)).collect()
    };
    let branches = vec![actions(0, [first, second]), actions(1, backward)];
    let start = if prefix.is_empty() { "empty" } else { "full" };
    let name = format!("{first:?} and {second:?} at a mailbox that is {start}, {operations} a thread");
    (name, Program { parameters: parameters(1, Policy::Backpressure), prefix, branches })
}

/// Programs of two threads with one call each, which have few enough schedules for all of them.
#[must_use]
pub fn small() -> Vec<Program> {
    use Operation::{Cancel, Close, Look, Recv, Send, TrySend};
    let pairs = [
        (Send, Send, Vec::new()),
        (Recv, Send, Vec::new()),
        (Recv, TrySend, full()),
        (Cancel, TrySend, full()),
        (Close, Send, full()),
        (Look, TrySend, Vec::new()),
    ];
    pairs.into_iter().map(|(first, second, prefix)| pair(first, second, 1, prefix).1).collect()
}

/// The program of a seed: three threads of four actions each.
#[must_use]
pub fn of_seed(seed: u64) -> Program {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    random(&mut TestRng::from_seed(RngAlgorithm::ChaCha, &bytes), 3, 4)
}

/// A random program of so many threads with so many actions each.
pub fn random<R: Rng>(random: &mut R, threads: u8, actions: usize) -> Program {
    let mut draw = Draw(random);
    let policy =
        draw.pick(&[Policy::Backpressure, Policy::Backpressure, Policy::DropOldest, Policy::DropLowest]);
    let parameters = parameters(draw.pick(&[1, 1, 2, 3]), policy);
    let prefix = if draw.once_in(2) { full() } else { Vec::new() };
    let branches =
        (0..threads).map(|thread| (0..actions).map(|_| action(&mut draw, thread)).collect()).collect();
    Program { parameters, prefix, branches }
}

/// The first thread mostly receives and answers; slots are two a thread.
fn action<R: Rng>(draw: &mut Draw<'_, R>, thread: u8) -> Action {
    let slot = 2 * thread + draw.below(2) as u8;
    let post = plain(draw.below(6) as u8);
    if thread == 0 && !draw.once_in(4) {
        let rare = if draw.once_in(4) { Transition::DropReceiver } else { Transition::Clear };
        return draw.pick(&[
            Action::Step(Transition::Recv),
            Action::Step(Transition::Recv),
            Action::Step(Transition::PollRecv { fresh: true }),
            Action::Step(Transition::TryRecv),
            Action::Step(rare),
            Action::Answer,
            Action::Answer,
            Action::Look,
        ]);
    }
    let close =
        if draw.once_in(8) { Transition::Close { by_receiver: false } } else { Transition::TrySend(post) };
    Action::Step(draw.pick(&[
        Transition::Send { slot, post, unpolled: false },
        Transition::Send { slot, post, unpolled: false },
        Transition::Ask { slot, post, timeout: None, unpolled: false },
        Transition::Ask { slot, post, timeout: Some(5), unpolled: false },
        Transition::Advance { ticks: 10 },
        Transition::TrySend(post),
        Transition::Poll { slot, fresh: true },
        Transition::Cancel { slot },
        close,
    ]))
}
