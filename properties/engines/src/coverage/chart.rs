//! Two small charts, as pictures in the page itself.

use std::fmt::Write as _;

use super::page::grouped;

/// The units of a picture's width and height; it is stretched to the width there is.
const WIDTH: usize = 400;
const HEIGHT: usize = 100;

/// How many bars there are at most: the sample is too small for one a length.
const BARS: usize = 20;

/// A bar for each length, or for some neighbouring ones, as high as its number of cases.
pub(super) fn bars(lengths: &[u64]) -> String {
    let longest = lengths.len().saturating_sub(1);
    let each = longest.div_ceil(BARS).max(1);
    // A case of no transitions, where there is one, counts with the shortest.
    let mut counts = vec![0_u64; longest.div_ceil(each).max(1)];
    for (length, count) in lengths.iter().enumerate() {
        counts[length.saturating_sub(1) / each] += count;
    }
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let wide = WIDTH as f64 / counts.len().max(1) as f64;
    let mut svg = opened("how many cases have which length");
    for (index, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        let high = HEIGHT as f64 * *count as f64 / most as f64;
        let (first, last) = (index * each + 1, (index * each + each).min(longest));
        // Writing to a string cannot fail.
        let _ = write!(
            svg,
            "<rect class=\"bar\" x=\"{:.2}\" y=\"{:.2}\" width=\"{:.2}\" height=\"{high:.2}\"><title>{first} to \
             {last} transitions: {} cases</title></rect>",
            index as f64 * wide,
            HEIGHT as f64 - high,
            wide * 0.9,
            grouped(*count)
        );
    }
    let axis = format!(
        "<span>0</span><span>up to {} cases a bar</span><span>{longest} transitions</span>",
        grouped(most)
    );
    format!("{svg}</svg><div class=\"axis\">{axis}</div>")
}

/// A line from nothing to the last number, over equal parts of the cases.
pub(super) fn curve(growth: &[u64], cases: u32) -> String {
    let last = growth.last().copied().unwrap_or(0).max(1);
    let steps = growth.len().max(1) as f64;
    let points: String = [0]
        .iter()
        .chain(growth)
        .enumerate()
        .map(|(step, states)| {
            let (across, up) = (WIDTH as f64 * step as f64 / steps, *states as f64 / last as f64);
            format!("{across:.2},{:.2} ", HEIGHT as f64 * (1.0 - up))
        })
        .collect();
    let mut svg = opened("how many different states had been seen after how many cases");
    let _ = write!(
        svg,
        "<polygon class=\"under\" points=\"{points}{WIDTH},{HEIGHT}\"/><polyline class=\"line\" points=\"{points}\"/>"
    );
    let axis = format!("<span>0</span><span>{} cases</span>", grouped(u64::from(cases)));
    format!("{svg}</svg><div class=\"axis\">{axis}</div>")
}

fn opened(what: &str) -> String {
    format!(
        "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{what}\">"
    )
}
