//! Messages among actors, as a message-sequence diagram: a lane for each actor, a line for each event.

use maud::{Markup, html};

use super::{lanes::Lanes, show};
use crate::event::{TestEvent, TestEventType as Kind};

/// How many events are drawn before and after the marked one.
const AROUND: usize = 12;

const ROW: usize = 34;
const HEAD: usize = 44;
/// How many letters of a label are drawn; all of it is shown where one points at it.
const LABEL_MAX: usize = 56;

/// Draws the messages around an event, or the last ones where none is marked; `None` where there are none.
pub(super) fn around(events: &[TestEvent], marked: Option<u64>) -> Option<Markup> {
    let drawn: Vec<_> = events.iter().filter(|event| is_drawn(event, marked)).collect();
    let after = marked.map_or(drawn.len(), |marked| {
        let at = drawn.iter().position(|event| event.event_id >= marked);
        at.map_or(drawn.len(), |at| (at + AROUND + 1).min(drawn.len()))
    });
    let before = after.saturating_sub(2 * AROUND + 1);
    let window = &drawn[before..after];
    if window.is_empty() {
        return None;
    }
    let lanes = Lanes::of(
        window.iter().flat_map(|event| [Some(event.source.0.as_str()), counterpart(event)]).flatten(),
    );
    Some(drawing(window, &lanes, marked, events.len()))
}

/// Messages, and what becomes of actors; the marked event in any case.
fn is_drawn(event: &TestEvent, marked: Option<u64>) -> bool {
    let unseen = matches!(event.event_type, Kind::Observed | Kind::StateTransition | Kind::RecoveryCompleted);
    !unseen || marked == Some(event.event_id)
}

/// Who is at the other end of an arrow.
fn counterpart(event: &TestEvent) -> Option<&str> {
    let key = match event.event_type {
        Kind::MessageSent | Kind::MessageRefused => "to",
        Kind::ReplyReceived => "of",
        _ => return None,
    };
    Some(event.words(key)).filter(|name| !name.is_empty())
}

fn drawing(window: &[&TestEvent], lanes: &Lanes<'_>, marked: Option<u64>, all: usize) -> Markup {
    let (width, height) = (lanes.width(), HEAD + window.len() * ROW + 12);
    let said = format!("{} of {all} events among {}", window.len(), show::counted(lanes.len(), "actor"));
    html! {
        div.drawing tabindex="0" role="group" aria-label=(said) {
            svg.sequence width=(width) height=(height) viewBox={ "0 0 " (width) " " (height) } {
                (lanes.heads(height))
                @for (row, event) in window.iter().enumerate() {
                    (line(event, HEAD + row * ROW, lanes, marked == Some(event.event_id)))
                }
            }
        }
    }
}

fn line(event: &TestEvent, top: usize, lanes: &Lanes<'_>, here: bool) -> Markup {
    let (words, y) = (label(event), top + 23);
    let from = lanes.at(&event.source.0);
    let to = counterpart(event).map(|name| lanes.at(name));
    html! {
        g class={ "event " (class(event.event_type)) @if here { " here" } } {
            title { "#" (event.event_id) " " (event.source.0) ": " (words) }
            @if here { rect.band x="0" y=(top) width=(lanes.width()) height=(ROW) {} }
            text.when x="8" y=(top + 20) { "#" (event.event_id) }
            @if let Some(time) = event.timestamp {
                text.when.soft x="62" y=(top + 20) { (show::duration_words(std::time::Duration::from_nanos(time))) }
            }
            @match to {
                Some(to) if event.event_type == Kind::ReplyReceived => (Lanes::arrow(to, from, y)),
                Some(to) => (Lanes::arrow(from, to, y)),
                None => circle.dot cx=(from) cy=(y - 5) r="5" {},
            }
            text.label x=(to.map_or(from + 12, |to| to.min(from) + 12)) y=(if to.is_some() { y - 5 } else { y }) {
                (shortened(&words))
            }
        }
    }
}

fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::MessageSent => "sent",
        Kind::MessageRefused | Kind::MessageDropped | Kind::FailureInjected | Kind::DriverFailed => "bad",
        Kind::ReplyReceived => "reply",
        Kind::MessageReceived => "got",
        _ => "life",
    }
}

/// What happened, in a few words; whatever else the event says stands behind.
fn label(event: &TestEvent) -> String {
    let (words, told): (_, &[&str]) = match event.event_type {
        Kind::MessageSent => ("", &["to"]),
        Kind::MessageRefused => ("refused", &["to"]),
        Kind::MessageReceived => ("got", &["got", "incarnation"]),
        Kind::MessageDropped => ("dropped", &[]),
        Kind::ReplyReceived => ("reply to", &["of"]),
        Kind::ActorCreated => ("created", &[]),
        Kind::ActorStopped => ("gone", &[]),
        Kind::FailureInjected => ("failure injected", &["what"]),
        Kind::StateTransition => ("state", &[]),
        Kind::RecoveryCompleted => ("recovered", &[]),
        Kind::NetworkEvent => ("network", &[]),
        Kind::Observed => ("observed", &[]),
        Kind::DriverFailed => ("the test could not go on", &[]),
    };
    let mut parts = vec![words.to_owned()];
    parts.extend(event.count("number").map(|number| format!("#{number}")));
    if event.event_type == Kind::FailureInjected {
        parts.push(event.words("what").to_owned());
    }
    let others = event.metadata.0.iter().filter(|(key, _)| *key != "number" && !told.contains(&key.as_str()));
    parts.extend(
        others.map(|(key, value)| if key == "lane" { value.to_string() } else { format!("{key} {value}") }),
    );
    parts.retain(|part| !part.is_empty());
    parts.join(" ")
}

fn shortened(words: &str) -> String {
    if words.chars().count() <= LABEL_MAX {
        return words.to_owned();
    }
    words.chars().take(LABEL_MAX - 1).chain(['…']).collect()
}
