//! Our own ordering tracker.

use alys_actor::tracker::{OrderingTracker, TrackerConfig, Verdict};

use crate::tracker::{OrderingTrackerUnderTest, TrackerVerdict};

/// The concurrent tracker of `alys-actor`, called from one thread.
#[derive(Debug)]
pub struct AlysTracker(OrderingTracker);

fn key(number: u8) -> String {
    number.to_string()
}

impl OrderingTrackerUnderTest for AlysTracker {
    fn name() -> String {
        "alys-actor, the ordering tracker".to_owned()
    }

    fn make() -> Self {
        AlysTracker(OrderingTracker::new(TrackerConfig::default()).expect("the default is valid"))
    }

    fn record(&mut self, actor: u8, sender: u8, sequence: u64) -> Option<TrackerVerdict> {
        Some(match self.0.record(&key(actor), &key(sender), sequence) {
            Verdict::InOrder => TrackerVerdict::InOrder,
            Verdict::Gap { expected, got } => TrackerVerdict::Gap { expected, got },
            Verdict::Duplicate => TrackerVerdict::Duplicate,
            Verdict::Reordered => TrackerVerdict::Reordered,
        })
    }

    fn message_count(&self, actor: u8) -> Option<usize> {
        Some(self.0.message_count(&key(actor)))
    }

    fn verify_ordering(&self, actor: u8) -> Option<bool> {
        Some(self.0.verify_ordering(&key(actor)))
    }

    fn set_expected_ordering(&mut self, actor: u8, order: &[u64]) -> Option<bool> {
        Some(self.0.set_expected_ordering(&key(actor), order.to_vec()).is_ok())
    }

    fn gaps(&self, actor: u8, sender: u8) -> Option<Vec<(u64, u64)>> {
        let report = self.0.report(&key(actor)).ok();
        let senders = report.into_iter().flat_map(|report| report.senders);
        let mut of_sender = senders.filter(|report| report.sender == key(sender));
        Some(
            of_sender.next().map_or_else(Vec::new, |report| {
                report.gaps.iter().map(|gap| (gap.first, gap.last)).collect()
            }),
        )
    }
}
