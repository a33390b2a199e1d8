//! Scenarios in which one thread waits for what another one does: it is seen, or the waker that was left behind is woken.

use std::{future::Future, pin::pin, task::Context, time::Duration};

use loom::thread;

use super::{System, must, system};
use crate::{
    under_loom::supervision::{ChildSpec, Event, Group, RestartStrategy, Supervision},
    violation::{check_eq, violated},
    wakes::CountingWaker,
};

/// Children that run, and wait so many ticks before each restart.
fn delayed(ticks: &[u64]) -> System {
    let delay = |ticks: &u64| RestartStrategy::FixedDelay { delay: Duration::from_nanos(*ticks) };
    system(Group::OneForOne, 9, &ticks.iter().map(delay).collect::<Vec<_>>(), true)
}

/// Does something on another thread while `look` looks with a waker; then says what was seen, and whether it was woken.
fn beside<T>(
    system: &System,
    act: impl Fn(&Supervision) + Send + 'static,
    look: impl FnOnce(&mut Context<'_>) -> T,
) -> (T, bool) {
    let supervision = system.supervision.clone();
    let other = thread::spawn(move || act(&supervision));
    let waker = CountingWaker::new();
    let seen = look(&mut Context::from_waker(&waker.waker()));
    if other.join().is_err() {
        violated("SV-9", "a thread was taken back");
    }
    (seen, waker.count() > 0)
}

pub(super) fn earlier_backoff() {
    let system = delayed(&[3, 5]);
    let (one, other) = (system.fails(0), system.fails(1));
    system.race(move |tree| must(tree.handle(one.clone())), |tree| must(tree.handle(other.clone())));
    system.check();
    let waker = CountingWaker::new();
    let armed = system.supervision.poll_timer(&Context::from_waker(&waker.waker()));
    check_eq("SV-10", "the timer that is armed", &Some(3), &armed.map(|at| at.as_nanos()));
}

pub(super) fn timekeeper() {
    let system = delayed(&[3]);
    let fails = system.fails(0);
    let poll = |context: &mut Context<'_>| system.supervision.poll_timer(context);
    let (told, woken) = beside(&system, move |tree| must(tree.handle(fails.clone())), poll);
    let next = poll(&mut Context::from_waker(&CountingWaker::new().waker()));
    check_eq("SV-10", "the timer that is armed", &Some(3), &next.map(|at| at.as_nanos()));
    if told != next && !woken {
        violated("SV-10", "the timekeeper waits for another time than the next, and is not woken");
    }
}

pub(super) fn end() {
    let system = delayed(&[3]);
    // Without an incarnation, so that the stop of the root is the end.
    must(system.supervision.handle(system.fails(0)));
    let mut ended = pin!(system.supervision.ended());
    let poll = |context: &mut Context<'_>| ended.as_mut().poll(context).is_ready();
    let (ready, woken) = beside(&system, |tree| must(tree.stop("root")), poll);
    if !ready && !woken {
        violated("LC-7", "the end of the system passed unheard");
    }
}

pub(super) fn name_taken_over() {
    let system = delayed(&[3]);
    let (node, incarnation) = system.children[0];
    must(system.supervision.handle(Event::Ended(node, incarnation, None)));
    let register = |tree: &Supervision| drop(must(tree.add_child("0", "root", &[], &ChildSpec::default())));
    let (stopped, _) = beside(&system, register, |_| system.supervision.stop("0"));
    check_eq("LC-5", "a request about a name that is there all the time", &Ok(()), &stopped);
}
