//! The simulated network as a ground: the lines of the simulation of sync, with every end of them a node.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use alys_sync::{
    engine::RequestId,
    network::{InboundId, NetworkCommand, NetworkEvent, Outcome},
    peer::PeerId,
    simulated::{Host, Lines, LinkPlan, SeenCache, Session},
};
use alys_wire::{
    gossip::{GossipMessage, Topic, TopicKind, message_id},
    limits::Limits,
    message::{Request, Response},
};

use super::ground::{Ground, Harm, Links};
use crate::stage::DriveError;

/// How often a node tries to connect with those whom it knows.
const RETRY_MS: u64 = 500;
/// How long a node remembers what it has heard.
const HEARD_MS: u64 = 120_000;

/// Something on its way between two nodes.
#[derive(Clone, Debug)]
enum Freight {
    Gossip(TopicKind, Vec<u8>),
    Request(u64, RequestId, Request),
    Response(RequestId, Vec<Response>),
    /// Whom the sender knows.
    Known(BTreeSet<Host>),
}

#[derive(Clone, Debug)]
struct Arrival {
    from: Host,
    to: Host,
    session: Session,
    freight: Freight,
}

/// A node's end of the network.
#[derive(Debug)]
struct End {
    known: BTreeSet<Host>,
    bans: BTreeMap<Host, u64>,
    heard: SeenCache,
    tries_at: u64,
    /// Its requests that nobody has answered or given up.
    open: BTreeSet<RequestId>,
}

/// Nodes on simulated lines.
#[derive(Debug)]
pub(super) struct OnLines {
    lines: Lines,
    now: u64,
    ends: BTreeMap<Host, End>,
    /// By the time at which it arrives, and in the order in which it was sent.
    under_way: BTreeMap<(u64, u64), Arrival>,
    /// Who has asked what, by the number that who is asked was told.
    asked: BTreeMap<u64, (Host, RequestId)>,
    told: VecDeque<(usize, NetworkEvent)>,
    next: u64,
    delayed: u64,
    cut: u64,
    limits: Limits,
}

fn host(node: usize) -> Host {
    Host::Node(u32::try_from(node).unwrap_or(u32::MAX))
}

fn node(host: Host) -> usize {
    let (Host::Node(number) | Host::Peer(number)) = host;
    number as usize
}

fn plan(links: Links) -> LinkPlan {
    let (latency_min_ms, latency_max_ms) = links.latency_ms;
    LinkPlan { latency_min_ms, latency_max_ms, loss_permille: links.loss_permille, ..LinkPlan::default() }
}

impl OnLines {
    /// No node yet; the seed decides what is lost and how long things take, and the time is what it is now.
    pub(super) fn new(seed: u64, now: u64) -> Self {
        OnLines {
            lines: Lines::new(seed, plan(Links::default())),
            now,
            ends: BTreeMap::new(),
            under_way: BTreeMap::new(),
            asked: BTreeMap::new(),
            told: VecDeque::new(),
            next: 0,
            delayed: 0,
            cut: 0,
            limits: Limits::default(),
        }
    }

    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    fn tell(&mut self, to: Host, event: NetworkEvent) {
        if self.ends.contains_key(&to) {
            self.told.push_back((node(to), event));
        }
    }

    /// Sends something to who is connected; the bytes of a message are what may be lost.
    fn send(&mut self, from: Host, to: Host, freight: Freight) {
        let Some(session) = self.lines.session(from, to) else { return };
        let mut bytes = if let Freight::Gossip(_, data) = &freight { data.clone() } else { Vec::new() };
        let passage = self.lines.pass(from, to, &mut bytes, self.now);
        for at in passage.arrivals() {
            self.delayed += u64::from(at > self.now);
            let number = self.number();
            let arrival = Arrival { from, to, session, freight: freight.clone() };
            self.under_way.insert((at, number), arrival);
        }
    }

    fn arrives(&mut self, arrival: Arrival) {
        let Arrival { from, to, session, freight } = arrival;
        if self.lines.session(from, to) != Some(session) {
            return;
        }
        match freight {
            Freight::Gossip(kind, data) => self.hears(from, to, kind, data),
            Freight::Request(number, request, message) => {
                self.asked.insert(number, (from, request));
                let inbound = InboundId(number);
                self.tell(to, NetworkEvent::Request { peer: from.id(), inbound, request: message });
            }
            Freight::Response(request, responses) => {
                let waits = self.ends.get_mut(&to).is_some_and(|end| end.open.remove(&request));
                if waits {
                    let outcome = Outcome::Answered(responses);
                    self.tell(to, NetworkEvent::Response { peer: from.id(), request, outcome });
                }
            }
            Freight::Known(hosts) => {
                if let Some(end) = self.ends.get_mut(&to) {
                    end.known.extend(hosts.into_iter().filter(|host| *host != to));
                    end.tries_at = self.now;
                }
            }
        }
    }

    /// A message is told once, and passed on.
    fn hears(&mut self, from: Host, to: Host, kind: TopicKind, data: Vec<u8>) {
        let id = message_id(&Topic { fork_digest: [0; 4], kind }, &data, &self.limits);
        let Some(end) = self.ends.get_mut(&to) else { return };
        if !end.heard.is_new(id, self.now) {
            return;
        }
        let Ok(message) = GossipMessage::decode(kind, &data, &self.limits) else { return };
        self.tell(to, NetworkEvent::Gossip { peer: from.id(), message });
        self.flood(to, Some(from), kind, &data);
    }

    fn flood(&mut self, from: Host, but: Option<Host>, kind: TopicKind, data: &[u8]) {
        for to in self.lines.connected(from) {
            if Some(to) != but {
                self.send(from, to, Freight::Gossip(kind, data.to_vec()));
            }
        }
    }

