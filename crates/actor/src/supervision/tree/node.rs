//! One supervisor or child, and what is known of it.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    time::Duration,
};

use super::super::{
    lifecycle::LifecycleState,
    mailbox::Time,
    policy::{ChildSpec, Group, RestartStrategy, SupervisorSpec},
    words::{FailureReason, IncarnationId, NodeId, Order},
};

/// Names a round or a stop that is under way, and orders timers of the same instant.
pub(super) type Number = u64;

#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) name: String,
    pub(super) parent: Option<NodeId>,
    pub(super) kind: Kind,
    pub(super) restart: RestartStrategy,
    pub(super) jitter_permille: u16,
    /// Its place in the start order.
    pub(super) place: u64,
    pub(super) state: LifecycleState,
    /// The number of the next restart, counted from 0 (SV-4).
    pub(super) attempt: u32,
    /// When it last became Running.
    pub(super) running_since: Time,
    /// Somebody stops it: nothing restarts it any more.
    pub(super) stop_wanted: bool,
    /// The round under way in which its turn is still to come, or is now.
    pub(super) ahead: Option<Number>,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    Supervisor(Supervisor),
    Child(Child),
}

#[derive(Debug, Clone)]
pub(super) struct Supervisor {
    pub(super) group: Group,
    pub(super) max_restarts: u32,
    pub(super) window: Duration,
    /// The child whose failure was one too many, while it is down for that.
    pub(super) brought_down_by: Option<NodeId>,
    /// When restarts were granted, those outside the window gone.
    pub(super) grants: VecDeque<Time>,
    /// Restarts that were granted and have not begun, by who failed.
    // invariant: none restarts anybody whom another one restarts as well.
    pub(super) to_come: BTreeMap<NodeId, Grant>,
    pub(super) children: BTreeSet<NodeId>,
    /// How many of them have not stopped.
    pub(super) live: usize,
}

/// A restart that was granted and has not begun.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grant {
    /// Its age.
    pub(super) number: Number,
    /// The place of who failed.
    pub(super) from: u64,
    /// When the backoff ends; `None` once it has, and another round must end first.
    pub(super) due: Option<(Time, Number)>,
}

#[derive(Debug, Clone)]
pub(super) struct Child {
    pub(super) start_within: Duration,
    pub(super) stop_within: Duration,
    pub(super) incarnation: Option<Incarnation>,
}

/// An incarnation that its shell has, or is about to make.
#[derive(Debug, Clone)]
pub(super) struct Incarnation {
    pub(super) id: IncarnationId,
    pub(super) order: Order,
    /// Whether it is on its way out: its stop hook was ordered.
    pub(super) going_down: bool,
    /// The timer of the hook that runs.
    pub(super) hook_ends: Option<(Time, Number)>,
    /// Why it is dropped, once that was ordered.
    pub(super) dropped: Option<FailureReason>,
}

impl Node {
    pub(super) fn supervisor(name: &str, parent: Option<NodeId>, place: u64, spec: &SupervisorSpec) -> Self {
        let SupervisorSpec { restart, jitter_permille, group, max_restarts, window } = *spec;
        let kind = Kind::Supervisor(Supervisor {
            group,
            max_restarts,
            window,
            grants: VecDeque::new(),
            to_come: BTreeMap::new(),
            children: BTreeSet::new(),
            live: 0,
            brought_down_by: None,
        });
        Node::new(name, parent, place, kind, restart, jitter_permille)
    }

    pub(super) fn child(name: &str, parent: NodeId, place: u64, spec: &ChildSpec) -> Self {
        let ChildSpec { restart, jitter_permille, start_within, stop_within } = *spec;
        let kind = Kind::Child(Child { start_within, stop_within, incarnation: None });
        Node::new(name, Some(parent), place, kind, restart, jitter_permille)
    }

    fn new(
        name: &str,
        parent: Option<NodeId>,
        place: u64,
        kind: Kind,
        restart: RestartStrategy,
        jitter_permille: u16,
    ) -> Self {
        Node {
            name: name.to_owned(),
            parent,
            kind,
            restart,
            jitter_permille,
            place,
            state: LifecycleState::Uninitialized,
            attempt: 0,
            running_since: Time::ZERO,
            stop_wanted: false,
            ahead: None,
        }
    }

    pub(super) fn as_supervisor(&self) -> Option<&Supervisor> {
        match &self.kind {
            Kind::Supervisor(supervisor) => Some(supervisor),
            Kind::Child(_) => None,
        }
    }

    pub(super) fn is_supervisor(&self) -> bool {
        self.as_supervisor().is_some()
    }

    pub(super) fn incarnation(&self) -> Option<&Incarnation> {
        match &self.kind {
            Kind::Child(child) => child.incarnation.as_ref(),
            Kind::Supervisor(_) => None,
        }
    }

    pub(super) fn incarnation_mut(&mut self) -> Option<&mut Incarnation> {
        match &mut self.kind {
            Kind::Child(child) => child.incarnation.as_mut(),
            Kind::Supervisor(_) => None,
        }
    }

    /// Whether a restart can still do something for it.
    pub(super) fn restartable(&self) -> bool {
        let live = !matches!(
            self.state,
            LifecycleState::Uninitialized | LifecycleState::Stopping | LifecycleState::Stopped
        );
        live && !self.stop_wanted
    }
}

/// Whether so much time lies between two instants; without a sum, which could leave the range of time.
pub(super) fn has_passed(since: Time, duration: Duration, now: Time) -> bool {
    u128::from(now.as_nanos().saturating_sub(since.as_nanos())) >= duration.as_nanos()
}

impl Supervisor {
    /// Counts one grant, unless that would be one too many (SV-4).
    pub(super) fn grant(&mut self, now: Time) -> bool {
        while self.grants.front().is_some_and(|granted| has_passed(*granted, self.window, now)) {
            self.grants.pop_front();
        }
        let granted = self.grants.len() < self.max_restarts as usize;
        if granted {
            self.grants.push_back(now);
        }
        granted
    }
}
