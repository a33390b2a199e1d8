//! Who depends on whom, and the order that follows from it (LC-6): all decisions, without a lock.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, VecDeque},
};

use rustc_hash::{FxHashMap, FxHashSet};

/// One registered name with what it declared, each dependency once.
#[derive(Debug)]
struct Entry {
    name: String,
    dependencies: Vec<String>,
}

/// All entries, in the order of their registration.
#[derive(Debug, Default)]
pub(super) struct Dependencies {
    // invariant: names are unique; every dependency is the name of an entry; there is no cycle.
    entries: Vec<Entry>,
}

impl Dependencies {
    pub(super) fn of(&self, name: &str) -> Option<&[String]> {
        self.entries.iter().find(|entry| entry.name == name).map(|entry| &*entry.dependencies)
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
        self.remove(name);
        self.entries.push(Entry { name: name.to_owned(), dependencies: declared });
    }

    pub(super) fn remove(&mut self, name: &str) {
        self.entries.retain(|entry| entry.name != name);
    }

    /// Who declares this name, in the order of registration.
    pub(super) fn dependents(&self, name: &str) -> Vec<String> {
        let declares = |entry: &&Entry| entry.dependencies.iter().any(|dependency| dependency == name);
        self.entries.iter().filter(declares).map(|entry| entry.name.clone()).collect()
    }

    /// Every name after all its dependencies; of those that could come next, the one registered first.
    pub(super) fn start_order(&self) -> Vec<String> {
        let mut place = FxHashMap::default();
        place.extend(self.entries.iter().enumerate().map(|(at, entry)| (&*entry.name, at)));
        let mut missing: Vec<usize> = self.entries.iter().map(|entry| entry.dependencies.len()).collect();
        let mut dependents = vec![Vec::new(); self.entries.len()];
        for (at, entry) in self.entries.iter().enumerate() {
            entry.dependencies.iter().for_each(|dependency| dependents[place[&**dependency]].push(at));
        }
        let free = missing.iter().enumerate().filter(|(_, missing)| **missing == 0);
        let mut ready: BinaryHeap<_> = free.map(|(at, _)| Reverse(at)).collect();
        let mut order = Vec::with_capacity(self.entries.len());
        while let Some(Reverse(at)) = ready.pop() {
            order.push(self.entries[at].name.clone());
            for dependent in &dependents[at] {
                missing[*dependent] -= 1;
                if missing[*dependent] == 0 {
                    ready.push(Reverse(*dependent));
                }
            }
        }
        debug_assert_eq!(order.len(), self.entries.len(), "a cycle was registered");
        order
    }
}
