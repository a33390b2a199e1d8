//! The lanes of a message-sequence diagram: where an actor stands, and arrows from one to another.

use maud::{Markup, html};

const FIRST: usize = 200;
const APART: usize = 190;
/// Room for a label right of the last lane.
const BEHIND: usize = 330;
const NAME_MAX: usize = 24;
/// How far an arrow stops before its lane, so that its head is seen.
const SHORT_OF: usize = 3;

/// Actors in the order in which they come up.
pub(super) struct Lanes<'a> {
    names: Vec<&'a str>,
}

impl<'a> Lanes<'a> {
    pub(super) fn of(all: impl Iterator<Item = &'a str>) -> Self {
        let mut names = Vec::new();
        for name in all {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        Self { names }
    }

    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    pub(super) fn width(&self) -> usize {
        FIRST + self.names.len().saturating_sub(1) * APART + BEHIND
    }

    /// Where an actor stands.
    pub(super) fn at(&self, name: &str) -> usize {
        FIRST + self.names.iter().position(|one| *one == name).unwrap_or(0) * APART
    }

    /// The names, and below each its line of life.
    pub(super) fn heads(&self, height: usize) -> Markup {
        html! {
            @for name in &self.names {
                line.lane x1=(self.at(name)) y1="32" x2=(self.at(name)) y2=(height) {}
                text.actor x=(self.at(name)) y="22" { title { (name) } (shortened(name)) }
            }
        }
    }

    /// An arrow at one height; one to its own lane goes out and comes back.
    pub(super) fn arrow(from: usize, to: usize, y: usize) -> Markup {
        if from == to {
            let path = format!("M{from},{} h26 v8 h-{}", y - 8, 26 - SHORT_OF);
            return html! { path.shaft d=(path) {} (head(from + SHORT_OF, y, false)) };
        }
        let right = to > from;
        let end = if right { to - SHORT_OF } else { to + SHORT_OF };
        html! { line.shaft x1=(from) y1=(y) x2=(end) y2=(y) {} (head(end, y, right)) }
    }
}

fn head(x: usize, y: usize, right: bool) -> Markup {
    let back = if right { x - 8 } else { x + 8 };
    html! { path.head d=(format!("M{x},{y} L{back},{} L{back},{} z", y - 4, y + 4)) {} }
}

/// Beginning and end of a long name: names that differ often do so at the end.
fn shortened(name: &str) -> String {
    let letters: Vec<_> = name.chars().collect();
    if letters.len() <= NAME_MAX {
        return name.to_owned();
    }
    let half = NAME_MAX / 2;
    let (start, end) = (&letters[..half], &letters[letters.len() - half + 1..]);
    start.iter().chain(['…'].iter()).chain(end).collect()
}
