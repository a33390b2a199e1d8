//! The network of a case, in virtual time: what is under way, and when it arrives.

use std::collections::BTreeMap;

use super::{
    bench::{Bench, Ended},
    clauses::REACHES,
    player::Player,
    words::{SyncAsk, SyncCommand, SyncEvent},
};

/// How long it takes until who was disconnected is connected again, in milliseconds.
const BACK: u64 = 10_000;

/// So many events are no end.
const EVENTS_MAX: u64 = 40_000;

/// What is under way.
#[derive(Clone, Copy, Debug)]
pub(super) enum Underway {
    /// A request, and the epoch of its peer when it was sent.
    Request { peer: u64, epoch: u64, request: u64, what: SyncAsk },
    /// A connection.
    Connection(u64),
}

/// What is under way, in the order in which it arrives.
#[derive(Clone, Debug, Default)]
pub(super) struct Queue {
    waiting: BTreeMap<(u64, u64), Underway>,
    sent: u64,
}

impl Queue {
    pub(super) fn send(&mut self, at: u64, what: Underway) {
        self.sent += 1;
        self.waiting.insert((at, self.sent), what);
    }

    fn next_at(&self) -> Option<u64> {
        self.waiting.first_key_value().map(|((at, _), _)| *at)
    }

    fn take(&mut self) -> Option<Underway> {
        self.waiting.pop_first().map(|(_, what)| what)
    }
}

impl Bench {
    /// Lets time pass up to a point: what is due arrives, and the engine is woken when it wants to be.
    pub(super) fn run_until(&mut self, end: u64) -> Ended {
        while let Some(at) = self.next_at().filter(|at| *at <= end) {
            self.turn(at)?;
        }
        self.now = end;
        self.tick()
    }

    /// When something happens next.
    pub(super) fn next_at(&self) -> Option<u64> {
        self.wakeup().into_iter().chain(self.queue.next_at()).min()
    }

    /// When the engine is woken: not twice at one time, and not before now.
    fn wakeup(&self) -> Option<u64> {
        self.engine.next_wakeup().map(|at| at.max(self.ticked + 1).max(self.now))
    }

    /// Makes happen what happens next. The engine is woken before what arrives at the same time.
    pub(super) fn turn(&mut self, at: u64) -> Ended {
        self.now = at;
        if self.wakeup().is_some_and(|wakeup| wakeup <= at) {
            return self.tick();
        }
        match self.queue.take() {
            Some(Underway::Request { peer, epoch, request, what }) => {
                self.arrives(peer, epoch, request, what)
            }
            Some(Underway::Connection(peer)) => self.connect(peer),
            None => Ok(()),
        }
    }

    pub(super) fn tick(&mut self) -> Ended {
        self.ticked = self.now;
        self.event(&SyncEvent::Tick)
    }

    /// A request reaches its peer, and the answer the engine. Who is not connected any more answers nothing.
    fn arrives(&mut self, peer: u64, epoch: u64, request: u64, what: SyncAsk) -> Ended {
        let player =
            self.players.get(&peer).copied().filter(|player| player.connected && player.epoch == epoch);
        let Some(answer) = player.and_then(|player| player.answer(&self.world, &what)) else { return Ok(()) };
        if self.ticked < self.now {
            // What time alone brings about is not the answer's doing.
            self.tick()?;
        }
        self.event(&SyncEvent::Answer { peer, request, answer })
    }

    /// A connection comes up, where it is wanted, is not there, and is not forbidden.
    pub(super) fn connect(&mut self, peer: u64) -> Ended {
        let now = self.now;
        match self.players.get_mut(&peer) {
            Some(player) if player.wanted && !player.connected && player.banned_until <= now => {
                player.connected = true;
                self.event(&SyncEvent::Connected(peer))
            }
            _ => Ok(()),
        }
    }

    /// The engine takes an event, and what it asks for is done.
    pub(super) fn event(&mut self, event: &SyncEvent) -> Ended {
        self.events += 1;
        if self.events > EVENTS_MAX {
            return Err(vec![(&REACHES, format!("{EVENTS_MAX} events, and no end"))]);
        }
        let commands = self.engine.handle(event, self.now);
        let seen = self.seen(commands);
        let differences = self.watch.after(event, &seen, self.now, &self.world);
        for command in &seen.commands {
            self.carry_out(command);
        }
        if differences.is_empty() { Ok(()) } else { Err(differences) }
    }

    fn carry_out(&mut self, command: &SyncCommand) {
        let (now, timeout) = (self.now, self.parameters.request_timeout);
        match *command {
            SyncCommand::Ask { peer, request, what } => {
                let Some(Player { epoch, .. }) = self.players.get(&peer).copied() else { return };
                let delay = self.players[&peer].delay(peer, &what, timeout);
                self.queue.send(now + delay, Underway::Request { peer, epoch, request, what });
            }
            SyncCommand::Disconnect { peer } => self.cut(peer, now + BACK),
            SyncCommand::Ban { peer, until } => {
                self.cut(peer, until);
                if let Some(player) = self.players.get_mut(&peer) {
                    player.banned_until = until;
                }
            }
            // The stream is closed at this end; what was sent before may come all the same.
            SyncCommand::Cancel { .. } => {}
        }
    }

    /// A connection ends, and comes up again at a time, if it is still wanted then.
    pub(super) fn cut(&mut self, peer: u64, again: u64) {
        if let Some(player) = self.players.get_mut(&peer) {
            player.connected = false;
            player.epoch += 1;
            self.queue.send(again, Underway::Connection(peer));
        }
    }
}
