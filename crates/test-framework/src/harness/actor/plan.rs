//! The plan of a test: its seed and sizes, written down first, so that a judge can draw the same plan again.

use std::time::Duration;

use super::{
    cast::{Deed, Line},
    expected::Posted,
    troupe::Reach,
};
use crate::{
    event::{
        TestEvent,
        TestEventType::{self, MessageReceived, Observed},
    },
    evidence::Evidence,
    judge::Quantity,
    stage::Stage,
};

const PLAN: &str = "plan";

/// Writes the seed down, and the sizes that the configuration gives.
pub(super) fn announce(stage: &Stage) {
    let sizes = &stage.config().actor_system;
    let told: [(&str, Quantity); 4] = [
        ("seed", stage.seed().into()),
        ("burst", sizes.burst.into()),
        ("messages", sizes.messages.into()),
        ("capacity", sizes.mailbox_capacity.into()),
    ];
    stage.record(Observed, PLAN, told);
}

/// Returns a size of the plan; 0, with which no test passes, where there is no plan.
pub(super) fn size(seen: Evidence<'_>, name: &str) -> u64 {
    seen.observed(PLAN, name).and_then(Quantity::count).unwrap_or_default()
}

/// Returns the generator that the test drew from.
pub(super) fn rng(seen: Evidence<'_>) -> fastrand::Rng {
    fastrand::Rng::with_seed(size(seen, "seed"))
}

pub(super) const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// Nanoseconds, as events have them.
pub(super) const fn at_ms(milliseconds: u64) -> Option<u64> {
    Some(milliseconds * 1_000_000)
}

/// Who keeps actors busy, so that what is sent meanwhile lies in their mailboxes.
pub(super) const HOLDER: &str = "holder";

/// Keeps an actor busy for so long, from when it gets its turn.
pub(super) fn occupy(actor: &Reach, number: u64, time: Duration) {
    actor.try_send(Line::new(HOLDER, number).with(Deed::AnswerAfter(time)));
}

/// The same, and waits until it is busy: the clock stands still until nobody has anything more to do.
pub(super) async fn hold(actor: &Reach, number: u64, time: Duration) {
    occupy(actor, number, time);
    actor.stage.pass(ms(1)).await;
}

/// The line of a posted message.
pub(super) fn line(from: &str, post: Posted, deed: Deed) -> Line {
    Line::new(from, post.number).in_lane(post.lane).with(deed)
}

/// How a posted message is shown in checks.
pub(super) fn shown(post: &Posted) -> String {
    format!("{:?} {}", post.lane, post.number)
}

/// How posted messages are shown in checks.
pub(super) fn all_shown<'a>(posts: impl IntoIterator<Item = &'a Posted>) -> Vec<String> {
    posts.into_iter().map(shown).collect()
}

/// Returns the messages of events as they are shown in checks, each with the number of its event.
pub(super) fn posts_of<'a>(events: impl Iterator<Item = &'a TestEvent>) -> Vec<(u64, String)> {
    let shown =
        |event: &TestEvent| format!("{} {}", event.words("lane"), event.count("number").unwrap_or(u64::MAX));
    events.map(|event| (event.event_id, shown(event))).collect()
}

/// Returns what an actor got from one sender.
pub(super) fn got<'a>(seen: Evidence<'a>, actor: &str, from: &str) -> impl Iterator<Item = &'a TestEvent> {
    seen.from(MessageReceived, actor).filter(move |event| event.words("from") == from)
}

/// Returns what of one sender and one actor is of a kind: accepted or refused.
pub(super) fn offered<'a>(
    seen: Evidence<'a>,
    kind: TestEventType,
    from: &str,
    to: &str,
) -> impl Iterator<Item = &'a TestEvent> {
    seen.from(kind, from).filter(move |event| event.words("to") == to)
}

/// Returns why refused messages came back, and which.
pub(super) fn came_back<'a>(refused: impl Iterator<Item = &'a TestEvent>) -> Vec<(u64, String)> {
    let shown = |event: &TestEvent| format!("{} {}", event.words("reason"), event.words("returned"));
    refused.map(|event| (event.event_id, shown(event))).collect()
}

/// Returns the numbers of events.
pub(super) fn numbers<'a>(events: impl Iterator<Item = &'a TestEvent>) -> Vec<(u64, u64)> {
    events.filter_map(|event| Some((event.event_id, event.count("number")?))).collect()
}

/// Returns what an asker was told: the answer, or why there is none.
pub(super) fn told(event: &TestEvent) -> (u64, String) {
    let answer = event.count("answer").map(|answer| answer.to_string());
    (event.event_id, answer.unwrap_or_else(|| event.words("error").to_owned()))
}

/// Returns the virtual instants of events.
pub(super) fn instants<'a>(events: impl Iterator<Item = &'a TestEvent>) -> Vec<(u64, Option<u64>)> {
    events.map(|event| (event.event_id, event.timestamp)).collect()
}
