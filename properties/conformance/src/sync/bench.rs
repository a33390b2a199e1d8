//! An engine among its peers: makes the steps of a case, and says what differs and which clauses that breaks.

use std::{collections::BTreeMap, fmt};

use super::{
    capabilities::SyncCapabilities,
    clauses::{REACHES, RESTARTED, SAYS, SHARED},
    drive::Queue,
    judge::SyncSubject,
    player::Player,
    steps::{Behaviour, SyncStart, SyncStep},
    subject::{SyncParameters, SyncUnderTest},
    watch::{Seen, Watch},
    words::{SyncCommand, SyncEvent},
    world::{SLOT, SPACING, World},
};
use crate::court::{Differences, met};

/// How a part of a case ends: well, or by what differs.
pub(super) type Ended = Result<(), Differences>;

/// The honest peer that is connected where there is none.
const RESCUER: u64 = 200;

/// Within this time the honest tip is reached once an honest peer is connected, in milliseconds.
const BOUND: u64 = 600_000;

/// Within so many blocks of honest peers synced is said.
const BLOCKS: u32 = 12;

/// How long it takes until an engine that was made again is connected, in milliseconds.
const AGAIN: u64 = 1_000;

/// From so many batches for each peer on, the load must be shared.
const BATCHES: u64 = 2;

/// An engine, its peers, and what it is held to.
pub(super) struct Bench {
    able: SyncCapabilities,
    pub(super) parameters: SyncParameters,
    pub(super) engine: Box<dyn SyncUnderTest>,
    pub(super) world: World,
    pub(super) players: BTreeMap<u64, Player>,
    pub(super) queue: Queue,
    pub(super) watch: Watch,
    /// The time, in milliseconds.
    pub(super) now: u64,
    /// When the engine was woken last.
    pub(super) ticked: u64,
    pub(super) events: u64,
}

impl fmt::Debug for Bench {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bench").field("now", &self.now).finish_non_exhaustive()
    }
}

/// What an engine is made with at a beginning.
fn parameters(start: &SyncStart, world: &World) -> SyncParameters {
    let held = usize::from(start.held).min(world.honest.len());
    SyncParameters {
        genesis: world.genesis,
        held: world.honest[..held].to_vec(),
        slot: SLOT,
        workers: u64::from(start.workers),
        batch_max: 8,
        blocks_in_flight: 23,
        request_timeout: 10_000,
        status_interval: 5_000,
        backoff_min: 1_000,
        backoff_max: 30_000,
        breaker_failures: 3,
        breaker_window: 60_000,
        breaker_open: 60_000,
        ban_after: 2,
        ban_time: 90_000,
        freshness_slots: 4,
        sample: u64::from(start.sample),
        max_lag_blocks: u64::from(start.max_lag),
        bootstrap: start.bootstrap,
    }
}

impl Bench {
    /// Makes an engine, and connects those who are there from the beginning.
    pub(super) fn new(subject: &SyncSubject, start: &SyncStart) -> Result<(Self, Differences), String> {
        let (world, now) = World::new(subject.root, u64::from(start.height), u64::from(start.age));
        let able = subject.capabilities;
        let parameters = parameters(start, &world);
        let engine = (subject.make)(&parameters)?;
        let tip = parameters.held.last().unwrap_or(&parameters.genesis).tip();
        let watch = Watch::new(able, &parameters, tip);
        let (players, queue) = (BTreeMap::new(), Queue::default());
        let mut bench =
            Bench { able, parameters, engine, world, players, queue, watch, now, ticked: 0, events: 0 };
        let joined = bench.begin(u64::from(start.peers));
        Ok((bench, joined.err().unwrap_or_default()))
    }

    fn begin(&mut self, peers: u64) -> Ended {
        self.tick()?;
        (0..peers).try_for_each(|peer| self.join(peer, Behaviour::Honest))
    }

    /// Makes a step.
    pub(super) fn step(&mut self, step: SyncStep) -> Differences {
        let ended = match step {
            SyncStep::Join(peer, behaviour) => self.join(u64::from(peer), behaviour),
            SyncStep::Leave(peer) => self.leave(u64::from(peer)),
            SyncStep::Become(peer, behaviour) => {
                self.become_another(u64::from(peer), behaviour);
                Ok(())
            }
            SyncStep::Pass(time) => self.run_until(self.now + u64::from(time)),
            SyncStep::Grow(blocks) => (0..blocks).try_for_each(|_| self.grow()),
            SyncStep::Reorg(blocks) => self.reorg(usize::from(blocks)),
            SyncStep::Noise(peer) => self.noise(u64::from(peer)),
            SyncStep::Restart => self.restart(),
            SyncStep::Settle => self.settle(),
        };
        ended.err().unwrap_or_default()
    }

