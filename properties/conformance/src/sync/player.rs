//! Whoever plays a peer.

#[cfg(test)]
mod properties;

use super::{
    steps::Behaviour,
    words::{SyncAnswer, SyncAsk, SyncBlock, SyncStatus, SyncTip},
    world::{STRANGER, World},
};

/// How long an answer takes, in milliseconds.
const LATENCY: u64 = 50;

/// By how much more the answer of peer 0 takes longer, and each one behind it by less: who joins later may be heard first.
const SPREAD: u64 = 9;

/// How far above the honest tip a claim is that nobody can show.
const FAR: u64 = 1_000;

/// A peer, as the network sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Player {
    pub(super) behaviour: Behaviour,
    /// Whether it is to be connected.
    pub(super) wanted: bool,
    pub(super) connected: bool,
    /// How often it was disconnected: what was asked before is not answered.
    pub(super) epoch: u64,
    /// Before this time no connection comes up.
    pub(super) banned_until: u64,
}

impl Player {
    pub(super) fn new(behaviour: Behaviour) -> Self {
        Player { behaviour, wanted: true, connected: false, epoch: 0, banned_until: 0 }
    }

    /// How long it takes to answer, where deadlines come after this time.
    pub(super) fn delay(&self, peer: u64, what: &SyncAsk, timeout: u64) -> u64 {
        let late = self.behaviour == Behaviour::Late && matches!(what, SyncAsk::Range { .. });
        LATENCY + SPREAD.saturating_sub(peer) + if late { timeout } else { 0 }
    }

    /// What it answers; `None` when it says nothing.
    pub(super) fn answer(&self, world: &World, what: &SyncAsk) -> Option<SyncAnswer> {
        match (self.behaviour, what) {
            (Behaviour::Silent, _) => None,
            (_, SyncAsk::Status) => Some(SyncAnswer::Status(SyncStatus { head: self.claim(world) })),
            (Behaviour::ForgedTip, SyncAsk::Root(root)) if *root == world.forged().root => {
                Some(SyncAnswer::Blocks(vec![world.forged()]))
            }
            (_, SyncAsk::Root(root)) => Some(SyncAnswer::Blocks(world.find(root).into_iter().collect())),
            (Behaviour::Withholds, SyncAsk::Range { .. }) => None,
            (Behaviour::Garbles, SyncAsk::Range { .. }) => Some(SyncAnswer::Malformed),
            (Behaviour::Refuses, SyncAsk::Range { .. }) => Some(SyncAnswer::Refused),
            (_, SyncAsk::Range { start, count }) => {
                Some(SyncAnswer::Blocks(self.range(world, *start, *count)))
            }
        }
    }

    fn claim(&self, world: &World) -> SyncTip {
        let last = |chain: &[SyncBlock]| chain.last().unwrap_or(&world.genesis).tip();
        let tip = world.tip().tip();
        match self.behaviour {
            Behaviour::Stale => last(&world.honest[..world.honest.len() / 2]),
            Behaviour::OnFork => last(&world.fork),
            Behaviour::ClaimsTooHigh => {
                SyncTip { height: tip.height + FAR, slot: tip.slot + 1, root: STRANGER }
            }
            Behaviour::ForgedTip => world.forged().tip(),
            _ => tip,
        }
    }

    fn range(&self, world: &World, start: u64, count: u64) -> Vec<SyncBlock> {
        let chain = match self.behaviour {
            Behaviour::Stale => &world.honest[..world.honest.len() / 2],
            Behaviour::OnFork | Behaviour::WrongFork => &world.fork[..],
            _ => &world.honest[..],
        };
        let wanted = |block: &&SyncBlock| (start..start.saturating_add(count)).contains(&block.height);
        let mut blocks: Vec<SyncBlock> = chain.iter().filter(wanted).copied().collect();
        let (half, last) = (blocks.len() / 2, blocks.len().saturating_sub(1));
        match self.behaviour {
            Behaviour::Empty => blocks.clear(),
            Behaviour::Short => blocks.truncate(blocks.len().div_ceil(2)),
            Behaviour::BadCertificate => {
                blocks.iter_mut().skip(half).take(1).for_each(|block| block.certified = false);
            }
            Behaviour::Unlinked => {
                let height = blocks.last().map_or(start, |block| block.height);
                let beside = world.unlinked(if last == 0 { height + 1 } else { height });
                blocks.truncate(last);
                blocks.push(beside);
            }
            Behaviour::Oversized => {
                let from = start + blocks.len() as u64;
                let beyond = from..=start.saturating_add(count);
                blocks.extend(beyond.map(|height| world.unlinked(height)));
            }
            _ => {}
        }
        blocks
    }
}
