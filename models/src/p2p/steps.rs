//! What happens, and what follows.

use super::{Act, Bucket, Network, Peer, Stage, Stream};

/// What comes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// It is answered.
    Answered,
    /// What came is malformed.
    Malformed,
    /// The stream broke, or was never open.
    Unavailable,
}

/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A connection comes up: with whom, by which key, under which number.
    Connect(u64, u64, u64),
    /// A connection ends.
    Close(u64, u64),
    /// The node asks a peer.
    Ask(u64, u64),
    /// Something comes of a request.
    Settle(u64, End),
    /// The node gives a request up.
    Cancel(u64, u64),
    /// A peer opens a stream of a protocol.
    Open(u64, usize),
    /// The request of a stream arrives: its protocol, and what it costs.
    Arrive(u64, usize, u64),
    /// What arrives on a stream is malformed.
    Spoil(u64),
    /// A stream breaks.
    Break(u64),
    /// The node answers a peer.
    Respond(u64, u64),
    /// An answer has ended, and whether the limits allow it.
    Ended(u64, bool),
    /// The node disconnects a peer.
    Leave(u64),
    /// The node bans a peer until a time.
    Ban(u64, u64),
    /// A message comes from a peer.
    Hear(u64, u64),
    /// What comes from a peer on a topic is malformed.
    Noise(u64),
    /// The node publishes a message.
    Publish(u64),
    /// Time passes.
    Wait(u64),
}

impl Network {
    /// Lets something happen, and says what is done and told.
    pub fn step(&mut self, step: Step) -> Vec<Act> {
        match step {
            Step::Connect(peer, key, connection) => self.connect(peer, key, connection),
            Step::Close(peer, connection) => self.close(peer, connection),
            Step::Ask(peer, request) => self.ask(peer, request),
            Step::Settle(request, end) => self.settle(request, end),
            Step::Cancel(peer, request) => {
                if self.requests.contains(&(request, peer)) {
                    self.requests.retain(|(one, _)| *one != request);
                    self.acts.push(Act::Drop(request));
                }
            }
            Step::Open(peer, _) => self.open(peer),
            Step::Arrive(stream, protocol, cost) => self.arrive(stream, protocol, cost),
            Step::Spoil(number) => {
                if let Some(stream) = self.end(number) {
                    self.refused.malformed[0] += 1;
                    self.acts.push(Act::Malformed(stream.peer));
                }
            }
            Step::Break(number) => self.refused.broken += u64::from(self.end(number).is_some()),
            Step::Respond(peer, number) => self.respond(peer, number),
            Step::Ended(number, allowed) => {
                self.refused.own += u64::from(self.end(number).is_some() && !allowed);
            }
            Step::Leave(peer) => self.leave(peer),
            Step::Ban(peer, until) => {
                self.leave(peer);
                self.acts.push(Act::Ban(peer, until));
            }
            Step::Hear(peer, message) => self.hear(peer, message),
            Step::Noise(peer) => {
                if self.is_connected(peer) {
                    self.refused.malformed[2] += 1;
                    self.acts.push(Act::Malformed(peer));
                }
            }
            Step::Publish(message) => {
                self.is_new(message);
                self.acts.push(Act::Publish(message));
            }
            Step::Wait(time) => self.wait(time),
        }
        std::mem::take(&mut self.acts)
    }

    fn connect(&mut self, number: u64, key: u64, connection: u64) {
        let Some(peer) = self.peers.iter_mut().find(|peer| peer.number == number) else {
            self.peers.push(Peer { number, key, connections: vec![connection], leaving: false });
            return self.acts.push(Act::Connected(number));
        };
        let is_same = peer.key == key;
        if is_same && !peer.connections.contains(&connection) {
            peer.connections.push(connection);
        }
        if !is_same || peer.leaving {
            self.refused.unwanted += 1;
            self.acts.push(Act::Close(connection));
        }
    }

    fn close(&mut self, number: u64, connection: u64) {
        let Some(place) = self.peers.iter().position(|peer| peer.number == number) else { return };
        let peer = &mut self.peers[place];
        let was_there = peer.connections.contains(&connection);
        peer.connections.retain(|one| *one != connection);
        if was_there && peer.connections.is_empty() {
            let peer = self.peers.remove(place);
            if !peer.leaving {
                self.forget(number);
            }
        }
    }

    fn forget(&mut self, number: u64) {
        let mut asked: Vec<_> =
            self.requests.iter().filter(|(_, peer)| *peer == number).map(|(request, _)| *request).collect();
        asked.sort_unstable();
        self.requests.retain(|(_, peer)| *peer != number);
        self.acts.extend(asked.into_iter().map(Act::Drop));
        let streams = self.streams.iter().filter(|stream| stream.peer == number);
        self.acts.extend(streams.map(|stream| Act::Reset(stream.number)));
        self.streams.retain(|stream| stream.peer != number);
        self.acts.push(Act::Disconnected(number));
    }

