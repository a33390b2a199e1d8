//! The diagrams of the page, as SVG.

use std::fmt::Write as _;

use super::{Concurrent, Step, diagram, page::escaped};

const LANE: usize = 130;
const LINE: usize = 44;
const LABEL_MAX: usize = 64;

/// The message-sequence diagram: a line of life for each participant, and one for the system under test.
pub(super) fn of_steps(steps: &[Step], system: &str) -> String {
    let names = diagram::participants(steps);
    let at = |index: usize| index * LANE + LANE / 2;
    let system_at = at(names.len()) + 2 * LANE;
    let drawn: Vec<_> = steps.iter().enumerate().filter(|(_, step)| !step.by.is_empty()).collect();
    let height = 50 + drawn.len() * LINE;
    let mut svg = opening(system_at + LANE, height, "who did what, and what was answered");
    for (name, x) in names.iter().zip((0..).map(at)).chain([(&system, system_at)]) {
        let _ = write!(svg, "<text x=\"{x}\" y=\"18\" class=\"name\">{}</text>", escaped(name));
        let _ = write!(svg, "<line x1=\"{x}\" y1=\"26\" x2=\"{x}\" y2=\"{height}\" class=\"life\"/>");
    }
    for (row, (number, step)) in drawn.into_iter().enumerate() {
        let (from, to) = diagram::ends(&names, step);
        let (from, to) =
            (at(from), to.map_or(system_at, |to| if to == from { at(from) + LANE / 8 } else { at(to) }));
        let (there, back) = (52 + row * LINE, 70 + row * LINE);
        let bad = if step.failure.is_some() { " bad" } else { "" };
        let label = escaped(&diagram::shortened(&format!("{number}. {}", step.transition), LABEL_MAX));
        let _ = write!(
            svg,
            "<g data-step=\"{number}\" class=\"message{bad}\"><line x1=\"{from}\" y1=\"{there}\" x2=\"{to}\" y2=\"{there}\" \
             class=\"call\" marker-end=\"url(#head)\"/><text x=\"{}\" y=\"{}\">{label}</text>",
            from.min(to) + 8,
            there - 4,
        );
        if let (None, Some(answer)) = (&step.to, diagram::answer(step)) {
            let answer = escaped(&diagram::shortened(answer, LABEL_MAX));
            let _ = write!(
                svg,
                "<line x1=\"{system_at}\" y1=\"{back}\" x2=\"{from}\" y2=\"{back}\" class=\"back\" \
                 marker-end=\"url(#head)\"/><text x=\"{}\" y=\"{}\" class=\"answer\">{answer}</text>",
                from + 8,
                back - 4,
            );
        }
        svg.push_str("</g>");
    }
    svg.push_str("</svg></div>");
    svg
}

/// The calls of a history as bars over the events, a line a thread; where a call stands in the attempted order is its number.
pub(super) fn of_history(history: &Concurrent) -> String {
    const EVENT: usize = 46;
    let threads = history.calls.iter().map(|call| call.thread + 1).max().unwrap_or(0);
    let last =
        history.calls.iter().map(|call| call.returned.as_ref().map_or(call.invoked, |end| end.0)).max();
    let last = last.unwrap_or(0) as usize + 1;
    let mut lines = vec![0; threads];
    let mut svg = opening(90 + (last + 1) * EVENT + 2 * LANE, 20 + history.calls.len() * 34, "the history");
    let mut order: Vec<_> = history.calls.iter().enumerate().collect();
    order.sort_by_key(|(_, call)| (call.thread, call.invoked));
    for (row, (index, call)) in order.into_iter().enumerate() {
        let y = 12 + row * 34;
        lines[call.thread] += 1;
        if lines[call.thread] == 1 {
            let _ =
                write!(svg, "<text x=\"4\" y=\"{}\" class=\"thread\">thread {}</text>", y + 14, call.thread);
        }
        let end = call.returned.as_ref().map_or(last, |(event, _)| *event as usize);
        let (x, width) = (90 + call.invoked as usize * EVENT, (end - call.invoked as usize) * EVENT);
        let followed = history.longest.contains(&index);
        let class = if followed { "bar" } else { "bar bad" };
        let told = call.returned.as_ref().map_or("never returned", |(_, told)| told);
        let place = history.longest.iter().position(|one| *one == index);
        let place = place.map_or(String::new(), |place| format!(" #{}", place + 1));
        let label = diagram::shortened(&format!("{index}: {} → {told}", call.call), LABEL_MAX);
        let _ = write!(
            svg,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"22\" rx=\"4\" class=\"{class}\"/>\
             <text x=\"{}\" y=\"{}\">{}{place}</text>",
            width.max(8),
            x + 6,
            y + 15,
            escaped(&label),
        );
    }
    svg.push_str("</svg></div>");
    svg
}

fn opening(width: usize, height: usize, title: &str) -> String {
    format!(
        "<div class=\"drawing\"><svg width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
         aria-label=\"{title}\"><defs><marker id=\"head\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"7\" \
         markerHeight=\"7\" orient=\"auto\"><path d=\"M0,0 L8,4 L0,8 z\"/></marker></defs>"
    )
}
