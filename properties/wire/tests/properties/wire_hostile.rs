//! Hostile input: memory, and what is told of it.

use alys_wire_properties::{laws, real::Wire};

/// The most bytes that a piece of work had allocated at once.
pub(super) fn most_allocated(work: &mut dyn FnMut()) -> u64 {
    allocation_counter::measure(work).bytes_max
}

/// WR-3: a counting allocator sees no more than the limit, whatever a frame promises.
///
/// Engine: law
#[test]
fn hostile_frames_allocate_no_more_than_the_limit() {
    laws::hold(|| laws::hostile::memory::<Wire>(&most_allocated));
}