    fn leave(&mut self, number: u64) {
        let connected = self.peers.iter_mut().find(|peer| peer.number == number && !peer.leaving);
        let Some(peer) = connected else { return };
        peer.leaving = true;
        let key = peer.key;
        self.forget(number);
        self.acts.push(Act::Farewell(key));
    }

    fn ask(&mut self, peer: u64, request: u64) {
        let key = self.peers.iter().find(|one| one.number == peer && !one.leaving).map(|one| one.key);
        let Some(key) = key else {
            return self.acts.push(Act::Response(peer, request, End::Unavailable));
        };
        if self.requests.iter().any(|(one, _)| *one == request) {
            self.refused.own += 1;
        } else if self.requests.iter().filter(|(_, of)| *of == peer).count() >= self.bounds.requests {
            self.refused.requests += 1;
            self.acts.push(Act::Response(peer, request, End::Unavailable));
        } else {
            self.requests.push((request, peer));
            self.acts.push(Act::Ask(key, request));
        }
    }

    fn settle(&mut self, request: u64, end: End) {
        let Some(place) = self.requests.iter().position(|(one, _)| *one == request) else { return };
        let (_, peer) = self.requests.remove(place);
        self.refused.malformed[1] += u64::from(end == End::Malformed);
        self.acts.push(Act::Response(peer, request, end));
    }

    fn open(&mut self, peer: u64) {
        if !self.is_connected(peer) {
            return;
        }
        let of_peer = self.streams.iter().filter(|stream| stream.peer == peer).count();
        if of_peer >= self.bounds.streams_of_peer || self.streams.len() >= self.bounds.streams {
            self.refused.streams += 1;
            return;
        }
        let (number, deadline) = (self.next_stream, self.now + self.bounds.read_ms);
        self.next_stream += 1;
        self.streams.push(Stream { number, peer, stage: Stage::Reading, deadline });
    }

    fn arrive(&mut self, number: u64, protocol: usize, cost: u64) {
        let reading = |stream: &Stream| stream.number == number && stream.stage == Stage::Reading;
        let Some(place) = self.streams.iter().position(reading) else { return };
        let peer = self.streams[place].peer;
        if self.pays(peer, protocol, cost) {
            self.streams[place].stage = Stage::Asked;
            return self.acts.push(Act::Request(peer, number));
        }
        self.streams[place].stage = Stage::Answering;
        self.streams[place].deadline = self.now + self.bounds.write_ms;
        self.refused.quota += 1;
        self.acts.push(Act::Answer(number, true));
    }

    fn pays(&mut self, peer: u64, protocol: usize, cost: u64) -> bool {
        if self.buckets.iter().all(|(of, ..)| *of != peer) {
            let full = self.bounds.quotas.map(|quota| Bucket::full(quota, self.now));
            self.buckets.push((peer, self.now, full));
        }
        let mut paid = false;
        for (of, asked, buckets) in &mut self.buckets {
            if *of == peer {
                *asked = self.now;
                paid = buckets[protocol].take(cost, self.now);
            }
        }
        if self.buckets.len() > self.bounds.remembered {
            let longest = self.buckets.iter().map(|(of, asked, _)| (*asked, *of)).min();
            self.buckets.retain(|(of, asked, _)| Some((*asked, *of)) != longest);
        }
        paid
    }

    fn respond(&mut self, peer: u64, number: u64) {
        let asked =
            |stream: &&mut Stream| (stream.number, stream.peer, stream.stage) == (number, peer, Stage::Asked);
        let Some(stream) = self.streams.iter_mut().find(asked) else { return };
        stream.stage = Stage::Answering;
        stream.deadline = self.now + self.bounds.write_ms;
        self.acts.push(Act::Answer(number, false));
    }

    fn end(&mut self, number: u64) -> Option<Stream> {
        let place = self.streams.iter().position(|stream| stream.number == number)?;
        Some(self.streams.remove(place))
    }

    fn is_new(&mut self, message: u64) -> bool {
        self.heard.retain(|(_, until)| *until > self.now);
        if self.heard.iter().any(|(one, _)| *one == message) {
            return false;
        }
        self.heard.push((message, self.now + self.bounds.heard_ms));
        if self.heard.len() > self.bounds.heard {
            self.heard.remove(0);
        }
        true
    }

    fn hear(&mut self, peer: u64, message: u64) {
        if !self.is_connected(peer) {
            return;
        }
        if self.is_new(message) {
            self.acts.push(Act::Gossip(peer, message));
        } else {
            self.refused.again += 1;
        }
    }

    fn wait(&mut self, time: u64) {
        self.now += time;
        let now = self.now;
        let late = |stream: &Stream| stream.stage != Stage::Asked && stream.deadline <= now;
        let resets: Vec<_> =
            self.streams.iter().filter(|stream| late(stream)).map(|stream| stream.number).collect();
        self.refused.slow += resets.len() as u64;
        self.acts.extend(resets.into_iter().map(Act::Reset));
        self.streams.retain(|stream| !late(stream));
    }
}
