//! A stage for one engine: its host, which does what it is asked, and whoever plays its peers.
//!
//! The host holds blocks to what certifies them, with the chain's own verification, and keeps those that link to what it has.
//! What peers answer is for the script. After every event the [`Watch`] holds all that the engine did to the rules.

use std::collections::{BTreeMap, VecDeque};

use alys_chain::approvals;
use alys_chain::tree::BlockRef;
use alys_engines::violation::violated;
use alys_wire::codes::FailureCode;
use alys_wire::containers::Hash256;
use alys_wire::message::{Request, Status};

use super::alys::config::{Settings, SyncConfig};
use super::alys::engine::{Action, Answer, Event, Local, RequestId, Stop, SyncEngine, Ticket};
use super::alys::peer::PeerId;
use super::watch::Watch;
use crate::chains::{Certified, Realm, SLOT_SECONDS, header, root};

/// So many events are the end of every script that ends.
const EVENTS_MAX: u64 = 3_000;

/// A request on its way.
#[derive(Clone, Debug, PartialEq)]
pub struct Sent {
    /// To whom.
    pub peer: PeerId,
    /// By which number.
    pub request: RequestId,
    /// What.
    pub message: Request,
}

/// What the host was asked to do and has not done yet.
#[derive(Clone, Debug, PartialEq)]
pub enum Work {
    /// A certificate to verify.
    Verify(Ticket, Certified),
    /// Blocks to take.
    Process(Ticket, Vec<Certified>),
}

/// An engine and its host.
#[derive(Clone, Debug)]
pub struct Stage {
    /// The authorities.
    pub realm: Realm,
    /// The engine.
    pub engine: SyncEngine,
    /// The time, in milliseconds.
    pub now: u64,
    /// The blocks that the host has, by their roots.
    pub held: BTreeMap<Hash256, Certified>,
    /// The tip of ours, genesis when there is none.
    pub head: Local,
    /// What was asked of peers, and neither answered nor given up.
    pub open: Vec<Sent>,
    /// What the host has to do.
    pub work: VecDeque<Work>,
    /// How much has happened.
    events: u64,
    /// The store fails from now on.
    pub broken: bool,
    /// What the rules are held with.
    pub watch: Watch,
}

impl Stage {
    /// A node that has genesis alone, at this time.
    ///
    /// # Panics
    ///
    /// When the settings are none that can be used.
    #[must_use]
    pub fn new(realm: &Realm, settings: Settings, now: u64) -> Self {
        Self::holding(realm, settings, now, &[], 0)
    }

    /// A node that has these blocks, those up to a height final.
    ///
    /// # Panics
    ///
    /// When the settings are none that can be used.
    #[must_use]
    pub fn holding(
        realm: &Realm,
        settings: Settings,
        now: u64,
        blocks: &[Certified],
        finalised: u64,
    ) -> Self {
        let genesis = BlockRef { root: realm.genesis.root(), height: 0 };
        let held: BTreeMap<_, _> = blocks.iter().map(|block| (root(block), block.clone())).collect();
        let reference = |block: &Certified| BlockRef { root: root(block), height: header(block).height };
        let head = blocks.last().map_or(genesis, reference);
        let finalised = blocks.iter().find(|one| header(one).height == finalised).map_or(genesis, reference);
        let head_slot = blocks.last().map_or(0, |block| header(block).slot);
        let head = Local { head, head_slot, finalised };
        let config: SyncConfig = settings.check().expect("settings of a law");
        let engine = SyncEngine::new(config, realm.config.clock, genesis.root, head);
        Stage {
            realm: realm.clone(),
            watch: Watch::new(settings, genesis.root, head, now),
            engine,
            now,
            held,
            head,
            open: Vec::new(),
            work: VecDeque::new(),
            events: 0,
            broken: false,
        }
    }

    /// Lets the engine handle an event, and the watch look at what it did.
    pub fn event(&mut self, event: Event) -> Vec<Action> {
        self.events += 1;
        if self.events > EVENTS_MAX {
            violated("SY-1", format!("{EVENTS_MAX} events and no end"));
        }
        let actions = self.engine.handle(event.clone(), self.now);
        for action in &actions {
            self.note(action);
        }
        let slot = self.now / 1000 / SLOT_SECONDS;
        self.watch.after(&event, &actions, &self.engine, self.now, slot);
        actions
    }

    /// The same for an event of which the watch, whose clock is the wall's, would have the wrong idea.
    pub fn event_unwatched(&mut self, event: Event) -> Vec<Action> {
        let actions = self.engine.handle(event, self.now);
        for action in &actions {
            self.note(action);
        }
        actions
    }

    fn note(&mut self, action: &Action) {
        match action {
            Action::Send { peer, request, message } => {
                self.open.push(Sent { peer: *peer, request: *request, message: message.clone() });
            }
            Action::Cancel { request, .. } => self.open.retain(|sent| sent.request != *request),
            Action::Disconnect { peer, .. } => self.open.retain(|sent| sent.peer != *peer),
            Action::Verify { ticket, block } => {
                self.work.push_back(Work::Verify(*ticket, block.clone()));
            }
            Action::Process { ticket, blocks } => {
                self.work.push_back(Work::Process(*ticket, blocks.clone()));
            }
            Action::Ban { .. } | Action::Say(_) | Action::Gate(_) => {}
        }
    }

    /// A peer is connected.
    pub fn connect(&mut self, peer: u64) -> Vec<Action> {
        self.event(Event::Connected { peer: PeerId(peer) })
    }

