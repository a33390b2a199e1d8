//! Who depends on whom, and the order that follows from it (LC-6): all decisions, without a lock.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, BinaryHeap, VecDeque},
};

use rustc_hash::{FxHashMap, FxHashSet};

/// The number of a registration: of two entries, the one registered later has the greater one.
type Place = u64;

/// One registered name with what it declared, each dependency once.
#[derive(Debug)]
struct Entry {
    name: String,
    dependencies: Vec<String>,
    /// Who declares this name.
    dependents: BTreeSet<Place>,
}

/// All entries, in the order of their registration.
#[derive(Debug, Default)]
pub(super) struct Dependencies {
    // invariant: names are unique; every dependency is the name of an entry; there is no cycle.
    entries: BTreeMap<Place, Entry>,
    /// Where the entry of each name is: a registration must not have to look at all others.
    places: FxHashMap<String, Place>,
    registered: Place,
}

impl Dependencies {
    fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.get(self.places.get(name)?)
    }

    fn entry_mut(&mut self, name: &str) -> Option<&mut Entry> {
        self.entries.get_mut(self.places.get(name)?)
    }

    pub(super) fn of(&self, name: &str) -> Option<&[String]> {
        self.entry(name).map(|entry| &*entry.dependencies)
    }

    /// The first of these that is neither registered nor the name itself.
    pub(super) fn unknown<'a>(&self, name: &str, dependencies: &[&'a str]) -> Option<&'a str> {
        let known = |dependency: &str| dependency == name || self.of(dependency).is_some();
        dependencies.iter().find(|dependency| !known(dependency)).copied()
    }

    /// The path from a name along these dependencies back to it, if there is one: breadth first, so a shortest one.
    pub(super) fn cycle(&self, name: &str, dependencies: &[&str]) -> Option<Vec<String>> {
        let mut paths: VecDeque<Vec<&str>> = dependencies.iter().map(|first| vec![name, *first]).collect();
        let mut seen = FxHashSet::default();
        while let Some(path) = paths.pop_front() {
            let last = path[path.len() - 1];
            if last == name {
                return Some(path.into_iter().map(str::to_owned).collect());
            }
            if seen.insert(last) {
                let further = self.of(last).unwrap_or_default();
                paths.extend(further.iter().map(|next| [&path[..], &[&**next]].concat()));
            }
        }
        None
    }

    /// Adds a name, behind all others. The caller has looked for unknown dependencies and for a cycle.
    pub(super) fn insert(&mut self, name: &str, dependencies: &[&str]) {
        let mut declared: Vec<String> = Vec::new();
        for dependency in dependencies {
            if !declared.iter().any(|earlier| earlier == dependency) {
                declared.push((*dependency).to_owned());
            }
        }
        // Who depends on the name goes on to do so.
        let dependents = self.take(name).map_or_else(BTreeSet::new, |former| former.dependents);
        self.registered += 1;
        let place = self.registered;
        for dependency in &declared {
            if let Some(entry) = self.entry_mut(dependency) {
                entry.dependents.insert(place);
            }
        }
        self.places.insert(name.to_owned(), place);
        self.entries.insert(place, Entry { name: name.to_owned(), dependencies: declared, dependents });
    }

    pub(super) fn remove(&mut self, name: &str) {
        self.take(name);
    }

    fn take(&mut self, name: &str) -> Option<Entry> {
        let place = self.places.remove(name)?;
        let entry = self.entries.remove(&place)?;
        for dependency in &entry.dependencies {
            if let Some(declared) = self.entry_mut(dependency) {
                declared.dependents.remove(&place);
            }
        }
        Some(entry)
    }

    pub(super) fn is_needed(&self, name: &str) -> bool {
        self.entry(name).is_some_and(|entry| !entry.dependents.is_empty())
    }

    /// Who declares this name, in the order of registration.
    pub(super) fn dependents(&self, name: &str) -> Vec<String> {
        let places = self.entry(name).map(|entry| &entry.dependents);
        let entries = places.into_iter().flatten().filter_map(|place| self.entries.get(place));
        entries.map(|entry| entry.name.clone()).collect()
    }

    /// Every name after all its dependencies; of those that could come next, the one registered first.
    pub(super) fn start_order(&self) -> Vec<String> {
        let entries: Vec<&Entry> = self.entries.values().collect();
        let mut place = FxHashMap::default();
        place.extend(entries.iter().enumerate().map(|(at, entry)| (&*entry.name, at)));
        let mut missing: Vec<usize> = entries.iter().map(|entry| entry.dependencies.len()).collect();
        let mut dependents = vec![Vec::new(); entries.len()];
        for (at, entry) in entries.iter().enumerate() {
            entry.dependencies.iter().for_each(|dependency| dependents[place[&**dependency]].push(at));
        }
        let free = missing.iter().enumerate().filter(|(_, missing)| **missing == 0);
        let mut ready: BinaryHeap<_> = free.map(|(at, _)| Reverse(at)).collect();
        let mut order = Vec::with_capacity(entries.len());
        while let Some(Reverse(at)) = ready.pop() {
            order.push(entries[at].name.clone());
            for dependent in &dependents[at] {
                missing[*dependent] -= 1;
                if missing[*dependent] == 0 {
                    ready.push(Reverse(*dependent));
                }
            }
        }
        debug_assert_eq!(order.len(), entries.len(), "a cycle was registered");
        order
    }
}
