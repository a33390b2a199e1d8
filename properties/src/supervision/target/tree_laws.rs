//! Laws of supervision that need no history: delays, jitter, and windows at the end of time.

use std::time::Duration;

use super::alys::{
    mailbox::Time,
    supervision::{
        Action, ChildSpec, Event, FailureReason, Group, NodeId, Order, Ratio, RestartStrategy, SpecError,
        SupervisorSpec, Tree, Verdict,
    },
};
use crate::{
    supervision::{actor_laws::Law, big::Big, tree_laws::Growth},
    violation::{check_eq, violated},
};

/// The laws of no input.
pub const OTHERS: &[Law] = &[
    ("many_attempts", many_attempts_are_counted_at_once),
    ("seeds", jitter_comes_from_its_seed),
    ("end_of_time", windows_are_exact_at_the_end_of_time),
];

fn backoff(initial: Duration, (numerator, denominator): (u32, u32), max: Duration) -> RestartStrategy {
    RestartStrategy::ExponentialBackoff { initial, multiplier: Ratio::of(numerator, denominator), max }
}

/// SV-3: a delay is `min(max, initial * multiplier^attempt)`, rounded down, exactly while the powers fit 128 bits; beyond
/// that it is never above it, and never below the delay of the attempt before.
///
/// # Panics
///
/// Raises a violation when it is another.
pub fn a_delay_grows_exactly(growth: Growth) {
    let Growth { initial, numerator, denominator, above, attempt } = growth;
    let (first, max) =
        (Duration::from_nanos(initial), Duration::from_nanos(initial) + Duration::from_nanos(above));
    let strategy = backoff(first, (numerator, denominator), max);
    let delay = |attempt| match strategy.delay(attempt) {
        Some(delay) => delay,
        None => violated("SV-3", format!("{strategy:?} has no delay for attempt {attempt}")),
    };
    let (here, before) = (delay(attempt), delay(attempt.saturating_sub(1)));
    if here > max || here < before || here < first {
        violated("SV-3", format!("attempt {attempt} waits {here:?}, after {before:?}, {max:?} at most"));
    }
    let top = Big::from(first.as_nanos()).times_power(numerator, attempt);
    let bottom = Big::from(1).times_power(denominator, attempt);
    let times_bottom = |nanos: u128| Big::from(nanos).times_power(denominator, attempt);
    if times_bottom(here.as_nanos()) > top {
        violated("SV-3", format!("attempt {attempt} waits {here:?}, which is too long"));
    }
    let exact = top.fits() && bottom.fits();
    if exact && here < max && times_bottom(here.as_nanos() + 1) <= top {
        violated("SV-3", format!("attempt {attempt} waits {here:?}, which is too short"));
    }
}

/// SV-3: the delay of any attempt is there at once, up to the last number there is.
///
/// # Panics
///
/// Raises a violation when one is not the longest.
pub fn many_attempts_are_counted_at_once() {
    let second = Duration::from_secs(1);
    for attempt in [1 << 20, u32::MAX - 1, u32::MAX] {
        for (initial, multiplier, expected) in [
            (second, (1, 1), second),
            (second, (7, 7), second),
            (second, (2, 1), Duration::MAX),
            (second, (u32::MAX, 1), Duration::MAX),
            (second, (3, 2), Duration::MAX),
            (Duration::ZERO, (10, 3), Duration::ZERO),
            (Duration::from_nanos(1), (3, 1), Duration::MAX),
        ] {
            let delay = backoff(initial, multiplier, Duration::MAX).delay(attempt);
            check_eq("SV-3", &format!("{initial:?}, {multiplier:?}, {attempt}"), &Some(expected), &delay);
        }
        check_eq("SV-3", "always", &Some(Duration::ZERO), &RestartStrategy::Always.delay(attempt));
        check_eq("SV-3", "never", &None, &RestartStrategy::Never.delay(attempt));
        let fixed = RestartStrategy::FixedDelay { delay: second }.delay(attempt);
        check_eq("SV-3", "a fixed delay", &Some(second), &fixed);
    }
}

/// A tree of one child that runs.
struct OneChild {
    tree: Tree,
    child: NodeId,
    now: Time,
}

impl OneChild {
    fn new(supervisor: &SupervisorSpec, child: &ChildSpec, seed: u64, now: Time) -> Self {
        let mut tree = taken(Tree::new("root", supervisor, seed));
        let child = taken(tree.add_child("child", tree.root(), child));
        let mut one = OneChild { tree, child, now };
        one.tell(Event::Start(one.tree.root()));
        one.comes_up();
        one
    }

    fn tell(&mut self, event: Event) -> Vec<Action> {
        match self.tree.handle(event, self.now) {
            Ok(actions) => actions,
            Err(refusal) => violated("SV-9", format!("a valid request is refused: {refusal}")),
        }
    }

