//! Who is connected, over which connections.

use std::collections::{BTreeMap, BTreeSet};

use alys_sync::peer::PeerId;

/// What a new connection means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    /// The peer was not connected before.
    First,
    /// It was.
    Another,
    /// The connection must be closed: we have said goodbye to this peer, or another one has its number.
    Unwanted,
}

/// What the end of a connection means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// The peer is not connected any more, and that was not known yet.
    Gone,
    /// Nothing new: there are other connections, or we have said goodbye.
    Nothing,
}

/// Connected peers by their numbers; `K` is what the network calls them.
///
/// ```
/// use alys_p2p::core::{Book, Came, Left};
/// use alys_sync::peer::PeerId;
///
/// let mut book = Book::new();
/// assert_eq!(book.came(PeerId(7), "seven", 1), Came::First);
/// assert_eq!(book.came(PeerId(7), "seven", 2), Came::Another);
/// assert_eq!((book.went(PeerId(7), 1), book.went(PeerId(7), 2)), (Left::Nothing, Left::Gone));
/// ```
#[derive(Clone, Debug)]
pub struct Book<K> {
    entries: BTreeMap<PeerId, Entry<K>>,
}

#[derive(Clone, Debug)]
struct Entry<K> {
    key: K,
    /// invariant: not empty
    connections: BTreeSet<u64>,
    /// We have said goodbye; what is still connected is about to end.
    leaving: bool,
}

impl<K: Clone + PartialEq> Book<K> {
    /// Nobody is connected.
    #[must_use]
    pub fn new() -> Self {
        Book { entries: BTreeMap::new() }
    }

    /// A connection has come up.
    pub fn came(&mut self, peer: PeerId, key: K, connection: u64) -> Came {
        let Some(entry) = self.entries.get_mut(&peer) else {
            let connections = BTreeSet::from([connection]);
            self.entries.insert(peer, Entry { key, connections, leaving: false });
            return Came::First;
        };
        if entry.key != key {
            return Came::Unwanted;
        }
        entry.connections.insert(connection);
        if entry.leaving { Came::Unwanted } else { Came::Another }
    }

    /// A connection has ended.
    pub fn went(&mut self, peer: PeerId, connection: u64) -> Left {
        let Some(entry) = self.entries.get_mut(&peer) else { return Left::Nothing };
        if !entry.connections.remove(&connection) || !entry.connections.is_empty() {
            return Left::Nothing;
        }
        let leaving = entry.leaving;
        self.entries.remove(&peer);
        if leaving { Left::Nothing } else { Left::Gone }
    }

    /// We say goodbye to a peer: from now on it is not connected. What the network calls it, if it was.
    pub fn leave(&mut self, peer: PeerId) -> Option<K> {
        let entry = self.entries.get_mut(&peer).filter(|entry| !entry.leaving)?;
        entry.leaving = true;
        Some(entry.key.clone())
    }

    /// What the network calls a connected peer.
    #[must_use]
    pub fn key(&self, peer: PeerId) -> Option<&K> {
        self.entries.get(&peer).filter(|entry| !entry.leaving).map(|entry| &entry.key)
    }

    /// The connected peers, in the order of their numbers.
    pub fn connected(&self) -> impl Iterator<Item = PeerId> {
        self.entries.iter().filter(|(_, entry)| !entry.leaving).map(|(peer, _)| *peer)
    }

    /// How many connections are up, those included that are about to end.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.entries.values().map(|entry| entry.connections.len()).sum()
    }
}

impl<K: Clone + PartialEq> Default for Book<K> {
    fn default() -> Self {
        Self::new()
    }
}
