//! A small chain of headers that is wrong in three places, each marked as a fault.

use std::collections::BTreeMap;

/// What names a header.
pub type Id = [u8; 32];

/// A header, as far as its place goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// What names it.
    pub id: Id,
    /// What names the one before it.
    pub parent: Id,
    /// Its height.
    pub height: u64,
    /// Its slot.
    pub slot: u64,
}

/// All headers that were accepted, with the end of the longest chain.
#[derive(Debug)]
pub struct Headers {
    accepted: Vec<Header>,
    by_id: BTreeMap<Id, usize>,
    tip: Header,
}

impl Headers {
    /// Only the genesis.
    #[must_use]
    pub fn new(genesis: Header) -> Self {
        Headers { accepted: vec![genesis], by_id: BTreeMap::from([(genesis.id, 0)]), tip: genesis }
    }

    /// Accepts a header behind one that is there, and says whether it did.
    pub fn accept(&mut self, header: Header) -> bool {
        if self.by_id.contains_key(&header.id) {
            return true;
        }
        let Some(parent) = self.get(&header.parent) else { return false };
        // Fault, CH-1: exactly one more is needed.
        if header.height <= parent.height {
            return false;
        }
        self.by_id.insert(header.id, self.accepted.len());
        self.accepted.push(header);
        // Fault, CH-3: of two as long the one of the smaller id is better, not the one that came last.
        if header.height >= self.tip.height {
            self.tip = header;
        }
        true
    }

    /// A header.
    #[must_use]
    pub fn get(&self, id: &Id) -> Option<Header> {
        self.by_id.get(id).map(|at| self.accepted[*at])
    }

    /// The end of the longest chain.
    #[must_use]
    pub fn tip(&self) -> Header {
        self.tip
    }

    /// The header of a height on the way to the tip.
    #[must_use]
    pub fn at(&self, height: u64) -> Option<Header> {
        let mut found = Some(self.tip);
        while let Some(header) = found.filter(|header| header.height > height) {
            found = self.get(&header.parent);
        }
        found.filter(|header| header.height == height)
    }

    /// Everything that has to be kept, in the order in which it came.
    #[must_use]
    pub fn saved(&self) -> Vec<Header> {
        // Fault, CH-8: the last one is to be kept as well.
        self.accepted[..self.accepted.len().max(2) - 1].to_vec()
    }
}
