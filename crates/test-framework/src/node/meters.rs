//! What a node counts, as Prometheus reads it.

use std::fmt;

use alys_sync::{network::Outcome, state::SyncState};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};

use super::report::Position;

/// One label: what came of a request, or a state of sync.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Kind {
    kind: &'static str,
}

/// The counters of a node; clones count together.
#[derive(Clone, Debug, Default)]
pub(super) struct Meters {
    height: Gauge,
    finalised: Gauge,
    checkpoint: Gauge,
    target: Gauge,
    peers: Gauge,
    commits: Counter,
    asked: Counter,
    answers: Family<Kind, Counter>,
    served: Counter,
    blocks_received: Counter,
    blocks_sent: Counter,
    malformed: Counter,
    state: Family<Kind, Gauge>,
}

/// A height as a gauge has it.
fn gauged(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

impl Meters {
    /// So much is durable.
    pub(super) fn durable(&self, position: &Position) {
        self.commits.inc();
        self.height.set(gauged(position.height));
        self.finalised.set(gauged(position.finalised));
        self.checkpoint.set(position.checkpoint.as_ref().map_or(0, |last| gauged(last.height)));
    }

    /// The highest block that a peer has shown.
    pub(super) fn target(&self, height: u64) {
        self.target.set(gauged(height));
    }

    /// A peer has come.
    pub(super) fn connected(&self) {
        self.peers.inc();
    }

    /// A peer has gone.
    pub(super) fn disconnected(&self) {
        self.peers.dec();
    }

    /// A peer was asked.
    pub(super) fn asked(&self) {
        self.asked.inc();
    }

    /// This came of it, with so many blocks.
    pub(super) fn answered(&self, outcome: &Outcome, blocks: u64) {
        let kind = match outcome {
            Outcome::Answered(_) => "answered",
            Outcome::Malformed(_) => "malformed",
            Outcome::Unavailable => "unavailable",
        };
        self.answers.get_or_create(&Kind { kind }).inc();
        self.blocks_received.inc_by(blocks);
    }

    /// A peer was answered, with so many blocks.
    pub(super) fn served(&self, blocks: u64) {
        self.served.inc();
        self.blocks_sent.inc_by(blocks);
    }

    /// Something malformed came that was no answer.
    pub(super) fn malformed(&self) {
        self.malformed.inc();
    }

    /// Sync says another state.
    pub(super) fn state(&self, says: SyncState) {
        for state in SyncState::ALL {
            let kind = Kind { kind: word(state) };
            self.state.get_or_create(&kind).set(i64::from(state == says));
        }
    }

    /// All of it under the names by which it is read.
    pub(super) fn registry(&self) -> Registry {
        let mut registry = Registry::with_prefix("alys");
        let gauges = [
            ("height", "Height of the durable tip", &self.height),
            ("finalised_height", "Height of the last durable final block", &self.finalised),
            ("checkpoint_height", "Height of the last checkpoint", &self.checkpoint),
            ("target_height", "Height of the highest block that a peer has shown", &self.target),
            ("peers", "Connected peers", &self.peers),
        ];
        for (name, help, gauge) in gauges {
            registry.register(name, help, gauge.clone());
        }
        let counters = [
            ("commits", "Commits of the store", &self.commits),
            ("requests_sent", "Requests to peers", &self.asked),
            ("requests_served", "Requests of peers that were answered", &self.served),
            ("blocks_received", "Blocks in answers of peers", &self.blocks_received),
            ("blocks_sent", "Blocks in answers to peers", &self.blocks_sent),
            ("malformed", "Malformed requests and messages of peers", &self.malformed),
        ];
        for (name, help, counter) in counters {
            registry.register(name, help, counter.clone());
        }
        registry.register("answers", "What came of requests to peers", self.answers.clone());
        registry.register("sync_state", "1 for the state that sync says", self.state.clone());
        registry
    }
}

/// The word for a state.
pub(super) fn word(state: SyncState) -> &'static str {
    match state {
        SyncState::Idle => "idle",
        SyncState::Discovering => "discovering",
        SyncState::Downloading => "downloading",
        SyncState::Processing => "processing",
        SyncState::Synced => "synced",
        SyncState::Recovering => "recovering",
        SyncState::Failed => "failed",
    }
}

/// All that is registered, as text in the format of OpenMetrics.
pub(super) fn text(registry: &Registry) -> Result<String, fmt::Error> {
    let mut text = String::new();
    encode(&mut text, registry)?;
    Ok(text)
}
