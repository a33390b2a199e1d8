//! Numbers at their edges: instants, capacities, aging, and what aging costs.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{
    Lane, Law, MailboxConfig, Patience, Receiver, Sender,
    alys::mailbox::{
        Clock, Ends, Environment, Fairness, MailboxConfigError, Overflow, Post, Sleep, Time, mailbox,
    },
    environment, open_with, put,
};
use crate::violation::{check_eq, violated};

pub(super) const LAWS: &[Law] = &[
    ("the clock is not read while no message has a deadline", the_clock_is_not_read_for_nothing),
    ("aging counts as far as it is told to", aging_counts_as_far_as_it_is_told),
    ("aging costs an Emergency what the docs say", aging_costs_what_the_docs_say),
    ("a mailbox of the largest capacity can be made", the_largest_capacity_can_be_made),
    ("aging of 0 is refused under every policy", aging_of_0_is_refused_under_every_policy),
    ("a configuration by capacity alone has the documented defaults", the_defaults_are_the_documented_ones),
];

/// A clock that stands still and counts how often it is read.
#[derive(Default)]
pub(super) struct Counted(AtomicU64);

impl Clock for Counted {
    fn now(&self) -> Time {
        self.0.fetch_add(1, Ordering::SeqCst);
        Time::ZERO
    }

    fn sleep_until(&self, _: Time) -> Sleep {
        Box::pin(std::future::pending())
    }
}

fn the_clock_is_not_read_for_nothing(_: Patience) {
    let clock = Arc::new(Counted::default());
    let (sender, mut receiver) = open_with::<u32, u32>(
        MailboxConfig::with_capacity(4),
        Environment::new(Arc::<Counted>::clone(&clock)),
    );
    let mut reads = |post: Post<u32>| {
        let before = clock.0.load(Ordering::SeqCst);
        let sent = sender.try_send(post).is_ok();
        let taken = receiver.try_recv().map(|delivery| delivery.acknowledge());
        check_eq("MB-2", "what is received", &(true, Ok(1)), &(sent, taken));
        clock.0.load(Ordering::SeqCst) - before
    };
    check_eq("MB-10", "the reads for a message without a deadline", &0, &reads(Post::new(Lane::Low, 1)));
    let timed = reads(Post::new(Lane::Low, 1).expires_at(Time::MAX));
    if timed == 0 {
        violated("MB-10", "the clock is not read for a message that has a deadline");
    }
    let after = reads(Post::new(Lane::Low, 1));
    check_eq("MB-10", "the reads after the one with a deadline has gone", &0, &after);
}

fn aging(every: u64, capacity: usize) -> Ends<u32, u32> {
    let config =
        MailboxConfig { fairness: Fairness::Aging { every }, ..MailboxConfig::with_capacity(capacity) };
    open_with(config, environment())
}

/// Takes the next message and returns its lane.
fn next_lane(receiver: &mut Receiver<u32, u32>) -> Lane {
    let Ok(delivery) = receiver.try_recv() else { violated("MB-7", "messages wait, and none is delivered") };
    let lane = delivery.lane();
    delivery.acknowledge();
    lane
}

fn aging_counts_as_far_as_it_is_told(_: Patience) {
    for every in [1, 255, 256, 300, 65_535, 65_536, 1 << 32, u64::MAX] {
        let (sender, mut receiver) = aging(every, 4);
        put(&sender, Lane::Low, 0);
        put(&sender, Lane::High, 1);
        let tried = every.min(70_000);
        for n in 0..tried {
            let lane = next_lane(&mut receiver);
            check_eq("MB-11", &format!("lane of delivery {n}, aging every {every}"), &Lane::High, &lane);
            put(&sender, Lane::High, 1);
        }
        let next = if tried == every { Lane::Low } else { Lane::High };
        let what = format!("lane of delivery {tried}, aging every {every}");
        check_eq("MB-11", &what, &next, &next_lane(&mut receiver));
    }
}

/// What an Emergency pays while all six lanes are never empty.
struct Price {
    emergencies: u64,
    longest_wait: u64,
}

fn price(sender: &Sender<u32, u32>, receiver: &mut Receiver<u32, u32>, deliveries: u64) -> Price {
    let (mut emergencies, mut wait, mut longest_wait) = (0, 0, 0);
    for _ in 0..deliveries {
        let lane = next_lane(receiver);
        put(sender, lane, 0);
        if lane == Lane::Emergency {
            emergencies += 1;
            wait = 0;
        } else {
            wait += 1;
            longest_wait = wait.max(longest_wait);
        }
    }
    Price { emergencies, longest_wait }
}

/// Every lane but the lowest is served `n` times of the `n + 1` that the lanes below leave it: of `(n + 1)^5`
/// deliveries an Emergency gets `n^5`.
fn aging_costs_what_the_docs_say(_: Patience) {
    for (every, longest) in [(1, 31), (2, 11), (3, 7), (8, 5)] {
        let (sender, mut receiver) = aging(every, 6);
        Lane::ALL.into_iter().for_each(|lane| put(&sender, lane, 0));
        let round = (every + 1).pow(5);
        let first = price(&sender, &mut receiver, round);
        let later = price(&sender, &mut receiver, 4 * round);
        let longest_wait = first.longest_wait.max(later.longest_wait);
        let what = format!("the emergencies in {} deliveries, aging every {every}", 4 * round);
        check_eq("MB-11", &what, &(4 * every.pow(5)), &later.emergencies);
        let what = format!("the lower messages in a row, aging every {every}");
        check_eq("MB-11", &what, &longest, &longest_wait);
    }
}

fn the_largest_capacity_can_be_made(_: Patience) {
    let made = catch_unwind(AssertUnwindSafe(|| {
        mailbox::<u64, ()>(MailboxConfig::with_capacity(usize::MAX), environment()).is_ok()
    }));
    check_eq("MB-1", "whether a mailbox of the largest capacity is made", &Some(true), &made.ok());
}

fn aging_of_0_is_refused_under_every_policy(_: Patience) {
    for overflow in [Overflow::Reject, Overflow::Backpressure, Overflow::DropOldest, Overflow::DropLowest] {
        for capacity in [1, 2, usize::MAX] {
            let config = MailboxConfig {
                overflow,
                fairness: Fairness::Aging { every: 0 },
                ..MailboxConfig::with_capacity(capacity)
            };
            let what = format!("what is said of {config:?}");
            check_eq("MB-11", &what, &Err(MailboxConfigError::ZeroAging), &config.validate());
        }
    }
}

fn the_defaults_are_the_documented_ones(_: Patience) {
    let config = MailboxConfig::with_capacity(3);
    let expected = MailboxConfig {
        capacity: 3,
        overflow: Overflow::Backpressure,
        fairness: Fairness::Strict,
        warning_permille: 700,
        critical_permille: 900,
    };
    check_eq("MB-6", "the configuration by capacity alone", &expected, &config);
}
