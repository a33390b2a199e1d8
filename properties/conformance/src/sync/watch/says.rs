//! What is said, and the gate (SY-4, SY-5).

use alys_models::sync::ModelGate;

use super::{Meaning, Seen, Watch, proved};
use crate::{
    court::{Differences, met},
    sync::{
        clauses::{CLAIM, EMPTY, GENESIS, LIMITS, MINORITY, TOLD, TRUE, UNKNOWN},
        world::World,
    },
};

/// How old what an honest peer has shown may be at most, in milliseconds: it is asked every few seconds, and answers at once.
const OLD: u64 = 30_000;

impl Watch {
    pub(super) fn says_what_holds(
        &mut self,
        meaning: &Meaning,
        seen: &Seen,
        world: &World,
        differences: &mut Differences,
    ) {
        self.truth.own = proved(seen.head);
        if self.able.says {
            self.says_synced(meaning, seen, differences);
            self.minority(seen, world, differences);
        }
        if self.able.gate {
            self.gate(meaning, seen, differences);
        }
        (self.says, self.gate) = (seen.says, seen.gate);
    }

    fn has_peers(&self) -> bool {
        self.peers.values().any(|known| known.connected.is_some())
    }

    fn says_synced(&self, meaning: &Meaning, seen: &Seen, differences: &mut Differences) {
        let (says, holds) = (seen.says, self.truth.is_synced());
        match holds {
            true => met(&TOLD),
            false if self.has_peers() => met(&TRUE),
            false => {}
        }
        if meaning.empty && !holds {
            met(&EMPTY);
        }
        if meaning.claim {
            met(&CLAIM);
        }
        let height = seen.head.height;
        if says && !holds {
            let best = self.truth.highest().map_or("none".to_owned(), |tip| tip.height.to_string());
            let message = format!("synced is said at height {height}; the best tip that was shown: {best}");
            if meaning.empty {
                differences.push((&EMPTY, message.clone()));
            }
            if meaning.claim && !self.says {
                differences.push((&CLAIM, message.clone()));
            }
            differences.push((&TRUE, message));
        } else if holds && !says {
            let message = format!("synced is not said at height {height}, the best tip that was shown");
            if meaning.claim && self.says {
                differences.push((&CLAIM, message.clone()));
            }
            differences.push((&TOLD, message));
        }
    }

    /// Who has an honest majority about is not told an old tip by others, unless it is fresh.
    fn minority(&self, seen: &Seen, world: &World, differences: &mut Differences) {
        let connected: Vec<_> = self.peers.values().filter(|known| known.connected.is_some()).collect();
        let honest = connected.iter().filter(|known| !known.doubtful).count();
        let is_majority = 2 * honest > connected.len() && connected.len() as u64 >= self.parameters.sample;
        let is_fresh = self.truth.slot.abs_diff(seen.head.slot) <= self.parameters.freshness_slots;
        if !is_majority || honest == connected.len() || world.reorgs > 0 {
            return;
        }
        met(&MINORITY);
        let least = world.height_at(self.now.saturating_sub(OLD));
        if seen.says && !is_fresh && seen.head.height < least {
            let height = seen.head.height;
            let message =
                format!("synced is said at height {height}, and most peers had height {least} long ago");
            differences.push((&MINORITY, message));
        }
    }

    fn gate(&self, meaning: &Meaning, seen: &Seen, differences: &mut Differences) {
        let open = self.truth.gate() == ModelGate::Open;
        let target = self.truth.target();
        let clause = match target {
            None => &UNKNOWN,
            Some(0) => &GENESIS,
            Some(_) => &LIMITS,
        };
        if self.has_peers() {
            met(clause);
        }
        if seen.gate == open {
            return;
        }
        let word = if seen.gate { "open" } else { "closed" };
        let target = target.map_or("unknown".to_owned(), |target| target.to_string());
        let message = format!("the gate is {word} at height {}, the target is {target}", seen.head.height);
        if meaning.claim && seen.gate != self.gate {
            differences.push((&CLAIM, message.clone()));
        }
        differences.push((clause, message));
    }
}
