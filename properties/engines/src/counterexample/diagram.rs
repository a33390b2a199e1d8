//! Who did what and was answered what, as a message-sequence diagram in letters: one line of life a participant.

use std::fmt::Write as _;

use super::{Concurrent, Step};

/// The most letters of a label.
const LABEL_MAX: usize = 72;

/// The participants in the order in which they come up.
pub(super) fn participants(steps: &[Step]) -> Vec<&str> {
    let mut all: Vec<&str> = Vec::new();
    for step in steps.iter().filter(|step| !step.by.is_empty()) {
        for name in std::iter::once(&*step.by).chain(step.to.as_deref()) {
            if !all.contains(&name) {
                all.push(name);
            }
        }
    }
    all
}

/// Where a step begins among the participants, and where it ends if that is one of them.
pub(super) fn ends(names: &[&str], step: &Step) -> (usize, Option<usize>) {
    let place = |name: &str| names.iter().position(|known| *known == name);
    (place(&step.by).unwrap_or(0), step.to.as_deref().and_then(place))
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
        let (from, to) = ends(&names, step);
        let line = |mark: &str, fill: char| Stroke { from, to, mark, fill }.over(names.len(), width);
        let head = if to.is_none() { '▶' } else { ' ' };
        let what = shortened(&step.transition, LABEL_MAX);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{number:>4}. {}{head} {what}", line("●", '─'));
        if let (None, Some(answer)) = (to, answer(step)) {
            let _ = writeln!(text, "      {}  {}", line("◀", '╌'), shortened(answer, LABEL_MAX));
        }
    }
    text
}

/// A line from one participant to another, or to the system under test, which is on the right of them all.
struct Stroke<'a> {
    from: usize,
    to: Option<usize>,
    mark: &'a str,
    fill: char,
}

impl Stroke<'_> {
    /// Drawn over so many lines of life.
    fn over(&self, participants: usize, width: usize) -> String {
        (0..participants).map(|index| self.cell(index, width)).collect()
    }

    fn cell(&self, index: usize, width: usize) -> String {
        let to = self.to.unwrap_or(usize::MAX);
        let (low, high) = (self.from.min(to), self.from.max(to));
        let padded =
            |count: usize, inside: bool| if inside { self.fill } else { ' ' }.to_string().repeat(count);
        let left = (width - 1) / 2;
        let middle = if index == self.from {
            self.mark
        } else if index == to {
            if to > self.from { "▶" } else { "◀" }
        } else {
            "│"
        };
        let before = padded(left, low < index && index <= high);
        let behind = padded(width - 1 - left, low <= index && index < high);
        format!("{before}{middle}{behind}")
    }
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