    fn publish(&mut self, from: Host, message: &GossipMessage) {
        let Ok(data) = message.encode(&self.limits) else { return };
        let kind = message.kind();
        let id = message_id(&Topic { fork_digest: [0; 4], kind }, &data, &self.limits);
        if let Some(end) = self.ends.get_mut(&from) {
            end.heard.is_new(id, self.now);
        }
        self.flood(from, None, kind, &data);
    }

    /// Everybody whose time has come tries to connect with those whom it knows.
    fn dial(&mut self) {
        let due = self.ends.iter().filter(|(_, end)| end.tries_at <= self.now);
        let due: Vec<_> = due.map(|(host, end)| (*host, end.known.clone())).collect();
        for (from, known) in due {
            if let Some(end) = self.ends.get_mut(&from) {
                end.tries_at = self.now + RETRY_MS;
            }
            known.into_iter().for_each(|to| self.connect(from, to));
        }
    }

    fn connect(&mut self, from: Host, to: Host) {
        let refuses = |one, other| {
            self.ends.get(one).is_none_or(|end| end.bans.get(other).is_some_and(|until| self.now < *until))
        };
        if self.lines.session(from, to).is_some() || refuses(&from, &to) || refuses(&to, &from) {
            return;
        }
        if !self.lines.connect(from, to) {
            self.cut += 1;
            return;
        }
        for (one, other) in [(from, to), (to, from)] {
            self.tell(one, NetworkEvent::Connected { peer: other.id() });
            if let Some(end) = self.ends.get_mut(&one) {
                end.known.insert(other);
            }
        }
        // What is new to one may be new to all of its others.
        for host in [from, to] {
            let known = self.ends.get(&host).map(|end| end.known.clone()).unwrap_or_default();
            for other in self.lines.connected(host) {
                self.send(host, other, Freight::Known(known.clone()));
            }
        }
    }

    fn disconnect(&mut self, one: Host, other: Host) {
        if self.lines.disconnect(one, other) {
            for (host, gone) in [(one, other), (other, one)] {
                self.tell(host, NetworkEvent::Disconnected { peer: gone.id() });
            }
        }
    }

    fn ask(&mut self, from: Host, to: Host, request: RequestId, message: Request) {
        if self.lines.session(from, to).is_none() {
            let outcome = Outcome::Unavailable;
            return self.tell(from, NetworkEvent::Response { peer: to.id(), request, outcome });
        }
        if let Some(end) = self.ends.get_mut(&from) {
            end.open.insert(request);
        }
        let number = self.number();
        self.send(from, to, Freight::Request(number, request, message));
    }
}

impl Ground for OnLines {
    async fn start(&mut self, number: usize, bootstrap: &[usize]) -> Result<(), DriveError> {
        let end = End {
            known: bootstrap.iter().map(|other| host(*other)).collect(),
            bans: BTreeMap::new(),
            heard: SeenCache::new(HEARD_MS),
            tries_at: self.now,
            open: BTreeSet::new(),
        };
        self.ends.insert(host(number), end);
        Ok(())
    }

    fn stop(&mut self, number: usize) {
        let gone = host(number);
        self.ends.remove(&gone);
        self.told.retain(|(to, _)| *to != number);
        for other in self.lines.connected(gone) {
            self.disconnect(gone, other);
        }
    }

    fn command(&mut self, number: usize, command: NetworkCommand) {
        let from = host(number);
        match command {
            NetworkCommand::Request { peer, request, message } => {
                self.ask(from, Host::of(peer), request, message);
            }
            NetworkCommand::Cancel { request, .. } => {
                if let Some(end) = self.ends.get_mut(&from) {
                    end.open.remove(&request);
                }
            }
            NetworkCommand::Respond { peer, inbound, responses } => {
                if let Some((asker, request)) = self.asked.remove(&inbound.0)
                    && asker.id() == peer
                {
                    self.send(from, asker, Freight::Response(request, responses));
                }
            }
            NetworkCommand::Publish { message } => self.publish(from, &message),
            NetworkCommand::Disconnect { peer, .. } => self.disconnect(from, Host::of(peer)),
            NetworkCommand::Ban { peer, until } => {
                if let Some(end) = self.ends.get_mut(&from) {
                    end.bans.insert(Host::of(peer), until);
                }
                self.disconnect(from, Host::of(peer));
            }
        }
    }

    async fn next(&mut self) -> Option<(usize, NetworkEvent)> {
        self.dial();
        while self.told.is_empty() {
            let first = self.under_way.first_entry().filter(|first| first.key().0 <= self.now)?;
            let arrival = first.remove();
            self.arrives(arrival);
        }
        self.told.pop_front()
    }

    fn advance(&mut self, ms: u64) {
        self.now += ms;
    }

    fn partition(&mut self, groups: &'static [&'static [usize]]) {
        let hosts: Vec<Vec<Host>> =
            groups.iter().map(|group| group.iter().map(|node| host(*node)).collect()).collect();
        self.lines.partition(&hosts);
        let all: Vec<Host> = self.ends.keys().copied().collect();
        for (at, one) in all.iter().enumerate() {
            for other in &all[at + 1..] {
                if !self.lines.reaches(*one, *other) {
                    self.cut += u64::from(self.lines.session(*one, *other).is_some());
                    self.disconnect(*one, *other);
                }
            }
        }
    }

    fn heal(&mut self) {
        self.lines.heal();
    }

    fn links(&mut self, links: Links) {
        self.lines.set_link(plan(links));
    }

    fn harm(&self) -> Harm {
        Harm { lost: self.lines.stats().lost, cut: self.cut, delayed: self.delayed }
    }

    fn peer(&self, node: usize) -> PeerId {
        host(node).id()
    }
}
