//! Everything that can be seen of an actor from outside.

use super::{
    alys::tracker::OrderingTracker,
    calls::{actor_name, report},
};
use crate::tracker::compare::View;

/// Asks everything that can be asked about an actor.
#[must_use]
pub fn view(tracker: &OrderingTracker, actor: u8) -> View {
    let name = actor_name(actor);
    View {
        count: tracker.message_count(name),
        verified: tracker.verify_ordering(name),
        report: report(tracker, actor),
    }
}
