//! Random corruptions, counted by class and outcome (WR-3, WR-4).

use std::collections::BTreeMap;

use super::drawn;
use crate::corruption::{CLASSES, Corruption};
use crate::fuzz::{Case, corrupted};
use crate::generate::Scale;
use crate::judge::{Ended, ended, hold_to_flip};
use crate::sut::Sut;

/// How often each class of corruption ended how.
pub type Table = BTreeMap<(&'static str, Ended), u64>;

/// Corrupts so many streams that follow from the seeds from `first` on, judges each, and counts.
///
/// # Panics
///
/// When the model says otherwise, or WR-4 is broken.
pub fn counted<S: Sut>(first: u64, count: u64) -> Table {
    let mut table = Table::new();
    for seed in first..first + count {
        let scale = if seed % 512 == 0 { Scale::Large } else { Scale::Small };
        let case = drawn(seed, |u| Case::draw::<S>(u, scale));
        let came = corrupted::<S>(&case);
        if let [Corruption::Flip(at, _)] = case.corruptions[..]
            && case.messages == 1
            && !case.sent.is_empty()
        {
            hold_to_flip(case.channel.responses, at as usize % case.sent.len(), &case.sent_messages(), &came);
        }
        let class = match &case.corruptions[..] {
            [] => "none",
            [one] => CLASSES[one.class()],
            _ => "several",
        };
        *table.entry((class, ended(&case.sent_messages(), &came))).or_default() += 1;
    }
    table
}

/// Shows the counts, a line a class.
#[must_use]
pub fn shown(table: &Table) -> String {
    let mut lines: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for ((class, outcome), times) in table {
        let name = match outcome {
            Ended::Error(fault) => format!("{fault:?}"),
            other => format!("{other:?}"),
        };
        lines.entry(class).or_default().push(format!("{name} {times}"));
    }
    lines.into_iter().map(|(class, counts)| format!("  {class}: {}\n", counts.join(", "))).collect()
}
