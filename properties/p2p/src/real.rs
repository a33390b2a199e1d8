//! The laws, against `alys-p2p` as it ships.

pub(crate) use alys_p2p as alys;

/// How long is waited for what must come, by the wall: a last resort, on a machine that is busy.
pub const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);

#[path = "target/laws.rs"]
pub mod laws;
#[path = "target/laws_core.rs"]
pub mod laws_core;
#[path = "target/laws_doors.rs"]
pub mod laws_doors;
#[path = "target/laws_gossip.rs"]
pub mod laws_gossip;
#[path = "target/laws_hostile.rs"]
pub mod laws_hostile;
#[path = "target/laws_limits.rs"]
pub mod laws_limits;
#[path = "target/laws_peers.rs"]
pub mod laws_peers;
#[path = "target/laws_requests.rs"]
pub mod laws_requests;
#[path = "target/laws_settings.rs"]
pub mod laws_settings;
#[path = "target/nodes.rs"]
pub mod nodes;
#[path = "target/raw.rs"]
pub mod raw;
#[path = "target/rig.rs"]
pub mod rig;
#[path = "target/script.rs"]
pub mod script;
