//! The laws and suites, against `alys-sync` as it ships.

pub(crate) use alys_sync as alys;

#[path = "target/drawn.rs"]
pub mod drawn;
#[path = "target/laws.rs"]
pub mod laws;
#[path = "target/laws_download.rs"]
pub mod laws_download;
#[path = "target/laws_ends.rs"]
pub mod laws_ends;
#[path = "target/laws_gate.rs"]
pub mod laws_gate;
#[path = "target/laws_network.rs"]
pub mod laws_network;
#[path = "target/laws_nodes.rs"]
pub mod laws_nodes;
#[path = "target/laws_peers.rs"]
pub mod laws_peers;
#[path = "target/laws_proofs.rs"]
pub mod laws_proofs;
#[path = "target/laws_settings.rs"]
pub mod laws_settings;
#[path = "target/laws_trouble.rs"]
pub mod laws_trouble;
#[path = "target/orders.rs"]
pub mod orders;
#[path = "target/plans.rs"]
pub mod plans;
#[path = "target/script.rs"]
pub mod script;
#[path = "target/stage.rs"]
pub mod stage;
#[path = "target/states.rs"]
pub mod states;
#[path = "target/watch.rs"]
pub mod watch;
#[path = "target/watch_says.rs"]
pub mod watch_says;
