//! The report as one page that needs nothing else: no script, no font, no picture from elsewhere.

use std::fmt::Write as _;

use super::{
    SituationCount, SuiteCoverage,
    chart::{bars, curve},
    publish::Entry,
};

/// Light and dark by the reader's preference.
const STYLE: &str = include_str!("page.css");

/// Lays the report out as a page.
#[must_use]
pub fn page(entries: &[Entry]) -> String {
    let mut html = String::new();
    // Writing to a string cannot fail, here and below.
    let _ = write!(
        html,
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width\">\n<title>Coverage of the suites</title>\n<style>\n{STYLE}</style>\n\
         <header><h1>Coverage of the suites</h1>\n<p class=\"soft\">What every suite went through, in the words of \
         its model.</p>\n"
    );
    facts(&mut html, entries);
    html.push_str("</header>\n<nav><div>\n");
    for Entry { coverage, .. } in entries {
        let (name, mark) = (escape(&coverage.suite), mark(coverage));
        let _ = writeln!(html, "<a href=\"#{name}\">{mark} {name}</a>");
    }
    html.push_str("</div></nav>\n<main>\n");
    entries.iter().for_each(|entry| section(&mut html, entry));
    let _ = write!(
        html,
        "</main>\n<footer>The stronger the colour of a cell, the more frequent it was, from the least to the most frequent one of its \
         suite on a logarithmic scale; point at one \
         to see its outcomes. A dot is a pair that never occurred: many cannot.<br>States are those of the whole \
         model, with all that it counts, and their number is that of the first cases alone. A curve that is still \
         rising has more to see.</footer>\n</html>\n"
    );
    html
}

/// The numbers over all suites.
fn facts(html: &mut String, entries: &[Entry]) {
    let suites: Vec<_> = entries.iter().map(|entry| &entry.coverage).collect();
    let sum = |pairs: &mut dyn Iterator<Item = (usize, usize)>| {
        pairs.fold((0, 0), |(some, all), (more, of)| (some + more, all + of))
    };
    let (met, required) = sum(&mut suites.iter().map(|one| one.required()));
    let (reached, cells) = sum(&mut suites.iter().map(|one| one.cells()));
    let transitions = suites.iter().map(|one| one.transitions).sum();
    let cases: u64 = suites.iter().map(|one| u64::from(one.cases)).sum();
    let class = if met == required { "good" } else { "bad" };
    let _ = write!(
        html,
        "<div class=\"facts\">\n<div class=\"fact\"><b>{}</b>suites</div>\n<div class=\"fact\"><b>{}</b>cases</div>\n\
         <div class=\"fact\"><b>{}</b>transitions</div>\n<div class=\"fact\"><b class=\"{class}\">{met} of \
         {required}</b>required situations met</div>\n<div class=\"fact\"><b>{reached} of {cells}</b>pairs of state \
         and transition</div>\n</div>\n",
        suites.len(),
        brief(cases),
        brief(transitions)
    );
}

fn mark(coverage: &SuiteCoverage) -> &'static str {
    let (met, required) = coverage.required();
    if met == required {
        "<span class=\"good\">&#10003;</span>"
    } else {
        "<span class=\"bad\">&#10007;</span>"
    }
}

/// Everything about one suite.
fn section(html: &mut String, Entry { coverage, fresh }: &Entry) {
    let name = escape(&coverage.suite);
    let _ = writeln!(html, "<section id=\"{name}\"><h2>{} {name}</h2>", mark(coverage));
    let _ = write!(
        html,
        "<p class=\"soft\">{} cases, {} transitions, seed {}",
        grouped(u64::from(coverage.cases)),
        grouped(coverage.transitions),
        coverage.seed
    );
    if !coverage.whole {
        html.push_str("; <span class=\"note\">fewer cases than the minima are made for</span>");
    }
    if !fresh {
        html.push_str("; <span class=\"note\">of an earlier run</span>");
    }
    html.push_str("</p>\n<h3>Transitions by the state they met</h3>\n");
    heat_map(html, coverage);
    html.push_str("<div class=\"two\">\n");
    let sample = &coverage.sample;
    let cases = grouped(u64::from(sample.cases));
    let _ = writeln!(html, "<div><h3>Length of the first {cases} cases</h3>{}</div>", bars(&sample.lengths));
    if let Some(states) = sample.states() {
        let _ = writeln!(
            html,
            "<div><h3>{} different states in them</h3>{}</div>",
            grouped(states),
            curve(&sample.growth, sample.cases)
        );
    }
    html.push_str("</div>\n");
    situations(html, coverage);
    outcomes(html, coverage);
    html.push_str("</section>\n");
}

