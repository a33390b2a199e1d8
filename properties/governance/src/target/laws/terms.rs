//! Shares, outcomes and drafts, in numbers.

use alys_engines::violation::check_eq;
use alys_models::governance::shares;

use super::super::alys::message::Choice;
use super::super::alys::tally::{Outcome, Tally};
use super::super::alys::terms::{Draft, DraftRefusal, Limits, Share, ShareError};

pub(super) fn shares() {
    for numerator in 0..6 {
        for denominator in 0..6 {
            let made = Share::new(numerator, denominator);
            let refused = ShareError { numerator, denominator };
            check_eq("GV-6", "whether it is a share", &(numerator < denominator), &made.is_ok());
            check_eq("GV-6", "why it is none", &made.err().map(|_| refused), &made.err());
        }
    }
    check_eq("GV-6", "two thirds", &Share::new(2, 3), &Ok(Share::TWO_THIRDS));
}

pub(super) fn passing() {
    let totals = (0..40).chain([u64::MAX / 3, u64::MAX / 2, u64::MAX - 1, u64::MAX]);
    for total in totals {
        for (above, below) in [(0, 1), (1, 3), (1, 2), (2, 3), (4, 6), (3, 4), (99, 100), (0, u64::MAX)] {
            let share = Share::new(above, below).expect("a share");
            let expected = shares::passing(total, above, below);
            check_eq(
                "GV-6",
                &format!("what passes {above}/{below} of {total}"),
                &expected,
                &share.passing(total),
            );
        }
        let most = Share::new(u64::MAX - 1, u64::MAX).expect("a share");
        check_eq(
            "GV-6",
            "what passes all but nothing",
            &shares::passing(total, u64::MAX - 1, u64::MAX),
            &most.passing(total),
        );
    }
}

pub(super) fn outcomes() {
    for approve in 0..7 {
        for reject in 0..7 {
            for abstain in 0..4 {
                let mut tally = Tally::default();
                for (choice, weight) in Choice::ALL.into_iter().zip([approve, reject, abstain]) {
                    tally.add(choice, weight + 2);
                    tally.take_back(choice, 2);
                }
                check_eq("GV-4", "a tally", &Tally { approve, reject, abstain }, &tally);
                check_eq("GV-5", "the weight of all", &(approve + reject + abstain), &tally.cast());
                for passing in 1..7 {
                    for quorum in 0..10 {
                        let expected = match approve + reject + abstain >= quorum {
                            false => Outcome::Expired,
                            true if approve >= passing && approve > reject => Outcome::Approved,
                            true => Outcome::Rejected,
                        };
                        check_eq("GV-5", "an outcome", &expected, &tally.decide(passing, quorum));
                    }
                }
            }
        }
    }
}

pub(super) fn drafts() {
    let limits = Limits { payload: 3, batch: 2, undecided: 2 };
    let (total, now) = (10, 50);
    let sound = Draft::binding(vec![0; 3], 10, 49, 51);
    let checked = |draft: &Draft, total| draft.check(&limits, total, now);
    check_eq("GV-5", "a sound draft", &Ok(()), &checked(&sound, total));
    check_eq(
        "GV-5",
        "an empty one",
        &Ok(()),
        &checked(&Draft { payload: Vec::new(), quorum: 0, ..sound.clone() }, 1),
    );
    check_eq(
        "GV-5",
        "nobody to vote",
        &Err(DraftRefusal::NoMembers),
        &checked(&Draft { quorum: 0, ..sound.clone() }, 0),
    );
    // Each has everything wrong that comes after it as well.
    let worst = Draft { payload: vec![0; 4], quorum: 11, opens: 7, closes: 7, ..sound.clone() };
    let worse = Draft { payload: vec![0; 3], ..worst.clone() };
    let bad = Draft { quorum: 10, ..worse.clone() };
    let over = Draft { opens: 49, closes: 50, ..bad.clone() };
    for (draft, refusal) in [
        (worst, DraftRefusal::Payload { len: 4, allowed: 3 }),
        (worse, DraftRefusal::Quorum { quorum: 11, total }),
        (bad.clone(), DraftRefusal::Window { opens: 7, closes: 7 }),
        (Draft { opens: 8, ..bad }, DraftRefusal::Window { opens: 8, closes: 7 }),
        (over, DraftRefusal::Over { closes: 50, now }),
    ] {
        check_eq("GV-5", "a wrong draft", &Err(refusal), &checked(&draft, total));
    }
    let standard = Limits { payload: 65_536, batch: 4_096, undecided: 256 };
    check_eq("GV-5", "what there is at most", &standard, &Limits::default());
}
