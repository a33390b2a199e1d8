//! Slots and votes.

use std::num::NonZeroU64;

use alys_engines::violation::check_eq;

use super::super::alys::slots::SlotClock;
use super::super::alys::voter::Voter;

pub(super) fn slots() {
    for (genesis_time, duration) in [(0, 1), (100, 3), (u64::MAX - 5, 2), (7, u64::MAX)] {
        let slot_duration = NonZeroU64::new(duration).expect("not 0");
        let clock = SlotClock { genesis_time, slot_duration };
        for time in
            [0, 1, 6, 7, 99, 100, 102, 103, 105, 106, u64::MAX - 6, u64::MAX - 5, u64::MAX - 2, u64::MAX]
        {
            let since = i128::from(time) - i128::from(genesis_time);
            let expected = (since >= 0).then(|| (since / i128::from(duration)) as u64);
            check_eq("CH-1", "the slot at a time", &expected, &clock.slot_at(time));
        }
        for slot in [0, 1, 2, 3, 1000, u64::MAX / 3, u64::MAX] {
            let start = u128::from(slot) * u128::from(duration) + u128::from(genesis_time);
            let expected = u64::try_from(start).ok();
            check_eq("CH-1", "when a slot begins", &expected, &clock.start_of(slot));
            if let Some(start) = expected {
                check_eq("CH-1", "the slot when it begins", &Some(slot), &clock.slot_at(start));
            }
        }
    }
}

/// Every slot, clock, parent and longest chain of a few, after every last vote.
pub(super) fn votes() {
    for last in 0..4 {
        for slot in 0..5 {
            for current in 0..5 {
                for (parent, longest) in [(0, 0), (0, 1), (1, 0), (3, 3), (2, 3)] {
                    let mut voter = Voter::recovered(last);
                    check_eq("CH-5", "the last slot voted in", &last, &voter.last());
                    let expected = slot > last && slot == current && parent == longest;
                    let votes = voter.votes(slot, current, parent, longest);
                    check_eq("CH-5", "whether it votes", &expected, &votes);
                    voter.voted(slot);
                    check_eq("CH-5", "what it remembers", &Voter::recovered(slot), &voter);
                }
            }
        }
    }
    check_eq("CH-5", "a voter that never voted", &Voter::recovered(0), &Voter::default());
}
