//! What a node says of itself, one line for each.

use alys_chain::checkpoint::Checkpoint;
use alys_wire::containers::Hash256;
use serde::{Deserialize, Serialize};

/// A checkpoint, as it is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckpointReport {
    /// Its height.
    pub height: u64,
    /// Its id, which binds all before it (CH-6).
    pub id: String,
}

impl From<Checkpoint> for CheckpointReport {
    fn from(checkpoint: Checkpoint) -> Self {
        Self { height: checkpoint.height, id: Hash256::from(checkpoint.id().0).to_string() }
    }
}

/// How far a chain is durable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Position {
    /// The height of the tip.
    pub height: u64,
    /// The root of the tip.
    pub root: String,
    /// The height of the last final block.
    pub finalised: u64,
    /// The last checkpoint, once there is one.
    pub checkpoint: Option<CheckpointReport>,
}

/// Something that a node has to say.
///
/// # Examples
///
/// ```
/// use alys_test_framework::NodeReport;
///
/// let report = NodeReport::Listening { address: "/ip4/127.0.0.1/tcp/9000".to_owned() };
/// let line = serde_json::to_string(&report)?;
/// assert_eq!(line, r#"{"event":"listening","address":"/ip4/127.0.0.1/tcp/9000"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum NodeReport {
    /// The store is open, and this is what was durable in it.
    Opened(Position),
    /// So much is durable now.
    Durable(Position),
    /// Others reach it here; the address ends in its id.
    Listening {
        /// The address.
        address: String,
    },
    /// Its metrics are served here.
    Metrics {
        /// The address.
        address: String,
    },
    /// The highest block that its peer has shown has this height.
    Target {
        /// The height.
        height: u64,
    },
    /// Its tip is that of the node that it follows.
    Synced(Position),
    /// It was told to stop, and has.
    Stopped {
        /// By which signal.
        signal: String,
    },
}

/// How a node ends that has not failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeEnd {
    /// It is synced, and was not to stay.
    Synced,
    /// It was told to stop.
    Told {
        /// The number of the signal.
        signal: i32,
        /// Whether it had done by then what it is there for: a source serves, a follower is synced.
        done: bool,
    },
}
