//! What enters the chain (SY-2, SY-3), and what that does to scores (SY-7).

use super::{Meaning, Seen, Watch};
use crate::{
    court::{Differences, met},
    sync::clauses::{BACK, CERTIFIED, ONCE, PARENTS, SCORE},
};

/// The highest score.
const SCORE_MAX: i64 = 1000;

impl Watch {
    pub(super) fn enters(&mut self, meaning: &Meaning, seen: &Seen, differences: &mut Differences) {
        if meaning.uncertified {
            met(&CERTIFIED);
        }
        for root in &seen.entered {
            met(&PARENTS);
            met(&ONCE);
            let Some(block) = self.sent.get(root).filter(|block| block.certified) else {
                differences.push((
                    &CERTIFIED,
                    "a block enters that nobody has sent with a good certificate".to_owned(),
                ));
                continue;
            };
            let height = block.height;
            if !self.chain.contains_key(&block.parent) {
                differences.push((&PARENTS, format!("a block of height {height} enters before its parent")));
            }
            if self.chain.insert(*root, height).is_some() {
                differences.push((&ONCE, format!("a block of height {height} enters again")));
            }
        }
        if seen.head != self.head {
            met(&BACK);
        }
        if seen.head.height < self.head.height {
            let (was, is) = (self.head.height, seen.head.height);
            differences.push((&BACK, format!("the tip is at height {is}, and was at {was}")));
        }
        if self.able.entered && !self.chain.contains_key(&seen.head.root) {
            let message = format!("the tip at height {} has not entered", seen.head.height);
            differences.push((&PARENTS, message));
        }
        self.head = seen.head;
    }

    /// A score is within its bounds, and lower after a failure.
    pub(super) fn scored(&mut self, meaning: &Meaning, seen: &Seen, differences: &mut Differences) {
        for (peer, score) in &seen.scores {
            if !(0..=SCORE_MAX).contains(score) {
                differences.push((&SCORE, format!("the score of peer {peer} is {score}")));
            }
            let Some(before) = self.scores.get(peer).filter(|_| meaning.failed.contains(peer)) else {
                continue;
            };
            met(&SCORE);
            if score >= before && *score > 0 {
                let message =
                    format!("the score of peer {peer} is {score} after a failure, and was {before}");
                differences.push((&SCORE, message));
            }
        }
        self.scores.clone_from(&seen.scores);
    }
}
