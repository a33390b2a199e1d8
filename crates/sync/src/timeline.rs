//! A clock that never goes back, made of one that may.

/// Tells how much time has passed, as far as the caller's clock shows it.
///
/// When that clock is set back, the time in between is taken as nothing, and everything that waits goes on waiting from
/// there. When it is set forward, the time has passed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Timeline {
    /// What the caller's clock has shown last.
    now: u64,
    /// How far it was set back in all.
    back: u64,
}

impl Timeline {
    /// Notes what the clock shows.
    pub(crate) fn observe(&mut self, now: u64) {
        self.back = self.back.saturating_add(self.now.saturating_sub(now));
        self.now = now;
    }

    /// What the caller's clock has shown last.
    pub(crate) fn wall(&self) -> u64 {
        self.now
    }

    /// The time.
    pub(crate) fn now(&self) -> u64 {
        self.now.saturating_add(self.back)
    }

    /// What the caller's clock will show at a time.
    pub(crate) fn to_wall(self, time: u64) -> u64 {
        time.saturating_sub(self.back)
    }
}

#[cfg(test)]
mod properties {
    use super::*;

    /// SY-10: a deadline comes, whatever is done to the clock.
    ///
    /// Engine: law
    #[test]
    fn a_clock_that_is_set_back_stretches_nothing() {
        let mut timeline = Timeline::default();
        timeline.observe(5_000);
        timeline.observe(2_000);
        assert_eq!((timeline.wall(), timeline.now(), timeline.to_wall(6_000)), (2_000, 5_000, 3_000));
        timeline.observe(3_000);
        assert_eq!(timeline.now(), 6_000);
    }
}
