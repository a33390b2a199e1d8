//! Numbers and words as the page shows them: rounded for people, with the exact value beside it for programs.

use std::time::Duration;

use maud::{Markup, html};

use crate::{judge::Quantity, phase::MigrationPhase, result::Outcome};

/// Every outcome, the worst first.
pub(super) const OUTCOMES: [Outcome; 4] =
    [Outcome::Failed, Outcome::TimedOut, Outcome::Passed, Outcome::Skipped];

/// The outcome as classes of the style and values of the filters have it.
pub(super) fn outcome_id(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Passed => "passed",
        Outcome::Failed => "failed",
        Outcome::TimedOut => "timed_out",
        Outcome::Skipped => "skipped",
    }
}

pub(super) fn outcome_words(outcome: Outcome) -> &'static str {
    if outcome == Outcome::TimedOut { "timed out" } else { outcome_id(outcome) }
}

pub(super) fn pill(outcome: Outcome) -> Markup {
    html! { span class={ "pill " (outcome_id(outcome)) } { (outcome_words(outcome)) } }
}

/// The name of a phase as a title.
pub(super) fn phase_title(phase: MigrationPhase) -> String {
    capitalised(&phase.name().replace('_', " "))
}

pub(super) fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

pub(super) fn duration(duration: Duration) -> Markup {
    html! { data value=(duration.as_secs_f64()) { (duration_words(duration)) } }
}

pub(super) fn nanoseconds(nanoseconds: u64) -> Markup {
    duration(Duration::from_nanos(nanoseconds))
}

/// A duration in the unit that fits it.
pub(super) fn duration_words(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    let units = [(1.0, "s"), (1e-3, "ms"), (1e-6, "µs")];
    let (unit, name) = units.into_iter().find(|(unit, _)| seconds >= *unit).unwrap_or((1e-9, "ns"));
    format!("{} {name}", rounded(seconds / unit))
}

pub(super) fn count(count: impl TryInto<u64>) -> Markup {
    let count = count.try_into().unwrap_or(u64::MAX);
    html! { data value=(count) { (grouped(&count.to_string())) } }
}

pub(super) fn number(number: f64) -> Markup {
    html! { data value=(number) { (rounded(number)) } }
}

/// So many tests, or whatever it is; one is no plural.
pub(super) fn counted(number: usize, what: &str) -> String {
    format!("{} {what}{}", grouped(&number.to_string()), if number == 1 { "" } else { "s" })
}

pub(super) fn quantity(quantity: &Quantity) -> Markup {
    match quantity {
        Quantity::Count(value) => count(*value),
        Quantity::Number(value) => number(*value),
        Quantity::Words(words) => html! { (words) },
    }
}

/// At least three digits that count: all of those before the point, and so many behind it.
pub(super) fn rounded(number: f64) -> String {
    let size = number.abs();
    if number == 0.0 || !number.is_finite() {
        return number.to_string();
    }
    let steps = [(100.0, 0), (10.0, 1), (1.0, 2), (0.1, 3), (0.01, 4), (0.001, 5)];
    let Some((_, decimals)) = steps.into_iter().find(|(from, _)| size >= *from) else {
        return format!("{number:.2e}");
    };
    let text = format!("{number:.decimals$}");
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{}{point}{fraction}", grouped(whole))
}

/// Puts commas between thousands.
fn grouped(digits: &str) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |digits| ("-", digits));
    let mut text = sign.to_owned();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Bytes in the unit that fits them.
#[allow(clippy::cast_precision_loss, reason = "three digits are shown")]
pub(super) fn bytes(bytes: u64) -> Markup {
    let units = [(1_u64 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    let (unit, name) = units.into_iter().find(|(unit, _)| bytes >= *unit).unwrap_or((1, "B"));
    html! { data value=(bytes) { (rounded(bytes as f64 / unit as f64)) " " (name) } }
}

/// Something that can be taken along: a command with a button that copies it.
pub(super) fn command(command: &str) -> Markup {
    html! {
        div.command {
            code tabindex="0" { (command) }
            button.copy type="button" { "Copy" }
        }
    }
}
