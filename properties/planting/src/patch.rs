//! Turning source text into source text with switches.

use std::fmt;
use std::ops::Range;

use crate::{Fault, Kind};

/// A file with its faults behind switches.
#[derive(Debug, PartialEq, Eq)]
pub struct Patched {
    /// The text.
    pub text: String,
    /// The faults that were left out, with the number of times their anchor occurs: somebody edited that very place.
    pub stale: Vec<(&'static str, usize)>,
}

/// Two faults that cannot both be switched, because one anchor lies in the other or has another kind.
#[derive(Debug, PartialEq, Eq)]
pub struct Overlap(
    /// One of them.
    pub &'static str,
    /// The other.
    pub &'static str,
);

impl std::error::Error for Overlap {}

impl fmt::Display for Overlap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the anchors of the planted faults `{}` and `{}` overlap: give both the same one",
            self.0, self.1
        )
    }
}

/// A place in the text and the faults that are planted there, by the numbers of their switches.
type Site<E> = (Range<usize>, Vec<(usize, &'static Fault<E>)>);

/// Puts the faults of one file behind switches.
///
/// Faults with the same anchor become one chain. A fault whose anchor does not occur exactly once is left out and
/// listed: an edit of the source must not break the build.
///
/// # Errors
///
/// [`Overlap`] names two faults of which one would be planted inside the other.
pub fn patch<E>(source: &str, faults: &[(usize, &'static Fault<E>)]) -> Result<Patched, Overlap> {
    let mut sites: Vec<Site<E>> = Vec::new();
    let mut stale = Vec::new();
    for &(number, fault) in faults {
        let mut found = source.match_indices(fault.original);
        match (found.next(), found.count()) {
            (Some((start, anchor)), 0) if !anchor.is_empty() => {
                add(&mut sites, start..start + anchor.len(), number, fault)?;
            }
            (first, more) => stale.push((fault.id, usize::from(first.is_some()) + more)),
        }
    }
    sites.sort_by_key(|(range, _)| range.start);
    let mut text = String::with_capacity(source.len() * 2);
    let mut copied = 0;
    for (range, planted) in &sites {
        text.push_str(&source[copied..range.start]);
        text.push_str(&switch(&source[range.clone()], planted));
        copied = range.end;
    }
    text.push_str(&source[copied..]);
    Ok(Patched { text, stale })
}

fn add<E>(
    sites: &mut Vec<Site<E>>,
    range: Range<usize>,
    number: usize,
    fault: &'static Fault<E>,
) -> Result<(), Overlap> {
    for (taken, planted) in sites.iter_mut() {
        let other = planted[0].1;
        if *taken == range && other.kind == fault.kind {
            planted.push((number, fault));
            return Ok(());
        }
        if taken.start < range.end && range.start < taken.end {
            return Err(Overlap(other.id, fault.id));
        }
    }
    sites.push((range, vec![(number, fault)]));
    Ok(())
}

/// Writes the chain of one place.
fn switch<E>(original: &str, planted: &[(usize, &'static Fault<E>)]) -> String {
    let mut chain = String::new();
    for (number, Fault { id, faulty, .. }) in planted {
        chain.push_str(&format!("if crate::planted::is({number} /* {id} */) {{ {faulty} }} else "));
    }
    chain.push_str(&format!("{{ {original} }}"));
    match planted[0].1.kind {
        Kind::Expression => format!("({chain})"),
        Kind::Statement => chain,
    }
}

/// Takes out what the twin must not run again: the unit tests and the examples in doc comments.
///
/// Lines stay where they are, so that a place in the twin is the same place in the source.
pub fn without_tests(source: &str) -> String {
    let doc = |line: &str| {
        let line = line.trim_start();
        line.starts_with("//!") || (line.starts_with("///") && !line.starts_with("////"))
    };
    let lines = source.lines().map(|line| if doc(line) { String::new() } else { line.to_owned() } + "\n");
    lines.collect::<String>().replace("#[cfg(test)]", "#[cfg(any())]")
}