/// A row a kind, a column a class.
fn heat_map(html: &mut String, coverage: &SuiteCoverage) {
    html.push_str("<div class=\"scroll\"><table class=\"heat\"><thead><tr><th></th>");
    coverage.classes.iter().for_each(|class| {
        let _ = write!(html, "<th scope=\"col\">{}</th>", escape(class));
    });
    html.push_str("</tr></thead>\n<tbody>\n");
    let pairs =
        coverage.kinds.iter().flat_map(|kind| (0..coverage.classes.len()).map(move |one| (kind, one)));
    let counts: Vec<_> =
        pairs.map(|(kind, class)| coverage.count(kind, class)).filter(|count| *count > 0).collect();
    let scale = (counts.iter().copied().min().unwrap_or(1), counts.iter().copied().max().unwrap_or(1));
    for kind in &coverage.kinds {
        let _ = write!(html, "<tr><th scope=\"row\">{}</th>", escape(kind));
        (0..coverage.classes.len()).for_each(|class| cell(html, coverage, kind, class, scale));
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody></table></div>\n");
}

fn cell(html: &mut String, coverage: &SuiteCoverage, kind: &str, class: usize, scale: (u64, u64)) {
    let (count, state) = (coverage.count(kind, class), escape(&coverage.classes[class]));
    let kind_name = escape(kind);
    if count == 0 {
        let _ = write!(html, "<td class=\"never\" title=\"{kind_name} in '{state}': never\">&middot;</td>");
        return;
    }
    let heat = heat(count, scale);
    let hot = if heat > 55 { " hot" } else { "" };
    let _ = write!(
        html,
        "<td class=\"some{hot}\" style=\"--heat:{heat}\" title=\"{kind_name} in '{state}': {}",
        grouped(count)
    );
    for row in coverage.rows.iter().filter(|row| row.kind == kind) {
        if let Some(times) = row.counts.get(class).filter(|times| **times > 0) {
            let _ = write!(html, "&#10;{}: {}", escape(&row.outcome), grouped(*times));
        }
    }
    let _ = write!(html, "\">{}</td>", brief(count));
}

/// Where a count lies between the least and the most frequent one, in percent of their logarithms.
fn heat(count: u64, (least, most): (u64, u64)) -> u64 {
    let above = |number: u64| (number as f64 / least as f64).ln();
    if most > least { (100.0 * above(count) / above(most)).round() as u64 } else { 100 }
}

/// What was missed comes first, then what is required, the scarcest first.
fn situations(html: &mut String, coverage: &SuiteCoverage) {
    let mut all: Vec<_> = coverage.situations.iter().collect();
    all.sort_by_key(|one| (one.met().map_or(2, u8::from), one.count));
    html.push_str("<h3>Situations, the scarcest first</h3>\n<ul class=\"situations\">\n");
    for one in all {
        let (class, verdict) = match one.met() {
            None => ("", "<span class=\"soft\">counted</span>"),
            Some(true) => ("", "<span class=\"good\">&#10003; met</span>"),
            Some(false) => ("missed", "<span class=\"bad\">&#10007; missed</span>"),
        };
        let SituationCount { name, count, minimum } = one;
        let least = if *minimum > 0 { format!(" of at least {}", grouped(*minimum)) } else { String::new() };
        let _ = writeln!(
            html,
            "<li class=\"{class}\">{verdict}<span>{}</span><span>{}<span class=\"soft\">{least}</span></span></li>",
            escape(name),
            grouped(*count)
        );
    }
    html.push_str("</ul>\n");
}

/// All counts, for those who want them.
fn outcomes(html: &mut String, coverage: &SuiteCoverage) {
    html.push_str(
        "<details><summary>Every outcome</summary><div class=\"scroll\"><table class=\"outcomes\"><tr><th></th><th></th>",
    );
    coverage.classes.iter().for_each(|class| {
        let _ = write!(html, "<th>{}</th>", escape(class));
    });
    html.push_str("</tr>\n");
    for row in &coverage.rows {
        let _ = write!(html, "<tr><th>{}</th><th>{}</th>", escape(&row.kind), escape(&row.outcome));
        row.counts.iter().for_each(|count| {
            let _ = write!(html, "<td>{}</td>", grouped(*count));
        });
        html.push_str("</tr>\n");
    }
    html.push_str("</table></div></details>\n");
}

/// Text that stands for itself.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A number with its thousands apart.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number in at most four signs: 950, 12k, 3.4M.
pub(super) fn brief(number: u64) -> String {
    let tenths = |unit: u64, name: &str| {
        let tenths = number / (unit / 10);
        if tenths < 100 {
            format!("{}.{}{name}", tenths / 10, tenths % 10)
        } else {
            format!("{}{name}", tenths / 10)
        }
    };
    match number {
        0..1_000 => number.to_string(),
        1_000..1_000_000 => tenths(1_000, "k"),
        1_000_000..1_000_000_000 => tenths(1_000_000, "M"),
        _ => tenths(1_000_000_000, "G"),
    }
}
