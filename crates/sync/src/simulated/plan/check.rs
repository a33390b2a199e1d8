//! Which plans are refused, and why.

use std::fmt::Display;

use thiserror::Error;

use super::{Behaviour, Fault, FaultStep, Group, LinkPlan, PeerPlan, Plan};
use crate::config::SyncConfigError;
use crate::simulated::truth::TruthError;

/// The longest that anything lasts.
const DAY_MS: u64 = 86_400_000;
const HOUR_MS: u64 = 3_600_000;
const LATENCY_MAX_MS: u64 = 600_000;
const PEERS_MAX: u32 = 1000;

/// Why a plan is refused, before anything has started.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PlanError {
    /// A field is unknown, missing, or of another type; or the text is no TOML.
    #[error("plan, line {line} (`{text}`): {words}")]
    Field {
        /// In which line, counted from 1.
        line: usize,
        /// What stands there.
        text: String,
        /// What is wrong, and what is allowed.
        words: String,
    },
    /// A field is out of range.
    #[error("`{field}` is {value}; allowed is {allowed}")]
    OutOfRange {
        /// Which, with the step it is in.
        field: String,
        /// What it is.
        value: String,
        /// What it may be.
        allowed: String,
    },
    /// There is no such truth.
    #[error("`truth`: {0}")]
    Truth(#[from] TruthError),
    /// Sync is not configured like this.
    #[error("`sync`: {0}")]
    Sync(#[from] SyncConfigError),
    /// TOML has no words for it.
    #[error("the plan cannot be written: {words}")]
    Unwritable {
        /// Why.
        words: String,
    },
}

impl PlanError {
    /// Says where in the text an error is.
    pub(super) fn of_toml(error: &toml::de::Error, text: &str) -> Self {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count();
        let text = text.lines().nth(line).unwrap_or_default().trim().to_owned();
        Self::Field { line: line + 1, text, words: error.message().to_owned() }
    }
}

/// Not below the first, not above the second.
fn within<T: PartialOrd + Display>(field: &str, value: T, least: T, most: T) -> Result<(), PlanError> {
    if least <= value && value <= most {
        return Ok(());
    }
    let allowed = format!("{least} to {most}");
    Err(PlanError::OutOfRange { field: field.to_owned(), value: value.to_string(), allowed })
}

impl Plan {
    /// Says whether it can be run.
    ///
    /// # Errors
    ///
    /// The first field that is out of range, with its value and what is allowed.
    pub fn validate(&self) -> Result<(), PlanError> {
        self.truth.validate()?;
        self.sync.check()?;
        within("known", self.known, 0, self.truth.blocks)?;
        within("nodes", self.nodes, 1, 16)?;
        within("relays", self.relays, 0, PEERS_MAX)?;
        within("reconnect_ms", self.reconnect_ms, 1, HOUR_MS)?;
        within("peers (how many)", self.peer_count(), 0, PEERS_MAX)?;
        within("faults (how many)", self.faults.len(), 0, 1000)?;
        self.link.validate("link")?;
        for (at, peers) in self.peers.iter().enumerate() {
            peers.validate(&format!("peers[{at}]"))?;
        }
        let (mut earliest, mut clocks) = (0, vec![0_u64; self.nodes as usize]);
        for (at, FaultStep { at_ms, fault }) in self.faults.iter().enumerate() {
            within(&format!("faults[{at}].at_ms"), *at_ms, earliest, DAY_MS)?;
            earliest = *at_ms;
            let field = format!("faults[{at}].fault");
            self.check_fault(&field, fault)?;
            if let Fault::Clock { node, by_ms } = *fault {
                let moved = &mut clocks[node as usize];
                *moved = moved.saturating_add(by_ms.unsigned_abs());
                within(&format!("{field}.clock.by_ms (in all)"), *moved, 0, DAY_MS)?;
            }
        }
        Ok(())
    }

    fn check_fault(&self, step: &str, fault: &Fault) -> Result<(), PlanError> {
        let peer = |field: &str, peer: u32| self.is_peer(&format!("{step}.{field}"), peer);
        let node = |field: &str, node: u32| within(&format!("{step}.{field}"), node, 0, self.nodes - 1);
        let lasts = |field: &str, ms: u64| within(&format!("{step}.{field}"), ms, 0, DAY_MS);
        match fault {
            Fault::Disconnect { peer: one, for_ms } => {
                peer("disconnect.peer", *one)?;
                lasts("disconnect.for_ms", *for_ms)
            }
            Fault::Leave { peer: one } => peer("leave.peer", *one),
            Fault::Cascade { first, count, every_ms, for_ms } => {
                peer("cascade.first", *first)?;
                within(&format!("{step}.cascade.count"), *count, 1, self.peer_count() - first)?;
                within(&format!("{step}.cascade.every_ms"), *every_ms, 0, HOUR_MS)?;
                lasts("cascade.for_ms", *for_ms)
            }
            Fault::Partition { groups, for_ms } => {
                for (at, Group { nodes, peers }) in groups.iter().enumerate() {
                    let of_group = |kind: &str| format!("partition.groups[{at}].{kind}");
                    nodes.iter().try_for_each(|one| node(&of_group("nodes"), *one))?;
                    peers.iter().try_for_each(|one| peer(&of_group("peers"), *one))?;
                }
                lasts("partition.for_ms", *for_ms)
            }
            Fault::Weather { link, for_ms } => {
                link.validate(&format!("{step}.weather.link"))?;
                lasts("weather.for_ms", *for_ms)
            }
            Fault::Stall { peer: one, for_ms } => {
                peer("stall.peer", *one)?;
                lasts("stall.for_ms", *for_ms)
            }
            Fault::Turn { peer: one, behaviour } => {
                peer("turn.peer", *one)?;
                behaviour.validate(&format!("{step}.turn.behaviour"))
            }
            Fault::Crash { node: one, for_ms } => {
                node("crash.node", *one)?;
                lasts("crash.for_ms", *for_ms)
            }
            Fault::Medium { node: one, for_ms, .. } => {
                node("medium.node", *one)?;
                lasts("medium.for_ms", *for_ms)
            }
            Fault::Clock { node: one, .. } => node("clock.node", *one),
        }
    }

    /// One of the peers, if there are any.
    fn is_peer(&self, field: &str, peer: u32) -> Result<(), PlanError> {
        match self.peer_count().checked_sub(1) {
            Some(last) => within(field, peer, 0, last),
            None => Err(PlanError::OutOfRange {
                field: field.to_owned(),
                value: peer.to_string(),
                allowed: "none: there are no peers".to_owned(),
            }),
        }
    }
}

impl PeerPlan {
    fn validate(&self, field: &str) -> Result<(), PlanError> {
        within(&format!("{field}.count"), self.count, 1, PEERS_MAX)?;
        within(&format!("{field}.joins_ms"), self.joins_ms, 0, DAY_MS)?;
        within(&format!("{field}.lag_ms"), self.lag_ms, 0, HOUR_MS)?;
        self.behaviour.validate(&format!("{field}.behaviour"))
    }
}

impl Behaviour {
    fn validate(&self, field: &str) -> Result<(), PlanError> {
        let named = |name: &str| format!("{field}.{name}");
        match *self {
            Self::Slow { by_ms } => within(&named("slow.by_ms"), by_ms, 0, LATENCY_MAX_MS),
            Self::Short { blocks } => within(&named("short.blocks"), blocks, 1, u64::MAX),
            Self::InvalidCertificate { every } => {
                within(&named("invalid_certificate.every"), every, 1, u64::MAX)
            }
            Self::Flaps { every_ms } => within(&named("flaps.every_ms"), every_ms, 1, HOUR_MS),
            Self::Pesters { every_ms } => within(&named("pesters.every_ms"), every_ms, 1, HOUR_MS),
            _ => Ok(()),
        }
    }
}

impl LinkPlan {
    fn validate(&self, field: &str) -> Result<(), PlanError> {
        let named = |name: &str| format!("{field}.{name}");
        within(&named("latency_max_ms"), self.latency_max_ms, 0, LATENCY_MAX_MS)?;
        within(&named("latency_min_ms"), self.latency_min_ms, 0, self.latency_max_ms)?;
        for (name, permille) in [
            ("loss_permille", self.loss_permille),
            ("duplicate_permille", self.duplicate_permille),
            ("reorder_permille", self.reorder_permille),
            ("corrupt_permille", self.corrupt_permille),
        ] {
            within(&named(name), permille, 0, 1000)?;
        }
        within(&named("chunks_max"), self.chunks_max, 1, 64)
    }
}
