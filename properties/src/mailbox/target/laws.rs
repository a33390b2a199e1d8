//! Laws of the mailbox that need no history: configurations, thresholds, and the yields of one that never runs empty.

use std::{
    future::Future,
    pin::pin,
    sync::Arc,
    task::{Context, Poll},
};

use super::{
    alys::mailbox::{
        Backpressure, Ends, Environment, Fairness, Lane, MailboxConfig, MailboxConfigError, Overflow, Turn,
        mailbox,
    },
    world::ManualClock,
};
use crate::{
    violation::{check_eq, violated},
    wakes::CountingWaker,
};

fn open(config: MailboxConfig) -> Result<Ends<u32, u32>, MailboxConfigError> {
    mailbox(config, Environment::new(Arc::new(ManualClock::default())))
}

/// MB-1, MB-6, MB-11: a configuration is accepted exactly when it is in range, and a refusal names the field.
///
/// # Panics
///
/// Raises a violation when the verdict is another.
pub fn a_configuration_is_judged(capacity: usize, every: Option<u64>, warning: u16, critical: u16) {
    let config = MailboxConfig {
        capacity,
        overflow: Overflow::Reject,
        fairness: every.map_or(Fairness::Strict, |every| Fairness::Aging { every }),
        warning_permille: warning,
        critical_permille: critical,
    };
    let (rule, expected) = if capacity == 0 {
        ("MB-1", Some("capacity is 0".to_owned()))
    } else if every == Some(0) {
        ("MB-11", Some("fairness is Aging { every: 0 }".to_owned()))
    } else if !(1..=1000).contains(&warning) {
        ("MB-6", Some(format!("warning_permille is {warning}: allowed are 1 to 1000")))
    } else if !(1..=1000).contains(&critical) {
        ("MB-6", Some(format!("critical_permille is {critical}: allowed are 1 to 1000")))
    } else if warning > critical {
        ("MB-6", Some(format!("warning_permille is {warning}: at most critical_permille ({critical})")))
    } else {
        ("MB-6", None)
    };
    let verdict = open(config).err().map(|error| error.to_string());
    check_eq(rule, "what `validate` says", &verdict, &config.validate().err().map(|error| error.to_string()));
    let agrees = match (&expected, &verdict) {
        (None, None) => true,
        (Some(expected), Some(verdict)) => verdict.starts_with(expected),
        _ => false,
    };
    if !agrees {
        violated(
            rule,
            format!("{config:?} should be answered with {expected:?}, the real one says {verdict:?}"),
        );
    }
}

/// MB-6: the state is a function of fill and thresholds, and changes exactly at the least fill that reaches one.
///
/// # Panics
///
/// Raises a violation when it does not.
pub fn backpressure_changes_at_its_thresholds(capacity: usize, warning: u16, critical: u16, len: usize) {
    let config = MailboxConfig {
        warning_permille: warning,
        critical_permille: critical,
        ..MailboxConfig::with_capacity(capacity)
    };
    // The least fill that reaches a threshold: its share of the capacity, rounded up.
    let least = |permille: u16| (capacity as u128 * u128::from(permille)).div_ceil(1000);
    let fill = len as u128;
    let expected = match fill {
        _ if len == capacity => Backpressure::Blocked,
        _ if fill >= least(critical) => Backpressure::Critical,
        _ if fill >= least(warning) => Backpressure::Warning,
        _ => Backpressure::Normal,
    };
    let what = format!("the state of {len} messages in {capacity} places ({warning}, {critical})");
    check_eq("MB-6", &what, &format!("{expected:?}"), &format!("{:?}", config.backpressure(len)));
}

/// MB-7: a receive at a mailbox that never runs empty yields now and then, and is woken for it: it costs nobody else
/// the thread, and it loses nothing.
///
/// # Panics
///
/// Raises a violation when it never yields, yields without a wake-up, or skips a message.
pub fn a_receiver_that_never_waits_yields() {
    let (sender, mut receiver) = open_or_fail(MailboxConfig::with_capacity(1000));
    let accepted = (0..1000).filter(|n| sender.try_send((Lane::Normal, *n)).is_ok()).count();
    check_eq("MB-4", "the messages accepted into 1000 places", &1000, &accepted);
    let wakes = CountingWaker::new();
    let waker = wakes.waker();
    let (mut taken, mut yields) = (0, 0);
    while taken < 1000 {
        let mut receive = pin!(receiver.recv());
        match receive.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(Some(delivery)) => {
                check_eq("MB-2", "the next message", &taken, delivery.message());
                delivery.acknowledge();
                taken += 1;
            }
            Poll::Ready(None) => violated("MB-9", "an open mailbox has ended"),
            Poll::Pending if wakes.take() == 0 => violated("MB-7", "a receive yielded and was not woken"),
            Poll::Pending => yields += 1,
        }
    }
    check_eq("MB-7", "the yields in 1000 receives that did not wait", &(1000 / 128), &yields);
}

/// MB-7: a long turn wakes the senders that it admitted every 64 receives, and at its end.
///
/// # Panics
///
/// Raises a violation when one of them is not woken by then.
pub fn a_long_turn_wakes_on_the_way() {
    let (sender, mut receiver) = open_or_fail(MailboxConfig::with_capacity(1));
    check_eq("MB-4", "the first send", &Ok(()), &sender.try_send((Lane::Normal, 0)));
    let wakes = CountingWaker::new();
    let waker = wakes.waker();
    let mut sends: Vec<_> = (1..100).map(|n| Box::pin(sender.send((Lane::Normal, n)))).collect();
    let all_wait =
        sends.iter_mut().all(|send| send.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    let mut turn = receiver.turn();
    for n in 0..64 {
        take(&mut turn, n);
    }
    check_eq("MB-7", "the wake-ups after 64 receives of one turn", &(true, 64), &(all_wait, wakes.take()));
    take(&mut turn, 64);
    drop(turn);
    check_eq("MB-7", "the wake-ups at the end of the turn", &1, &wakes.take());
}

fn take(turn: &mut Turn<'_, u32, u32>, expected: u32) {
    let taken = turn.try_recv().map(|delivery| delivery.acknowledge());
    check_eq("MB-2", "the next message of the turn", &Ok(expected), &taken);
}

fn open_or_fail(config: MailboxConfig) -> Ends<u32, u32> {
    open(config)
        .unwrap_or_else(|error| violated("MB-1", format!("a valid configuration is refused: {error}")))
}
