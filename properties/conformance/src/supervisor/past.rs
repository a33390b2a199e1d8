//! What a case has been through: whose failure was of which kind, and who is gone or was stopped.

use std::collections::{BTreeMap, BTreeSet};

use alys_models::supervision::{ModelGroup, ModelStrategy, ModelVerdict};

use super::{
    clauses::{ALL, BACKOFF, FIXED, NEVER, NOW, ONE, REST},
    steps::{Act, Ending, SupervisorStep},
    subject::SupervisorParameters,
    world::{Moment, Observed},
};
use crate::clause::Clause;

/// How a child failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    Panicked,
    Failed,
}

/// What a case has been through.
#[derive(Clone, Debug)]
pub(super) struct Past {
    pub(super) parameters: SupervisorParameters,
    /// The last failure of each child.
    pub(super) why: Vec<Option<Why>>,
    /// The failures of each child in this step.
    pub(super) now: Vec<Vec<Why>>,
    /// The children that did not survive a panic, where others are judged.
    pub(super) lost: BTreeSet<usize>,
    /// Whose failure was answered by the last restart that was granted.
    pub(super) restarted: Option<usize>,
    /// Whether the supervisor itself has failed.
    pub(super) above: bool,
    /// The children that were stopped as planned.
    pub(super) stopped: BTreeSet<usize>,
    /// What has been begun.
    pub(super) begun: BTreeSet<u32>,
    /// The asks that have ended.
    pub(super) answered: BTreeSet<u32>,
    /// Whom each message was sent to, and what it is to do.
    pub(super) asked: BTreeMap<u32, (usize, Act)>,
}

impl Past {
    pub(super) fn new(parameters: &SupervisorParameters) -> Self {
        Past {
            parameters: parameters.clone(),
            why: vec![None; parameters.children.len()],
            now: vec![Vec::new(); parameters.children.len()],
            lost: BTreeSet::new(),
            restarted: None,
            above: false,
            stopped: BTreeSet::new(),
            begun: BTreeSet::new(),
            answered: BTreeSet::new(),
            asked: BTreeMap::new(),
        }
    }

    /// The clause about the strategy of a child.
    pub(super) fn strategy(&self, child: usize) -> &'static Clause {
        match self.parameters.children[child] {
            ModelStrategy::Always => &NOW,
            ModelStrategy::Never => &NEVER,
            ModelStrategy::Fixed(_) => &FIXED,
            ModelStrategy::Backoff { .. } => &BACKOFF,
        }
    }

    /// The clause about the group.
    pub(super) fn group(&self) -> &'static Clause {
        match self.parameters.group {
            ModelGroup::OneForOne => &ONE,
            ModelGroup::OneForAll => &ALL,
            ModelGroup::RestForOne => &REST,
        }
    }

    /// Whether a restart of a child answers its own failure.
    pub(super) fn is_own(&self, child: usize) -> bool {
        self.parameters.group == ModelGroup::OneForOne || self.restarted == Some(child)
    }

    /// Takes up what the model says of a step, before what was seen is compared.
    pub(super) fn take_up(&mut self, step: SupervisorStep, expected: &Observed, moment: &Moment) {
        self.now.iter_mut().for_each(Vec::clear);
        if let SupervisorStep::Release(child, _, Ending::Panic) = step {
            self.now[usize::from(child) % self.why.len()].push(Why::Panicked);
        }
        for (child, _, id) in &expected.begun {
            match self.asked.get(id) {
                Some((_, Act::Panic)) => self.now[*child].push(Why::Panicked),
                Some((_, Act::Fail)) => self.now[*child].push(Why::Failed),
                _ => {}
            }
        }
        for (why, now) in self.why.iter_mut().zip(&self.now) {
            *why = now.last().copied().or(*why);
        }
        let granted = |(_, verdict): &&(usize, ModelVerdict)| matches!(verdict, ModelVerdict::Restart(..));
        self.restarted = moment.verdicts.iter().rfind(granted).map(|(child, _)| *child).or(self.restarted);
        self.above |= moment.above || moment.over;
        if let SupervisorStep::Stop(child) = step {
            self.stopped.insert(usize::from(child) % self.why.len());
        }
        for (child, _, id) in &expected.begun {
            if self.asked.get(id).is_some_and(|(_, act)| *act == Act::Stop) {
                self.stopped.insert(*child);
            }
        }
    }
}
