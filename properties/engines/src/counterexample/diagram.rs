//! Who did what and was answered what, as a message-sequence diagram in letters: one line of life a participant.

use std::fmt::Write as _;

use super::{Concurrent, Step};

/// The most letters of a label.
const LABEL_MAX: usize = 72;

/// The participants in the order in which they come up.
pub(super) fn participants(steps: &[Step]) -> Vec<&str> {
    let mut all: Vec<&str> = Vec::new();
    for step in steps.iter().filter(|step| !step.by.is_empty()) {
        if !all.contains(&&*step.by) {
            all.push(&step.by);
        }
    }
    all
}

/// What a step was answered: the first point that was compared after it.
pub(super) fn answer(step: &Step) -> Option<&str> {
    step.shown().next().map(|seen| &*seen.real)
}

/// Cuts what is too long for a line.
pub(super) fn shortened(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    text.chars().take(max.saturating_sub(1)).chain(['…']).collect()
}

/// The diagram of a sequence.
pub(super) fn of_steps(steps: &[Step]) -> String {
    let names = participants(steps);
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0) + 3;
    let head: String = names.iter().map(|name| format!("{name:^width$}")).collect();
    let mut text = format!("      {}\n", head.trim_end());
    for (number, step) in steps.iter().enumerate().filter(|(_, step)| !step.by.is_empty()) {
        let here = names.iter().position(|name| *name == step.by).unwrap_or(0);
        let line = |mark: &str, fill: char| -> String {
            let cell = |index: usize| {
                let (middle, fill) = match index.cmp(&here) {
                    std::cmp::Ordering::Less => ("│", ' '),
                    std::cmp::Ordering::Equal => (mark, fill),
                    std::cmp::Ordering::Greater => ("│", fill),
                };
                let before = if index > here { fill } else { ' ' };
                let left = (width - 1) / 2;
                let padded = |count: usize, fill: char| fill.to_string().repeat(count);
                format!("{}{middle}{}", padded(left, before), padded(width - 1 - left, fill))
            };
            (0..names.len()).map(cell).collect()
        };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{number:>4}. {}▶ {}", line("●", '─'), shortened(&step.transition, LABEL_MAX));
        if let Some(answer) = answer(step) {
            let _ = writeln!(text, "      {}  {}", line("◀", '╌'), shortened(answer, LABEL_MAX));
        }
    }
    text
}

/// The calls of a history as bars over the events, a line a call.
pub(super) fn of_history(history: &Concurrent) -> String {
    let last =
        history.calls.iter().flat_map(|call| [call.invoked, call.returned.as_ref().map_or(0, |end| end.0)]);
    let last = last.max().unwrap_or(0);
    let mut text = String::new();
    for (index, call) in history.calls.iter().enumerate() {
        let end = call.returned.as_ref().map_or(last + 1, |(event, _)| *event);
        let column = |event: u64| {
            if event == call.invoked {
                '├'
            } else if call.returned.is_some() && event == end {
                '┤'
            } else if (call.invoked..end).contains(&event) {
                '─'
            } else {
                ' '
            }
        };
        let bar: String = (0..=last).map(column).collect();
        let told = call.returned.as_ref().map_or("never returned", |(_, told)| told);
        let label = shortened(&format!("{} → {told}", call.call), LABEL_MAX);
        let _ = writeln!(text, "{index:>4}. thread {} {bar}  {label}", call.thread);
    }
    text
}
