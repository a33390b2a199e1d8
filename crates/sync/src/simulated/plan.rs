//! The plan of a simulation: who takes part, what the network does, and what goes wrong, as a value.

mod behaviour;
mod check;
mod fault;

use serde::{Deserialize, Serialize};

pub use behaviour::Behaviour;
pub use check::PlanError;
pub use fault::{Fault, FaultStep, Group};

use super::truth::TruthPlan;
use crate::config::Settings;

/// Everything that a simulation is a function of (NW-5).
///
/// Every field that a file leaves out has the value of [`Plan::default`], but for peers and faults: a file without them has none.
///
/// ```
/// use alys_sync::simulated::{Behaviour, Plan};
///
/// let plan = Plan::from_toml(
///     "known = 30
///      [[peers]]
///      count = 2
///      [[peers]]
///      behaviour = \"never_answers\"
///      [[faults]]
///      at_ms = 500
///      fault.disconnect = { peer = 0, for_ms = 2000 }",
/// )?;
/// assert_eq!(plan.peers[1].behaviour, Behaviour::NeverAnswers);
/// assert_eq!(Plan::from_toml(&plan.to_toml()?)?, plan);
/// # Ok::<(), alys_sync::simulated::PlanError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Where all randomness of the network and of liars starts.
    #[serde(default = "seed")]
    pub seed: u64,
    /// How many canonical blocks there are when the simulation begins: up to `truth.blocks`; the others come with time.
    #[serde(default = "known")]
    pub known: u64,
    /// How many nodes sync: 1 to 16.
    #[serde(default = "nodes")]
    pub nodes: u32,
    /// How many honest peers publish what the authorities send: 0 for no gossip.
    #[serde(default)]
    pub relays: u32,
    /// How long a peer waits before it connects again after the connection was lost: 1 to 3,600,000.
    #[serde(default = "reconnect_ms")]
    pub reconnect_ms: u64,
    /// From when on nothing fails any more, but for peers that lie: links are whole, everybody is there and answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet_from_ms: Option<u64>,
    /// The honest chain.
    #[serde(default)]
    pub truth: TruthPlan,
    /// How sync is configured in every node.
    #[serde(default)]
    pub sync: Settings,
    /// What links do to messages.
    #[serde(default)]
    pub link: LinkPlan,
    /// Who answers; up to 1000 in all.
    #[serde(default)]
    pub peers: Vec<PeerPlan>,
    /// What goes wrong, in this order: up to 1000.
    #[serde(default)]
    pub faults: Vec<FaultStep>,
}

fn seed() -> u64 {
    2026
}

fn known() -> u64 {
    40
}

fn nodes() -> u32 {
    1
}

fn reconnect_ms() -> u64 {
    2000
}

impl Default for Plan {
    /// One node, four honest peers, a chain of 40 blocks that does not grow, and nothing that goes wrong.
    fn default() -> Self {
        Self {
            seed: seed(),
            known: known(),
            nodes: nodes(),
            relays: 0,
            reconnect_ms: reconnect_ms(),
            quiet_from_ms: None,
            truth: TruthPlan::default(),
            sync: Settings::default(),
            link: LinkPlan::default(),
            peers: vec![PeerPlan { count: 4, ..PeerPlan::default() }],
            faults: Vec::new(),
        }
    }
}

/// Some peers that are alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PeerPlan {
    /// How many: 1 to 1000.
    pub count: u32,
    /// What they do.
    pub behaviour: Behaviour,
    /// When they connect first: 0 to 86,400,000 after the beginning.
    pub joins_ms: u64,
    /// By how much later than everybody else they learn of a block: 0 to 3,600,000.
    pub lag_ms: u64,
}

impl Default for PeerPlan {
    fn default() -> Self {
        Self { count: 1, behaviour: Behaviour::Honest, joins_ms: 0, lag_ms: 0 }
    }
}

/// What a link does to messages. A message is a request, the stream of its responses, or something published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LinkPlan {
    /// The shortest time that a message takes: 0 to `latency_max_ms`.
    pub latency_min_ms: u64,
    /// The longest: 0 to 600,000. Every time between the two is as likely.
    pub latency_max_ms: u64,
    /// How many of 1,000 messages never arrive: 0 to 1000.
    pub loss_permille: u16,
    /// How many of 1,000 messages arrive twice: 0 to 1000.
    pub duplicate_permille: u16,
    /// How many of 1,000 messages are held back by up to ten times `latency_max_ms`, so that later ones overtake them: 0 to
    /// 1000.
    pub reorder_permille: u16,
    /// In how many of 1,000 messages some bytes of the frames are others: 0 to 1000.
    pub corrupt_permille: u16,
    /// Into how many chunks a stream falls at most: 1 to 64. Each of them takes its own time, in their order.
    pub chunks_max: u8,
    /// How many bytes of responses a peer sends in a millisecond: 0 for as many as there are.
    pub bytes_per_ms: u64,
}

impl Default for LinkPlan {
    /// 20 to 60 ms, and nothing goes wrong.
    fn default() -> Self {
        Self {
            latency_min_ms: 20,
            latency_max_ms: 60,
            loss_permille: 0,
            duplicate_permille: 0,
            reorder_permille: 0,
            corrupt_permille: 0,
            chunks_max: 3,
            bytes_per_ms: 0,
        }
    }
}

impl LinkPlan {
    /// The same link, when nothing goes wrong.
    #[must_use]
    pub fn quiet(&self) -> Self {
        Self {
            loss_permille: 0,
            duplicate_permille: 0,
            reorder_permille: 0,
            corrupt_permille: 0,
            ..self.clone()
        }
    }
}

impl Plan {
    /// Reads a plan from TOML, and validates it.
    ///
    /// # Errors
    ///
    /// [`PlanError`]: each names the field, the value and what is allowed.
    pub fn from_toml(text: &str) -> Result<Self, PlanError> {
        let plan: Self = toml::from_str(text).map_err(|error| PlanError::of_toml(&error, text))?;
        plan.validate()?;
        Ok(plan)
    }

    /// Writes the plan as TOML, from which [`from_toml`](Self::from_toml) makes the same plan.
    ///
    /// # Errors
    ///
    /// [`PlanError::Unwritable`] for a number that TOML has no words for: one above `i64::MAX`.
    pub fn to_toml(&self) -> Result<String, PlanError> {
        toml::to_string(self).map_err(|error| PlanError::Unwritable { words: error.to_string() })
    }

    /// How many peers there are in all.
    #[must_use]
    pub fn peer_count(&self) -> u32 {
        self.peers.iter().fold(0, |sum, peers| sum.saturating_add(peers.count))
    }

    /// Every peer by itself, in order.
    pub fn each_peer(&self) -> impl Iterator<Item = &PeerPlan> {
        self.peers.iter().flat_map(|peers| std::iter::repeat_n(peers, peers.count as usize))
    }
}
