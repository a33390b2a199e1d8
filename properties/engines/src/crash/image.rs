//! What a crash leaves of the pending changes.
//!
//! A disk may write what was not synced in any order, in part, or not at all. Whole choices are enumerated, the others
//! sampled by seed. The unit that is never torn is a sector of 512 bytes.

use std::fmt;

use super::disk::{Change, Content};
use crate::draw::SplitMix;

/// No disk tears anything smaller.
const SECTOR: usize = 512;

/// How many seeds of each sampled choice are tried.
const SEEDS: u64 = 3;

/// What survives of the pending changes, the simplest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Survivors {
    /// Nothing.
    Nothing,
    /// Everything.
    Everything,
    /// So many of the first ones.
    First(usize),
    /// Some of them, by seed.
    Some(u64),
    /// Some sectors of each write and some of the other changes, by seed.
    Torn(u64),
}

impl fmt::Display for Survivors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Survivors::Nothing => f.write_str("nothing pending survives"),
            Survivors::Everything => f.write_str("everything pending survives"),
            Survivors::First(count) => write!(f, "the first {count} pending changes survive"),
            Survivors::Some(seed) => write!(f, "some pending changes survive (seed {seed})"),
            Survivors::Torn(seed) => write!(f, "some sectors of pending changes survive (seed {seed})"),
        }
    }
}

impl Survivors {
    /// The choices for so many pending changes, the simplest first; `salt` moves the seeds of the sampled ones.
    #[must_use]
    pub fn all(pending: usize, salt: u64) -> Vec<Survivors> {
        let seeds = salt * SEEDS..(salt + 1) * SEEDS;
        let mut all = vec![Survivors::Nothing];
        if pending > 0 {
            all.push(Survivors::Everything);
            all.extend((1..pending).map(Survivors::First));
            // Of one change nothing and everything is all there is, unless it is torn.
            all.extend(seeds.clone().filter(|_| pending > 1).map(Survivors::Some));
            all.extend(seeds.map(Survivors::Torn));
        }
        all
    }
}

impl Survivors {
    /// One choice of each kind for so many pending changes, the simplest first; which one of a kind follows from `salt`.
    #[must_use]
    pub fn one_of_each(pending: usize, salt: u64) -> Vec<Survivors> {
        let mut all = vec![Survivors::Nothing];
        if pending > 0 {
            all.push(Survivors::Everything);
            if pending > 1 {
                all.extend([Survivors::First(1 + salt as usize % (pending - 1)), Survivors::Some(salt)]);
            }
            all.push(Survivors::Torn(salt));
        }
        all
    }
}

/// The content after a crash.
pub(super) fn of(durable: &Content, pending: &[Change], survivors: Survivors) -> Content {
    let mut content = durable.clone();
    let mut keep = |change: &Change| content.apply(change);
    match survivors {
        Survivors::Nothing => {}
        Survivors::Everything => pending.iter().for_each(keep),
        Survivors::First(count) => pending.iter().take(count).for_each(keep),
        Survivors::Some(seed) => {
            let mut mix = SplitMix(seed);
            pending.iter().filter(|_| mix.coin()).for_each(keep);
        }
        Survivors::Torn(seed) => {
            let mut mix = SplitMix(!seed);
            pending.iter().flat_map(sectors).filter(|_| mix.coin()).for_each(|change| keep(&change));
        }
    }
    content
}

/// A write sector by sector; any other change as it is.
fn sectors(change: &Change) -> Vec<Change> {
    let Change::Write(inode, offset, bytes) = change else { return vec![change.clone()] };
    let mut all = Vec::new();
    let mut start = 0;
    while start < bytes.len() {
        let end = bytes.len().min((offset + start) / SECTOR * SECTOR + SECTOR - offset);
        all.push(Change::Write(*inode, offset + start, bytes[start..end].to_vec()));
        start = end;
    }
    all
}