    /// A peer is gone.
    pub fn disconnect(&mut self, peer: u64) -> Vec<Action> {
        self.open.retain(|sent| sent.peer != PeerId(peer));
        self.event(Event::Disconnected { peer: PeerId(peer) })
    }

    /// The oldest open request to a peer that satisfies something.
    #[must_use]
    pub fn asked(&self, peer: u64, of: impl Fn(&Request) -> bool) -> Option<Sent> {
        self.open.iter().find(|sent| sent.peer == PeerId(peer) && of(&sent.message)).cloned()
    }

    /// Answers an open request.
    pub fn answer(&mut self, sent: &Sent, answer: Answer) -> Vec<Action> {
        self.open.retain(|other| other.request != sent.request);
        self.event(Event::Answer { peer: sent.peer, request: sent.request, answer })
    }

    /// Does the oldest piece of work; the actions that follow, unless there is none.
    pub fn do_work(&mut self) -> Option<Vec<Action>> {
        Some(match self.work.pop_front()? {
            Work::Verify(ticket, block) => {
                let valid = self.is_certified(&block);
                self.event(Event::Verified { ticket, valid })
            }
            Work::Process(ticket, blocks) => self.process(ticket, &blocks),
        })
    }

    /// Does all work, also that which comes of it; every action that follows.
    pub fn work_off(&mut self) -> Vec<Action> {
        let mut actions = Vec::new();
        while let Some(more) = self.do_work() {
            actions.extend(more);
        }
        actions
    }

    /// Takes blocks up to the first that cannot be taken, and tells.
    fn process(&mut self, ticket: Ticket, blocks: &[Certified]) -> Vec<Action> {
        let before = self.head;
        let (mut taken, mut stopped) = (0, None);
        for block in blocks {
            match self.take(block) {
                Ok(()) => taken += 1,
                Err(stop) => {
                    stopped = Some(stop);
                    break;
                }
            }
        }
        let mut actions = Vec::new();
        if self.head != before {
            actions.extend(self.event(Event::Local(self.head)));
        }
        actions.extend(self.event(Event::Processed { ticket, taken, stopped }));
        actions
    }

    /// Takes a block, if it is certified and links to what is there.
    fn take(&mut self, block: &Certified) -> Result<(), Stop> {
        if self.broken {
            return Err(Stop::Failed);
        }
        if !self.is_certified(block) {
            return Err(Stop::BadCertificate);
        }
        let (parent, own) = (header(block).parent_root, root(block));
        if parent != self.realm.genesis.root() && !self.held.contains_key(&parent) {
            return Err(Stop::Unlinked);
        }
        if header(block).slot > self.now / 1000 / SLOT_SECONDS {
            return Err(Stop::AheadOfClock);
        }
        self.held.insert(own, block.clone());
        let height = header(block).height;
        let better =
            height > self.head.head.height || (height == self.head.head.height && own < self.head.head.root);
        if better {
            self.head.head = BlockRef { root: own, height };
            self.head.head_slot = header(block).slot;
        }
        Ok(())
    }

    /// Whether a quorum has approved a block.
    #[must_use]
    pub fn is_certified(&self, block: &Certified) -> bool {
        let Realm { ideal, authorities, config, .. } = &self.realm;
        let (certificate, own) = (&block.certificate, header(block));
        (certificate.block_root, certificate.slot) == (own.root(), own.slot)
            && authorities.is_quorum(certificate.bits.num_set_bits())
            && approvals::verify(ideal, authorities, config.chain_id, certificate).is_ok()
    }

    /// Moves the clock on to a time, with a tick wherever the engine wants one, and one at the end; all that was done.
    pub fn wait_until(&mut self, time: u64) -> Vec<Action> {
        let mut actions = Vec::new();
        while let Some(next) = self.engine.next_wakeup().filter(|next| *next <= time) {
            self.now = self.now.max(next);
            actions.extend(self.event(Event::Tick));
            actions.extend(self.work_off());
        }
        self.now = time;
        actions.extend(self.event(Event::Tick));
        actions
    }

    /// The same for so many milliseconds.
    pub fn wait(&mut self, time: u64) -> Vec<Action> {
        self.wait_until(self.now + time)
    }

    /// What a peer says that has this tip.
    #[must_use]
    pub fn status(&self, tip: Option<&Certified>) -> Status {
        Status {
            fork_digest: self.watch.settings.fork_digest.into(),
            finalised_root: self.realm.genesis.root(),
            finalised_height: 0,
            head_root: tip.map_or(self.realm.genesis.root(), |block| root(block)),
            head_slot: tip.map_or(0, |block| header(block).slot),
        }
    }

    /// Answers an open request as a peer does that has these blocks, the lowest of height 1.
    pub fn honestly(&mut self, sent: &Sent, chain: &[Certified]) -> Vec<Action> {
        let answer = self.honest_answer(&sent.message, chain);
        self.answer(sent, answer)
    }

    /// What a peer that has these blocks answers.
    #[must_use]
    pub fn honest_answer(&self, message: &Request, chain: &[Certified]) -> Answer {
        match message {
            Request::Status(_) => Answer::Status(self.status(chain.last())),
            Request::BlocksByRange(range) => {
                let heights = (0..range.count).map(|step| range.start + step * range.step);
                let found =
                    heights.filter_map(|height| chain.get(usize::try_from(height.checked_sub(1)?).ok()?));
                Answer::Blocks(found.cloned().collect())
            }
            Request::BlocksByRoot(roots) => {
                let found = roots.iter().filter_map(|wanted| chain.iter().find(|one| root(one) == *wanted));
                Answer::Blocks(found.cloned().collect())
            }
            _ => Answer::Refused { code: FailureCode::InvalidRequest },
        }
    }
}
