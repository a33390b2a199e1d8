//! Planted faults of watching a head for a caller that gives up.

use super::{Engine, Fault};

const BEACON_WATCH: &str = "beacon/watch.rs";

pub(super) const FAULTS: &[Fault] = &[
    Fault::expression(
        Engine::Heads,
        "opening_forgotten: a stream that was being opened counts as lost when the wait is given up",
        &["CL-1"],
        BEACON_WATCH,
        "self.open().await",
        "{\n                    self.action = None;\n                    self.open().await\n                }",
    ),
    Fault::expression(
        Engine::Heads,
        "opened_anew: a stream is opened anew by each call",
        &["CL-1"],
        BEACON_WATCH,
        "self.opening.get_or_insert_with(|| opening(self.client.clone())).await",
        "opening(self.client.clone()).await",
    ),
    Fault::statement(
        Engine::Heads,
        "opened_once: what came of opening the last stream is waited for again",
        &["CL-1"],
        BEACON_WATCH,
        "self.opening = None;",
        "",
    ),
    Fault::expression(
        Engine::Heads,
        "wait_begins_again: a wait between two streams begins again when it is given up",
        &["CL-1"],
        BEACON_WATCH,
        "self.client.http().clock().until(until).await",
        "{\n                        self.action = None;\n                        self.client.http().clock().until(until).await\n                    }",
    ),
    Fault::statement(
        Engine::Heads,
        "told_for_ever: a head that was told is told again by each call",
        &["CL-1"],
        BEACON_WATCH,
        "self.action = None;\n                    return head;",
        "return head;",
    ),
    Fault::expression(
        Engine::Heads,
        "silence_begins_again: each call gives a silent stream its time again",
        &["CL-1"],
        BEACON_WATCH,
        "self.heard.saturating_add(SILENCE)",
        "clock.now().saturating_add(SILENCE)",
    ),
    Fault::expression(
        Engine::Heads,
        "opened_in_haste: a node that answers with its first event is given no more time than for a question",
        &["CL-1"],
        BEACON_WATCH,
        "client.http().clock().now().saturating_add(SILENCE)",
        "client.http().clock().now().saturating_add(client.policy().attempt)",
    ),
    Fault::expression(
        Engine::Heads,
        "opened_at_leisure: a node that opens no stream is waited for twice as long as it may be silent",
        &["CL-1"],
        BEACON_WATCH,
        "client.http().clock().now().saturating_add(SILENCE)",
        "client.http().clock().now().saturating_add(SILENCE * 2)",
    ),
    Fault::statement(
        Engine::Heads,
        "open_is_silent: a stream that was opened counts as silent for long",
        &["CL-1"],
        BEACON_WATCH,
        "self.hears();\n                self.inputs.push_back(Input::Opened);",
        "self.inputs.push_back(Input::Opened);",
    ),
    Fault::statement(
        Engine::Heads,
        "nothing_is_heard: a stream is lost whatever is heard of it",
        &["CL-1"],
        BEACON_WATCH,
        "self.hears();\n                    self.inputs.extend(messages.iter().filter_map(told));",
        "self.inputs.extend(messages.iter().filter_map(told));",
    ),
];