    /// Its hook succeeds.
    fn comes_up(&mut self) {
        match self.tree.order(self.child) {
            Some((name, Order::Start { .. })) => drop(self.tell(Event::Started(self.child, name))),
            other => violated("SV-10", format!("a child that should start is told {other:?}")),
        }
    }

    /// It fails, and what becomes of it is said.
    fn fails(&mut self) -> Verdict {
        let Some((name, _)) = self.tree.order(self.child) else {
            violated("SV-10", "a child that should run has no incarnation")
        };
        let reason = Some(FailureReason::Erred("on purpose".to_owned()));
        let actions = self.tell(Event::Ended(self.child, name, reason));
        let verdict = actions.into_iter().find_map(|action| match action {
            Action::Decided { verdict, .. } => Some(verdict),
            _ => None,
        });
        verdict.unwrap_or_else(|| violated("SV-1", "nothing becomes of a failure"))
    }
}

fn taken<T>(result: Result<T, SpecError>) -> T {
    result.unwrap_or_else(|error| violated("SV-4", format!("a valid specification is refused: {error}")))
}

/// What is left of a fixed delay, so many failures in a row.
fn jittered(delay: Duration, permille: u16, seed: u64) -> Vec<Duration> {
    let restart = RestartStrategy::FixedDelay { delay };
    let spec = SupervisorSpec { max_restarts: u32::MAX, ..SupervisorSpec::default() };
    let child = ChildSpec { restart, jitter_permille: permille, ..ChildSpec::default() };
    let mut one = OneChild::new(&spec, &child, seed, Time::ZERO);
    let mut delays = Vec::new();
    for _ in 0..8 {
        let Verdict::Restart { at, .. } = one.fails() else {
            violated("SV-3", "a failure that may be restarted is not")
        };
        delays.push(Duration::from_nanos(at.as_nanos() - one.now.as_nanos()));
        one.now = at;
        if one.tree.next_timer().is_some_and(|due| due <= at) {
            one.tell(Event::Tick);
        }
        one.comes_up();
    }
    delays
}

/// SV-3: jitter takes off its share at most, adds nothing, and is the same for the same seed.
///
/// # Panics
///
/// Raises a violation when it is not.
pub fn jitter_shortens_by_its_share(nanos: u64, permille: u16, seed: u64) {
    let delay = Duration::from_nanos(nanos);
    let delays = jittered(delay, permille, seed);
    // What is taken off is rounded down.
    let most = u128::from(nanos) * u128::from(permille) / 1000;
    for one in &delays {
        if *one > delay || (delay - *one).as_nanos() > most {
            violated("SV-3", format!("{one:?} is left of {delay:?} by up to {permille} thousandths"));
        }
    }
    check_eq("SV-3", "the delays of the same seed", &delays, &jittered(delay, permille, seed));
}

/// SV-3: other seeds give other delays, over the whole share.
///
/// # Panics
///
/// Raises a violation when they do not.
pub fn jitter_comes_from_its_seed() {
    let second = Duration::from_secs(1);
    let all: Vec<_> = (0..50).map(|seed| jittered(second, 500, seed)).collect();
    for (seed, delays) in all.iter().enumerate() {
        if all[..seed].contains(delays) {
            violated("SV-3", format!("seed {seed} gives the same delays as another one: {delays:?}"));
        }
    }
    let shortest = all.iter().flatten().min();
    let longest = all.iter().flatten().max();
    let spread = shortest.zip(longest).map_or(0, |(shortest, longest)| (*longest - *shortest).as_millis());
    if spread < 450 {
        violated("SV-3", format!("400 delays lie within {spread} ms of 500"));
    }
}

/// SV-4: a grant is counted exactly as long as its window, also where no time is left behind that.
///
/// # Panics
///
/// Raises a violation when another restart is granted than should be.
pub fn windows_are_exact_at_the_end_of_time() {
    for (window, first, second) in (1..6).flat_map(|window| {
        (0..12_u64).flat_map(move |first| (0..=first).map(move |second| (window, first, second)))
    }) {
        let before_the_end = |nanos: u64| Time::from_nanos(Time::MAX.as_nanos() - nanos);
        let spec = SupervisorSpec {
            max_restarts: 1,
            window: Duration::from_nanos(window),
            group: Group::OneForOne,
            ..SupervisorSpec::default()
        };
        let mut one = OneChild::new(&spec, &ChildSpec::default(), 0, before_the_end(first));
        check_eq("SV-4", "the first grant", &true, &matches!(one.fails(), Verdict::Restart { .. }));
        one.comes_up();
        one.now = before_the_end(second);
        let what =
            format!("a grant {} ns later, {second} ns before the end, window {window} ns", first - second);
        let granted = matches!(one.fails(), Verdict::Restart { .. });
        check_eq("SV-4", &what, &(first - second >= window), &granted);
    }
}
