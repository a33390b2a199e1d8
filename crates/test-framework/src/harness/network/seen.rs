//! What was said, and what was heard of it.

use std::collections::{BTreeMap, BTreeSet};

use alys_sync::network::NetworkEvent;
use alys_wire::{
    containers::PegoutSignatures,
    gossip::{GossipMessage, MessageId, Topic, message_id},
    limits::Limits,
};

use super::ground::is_cut;

/// What is said by this number or a higher one is said to be heard at all, and not counted.
const WARMING: u64 = 1_000_000;

/// Something that was published.
#[derive(Clone, Copy, Debug)]
struct Published {
    by: usize,
    /// In which partition, if there was one.
    partition: Option<u64>,
}

/// How often something was broken that must not be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Broken {
    /// Messages that came more than once, or to who had published them.
    pub(super) duplicates: u64,
    /// Messages that nobody had published.
    pub(super) forged: u64,
    /// Messages from who was not connected.
    pub(super) strangers: u64,
    /// What was no message, while nothing was cut off in its middle.
    pub(super) malformed: u64,
    /// What came over a partition: connections, and messages that were published behind it.
    pub(super) crossings: u64,
}

/// Everything that nodes were told, as far as the rules ask for it.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Who runs, and with whom it is connected.
    pub(super) connected: BTreeMap<usize, BTreeSet<usize>>,
    /// The groups that the network has fallen into, and how often it has.
    groups: Option<(&'static [&'static [usize]], u64)>,
    partitions: u64,
    published: BTreeMap<MessageId, Published>,
    /// How many numbers were given to what was said.
    said: u64,
    warmed: u64,
    /// Who has said what number, by number.
    by: BTreeMap<u64, usize>,
    /// What each node should hear, since it runs.
    pub(super) due: BTreeMap<usize, BTreeSet<u64>>,
    /// What each node has heard, since it runs.
    heard: BTreeMap<usize, BTreeSet<MessageId>>,
    numbers: BTreeMap<usize, BTreeSet<u64>>,
    /// Who has been listened to by whom.
    listened: BTreeSet<(usize, usize)>,
    /// Whether something may have been cut off in its middle: that reads like something malformed.
    torn: bool,
    /// What must not be.
    pub(super) broken: Broken,
    limits: Limits,
}

impl Seen {
    /// A node runs.
    pub(super) fn started(&mut self, node: usize) {
        self.connected.insert(node, BTreeSet::new());
        self.due.insert(node, BTreeSet::new());
        self.heard.insert(node, BTreeSet::new());
        self.numbers.insert(node, BTreeSet::new());
    }

    /// Connections end from now on with what is under way on them.
    pub(super) fn tears(&mut self) {
        self.torn = true;
    }

    /// A node runs no more.
    pub(super) fn stopped(&mut self, node: usize) {
        self.tears();
        self.connected.remove(&node);
        self.due.remove(&node);
    }

    /// The network falls into groups, or is whole again.
    pub(super) fn partition(&mut self, groups: Option<&'static [&'static [usize]]>) {
        self.tears();
        self.partitions += 1;
        self.groups = groups.map(|groups| (groups, self.partitions));
    }

    /// Whether something can come from one node to another.
    pub(super) fn reaches(&self, one: usize, other: usize) -> bool {
        self.groups.is_none_or(|(groups, _)| !is_cut(groups, one, other))
    }

    /// Whoever runs.
    pub(super) fn running(&self) -> impl Iterator<Item = usize> + '_ {
        self.connected.keys().copied()
    }

    /// The next thing that a node says; whoever can hear it should.
    pub(super) fn says(&mut self, node: usize) -> GossipMessage {
        let number = self.said;
        self.said += 1;
        self.by.insert(number, node);
        let hearers: Vec<_> = self.running().filter(|other| *other != node).collect();
        for hearer in hearers {
            if self.reaches(node, hearer) {
                self.due.entry(hearer).or_default().insert(number);
            }
        }
        numbered(number)
    }

    /// Something that a node says so that it is listened to.
    pub(super) fn warms(&mut self, node: usize) -> GossipMessage {
        let number = WARMING + self.warmed;
        self.warmed += 1;
        self.by.insert(number, node);
        numbered(number)
    }

    /// Nobody has been listened to yet.
    pub(super) fn cold(&mut self) {
        self.listened.clear();
    }

    /// Whether everybody has been listened to by everybody whom it reaches.
    pub(super) fn is_warm(&self) -> bool {
        let all = || self.running();
        all().all(|one| {
            all().all(|other| {
                one == other || !self.reaches(one, other) || self.listened.contains(&(one, other))
            })
        })
    }

    /// What a node has heard of what it should.
    pub(super) fn heard_of_due(&self, node: usize) -> Vec<u64> {
        let (Some(due), Some(numbers)) = (self.due.get(&node), self.numbers.get(&node)) else {
            return Vec::new();
        };
        due.intersection(numbers).copied().collect()
    }

    /// A node publishes something.
    pub(super) fn publishes(&mut self, node: usize, message: &GossipMessage) {
        if let Some(id) = self.id(message) {
            let partition = self.groups.map(|(_, number)| number);
            self.published.entry(id).or_insert(Published { by: node, partition });
        }
    }

    fn id(&self, message: &GossipMessage) -> Option<MessageId> {
        let data = message.encode(&self.limits).ok()?;
        Some(message_id(&Topic { fork_digest: [0; 4], kind: message.kind() }, &data, &self.limits))
    }

    /// A node is told something that is about another one.
    pub(super) fn told(&mut self, node: usize, about: Option<usize>, event: &NetworkEvent) {
        let Some(other) = about else {
            self.broken.strangers += 1;
            return;
        };
        match event {
            NetworkEvent::Connected { .. } => {
                self.broken.crossings += u64::from(!self.reaches(node, other));
                self.connected.entry(node).or_default().insert(other);
            }
            NetworkEvent::Disconnected { .. } => {
                self.connected.entry(node).or_default().remove(&other);
            }
            NetworkEvent::Gossip { message, .. } => self.hears(node, other, message),
            NetworkEvent::Malformed { .. } => self.broken.malformed += u64::from(!self.torn),
            NetworkEvent::Request { .. } | NetworkEvent::Response { .. } => {}
        }
    }

    fn hears(&mut self, node: usize, from: usize, message: &GossipMessage) {
        let neighbours = self.connected.get(&node);
        self.broken.strangers += u64::from(!neighbours.is_some_and(|others| others.contains(&from)));
        let published = self.id(message).and_then(|id| Some((id, *self.published.get(&id)?)));
        let Some((id, Published { by, partition })) = published else {
            self.broken.forged += 1;
            return;
        };
        let is_new = self.heard.entry(node).or_default().insert(id);
        self.broken.duplicates += u64::from(!is_new || by == node);
        let behind = self.groups.is_some_and(|(_, number)| partition == Some(number));
        self.broken.crossings += u64::from(behind && !self.reaches(node, by));
        if let GossipMessage::PegoutSignatures(said) = message {
            self.hears_number(node, said.signer_index);
        }
    }

    fn hears_number(&mut self, node: usize, number: u64) {
        let by = self.by.get(&number).copied();
        if let (Some(by), true) = (by, number >= WARMING) {
            self.listened.insert((by, node));
        } else {
            self.numbers.entry(node).or_default().insert(number);
        }
    }
}

fn numbered(number: u64) -> GossipMessage {
    GossipMessage::PegoutSignatures(PegoutSignatures { signer_index: number, ..PegoutSignatures::default() })
}