    /// What an engine is like after an event.
    pub(super) fn seen(&mut self, commands: Vec<SyncCommand>) -> Seen {
        let entered = if self.able.entered { self.engine.entered() } else { Vec::new() };
        let known = self.players.keys().filter(|_| self.able.scores);
        let scores = known.filter_map(|peer| Some((*peer, self.engine.score(*peer)?))).collect();
        Seen {
            commands,
            entered,
            head: self.engine.head(),
            says: self.able.says && self.engine.says_synced(),
            gate: self.able.gate && self.engine.gate_is_open(),
            scores,
        }
    }

    fn join(&mut self, peer: u64, behaviour: Behaviour) -> Ended {
        let player = self.players.entry(peer).or_insert_with(|| Player::new(behaviour));
        (player.behaviour, player.wanted) = (behaviour, true);
        self.watch.told(peer, behaviour);
        self.connect(peer)
    }

    fn become_another(&mut self, peer: u64, behaviour: Behaviour) {
        if let Some(player) = self.players.get_mut(&peer) {
            player.behaviour = behaviour;
            self.watch.told(peer, behaviour);
        }
    }

    fn leave(&mut self, peer: u64) -> Ended {
        let Some(player) = self.players.get_mut(&peer) else { return Ok(()) };
        player.wanted = false;
        if !player.connected {
            return Ok(());
        }
        player.connected = false;
        player.epoch += 1;
        self.event(&SyncEvent::Disconnected(peer))
    }

    /// Two slots pass, and honest peers make a block.
    fn grow(&mut self) -> Ended {
        self.run_until(self.now + SPACING * SLOT)?;
        self.world.grow(self.now);
        Ok(())
    }

    fn reorg(&mut self, back: usize) -> Ended {
        self.run_until(self.now + SPACING * SLOT)?;
        self.world.reorg(back, self.now);
        self.watch.reorganised();
        Ok(())
    }

    fn noise(&mut self, peer: u64) -> Ended {
        match self.players.get(&peer).is_some_and(|player| player.connected) {
            true => self.event(&SyncEvent::Malformed(peer)),
            false => Ok(()),
        }
    }

    /// The engine ends, and is made again; its connections come up after a while.
    fn restart(&mut self) -> Ended {
        let connected = self.players.iter().filter(|(_, player)| player.connected);
        let connected: Vec<u64> = connected.map(|(peer, _)| *peer).collect();
        connected.into_iter().for_each(|peer| self.cut(peer, self.now + AGAIN));
        if let Err(error) = self.engine.restart() {
            return Err(vec![(&RESTARTED, format!("it cannot be made again: {error}"))]);
        }
        let seen = self.seen(Vec::new());
        let differences = self.watch.restarted(seen.head, seen.says, seen.gate);
        if differences.is_empty() { self.tick() } else { Err(differences) }
    }

    /// The honest tip is reached, then honest peers produce and synced is said.
    fn settle(&mut self) -> Ended {
        if !self.watch.has_honest_peer() {
            self.join(RESCUER, Behaviour::Honest)?;
        }
        let wanted = self.world.tip().root;
        self.run_till(self.now + BOUND, |bench| bench.watch.head().root == wanted)?;
        let (head, tip) = (self.watch.head(), self.world.tip());
        if head.root != wanted {
            let message = format!(
                "the tip is at height {}, and should be the honest one at {}",
                head.height, tip.height
            );
            return Err(vec![(&REACHES, message)]);
        }
        if tip.height > 0 {
            met(&REACHES);
        }
        self.shared()?;
        if self.able.says { self.produce() } else { Ok(()) }
    }

    /// Lets time pass until something is so, or up to a point.
    fn run_till(&mut self, end: u64, done: impl Fn(&Bench) -> bool) -> Ended {
        while !done(self) {
            match self.next_at().filter(|at| *at <= end) {
                Some(at) => self.turn(at)?,
                None => return self.run_until(end),
            }
        }
        Ok(())
    }

    fn produce(&mut self) -> Ended {
        for _ in 0..BLOCKS {
            let end = self.now + SPACING * SLOT;
            self.run_till(end, |bench| bench.watch.says())?;
            if self.watch.says() {
                met(&SAYS);
                return Ok(());
            }
            self.world.grow(end);
        }
        Err(vec![(&SAYS, format!("honest peers have made {BLOCKS} blocks, and synced is not said"))])
    }

    fn shared(&mut self) -> Ended {
        let Some((used, sum, most)) = self.watch.shares(BATCHES) else { return Ok(()) };
        let peers = self.players.len() as u64;
        if peers < 8 {
            return Ok(());
        }
        met(&SHARED);
        // Three quarters are used, and the mean of all is seven tenths of the largest.
        if 4 * used as u64 >= 3 * peers && 10 * sum >= 7 * most * peers {
            return Ok(());
        }
        let message = format!("{used} of {peers} peers were asked for {sum} blocks, one of them for {most}");
        Err(vec![(&SHARED, message)])
    }
}
