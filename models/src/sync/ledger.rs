//! Requests that have left (SY-10).

use std::collections::BTreeMap;

/// What is owed for a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owed {
    /// Who owes it.
    pub peer: u64,
    /// When it was asked.
    pub at: u64,
    /// How many blocks were asked for.
    pub blocks: u64,
}

/// Every request that has left and has neither been answered nor given up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    owed: BTreeMap<u64, Owed>,
    /// The numbers that were ever used.
    last: Option<u64>,
}

impl Ledger {
    /// A request leaves; whether its number is new, and higher than all before.
    pub fn asked(&mut self, request: u64, owed: Owed) -> bool {
        let new = self.last.is_none_or(|last| request > last);
        self.last = self.last.max(Some(request));
        self.owed.insert(request, owed);
        new
    }

    /// An answer comes; what it is of, when that peer owes it.
    pub fn answered(&mut self, request: u64, peer: u64) -> Option<Owed> {
        let owed = *self.owed.get(&request)?;
        (owed.peer == peer).then(|| self.owed.remove(&request)).flatten()
    }

    /// A peer has left: nothing is owed by it any more.
    pub fn left(&mut self, peer: u64) {
        self.owed.retain(|_, owed| owed.peer != peer);
    }

    /// Gives up what is overdue, and says what.
    pub fn overdue(&mut self, timeout_ms: u64, now: u64) -> Vec<(u64, Owed)> {
        let late = |owed: &Owed| now >= owed.at + timeout_ms;
        let found: Vec<_> =
            self.owed.iter().filter(|(_, owed)| late(owed)).map(|(id, owed)| (*id, *owed)).collect();
        self.owed.retain(|_, owed| !late(owed));
        found
    }

    /// When the first of all becomes overdue.
    #[must_use]
    pub fn first_deadline(&self, timeout_ms: u64) -> Option<u64> {
        self.owed.values().map(|owed| owed.at + timeout_ms).min()
    }

    /// What is owed, by the number of the request.
    pub fn owed(&self) -> impl Iterator<Item = (u64, Owed)> + '_ {
        self.owed.iter().map(|(request, owed)| (*request, *owed))
    }

    /// How many blocks are asked for.
    #[must_use]
    pub fn blocks(&self) -> u64 {
        self.owed.values().map(|owed| owed.blocks).sum()
    }

    /// How many requests a peer owes.
    #[must_use]
    pub fn of(&self, peer: u64) -> usize {
        self.owed.values().filter(|owed| owed.peer == peer).count()
    }
}
