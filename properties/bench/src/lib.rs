//! What is measured, and against what.
//!
//! The machine drifts while it measures, so a figure means something only beside another one that was taken in the
//! same moment. A [`Comparison`] runs its arms in turns, round after round, and gives the median of
//! the ratios of the rounds; no gate looks at a bare time. The bench target `ratios` prints these tables, the target
//! `criterion` gives the same arms to criterion one by one.

pub mod actors;
pub mod channels;
pub mod components;
pub mod hunts;
pub mod linearizability;
pub mod mailbox;
pub mod memory;
pub mod parallel;
pub mod ratio;
pub mod restart;
pub mod ring;
pub mod rivals;
pub mod runtimes;
pub mod scale;
pub mod states;
pub mod suites;
pub mod supervision;
pub mod tracker;

use ratio::Comparison;

/// Every comparison, in the order in which it is printed.
#[must_use]
pub fn comparisons() -> Vec<Comparison> {
    let all = [
        mailbox::comparisons(),
        actors::comparisons(),
        actors::supervised(),
        vec![restart::comparison()],
        tracker::comparisons(),
        suites::comparisons(),
        vec![ring::comparison()],
        states::comparisons(),
    ];
    all.into_iter().flatten().collect()
}
